"""The traversal knows each keyword that holds schemas."""

from typing import Any

import pytest

from specfirst.contract.schemas import APPLICATORS, Shape, subschemas

INNER = {"type": "null"}
HELD: dict[Shape, Any] = {Shape.ONE: INNER, Shape.LIST: [INNER, INNER], Shape.MAP: {"a/b": INNER}}
STEPS: dict[Shape, list[tuple[str | int, ...]]] = {
    Shape.ONE: [()],
    Shape.LIST: [(0,), (1,)],
    Shape.MAP: [("a/b",)],
}


@pytest.mark.parametrize("keyword", APPLICATORS)
def test_schemas_under_a_keyword_are_found(keyword: str) -> None:
    held = HELD[APPLICATORS[keyword]]

    found = dict(subschemas({"type": "object", keyword: held}))

    steps = STEPS[APPLICATORS[keyword]]
    assert list(found) == [(keyword, *each) for each in steps]
    assert all(schema is INNER for schema in found.values())


def test_only_keywords_that_are_asked_for_are_followed() -> None:
    schema = {"items": INNER, "not": INNER, "allOf": [INNER]}

    assert [tokens for tokens, _ in subschemas(schema, ("allOf", "items"))] == [
        ("items",),
        ("allOf", 0),
    ]


@pytest.mark.parametrize(
    "schema", [True, {}, {"items": True}, {"additionalProperties": False}, {"enum": [INNER]}]
)
def test_what_holds_no_schema_has_none(schema: object) -> None:
    assert list(subschemas(schema)) == []


def test_boolean_schemas_in_lists_and_maps_are_found() -> None:
    assert list(subschemas({"properties": {"a": True}, "anyOf": [False]})) == [
        (("properties", "a"), True),
        (("anyOf", 0), False),
    ]
