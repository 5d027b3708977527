"""The catalogue of what the generator supports: small documents, and what becomes of each.

The table in docs/generator.md is made from it:

    UPDATE_DOCS=1 python -m pytest tests/specfirst/codegen -k table
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from specfirst.codegen.deprecation import announced
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract
from tests.conftest import ROOT
from tests.specfirst.codegen.features import (
    FEATURES,
    REACHED,
    Caller,
    Feature,
    Outcome,
    Sample,
    Services,
    feature,
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """All documents of the catalogue, generated."""
    return Services(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture
def api(request: pytest.FixtureRequest, services: Services) -> Sample:
    """The feature that a test is about, generated and served."""
    this: Feature = request.function.feature
    return Sample(this, services.of(this))


# --- Parameters ---


@feature(
    "Bounds of parameters",
    "All keywords of JSON Schema; a value out of bounds gets 422",
    """
    paths:
      /bounds:
        get:
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
            - name: ratio
              in: query
              schema: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}
            - name: word
              in: query
              schema: {type: string, minLength: 2, maxLength: 4, pattern: '^[a-z]+$'}
            - {name: step, in: query, schema: {type: integer, multipleOf: 5}}
    """,
)
def test_bounds_of_parameters(api: Sample) -> None:
    assert "Annotated[StrictInt, Field(ge=1, le=100)]" in api.code
    assert "limit: int | None, ratio: float | None, word: str | None" in api.code

    assert api.send("GET", "/bounds?limit=100&ratio=0.5&word=ab&step=10").arguments == {
        "limit": 100,
        "ratio": 0.5,
        "word": "ab",
        "step": 10,
    }
    for wrong in (
        "limit=0",
        "limit=101",
        "limit=x",
        "ratio=0",
        "ratio=1",
        "word=a",
        "word=abcde",
        "word=A1",
        "step=7",
    ):
        refused = api.send("GET", f"/bounds?{wrong}")
        assert (refused.status, refused.errors) == (422, [f"query: /{wrong.partition('=')[0]}"])


@feature(
    "Path parameters",
    "A value that cannot exist gets 404",
    """
    paths:
      /things/{thing_id}/parts/{part}:
        get:
          parameters:
            - {name: thing_id, in: path, required: true, schema: {type: integer, minimum: 1}}
            - {name: part, in: path, required: true, schema: {type: string, maxLength: 3}}
    """,
)
def test_path_parameters(api: Sample) -> None:
    assert "thing_id: int, part: str" in api.code

    assert api.send("GET", "/things/1/parts/a%20b").arguments == {"thing_id": 1, "part": "a b"}
    assert api.send("GET", "/things/0/parts/a").status == 404
    assert api.send("GET", "/things/x/parts/a").status == 404
    assert api.send("GET", "/things/1/parts/abcd").status == 404


@feature(
    "Encoded delimiters in paths",
    "Data, not separators: `/files/a%2Fb` is the file `a/b`",
    """
    paths:
      /files/{name}:
        get: {parameters: [{name: name, in: path, required: true, schema: {type: string}}]}
      /files/{names}/all:
        get:
          parameters:
            - {name: names, in: path, required: true, schema: {type: array, items: {type: string}}}
    """,
)
def test_encoded_delimiters_in_paths(api: Sample) -> None:
    assert "decode=from_path(text)" in api.code

    assert api.send("GET", "/files/a%2Fb").arguments == {"name": "a/b"}
    assert api.send("GET", "/files/a%2Cb,c/all").arguments == {"names": ["a,b", "c"]}
    assert api.send("GET", "/files%2Fa").status == 404


@feature(
    "Required and optional parameters",
    "An omitted optional parameter is `None`; a missing required one gets 422",
    """
    paths:
      /presence:
        get:
          parameters:
            - {name: needed, in: query, required: true, schema: {type: string}}
            - {name: spare, in: query, schema: {type: boolean}}
    """,
)
def test_required_and_optional_parameters(api: Sample) -> None:
    assert "needed: str, spare: bool | None" in api.code

    assert api.send("GET", "/presence?needed=").arguments == {"needed": "", "spare": None}
    assert api.send("GET", "/presence?needed=a&spare=true").arguments == {
        "needed": "a",
        "spare": True,
    }
    assert api.send("GET", "/presence?spare=true").errors == ["query: /needed"]
    assert api.send("GET", "/presence?needed=a&spare=True").errors == ["query: /spare"]


@feature(
    "Unknown and repeated query parameters",
    "Rejected with 400",
    """
    paths:
      /strict_query:
        get:
          parameters: [{name: a, in: query, schema: {type: string}}]
    """,
)
def test_unknown_and_repeated_query_parameters(api: Sample) -> None:
    assert api.send("GET", "/strict_query?b=1").status == 400
    assert api.send("GET", "/strict_query?a=1&a=2").status == 400
    assert api.send("GET", "/strict_query?a=%ff").status == 400


@feature(
    "Enums",
    "`Literal`, also for `const` and for values without a Python literal",
    """
    paths:
      /enums:
        post:
          parameters:
            - {name: sort, in: query, schema: {type: string, enum: [title, count, class]}}
            - {name: level, in: query, schema: {type: integer, enum: [1, 2]}}
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Paint'}}}}
    components:
      schemas:
        Paint:
          required: [kind]
          properties:
            kind: {const: paint}
            colour: {$ref: '#/components/schemas/Colour'}
            ratio: {type: number, enum: [0.5, 1.5]}
        Colour: {type: string, enum: [red, title]}
    """,
)
def test_enums(api: Sample) -> None:
    assert "sort: Literal['title', 'count', 'class'] | None" in api.code.replace('"', "'")
    assert "Colour: TypeAlias = Literal['red', 'title']" in api.models.replace('"', "'")

    good = api.send(
        "POST", "/enums?sort=class&level=2", json={"kind": "paint", "colour": "title", "ratio": 1.5}
    )
    assert (good.arguments["sort"], good.arguments["level"]) == ("class", 2)
    assert api.send("POST", "/enums?sort=other").errors == ["query: /sort"]
    assert api.send("POST", "/enums?level=3").errors == ["query: /level"]
    assert api.send("POST", "/enums", json={"kind": "oil"}).errors == ["body: /kind"]
    assert api.send("POST", "/enums", json={"kind": "paint", "colour": "blue"}).errors == [
        "body: /colour"
    ]
    assert api.send("POST", "/enums", json={"kind": "paint", "ratio": 2.5}).errors == [
        "body: /ratio"
    ]


@feature(
    "Arrays with constrained items",
    "Items and their number are checked, in parameters and bodies",
    """
    paths:
      /arrays:
        post:
          parameters:
            - name: ids
              in: query
              schema: {type: array, minItems: 1, maxItems: 2, items: {type: integer, minimum: 1}}
          requestBody:
            content:
              application/json: {schema: {type: array, items: {type: string, maxLength: 2}}}
    """,
)
def test_arrays_with_constrained_items(api: Sample) -> None:
    assert "ids: list[int] | None, body: list[str] | None" in api.code

    assert api.send("POST", "/arrays?ids=1&ids=2", json=["ab"]).arguments == {
        "ids": [1, 2],
        "body": ["ab"],
    }
    assert api.send("POST", "/arrays?ids=1&ids=0").errors == ["query: /ids/1"]
    assert api.send("POST", "/arrays?ids=1&ids=2&ids=3").errors == ["query: /ids"]
    assert api.send("POST", "/arrays", json=["ab", "abc"]).errors == ["body: /1"]


@feature(
    "Styles of array parameters",
    "`form`, `spaceDelimited`, `pipeDelimited` and `simple`, with and without `explode`",
    """
    paths:
      /styles/{path}:
        get:
          parameters:
            - name: path
              in: path
              required: true
              schema: &integers {type: array, items: {type: integer}}
            - {name: repeated, in: query, schema: *integers}
            - {name: commas, in: query, explode: false, schema: *integers}
            - {name: spaces, in: query, style: spaceDelimited, explode: false, schema: *integers}
            - {name: pipes, in: query, style: pipeDelimited, explode: false, schema: *integers}
            - {name: X-Header, in: header, schema: *integers}
    """,
)
def test_styles_of_array_parameters(api: Sample) -> None:
    url = "/styles/1,2?repeated=1&repeated=2&commas=1,2&spaces=1%202&pipes=1%7C2"

    sent = api.send("GET", url, headers={"X-Header": "1, 2"})

    assert sent.arguments == {
        name: [1, 2] for name in ("path", "repeated", "commas", "spaces", "pipes", "x_header")
    }


@feature(
    "Object parameters",
    "`deepObject` and exploded `form` become a model; `content: application/json` is parsed",
    """
    paths:
      /objects:
        get:
          parameters:
            - name: deep
              in: query
              style: deepObject
              schema: {$ref: '#/components/schemas/Range'}
            - name: json
              in: query
              content: {application/json: {schema: {$ref: '#/components/schemas/Range'}}}
    components:
      schemas:
        Range:
          type: object
          required: [start]
          properties: {start: {type: integer}, end: {type: integer}}
    """,
)
def test_object_parameters(api: Sample) -> None:
    start = api.model("Range", start=1)

    assert api.send("GET", "/objects?deep[start]=1").arguments["deep"] == start
    assert api.send("GET", "/objects", params={"json": '{"start": 1}'}).arguments["json"] == start
    assert api.send("GET", "/objects?deep[end]=2").errors == ["query: /deep/start"]
    assert api.send("GET", "/objects?json={").errors == ["query: /json"]


@feature(
    "Header parameters",
    "Names are case-insensitive",
    """
    paths:
      /headers:
        get:
          parameters:
            - {name: X-Name, in: header, required: true, schema: {type: string, pattern: '^"'}}
            - {name: X-Count, in: header, schema: {type: integer, maximum: 9}}
    """,
)
def test_header_parameters(api: Sample) -> None:
    assert "x_name: str, x_count: int | None" in api.code

    sent = api.send("GET", "/headers", headers={"x-name": '"a"', "X-COUNT": "3"})

    assert sent.arguments == {"x_name": '"a"', "x_count": 3}
    assert api.send("GET", "/headers").errors == ["header: /X-Name"]
    assert api.send("GET", "/headers", headers={"X-Name": '"a"', "X-Count": "10"}).errors == [
        "header: /X-Count"
    ]


@feature(
    "Cookie parameters",
    "Typed and checked like other parameters",
    """
    paths:
      /cookies:
        get:
          parameters:
            - {name: visits, in: cookie, required: true, schema: {type: integer, minimum: 1}}
    """,
)
def test_cookie_parameters(api: Sample) -> None:
    assert api.send("GET", "/cookies", headers={"Cookie": "a=b; visits=3"}).arguments == {
        "visits": 3
    }
    assert api.send("GET", "/cookies").errors == ["cookie: /visits"]
    assert api.send("GET", "/cookies", headers={"Cookie": "visits=0"}).errors == ["cookie: /visits"]


@feature(
    "Path-level and shared parameters",
    "Every operation of the path has them, unless it overrides them",
    """
    paths:
      /shelves/{shelf}:
        parameters:
          - {name: shelf, in: path, required: true, schema: {type: integer}}
          - {$ref: '#/components/parameters/Page'}
        get: {}
        delete:
          parameters: [{name: page, in: query, schema: {type: string}}]
    components:
      parameters:
        Page: {name: page, in: query, schema: {type: integer, minimum: 1}}
    """,
)
def test_path_level_parameters(api: Sample) -> None:
    assert api.send("GET", "/shelves/1?page=2").arguments == {"shelf": 1, "page": 2}
    assert api.send("GET", "/shelves/1?page=0").status == 422
    assert api.send("DELETE", "/shelves/1?page=x").arguments == {"shelf": 1, "page": "x"}


@feature(
    "Defaults",
    "The handler receives the default of an omitted parameter or property",
    """
    paths:
      /defaults:
        post:
          parameters:
            - {name: limit, in: query, schema: {type: integer, default: 20}}
            - {name: kinds, in: query, schema: {type: array, items: {type: string}, default: [a]}}
            - {name: zero, in: query, schema: {type: integer, default: 0}}
            - {name: flag, in: query, schema: {type: boolean, default: false}}
            - {name: blank, in: query, schema: {type: string, default: ''}}
            - {name: none, in: query, schema: {type: array, items: {type: string}, default: []}}
            - {name: shared, in: query, schema: {$ref: '#/components/schemas/Unset'}}
            - {name: X-Zero, in: header, schema: {type: integer, default: 0}}
            - {name: flag_cookie, in: cookie, schema: {type: boolean, default: false}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Defaulted'}}}
      /defaults/inline:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties: &falsy
                    zero: {type: integer, default: 0}
                    nought: {type: number, default: 0.0}
                    flag: {type: boolean, default: false}
                    blank: {type: string, default: ''}
                    none: {type: array, items: {type: string}, default: []}
                    empty: {type: object, additionalProperties: {type: string}, default: {}}
                    nothing: {type: [string, 'null'], default: null}
                    shared: {$ref: '#/components/schemas/Unset'}
                    other: {$ref: '#/components/schemas/AlreadySet', default: false}
                    inner:
                      type: object
                      properties:
                        flag: {type: boolean, default: false}
                        size: {type: integer, default: 3}
                    items:
                      type: array
                      items: {type: object, properties: {zero: {type: integer, default: 0}}}
    components:
      schemas:
        Unset: {type: boolean, default: false}
        AlreadySet: {type: boolean, default: true}
        Defaulted:
          type: object
          properties:
            size: {type: integer, default: 3}
            since: {type: string, format: date, default: '2020-01-01'}
            tags: {type: array, items: {type: string}, default: [x]}
            falsy: {type: object, properties: *falsy}
    """,
)
def test_defaults(api: Sample) -> None:
    assert "limit: int, kinds: list[str], zero: int, flag: bool, blank: str" in api.code
    assert "size: StrictInt = 3" in api.models

    sent = api.send("POST", "/defaults", json={})

    assert (sent.arguments["limit"], sent.arguments["kinds"]) == (20, ["a"])
    assert sent.body == {"size": 3, "since": "2020-01-01", "tags": ["x"]}
    assert api.send("POST", "/defaults?limit=5", json={}).arguments["limit"] == 5
    falsy = {"zero": 0, "flag": False, "blank": "", "none": [], "shared": False}
    cookies = {"x_zero": 0, "flag_cookie": False}
    assert sent.arguments.items() >= {**falsy, **cookies}.items()

    properties = {**falsy, "other": False, "nought": 0.0, "empty": {}, "nothing": None}
    given: dict[str, Any] = {"inner": {}, "items": [{}, {"zero": 1}]}
    filled = {"inner": {"flag": False, "size": 3}, "items": [{"zero": 0}, {"zero": 1}]}
    inline = api.send("POST", "/defaults/inline", json=given)
    nested = api.send("POST", "/defaults", json={"falsy": given})
    assert inline.body == nested.body["falsy"] == {**properties, **filled}


# --- Schemas ---


@feature(
    "Required, optional and nullable properties",
    "Omitted is `MISSING`, null is `None`; null is rejected where the schema does not allow it",
    """
    paths:
      /members:
        patch:
          requestBody:
            required: true
            content:
              application/merge-patch+json: {schema: {$ref: '#/components/schemas/Members'}}
    components:
      schemas:
        Members:
          type: object
          required: [needed, needed_nullable]
          properties:
            needed: {type: string}
            needed_nullable: {type: [string, 'null']}
            spare: {type: string}
            spare_nullable: {type: [string, 'null']}
    """,
)
def test_absent_is_not_null(api: Sample) -> None:
    assert "needed: StrictStr needed_nullable: StrictStr | None" in api.models
    assert (
        "spare: StrictStr | MISSING = MISSING spare_nullable: StrictStr | MISSING | None = MISSING"
        in api.models
    )

    def send(**members: object) -> list[str]:
        content_type = {"Content-Type": "application/merge-patch+json"}
        sent = api.send("PATCH", "/members", json=members, headers=content_type)
        return [*sent.body] if sent.status == REACHED else sent.errors

    assert send(needed="a", needed_nullable=None) == ["needed", "needed_nullable"]
    assert send(needed="a", needed_nullable="b", spare_nullable=None)[-1] == "spare_nullable"
    assert send(needed=None, needed_nullable=None) == ["body: /needed"]
    assert send(needed="a") == ["body: /needed_nullable"]
    assert send(needed="a", needed_nullable=None, spare=None) == ["body: /spare"]


@feature(
    "`nullable` and bounds of OpenAPI 3.0",
    "Converted to their 3.1 form, also next to a `$ref` or an enum",
    """
    openapi: 3.0.3
    paths:
      /old:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Old'}}}
    components:
      schemas:
        Old:
          type: object
          required: [name]
          properties:
            name: {type: string, nullable: true, maxLength: 3}
            kind: {type: string, nullable: true, enum: [a, b]}
            words: {type: array, items: {type: string, nullable: true, maxLength: 2}}
            other: {nullable: true, allOf: [{$ref: '#/components/schemas/OldOther'}]}
            ratio:
              type: number
              minimum: 0
              exclusiveMinimum: true
              maximum: 1
              exclusiveMaximum: false
        OldOther: {type: object, properties: {a: {type: integer}}}
    """,
)
def test_nullable_of_3_0(api: Sample) -> None:
    good = {"name": None, "kind": None, "words": ["a", None], "other": None, "ratio": 1}

    assert api.send("POST", "/old", json=good).body == good
    assert api.send("POST", "/old", json={"name": None, "other": {"a": 1}}).body["other"] == {
        "a": 1
    }
    assert api.send("POST", "/old", json={"name": "long", "kind": "c", "ratio": 0}).errors == [
        "body: /name",
        "body: /kind",
        "body: /ratio",
    ]


@feature(
    "Numbers, booleans and strings",
    'As in JSON Schema: `1.0` is an integer, `"1"` and `true` are not',
    """
    paths:
      /scalars:
        post:
          requestBody:
            content: {application/json: {schema: {$ref: '#/components/schemas/Scalars'}}}
    components:
      schemas:
        Scalars:
          type: object
          properties: {i: {type: integer}, n: {type: number}, b: {type: boolean}, s: {type: string}}
    """,
)
def test_scalars(api: Sample) -> None:
    def send(body: str) -> int:
        return api.send(
            "POST", "/scalars", content=body, headers={"Content-Type": "application/json"}
        ).status

    assert [send(f'{{"i": {value}}}') for value in ("1", "1.0", '"1"', "true", "1.5")] == [
        REACHED,
        REACHED,
        *[422] * 3,
    ]
    assert [send(f'{{"n": {value}}}') for value in ("1", "1.5", '"1"', "true")] == [
        REACHED,
        REACHED,
        422,
        422,
    ]
    assert [send(f'{{"b": {value}}}') for value in ("true", "1", '"true"')] == [REACHED, 422, 422]
    assert [send(f'{{"s": {value}}}') for value in ('"a"', "1")] == [REACHED, 422]
    assert [send(body) for body in ("{", '{"i": 1, "i": 2}', '{"n": NaN}')] == [400] * 3


@feature(
    "Formats",
    "`date-time`, `date` (RFC 3339) and `uuid` (RFC 9562) become Python types; the other formats "
    "of JSON Schema are checked by `jsonschema-rs`, which only contracts with one of them need, "
    "and stay text; formats that JSON Schema does not know mean nothing",
    """
    paths:
      /formats:
        post:
          parameters: [{name: since, in: query, schema: {type: string, format: date-time}}]
          requestBody:
            content: {application/json: {schema: {$ref: '#/components/schemas/Formats'}}}
    components:
      schemas:
        Formats:
          type: object
          properties:
            day: {type: string, format: date}
            id: {type: string, format: uuid}
            site: {type: string, format: uri}
            phone: {type: string, format: phone}
    """,
)
def test_formats(api: Sample) -> None:
    assert "since: datetime | None" in api.code
    assert (
        "day: Date | MISSING = MISSING id: Uuid | MISSING = MISSING "
        'site: Annotated[StrictStr, text_format("uri")]' in api.models
    )

    good = {
        "day": "2020-02-29",
        "id": "00000000-0000-4000-8000-000000000000",
        "site": "http://example.com",
    }
    assert api.send("POST", "/formats?since=2020-01-01T00:00:00Z", json=good).body == good
    assert api.send("POST", "/formats?since=1577836800").errors == ["query: /since"]
    assert api.send("POST", "/formats", json={"day": "2021-02-29"}).errors == ["body: /day"]
    assert api.send("POST", "/formats", json={"id": "1"}).errors == ["body: /id"]
    assert api.send("POST", "/formats", json={"site": "/a"}).errors == ["body: /site"]
    assert api.send("POST", "/formats", json={"phone": "?"}).body == {"phone": "?"}


@feature(
    "Patterns",
    "Those of ECMA-262 with the flag `u`: `\\d` and `\\w` are about ASCII, `$` is the very end, "
    "`\\p{…}`, named groups and look-around work; in linear time, but for look-around and "
    "references to groups",
    """
    paths:
      /patterns:
        post:
          parameters: [{name: word, in: query, schema: {type: string, pattern: '^[^\\u0000,]*$'}}]
          requestBody:
            content:
              application/json: {schema: {type: string, pattern: '^(?!admin)[a-z]+$', maxLength: 9}}
        get:
          parameters:
            - {name: code, in: query, schema: {type: string, pattern: '^\\d{2}$'}}
            - {name: letter, in: query, schema: {type: string, pattern: '^\\p{L}$'}}
    """,
)
def test_patterns(api: Sample) -> None:
    assert api.send("GET", "/patterns?code=12&letter=%C3%A9").status == REACHED
    assert api.send("GET", "/patterns?code=%D9%A1%D9%A2").errors == ["query: /code"]
    assert api.send("GET", "/patterns?letter=1").errors == ["query: /letter"]
    assert api.send("POST", "/patterns", json="user\n").status == 422
    assert api.send("POST", "/patterns?word=a%0Ab", json="user").status == REACHED
    assert api.send("POST", "/patterns?word=a,b", json="user").errors == ["query: /word"]
    assert api.send("POST", "/patterns?word=a%00", json="user").errors == ["query: /word"]
    assert 'excludes("\\x00,")' in api.code
    assert api.send("POST", "/patterns", json="user").status == REACHED
    assert api.send("POST", "/patterns", json="admins").status == 422
    assert api.send("POST", "/patterns", json="toolongword").status == 422


@feature(
    "`readOnly` and `writeOnly`",
    "Separate models for requests and responses",
    """
    paths:
      /accounts:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}
          responses:
            '201':
              description: Made.
              content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}
    components:
      schemas:
        Account:
          type: object
          required: [id, name, password]
          properties:
            id: {type: integer, readOnly: true}
            name: {type: string}
            password: {type: string, writeOnly: true}
    """,
)
def test_read_only_and_write_only(api: Sample) -> None:
    assert "body: models.AccountInput" in api.code
    assert "body: models.AccountOutput" in api.code

    answer = api.new("PostAccounts201", body=api.model("AccountOutput", id=1, name="a"))
    made = api.send("POST", "/accounts", answer, json={"name": "a", "password": "b"})
    assert made.body == {"name": "a", "password": "b"}
    assert made.response.json() == {"id": 1, "name": "a"}


@feature(
    "`minProperties` and `maxProperties`",
    "Properties are counted as sent",
    """
    paths:
      /counts:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Counted'}}}
    components:
      schemas:
        Counted:
          type: object
          minProperties: 1
          maxProperties: 2
          properties: {a: {type: integer}, b: {type: integer}, c: {type: integer}}
    """,
)
def test_min_properties(api: Sample) -> None:
    assert api.send("POST", "/counts", json={"a": 1}).status == REACHED
    assert api.send("POST", "/counts", json={}).status == 422
    assert api.send("POST", "/counts", json={"a": 1, "b": 2, "c": 3}).status == 422


@feature(
    "`uniqueItems`",
    "Items that are equal as JSON are rejected",
    """
    paths:
      /unique:
        post:
          requestBody:
            content: {application/json: {schema: {type: array, uniqueItems: true, items: {}}}}
    """,
)
def test_unique_items(api: Sample) -> None:
    assert api.send("POST", "/unique", json=[1, "1", [1], {"a": 1}]).status == REACHED
    assert api.send("POST", "/unique", json=[{"a": 1, "b": 2}, {"b": 2, "a": 1}]).status == 422
    assert api.send("POST", "/unique", json=[1, 1.0]).status == 422


@feature(
    "`additionalProperties`",
    "Rejected, checked against their schema, kept, or ignored if the document says nothing",
    """
    paths:
      /additional/closed: {post: {requestBody: {$ref: '#/components/requestBodies/Closed'}}}
      /additional/typed: {post: {requestBody: {$ref: '#/components/requestBodies/Typed'}}}
      /additional/free: {post: {requestBody: {$ref: '#/components/requestBodies/Free'}}}
    components:
      requestBodies:
        Closed: {content: {application/json: {schema: {$ref: '#/components/schemas/Closed'}}}}
        Typed: {content: {application/json: {schema: {$ref: '#/components/schemas/Typed'}}}}
        Free: {content: {application/json: {schema: {type: object}}}}
      schemas:
        Closed: {type: object, properties: {a: {type: integer}}, additionalProperties: false}
        Typed:
          type: object
          properties: {a: {type: integer}}
          additionalProperties: {type: integer, minimum: 1}
    """,
)
def test_additional_properties(api: Sample) -> None:
    assert 'extra="forbid"' in api.models
    assert api.send("POST", "/additional/closed", json={"a": 1, "b": 2}).errors == ["body: /b"]
    assert api.send("POST", "/additional/typed", json={"a": 1, "b": 2}).body == {"a": 1, "b": 2}
    assert api.send("POST", "/additional/typed", json={"b": 0}).errors == ["body: /b"]
    assert api.send("POST", "/additional/free", json={"b": [None]}).body == {"b": [None]}


@feature(
    "Discriminators",
    "The property selects the schema, by mapping or name; an unknown value is reported there",
    """
    paths:
      /pets:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
    components:
      schemas:
        Pet:
          oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
          discriminator: {propertyName: kind, mapping: {kitten: '#/components/schemas/Cat'}}
        Cat:
          type: object
          required: [kind]
          properties: {kind: {type: string}, lives: {type: integer}}
        Dog:
          type: object
          required: [kind, trick]
          properties: {kind: {type: string}, trick: {type: string}}
    """,
)
def test_discriminators(api: Sample) -> None:
    assert "body: models.Cat | models.Dog" in api.code or "body: models.Pet" in api.code

    def kind(**pet: object) -> str:
        return type(api.send("POST", "/pets", json=pet).arguments["body"]).__name__

    assert kind(kind="kitten", lives=9) == kind(kind="Cat") == "Cat"
    assert kind(kind="Dog", trick="sit") == "Dog"
    assert api.send("POST", "/pets", json={"kind": "Cow"}).status == 422
    assert api.send("POST", "/pets", json={"kind": "Dog", "lives": 9}).status == 422


@feature(
    "Discriminators beside other keywords",
    "Words, extensions, a type, null and properties of all options may stand beside one, and "
    "options may have read-only properties or be unions themselves",
    """
    paths:
      /animals:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}
    components:
      schemas:
        Animal:
          type: object
          x-group: animals
          externalDocs: {url: 'https://example.com/'}
          required: [name]
          properties: {name: {type: string}}
          oneOf: [{$ref: '#/components/schemas/Fish'}, {$ref: '#/components/schemas/Bird'}]
          discriminator:
            propertyName: kind
            mapping:
              fish: '#/components/schemas/Fish'
              owl: '#/components/schemas/Bird'
              crow: '#/components/schemas/Bird'
        Fish:
          type: object
          required: [id, kind]
          properties:
            id: {type: integer, readOnly: true}
            kind: {type: string}
            fins: {type: integer}
        Bird:
          type: object
          required: [kind]
          properties: {kind: {enum: [owl, crow]}, wings: {type: integer}}
    """,
)
def test_discriminators_beside_other_keywords(api: Sample) -> None:
    def body(**animal: object) -> Any:
        return api.send("POST", "/animals", json=animal).body

    def errors(**animal: object) -> list[str]:
        return api.send("POST", "/animals", json=animal).errors

    assert body(kind="crow", name="Rex", wings=2) == {"kind": "crow", "name": "Rex", "wings": 2}
    assert body(kind="fish", name="Rex", fins=3) == {"kind": "fish", "name": "Rex", "fins": 3}
    assert errors(kind="fish", name="Rex", fins="3") == ["body: /fins"]
    assert errors(kind="owl", wings=2) == ["body: /name"]
    assert errors(kind="cow", name="Rex") == ["body: /kind"]


@feature(
    "Inheritance",
    "Where a schema with a discriminator is expected, the property selects one that is made of it "
    "by `allOf`; those are subclasses, and responses write all of their properties",
    """
    paths:
      /shapes:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}
          responses:
            '200':
              description: Done.
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      count: {type: integer}
                      shapes: {type: array, items: {$ref: '#/components/schemas/Shape'}}
    components:
      schemas:
        Shape:
          type: object
          required: [kind]
          properties: {kind: {type: string}, name: {type: string}}
          discriminator: {propertyName: kind, mapping: {round: '#/components/schemas/Circle'}}
        Circle:
          allOf:
            - $ref: '#/components/schemas/Shape'
            - {type: object, required: [radius], properties: {radius: {type: integer}}}
        Ring:
          allOf:
            - $ref: '#/components/schemas/Circle'
            - type: object
              properties: {hole: {type: integer}, id: {type: string, readOnly: true}}
    """,
)
def test_inheritance(api: Sample) -> None:
    def kind(**shape: object) -> str:
        return type(api.send("POST", "/shapes", json=shape).arguments["body"]).__name__

    def errors(**shape: object) -> list[str]:
        return api.send("POST", "/shapes", json=shape).errors

    ring = api.model("Ring", kind="Ring", radius=1, hole=2, id="a")
    shape = api.model("Shape", kind="Shape")
    assert isinstance(ring, type(api.model("Circle", kind="Circle", radius=1)))
    assert isinstance(ring, type(shape))

    assert kind(kind="round", radius=1) == kind(kind="Circle", radius=1, name="a") == "CircleInput"
    assert kind(kind="Ring", radius=1, hole=2) == "RingInput"
    assert kind(kind="Shape") == "ShapeInput"
    assert errors(kind="Ring", radius="1") == ["body: /radius"]
    assert errors(kind="round") == ["body: /radius"]
    assert errors(kind="square") == errors() == ["body: /kind"]

    body = api.model("PostShapes200Body", shapes=[ring, shape])
    answer = api.new("PostShapes200", body=body)
    sent = api.send("POST", "/shapes", answer, json={"kind": "Shape"})
    assert sent.response.json() == {
        "shapes": [{"kind": "Ring", "radius": 1, "hole": 2, "id": "a"}, {"kind": "Shape"}]
    }


@feature(
    "Defaults beside references",
    "A default beside a reference counts, in parameters and in properties",
    """
    paths:
      /pages:
        post:
          parameters:
            - {name: size, in: query, schema: {$ref: '#/components/schemas/Size', default: 5}}
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    size: {default: 7, allOf: [{$ref: '#/components/schemas/Size'}]}
    components: {schemas: {Size: {type: integer, default: 9}}}
    """,
)
def test_defaults_beside_references(api: Sample) -> None:
    sent = api.send("POST", "/pages", json={})

    assert sent.arguments["size"] == 5
    assert sent.arguments["body"].size == 7


@feature(
    "References with words",
    "A reference with a description, an extension, `nullable` or a one-part `allOf` around it is "
    "the schema that it names, also within that schema",
    """
    paths:
      /folders:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Folder'}}}
    components:
      schemas:
        Folder:
          type: object
          required: [size]
          properties:
            size: {type: integer}
            above: {description: What it is in., allOf: [{$ref: '#/components/schemas/Folder'}]}
            below: {x-order: 1, $ref: '#/components/schemas/Folder'}
            beside: {type: [object, 'null'], allOf: [{$ref: '#/components/schemas/Folder'}]}
    """,
)
def test_references_with_words(api: Sample) -> None:
    for name in ("above", "below"):
        assert f"{name}: Folder | MISSING" in api.models
    assert "beside: Folder | MISSING | None" in api.models

    deep = {"size": 1, "above": {"size": 2, "below": {"size": 3, "beside": None}}}
    assert api.send("POST", "/folders", json=deep).body == deep
    deep["above"]["below"]["size"] = "3"  # type: ignore[index]
    assert api.send("POST", "/folders", json=deep).errors == ["body: /above/below/size"]


@feature(
    "`anyOf` of objects",
    "A value that fits several has the properties of all: those of other options in `model_extra`",
    """
    paths:
      /overlaps:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  anyOf:
                    - {type: object, required: [a], properties: {a: {type: integer}}}
                    - {type: object, required: [b], properties: {b: {type: integer}}}
    """,
)
def test_any_of_objects(api: Sample) -> None:
    both = api.send("POST", "/overlaps", json={"a": 1, "b": 2}).arguments["body"]
    other = api.send("POST", "/overlaps", json={"a": 1, "b": "x"}).arguments["body"]

    assert (both.a, both.b) == (1, 2)
    assert (other.a, other.b) == (1, "x")
    assert api.send("POST", "/overlaps", json={"b": "x"}).status == 422


KEYWORDS: dict[str, tuple[str, list[Any], list[Any]]] = {
    # of schemas: values that are right, and values that are wrong
    "not": ("{type: integer, not: {enum: [1, 2]}}", [3], [1]),
    "if": (
        "{type: object, properties: {a: {type: integer}, b: {type: string}},"
        " if: {required: [a]}, then: {required: [b]}, else: {maxProperties: 1}}",
        [{"a": 1, "b": "x"}, {"b": "x"}, {}],
        [{"a": 1}],
    ),
    "contains": ("{type: array, contains: {const: 3}, maxContains: 1}", [[1, 3]], [[1], [3, 3]]),
    "prefix": (
        "{type: array, prefixItems: [{type: integer}, {type: string}], items: false}",
        [[1, "a"], [1]],
        [["a"], [1, "a", 2]],
    ),
    "pattern": (
        "{type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}",
        [{"x-a": 1}, {}],
        [{"x-a": "1"}, {"a": 1}],
    ),
    "names": ("{type: object, propertyNames: {maxLength: 1}}", [{"a": 1}], [{"ab": 1}]),
    "dependent": (
        "{type: object, dependentRequired: {a: [b]}, dependentSchemas: {c: {required: [d]}}}",
        [{"a": 1, "b": 1}, {"b": 1}, {"c": 1, "d": 1}],
        [{"a": 1}, {"c": 1}],
    ),
    "unevaluated": (
        "{type: object, properties: {a: {type: integer}}, unevaluatedProperties: false,"
        " anyOf: [{properties: {b: {type: integer}}, required: [b]}, {}]}",
        [{"a": 1, "b": 2}],
        [{"a": 1, "c": 2}],
    ),
    "exclusive": (
        "{oneOf: [{type: integer, minimum: 5}, {type: integer, maximum: 9}, {type: string}]}",
        [3, 10, "a"],
        [7],
    ),
    "closed": (
        "{allOf: [{type: object, properties: {a: {type: integer}}, additionalProperties: false},"
        " {type: object, properties: {b: {type: integer}}}]}",
        [{"a": 1}],
        [{"b": 1}],
    ),
    "referred": ("{type: object, not: {$ref: '#/components/schemas/Bad'}}", [{"a": 1}], [{"b": 1}]),
}


@feature(
    "Other keywords",
    "`oneOf` is exclusive, and `not`, `if`, `contains`, `prefixItems`, `patternProperties`, "
    "`propertyNames`, `dependent…`, `unevaluated…` and closed parts of `allOf` hold, also within "
    "other schemas: `jsonschema-rs` checks those schemas, which a note says",
    "paths:\n"
    + "".join(
        f"  /keywords/{name}: {{post: {{requestBody: {{required: true, content: "
        f"{{application/json: {{schema: {schema}}}}}}}}}, put: {{requestBody: {{required: true, "
        f"content: {{application/json: {{schema: {{type: object, properties: {{inner: {schema}"
        "}}}}}}}\n"
        for name, (schema, _, _) in KEYWORDS.items()
    )
    + "components: {schemas: {Bad: {type: object, required: [b], properties: {b: {}}}}}",
)
def test_other_keywords(api: Sample) -> None:
    for name, (_, right, wrong) in KEYWORDS.items():
        for value in right:
            assert api.send("POST", f"/keywords/{name}", json=value).status == REACHED, (
                name,
                value,
            )
            inner = api.send("PUT", f"/keywords/{name}", json={"inner": value})
            assert inner.status == REACHED, (name, value)
        for value in wrong:
            assert api.send("POST", f"/keywords/{name}", json=value).status == 422, (name, value)
            inner = api.send("PUT", f"/keywords/{name}", json={"inner": value})
            assert inner.errors[0].startswith("body: /inner"), (name, value)


@feature(
    "Numbers",
    "Integral ones are exact however they are written; one beyond the range of a double gives 422; "
    "an enum of numbers without a type is read as numbers in parameters",
    """
    paths:
      /numbers:
        post:
          parameters: [{name: size, in: query, schema: {enum: [10, 20]}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    whole: {type: integer}
                    real: {type: number}
                    any: {}
                    even: {type: integer, allOf: [{multipleOf: 4}, {multipleOf: 6}]}
    """,
)
def test_numbers(api: Sample) -> None:
    def sent(content: str) -> Any:
        headers = {"Content-Type": "application/json"}
        return api.send("POST", "/numbers?size=10", content=content, headers=headers)

    assert sent('{"whole": 9007199254740993.0}').body == {"whole": 9007199254740993}
    assert sent('{"whole": 1e3, "even": 24}').body == {"whole": 1000, "even": 24}
    assert sent('{"whole": 1.5}').errors == ["body: /whole"]
    assert sent('{"even": 8}').errors == sent('{"even": 18}').errors == ["body: /even"]
    assert sent('{"real": 1e400}').errors == ["body: /real"]
    assert sent('{"any": [{"a": -1e400}]}').errors == ["body: /any"]
    assert api.send("POST", "/numbers?size=11", json={}).errors == ["query: /size"]


@feature(
    "`oneOf` and `anyOf`",
    "A union",
    """
    paths:
      /unions:
        post:
          requestBody:
            content:
              application/json:
                schema: {oneOf: [{type: integer, minimum: 5}, {type: string, maxLength: 2}]}
    """,
)
def test_unions(api: Sample) -> None:
    assert "body: int | str | None" in api.code

    assert [api.send("POST", "/unions", json=body).status for body in (5, "ab")] == [
        REACHED,
        REACHED,
    ]
    assert [api.send("POST", "/unions", json=body).status for body in (4, "abc", True)] == [
        422,
        422,
        422,
    ]


@feature(
    "`allOf`",
    "Merged into one model; a part may narrow a property of another",
    """
    paths:
      /all_of:
        post:
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Derived'}}}
    components:
      schemas:
        Base:
          type: object
          required: [name]
          properties: {name: {type: string}, size: {type: integer, minimum: 1}}
        Derived:
          allOf: [{$ref: '#/components/schemas/Base'}]
          required: [size]
          properties: {name: {maxLength: 2}, extra: {type: boolean}}
    """,
)
def test_all_of(api: Sample) -> None:
    assert api.send("POST", "/all_of", json={"name": "ab", "size": 1}).status == REACHED
    assert api.send("POST", "/all_of", json={"name": "abc", "size": 0, "extra": 1}).errors == [
        "body: /name",
        "body: /size",
        "body: /extra",
    ]
    assert api.send("POST", "/all_of", json={"name": "ab"}).errors == ["body: /size"]


@feature(
    "Inline schemas",
    "Named after their place in the document",
    """
    paths:
      /inline:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  properties:
                    point: {type: object, required: [x], properties: {x: {type: integer}}}
          responses:
            '200':
              description: All.
              content:
                application/json: {schema: {type: array, items: {properties: {y: {type: integer}}}}}
    """,
)
def test_inline_schemas(api: Sample) -> None:
    assert "class PostInlineBody(Model)" in api.models
    assert "class PostInlineBodyPoint(Model)" in api.models
    assert "body: list[models.PostInline200BodyItem]" in api.code

    assert api.send("POST", "/inline", json={"point": {}}).errors == ["body: /point/x"]


@feature(
    "Recursion",
    "Models and aliases may contain themselves",
    """
    paths:
      /trees:
        post:
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
        put:
          requestBody:
            content: {application/json: {schema: {$ref: '#/components/schemas/Nested'}}}
    components:
      schemas:
        Tree:
          properties:
            leaf: {type: integer}
            trees: {type: array, items: {$ref: '#/components/schemas/Tree'}}
        Nested:
          anyOf: [{type: integer}, {type: array, items: {$ref: '#/components/schemas/Nested'}}]
    """,
)
def test_recursion(api: Sample) -> None:
    assert api.send("POST", "/trees", json={"trees": [{"trees": [{"leaf": 1}]}]}).status == REACHED
    assert api.send("POST", "/trees", json={"trees": [{"trees": [{"leaf": "x"}]}]}).errors == [
        "body: /trees/0/trees/0/leaf"
    ]
    assert api.send("PUT", "/trees", json=[1, [2, [3]]]).status == REACHED
    assert api.send("PUT", "/trees", json=[1, ["x"]]).status == 422


# --- Bodies ---


@feature(
    "Required and optional bodies",
    "A missing optional body is `None`; a missing required one gets 400",
    """
    paths:
      /bodies:
        post:
          requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}
        put: {requestBody: {content: {application/json: {schema: {type: integer}}}}}
    """,
)
def test_required_and_optional_bodies(api: Sample) -> None:
    assert "body: int) ->" in api.code
    assert "body: int | None) ->" in api.code

    assert api.send("POST", "/bodies").status == 400
    assert api.send("PUT", "/bodies").arguments == {"body": None}
    assert api.send("PUT", "/bodies", json=1).arguments == {"body": 1}


@feature(
    "Media types of requests",
    "Undocumented ones get 415; several are supported, ranges too",
    """
    paths:
      /media:
        post:
          requestBody:
            required: true
            content:
              application/vnd.catalogue+json: {schema: {type: integer}}
              text/plain: {schema: {type: string}}
              image/*: {schema: {type: string, format: binary}}
    """,
)
def test_media_types_of_requests(api: Sample) -> None:
    assert "body: int | str | bytes" in api.code

    def send(media_type: str) -> object:
        sent = api.send("POST", "/media", content=b"1", headers={"Content-Type": media_type})
        return sent.arguments.get("body", sent.status)

    assert send("application/vnd.catalogue+json") == 1
    assert send("text/plain; charset=utf-8") == "1"
    assert send("image/png") == b"1"
    assert (
        send("application/json") == send("text/html") == send("text/plain; charset=latin-1") == 415
    )


@feature(
    "Forms (urlencoded)",
    "A model with typed fields; arrays are repeated fields",
    """
    paths:
      /forms:
        post:
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string, maxLength: 3}
                    count: {type: integer, minimum: 1}
                    flag: {type: boolean}
                    ids: {type: array, items: {type: integer}}
    """,
)
def test_forms(api: Sample) -> None:
    sent = api.send(
        "POST", "/forms", data={"name": "1", "count": "2", "flag": "true", "ids": ["3", "4"]}
    )

    assert sent.body == {"name": "1", "count": 2, "flag": True, "ids": [3, 4]}
    assert api.send("POST", "/forms", data={"name": "long", "count": "0"}).errors == [
        "body: /name",
        "body: /count",
    ]
    assert api.send("POST", "/forms", data={"count": "1"}).errors == ["body: /name"]


@feature(
    "Forms of unions and of further fields",
    "Fields are decoded as the options or `additionalProperties` say; unknown ones may be repeated",
    """
    paths:
      /forms/unions:
        post:
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema:
                  anyOf:
                    - {type: object, required: [n], properties: {n: {type: integer}}}
                    - type: object
                      required: [b]
                      properties: {b: {type: array, items: {type: boolean}}}
      /forms/further:
        post:
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema:
                  type: object
                  properties: {name: {type: string}}
                  additionalProperties: {type: integer}
      /forms/open:
        post:
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema: {type: object, properties: {name: {type: string}}}
    """,
)
def test_forms_of_unions_and_of_further_fields(api: Sample) -> None:
    def sent(path: str, **data: object) -> Any:
        return api.send("POST", f"/forms/{path}", data=data)

    assert sent("unions", n="5").body == {"n": 5}
    assert sent("unions", b=["true", "false"]).body == {"b": [True, False]}
    assert sent("unions", n="x").status == 422
    assert sent("further", name="12", red="5").body == {"name": "12", "red": 5}
    assert sent("further", red="x").errors == ["body: /red"]
    assert sent("open", name="12", utm=["1", "2"]).body == {"name": "12"}
    assert sent("open", name=["1", "2"]).status == 400


@feature(
    "Media types that differ in a parameter",
    "Each has its schema; where parameters tell nothing apart, they are ignored",
    """
    paths:
      /versions:
        post:
          requestBody:
            required: true
            content:
              application/json; version=1: {schema: {type: integer}}
              application/json; version=2: {schema: {type: string}}
    """,
)
def test_media_types_that_differ_in_a_parameter(api: Sample) -> None:
    def sent(content: str, media_type: str) -> Any:
        headers = {"Content-Type": media_type}
        return api.send("POST", "/versions", content=content, headers=headers)

    assert sent("5", "application/json; version=1").arguments == {"body": 5}
    assert sent('"a"', 'application/json;profile=x; Version="2"').arguments == {"body": "a"}
    assert sent("5", "application/json; version=2").errors == ["body: "]
    assert sent("5", "application/json; version=3").status == 415
    assert sent("5", "application/json").status == 415


@feature(
    "Bodies of any media type",
    "`*/*` is bytes without a schema or with a binary one, and JSON with another",
    """
    paths:
      /any/bytes:
        post: {requestBody: {required: true, content: {'*/*': {}}}}
        put:
          requestBody:
            required: true
            content: {'*/*': {schema: {type: string, format: binary}}}
      /any/json:
        post: {requestBody: {required: true, content: {'*/*': {schema: {type: integer}}}}}
    """,
)
def test_bodies_of_any_media_type(api: Sample) -> None:
    pdf = {"Content-Type": "application/pdf"}

    for method in ("POST", "PUT"):
        sent = api.send(method, "/any/bytes", content=b"\xff\x00", headers=pdf)
        assert sent.arguments == {"body": b"\xff\x00"}
    assert api.send("POST", "/any/json", content=b"5", headers=pdf).arguments == {"body": 5}


@feature(
    "Separated values",
    "A plain comma separates items and properties in the query, an encoded one is part of them",
    """
    paths:
      /separated:
        get:
          parameters:
            - {name: names, in: query, explode: false, schema: {type: array, items: {type: string}}}
            - name: pairs
              in: query
              explode: false
              schema: {type: object, properties: {a: {type: string}, b: {type: integer}}}
    """,
)
def test_separated_values(api: Sample) -> None:
    def arguments(query: str) -> dict[str, Any]:
        return api.send("GET", f"/separated?{query}").arguments

    assert arguments("names=a%2Cb,c+d,%C3%A9")["names"] == ["a,b", "c d", "é"]
    assert arguments("names=a,b")["names"] == ["a", "b"]
    pairs = arguments("pairs=a,x%2Cy,b,2")["pairs"]
    assert (pairs.a, pairs.b) == ("x,y", 2)
    assert api.send("GET", "/separated?names=%ff").status == 400


@feature(
    "Path styles `label` and `matrix`",
    "Values stand behind a dot, or a semicolon and their name",
    """
    paths:
      /labels/{one}/{some}/{each}:
        get:
          parameters:
            - {name: one, in: path, required: true, style: label, schema: {type: integer}}
            - name: some
              in: path
              required: true
              style: label
              schema: {type: array, items: {type: integer}}
            - name: each
              in: path
              required: true
              style: label
              explode: true
              schema: {type: object, properties: {a: {type: integer}, b: {type: string}}}
      /matrices/{one}/{some}/{each}:
        get:
          parameters:
            - {name: one, in: path, required: true, style: matrix, schema: {type: string}}
            - name: some
              in: path
              required: true
              style: matrix
              explode: true
              schema: {type: array, items: {type: integer}}
            - name: each
              in: path
              required: true
              style: matrix
              explode: true
              schema: {type: object, properties: {a: {type: integer}, b: {type: string}}}
    """,
)
def test_path_styles(api: Sample) -> None:
    def values(path: str) -> list[Any]:
        arguments = api.send("GET", path).arguments
        each = arguments["each"]
        return [arguments["one"], arguments["some"], each.a, each.b]

    assert values("/labels/.5/.1,2/.a=3.b=x%2Cy") == [5, [1, 2], 3, "x,y"]
    assert values("/matrices/;one=a%3Bb/;some=1;some=2/;a=3;b=x") == ["a;b", [1, 2], 3, "x"]
    assert api.send("GET", "/labels/5/.1/.a=3").errors == ["path: /one"]
    assert api.send("GET", "/matrices/;two=a/;some=1/;a=3").errors == ["path: /one"]


@feature(
    "Lists within exploded objects",
    "Read from repeated parameters, with `style: form` and with `deepObject`",
    """
    paths:
      /lists:
        get:
          parameters:
            - name: filter
              in: query
              schema: {type: object, properties: {tags: {type: array, items: {type: integer}}}}
            - name: deep
              in: query
              style: deepObject
              schema:
                type: object
                properties: {tags: {type: array, items: {type: string}}, least: {type: integer}}
    """,
)
def test_lists_within_exploded_objects(api: Sample) -> None:
    sent = api.send("GET", "/lists?tags=1&tags=2&deep[tags]=a&deep[tags]=b&deep[least]=3")

    assert sent.arguments["filter"].tags == [1, 2]
    assert (sent.arguments["deep"].tags, sent.arguments["deep"].least) == (["a", "b"], 3)
    assert api.send("GET", "/lists?deep[least]=3&deep[least]=4").status == 400


@feature(
    "`allowEmptyValue`",
    "An empty value is none",
    """
    paths:
      /empty:
        get:
          parameters:
            - {name: debug, in: query, allowEmptyValue: true, schema: {type: boolean}}
            - {name: plain, in: query, schema: {type: boolean}}
    """,
)
def test_allow_empty_value(api: Sample) -> None:
    assert api.send("GET", "/empty?debug=").arguments["debug"] is None
    assert api.send("GET", "/empty?debug").arguments["debug"] is None
    assert api.send("GET", "/empty?debug=true").arguments["debug"] is True
    assert api.send("GET", "/empty?plain=").errors == ["query: /plain"]


@feature(
    "Objects in headers of responses",
    "Written in the style `simple`, not exploded",
    """
    paths:
      /header-objects:
        get:
          responses:
            '204':
              description: Done.
              headers:
                X-Rate:
                  required: true
                  schema:
                    type: object
                    required: [limit, left]
                    properties: {limit: {type: integer}, left: {type: integer}}
    """,
)
def test_objects_in_headers_of_responses(api: Sample) -> None:
    rate = api.model("GetHeaderObjects204XRateHeader", limit=10, left=3)

    sent = api.send("GET", "/header-objects", api.new("GetHeaderObjects204", x_rate=rate))

    assert sent.response.headers["x-rate"] == "limit,10,left,3"


@feature(
    "Forms with files (multipart)",
    "Binary properties are `bytes`, the others text in UTF-8 or JSON, whether a part has a file "
    "name or not, and as long as the body may be",
    """
    paths:
      /files:
        post:
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  required: [file]
                  properties:
                    file: {type: string, format: binary}
                    count: {type: integer}
                    meta: {type: object, properties: {n: {type: integer}}}
                    title: {type: string}
                encoding: {title: {contentType: application/json}}
    """,
)
def test_files(api: Sample) -> None:
    def parts(**content: tuple[str | None, bytes]) -> Any:
        return api.send("POST", "/files", files={"file": (None, b"\xff"), **content})

    assert parts().arguments["body"].file == b"\xff"
    for name in (None, "a.txt"):
        body = parts(count=(name, b"2"), meta=(name, b'{"n": 3}'), title=(name, b'"\\u00fc"'))
        assert (body.arguments["body"].count, body.arguments["body"].meta.n) == (2, 3)
        assert body.arguments["body"].title == "ü"
        assert parts(meta=(name, b'{"n": "x"}')).errors == ["body: /meta/n"]
        assert parts(title=(name, b"\xff")).errors == ["body: /title"]

    assert "file: bytes count: StrictInt | MISSING" in api.models

    sent = api.send("POST", "/files", files={"file": ("a.bin", b"\x00\xff")}, data={"count": "2"})

    assert (sent.arguments["body"].file, sent.arguments["body"].count) == (b"\x00\xff", 2)
    assert api.send("POST", "/files", files={"other": b""}).errors == ["body: /file"]


@feature(
    "Several cookies",
    "A list in `Set-Cookie` is sent as several fields",
    """
    paths:
      /cookies/set:
        get:
          responses:
            '204':
              description: Done.
              headers: {Set-Cookie: {schema: {type: array, items: {type: string}}}}
    """,
)
def test_several_cookies(api: Sample) -> None:
    answer = api.new("GetCookiesSet204", set_cookie=["a=1; Path=/", "b=2"])

    sent = api.send("GET", "/cookies/set", answer)

    assert sent.response.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]


@feature(
    "Text and binary bodies",
    "`str` and `bytes`, in requests and responses",
    """
    paths:
      /text:
        put:
          requestBody:
            required: true
            content: {text/plain: {schema: {type: string, maxLength: 3}}}
          responses: {'200': {description: Text., content: {text/plain: {schema: {type: string}}}}}
      /binary:
        put:
          requestBody: {required: true, content: {application/octet-stream: {}}}
          responses: {'200': {description: Bytes., content: {application/pdf: {}}}}
    """,
)
def test_text_and_binary_bodies(api: Sample) -> None:
    text, binary = {"Content-Type": "text/plain"}, {"Content-Type": "application/octet-stream"}

    written = api.send(
        "PUT", "/text", api.new("PutText200", body="über"), content="é", headers=text
    )
    stored = api.send(
        "PUT", "/binary", api.new("PutBinary200", body=b"\xff"), content=b"\x00", headers=binary
    )

    assert (written.arguments, written.response.text) == ({"body": "é"}, "über")
    assert written.response.headers["content-type"].startswith("text/plain")
    assert (stored.arguments, stored.response.content) == ({"body": b"\x00"}, b"\xff")
    assert stored.response.headers["content-type"] == "application/pdf"
    assert api.send("PUT", "/text", content="long", headers=text).status == 422
    assert api.send("PUT", "/text", content=b"\xff", headers=text).status == 400


# --- Responses ---


@feature(
    "Statuses",
    "One class for each status and an alias for all; the handler can return nothing else",
    """
    paths:
      /statuses:
        post:
          responses:
            '200':
              description: There already.
              content: {application/json: {schema: {type: integer}}}
            '201': {description: Made., content: {application/json: {schema: {type: string}}}}
            '409': {description: In the way.}
    """,
)
def test_statuses(api: Sample) -> None:
    assert (
        "PostStatusesResponse: TypeAlias = PostStatuses200 | PostStatuses201 | PostStatuses409"
        in api.code
    )
    assert '"""There already.""" status: ClassVar[int] = 200' in api.code

    made = api.send("POST", "/statuses", api.new("PostStatuses201", body="a"))
    in_the_way = api.send("POST", "/statuses", api.new("PostStatuses409"))

    assert (made.status, made.response.json()) == (201, "a")
    assert (in_the_way.status, in_the_way.response.content) == (409, b"")


@feature(
    "Ranges of statuses and `default`",
    "The handler sets the status; one outside the range is an error",
    """
    paths:
      /ranges:
        get:
          responses:
            4XX: {description: Your fault., content: {application/json: {schema: {type: string}}}}
            default: {description: Anything else.}
    """,
)
def test_ranges_of_statuses(api: Sample) -> None:
    assert "GetRangesResponse: TypeAlias = GetRanges4XX | GetRangesDefault" in api.code.replace(
        "4Xx", "4XX"
    )
    name = "GetRanges4Xx" if "GetRanges4Xx" in api.code else "GetRanges4XX"

    assert api.send("GET", "/ranges", api.new(name, status_code=418, body="tea")).status == 418
    assert api.send("GET", "/ranges", api.new("GetRangesDefault", status_code=503)).status == 503
    with pytest.raises(ValueError, match="no status 500"):
        api.send("GET", "/ranges", api.new(name, status_code=500, body="tea"))


@feature(
    "Statuses without a body",
    "204, 205 and 304 never have a body",
    """
    paths:
      /bodyless:
        get:
          responses:
            '204': {description: Nothing., content: {application/json: {schema: {type: integer}}}}
            '304':
              description: As before.
              headers: {ETag: {required: true, schema: {type: string}}}
    """,
)
def test_bodyless_statuses(api: Sample) -> None:
    nothing = api.send("GET", "/bodyless", api.new("GetBodyless204"))
    as_before = api.send("GET", "/bodyless", api.new("GetBodyless304", etag='"1"'))

    assert (nothing.status, nothing.response.content) == (204, b"")
    assert "content-type" not in nothing.response.headers
    assert (as_before.status, as_before.response.headers["etag"]) == (304, '"1"')


@feature(
    "If-Match",
    "`if_match` is an `IfMatch`: strong entity tags, or `*`. After the 422, a missing one gets 428 "
    "if it is required, and a malformed one 400",
    """
    paths:
      /conditional:
        put:
          parameters:
            - {name: If-Match, in: header, required: true, schema: {type: string}}
            - {name: kind, in: query, schema: {type: integer}}
        delete:
          parameters:
            - {name: If-Match, in: header, schema: {type: string}}
    """,
)
def test_if_match(api: Sample) -> None:
    assert "self, *, if_match: IfMatch, kind: int | None" in api.code
    assert "async def delete_conditional(self, *, if_match: IfMatch | None)" in api.code

    def sent(*values: str, method: str = "PUT", query: str = "") -> Outcome:
        headers = [("If-Match", value) for value in values]
        return api.send(method, f"/conditional{query}", headers=headers)

    assert sent().status == 428
    assert sent(query="?kind=x").status == 422
    assert sent("x", query="?kind=x").status == 422
    assert sent(method="DELETE").arguments == {"if_match": None}
    assert (sent("x").status, sent("x").codes) == (400, ["/If-Match malformed"])
    assert sent("x", method="DELETE").errors == ["header: /If-Match"]
    assert sent('"a', 'b"').status == 400  # lines are joined with a space, which no tag has
    condition = sent('"a,b" , W/"c"', '"d"').arguments["if_match"]
    assert (condition.tags, condition.is_any) == ({'"a,b"', '"d"'}, False)
    assert [condition.matches(tag) for tag in ('"d"', '"c"', 'W/"c"', None)] == [True] + [False] * 3
    assert sent(" * ").arguments["if_match"].matches('"a"')


@feature(
    "If-None-Match",
    "With a 304, the router compares it with the `ETag` of what the handler returns, for HEAD, too",
    """
    paths:
      /revalidated:
        get:
          parameters:
            - {name: If-None-Match, in: header, schema: {type: string}}
          responses:
            '200':
              description: It.
              headers: {ETag: {schema: {type: string}}, X-Age: {schema: {type: integer}}}
              content: {application/json: {schema: {type: integer}}}
            '304':
              description: As before.
              headers: {ETag: {schema: {type: string}}}
            '404':
              description: Nothing.
              headers: {ETag: {schema: {type: string}}}
    """,
)
def test_if_none_match(api: Sample) -> None:
    assert "async def get_revalidated(self) -> GetRevalidatedResponse" in api.code

    def sent(*values: str, name: str = "GetRevalidated200", method: str = "GET") -> Outcome:
        given = {"body": 1, "x_age": 7} if name == "GetRevalidated200" else {}
        headers = [("If-None-Match", value) for value in values]
        answer = api.new(name, etag='"a"', **given)
        return api.send(method, "/revalidated", answer, headers=headers)

    for values in ['"a"'], ['W/"a"'], ['"b"', '"a"'], ["*"]:
        for method in "GET", "HEAD":
            answer = sent(*values, method=method)
            assert (answer.status, answer.response.content) == (304, b"")
            assert dict(answer.response.headers) == {"etag": '"a"'}
    for other in '"b"', "a", '"a', "", 'w/"a"':
        assert (sent(other).status, sent(other).response.json()) == (200, 1)
    assert sent('"a"', name="GetRevalidated404").status == 404
    unmarked = api.new("GetRevalidated200", body=1)
    assert api.send("GET", "/revalidated", unmarked, headers={"If-None-Match": "*"}).status == 200


@feature(
    "Vary",
    "Responses to a GET that takes credentials vary by the headers that carry them",
    """
    paths:
      /varying:
        get: {security: [{}, {Key: []}, {Session: [], Query: []}]}
        post: {security: [{Key: []}]}
      /varying/not: {get: {security: []}}
    components:
      securitySchemes:
        Key: {type: apiKey, in: header, name: X-Key}
        Session: {type: apiKey, in: cookie, name: session}
        Query: {type: apiKey, in: query, name: key}
    """,
)
def test_vary(api: Sample) -> None:
    def varies(method: str, path: str, name: str) -> str | None:
        headers = {"X-Key": "ada"}
        found: str | None = api.send(
            method, path, api.new(name), headers=headers
        ).response.headers.get("vary")
        return found

    assert varies("GET", "/varying", "GetVarying204") == "X-Key, Cookie"
    assert varies("HEAD", "/varying", "GetVarying204") == "X-Key, Cookie"
    assert varies("POST", "/varying", "PostVarying204") is None
    assert varies("GET", "/varying/not", "GetVaryingNot204") is None


@feature(
    "Response headers",
    "Typed fields; a required header is a required field. One with `x-automatic: true` is no "
    "field: middleware adds it",
    """
    paths:
      /response_headers:
        get:
          responses:
            '200':
              description: Well.
              headers:
                X-Remaining: {required: true, schema: {type: integer}}
                Last-Modified: {schema: {type: string}}
                X-Shared: {$ref: '#/components/headers/Shared'}
                X-Automatic: {$ref: '#/components/headers/Automatic'}
    components:
      headers:
        Automatic: {required: true, x-automatic: true, schema: {type: string}}
        Shared: {required: true, schema: {type: array, items: {type: string}}}
    """,
)
def test_response_headers(api: Sample) -> None:
    assert "x_remaining: int x_shared: list[str] last_modified: str | None = None" in api.code
    assert "x_automatic" not in api.code

    with pytest.raises(TypeError, match="x_remaining"):
        api.new("GetResponseHeaders200", x_shared=[])
    answer = api.new("GetResponseHeaders200", x_remaining=3, x_shared=["a", "b"])
    headers = api.send("GET", "/response_headers", answer).response.headers

    assert (headers["x-remaining"], headers["x-shared"]) == ("3", "a, b")
    assert "last-modified" not in headers


@feature(
    "Media types of responses",
    "As documented; if there are several, the handler chooses",
    """
    paths:
      /problem:
        get:
          responses:
            '404':
              description: Gone.
              content: {application/problem+json: {schema: {type: object}}}
      /choices:
        get:
          responses:
            '200':
              description: One of them.
              content:
                application/json: {schema: {type: integer}}
                text/csv: {schema: {type: string}}
    """,
)
def test_media_types_of_responses(api: Sample) -> None:
    def media_type(path: str, response: str, **fields: object) -> str:
        sent = api.send("GET", path, api.new(response, **fields))
        return str(sent.response.headers["content-type"]).partition(";")[0]

    assert media_type("/problem", "GetProblem404", body={}) == "application/problem+json"
    assert media_type("/choices", "GetChoices200", body=1) == "application/json"
    assert media_type("/choices", "GetChoices200", body="1,2", media_type="text/csv") == "text/csv"


@feature(
    "Shared responses",
    "One class for all operations, in `responses.py`",
    """
    paths:
      /shared/a: {get: {responses: {'404': {$ref: '#/components/responses/NotThere'}}}}
      /shared/b: {get: {responses: {'404': {$ref: '#/components/responses/NotThere'}}}}
    components:
      responses:
        NotThere:
          description: It is not there.
          content: {application/json: {schema: {type: string}}}
    """,
)
def test_shared_responses(api: Sample) -> None:
    assert re.search(r"from \.\.responses import \(? ?NotThereResponse", api.code)
    assert "class NotThereResponse(ApiResponse):" in api.service.source("responses")
    assert "GetSharedAResponse: TypeAlias = NotThereResponse" in api.code
    assert "GetSharedBResponse: TypeAlias = NotThereResponse" in api.code


# --- Security ---


@feature(
    "Security of the whole document",
    "Applies to every operation that does not override it; `security: []` makes one public",
    """
    security: [{Token: []}]
    paths:
      /closed: {get: {}}
      /open: {get: {security: []}}
    components:
      securitySchemes: {Token: {type: http, scheme: bearer}}
    """,
    alone=True,
)
def test_security_of_the_document(api: Sample) -> None:
    assert "async def get_closed(self, *, principal: Principal)" in api.code
    assert "async def get_open(self) ->" in api.code

    assert api.send("GET", "/closed").status == 401
    assert api.send("GET", "/closed", headers={"Authorization": "Bearer a"}).status == REACHED
    assert api.send("GET", "/open", headers={"Authorization": "Bearer wrong"}).arguments == {}


@feature(
    "HTTP schemes",
    "Checked before anything else; the handler gets the caller as `principal`, or the response is "
    "401 with a challenge",
    """
    paths:
      /bearer:
        post:
          security: [{Bearer: []}]
          requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}
      /basic: {get: {security: [{Password: []}]}}
      /other: {get: {security: [{Signed: []}]}}
    components:
      securitySchemes:
        Bearer: {type: http, scheme: bearer}
        Password: {type: http, scheme: Basic}
        Signed: {type: http, scheme: hoba}
    """,
)
def test_http_schemes(api: Sample) -> None:
    assert "async def post_bearer(self, *, principal: Principal, body: int)" in api.code
    assert "Security: Bearer." in api.code

    def refused(method: str, path: str, *credentials: str | bytes) -> tuple[int, str]:
        headers = [("Authorization", each) for each in credentials]
        sent = api.send(method, path, content="?", headers=headers)
        return sent.status, sent.response.headers["www-authenticate"]

    bare, wrong = 'Bearer realm="Catalogue"', 'Bearer error="invalid_token"'
    assert refused("POST", "/bearer") == refused("POST", "/bearer", "Basic abc") == (401, bare)
    for bad in (
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "Bearer a\xe9".encode("latin-1"),
        "Bearer a\tb",
    ):
        assert refused("POST", "/bearer", bad) == (401, wrong)
    for second in ("Bearer a", "Basic abc"):
        assert refused("POST", "/bearer", "Bearer a", second) == (401, wrong)
    assert refused("GET", "/basic", "Basic wrong") == (401, 'Basic realm="Catalogue"')
    assert refused("GET", "/other") == (401, "Hoba")

    for name in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{name} abc"}
        accepted = api.send("POST", "/bearer", json=1, headers=headers)
        assert accepted.arguments == {"principal": Caller.of("abc"), "body": 1}
        assert api.service.checked == [("bearer", "abc")]
    api.send("GET", "/basic", headers={"Authorization": "Basic QTpi"})
    assert api.service.checked == [("password", "QTpi")]
    api.send("GET", "/other", headers={"Authorization": "HOBA result=a, b"})
    assert api.service.checked == [("signed", "result=a, b")]


@feature(
    "API keys",
    "In headers, query and cookies; a key that is sent twice is not valid",
    """
    paths:
      /keys/header: {get: {security: [{InHeader: []}]}}
      /keys/query: {get: {security: [{InQuery: []}]}}
      /keys/cookie: {get: {security: [{InCookie: []}]}}
    components:
      securitySchemes:
        InHeader: {type: apiKey, in: header, name: X-Key}
        InQuery: {type: apiKey, in: query, name: the key}
        InCookie: {type: apiKey, in: cookie, name: session}
    """,
)
def test_api_keys(api: Sample) -> None:
    def caller(where: str, query: str = "", *headers: tuple[str, str]) -> object:
        sent = api.send("GET", f"/keys/{where}{query}", headers=headers)
        if sent.status == 401:
            assert sent.response.headers["www-authenticate"] == "ApiKey"
        return sent.arguments["principal"].name if sent.arguments else sent.status

    assert caller("header", "", ("x-key", "a b")) == "a b"
    assert caller("query", "?the%20key=a%2Bb") == caller("query", "?the+key=a%2bb") == "a+b"
    assert caller("cookie", "", ("Cookie", "other=1; session=a=b")) == "a=b"

    for where in ("header", "query", "cookie"):
        assert caller(where) == 401
    assert caller("header", "", ("X-Key", "a"), ("X-Key", "a")) == 401
    assert caller("query", "?the+key=a&the+key=a") == caller("query", "?the+key=") == 401
    assert caller("cookie", "", ("Cookie", "session=a; session=b")) == 401
    assert caller("query", "?the+key=%00") == caller("query", "?the+key=%C3%A9") == 401
    assert caller("header", "?the+key=a", ("Cookie", "session=a")) == 401


@feature(
    "Scopes",
    "Compared with those of the caller, also the roles of other schemes than OAuth 2 and OpenID "
    "Connect; the response is 403",
    """
    paths:
      /scopes/write:
        get: {security: [{OAuth: [read, write]}]}
      /scopes/either:
        get: {security: [{OAuth: [write]}, {OpenID: [admin]}]}
      /scopes/role:
        get: {security: [{Role: [admin]}]}
    components:
      securitySchemes:
        OAuth:
          type: oauth2
          flows: {clientCredentials: {tokenUrl: /token, scopes: {read: Read., write: Write.}}}
        OpenID: {type: openIdConnect, openIdConnectUrl: https://example.com/.well-known/openid-configuration}
        Role: {type: apiKey, in: header, name: X-Role}
    """,
)
def test_scopes(api: Sample) -> None:
    assert "Security: OAuth (read, write)." in api.code
    assert "bound=HasScopes" in api.service.source("security")

    def refused(path: str, **headers: str) -> tuple[int, str]:
        sent = api.send("GET", path, headers=headers)
        return sent.status, sent.response.headers["www-authenticate"]

    needed = 'Bearer error="insufficient_scope", scope="read write"'
    for scopes in ("", "read", "write", "rea,writer", "read.write"):
        assert refused("/scopes/write", Authorization=f"Bearer ada:{scopes}") == (403, needed)
    assert "the scope write" in (
        api.send("GET", "/scopes/write", headers={"Authorization": "Bearer ada:read"}).response.text
    )
    assert refused("/scopes/either", Authorization="Bearer ada:read") == (
        403,
        'Bearer error="insufficient_scope", scope="write", '
        'Bearer error="insufficient_scope", scope="admin"',
    )
    assert refused("/scopes/role", **{"X-Role": "ada:user"}) == (403, "ApiKey")
    assert refused("/scopes/write", Authorization="Bearer wrong:read,write") == (
        401,
        'Bearer error="invalid_token"',
    )

    for path, scopes in (("write", "more,read,write"), ("either", "write"), ("either", "admin")):
        headers = {"Authorization": f"Bearer ada:{scopes}"}
        assert api.send("GET", f"/scopes/{path}", headers=headers).status == REACHED
    assert api.send("GET", "/scopes/role", headers={"X-Role": "ada:admin"}).status == REACHED


@feature(
    "Optional security",
    "`principal` is `None` without credentials; wrong ones get 401, in any order of the document",
    """
    paths:
      /optional/last: {get: {security: [{Key: []}, {}]}}
      /optional/first: {get: {security: [{}, {Key: [read]}]}}
      /optional/only: {get: {security: [{}]}}
    components:
      securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
    """,
)
def test_optional_security(api: Sample) -> None:
    assert "async def get_optional_last(self, *, principal: Principal | None)" in api.code
    assert "Security: Key (read), or no credentials." in api.code
    assert "async def get_optional_only(self) ->" in api.code

    for path in ("/optional/last", "/optional/first"):
        assert api.send("GET", path).arguments == {"principal": None}
        assert api.send("GET", path, headers={"X-Key": "ada:read"}).arguments == {
            "principal": Caller.of("ada:read")
        }
        assert api.send("GET", path, headers={"X-Key": "wrong"}).status == 401
        assert api.send("GET", path, headers={"X-Key": ""}).status == 401
    assert api.send("GET", "/optional/first", headers={"X-Key": "ada"}).status == 403
    assert api.send("GET", "/optional/only", headers={"X-Key": "wrong"}).arguments == {}


@feature(
    "Alternatives",
    "One that holds is enough, whatever else was sent and in any order of the document",
    """
    paths:
      /alternatives: {get: {security: [{Key: [write]}, {Bearer: []}, {Key: [read]}]}}
    components:
      securitySchemes:
        Key: {type: apiKey, in: header, name: X-Key}
        Bearer: {type: http, scheme: bearer}
    """,
)
def test_alternatives(api: Sample) -> None:
    assert "principal: Principal)" in api.code

    def outcome(**headers: str) -> object:
        sent = api.send("GET", "/alternatives", headers=headers)
        return sent.arguments["principal"].name if sent.arguments else sent.status

    assert outcome(**{"X-Key": "ada:read"}) == outcome(**{"X-Key": "ada:write"}) == "ada"
    assert outcome(Authorization="Bearer bob") == "bob"
    assert outcome(**{"X-Key": "wrong"}, Authorization="Bearer bob") == "bob"
    assert outcome(**{"X-Key": "ada"}, Authorization="Bearer bob") == "bob"
    assert outcome(**{"X-Key": "ada:read"}, Authorization="Bearer wrong") == "ada"
    assert outcome(**{"X-Key": "ada"}, Authorization="Bearer wrong") == 403
    assert outcome(**{"X-Key": "wrong"}, Authorization="Bearer wrong") == 401

    refused = api.send("GET", "/alternatives", headers={"Authorization": "Bearer wrong"})
    challenges = refused.response.headers["www-authenticate"]
    assert challenges == 'ApiKey, Bearer error="invalid_token"'
    assert api.send("GET", "/alternatives", headers={"X-Key": "ada"}).status == 403
    assert [name for name, _ in api.service.checked] == ["key"]


@feature(
    "Several schemes that must hold",
    "`principal` is a tuple, in the order of the document; each caller needs the scopes of its own "
    "scheme",
    """
    paths:
      /both: {get: {security: [{User: [write], Service: [call]}]}}
      /both/or: {get: {security: [{Service: []}, {User: [], Service: []}, {}]}}
    components:
      securitySchemes:
        Service: {type: apiKey, in: query, name: key}
        User: {type: http, scheme: bearer}
    """,
)
def test_several_schemes_that_must_hold(api: Sample) -> None:
    assert "async def get_both(self, *, principal: tuple[Principal, Principal])" in api.code
    assert "principal: Principal | tuple[Principal, Principal] | None" in api.code
    assert "Security: User (write) and Service (call)." in api.code

    def refused(query: str, **headers: str) -> tuple[int, str]:
        sent = api.send("GET", f"/both{query}", headers=headers)
        return sent.status, sent.response.headers["www-authenticate"]

    user = {"Authorization": "Bearer ada:write"}
    assert api.send("GET", "/both?key=app:call", headers=user).arguments == {
        "principal": (Caller.of("ada:write"), Caller.of("app:call"))
    }
    assert refused("") == (401, 'Bearer realm="Catalogue", ApiKey')
    assert refused("", **user) == refused("?key=wrong", **user) == (401, "ApiKey")
    assert refused("?key=app:call") == (401, 'Bearer realm="Catalogue"')
    assert refused("", Authorization="Bearer wrong") == (
        401,
        'Bearer error="invalid_token", ApiKey',
    )
    lacking = (403, 'Bearer error="insufficient_scope", scope="write"')
    assert refused("?key=app:call", Authorization="Bearer ada:call") == lacking
    assert refused("?key=app:write", **user) == (403, "ApiKey")

    assert api.send("GET", "/both/or?key=app", headers=user).arguments == {
        "principal": Caller.of("app")
    }
    assert api.send("GET", "/both/or", headers=user).status == 401
    assert api.send("GET", "/both/or").arguments == {"principal": None}


# --- Operations ---


@feature(
    "Summaries and descriptions",
    "Docstrings, also of parameters, properties and responses",
    """
    paths:
      /described:
        get:
          summary: Say it.
          description: |-
            At length, with "quotes" and a \\\\ in it.
          parameters: [{name: how, in: query, description: How loud., schema: {type: string}}]
          responses:
            '200':
              description: It was said.
              content: {application/json: {schema: {$ref: '#/components/schemas/Said'}}}
    components:
      schemas:
        Said:
          description: What was said.
          properties: {text: {type: string, description: The words.}}
    """,
)
def test_summaries_and_descriptions(api: Sample) -> None:
    interface = vars(api.service.module(api.router))["SummariesAndDescriptionsHandlers"]

    assert interface.get_described.__doc__.splitlines()[0] == "Say it (`GET /described`)."
    assert 'At length, with "quotes" and a' in interface.get_described.__doc__
    assert "`how`: How loud." in interface.get_described.__doc__
    assert '"""It was said."""' in api.code
    assert '"""What was said."""' in api.models
    assert '"""The words."""' in api.models


@feature(
    "Deprecated",
    "Docstrings say so, for operations, parameters and properties",
    """
    paths:
      /deprecated:
        post:
          deprecated: true
          parameters: [{name: old, in: query, deprecated: true, schema: {type: string}}]
          requestBody:
            content:
              application/json: {schema: {properties: {older: {type: string, deprecated: true}}}}
    """,
)
def test_deprecated(api: Sample) -> None:
    assert '"""post_deprecated (`POST /deprecated`). Deprecated. `old`: Deprecated. """' in api.code
    assert 'older: StrictStr | MISSING = MISSING """Deprecated."""' in api.models


@feature(
    "Deprecated with a date",
    "`Deprecation` and `Sunset` in every response; without a date you get a note",
    """
    paths:
      /old/{number}:
        get:
          operationId: get_old
          deprecated: true
          x-deprecated-since: '2026-01-01'
          x-sunset: '2026-07-01T12:00:00Z'
          parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
          responses:
            '200':
              description: Old.
              headers:
                Deprecation: {required: true, x-automatic: true, schema: {type: string}}
                Sunset: {required: true, x-automatic: true, schema: {type: string}}
        put:
          operationId: put_old
          deprecated: true
          x-deprecated-since: '2026-01-01T00:00:01Z'
          parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
        delete: {deprecated: true, operationId: delete_old}
        patch: {operationId: patch_new}
    """,
)
def test_deprecated_with_a_date(api: Sample) -> None:
    told = {"deprecation": "@1767225600", "sunset": "Wed, 01 Jul 2026 12:00:00 GMT"}
    assert "Deprecated since 2026-01-01, served until 2026-07-01T12:00:00Z." in api.code

    assert _announced(api, "GET", "/old/1", 200, api.new("GetOld200")) == told
    assert _announced(api, "HEAD", "/old/1", 200, api.new("GetOld200")) == told
    assert _announced(api, "GET", "/old/x", 404) == told
    assert _announced(api, "GET", "/old/1?x=1", 400) == told
    assert _announced(api, "PUT", "/old/1", REACHED) == {"deprecation": "@1767225601"}
    for method, status in (
        ("DELETE", REACHED),
        ("PATCH", REACHED),
        ("OPTIONS", 204),
        ("POST", 405),
    ):
        assert _announced(api, method, "/old/1", status) == {}
    assert [note for note in api.service.notes if "/old/" in note.replace("~1", "/")] == [
        "/paths/~1old~1{number}/delete/deprecated: no header says so; "
        "add a date, x-deprecated-since: '2026-11-22'"
    ]


def _announced(
    api: Sample, method: str, url: str, status: int, answer: object = None
) -> dict[str, str]:
    """Return the headers of an answer with this status that announce an end."""
    response = api.send(method, url, answer).response
    assert response.status_code == status
    return {
        name: value for name, value in response.headers.items() if name in ("deprecation", "sunset")
    }


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (
            "x-deprecated-since: '2026-11-22'",
            "x-deprecated-since: is the date of nothing; add `deprecated: true`",
        ),
        (
            "{deprecated: false, x-sunset: '2026-11-22'}",
            "x-sunset: is the date of nothing; add `deprecated: true`",
        ),
        (
            "{deprecated: true, x-sunset: '2026-11-22'}",
            "x-sunset: stands alone; say in x-deprecated-since",
        ),
        (
            "{deprecated: true, x-deprecated-since: '2026-11-22', "
            "x-sunset: '2026-11-21T23:59:59Z'}",
            "x-sunset: is earlier than x-deprecated-since",
        ),
        ("{deprecated: true, x-deprecated-since: soon}", "x-deprecated-since: soon is no date"),
        (
            "{deprecated: true, x-deprecated-since: '2026-02-30'}",
            "x-deprecated-since: 2026-02-30 is no date",
        ),
        (
            "{deprecated: true, x-deprecated-since: '20261122'}",
            "x-deprecated-since: 20261122 is no date",
        ),
        (
            "{deprecated: true, x-deprecated-since: '2026-11-22T12:00:00+01:00'}",
            "+01:00 is no date; write",
        ),
    ],
)
def test_dates_that_contradict_are_refused(words: str, refusal: str) -> None:
    contract = Contract({"paths": {"/old": {"get": yaml.safe_load(words)}}})

    with pytest.raises(UnsupportedContract, match=re.escape(refusal)) as refused:
        announced(contract.operations[0])

    assert str(refused.value).startswith("/paths/~1old/get/x-")


@feature(
    "Operation order",
    "As in the document, in interfaces and routing",
    """
    paths:
      /order/z: {get: {operationId: second_to_none}, delete: {operationId: another}}
      /order/a: {get: {operationId: a_late_one}}
    """,
)
def test_operation_order(api: Sample) -> None:
    assert re.findall(r"async def (\w+)", api.code) == ["second_to_none", "another", "a_late_one"]
    assert re.findall(r"handlers\.(\w+)", api.code) == ["second_to_none", "another", "a_late_one"]


@feature(
    "Static paths before templated ones",
    "In any order and with any tags",
    """
    paths:
      /users/{name}: {get: {operationId: get_user, tags: [users], parameters: &path [
        {name: name, in: path, required: true, schema: {type: string}}]}}
      /users/me: {get: {operationId: get_me, tags: [me]}}
      /users/{name}/posts: {get: {operationId: list_posts, tags: [users], parameters: *path}}
      /users/{name}.json: {get: {operationId: get_json, tags: [me], parameters: *path}}
      /users/me/{name}: {get: {operationId: get_mine, tags: [me], parameters: *path}}
    """,
)
def test_static_paths_before_templated_ones(api: Sample) -> None:
    paths = ("/users/me", "/users/you", "/users/you/posts", "/users/me/posts", "/users/you.json")

    reached = [api.send("GET", path).operation for path in paths]

    assert reached == ["get_me", "get_user", "list_posts", "get_mine", "get_json"]


@feature(
    "HEAD, OPTIONS and other methods",
    "HEAD follows GET; OPTIONS and 405 list all methods of the path, across tags",
    """
    paths:
      /methods:
        get:
          tags: [readers]
          responses:
            '200': {description: A number., content: {application/json: {schema: {type: integer}}}}
        put: {tags: [writers]}
    """,
)
def test_head_options_and_other_methods(api: Sample) -> None:
    number = api.service.module("routers.readers").GetMethods200(body=12)

    head = api.send("HEAD", "/methods", number)
    options = api.send("OPTIONS", "/methods")
    post = api.send("POST", "/methods")

    assert (head.operation, head.response.content, head.response.headers["content-length"]) == (
        "get_methods",
        b"",
        "2",
    )
    assert (options.status, options.response.headers["allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert (post.status, post.response.headers["allow"]) == (405, "GET, HEAD, OPTIONS, PUT")


@feature(
    "No operationId",
    "Named after method and path",
    """
    paths:
      /no-id/{id}/sub:
        get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}]}
    """,
)
def test_no_operation_id(api: Sample) -> None:
    assert "async def get_no_id_by_id_sub(self, *, id: int)" in api.code


@feature(
    "Colliding operationIds",
    "Ids that are equal in Python get a number",
    """
    paths:
      /collisions/a: {get: {operationId: getIt}}
      /collisions/b: {get: {operationId: get_it}}
      /collisions/c: {get: {operationId: get-it}}
    """,
)
def test_colliding_operation_ids(api: Sample) -> None:
    names = re.findall(r"async def (\w+)", api.code)

    assert len({*names}) == 3
    assert [api.send("GET", f"/collisions/{path}").operation for path in "abc"] == names


@feature(
    "No tags",
    "The operation goes to the module `default`",
    "paths: {/no_tags: {get: {tags: []}}}",
)
def test_no_tags(api: Sample) -> None:
    assert "async def get_no_tags" in api.service.source("routers.default")
    assert api.send("GET", "/no_tags").status == REACHED


@feature(
    "Several tags, tags with spaces",
    "The first tag counts; any text becomes a module and a class",
    """
    tags: [{name: 'Über 2 words!', description: What they are.}]
    paths: {/tags: {get: {tags: ['Über 2 words!', other]}}}
    """,
)
def test_tags_with_spaces(api: Sample) -> None:
    assert api.send("GET", "/tags").operation == "get_tags"
    signature = re.search(
        r"from \.(\w+) import (\w+), \1_operations", api.service.source("routers.__init__")
    )
    assert signature
    module = next(
        path for path in ("routers.ber_2_words", "routers.uber_2_words") if _exists(api, path)
    )
    assert "What they are." in api.service.source(module)
    assert "async def get_tags" in api.service.source(module)


def _exists(api: Sample, module: str) -> bool:
    try:
        return bool(api.service.source(module))
    except FileNotFoundError:
        return False


@feature(
    "Names that Python reserves",
    "Python's, Pydantic's and our own names: only the Python name changes, not the JSON name",
    """
    paths:
      /keywords/{class}:
        post:
          operationId: import
          tags: [class]
          parameters:
            - {name: class, in: path, required: true, schema: {type: string}}
            - {name: from, in: query, schema: {type: string}}
            - {name: self, in: query, schema: {type: string}}
            - {name: body, in: query, schema: {type: string}}
            - {name: principal, in: header, schema: {type: string}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Model'}}}
    components:
      schemas:
        Model:
          type: object
          required: [class, copy, model_dump, json, _private, 2nd, a-b, schema]
          properties:
            class: {type: integer}
            copy: {type: integer}
            model_dump: {type: integer}
            json: {type: integer}
            _private: {type: integer}
            2nd: {type: integer}
            a-b: {type: integer}
            schema: {$ref: '#/components/schemas/list'}
        list: {type: object, properties: {int: {type: integer}, str: {type: string}}}
    """,
)
def test_names_that_python_needs_itself(api: Sample) -> None:
    names = ("class", "copy", "model_dump", "json", "_private", "2nd", "a-b")
    body = dict.fromkeys(names, 1) | {"schema": {"int": 1, "str": "a"}}
    url = "/keywords/a?from=b&self=c&body=d"

    sent = api.send("POST", url, json=body, headers={"principal": "e"})

    assert [value for name, value in sent.arguments.items() if name != "body"] == [
        "a",
        "b",
        "c",
        "d",
        "e",
    ]
    assert type(sent.arguments["body"]).model_dump(sent.arguments["body"], mode="json") == body


@feature(
    "Callbacks and webhooks",
    "Not served, since the service only answers; you get a note",
    """
    webhooks: {posted: {post: {responses: {'200': {description: Thanks.}}}}}
    paths:
      /callbacks:
        post:
          callbacks:
            done: {'{$request.query.url}': {put: {responses: {'200': {description: Thanks.}}}}}
    """,
)
def test_callbacks_and_webhooks(api: Sample) -> None:
    assert [note for note in api.service.notes if "not served" in note] == [
        "/webhooks: not served; the service only answers",
        "/paths/~1callbacks/post/callbacks: not served; the service only answers",
    ]
    assert api.send("POST", "/callbacks").operation == "post_callbacks"


# --- The table ---

_TABLE = re.compile(r"(?<=<!-- the catalogue -->\n).*(?=<!-- end of the catalogue -->)", re.DOTALL)


def test_table_in_the_documentation_is_the_catalogue() -> None:
    page = Path(ROOT / "docs" / "generator.md")
    rows = [f"| {each.name} | {each.outcome} |" for each in FEATURES]
    table = "\n".join(["", "| Feature | What becomes of it |", "|---|---|", *rows, "", ""])

    updated = _TABLE.sub(lambda _: table, page.read_text())
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(updated)

    assert page.read_text() == updated, (
        "run: UPDATE_DOCS=1 python -m pytest tests/specfirst/codegen -k table"
    )


def test_each_feature_is_in_the_table_once() -> None:
    assert len({each.name for each in FEATURES}) == len(FEATURES)
