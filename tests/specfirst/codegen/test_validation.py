"""Where something is wrong with a request, and what is reported, with unions of every kind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from specfirst.conformance.strategies import reproducible
from tests.specfirst.codegen.features import REACHED, Document, Feature, Outcome, Service
from tests.specfirst.codegen.vocabulary import foreign_words

CONTRACT = """
openapi: 3.1.0
info: {title: Shapes, version: '1'}
paths:
  /shapes:
    post:
      operationId: create_shape
      parameters:
        - name: ids
          in: query
          schema: {type: array, items: {type: integer, minimum: 1, maximum: 9}, maxItems: 2}
        - name: deep
          in: query
          style: deepObject
          schema:
            type: object
            required: [a/b]
            properties: {a/b: {type: integer}, kind: {$ref: '#/components/schemas/Kind'}}
        - name: filter
          in: query
          content: {application/json: {schema: {$ref: '#/components/schemas/Circle'}}}
        - {name: X-Kind, in: header, schema: {$ref: '#/components/schemas/Kind'}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Everything'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Form'}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Kind: {type: string, enum: [circle, square]}
    Circle:
      type: object
      additionalProperties: false
      required: [kind, radius]
      properties:
        kind: {const: circle}
        radius: {type: number, exclusiveMinimum: 0}
        label: {type: string, maxLength: 3}
    Square:
      type: object
      additionalProperties: false
      required: [kind]
      properties:
        kind: {const: square}
        side: {type: integer, multipleOf: 2}
        Circle: {type: object, properties: {kind: {type: integer}}}
    Form:
      type: object
      required: [name]
      properties:
        name: {type: string, pattern: '^[a-z]*$'}
        ids: {type: array, items: {type: integer}}
        file: {type: string, format: binary, maxLength: 2}
    Tree:
      oneOf:
        - {type: array, items: {$ref: '#/components/schemas/Tree'}}
        - {type: integer}
        - {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}
    Named: {type: object, required: [name], properties: {name: {type: string, minLength: 1}}}
    Everything:
      type: object
      additionalProperties: false
      properties:
        a/b~c: {type: integer}
        class: {type: boolean}
        text: {type: string, minLength: 2, maxLength: 4, pattern: '^[^\\u0000]*$'}
        looking: {type: string, pattern: '^(?!admin)[a-z]+$'}
        nullable: {type: [string, 'null'], maxLength: 3}
        level: {enum: [1, 2.5, high, null]}
        colour: {enum: [red, null]}
        when: {type: string, format: date-time}
        day: {type: string, format: date}
        id: {type: string, format: uuid}
        small: {type: integer, format: int32}
        scalars: {oneOf: [{type: string, maxLength: 2}, {type: integer, minimum: 5}]}
        strings: {anyOf: [{type: string, maxLength: 2}, {type: string, minLength: 5}]}
        moment:
          anyOf: [{type: string, format: date-time}, {type: string, format: date}, {type: 'null'}]
        shape: &shape
          oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
        shapes: {type: array, items: {anyOf: [*shape, {type: string, maxLength: 1}]}}
        by_name: {type: object, maxProperties: 3, additionalProperties: *shape}
        told: &told
          oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
          discriminator:
            propertyName: kind
            mapping: {circle: '#/components/schemas/Circle', square: '#/components/schemas/Square'}
        told_or_null: {anyOf: [*told, {type: 'null'}]}
        tree: {$ref: '#/components/schemas/Tree'}
        numbers:
          type: array
          minItems: 1
          maxItems: 3
          uniqueItems: true
          items: {type: number, maximum: 9}
        map: {type: object, minProperties: 1, additionalProperties: {type: integer, minimum: 1}}
        whole:
          allOf: [{$ref: '#/components/schemas/Named'}]
          required: [size]
          properties: {size: {type: integer}, name: {maxLength: 2}}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service generated from the contract above."""
    feature = Feature("shapes", "", yaml.safe_load(CONTRACT), alone=True)
    return Service("of_shapes", [feature], tmp_path_factory.mktemp("shapes"))


def post(service: Service, body: object) -> Outcome:
    return service.send(
        "POST", "/shapes", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )


PLACES: dict[str, tuple[object, list[str]]] = {
    "no object": ([], [" wrong_type"]),
    "null": (None, [" wrong_type"]),
    "unknown": ({"~x/": 1}, ["/~0x~1 unknown"]),
    "escaped": ({"a/b~c": "1"}, ["/a~1b~0c wrong_type"]),
    "python keyword": ({"class": 1}, ["/class wrong_type"]),
    "name in python": ({"class_": True}, ["/class_ unknown"]),
    "order": (
        {"class": 1, "a/b~c": True, "x": 1},
        ["/a~1b~0c wrong_type", "/class wrong_type", "/x unknown"],
    ),
    "too short": ({"text": "a"}, ["/text too_short"]),
    "character": ({"text": "a\0b"}, ["/text wrong_pattern"]),
    "lone surrogate": ({"text": "\ud800\ud800"}, ["/text malformed"]),
    "lone surrogate in a name": ({"\ud800": 1}, [" malformed"]),
    "lone surrogate in a key": ({"map": {"\ud800": "1"}}, ["/map wrong_type"]),
    "pattern with look-around": ({"looking": "admins"}, ["/looking wrong_pattern"]),
    "value of an enum": ({"level": 3}, ["/level not_in_enum"]),
    "date-time": ({"when": "2026-02-30T00:00:00Z"}, ["/when wrong_format"]),
    "date-time, no text": ({"when": 1}, ["/when wrong_type"]),
    "date": ({"day": "today"}, ["/day wrong_format"]),
    "uuid": ({"id": "1"}, ["/id wrong_format"]),
    "int32": ({"small": 2**31}, ["/small too_large"]),
    "thousands of digits": ({"small": 10**2000}, ["/small too_large"]),
    "thousands of digits below zero": ({"small": -(10**2000)}, ["/small too_small"]),
    "alternative of this type": ({"scalars": "abc"}, ["/scalars too_long"]),
    "alternative of that type": ({"scalars": 4}, ["/scalars too_small"]),
    "no alternative's type": ({"scalars": [1]}, ["/scalars wrong_type"]),
    "alternatives of one type": ({"strings": "abc"}, ["/strings no_match"]),
    "alternatives of one format": ({"moment": "abc"}, ["/moment no_match"]),
    "alternative by its constant": (
        {"shape": {"kind": "circle", "radius": 0}},
        ["/shape/radius too_small"],
    ),
    "alternative by the other constant": (
        {"shape": {"kind": "square", "side": 1}},
        ["/shape/side not_a_multiple"],
    ),
    "alternative without its constant": ({"shape": {}}, ["/shape/kind required"]),
    "alternative with no constant": ({"shape": {"kind": "x"}}, ["/shape/kind not_in_enum"]),
    "no object for objects": ({"shape": 1}, ["/shape wrong_type"]),
    "alternatives in an array": (
        {"shapes": ["a", "ab", {"kind": "square", "x/": 1}, 5]},
        ["/shapes/1 too_long", "/shapes/2/x~1 unknown", "/shapes/3 wrong_type"],
    ),
    "alternatives in a map": (
        {"by_name": {"Square": {"kind": "square", "side": "1"}, "Circle": {"kind": "circle"}}},
        ["/by_name/Square/side wrong_type", "/by_name/Circle/radius required"],
    ),
    "property with the name of an alternative": (
        {"shape": {"kind": "square", "Circle": {"kind": "1"}}},
        ["/shape/Circle/kind wrong_type"],
    ),
    "discriminator": ({"told": {"kind": "circle"}}, ["/told/radius required"]),
    "discriminator of an unknown kind": ({"told": {"kind": "x"}}, ["/told/kind not_in_enum"]),
    "discriminator that is no text": ({"told": {"kind": [1]}}, ["/told/kind not_in_enum"]),
    "discriminator that is missing": ({"told": {}}, ["/told/kind required"]),
    "discriminator of no object": ({"told": "circle"}, ["/told wrong_type"]),
    "discriminator or null": ({"told_or_null": 1}, ["/told_or_null wrong_type"]),
    "recursion": ({"tree": [1, {"a/": [[1.5]]}]}, ["/tree/1/a~1/0/0 wrong_type"]),
    "items": ({"numbers": [1, 10, "1"]}, ["/numbers/1 too_large", "/numbers/2 wrong_type"]),
    "too few items": ({"numbers": []}, ["/numbers too_few_items"]),
    "too many items": ({"numbers": [1, 2, 3, 4]}, ["/numbers too_many_items"]),
    "equal items": ({"numbers": [1, 1.0]}, ["/numbers not_unique"]),
    "too few properties": ({"map": {}}, ["/map too_few_properties"]),
    "too many properties": (
        {"by_name": {name: {"kind": "square"} for name in "abcd"}},
        ["/by_name too_many_properties"],
    ),
    "parts of one schema": (
        {"whole": {"name": "abc"}},
        ["/whole/name too_long", "/whole/size required"],
    ),
    "deep nesting": (
        {"tree": json.loads("[" * 200 + "1.5" + "]" * 200)},
        [f"/tree{'/0' * 200} wrong_type"],
    ),
    "too deep nesting": ({"tree": json.loads("[" * 400 + "1.5" + "]" * 400)}, [" too_deep"]),
    "name of no bounds": ({"map": {"x" * 600: "1"}}, ["/map wrong_type"]),
}


@pytest.mark.parametrize("name", PLACES)
def test_error_has_a_code_and_points_into_what_was_sent(service: Service, name: str) -> None:
    body, expected = PLACES[name]

    answer = post(service, body)

    assert (answer.status, answer.codes) == (422, expected)


LIMITS: dict[str, tuple[object, str, dict[str, object]]] = {
    "type": ({"class": 1}, "Must be a boolean", {"types": ["boolean"]}),
    "types": (
        {"scalars": None},
        "Must be a string or an integer",
        {"types": ["string", "integer"]},
    ),
    "null beside a type": (
        {"nullable": 1},
        "Must be a string or null",
        {"types": ["string", "null"]},
    ),
    "null beside a bound": (
        {"nullable": "long"},
        "Must have at most 3 characters",
        {"max_length": 3},
    ),
    "null beside alternatives": (
        {"told_or_null": 1},
        "Must be an object or null",
        {"types": ["object", "null"]},
    ),
    "null in an enum": ({"colour": "blue"}, "Must be one of: red, null", {"values": ["red", None]}),
    "enum": (
        {"level": True},
        "Must be one of: 1, 2.5, high, null",
        {"values": [1, 2.5, "high", None]},
    ),
    "constants": (
        {"shape": {"kind": 1}},
        "Must be one of: circle, square",
        {"values": ["circle", "square"]},
    ),
    "discriminator": (
        {"told": {"kind": 1}},
        "Must be one of: circle, square",
        {"values": ["circle", "square"]},
    ),
    "characters": ({"text": "a\0b"}, "Must not contain U+0000", {"pattern": "^[^\\u0000]*$"}),
    "pattern": (
        {"looking": "A"},
        "Must match the pattern ^(?!admin)[a-z]+$",
        {"pattern": "^(?!admin)[a-z]+$"},
    ),
    "format": ({"day": "x"}, "Must be a date as in RFC 3339", {"format": "date"}),
    "number": (
        {"shape": {"kind": "circle", "radius": 0}},
        "Must be greater than 0",
        {"exclusive_minimum": 0},
    ),
    "none": ({"x": 1}, "Unknown property", {}),
}


@pytest.mark.parametrize("name", LIMITS)
def test_error_says_what_the_contract_says_there(service: Service, name: str) -> None:
    body, detail, limits = LIMITS[name]

    [told] = post(service, body).told

    assert (told["detail"], told["limits"]) == (detail, limits)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ids=1&ids=10&ids=x", ["/ids too_many_items"]),
        ("ids=1&ids=10", ["/ids/1 too_large"]),
        (f"ids={'9' * 2000}&ids=x", ["/ids/0 too_large", "/ids/1 wrong_type"]),
        ("deep[kind]=x", ["/deep/a~1b required", "/deep/kind not_in_enum"]),
        ('filter={"kind":"circle","radius":0}', ["/filter/radius too_small"]),
        ("filter={", ["/filter wrong_type"]),
    ],
)
def test_error_in_a_parameter_points_into_it(
    service: Service, query: str, expected: list[str]
) -> None:
    answer = service.send("POST", f"/shapes?{query}")

    assert (answer.status, answer.codes) == (422, expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("unknown~/=1", ["/unknown~0~1 unknown"]),
        ("filter=1&filter=2", ["/filter repeated"]),
        (f"{'x' * 600}=1", [" unknown"]),
        ("ids=%ff", [" malformed"]),
    ],
)
def test_query_that_cannot_be_read_is_told_with_a_code(
    service: Service, query: str, expected: list[str]
) -> None:
    answer = service.send("POST", f"/shapes?{query}")

    assert (answer.status, answer.codes) == (400, expected)


def test_error_in_a_header_names_it(service: Service) -> None:
    answer = service.send("POST", "/shapes", headers={"X-Kind": "x"})

    assert (answer.errors, answer.codes) == (["header: /X-Kind"], ["/X-Kind not_in_enum"])


@pytest.mark.parametrize("files", [None, {"file": ("a", b"abc")}])
def test_error_in_a_form_points_at_the_field(service: Service, files: Any) -> None:
    answer = service.send("POST", "/shapes", data={"name": "A", "ids": ["1", "x"]}, files=files)

    expected = ["/name wrong_pattern", "/ids/1 wrong_type", *(["/file too_long"] if files else [])]
    assert (answer.status, answer.codes) == (422, expected)


def test_repeated_field_of_a_form_is_told_with_a_code(service: Service) -> None:
    answer = service.send("POST", "/shapes", data={"name": ["a", "b"]})

    assert (answer.status, answer.codes) == (400, ["/name repeated"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1,"b":[{"x":{"c/d":1,"c/d":2}}]}', ["/b/0/x/c~1d repeated"]),
        (b'{"a":1,"a":}', [" malformed"]),
        (b'[{"a":1,"a":1},}', [" repeated"]),
        (b'{"\\ud800":1,"\\ud800":1}', [" repeated"]),
        (b'{"%s":1,"%s":1}' % (b"x" * 600, b"x" * 600)[0:2], [" repeated"]),
        (b"[" * 900_0, [" too_deep"]),
        (b"[NaN]", [" malformed"]),
        (b"{", [" malformed"]),
        (b"\xff", [" malformed"]),
    ],
    ids=lambda value: str(value)[:30],
)
def test_body_that_cannot_be_read_is_told_with_a_code(
    service: Service, body: bytes, expected: list[str]
) -> None:
    read = service.module("runtime.json").parse_json

    with pytest.raises(service.module("runtime.rejections").RequestRejected) as refused:
        read(body)

    assert refused.value.status == 400
    assert [f"{each.pointer} {each.code}" for each in refused.value.errors] == expected


def test_hundred_errors_are_told_and_of_thousands_how_many(service: Service) -> None:
    many = post(service, {"map": {str(number): 0 for number in range(101)}}).told
    too_many = post(service, {str(number): 0 for number in range(90)} | {"shapes": [{}] * 90}).told

    assert len(many) == 100
    assert len(too_many) == 100
    validated = service.module("runtime.validation").validated
    adapter = service.module("models").Everything.__pydantic_validator__
    errors = []  # type: ignore[var-annotated]
    assert (
        validated(adapter, {str(number): 0 for number in range(1001)}, "body", "", errors) is None
    )
    assert [(error.pointer, error.code) for error in errors] == [("", "too_many_errors")]


@pytest.mark.parametrize(
    "body", [{"told": {"kind": "circle", "radius": 1}}, {"tree": [[1]]}, {"nullable": None}]
)
def test_what_the_contract_allows_is_taken(service: Service, body: object) -> None:
    assert post(service, body).status == REACHED


_texts = st.sampled_from(
    ["", "a", "circle", "square", "2026-01-05", "\0", "Circle", "list"]
) | st.text(max_size=5)
_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts
)
_members = {*yaml.safe_load(CONTRACT)["components"]["schemas"]["Everything"]["properties"]}
_names = st.sampled_from(
    sorted(
        {*_members, "kind", "radius", "side", "label", "Circle", "Square", "name", "size", "str"}
    )
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names | _texts, inner, max_size=4),
    max_leaves=8,
)


def resolved(body: object, pointer: str) -> object:
    """Return what stands at a JSON Pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        body = body[int(name)] if isinstance(body, list) else body[name]  # type: ignore[index]
    return body


@given(body=st.dictionaries(_names | _texts, _values, max_size=4))
@example(
    body={
        "shape": {"kind": "square", "Circle": {"Circle": 1, "kind": "x"}},
        "tree": {"int": {"int": "int"}},
    }
)
@example(
    body={"by_name": {"Circle": {"Square": 1}}, "shapes": [{"kind": "square", "side": "a"}, []]}
)
@reproducible
def test_whatever_is_sent_is_told_in_words_of_the_contract_and_points_into_it(
    service: Service, body: Any
) -> None:
    answer = post(service, body)

    if answer.status == REACHED:
        return
    assert answer.status == 422
    assert len({*answer.codes}) == len(answer.codes)
    for told in answer.told:
        assert foreign_words(told["detail"]) == set(), told
        place = (
            told["pointer"].rpartition("/")[0] if told["code"] == "required" else told["pointer"]
        )
        resolved(body, place)


# --- Each keyword, in each place where a schema can stand ---

KEYWORDS: dict[str, tuple[Document, Any, Any]] = {
    "type": ({"type": "integer"}, 1, "x"),
    "minLength": ({"type": "string", "minLength": 2}, "ab", "a"),
    "maxLength": ({"type": "string", "maxLength": 2}, "ab", "abc"),
    "pattern": ({"type": "string", "pattern": "^a"}, "ab", "ba"),
    "excluded": ({"type": "string", "pattern": "^[^x]*$"}, "ab", "ax"),
    "lookAround": ({"type": "string", "pattern": "^(?!b)"}, "ab", "ba"),
    "dates": ({"type": "string", "format": "date", "pattern": "1$"}, "2026-02-01", "2026-02-02"),
    "enum": ({"type": "string", "enum": ["a", "b"]}, "b", "c"),
    "const": ({"type": "string", "const": "a"}, "a", "b"),
    "date": ({"type": "string", "format": "date"}, "2026-02-28", "2026-02-30"),
    "time": ({"type": "string", "format": "date-time"}, "2026-02-28T00:00:00Z", "2026-02-28"),
    "uuid": ({"type": "string", "format": "uuid"}, "0" * 8 + "-0000-4000-8000-" + "0" * 12, "0"),
    "int32": ({"type": "integer", "format": "int32"}, -(2**31), 2**31),
    "int64": ({"type": "integer", "format": "int64"}, 2**63 - 1, -(2**63) - 1),
    "minimum": ({"type": "integer", "minimum": 2}, 2, 1),
    "maximum": ({"type": "integer", "maximum": 2}, 2, 3),
    "exclusiveMinimum": ({"type": "integer", "exclusiveMinimum": 2}, 3, 2),
    "exclusiveMaximum": ({"type": "integer", "exclusiveMaximum": 2}, 1, 2),
    "nullable": ({"type": ["integer", "null"], "minimum": 2}, 2, 1),
    "minimumOfZero": ({"type": "integer", "minimum": 0}, 0, -1),
    "maximumOfZero": ({"type": "number", "maximum": 0}, 0, 0.5),
    "multipleOf": ({"type": "integer", "multipleOf": 2}, 4, 3),
    "greatestMinimum": ({"allOf": [{"type": "integer", "minimum": 2}, {"minimum": 1}]}, 2, 1),
    "leastMaximum": ({"allOf": [{"maximum": 3}, {"type": "integer", "maximum": 2}]}, 2, 3),
    "greatestMinLength": (
        {"allOf": [{"type": "string", "minLength": 2}, {"minLength": 1}]},
        "ab",
        "a",
    ),
    "leastMaxLength": (
        {"allOf": [{"maxLength": 3}, {"type": "string", "maxLength": 2}]},
        "ab",
        "abc",
    ),
    "items": ({"type": "array", "items": {"type": "integer"}}, [1, 2], [1, "x"]),
    "minItems": ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 2], [1]),
    "maxItems": ({"type": "array", "items": {"type": "integer"}, "maxItems": 1}, [1], [1, 2]),
    "uniqueItems": (
        {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
        [1, 2],
        [1, 1],
    ),
}
OF_OBJECTS: dict[str, tuple[Document, Any, Any]] = {
    "required": ({"type": "object", "required": ["a"]}, {"a": 1}, {"b": 1}),
    "minProperties": ({"type": "object", "minProperties": 2}, {"a": 1, "b": 1}, {"a": 1}),
    "maxProperties": ({"type": "object", "maxProperties": 1}, {"a": 1}, {"a": 1, "b": 1}),
    "additionalProperties": (
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"a": 1},
        {"a": "x"},
    ),
    "noAdditionalProperties": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        {"a": 1},
        {"b": 1},
    ),
    "properties": (
        {"type": "object", "properties": {"a": {"type": "integer"}}},
        {"a": 1},
        {"a": "x"},
    ),
}
EVERYWHERE = KEYWORDS | OF_OBJECTS

Place = tuple[Callable[[str, Document], Document], Callable[[Any], Any]]

PLACES_OF_SCHEMAS: dict[str, Place] = {
    "named": (lambda name, _: {"$ref": f"#/components/schemas/Of_{name}"}, lambda value: value),
    "inline": (lambda _, schema: schema, lambda value: value),
    "nested": (
        lambda _, schema: {"type": "object", "properties": {"inner": schema}},
        lambda value: {"inner": value},
    ),
    "item": (lambda _, schema: {"type": "array", "items": schema}, lambda value: [value]),
    "named item": (
        lambda name, _: {"type": "array", "items": {"$ref": f"#/components/schemas/Of_{name}"}},
        lambda value: [value],
    ),
    "value": (
        lambda _, schema: {"type": "object", "additionalProperties": schema},
        lambda value: {"any": value},
    ),
    "item of an item": (
        lambda _, schema: {"type": "array", "items": {"type": "array", "items": schema}},
        lambda value: [[], [value]],
    ),
    "nullable": (lambda _, schema: {"anyOf": [schema, {"type": "null"}]}, lambda value: value),
    "one of": (lambda _, schema: {"oneOf": [schema, {"type": "boolean"}]}, lambda value: value),
    "all of": (lambda _, schema: {"allOf": [schema]}, lambda value: value),
}
"""Places in a body: the schema with a keyword there, and the value that has another there."""


def _content(schema: Document) -> Document:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _everywhere() -> Document:
    """Return a contract with each keyword in each place."""
    done = {"204": {"description": "Done."}}
    schemas = {name: schema for name, (schema, _, _) in EVERYWHERE.items()}
    places = {
        place: {
            "type": "object",
            "properties": {name: make(name, schema) for name, schema in schemas.items()},
        }
        for place, (make, _) in PLACES_OF_SCHEMAS.items()
    }
    parameters = [
        {"name": f"{start}{name}", "in": location, "schema": schemas[name], "explode": explode}
        for name in KEYWORDS
        for location, start, explode in (
            ("query", "", True),
            ("header", "X-", False),
            ("cookie", "c_", False),
        )
    ]
    paths: Document = {
        "/everywhere": {
            "post": {
                "operationId": "post_everywhere",
                "tags": ["everywhere"],
                "parameters": parameters,
                "requestBody": _content({"type": "object", "properties": places}),
                "responses": done,
            }
        }
    }
    for name, schema in schemas.items():
        for kind, body in (("inline", schema), ("named", PLACES_OF_SCHEMAS["named"][0](name, {}))):
            paths[f"/{kind}/{name}"] = {
                "post": {
                    "operationId": f"post_{kind}_{name}",
                    "tags": ["everywhere"],
                    "requestBody": _content(body),
                    "responses": done,
                }
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Everywhere", "version": "1"},
        "paths": paths,
        "components": {"schemas": {f"Of_{name}": schema for name, schema in schemas.items()}},
    }


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service generated from that contract."""
    feature = Feature("everywhere", "", _everywhere(), alone=True)
    return Service("of_everywhere", [feature], tmp_path_factory.mktemp("everywhere"))


def _asked(service: Service, name: str, value: Any) -> dict[str, Outcome]:
    """Send a value to each place that has this keyword."""
    asked = {
        place: service.send("POST", "/everywhere", json={place: {name: within(value)}})
        for place, (_, within) in PLACES_OF_SCHEMAS.items()
    }
    for kind in ("inline", "named"):
        asked[f"body, {kind}"] = service.send("POST", f"/{kind}/{name}", json=value)
    if name in KEYWORDS:
        items = [str(item) for item in (value if isinstance(value, list) else [value])]
        text = ",".join(items)
        parameters: dict[str, Document] = {
            "query": {"params": {name: items}},
            "header": {"headers": {f"X-{name}": text}},
            "cookie": {"headers": {"Cookie": f"c_{name}={text}"}},
        }
        for place, sent in parameters.items():
            asked[place] = service.send("POST", "/everywhere", json={}, **sent)
    return asked


@pytest.mark.parametrize("name", EVERYWHERE)
def test_each_keyword_holds_in_each_place(everywhere: Service, name: str) -> None:
    _, right, wrong = EVERYWHERE[name]

    accepted, refused = (_asked(everywhere, name, value) for value in (right, wrong))

    assert [place for place, each in accepted.items() if each.status != REACHED] == []
    assert [place for place, each in refused.items() if each.status != 422] == []
