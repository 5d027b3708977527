"""Columns of every type: the contract, the models and the database are compared in all limits."""

import asyncio
import copy
import enum
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import pytest
from sqlalchemy import (
    ARRAY,
    JSON,
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Identity,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.dialects.postgresql import CIDR, ENUM, INET, INTERVAL, JSONB, MACADDR, TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.database.embedded import EmbeddedPostgres
from specfirst.conformance.agreement import differences, reflected
from specfirst.conformance.limits import declared
from specfirst.contract.model import Contract

pytestmark = pytest.mark.slow

JSONObject = dict[str, Any]


class Money(TypeDecorator[int]):
    """Cents, which the database holds as a decimal number."""

    impl = Numeric(8, 2)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: object) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class State(enum.Enum):
    """An enumeration, whose names the database holds."""

    draft = 1
    published = 2


STRING = {"type": "string", "maxLength": 20, "pattern": r"^[^\u0000]*$"}
CREATE_TYPES = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"

# The columns: the type in the models, the declaration in the database, the schema in the contract.
COLUMNS: dict[str, tuple[TypeEngine[Any], str, JSONObject]] = {
    "a_bigint": (
        BigInteger(),
        "bigint",
        {"type": "integer", "format": "int64", "minimum": -(2**63), "maximum": 2**63 - 1},
    ),
    "a_smallint": (
        SmallInteger(),
        "smallint",
        {"type": "integer", "format": "int16", "minimum": -32768, "exclusiveMaximum": 32768},
    ),
    "a_count": (
        Integer(),
        "int CHECK (a_count > 0)",
        {"type": "integer", "format": "int32", "minimum": 1, "maximum": 2**31 - 1},
    ),
    "a_percentage": (
        Integer(),
        "int CHECK (a_percentage BETWEEN -5 AND 100)",
        {"type": "integer", "format": "int32", "exclusiveMinimum": -6, "maximum": 100},
    ),
    "a_boolean": (Boolean(), "boolean", {"type": "boolean"}),
    "a_string": (String(20), "varchar(20)", STRING),
    "a_text": (Text(), "text", {"type": "string", "pattern": STRING["pattern"]}),
    "a_price": (
        Numeric(6, 2),
        "numeric(6, 2)",
        {"type": "number", "multipleOf": 0.01, "minimum": -9999.99, "exclusiveMaximum": 10000},
    ),
    "a_cost": (
        Numeric(20, 4),
        "numeric(20, 4) CHECK (a_cost >= 0)",
        {"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,16}(\.[0-9]{1,4})?$"},
    ),
    "a_number": (Numeric(), "numeric", {"type": "number"}),
    "some_money": (
        Money(),
        "numeric(8, 2)",
        {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]{1,6}(\.[0-9]{1,2})?$"},
    ),
    "a_double": (Double(), "double precision", {"type": "number", "format": "double"}),
    "a_ratio": (
        Float(),
        "float CHECK (a_ratio > 0 AND a_ratio <= 0.5)",
        {"type": "number", "format": "double", "exclusiveMinimum": 0, "maximum": 0.5},
    ),
    "a_real": (REAL(), "real", {"type": "number", "format": "float"}),
    "a_date": (Date(), "date", {"type": "string", "format": "date"}),
    "a_moment": (DateTime(timezone=True), "timestamptz", {"type": "string", "format": "date-time"}),
    "a_local_moment": (DateTime(), "timestamp", {"type": "string", "format": "date-time-local"}),
    "a_time": (Time(timezone=True), "timetz", {"type": "string", "format": "time"}),
    "a_local_time": (Time(), "time", {"type": "string", "format": "time-local"}),
    "a_duration": (Interval(), "interval", {"type": "string", "format": "duration"}),
    "a_uuid": (Uuid(), "uuid", {"type": "string", "format": "uuid"}),
    "some_bytes": (LargeBinary(), "bytea", {"type": "string", "contentEncoding": "base64"}),
    "some_limited_bytes": (
        LargeBinary(),
        "bytea CHECK (octet_length(some_limited_bytes) BETWEEN 1 AND 32)",
        {"type": "string", "format": "byte", "minLength": 4, "maxLength": 44},
    ),
    "some_json": (JSONB(), "jsonb", {"type": "object", "properties": {"a": {"type": "integer"}}}),
    "an_object": (
        JSON().with_variant(JSONB(), "postgresql"),
        "jsonb CHECK (jsonb_typeof(an_object) = 'object')",
        {"type": "object"},
    ),
    "an_old_json": (JSON(), "json", {"type": "array", "items": {"type": "integer"}, "maxItems": 3}),
    "some_integers": (
        ARRAY(Integer),
        "int[]",
        {
            "type": "array",
            "items": {
                "type": "integer",
                "format": "int32",
                "minimum": -(2**31),
                "maximum": 2**31 - 1,
            },
        },
    ),
    "some_tags": (
        ARRAY(String(20)),
        "varchar(20)[] CHECK (cardinality(some_tags) BETWEEN 1 AND 5 AND '' <> ALL (some_tags))",
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
            "items": {"$ref": "#/components/schemas/Tag"},
        },
    ),
    "some_moods": (
        ARRAY(ENUM("sad", "ok", "happy", name="mood")),
        "mood[] CHECK (array_length(some_moods, 1) <= 3)",
        {
            "type": "array",
            "maxItems": 3,
            "items": {"type": "string", "enum": ["sad", "ok", "happy"]},
        },
    ),
    "a_mood": (
        ENUM("sad", "ok", "happy", name="mood"),
        "mood",
        {"type": "string", "enum": ["sad", "ok", "happy"]},
    ),
    "a_state": (
        Enum(State, native_enum=False, create_constraint=True, name="state"),
        "varchar(9) CHECK (a_state IN ('draft', 'published'))",
        {"type": "string", "enum": ["draft", "published"]},
    ),
    "a_constant": (
        String(4),
        "varchar(4) CHECK (a_constant = 'it''s')",
        {"type": "string", "const": "it's"},
    ),
    "an_address": (INET(), "inet", {"type": "string", "format": "ipvanyaddress"}),
    "an_old_address": (
        INET(),
        "inet CHECK (family(an_old_address) = 4)",
        {"type": "string", "format": "ipv4"},
    ),
    "a_network": (CIDR(), "cidr", {"type": "string", "format": "ipvanynetwork"}),
}
# The checks of the models, written as people write them.
CHECKS = {
    "a_count": "a_count >= 1",
    "a_percentage": "a_percentage BETWEEN -5 AND 100",
    "a_cost": "a_cost > -0.00005",
    "a_ratio": "a_ratio > 0 AND a_ratio <= 0.5",
    "some_limited_bytes": (
        "octet_length(some_limited_bytes) >= 1 AND length(some_limited_bytes) <= 32"
    ),
    "an_object": "jsonb_typeof(an_object) = 'object'",
    "some_tags": (
        "cardinality(some_tags) > 0 AND cardinality(some_tags) < 6 AND '' <> ALL (some_tags)"
    ),
    "some_moods": "cardinality(some_moods) <= 3",
    "a_constant": "a_constant IN ('it''s')",
    "an_old_address": "family(an_old_address) = 4",
}
NULLABLE = (
    "a_boolean",
    "a_price",
    "a_date",
    "some_json",
    "some_tags",
    "a_mood",
    "some_bytes",
    "a_duration",
)


def contract(*names: str) -> JSONObject:
    """Return a contract whose only resource has these properties."""
    properties = {name: copy.deepcopy(COLUMNS[name][2]) for name in names}
    for name in {*names} & {*NULLABLE}:
        properties[name]["type"] = [properties[name]["type"], "null"]
        if "enum" in properties[name]:
            properties[name]["enum"].append(None)
    key = {
        "type": "integer",
        "format": "int64",
        "minimum": 1,
        "maximum": 2**63 - 1,
        "readOnly": True,
    }
    stored = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sample"}}}}
    created = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SampleCreate"}}}
    }
    return {
        "paths": {
            "/samples": {"post": {"requestBody": created, "responses": {"201": stored}}},
            "/samples/{sample_id}": {"get": {"responses": {"200": stored}}},
        },
        "components": {
            "schemas": {
                "Tag": STRING | {"minLength": 1},
                "Sample": {"type": "object", "properties": {"id": key, **properties}},
                "SampleCreate": {
                    "type": "object",
                    "properties": copy.deepcopy(properties),
                    "required": sorted(properties.keys() - {*NULLABLE}),
                },
            }
        },
    }


def models(*names: str) -> MetaData:
    """Return the models of the table with these columns."""
    metadata = MetaData()
    Table(
        "samples",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        *(Column(name, COLUMNS[name][0], nullable=name in NULLABLE) for name in names),
        *(CheckConstraint(CHECKS[name]) for name in names if name in CHECKS),
    )
    return metadata


def declarations() -> Iterator[str]:
    """Yield what makes the table, in a schema of its own."""
    nullable = {name: "" if name in NULLABLE else "NOT NULL" for name in COLUMNS}
    columns = [f"{name} {declared} {nullable[name]}" for name, (_, declared, _) in COLUMNS.items()]
    yield "CREATE SCHEMA samples"
    yield "SET LOCAL search_path TO samples"
    yield "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"
    yield (
        "CREATE TABLE samples (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        f"{', '.join(columns)})"
    )


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> MetaData:
    """What the catalogue says of the table."""
    return asyncio.run(reflected(postgres.url, *declarations()))


def only(database: MetaData, *names: str) -> MetaData:
    """Return what the catalogue says, as if the table had only these columns."""
    table, metadata = database.tables["samples"], MetaData()
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    Table(
        "samples",
        metadata,
        *(column._copy() for column in table.columns if column.name in ("id", *names)),
        *(
            CheckConstraint(each.sqltext)
            for each in checks
            if any(name in str(each.sqltext) for name in names)
        ),
    )
    return metadata


def is_told(column: str, found: list[str]) -> bool:
    """Return whether a difference names the column, and the fix."""
    return any(line.startswith(f"samples.{column} ") and "; " in line for line in found)


def test_columns_of_all_types_agree(database: MetaData) -> None:
    assert differences(Contract(contract(*COLUMNS)), models(*COLUMNS), database) == []


SCHEMA = "/components/schemas/Sample/properties"
# JSON of these types is taken whatever is in it, which is the contract's alone.
JSON_COLUMNS = {
    "some_json": ("array", "object"),
    "an_old_json": ("array", "object"),
    "an_object": ("object",),
}


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize("column", COLUMNS)
def test_the_schema_of_any_other_column_is_told(column: str, database: MetaData) -> None:
    for other in COLUMNS.keys() - {column}:
        if COLUMNS[other][2]["type"] in JSON_COLUMNS.get(column, ()):
            continue
        changed = contract(column)
        changed["components"]["schemas"]["Sample"]["properties"][column] = COLUMNS[other][2]

        found = differences(Contract(changed), models(column), only(database, column))

        assert is_told(column, found), other


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize("column", COLUMNS)
def test_the_type_of_any_other_column_in_the_models_is_told(
    column: str, database: MetaData
) -> None:
    for other in COLUMNS.keys() - {column}:
        changed = models(column)
        changed.tables["samples"].c[column].type = COLUMNS[other][0]
        if declared(changed.tables["samples"].c[column]) == declared(
            models(column).tables["samples"].c[column]
        ):
            continue

        found = differences(Contract(contract(column)), changed, only(database, column))

        assert is_told(column, found), other


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize("column", COLUMNS)
def test_null_is_told_wherever_it_changes(column: str, database: MetaData) -> None:
    schemas = contract(column)
    for name in ("Sample", "SampleCreate"):
        schema = schemas["components"]["schemas"][name]["properties"][column]
        schema["type"] = schema["type"][0] if column in NULLABLE else [schema["type"], "null"]
    in_models, in_database = models(column), only(database, column)
    for changed in (in_models, in_database):
        changed.tables["samples"].c[column].nullable = column not in NULLABLE
    place = f"samples.{column} {SCHEMA}/{column}/type:"

    assert any(
        place in line
        for line in differences(Contract(schemas), models(column), only(database, column))
    )
    assert any(
        place in line
        for line in differences(Contract(contract(column)), in_models, only(database, column))
    )
    assert any(
        place in line
        for line in differences(Contract(contract(column)), models(column), in_database)
    )


# Changes of the contract: the column, the keyword, its new value (None: removed), and the place
# that the report names.
IN_THE_CONTRACT: list[tuple[str, str, Any, str]] = [
    ("a_bigint", "format", "int32", "format"),
    ("a_bigint", "format", None, "type"),
    ("a_smallint", "exclusiveMaximum", 32767, "maximum"),
    ("a_count", "minimum", 0, "minimum"),
    ("a_count", "minimum", None, "minimum"),
    ("a_count", "multipleOf", 5, "multipleOf"),
    ("a_count", "exclusiveMinimum", 1, "minimum"),
    ("a_boolean", "type", "integer", "type"),
    ("a_string", "format", "email", "format"),
    ("a_string", "const", "a", "const"),
    ("a_price", "multipleOf", 0.1, "multipleOf"),
    ("a_price", "multipleOf", None, "multipleOf"),
    ("a_price", "minimum", 0, "minimum"),
    ("a_price", "exclusiveMaximum", 10000.01, "maximum"),
    ("a_price", "format", "double", "format"),
    ("a_price", "type", "integer", "type"),
    ("a_cost", "pattern", r"^[0-9]{1,15}(\.[0-9]{1,4})?$", "pattern"),
    ("a_cost", "pattern", r"^[0-9]{1,16}(\.[0-9]{1,3})?$", "pattern"),
    ("a_cost", "pattern", r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$", "pattern"),
    ("a_cost", "pattern", r"[0-9]{1,16}(\.[0-9]{1,4})?", "pattern"),
    ("a_cost", "pattern", None, "pattern"),
    ("a_cost", "format", None, "type"),
    ("a_number", "multipleOf", 1, "multipleOf"),
    ("a_number", "maximum", 1, "maximum"),
    ("a_number", "format", "float", "format"),
    ("a_double", "format", "float", "format"),
    ("a_double", "format", None, "type"),
    ("a_double", "exclusiveMinimum", 0, "exclusiveMinimum"),
    ("a_ratio", "exclusiveMinimum", None, "exclusiveMinimum"),
    ("a_ratio", "maximum", 0.25, "maximum"),
    ("a_ratio", "minimum", 0.25, "exclusiveMinimum"),
    ("a_real", "format", "double", "format"),
    ("a_date", "format", "date-time", "format"),
    ("a_date", "maxLength", 10, "maxLength"),
    ("a_date", "type", "integer", "format"),
    ("a_moment", "format", "date-time-local", "format"),
    ("a_local_moment", "format", "date-time", "format"),
    ("a_time", "format", "time-local", "format"),
    ("a_local_time", "format", "time", "format"),
    ("a_duration", "format", "time", "format"),
    ("a_duration", "format", None, "type"),
    ("a_uuid", "format", None, "type"),
    ("some_bytes", "contentEncoding", None, "type"),
    ("some_bytes", "contentEncoding", "base16", "type"),
    ("some_bytes", "maxLength", 100, "maxLength"),
    ("some_bytes", "minLength", 1, "minLength"),
    ("some_limited_bytes", "format", "binary", "maxLength"),
    ("some_limited_bytes", "maxLength", 32, "maxLength"),
    ("some_limited_bytes", "maxLength", None, "maxLength"),
    ("some_limited_bytes", "minLength", 0, "minLength"),
    ("some_json", "type", "string", "type"),
    ("some_json", "enum", [1], "enum"),
    ("an_object", "type", "array", "type"),
    ("an_object", "type", None, "type"),
    ("some_integers", "items", {"type": "integer", "format": "int64"}, "items/format"),
    ("some_integers", "items", None, "items"),
    ("some_integers", "maxItems", 3, "maxItems"),
    ("some_integers", "type", "object", "type"),
    ("some_tags", "minItems", None, "minItems"),
    ("some_tags", "maxItems", 6, "maxItems"),
    ("some_tags", "items", STRING, "items/minLength"),
    ("some_tags", "items", STRING | {"minLength": 1, "maxLength": 21}, "items/maxLength"),
    ("some_tags", "items", {"type": "string", "minLength": 1, "maxLength": 20}, "items/pattern"),
    ("some_moods", "items", {"type": "string", "enum": ["sad", "ok"]}, "items/enum"),
    ("a_mood", "enum", ["sad", "ok", None], "enum"),
    ("a_mood", "enum", None, "enum"),
    ("a_state", "enum", ["draft", "published", "withdrawn"], "enum"),
    ("a_constant", "const", "its", "const"),
    ("an_address", "format", "ipv4", "format"),
    ("an_old_address", "format", "ipv6", "format"),
    ("a_network", "format", "ipvanyaddress", "format"),
]


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize(("column", "keyword", "value", "where"), IN_THE_CONTRACT)
def test_change_of_the_contract_alone_is_told(
    column: str, keyword: str, value: object, where: str, database: MetaData
) -> None:
    changed = contract(*COLUMNS)
    schema = changed["components"]["schemas"]["Sample"]["properties"][column]
    if value is None:
        del schema[keyword]
    else:
        schema[keyword] = value

    found = differences(Contract(changed), models(*COLUMNS), database)

    pointers = [line.partition(" ")[2].partition(":")[0] for line in found]
    assert f"{SCHEMA}/{column}/{where}" in pointers, found
    assert all(line.startswith(f"samples.{column} ") for line in found), found


IN_THE_MODELS: list[tuple[str, TypeEngine[Any]]] = [
    ("a_string", String(21)),
    ("a_string", Text()),
    ("a_string", String(20, collation="C")),
    ("a_text", String()),
    ("a_price", Numeric(6, 3)),
    ("a_price", Numeric(7, 2)),
    ("a_price", Numeric()),
    ("some_money", Numeric(8, 3)),
    ("a_double", Float(24)),
    ("a_moment", TIMESTAMP(timezone=True, precision=0)),
    ("a_duration", INTERVAL(fields="DAY")),
    ("a_uuid", Uuid(native_uuid=False)),
    ("some_json", JSON()),
    ("some_integers", ARRAY(SmallInteger)),
    ("some_integers", ARRAY(Integer, dimensions=2)),
    ("some_tags", ARRAY(String(21))),
    ("some_tags", ARRAY(Text)),
    ("some_moods", ARRAY(ENUM("sad", "ok", name="mood"))),
    ("a_mood", ENUM("sad", "happy", "ok", name="mood")),
    ("a_mood", ENUM("sad", "ok", "happy", name="feeling")),
    ("a_mood", Enum("sad", "ok", "happy", native_enum=False)),
    ("a_network", INET()),
    ("a_network", MACADDR()),
]


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize(
    ("column", "type_"), IN_THE_MODELS, ids=[f"{name} {type_!r}" for name, type_ in IN_THE_MODELS]
)
def test_change_of_the_models_alone_is_told(
    column: str, type_: TypeEngine[Any], database: MetaData
) -> None:
    changed = models(*COLUMNS)
    changed.tables["samples"].c[column].type = type_

    found = differences(Contract(contract(*COLUMNS)), changed, database)

    assert is_told(column, found)
    assert all(line.startswith(f"samples.{column} ") for line in found), found


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize("column", CHECKS)
def test_check_that_the_models_lack_is_told(column: str, database: MetaData) -> None:
    changed = models(*COLUMNS)
    changed.tables["samples"].constraints -= {
        each
        for each in changed.tables["samples"].constraints
        if isinstance(each, CheckConstraint) and str(each.sqltext) == CHECKS[column]
    }

    found = differences(Contract(contract(*COLUMNS)), changed, database)

    assert is_told(column, found)


IN_THE_DATABASE = [
    ("a_bigint", "ALTER a_bigint TYPE int"),
    ("a_smallint", "ALTER a_smallint TYPE int"),
    ("a_count", "ADD CHECK (a_count < 1000)"),
    ("a_percentage", "DROP CONSTRAINT samples_a_percentage_check"),
    ("a_boolean", "ALTER a_boolean TYPE int USING a_boolean::int"),
    ("a_string", 'ALTER a_string TYPE varchar(20) COLLATE "C"'),
    ("a_string", "ALTER a_string TYPE char(20)"),
    ("a_string", "ADD CHECK (length(a_string) > 2)"),
    ("a_text", "ALTER a_text TYPE varchar"),
    ("a_price", "ALTER a_price TYPE numeric(6, 1)"),
    ("a_price", "ALTER a_price TYPE numeric(5, 2)"),
    ("a_price", "ALTER a_price TYPE numeric"),
    ("a_price", "ALTER a_price TYPE float"),
    ("a_price", "ADD CHECK (a_price >= 0.01)"),
    ("a_cost", "ADD CHECK (a_cost > 0)"),
    ("a_number", "ALTER a_number TYPE numeric(10)"),
    ("some_money", "ALTER some_money TYPE numeric(9, 2)"),
    ("a_double", "ALTER a_double TYPE real"),
    ("a_ratio", "ADD CHECK (a_ratio >= 0.25)"),
    ("a_ratio", "ADD CHECK (a_ratio < 0.5)"),
    ("a_real", "ALTER a_real TYPE float"),
    ("a_date", "ALTER a_date TYPE timestamp"),
    ("a_moment", "ALTER a_moment TYPE timestamp"),
    ("a_moment", "ALTER a_moment TYPE timestamptz(0)"),
    ("a_local_moment", "ALTER a_local_moment TYPE timestamptz"),
    ("a_time", "ALTER a_time TYPE time"),
    ("a_local_time", "ALTER a_local_time TYPE timetz"),
    ("a_duration", "ALTER a_duration TYPE interval(0)"),
    ("a_uuid", "ALTER a_uuid TYPE text"),
    ("some_bytes", "ADD CHECK (octet_length(some_bytes) <= 10)"),
    ("some_limited_bytes", "DROP CONSTRAINT samples_some_limited_bytes_check"),
    ("some_json", "ALTER some_json TYPE json"),
    ("some_json", "ADD CHECK (jsonb_typeof(some_json) = 'array')"),
    ("an_object", "DROP CONSTRAINT samples_an_object_check"),
    ("an_old_json", "ALTER an_old_json TYPE jsonb"),
    ("some_integers", "ALTER some_integers TYPE bigint[]"),
    ("some_integers", "ADD CHECK (cardinality(some_integers) > 0)"),
    ("some_tags", "ALTER some_tags TYPE varchar(10)[]"),
    ("some_tags", "DROP CONSTRAINT samples_some_tags_check"),
    ("some_moods", "DROP CONSTRAINT samples_some_moods_check"),
    ("a_state", "ALTER a_state TYPE varchar(10)"),
    ("a_state", "DROP CONSTRAINT samples_a_state_check"),
    ("a_constant", "DROP CONSTRAINT samples_a_constant_check"),
    ("an_address", "ADD CHECK (family(an_address) = 6)"),
    ("an_address", "ALTER an_address TYPE cidr"),
    ("a_network", "ALTER a_network TYPE inet"),
    ("a_network", "ALTER a_network TYPE text"),
]


@pytest.fixture(scope="module")
def rounds(postgres: EmbeddedPostgres) -> list[MetaData]:
    """What the catalogue says after the first change of each column, after the second instead, …"""
    changes: dict[str, list[str]] = {}
    for column, change in IN_THE_DATABASE:
        changes.setdefault(column, []).append(f"ALTER TABLE samples {change}")
    each = zip_longest(*changes.values(), fillvalue="SELECT 1")
    return [
        asyncio.run(reflected(postgres.url, *declarations(), *statements)) for statements in each
    ]


@pytest.mark.self_test_of("test_columns_of_all_types_agree")
@pytest.mark.parametrize(("column", "change"), IN_THE_DATABASE)
def test_change_of_the_database_alone_is_told(
    column: str, change: str, rounds: list[MetaData]
) -> None:
    number = [other for name, other in IN_THE_DATABASE if name == column].index(change)

    found = differences(Contract(contract(column)), models(column), only(rounds[number], column))

    assert is_told(column, found)


async def test_another_label_of_an_enumeration_in_the_database_is_told(
    postgres: EmbeddedPostgres,
) -> None:
    change = "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'"
    changed = await reflected(postgres.url, *declarations(), change)

    found = differences(Contract(contract(*COLUMNS)), models(*COLUMNS), changed)

    assert is_told("a_mood", found)
    assert is_told("some_moods", found)


NOT_UNDERSTOOD = [
    "a_count > 1 OR a_count < -1",
    "a_count > 1 AND a_string !~ 'x'",
    "NOT a_count > 1",
    "a_count % 5 = 0",
    "a_count <> 3",
    "a_count < a_percentage",
    "a_date > '2026-01-05'",
    "octet_length(a_string) < 10",
    "array_length(some_tags, 1) >= 1",
    "lower(a_string) = a_string",
    "abs(a_count) < 5",
]


async def test_check_that_is_not_understood_is_told(postgres: EmbeddedPostgres) -> None:
    added = [
        f"ADD CONSTRAINT odd_{number} CHECK ({check})"
        for number, check in enumerate(NOT_UNDERSTOOD)
    ]
    change = f"ALTER TABLE samples {', '.join(added)}"
    in_database, in_models = (
        await reflected(postgres.url, *declarations(), change),
        models(*COLUMNS),
    )
    for number, check in enumerate(NOT_UNDERSTOOD):
        in_models.tables["samples"].append_constraint(CheckConstraint(check, name=f"odd_{number}"))

    found = differences(Contract(contract(*COLUMNS)), in_models, in_database)

    for number, check in enumerate(NOT_UNDERSTOOD):
        told = [
            line
            for line in found
            if line.startswith(f"samples odd_{number}: cannot see what it limits: ")
        ]
        assert len(told) == 2, check
