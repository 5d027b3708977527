"""What a place takes: a schema of the contract, or a column of the models or of the database.

Both are described by the keywords of JSON Schema, so that they can be compared. A type that is not
understood here is a kind of its own, which equals no other: it is reported, never passed over.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Column, Enum, Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import TypeDecorator, TypeEngine

from specfirst.contract.model import JSON, Schema

_DIALECT = dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a place takes; None where nothing limits it."""

    kind: str
    nullable: bool
    shortest: int | None = None  # characters; of bytes, those of their base64
    longest: int | None = None
    smallest: Fraction | None = None
    above: Fraction | None = None
    largest: Fraction | None = None
    below: Fraction | None = None
    step: Fraction | None = None
    values: frozenset[str] | None = None
    fewest: int | None = None
    most: int | None = None
    items: "Limits | None" = None

    def __str__(self) -> str:
        given = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name != "kind"
        }
        return ", ".join(
            [
                self.kind,
                *(f"{name} {told(value)}" for name, value in given.items() if value is not None),
            ]
        )


def told(value: object) -> str:
    """Write a limit for people."""
    if isinstance(value, frozenset):
        return str(sorted(value, key=str))
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{float(value):.15g}"
    return f"({value})" if isinstance(value, Limits) else str(value)


def _range(bounds: Iterable[tuple[str, Fraction]], step: Fraction | None) -> dict[str, Any]:
    """Return the tightest of bounds such as (">", 0); for integers that is (">=", 1)."""
    bounds = list(bounds)
    lower = [_stepped(limit, sign == ">", step) for sign, limit in bounds if sign[0] == ">"]
    upper = [
        _stepped(-limit, sign == "<", step) for sign, limit in bounds if sign[0] == "<"
    ]  # mirrored
    low, is_above = max(lower, default=(None, False))
    high, is_below = max(upper, default=(None, False))
    return {
        "smallest": None if is_above else low,
        "above": low if is_above else None,
        "largest": None if is_below or high is None else -high,
        "below": -high if is_below and high is not None else None,
    }


def _stepped(limit: Fraction, is_exclusive: bool, step: Fraction | None) -> tuple[Fraction, bool]:
    if not step:
        return limit, is_exclusive
    return (floor(limit / step) + 1 if is_exclusive else ceil(limit / step)) * step, False


def _in_base64(octets: int) -> int:
    return -(-octets // 3) * 4


# --- The contract ---------------------------------------------------------------------------------

# The formats of each type, and the kind that they are where it is not called after the format. The
# others are compared with nothing that a database has. A time, or a moment, that has no offset is
# "local" (OpenAPI's registry of formats).
_FORMATS: dict[str, dict[str, str]] = {
    "integer": {"int16": "int16", "int32": "int32", "int64": "int64"},
    "number": {"float": "float", "double": "double"},
    "string": {
        **{
            name: name
            for name in (
                "date",
                "date-time",
                "date-time-local",
                "time",
                "time-local",
                "duration",
                "uuid",
            )
        },
        **{"byte": "binary", "binary": "binary", "decimal": "number"},
        **{
            "ipv4": "ipv4",
            "ipv6": "ipv6",
            "ipvanyaddress": "ip address",
            "ipvanynetwork": "ip network",
        },
    },
}
_BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
_STEPS = {"int16": Fraction(1), "int32": Fraction(1), "int64": Fraction(1)}


def documented(node: Schema) -> Limits:
    """Return what a schema takes."""
    schema, kinds = node.raw, set(node.types)
    kind = _documented_kind(schema, " or ".join(sorted(kinds - {"null"})) or "anything")
    given = schema.get("enum", [schema.get("const")])
    values = frozenset(
        each if isinstance(each, str) else repr(each) for each in given if each is not None
    )
    step = _exact(schema["multipleOf"]) if "multipleOf" in schema else None
    bounds = [
        (sign, _exact(schema[keyword])) for keyword, sign in _BOUNDS.items() if keyword in schema
    ]
    if schema.get("format") == "decimal" and kind == "number":
        step, bounds = _digits(schema.get("pattern", ""))
    items = documented(node.items.target) if node.items else None
    found = Limits(
        kind=kind,
        nullable="null" in kinds or (not kinds and None in schema.get("enum", [None])),
        shortest=schema.get(
            "minLength", 0 if kind in ("string", "binary") and not values else None
        ),
        longest=schema.get("maxLength"),
        **_range(bounds, step or _STEPS.get(kind)),
        step=step,
        values=values or None,
        fewest=schema.get("minItems", 0) if kind == "array" else None,
        most=schema.get("maxItems"),
        items=items and replace(items, nullable=False),  # no column can refuse a null in an array
    )
    if kind == "binary" and schema.get("format") == "binary":
        return _of_octets(found)
    return found


def _documented_kind(schema: JSON, kind: str) -> str:
    if "contentEncoding" in schema:
        is_known = (kind, schema["contentEncoding"], schema.get("format")) == (
            "string",
            "base64",
            None,
        )
        return "binary" if is_known else f"{kind} in {schema['contentEncoding']}"
    if "format" not in schema:
        return kind
    return _FORMATS.get(kind, {}).get(schema["format"], f"{kind} as {schema['format']}")


def _exact(number: int | float) -> Fraction:
    return Fraction(repr(number))


def _of_octets(limits: Limits) -> Limits:
    shortest, longest = limits.shortest or 0, limits.longest
    return replace(
        limits,
        shortest=_in_base64(shortest),
        longest=None if longest is None else _in_base64(longest),
    )


_MOST_DIGITS = 1000  # that NUMERIC(precision, scale) can have


@cache
def _digits(pattern: str) -> tuple[Fraction | None, list[tuple[str, Fraction]]]:
    """Return step and bounds of the decimals that a pattern allows, by trying the longest."""
    counts = range(1, _MOST_DIGITS + 2)
    before = max((count for count in counts if re.search(pattern, "9" * count)), default=0)
    after = max((count for count in counts if re.search(pattern, "0." + "9" * count)), default=0)
    if max(before, after) > _MOST_DIGITS or re.search(pattern, "1e9") or re.search(pattern, "x1"):
        return None, []
    step = 1 / Fraction(10) ** after
    largest = Fraction(10) ** before - step
    return step, [(">=", -largest if re.search(pattern, "-1") else Fraction(0)), ("<=", largest)]


# --- Models and database: both are SQLAlchemy's MetaData ------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a check demands of a column, or of a function of it: its `char_length` is >= 1."""

    column: str
    of: str
    sign: str
    limit: Fraction | frozenset[str] | str


_KINDS = {
    "BIGINT": "int64",
    "INTEGER": "int32",
    "SMALLINT": "int16",
    "NUMERIC": "number",
    "DOUBLE PRECISION": "double",
    "REAL": "float",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
    "TEXT": "string",
    "UUID": "uuid",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "date-time",
    "TIMESTAMP WITHOUT TIME ZONE": "date-time-local",
    "TIME WITH TIME ZONE": "time",
    "TIME WITHOUT TIME ZONE": "time-local",
    "INTERVAL": "duration",
    "BYTEA": "binary",
    "JSON": "json",
    "JSONB": "json",
    "INET": "ip address",
    "CIDR": "ip network",
}
_BITS = {"int64": 64, "int32": 32, "int16": 16}


def stored(column: Column[Any]) -> Limits:
    """Return what a column takes, by its type, its checks, its identity and what it refers to."""
    rules = [
        rule
        for check in checks(column.table)
        for rule in parsed(check)
        if rule.column == column.name
    ]
    limits = replace(_of_type(column.type), nullable=bool(column.nullable))
    if limits.kind in _NUMBERS:
        limits = replace(
            limits, **_range(_bounds(column, limits), limits.step or _STEPS.get(limits.kind))
        )
    if limits.kind in ("string", "binary", "array") and limits.values is None:
        limits = _sized(
            limits, [(rule.sign, rule.limit) for rule in rules if isinstance(rule.limit, Fraction)]
        )
    for rule in rules:
        limits = _narrowed(limits, rule)
    return limits


def _sized(limits: Limits, rules: list[tuple[str, Fraction]]) -> Limits:
    """Return the limits with the tightest bounds of a length."""
    least, most = ("fewest", "most") if limits.kind == "array" else ("shortest", "longest")
    own = [
        (">=", Fraction(0)),
        *(("<=", Fraction(each)) for each in [limits.longest] if each is not None),
    ]
    found = _range([*own, *rules], Fraction(1))
    sizes: dict[str, Any] = {least: found["smallest"], most: found["largest"]}
    sizes = {name: None if size is None else int(size) for name, size in sizes.items()}
    sized = replace(limits, **sizes)
    return _of_octets(sized) if limits.kind == "binary" else sized


def _narrowed(limits: Limits, rule: Rule) -> Limits:
    """Return the limits with what a rule demands that is no bound."""
    if rule.of == "all items" and limits.items is not None:
        assert isinstance(rule.limit, frozenset)
        one_of = Limits(kind=limits.items.kind, nullable=False, values=rule.limit)
        return replace(limits, items=one_of)
    if isinstance(rule.limit, frozenset):
        return replace(limits, shortest=None, longest=None, values=rule.limit)
    if rule.of == "family":
        return replace(limits, kind=f"ipv{rule.limit}")
    if rule.of in ("json_typeof", "jsonb_typeof"):
        return replace(limits, kind=f"json {rule.limit}")
    if rule.of == "items" and limits.items is not None:
        return replace(limits, items=replace(limits.items, shortest=1))
    return limits


def _of_type(type_: TypeEngine[Any]) -> Limits:
    """Return what all columns of a type take."""
    plain, name, sizes = _plain(type_), *_declared(type_)
    limits = Limits(kind=_KINDS.get(name, name), nullable=False)
    if isinstance(plain, Enum) and plain.native_enum:
        return replace(limits, kind="string", values=frozenset(plain.enums))
    if isinstance(plain, ARRAY) and (plain.dimensions or 1) == 1:
        return replace(limits, kind="array", fewest=0, items=_of_type(plain.item_type))
    if limits.kind in _BITS:
        largest = Fraction(2 ** (_BITS[limits.kind] - 1) - 1)
        return replace(limits, smallest=-largest - 1, largest=largest)
    if limits.kind == "number" and sizes:
        step = 1 / Fraction(10) ** (sizes[1] if len(sizes) > 1 else 0)
        largest = (10 ** sizes[0] - 1) * step
        return replace(limits, step=step, smallest=-largest, largest=largest)
    if limits.kind in ("string", "binary"):
        return replace(limits, shortest=0, longest=sizes[0] if sizes else None)
    return limits


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type of the driver behind a type, its variants and its decorators."""
    plain = type_.dialect_impl(_DIALECT)
    while isinstance(plain, TypeDecorator):
        plain = plain.load_dialect_impl(_DIALECT).dialect_impl(_DIALECT)
    return plain


def declared(column: Column[Any]) -> str:
    """Return the type as PostgreSQL calls it, with collation and the order of an enum."""
    name, sizes = _declared(column.type)
    plain = _plain(column.type)
    labels = f" {tuple(plain.enums)}" if isinstance(plain, Enum) and plain.native_enum else ""
    return f"{name}{sizes or ''}{labels} {collation(column) or ''}".strip()


def collation(column: Column[Any]) -> str | None:
    """Return the collation of text, also in an array; None where it is the default, or none."""
    plain = _plain(column.type)
    of: str | None = getattr(
        _plain(plain.item_type) if isinstance(plain, ARRAY) else plain, "collation", None
    )
    return of


def is_collated(column: Column[Any]) -> bool:
    """Tell whether a collation decides about the order of the values."""
    return _declared(column.type)[0].removesuffix("[]") in ("VARCHAR", "TEXT")


def _declared(type_: TypeEngine[Any]) -> tuple[str, tuple[int, ...]]:
    """Return the name of a type in SQL and its sizes: NUMERIC and (10, 2)."""
    try:
        text = str(type_.compile(dialect=_DIALECT)).partition(" COLLATE ")[0]
    except CompileError:  # a type of the database that SQLAlchemy does not know
        return repr(type_), ()
    sizes = re.search(r" ?\(([\d, -]+)\)", text)
    name = text.replace(sizes[0], "") if sizes else text
    numbers = tuple(map(int, sizes[1].split(","))) if sizes else ()
    if name in ("FLOAT", "FLOAT[]"):
        is_single = numbers and numbers[0] <= 24
        return name.replace("FLOAT", "REAL" if is_single else "DOUBLE PRECISION"), ()
    return name.replace("DECIMAL", "NUMERIC"), numbers


def _bounds(column: Column[Any], limits: Limits) -> Iterator[tuple[str, Fraction]]:
    """Yield the bounds of a number: an identity starts at 1, a foreign key has its target's."""
    for reference in column.foreign_keys:
        yield from _bounds(reference.column, _of_type(reference.column.type))
    least, most = limits.smallest, limits.largest
    if column.identity is not None and most is not None:
        least = Fraction(1 if column.identity.minvalue is None else column.identity.minvalue)
        most = most if column.identity.maxvalue is None else Fraction(column.identity.maxvalue)
    if least is not None and most is not None:
        yield from ((">=", least), ("<=", most))
    for rule in (rule for check in checks(column.table) for rule in parsed(check)):
        if (rule.column, rule.of) == (column.name, "") and isinstance(rule.limit, Fraction):
            yield rule.sign, rule.limit


def checks(table: Table) -> list[CheckConstraint]:
    """Return the checks of a table."""
    return [each for each in table.constraints if isinstance(each, CheckConstraint)]


def is_understood(check: CheckConstraint) -> bool:
    """Tell whether all parts of a check are known, for columns of these types."""
    rules = parsed(check)
    columns: dict[str, Column[Any]] = {column.name: column for column in check.table.columns}
    return bool(rules) and all(
        rule.column in columns
        and _of_type(columns[rule.column].type).kind in _FUNCTIONS.get(rule.of, ())
        for rule in rules
    )


_TEXT = r"'((?:[^']|'')*)'"
_CAST = (
    r"::(?:double precision|(?:timestamp|time) with(?:out)? time zone|character varying|[\w.\"]+)"
    r"(?:\([\d, ]+\))?(?:\[\])?"
)
_BOUND = re.compile(r"(?:(\w+) )?(\w+) (>=|>|<=|<) '?(-?\d+(?:\.\d+)?)'?")
_DIMENSION = re.compile(
    r"(array_length) (\w+), 1 (<=|<) (\d+)"
)  # the least is no limit: it is null of an empty array
_CHOICE = re.compile(rf"(\w+) (?:IN|=|= ANY ARRAY) ((?:{_TEXT}(?:, | )?)+)")
_TYPE = re.compile(rf"(jsonb_typeof|json_typeof) (\w+) = {_TEXT}")
_FAMILY = re.compile(r"(family) (\w+) = ([46])")
_CHOICES = re.compile(rf"(\w+) <@ ARRAY ((?:{_TEXT}(?:, | )?)+)")
_NOT_EMPTY = re.compile(r"'' <> ALL (\w+)")

_NUMBERS = ("int64", "int32", "int16", "number", "double", "float")
# What a check can ask about, and of which columns.
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "": _NUMBERS,
    "value": ("string",),
    "char_length": ("string",),
    "length": ("string", "binary"),
    "octet_length": ("binary",),
    "cardinality": ("array",),
    "array_length": ("array",),
    "items": ("array",),
    "all items": ("array",),
    "json_typeof": ("json",),
    "jsonb_typeof": ("json",),
    "family": ("ip address",),
}


@cache
def parsed(check: CheckConstraint) -> list[Rule]:
    """Return the rules that a check joins by AND; none where one of them is not understood."""
    rules = [_rule(term) for term in _normal(check).split(" AND ")]
    known = [rule for rule in rules if rule is not None]
    return known if len(known) == len(rules) else []


def _normal(check: CheckConstraint) -> str:
    """Normalize a check of the models or PostgreSQL: no casts, brackets or table name."""
    text = str(check.sqltext.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
    text = text.replace(f"{check.table.name}.", "")
    text = re.sub(rf"({_TEXT})|{_CAST}|[()\[\]\"]", lambda found: found[1] or " ", text)
    text = re.sub(
        r"(\w+) BETWEEN (\S+) AND (\S+)", r"\1 >= \2 AND \1 <= \3", " ".join(text.split())
    )
    return text.replace(" ,", ",")


def _rule(term: str) -> Rule | None:
    if found := _BOUND.fullmatch(term) or _DIMENSION.fullmatch(term):
        return Rule(column=found[2], of=found[1] or "", sign=found[3], limit=Fraction(found[4]))
    if found := _CHOICE.fullmatch(term):
        return Rule(column=found[1], of="value", sign="=", limit=_values(found[2]))
    if found := _CHOICES.fullmatch(term):
        return Rule(column=found[1], of="all items", sign="<@", limit=_values(found[2]))
    if found := _TYPE.fullmatch(term) or _FAMILY.fullmatch(term):
        return Rule(column=found[2], of=found[1], sign="=", limit=found[3])
    if found := _NOT_EMPTY.fullmatch(term):
        return Rule(column=found[1], of="items", sign="<>", limit="")
    return None


def _values(listed: str) -> frozenset[str]:
    """Return the texts of a list in SQL."""
    return frozenset(value.replace("''", "'") for value in re.findall(_TEXT, listed))
