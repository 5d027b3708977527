"""Values arrive as they were sent, or are refused."""

from math import inf
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from specfirst.codegen.templates.runtime import values
from specfirst.codegen.templates.runtime.error_texts import meaning
from specfirst.codegen.templates.runtime.formats import FORMATS, text_format
from specfirst.codegen.templates.runtime.json import parse_json
from specfirst.codegen.templates.runtime.patterns import text_matches


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("1.0", 1),
        ("1e2", 100),
        ("-0.0", 0),
        ("1.5", 1.5),
        ("9007199254740993", 9007199254740993),
        ("9007199254740993.0", 9007199254740993),
        ("-9007199254740993.0", -9007199254740993),
        ("9.007199254740993e15", 9007199254740993),
        ("1e23", 10**23),
        ("1.7976931348623157e308", 17976931348623157 * 10**292),
        ("9007199254740993.5", 9007199254740994.0),
        ("1e400", inf),
        ("-1e400", -inf),
        ("1e999999999999", inf),
        ("1e-999999999999", 0),
    ],
)
def test_number_is_exact_if_it_is_integral(literal: str, value: float) -> None:
    found = parse_json(literal.encode())

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [inf, -inf, [inf], {"a": [1, {"b": -inf}]}])
def test_number_beyond_a_double_is_refused_wherever_it_is(value: object) -> None:
    with pytest.raises(ValidationError, match="finite"):
        TypeAdapter(values.Anything).validate_python(value)


@pytest.mark.parametrize("value", [None, 1, 1e300, "a", [1, [2.5]], {"a": {"b": None}}])
def test_anything_else_is_any_json_value(value: object) -> None:
    assert TypeAdapter(values.Anything).validate_python(value) == value


def test_number_of_a_contract_is_finite() -> None:
    adapter: TypeAdapter[float] = TypeAdapter(values.Number)

    assert adapter.validate_python(10**300) == 1e300
    for value in (inf, -inf, True, "1", 10**400):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


UUID_TEXT = "F81d4fae-7dec-11d0-a765-00a0c91e6bf6"


def test_uuid_is_the_hyphenated_form_in_either_case() -> None:
    adapter: TypeAdapter[UUID] = TypeAdapter(values.Uuid)

    assert adapter.validate_python(UUID_TEXT) == UUID(UUID_TEXT)
    assert adapter.validate_python(UUID(UUID_TEXT)) == UUID(UUID_TEXT)


@pytest.mark.parametrize(
    "value",
    [
        UUID_TEXT.replace("-", ""),
        f"urn:uuid:{UUID_TEXT}",
        f"{{{UUID_TEXT}}}",
        f"{UUID_TEXT}\n",
        f" {UUID_TEXT}",
        UUID_TEXT.replace("F", "\uff26"),
        1,
        UUID(UUID_TEXT).bytes,
    ],
)
def test_other_spellings_of_a_uuid_are_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="UUID"):
        TypeAdapter(values.Uuid).validate_python(value)


def test_pattern_of_a_date_is_checked_on_its_text() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[values.Date, text_matches(r"^\d{4}-01-")])

    assert str(adapter.validate_python("2026-01-05")) == "2026-01-05"
    with pytest.raises(ValidationError, match="pattern"):
        adapter.validate_python("2026-02-05")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("time", "10:30:00Z", "10:30"),
        ("duration", "P3DT4H", "3 days"),
        ("email", "ada@example.org", "ada"),
        ("hostname", "example.org", "-example"),
        ("ipv4", "127.0.0.1", "127.0.0.256"),
        ("ipv6", "::1", ":::1"),
        ("uri", "https://example.org/a?b#c", "/a"),
        ("uri-reference", "/a", "\\a"),
        ("iri", "https://example.org/é", "/é"),
        ("uri-template", "/a/{b}", "/a/{b"),
        ("json-pointer", "/a/0", "a"),
        ("regex", "^a$", "("),
    ],
)
def test_text_of_a_format_is_checked_and_stays_as_it_is(name: str, right: str, wrong: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, text_format(name)])

    assert adapter.validate_python(right) == right
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(wrong)
    code, detail, limits = meaning(refused.value.errors()[0])
    assert (code, limits) == ("wrong_format", {"format": name})
    assert detail.startswith("Must be ")


def test_every_format_that_is_checked_is_one_that_the_library_knows() -> None:
    for name in FORMATS:
        with pytest.raises(ValidationError):
            TypeAdapter(Annotated[str, text_format(name)]).validate_python("{\n\\(")
