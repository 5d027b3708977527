"""Whatever is not as OpenAPI has it is refused with its pointer, before anything else."""

from typing import Any

import pytest

from specfirst.contract import json_pointer, structure
from specfirst.contract.errors import UnsupportedContract

OPERATION = "/paths/~1things/post"

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "servers": [{"url": "/"}],
    "tags": [{"name": "things"}],
    "security": [{"token": []}],
    "paths": {
        "/things": {
            "parameters": [{"name": "a", "in": "query", "schema": True}],
            "post": {
                "operationId": "create_thing",
                "tags": ["things"],
                "parameters": [{"name": "b", "in": "header", "content": {"text/plain": {}}}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Thing"},
                            "encoding": {"a": {"headers": {"X-A": {"schema": {}}}}},
                        }
                    }
                },
                "responses": {
                    "200": {"headers": {"X-A": {"schema": {}}}, "links": {"a": {}}},
                    "4XX": {"$ref": "#/components/responses/Bad"},
                    "default": {},
                    "x-a": "anything",
                },
                "callbacks": {"done": {"{$request.query.url}": {"post": {"responses": {}}}}},
            },
        },
        "x-a": "anything",
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": ["object", "null"],
                "required": ["a"],
                "properties": {
                    "a": {"type": "string", "enum": ["b"], "discriminator": {"propertyName": "c"}},
                    "x-a": {"type": "integer"},
                },
                "items": False,
                "anyOf": [{}, True],
            }
        },
        "responses": {"Bad": {"content": {"text/plain": {"examples": {"a": {"value": 1}}}}}},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "name": "key", "in": "query"},
            "flow": {"type": "oauth2", "flows": {"implicit": {"scopes": {"a": "b"}}}},
        },
    },
}


def refusal(edits: dict[str, object]) -> str:
    """Return how the document is refused with other values at these pointers."""
    with pytest.raises(UnsupportedContract) as refused:
        structure.check(json_pointer.edited(DOCUMENT, edits))
    return str(refused.value)


def test_what_is_right_is_not_refused() -> None:
    structure.check(DOCUMENT)


THING = "/components/schemas/Thing"
BODY = f"{OPERATION}/requestBody/content/application~1json"


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("/paths", []),
        ("/paths/~1things", "text"),
        ("/components", "text"),
        ("/components/schemas", []),
        (THING, "text"),
        (THING, []),
        (f"{THING}/type", 1),
        (f"{THING}/type", [["object"]]),
        (f"{THING}/required", True),
        (f"{THING}/required/0", 1),
        (f"{THING}/properties", []),
        (f"{THING}/properties/a", None),
        (f"{THING}/properties/x-a", "text"),
        (f"{THING}/properties/a/enum", "b"),
        (f"{THING}/properties/a/required", True),
        (f"{THING}/properties/a/pattern", 1),
        (f"{THING}/properties/a/discriminator", "c"),
        (f"{THING}/items", []),
        (f"{THING}/anyOf", {"a": {}}),
        (f"{THING}/anyOf/0", "text"),
        (f"{OPERATION}", []),
        (f"{OPERATION}/operationId", 1),
        (f"{OPERATION}/tags", "things"),
        (f"{OPERATION}/parameters", {}),
        (f"{OPERATION}/parameters/0", "text"),
        (f"{OPERATION}/parameters/0/content", []),
        (f"{OPERATION}/requestBody", []),
        (f"{OPERATION}/requestBody/content", "application/json"),
        (BODY, "text"),
        (f"{BODY}/encoding", []),
        (f"{BODY}/encoding/a/headers/X-A", None),
        (f"{OPERATION}/responses", []),
        (f"{OPERATION}/responses/200", None),
        (f"{OPERATION}/responses/200/headers", []),
        (f"{OPERATION}/responses/200/headers/X-A", None),
        (f"{OPERATION}/responses/OK", {}),
        (f"{OPERATION}/responses/600", {}),
        (f"{OPERATION}/callbacks/done", []),
        (f"{OPERATION}/callbacks/done/{{$request.query.url}}", "text"),
        ("/security/0", "token"),
        ("/security/0/token", "scope"),
        ("/tags/0", "things"),
        ("/servers/0", "/"),
        ("/paths/things", {}),
        ("/paths/~1things?a=b", {}),
        ("/paths/~1things#a", {}),
        ("/components/responses/Bad/content/text~1plain/examples/a", "text"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(place: str, wrong: object) -> None:
    assert refusal({place: wrong}).startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (f"{OPERATION}/parameters/0", "name"),
        (f"{OPERATION}/parameters/0", "in"),
        (f"{OPERATION}/parameters/0", "content"),
        (f"{OPERATION}/responses/200/headers/X-A", "schema"),
        ("/components/securitySchemes/token", "type"),
        ("/components/securitySchemes/token", "scheme"),
        ("/components/securitySchemes/key", "name"),
        ("/components/securitySchemes/key", "in"),
        ("/components/securitySchemes/flow", "flows"),
        (f"{THING}/properties/a/discriminator", "propertyName"),
        ("/servers/0", "url"),
        ("/tags/0", "name"),
    ],
)
def test_what_is_missing_is_refused_at_the_place_that_needs_it(place: str, name: str) -> None:
    for nothing in (json_pointer.REMOVE, None):
        found = refusal({json_pointer.join(place, name): nothing})

        assert found.startswith(f"{place}: ")
        assert f"`{name}`" in found


def test_parameter_in_the_body_is_told_about_request_bodies() -> None:
    assert "requestBody" in refusal({f"{OPERATION}/parameters/0/in": "body"})


def test_null_says_nothing_where_a_member_may_be_missing() -> None:
    document = json_pointer.edited(
        DOCUMENT,
        {f"{THING}/items": None, f"{OPERATION}/parameters": None, f"{OPERATION}/summary": None},
    )

    structure.check(document)
    structure.drop_empty(document)

    assert "items" not in document["components"]["schemas"]["Thing"]
    assert document["paths"]["/things"]["post"].keys().isdisjoint({"parameters", "summary"})
