"""Where the contract, the models and the database disagree about the same column."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine

from specfirst.conformance.limits import (
    Limits,
    checks,
    collation,
    declared,
    documented,
    is_collated,
    is_understood,
    stored,
    told,
)
from specfirst.contract.model import Contract, Operation, RequestBody, Response, Schema

_SAME = "make all three the same; a column changes by a migration"

_KEYWORDS = {
    "kind": "type",
    "nullable": "type",
    "shortest": "minLength",
    "longest": "maxLength",
    "smallest": "minimum",
    "above": "exclusiveMinimum",
    "largest": "maximum",
    "below": "exclusiveMaximum",
    "step": "multipleOf",
    "values": "enum",
    "fewest": "minItems",
    "most": "maxItems",
    "items": "items",
}

# --- The contract ---------------------------------------------------------------------------------


Property = tuple[str, Schema]
"""The name of a column, and the schema of a property or a parameter of that name."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Where the contract describes a table: `/things` and `/things/{thing_id}` for `things`."""

    table: str
    key: str
    methods: Mapping[str, Operation]
    """The operations, by method and what they address: `post list`, `get one`."""
    stored: Schema
    created: Schema
    updated: Schema
    parameters: list[Property]
    sort: Schema


def resources(contract: Contract) -> Iterator[Resource]:
    """Yield each resource of the contract."""
    for path in dict.fromkeys(operation.path for operation in contract.operations):
        if found := re.fullmatch(r"/([\w-]+)/\{(\w+)\}", path):
            yield _resource(contract, found[1], path, found[2])


def _resource(contract: Contract, name: str, path: str, key: str) -> Resource:
    kinds = {f"/{name}": "list", path: "one"}
    methods = {
        f"{each.method} {kinds[each.path]}": each
        for each in contract.operations
        if each.path in kinds
    }
    parameters = {
        each.pointer: each for operation in methods.values() for each in operation.parameters
    }.values()
    schemas = [(each, each.schema.target) for each in parameters if each.schema]
    sort = next((schema for each, schema in schemas if each.identity == ("query", "sort")), None)
    get, post, patch = (methods.get(method) for method in ("get one", "post list", "patch one"))
    return Resource(
        table=name.replace("-", "_"),
        key=key,
        methods=methods,
        stored=_body(contract, get.responses.get("200") if get else None),
        created=_body(contract, post.request_body if post else None),
        updated=_body(contract, patch.request_body if patch else None),
        parameters=[
            ("id" if each.location == "path" else each.name, schema) for each, schema in schemas
        ],
        sort=sort or _empty(contract, ""),
    )


def _body(contract: Contract, holder: Response | RequestBody | None) -> Schema:
    """Return the schema of a body; an empty one where there is none."""
    for media in holder.content.values() if holder else ():
        return media.schema.target if media.schema else _empty(contract, media.pointer)
    return _empty(contract, holder.pointer if holder else "")


def _empty(contract: Contract, pointer: str) -> Schema:
    return Schema(contract=contract, places=(pointer,), raw={})


def _properties(schema: Schema) -> list[Property]:
    """Return the properties of a schema, with what their schemas refer to."""
    return [(name, each.target) for name, each in schema.properties.items()]


# --- Models and database: both are SQLAlchemy's MetaData ------------------------------------------


async def reflected(url: str, *changes: str) -> MetaData:
    """Return the catalogue of a database after these statements, which are rolled back."""
    metadata = MetaData()
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            for change in changes:
                await connection.exec_driver_sql(change)
            await connection.run_sync(
                metadata.reflect, only=lambda name, _: name != "alembic_version"
            )
            await connection.rollback()
    finally:
        await engine.dispose()
    return metadata


def _is_given(column: Column[Any]) -> bool:
    """Tell whether the database gives the value where nobody does."""
    return column.server_default is not None or column.identity is not None


def _unique(table: Table) -> set[frozenset[str]]:
    kinds = (PrimaryKeyConstraint, UniqueConstraint)
    constraints = {
        frozenset(each.columns.keys()) for each in table.constraints if isinstance(each, kinds)
    }
    return (
        constraints | {frozenset(each.columns.keys()) for each in table.indexes if each.unique}
    ) - {frozenset()}


def _has_each_value_once(table: Table, name: str) -> bool:
    """Tell whether an equality on this column alone finds one row at most, along an index."""
    kinds = (PrimaryKeyConstraint, UniqueConstraint)
    constraints = [
        tuple(each.columns.keys()) for each in table.constraints if isinstance(each, kinds)
    ]
    return (name,) in [*constraints, *(_index(each) for each in table.indexes if each.unique)]


def _indexes(table: Table) -> set[tuple[str, ...]]:
    return {_index(each) for each in table.indexes}


def _index(index: Index) -> tuple[str, ...]:
    """Return what an index orders by; what makes it no plain index of all rows is in brackets."""
    options = index.dialect_options["postgresql"]
    kind = [f"({options['using']})"] if options["using"] not in (False, "btree") else []
    part = ["(partial)"] if options["where"] is not None else []
    return tuple([*map(_ordered, index.expressions), *kind, *part])


def _ordered(expression: Any) -> str:
    """Write a column of an index without the defaults: ascending, and null as the greatest."""
    text = str(expression.compile(dialect=postgresql.dialect())).rpartition(".")[2].replace('"', "")  # type: ignore[no-untyped-call]
    return re.sub(r"( ASC)?( NULLS LAST)?$|(?<= DESC) NULLS FIRST$", "", text)


def _targets(column: Column[Any]) -> list[str]:
    return sorted(
        f"{each.target_fullname} on delete {(each.ondelete or 'no action').lower()}"
        for each in column.foreign_keys
    )


# --- The differences ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Side:
    name: str
    tables: dict[str, Table]


def differences(
    contract: Contract, models: MetaData, database: MetaData, *, apart: Collection[str] = ()
) -> list[str]:
    """Return where the three disagree: column, JSON Pointer, what each says, how to fix it.

    `apart` names what the contract and the tables do not share, as `table.name`: columns that
    clients never see, and properties without a column. A name that is not needed is reported too.
    """
    sides = [
        _Side(name="the models", tables=dict(models.tables)),
        _Side(name="the database", tables=dict(database.tables)),
    ]
    every = {resource.table: resource for resource in resources(contract)}
    found = [
        line
        for side in sides
        for name in every.keys() & side.tables
        for line in _unread(side.tables[name])
    ]
    for resource in every.values():
        if lacking := [side.name for side in sides if resource.table not in side.tables]:
            found.append(
                f"{resource.table} {resource.stored.pointer}: {' and '.join(lacking)} have no such "
                f"table; {_SAME}"
            )
        else:
            found += _of_resource(every, resource, sides, apart)
    names = sorted(set(models.tables) | set(database.tables))
    return found + [line for name in names for line in _of_table(every.get(name), name, sides)]


def _unread(table: Table) -> Iterator[str]:
    for check in checks(table):
        if not is_understood(check):
            yield (
                f"{table.name} {check.name}: cannot see what it limits: {check.sqltext}; teach "
                "limits.py to"
            )


def _of_resource(
    every: dict[str, Resource], resource: Resource, sides: list[_Side], apart: Collection[str]
) -> Iterator[str]:
    """Yield the differences of a resource that are not apart, and what is apart without one."""
    unneeded = [name for name in apart if name.partition(".")[0] == resource.table]
    for line in _between(every, resource, sides):
        name = line.partition(" ")[0]
        if name not in apart:
            yield line
        elif name in unneeded:
            unneeded.remove(name)
    yield from (f"{name}: it is apart, but nothing differs; take it out" for name in unneeded)


def _between(every: dict[str, Resource], resource: Resource, sides: list[_Side]) -> Iterator[str]:
    tables = [(side.name, side.tables[resource.table]) for side in sides]
    yield from _limits(resource, tables)
    for side, table in tables:
        yield from _references(every, resource, side, table)
        yield from _givers(resource, side, table)
        yield from _conflicts(resource, side, table)
        yield from _orders(resource, side, table)


def _limits(resource: Resource, tables: list[tuple[str, Table]]) -> Iterator[str]:
    """Compare each property and parameter with the column of its name."""
    bodies = [
        each
        for schema in (resource.stored, resource.created, resource.updated)
        for each in _properties(schema)
    ]
    for name, schema in (*resource.parameters, *bodies):
        columns = {side: table.c[name] for side, table in tables if name in table.c}
        is_property = (name, schema) not in resource.parameters
        if len(columns) == len(tables):
            limits = {side: stored(column) for side, column in columns.items()}
            yield from _unlike(
                f"{resource.table}.{name}", schema, limits, is_nullable=is_property
            )  # no null in a URL
        elif is_property and (
            columns or not (schema.raw.get("readOnly") or _is_related(schema, tables))
        ):
            lacking = " and ".join(side for side, _ in tables if side not in columns)
            yield (
                f"{resource.table}.{name} {schema.pointer}: {lacking} have no such column; {_SAME}"
            )


def _is_related(schema: Schema, tables: list[tuple[str, Table]]) -> bool:
    """Tell whether an array may be rows of another table that refer to this one."""
    return "array" in schema.types and all(
        any(
            key.column.table is table
            for other in table.metadata.tables.values()
            for key in other.foreign_keys
            if other is not table
        )
        for _, table in tables
    )


def _unlike(
    column: str, schema: Schema, limits: dict[str, Limits], *, is_nullable: bool
) -> Iterator[str]:
    said = documented(schema)
    items = {side: each.items for side, each in limits.items() if each.items is not None}
    for field in fields(Limits):
        if (field.name == "nullable" and not is_nullable) or (
            field.name == "items" and said.items and items
        ):
            continue
        values = {"the contract": getattr(said, field.name)}
        values |= {side: getattr(_as_in(said, each), field.name) for side, each in limits.items()}
        if len(set(values.values())) > 1:
            yield (
                f"{column} {schema.pointer}/{_keyword(field.name, schema.raw)}: {_told(values)}; "
                f"{_SAME}"
            )
    if (
        said.kind == "string"
        and said.values is None
        and re.search(schema.raw.get("pattern", ""), "a\0")
    ):
        yield (
            f"{column} {schema.pointer}/pattern: U+0000 is let in, which PostgreSQL cannot hold; "
            "exclude it"
        )
    if schema.items and items:
        yield from _unlike(column, schema.items.target, items, is_nullable=False)


def _as_in(said: Limits, column: Limits) -> Limits:
    """Return the limits of a column; inside JSON those of the contract, as no column has them."""
    takes = _INSIDE_JSON if column.kind == "json" else {column.kind.removeprefix("json ")}
    if not column.kind.startswith("json") or said.kind not in takes:
        return column
    return replace(column, kind=said.kind, items=said.items, fewest=said.fewest, most=said.most)


_INSIDE_JSON = {"object", "array", "array or object", "anything"}


def _keyword(name: str, schema: Mapping[str, Any]) -> str:
    if name == "kind" and "format" in schema:
        return "format"
    if name == "values" and "const" in schema:
        return "const"
    if name in ("smallest", "largest", "step") and schema.get("format") == "decimal":
        return "pattern"
    return _KEYWORDS[name]


def _told(values: dict[str, object]) -> str:
    return ", ".join(f"{side}: {told(value)}" for side, value in values.items())


def _references(
    every: dict[str, Resource], resource: Resource, side: str, table: Table
) -> Iterator[str]:
    """Only properties called like the key of a resource refer to its rows."""
    keys = {each.key: each for each in every.values()}
    for name, schema in _properties(resource.stored):
        if name not in table.c:
            continue
        targets = {each.target_fullname for each in table.c[name].foreign_keys}
        named = {f"{keys[name].table}.id"} if name in keys else set()
        if targets != named:
            yield (
                f"{table.name}.{name} {schema.pointer}: by its name it refers to "
                f"{sorted(named) or 'nothing'}, "
                f"in {side} to {sorted(targets) or 'nothing'}; add or remove the foreign key, or "
                "rename the property"
            )


def _givers(resource: Resource, side: str, table: Table) -> Iterator[str]:
    """Each value comes from the client, who has to give it where nobody else can, or the server."""
    created, updated = resource.created.properties, resource.updated.properties
    for name, schema in _properties(resource.stored):
        if name not in table.c:
            continue
        column, place = table.c[name], f"{table.name}.{name} {schema.pointer}"
        is_read_only, is_given = schema.raw.get("readOnly"), name in created or name in updated
        if is_read_only and not (_is_given(column) or column.nullable):
            yield (
                f"{place}/readOnly: {side} have no default for it, and no client may give it; add "
                "one, or let clients"
            )
        if column.identity is not None and column.identity.always and not is_read_only:
            yield f"{place}: {side} always give it themselves; say readOnly: true"
        if not is_read_only and not is_given:
            yield (
                f"{place}: no client can give it; say readOnly: true, or add it to "
                f"{resource.created.pointer}"
            )
        if is_read_only and is_given:
            yield (
                f"{place}/readOnly: clients can give it; take readOnly away, or the property out "
                "of their bodies"
            )
    defaults = {name for name, schema in _properties(resource.created) if "default" in schema.raw}
    for column in table.columns if resource.created.raw else ():
        has_to = not column.nullable and not _is_given(column) and column.name not in defaults
        if has_to != (column.name in resource.created.required):
            must = "has" if has_to else "does not have"
            place = f"{table.name}.{column.name} {resource.created.pointer}/required"
            yield f"{place}: by {side} a client {must} to give it; {_SAME}"


def _conflicts(resource: Resource, side: str, table: Table) -> Iterator[str]:
    """An id is one row's; what else is unique, or is referred to, can conflict, which is a 409."""
    unique = _unique(table)
    if frozenset({"id"}) not in unique:
        place = f"{table.name}.id {resource.stored.pointer}/properties/id"
        yield f"{place}: it is not unique in {side}; make it the primary key"
    for method, schema in (("post list", resource.created), ("patch one", resource.updated)):
        for names in sorted(map(sorted, unique)):
            if schema.properties.keys() & set(names):
                yield from _without_409(
                    resource, method, f"{table.name}.{','.join(names)}", f"is unique in {side}"
                )
    for other in table.metadata.tables.values():
        for column in other.columns:
            for key in column.foreign_keys:
                if key.column.table is table and (key.ondelete or "NO ACTION").upper() in (
                    "NO ACTION",
                    "RESTRICT",
                ):
                    why = f"refers to {table.name} in {side}, so a row may not be deleted"
                    yield from _without_409(
                        resource, "delete one", f"{other.name}.{column.name}", why
                    )


def _without_409(resource: Resource, method: str, column: str, why: str) -> Iterator[str]:
    operation = resource.methods.get(method)
    if operation and "409" not in operation.responses:
        yield (
            f"{column} {operation.pointer}/responses: it {why}, which the contract does not tell; "
            "document 409"
        )


def _orders(resource: Resource, side: str, table: Table) -> Iterator[str]:
    """Each order has an index, also behind each filter, and each such index an order.

    What is unique is an index by itself, and a filter on it leaves one row at most: nothing to
    order.
    """
    orders = {value.removeprefix("-") for value in resource.sort.raw.get("enum", [])}
    pointer = f"{resource.sort.pointer}/enum"
    indexes = _indexes(table)
    filters = [
        name
        for name, _ in resource.parameters
        if name in table.c and not _has_each_value_once(table, name)
    ]
    for name in sorted(orders):
        place = f"{table.name}.{name} {pointer}"
        if name not in table.c or name not in resource.stored.properties:
            yield f"{place}: an order by what {side} or the stored schema do not have; take it out"
            continue
        for columns in [(name, "id"), *((each, name, "id") for each in filters)]:
            if columns not in indexes:
                yield (
                    f"{place}: {side} have no index on {', '.join(columns)}; add it, or drop the "
                    "order"
                )
        if is_collated(table.c[name]) and collation(table.c[name]) != "C":
            yield f"{place}: {side} do not order it by code point; give it the collation C"
    for name in sorted(
        {columns[-2] for columns in indexes if len(columns) > 1 and columns[-1] == "id"} - orders
    ):
        place = f"{table.name}.{name} {pointer}"
        yield (
            f"{place}: {side} have an index for an order that is not in it; add it, or drop the "
            "index"
        )


def _of_table(resource: Resource | None, name: str, sides: list[_Side]) -> Iterator[str]:
    """Compare models and database in all that the contract does not describe."""
    pointer = f"{resource.stored.pointer}/properties" if resource else "(not in the contract)"
    tables = [side.tables.get(name) for side in sides]
    models, database = tables
    if models is None or database is None:
        lacking = "models" if models is None else "database"
        if resource is None:
            yield f"{name} {pointer}: the {lacking} have no such table; write a migration"
        return
    for column in sorted({*models.c.keys(), *database.c.keys()}):
        yield from _column(
            f"{name}.{column} {pointer}/{column}", models.c.get(column), database.c.get(column)
        )
    yield from _sets(name, pointer, "unique", _unique(models), _unique(database))
    yield from _sets(name, pointer, "an index", _indexes(models), _indexes(database))


def _column(place: str, model: Column[Any] | None, column: Column[Any] | None) -> Iterator[str]:
    if model is None or column is None:
        yield f"{place}: only the {'database' if model is None else 'models'} have it; {_SAME}"
        return
    facts, others = _facts(model), _facts(column)
    for what, fact in facts.items():
        if fact != others[what]:
            yield (
                f"{place}: {what}: {_told({'the models': fact, 'the database': others[what]})}; "
                f"{_SAME}"
            )


def _facts(column: Column[Any]) -> dict[str, object]:
    return {
        "limits": stored(column),
        "type": declared(column),
        "given by the server": _is_given(column),
        "reference": _targets(column),
    }


def _sets(
    table: str,
    pointer: str,
    what: str,
    models: Collection[Collection[str]],
    database: Collection[Collection[str]],
) -> Iterator[str]:
    for names in {*models} ^ {*database}:
        only = "models" if names in models else "database"
        shown = list(names) if isinstance(names, tuple) else sorted(names)
        yield f"{table}.{','.join(shown)} {pointer}/{shown[0]}: {what} only in the {only}; {_SAME}"
