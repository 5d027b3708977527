"""The model says of a document what the document says, and where."""

import re
from typing import Any

import pytest
import yaml

from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract

DOCUMENT: dict[str, Any] = yaml.safe_load("""
openapi: 3.1.0
security: [{token: []}]
paths:
  /things/{thing_id}:
    parameters:
      - $ref: '#/components/parameters/ThingId'
      - {name: X-Trace, in: header, schema: {type: string}}
      - {name: trace, in: query, schema: {type: string}}
    get:
      operationId: get_thing
      tags: [things]
      parameters:
        - {name: x-trace, in: header, required: true, schema: {type: integer}}
        - {name: fields, in: query, schema: {type: array, items: {type: string}}, example: [a]}
      responses:
        '200':
          description: The thing.
          headers:
            ETag: {$ref: '#/components/headers/ETag'}
          links:
            again: {operationId: get_thing}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing', description: Another one.}
              examples:
                first: {$ref: '#/components/examples/First'}
                elsewhere: {externalValue: 'https://example.com/thing.json'}
                second: {value: {id: 2}}
        '404': {$ref: '#/components/responses/Gone'}
    put:
      deprecated: true
      security: []
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses: {'204': {description: Done.}}
    x-note: {type: no operation}
  /other: {$ref: '#/components/pathItems/Other'}
components:
  parameters:
    ThingId: {name: thing_id, in: path, schema: {type: integer, minimum: 1}}
  headers:
    ETag: {required: true, schema: {type: string}, example: '"1"'}
  examples:
    First: {$ref: '#/components/examples/One'}
    One: {value: {id: 1}}
  requestBodies:
    Thing:
      required: true
      content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  responses:
    Gone: {$ref: '#/components/responses/NotFound'}
    NotFound: {description: Not there., content: {text/plain: {}}}
  pathItems:
    Other: {post: {responses: {'204': {description: Done.}}}}
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Thing:
      description: A thing.
      required: [id]
      properties:
        id: {type: integer, examples: [1, 2]}
        name: {type: [string, 'null'], example: a}
        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        anything: true
        nothing: false
    Alias: {$ref: '#/components/schemas/Thing'}
""")

CONTRACT = Contract(DOCUMENT)
GET = CONTRACT.by_id["get_thing"]
PUT = CONTRACT.by_id["PUT /things/{thing_id}"]
OTHER = CONTRACT.by_id["POST /other"]
PATH = "/paths/~1things~1{thing_id}"
THING = "/components/schemas/Thing"


def test_operations_are_in_order_with_their_places() -> None:
    assert [(each.method, each.path, each.place) for each in CONTRACT.operations] == [
        ("get", "/things/{thing_id}", f"{PATH}/get"),
        ("put", "/things/{thing_id}", f"{PATH}/put"),
        ("post", "/other", "/paths/~1other/post"),
    ]
    assert OTHER.pointer == "/components/pathItems/Other/post"
    assert (GET.tags, GET.is_deprecated, PUT.tags, PUT.is_deprecated) == (
        ("things",),
        False,
        (),
        True,
    )


def test_parameters_of_the_path_item_come_first_unless_the_operation_has_its_own() -> None:
    found = [(each.name, each.location, each.place) for each in GET.parameters]

    assert found == [
        ("thing_id", "path", f"{PATH}/parameters/0"),
        ("trace", "query", f"{PATH}/parameters/2"),
        ("x-trace", "header", f"{PATH}/get/parameters/0"),
        ("fields", "query", f"{PATH}/get/parameters/1"),
    ]
    assert [each.required for each in GET.parameters] == [True, False, True, False]
    assert [(each.style, each.explode) for each in GET.parameters[:2]] == [
        ("simple", False),
        ("form", True),
    ]


def test_node_behind_references_knows_where_it_is_used_and_where_it_is_defined() -> None:
    gone = GET.responses["404"]

    assert gone.places == (
        f"{PATH}/get/responses/404",
        "/components/responses/Gone",
        "/components/responses/NotFound",
    )
    assert (gone.place, gone.pointer) == (gone.places[0], gone.places[-1])
    assert (gone.status, gone.component, gone.is_shared, gone.description) == (
        "404",
        "NotFound",
        True,
        "Not there.",
    )
    assert not GET.responses["200"].is_shared


def test_parts_of_a_response() -> None:
    response = GET.responses["200"]

    assert list(response.headers) == ["ETag"]
    assert response.headers["ETag"].required
    assert response.headers["ETag"].schema == CONTRACT.schema("/components/headers/ETag/schema")
    assert list(response.links) == ["again"]
    assert [media.key for media in response.content.values()] == ["application/json"]
    assert GET.responses["404"].content["text/plain"].schema is None


def test_examples_have_the_places_of_their_values() -> None:
    [media] = GET.responses["200"].content.values()

    assert [(each.pointer, each.value, each.name) for each in media.examples] == [
        ("/components/examples/One/value", {"id": 1}, "first"),
        (f"{media.pointer}/examples/second/value", {"id": 2}, "second"),
    ]
    assert [(each.pointer, each.value) for each in GET.parameters[3].examples] == [
        (f"{PATH}/get/parameters/1/example", ["a"])
    ]
    properties = CONTRACT.schema(THING).properties
    assert [(each.pointer, each.value) for each in properties["id"].examples] == [
        (f"{THING}/properties/id/examples/0", 1),
        (f"{THING}/properties/id/examples/1", 2),
    ]
    assert [each.value for each in properties["name"].examples] == ["a"]


def test_bodies() -> None:
    assert GET.request_body is None
    assert PUT.request_body is not None
    assert PUT.request_body.required
    assert PUT.request_body.pointer == "/components/requestBodies/Thing"


def test_security_is_that_of_the_operation_or_of_the_document() -> None:
    assert (GET.security, GET.security_pointer) == (({"token": ()},), "/security")
    assert (PUT.security, PUT.security_pointer) == ((), f"{PATH}/put/security")
    assert list(CONTRACT.security_schemes) == ["token"]
    open_to_all = Contract({"paths": {"/": {"get": {}}}})
    assert open_to_all.operations[0].security == ()


@pytest.mark.parametrize(
    ("path", "groups"),
    [("/things/1", ("1",)), ("/things/", None), ("/things/1/2", None), ("/thing/1", None)],
)
def test_pattern_takes_the_paths_of_an_operation(path: str, groups: tuple[str] | None) -> None:
    found = GET.pattern.fullmatch(path)

    assert (found.groups() if found else None) == groups


def test_schema_is_followed_when_asked() -> None:
    schema = GET.responses["200"].content["application/json"].schema
    assert schema is not None

    assert (
        schema.target.pointer
        == CONTRACT.schema("/components/schemas/Alias").target.pointer
        == THING
    )
    assert (schema.annotation("description"), schema.target.annotation("description")) == (
        "Another one.",
        "A thing.",
    )
    assert schema.annotation("title") is None
    assert not schema.properties
    assert schema.is_plain_reference
    assert CONTRACT.schema(THING).target == CONTRACT.schema(THING)


def test_parts_of_a_schema() -> None:
    thing = CONTRACT.schema(THING)
    properties = thing.properties

    assert (thing.types, thing.required) == ((), ("id",))
    assert list(properties) == ["id", "name", "parts", "anything", "nothing"]
    assert (properties["id"].types, properties["name"].types) == (("integer",), ("string", "null"))
    assert properties["parts"].items is not None
    assert properties["parts"].items.target.pointer == THING
    assert (properties["anything"].raw, properties["nothing"].raw) == ({}, {"not": True})


def test_every_schema_of_the_document_is_yielded_once() -> None:
    found = [each.pointer for each in CONTRACT.schemas()]

    assert len(found) == len(set(found))
    assert set(found) == {
        *(
            f"{THING}{inner}"
            for inner in ("", "/properties/id", "/properties/name", "/properties/parts")
        ),
        *(f"{THING}/properties/{inner}" for inner in ("parts/items", "anything", "nothing")),
        "/components/schemas/Alias",
        "/components/parameters/ThingId/schema",
        "/components/headers/ETag/schema",
        "/components/requestBodies/Thing/content/application~1json/schema",
        f"{PATH}/parameters/1/schema",
        f"{PATH}/parameters/2/schema",
        f"{PATH}/get/parameters/0/schema",
        f"{PATH}/get/parameters/1/schema",
        f"{PATH}/get/parameters/1/schema/items",
        f"{PATH}/get/responses/200/content/application~1json/schema",
    }


def test_schemas_of_an_operation_are_followed_and_end() -> None:
    found = [each.pointer for each in PUT.schemas()]

    assert found[:4] == [
        "/components/parameters/ThingId/schema",
        f"{PATH}/parameters/1/schema",
        f"{PATH}/parameters/2/schema",
        THING,
    ]
    assert len(found) == len(set(found)) == 9


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("#/components/schemas/Nobody", "leads nowhere"),
        ("other.yaml#/Thing", "is outside of the document"),
        ("#/components/schemas/A", "refers to itself"),
    ],
)
def test_reference_that_cannot_be_followed_is_told(reference: str, why: str) -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": reference}}
    contract = Contract({"components": {"schemas": schemas}})

    with pytest.raises(
        UnsupportedContract, match=f"^{re.escape('/components/schemas/B/$ref')}: .*{why}"
    ):
        _ = contract.schema("/components/schemas/A").target


def test_nodes_of_one_place_are_equal() -> None:
    again = Contract(DOCUMENT)

    assert again.by_id["get_thing"] == GET
    assert len({*again.operations, *CONTRACT.operations}) == 3


def test_pointer_of_what_is_inside_ends_where_nothing_is() -> None:
    assert GET.inner("responses", "404") == f"{PATH}/get/responses/404"
    assert GET.inner("responses", "500") == f"{PATH}/get/responses"
    assert GET.inner("summary") == f"{PATH}/get"
