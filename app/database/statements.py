"""Statements that SQLAlchemy compiles once and asyncpg executes (ADR 6)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

DIALECT = dialect(dbapi=dialect.import_dbapi())  # type: ignore[no-untyped-call]
_UNKNOWN_OID = 0

_Processor: TypeAlias = Callable[[Any], Any]

Row: TypeAlias = Mapping[str, Any]
"""A row of a result, by column name."""


class Statement:
    """A Core statement, compiled once when it is created: at import, not in a request.

    Its parameters, for example `bindparam("author_id")`, are passed as keyword arguments when it is
    executed. Values are converted by SQLAlchemy's types in both directions, so every type works
    that SQLAlchemy and asyncpg support.
    """

    def __init__(self, statement: Executable) -> None:
        """Compile the statement. Raises `TypeError` if each execution would compile it again."""
        # all statements have `compile`
        compiled: SQLCompiler = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
        required = {
            name: None for name in compiled.positiontup or [] if compiled.binds[name].required
        }
        _reject_lists(compiled)
        state = compiled.construct_expanded_state(required)
        self.sql = state.statement
        self._names = list(state.positiontup or [])
        self._fixed = {
            name: value for name, value in state.parameters.items() if name not in required
        }
        self._defaults = _defaults(compiled)
        processors = {**_bind_processors(compiled), **cast(dict[str, _Processor], state.processors)}
        self._to_driver = {name: processors[name] for name in self._names if name in processors}
        self._columns = [(each.keyname, each.type) for each in compiled._result_columns]
        self._from_driver: list[tuple[str, _Processor]] = []
        self.is_described = True
        try:
            self.describe([_UNKNOWN_OID] * len(self._columns))
        except InvalidRequestError:
            # the conversion depends on the type the server sends: Numeric, Float
            self.is_described = False

    def arguments(self, parameters: Mapping[str, object]) -> list[object]:
        """Return the values of `$1`, `$2`, … Raises `KeyError` if a parameter is missing."""
        values = {**self._fixed, **parameters}
        for name, default in self._defaults.items():
            if name not in parameters:
                values[name] = default()
        for name, process in self._to_driver.items():
            values[name] = process(values[name])
        return [values[name] for name in self._names]

    def driver_values(self, parameters: Mapping[str, object]) -> dict[str, object]:
        """Return these parameters as values of the driver."""
        process = self._to_driver
        return {
            name: process[name](value) if name in process else value
            for name, value in parameters.items()
        }

    def describe(self, oids: list[int]) -> None:
        """Choose the conversions from the column types of the server, unless `is_described`."""
        columns = zip(self._columns, oids, strict=True)
        processors = [(name, _result_processor(type_, oid)) for (name, type_), oid in columns]
        self._from_driver = [(name, process) for name, process in processors if process]
        self.is_described = True

    def row(self, record: Row) -> Row:
        """Return a record of the driver as a row. Without conversions this is the record itself."""
        if not self._from_driver:
            return record
        values = dict(record)
        for name, process in self._from_driver:
            values[name] = process(values[name])
        return values

    def rows(self, records: list[Row]) -> list[Row]:
        """Return all records as rows."""
        return [self.row(record) for record in records] if self._from_driver else records


def parameters(*names: str) -> dict[str, BindParameter[Any]]:
    """Return a bind parameter for each column name, for the values of an INSERT or UPDATE."""
    return {name: bindparam(name) for name in names}


def _reject_lists(compiled: SQLCompiler) -> None:
    for bind in compiled.post_compile_params:
        if bind.required:
            raise TypeError(
                f"{bind.key}: IN has one parameter per value, so it cannot be compiled once. "
                f'Write `column == any_(bindparam("{bind.key}", type_=ARRAY(column.type)))` and '
                "pass a list."
            )


def _defaults(compiled: SQLCompiler) -> dict[str, Callable[[], object]]:
    """Return functions for the values of columns with a Python-side default or `onupdate`."""
    inserted = [(column, column.default) for column in compiled.insert_prefetch]
    updated = [(column, column.onupdate) for column in compiled.update_prefetch]
    return {column.key: _default(default) for column, default in [*inserted, *updated]}


def _default(default: Any) -> Callable[[], object]:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _bind_processors(compiled: SQLCompiler) -> dict[str, _Processor]:
    """Return the conversions from SQLAlchemy's types to the driver's, by parameter name."""
    types = {
        name: compiled.binds[name].type.dialect_impl(DIALECT) for name in compiled.positiontup or []
    }
    processors = {name: type_.bind_processor(DIALECT) for name, type_ in types.items()}
    return {name: process for name, process in processors.items() if process}


def _result_processor(type_: TypeEngine[Any], oid: int) -> _Processor | None:
    return type_.dialect_impl(DIALECT).result_processor(DIALECT, oid)
