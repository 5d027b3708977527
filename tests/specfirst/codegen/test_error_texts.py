"""Every error of pydantic-core, and of the types of our own, in the words of the contract."""

import re
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from generated.runtime.error_texts import CODES, ERROR_TEXTS, LIMITS, ErrorText, meaning, sentence
from tests.problems import DOCUMENT
from tests.specfirst.codegen.vocabulary import foreign_words

CONTEXT: dict[str, Any] = {
    **dict.fromkeys(
        ("min_length", "max_length", "ge", "gt", "le", "lt", "min_properties", "max_properties"), 1
    ),
    **{
        "multiple_of": 2,
        "pattern": "^a$",
        "expected": "'a' or 'b'",
        "class_name": "AuthorCreate",
        "error": "int()",
    },
    **{"field_type": "Dictionary", "discriminator": "tag()", "tag": "int", "class": "Author"},
}


def error(type_: str, given: object = "1", **context: object) -> ErrorDetails:
    return {
        "type": type_,
        "loc": (),
        "msg": "Input should be a valid dictionary",
        "input": given,
        "ctx": context,
    }


@pytest.mark.parametrize("type_", get_args(ErrorType))
def test_every_error_of_pydantic_core_has_words_of_ours(type_: str) -> None:
    assert type_ in ERROR_TEXTS, (
        "a newer pydantic-core has an error that error_texts.py does not know: give it a code"
    )


@pytest.mark.parametrize("type_", [*ERROR_TEXTS, "an_error_of_a_later_version"])
@pytest.mark.parametrize("given", ["1", 1, {}, b""], ids=repr)
def test_no_word_of_python_or_pydantic_is_in_what_is_told(type_: str, given: object) -> None:
    code, detail, limits = meaning(error(type_, given, **CONTEXT))

    assert code in CODES
    assert limits.keys() <= {*LIMITS}
    assert foreign_words(detail) == set()
    assert len(detail) > 5
    assert detail[0].isupper()


def test_error_that_nobody_knows_is_invalid() -> None:
    assert meaning(error("an_error_of_a_later_version")) == (
        "invalid",
        "Must be a value that the contract allows",
        {},
    )


def test_every_code_can_be_told() -> None:
    assert {*CODES} == {text.code for text in ERROR_TEXTS.values()} | {"too_many_errors"}


def test_codes_and_limits_are_in_snake_case() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in (*CODES, *LIMITS))


def test_contract_knows_every_limit() -> None:
    assert {*DOCUMENT["components"]["schemas"]["ProblemLimits"]["properties"]} == {*LIMITS}


@pytest.mark.parametrize(
    ("type_", "value", "code", "detail", "limits"),
    [
        (
            Annotated[str, Field(min_length=1)],
            "",
            "too_short",
            "Must have at least 1 character",
            {"min_length": 1},
        ),
        (
            Annotated[str, Field(max_length=2)],
            "abc",
            "too_long",
            "Must have at most 2 characters",
            {"max_length": 2},
        ),
        (
            Annotated[bytes, Field(max_length=1)],
            b"ab",
            "too_long",
            "Must have at most 1 byte",
            {"max_length": 1},
        ),
        (
            Annotated[str, Field(pattern="^item$")],
            "a",
            "wrong_pattern",
            "Must match the pattern ^item$",
            {"pattern": "^item$"},
        ),
        (Annotated[int, Field(ge=1)], 0, "too_small", "Must be at least 1", {"minimum": 1}),
        (
            Annotated[float, Field(gt=1)],
            1,
            "too_small",
            "Must be greater than 1",
            {"exclusive_minimum": 1},
        ),
        (
            Annotated[int, Field(le=2**63 - 1)],
            2**63,
            "too_large",
            f"Must be at most {2**63 - 1}",
            {"maximum": 2**63 - 1},
        ),
        (
            Annotated[float, Field(lt=0.5)],
            1,
            "too_large",
            "Must be less than 0.5",
            {"exclusive_maximum": 0.5},
        ),
        (
            Annotated[float, Field(multiple_of=0.5)],
            1.3,
            "not_a_multiple",
            "Must be a multiple of 0.5",
            {"multiple_of": 0.5},
        ),
        (
            Annotated[list[int], Field(min_length=2)],
            [1],
            "too_few_items",
            "Must have at least 2 items",
            {"min_items": 2},
        ),
        (
            Annotated[list[int], Field(max_length=1)],
            [1, 2],
            "too_many_items",
            "Must have at most 1 item",
            {"max_items": 1},
        ),
        (
            Annotated[dict[str, int], Field(min_length=1)],
            {},
            "too_few_properties",
            "Must have at least 1 property",
            {"min_properties": 1},
        ),
        (
            Annotated[dict[str, int], Field(max_length=0)],
            {"a": 1},
            "too_many_properties",
            "Must have at most 0 properties",
            {"max_properties": 0},
        ),
        (Literal["a"], "b", "not_in_enum", "Must be a", {"values": ["a"]}),
        (
            Literal["a", "-a", "b c", 'd"', "e'", "f', 'g", 1, True, None],
            "b",
            "not_in_enum",
            'Must be one of: a, -a, "b c", "d\\"", "e\'", "f\', \'g", 1, true, null',
            {"values": ["a", "-a", "b c", 'd"', "e'", "f', 'g", 1, True, None]},
        ),
        (dict[str, int], [], "wrong_type", "Must be an object", {"types": ["object"]}),
        (list[int], {}, "wrong_type", "Must be an array", {"types": ["array"]}),
        (None, 1, "wrong_type", "Must be null", {"types": ["null"]}),
        (
            Annotated[str, Field(max_length=9)],
            "\ud800",
            "malformed",
            "Must be Unicode without lone surrogates",
            {},
        ),
        (int, float("-inf"), "too_small", "Must be a larger number", {}),
        (float, 10**400, "too_large", "Must be a smaller number", {}),
    ],
)
def test_error_says_what_the_contract_says(
    type_: Any, value: object, code: str, detail: str, limits: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(type_).validate_python(value, strict=True)

    [found] = raised.value.errors()
    assert meaning(found) == (code, detail, limits)


def test_several_types_are_joined() -> None:
    types = ["array", "integer", "object", "null"]

    assert (
        sentence("wrong_type", {"types": types})
        == "Must be an array, an integer, an object or null"
    )


def test_value_of_another_type_has_the_wrong_type_and_not_the_wrong_format() -> None:
    assert meaning(error("uuid_type", 1)) == (
        "wrong_type",
        "Must be a string",
        {"types": ["string"]},
    )
    assert meaning(error("uuid_parsing", "x"))[:2] == (
        "wrong_format",
        "Must be a UUID as in RFC 9562",
    )


def test_enum_that_is_written_in_an_unknown_way_is_told_without_values() -> None:
    assert meaning(error("literal_error", expected="<Colour.RED: 1>")) == (
        *("not_in_enum", "Must be a value that the contract allows"),
        {},
    )


def test_known_limits_come_with_those_of_the_context() -> None:
    assert ErrorText("x", {"format": "date"}, {"minimum": "ge"}).limits({"ge": 1.0}) == {
        "format": "date",
        "minimum": 1,
    }
