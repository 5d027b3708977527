"""How generated code reads paths: what is encoded is data, whatever the template and the server."""

import pytest
import yaml
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.specfirst.codegen.features import REACHED, Feature, Service

CONTRACT = """
openapi: 3.1.0
info: {title: Paths, version: '1'}
paths:
  /files: {get: {operationId: list_files}}
  /files/{name}:
    get:
      operationId: get_file
      parameters: [&name {name: name, in: path, required: true, schema: {type: string}}]
    delete: {operationId: delete_file, parameters: [*name]}
  /files/{name}/parts: {get: {operationId: list_parts, parameters: [*name]}}
  /files/mine: {get: {operationId: get_own_file}}
  /numbers/{number}:
    get:
      operationId: get_number
      parameters: [&number {name: number, in: path, required: true, schema: {type: integer}}]
    put: {operationId: put_number, parameters: [*number]}
  /files/{name}.json: {get: {operationId: get_json, parameters: [*name]}}
  /files/{name}:publish: {get: {operationId: publish_file, parameters: [*name]}}
  /ranges/{first}-{last}:
    get:
      operationId: get_range
      parameters:
        - &first {name: first, in: path, required: true, schema: {type: string}}
        - &last {name: last, in: path, required: true, schema: {type: string}}
  /points/{first},{last}: {get: {operationId: get_point, parameters: [*first, *last]}}
  /lists/{items}:
    get:
      operationId: get_list
      parameters:
        - {name: items, in: path, required: true, schema: {type: array, items: {type: string}}}
  /numbered/{items}:
    get:
      operationId: get_numbered
      parameters:
        - name: items
          in: path
          required: true
          explode: true
          schema: {type: array, items: {type: integer}}
  /objects/{value}:
    get:
      operationId: get_object
      parameters:
        - name: value
          in: path
          required: true
          schema: &object {type: object, additionalProperties: {type: string}}
  /exploded/{value}:
    get:
      operationId: get_exploded
      parameters: [{name: value, in: path, required: true, explode: true, schema: *object}]
  /json/{value}:
    get:
      operationId: get_content
      parameters:
        - name: value
          in: path
          required: true
          content: {application/json: {schema: {type: string}}}
  /@me: {get: {operationId: get_me}}
  /two words: {get: {operationId: get_words}}
  /caf%C3%A9: {get: {operationId: get_cafe}}
  /h%2Fm: {get: {operationId: get_slash}}
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The contract above, generated and served."""
    document = yaml.safe_load(CONTRACT)
    for item in document["paths"].values():
        for operation in item.values():
            operation |= {"tags": ["paths"], "responses": {"204": {"description": "Done."}}}
    return Service(
        "of_paths", [Feature("Paths", "", document, alone=True)], tmp_path_factory.mktemp("paths")
    )


@pytest.mark.parametrize(
    ("path", "operation", "arguments"),
    [
        # Characters that need no escape are the same with one (RFC 3986, section 6.2.2.2).
        (b"/%66iles", "list_files", {}),
        (b"/%66%69%6c%65%73", "list_files", {}),
        (b"/%66%69%6C%65%73", "list_files", {}),
        (b"/files/%6Dine", "get_own_file", {}),
        (b"/files/%6Dine/parts", "list_parts", {"name": "mine"}),
        # A delimiter that is encoded is data of its part (section 2.2), decoded once (section 2.4).
        (b"/files/a%2Fb", "get_file", {"name": "a/b"}),
        (b"/files/a%2fb", "get_file", {"name": "a/b"}),
        (b"/files/%2F", "get_file", {"name": "/"}),
        (b"/files/a%2Fparts", "get_file", {"name": "a/parts"}),
        (b"/files/a%2Fb/parts", "list_parts", {"name": "a/b"}),
        (b"/files/..%2F..%2Fetc", "get_file", {"name": "../../etc"}),
        (b"/files/a%252Fb", "get_file", {"name": "a%2Fb"}),
        (b"/files/100%25", "get_file", {"name": "100%"}),
        (b"/files/%2541", "get_file", {"name": "%41"}),
        (b"/files/a%3Fb%23c", "get_file", {"name": "a?b#c"}),
        (b"/files/a%00b", "get_file", {"name": "a\0b"}),
        # What is no delimiter of paths is data as well, encoded or not.
        (b"/files/a+b", "get_file", {"name": "a+b"}),
        (b"/files/a%20b%2B", "get_file", {"name": "a b+"}),
        (b"/files/a;b=c", "get_file", {"name": "a;b=c"}),
        (b"/files/%7B%7D", "get_file", {"name": "{}"}),
        (b"/files/.", "get_file", {"name": "."}),
        (b"/files/%2e%2E", "get_file", {"name": ".."}),
        (b"/files/caf%C3%A9", "get_file", {"name": "café"}),
        (b"/files/%F0%9F%98%80", "get_file", {"name": "\U0001f600"}),
        (b"/numbers/4%31", "get_number", {"number": 41}),
        (b"/numbers/%2D1", "get_number", {"number": -1}),
        # Text beside a parameter.
        (b"/files/a%2Fb.json", "get_json", {"name": "a/b"}),
        (b"/files/a%2Ejson", "get_json", {"name": "a"}),
        (b"/files/a%2Fb:publish", "publish_file", {"name": "a/b"}),
        (b"/files/a%3Apublish", "get_file", {"name": "a:publish"}),
        (b"/ranges/a%2Fb-c", "get_range", {"first": "a/b", "last": "c"}),
        (b"/ranges/1%2D2", "get_range", {"first": "1", "last": "2"}),
        (b"/points/1,2%2C3", "get_point", {"first": "1", "last": "2,3"}),
        (b"/points/1%2C2,3", "get_point", {"first": "1,2", "last": "3"}),
        # Values that are several: taken apart first, decoded then (RFC 6570, section 3.2.1).
        (b"/lists/a%2Cb,c%2Fd", "get_list", {"items": ["a,b", "c/d"]}),
        (b"/lists/a,b", "get_list", {"items": ["a", "b"]}),
        (b"/lists/%252C", "get_list", {"items": ["%2C"]}),
        (b"/numbered/1,%32", "get_numbered", {"items": [1, 2]}),
        (b"/objects/a%2Cb,c%3Dd,e,f", "get_object", {"value": {"a,b": "c=d", "e": "f"}}),
        (b"/exploded/a%3Db=c%2Cd,e=f", "get_exploded", {"value": {"a=b": "c,d", "e": "f"}}),
        (b"/json/%22a%2Fb%22", "get_content", {"value": "a/b"}),
        # Fixed text that needs an escape, or may have one.
        (b"/@me", "get_me", {}),
        (b"/%40me", "get_me", {}),
        (b"/two%20words", "get_words", {}),
        (b"/caf%c3%a9", "get_cafe", {}),
        (b"/h%2fm", "get_slash", {}),
    ],
)
def test_path_reaches_its_operation_with_its_values(
    api: Service, path: bytes, operation: str, arguments: dict[str, object]
) -> None:
    reached = api.send_path("GET", path)

    value = {
        name: dict(each) if hasattr(each, "model_dump") else each
        for name, each in reached.arguments.items()
    }
    assert (reached.status, reached.operation, value) == (REACHED, operation, arguments)


@pytest.mark.parametrize(
    "path",
    [
        b"%2Ffiles",
        b"/%2Ffiles",
        b"/files%2F",
        b"/files%2Fa",
        b"/files%2fa",
        b"/files%252Fa",
        b"/numbers%2F41",
        b"/files/a%2Fb%2Fparts/more",
        b"/files/a/b",
        b"/files/",
        b"/files/a/",
        b"/files//parts",
        b"//files",
        b"/./files",
        b"/files/../files",
        b"/%46iles",
        b"/FILES",
        b"/fil%C0%A5s",
        b"/files;a=b",
        b"/files%3Ba",
        b"/ranges/a%2F-",
        b"/points/1%2C2",
        b"/h/m",
        b"/caf%E9",
        b"/two+words",
        b"/two%2520words",
        b"/%2566iles",
        b"/%",
        b"*",
    ],
)
def test_path_that_only_looks_like_one_of_the_contract_is_none(api: Service, path: bytes) -> None:
    for method in ("GET", "DELETE", "OPTIONS", "HEAD"):
        answer = api.send_path(method, path)

        assert (answer.status, answer.operation) == (404, None)
        assert "Allow" not in answer.response.headers


UNDECODABLE = [
    b"%",
    b"a%",
    b"%4",
    b"%zz",
    b"%4g",
    b"%u0041",
    b"%%41",
    b"% 41",
    b"%ff",
    b"%C0%AF",
    b"%E0%80%AF",
]
UNDECODABLE += [
    b"%ED%A0%80",
    b"%F4%90%80%80",
    b"%C3",
    b"%C3/parts",
    b"%252F%2",
    b"caf\xc3\xa9",
    b"\xff",
]


@pytest.mark.parametrize("value", UNDECODABLE)
def test_value_that_is_not_percent_encoded_utf8_cannot_exist(api: Service, value: bytes) -> None:
    answer = api.send_path("GET", b"/files/" + value)

    assert (answer.status, answer.errors) == (404, ["path: /name"])
    assert api.send_path("GET", b"/lists/a," + value.removesuffix(b"/parts")).errors == [
        "path: /items"
    ]
    assert api.send_path("GET", b"/exploded/a=" + value.removesuffix(b"/parts")).errors == [
        "path: /value"
    ]


@pytest.mark.parametrize(
    "path", [b"/numbers/41", b"/n%75mbers/4%31", b"/numbers/%2F", b"/numbers/%ff", b"/numbers/%"]
)
def test_methods_are_those_of_the_path_however_it_is_written(api: Service, path: bytes) -> None:
    options, refused = api.send_path("OPTIONS", path), api.send_path("DELETE", path)

    assert (options.status, refused.status) == (204, 405)
    assert (
        options.response.headers["Allow"]
        == refused.response.headers["Allow"]
        == "GET, HEAD, OPTIONS, PUT"
    )


def test_encoded_slash_reaches_the_same_operation_with_every_method(api: Service) -> None:
    for method, operation in [("GET", "get_file"), ("HEAD", "get_file"), ("DELETE", "delete_file")]:
        assert api.send_path(method, b"/files/a%2Fb").operation == operation


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/files/a", {"name": "a"}),
        ("/files/é b+%2F", {"name": "é b+%2F"}),
        ("/files/a:publish", {"name": "a"}),
        ("/lists/a,b", {"items": ["a", "b"]}),
        ("/@me", {}),
        ("/two words", {}),
    ],
)
@pytest.mark.parametrize("raw_path", [None, b""])
def test_server_that_tells_the_decoded_path_only_is_believed(
    api: Service, raw_path: bytes | None, path: str, arguments: dict[str, object]
) -> None:
    reached = api.send_path("GET", b"/", path=path, raw_path=raw_path)

    assert (reached.status, reached.arguments) == (REACHED, arguments)


def test_decoded_path_that_is_no_unicode_cannot_exist(api: Service) -> None:
    answer = api.send_path("GET", b"/", path="/files/\ud800", raw_path=None)

    assert (answer.status, answer.errors) == (404, ["path: /name"])


@pytest.mark.parametrize(
    ("root_path", "path", "raw_path"),
    [
        ("/api", "/api/files/a/b", b"/api/files/a%2Fb"),
        ("/api/v1", "/api/v1/files/a/b", b"/api/v1/files/a%2Fb"),
        ("/api/v1", "/api/v1/files/a/b", b"/%61pi/v1/files/a%2Fb"),  # decoded, by a mount
        ("/my api", "/my api/files/a/b", b"/my%20api/files/a%2Fb"),
        ("/café", "/café/files/a/b", b"/caf%c3%a9/files/a%2Fb"),
        ("/@us", "/@us/files/a/b", b"/%40us/files/a%2Fb"),
        (
            "/my%20api",
            "/my%20api/files/a/b",
            b"/my%20api/files/a%2Fb",
        ),  # as it was configured, by a server
        ("/caf%c3%a9", "/caf%c3%a9/files/a/b", b"/caf%c3%a9/files/a%2Fb"),
        ("/a%2Fb", "/a%2Fb/files/a/b", b"/a%2Fb/files/a%2Fb"),
        ("/api/", "/api//files/a/b", b"/api//files/a%2Fb"),
        ("/api", "/files/a/b", b"/files/a%2Fb"),  # cut already
        ("/files", "/files/files/a/b", b"/files/files/a%2Fb"),
    ],
)
def test_path_is_matched_below_the_root_path(
    api: Service, root_path: str, path: str, raw_path: bytes
) -> None:
    reached = api.send_path("GET", raw_path, root_path=root_path, path=path)

    assert (reached.operation, reached.arguments) == ("get_file", {"name": "a/b"})


@pytest.mark.parametrize(
    "raw_path", [b"/api%2Ffiles/a", b"/api%2Ffiles%2Fa", b"/api/files%2Fa", b"/%2Fapi/files/a"]
)
def test_encoded_slash_at_the_end_of_the_root_path_separates_nothing(
    api: Service, raw_path: bytes
) -> None:
    mounted = Starlette(routes=[Mount("/api", api.app)])

    assert api.send_path("GET", b"/%61pi/files/a%2Fb", through=mounted).arguments == {"name": "a/b"}
    assert api.send_path("GET", raw_path, through=mounted).status == 404
