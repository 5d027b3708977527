"""The coverage gate can fail: wrong responses are reported, and incomplete sessions are red."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.database.embedded import EmbeddedPostgres
from specfirst.conformance.coverage import missing, table
from specfirst.conformance.recorder import RECORD, Record, Recorder, recorded
from specfirst.conformance.validator import Exchange, ResponseValidator, Seen, Violation
from specfirst.contract import json_pointer
from specfirst.contract.model import Contract
from specfirst.contract.reading import load, read
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = read(ROOT / "openapi" / "openapi.yaml")
VALIDATOR = ResponseValidator(CONTRACT)
REQUEST_ID = "6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11"
JSON = {
    "content-type": "application/json",
    "x-request-id": REQUEST_ID,
    "etag": '"1"',
    "cache-control": "private, no-cache",
}
PROBLEM = {
    "content-type": "application/problem+json",
    "x-request-id": REQUEST_ID,
    "cache-control": "no-store",
}
SENT = {"X-Request-ID": REQUEST_ID, "Cache-Control": "no-store"}
_GET_AUTHOR = CONTRACT.by_id["get_author"].responses["200"].content["application/json"]
AUTHOR = json.dumps(_GET_AUTHOR.examples[0].value, separators=(",", ":")).encode()
UNAVAILABLE = (
    b'{"type":"/problems/x","title":"X","status":503,"detail":"X.","instance":"/livez",'
    b'"request_id":"6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11"}'
)


def exchange(**changes: Any) -> Exchange:
    """Return GET /authors/1 and a response as the contract wants it, unless given otherwise."""
    usual = Exchange(method="GET", path="/authors/1", status=200, headers=JSON, body=AUTHOR)
    return replace(usual, **changes)


def validated(exchange: Exchange) -> tuple[Seen, list[Violation]]:
    seen, violations = VALIDATOR.validate(exchange)
    assert seen is not None
    return seen, violations


# --- The validator --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "headers": JSON
            | {"content-type": "Application/JSON; charset=utf-8", "content-length": "1"}
        },
        {"status": 404, "headers": PROBLEM, "body": UNAVAILABLE.replace(b"503", b"404")},
        {"status": 503, "headers": PROBLEM | {"retry-after": "1"}, "body": UNAVAILABLE},
        {"method": "DELETE", "status": 204, "headers": {"x-request-id": REQUEST_ID}, "body": b""},
        {"method": "HEAD", "body": b""},
    ],
    ids=["200", "other spelling", "404", "503", "204", "HEAD"],
)
def test_documented_answer_is_right(changes: dict[str, Any]) -> None:
    seen, violations = validated(exchange(**changes))

    assert violations == []
    assert "X-Request-ID" in seen.headers


CLOSING = PROBLEM | {
    "cache-control": "no-store",
    "connection": "close",
    "date": "Thu, 26 Nov 2026 12:00:00 GMT",
}


@pytest.mark.parametrize("status", [400, 408, 431, 503])
@pytest.mark.parametrize("operation_id", CONTRACT.by_id)
def test_refusal_of_the_server_is_right_for_every_operation(operation_id: str, status: int) -> None:
    operation = CONTRACT.by_id[operation_id]
    body = UNAVAILABLE.replace(b"503", b"%d" % status)
    headers = CLOSING | ({"retry-after": "1"} if status == 503 else {})

    _, violations = ResponseValidator(CONTRACT, of_server=("connection", "date")).validate(
        exchange(
            method=operation.method.upper(),
            path=operation.path.replace("{", "").replace("}", ""),
            status=status,
            headers=headers,
            body=body,
        )
    )

    assert violations == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (PROBLEM | {"retry-after": "1"}, UNAVAILABLE),
        (CLOSING, UNAVAILABLE),
        (CLOSING | {"retry-after": "soon", "content-type": "text/plain"}, b"Service Unavailable"),
        (CLOSING | {"retry-after": "1"}, b"{}"),
        (CLOSING | {"retry-after": "1", "x-request-id": "1"}, UNAVAILABLE),
    ],
    ids=["connection is kept", "no Retry-After", "text", "no problem", "wrong id"],
)
def test_refusal_that_is_not_one_of_the_server_is_wrong(headers: Any, body: bytes) -> None:
    refusal = exchange(path="/livez", status=503, headers=headers, body=body)

    _, violations = validated(refusal)

    assert violations


REQUEST_ID_SCHEMA = "/components/headers/XRequestID/schema"
RETRY_SCHEMA = "/components/headers/RetryAfter/schema"
AT = "/paths/~1authors~1{author_id}"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "undocumented status": (
        {"status": 202},
        f"{AT}/get/responses",
        "this status is not documented",
    ),
    "500": ({"status": 500, "headers": PROBLEM}, f"{AT}/get/responses", "the service has failed"),
    "other media type": (
        {"headers": JSON | {"content-type": "text/html"}},
        f"{AT}/get/responses/200/content/application~1json",
        "the body is text/html; send it as application/json",
    ),
    "parameter of the media type": (
        {"headers": JSON | {"content-type": "application/json; profile=x"}},
        f"{AT}/get/responses/200/content/application~1json",
        "application/json has no parameter profile=x; send none",
    ),
    "no media type": (
        {"headers": {"x-request-id": REQUEST_ID}},
        f"{AT}/get/responses/200/content/application~1json",
        "the body is of no type",
    ),
    "error as plain JSON": (
        {"status": 404},
        "/components/responses/AuthorNotFound/content/application~1problem+json",
        "the body is application/json; send it as application/problem+json",
    ),
    "header missing": (
        {"headers": {"content-type": "application/json"}},
        "/components/headers/XRequestID/required",
        "X-Request-ID is required and missing",
    ),
    "header of a wrong form": (
        {"headers": JSON | {"x-request-id": "5"}},
        f"{REQUEST_ID_SCHEMA}/format",
        "X-Request-ID breaks the contract",
    ),
    "header sent twice": (
        {"headers": JSON | {"x-request-id": f"{REQUEST_ID}, {REQUEST_ID}"}},
        f"{REQUEST_ID_SCHEMA}/format",
        "X-Request-ID breaks the contract",
    ),
    "header that is no number": (
        {"status": 503, "headers": PROBLEM | {"retry-after": "soon"}, "body": UNAVAILABLE},
        f"{RETRY_SCHEMA}/type",
        "Retry-After breaks the contract",
    ),
    "header out of range": (
        {"status": 503, "headers": PROBLEM | {"retry-after": "0"}, "body": UNAVAILABLE},
        f"{RETRY_SCHEMA}/minimum",
        "Retry-After breaks the contract",
    ),
    "undocumented header": (
        {"headers": JSON | {"last-modified": "now"}},
        f"{AT}/get/responses/200/headers",
        "the header last-modified is not documented",
    ),
    "body out of range": (
        {"body": AUTHOR.replace(b'"id":1', b'"id":0')},
        "/components/schemas/Author/properties/id/minimum",
        "the body at /id breaks the contract",
    ),
    "body without a property": (
        {"body": AUTHOR.replace(b'"id":1,', b"")},
        "/components/schemas/Author/required",
        '"id" is a required property',
    ),
    "body with a property more": (
        {"body": AUTHOR.replace(b'"id":1,', b'"id":1,"age":36,')},
        "/components/schemas/Author/properties",
        "'age' was unexpected",
    ),
    "body with null": (
        {"body": AUTHOR.replace(b'"Ada"', b"null")},
        "/components/schemas/Author/properties/first_name/type",
        "the body at /first_name breaks the contract",
    ),
    "time that is none": (
        {"body": AUTHOR.replace(b"T09", b" at 09")},
        "/components/schemas/Author/properties/created_at/format",
        "the body at /created_at breaks the contract",
    ),
    "empty body": (
        {"body": b""},
        f"{AT}/get/responses/200/content/application~1json",
        "the body is not what",
    ),
    "body that is no JSON": (
        {"body": b"NaN"},
        f"{AT}/get/responses/200/content/application~1json",
        "NaN is no JSON",
    ),
    "body in another encoding": (
        {"body": AUTHOR.replace(b"Ada", b"\xe9")},
        f"{AT}/get/responses/200/content/application~1json",
        "the body is not what its media type says",
    ),
    "body where there is none": (
        {"method": "DELETE", "status": 204},
        f"{AT}/delete/responses/204",
        "there is a body where none is documented",
    ),
    "body of HEAD": ({"method": "HEAD"}, f"{AT}/get/responses/200", "HEAD is answered with a body"),
    "length of nothing": (
        {
            "method": "DELETE",
            "status": 204,
            "headers": {"x-request-id": REQUEST_ID, "content-length": "0"},
            "body": b"",
        },
        f"{AT}/delete/responses/204",
        "204 has a length",
    ),
    "HEAD without a header": (
        {"method": "HEAD", "headers": {"content-type": "application/json"}, "body": b""},
        "/components/headers/XRequestID/required",
        "X-Request-ID is required and missing",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_is_told_with_its_place_and_how_to_mend_it(name: str) -> None:
    changes, pointer, words = WRONG[name]

    _, violations = validated(exchange(**changes))

    places = {violation.pointer for violation in violations}
    told = "\n".join(map(str, violations))
    assert pointer in places, told
    assert words in told
    assert all(violation.operation in ("get_author", "delete_author") for violation in violations)
    assert all(
        re.search("; (document|fix|send)|fix it", violation.wrong) for violation in violations
    ), told


def test_500_is_wrong_even_where_it_is_documented() -> None:
    document = load(ROOT / "openapi" / "openapi.yaml")
    document["paths"]["/livez"]["get"]["responses"]["500"] = {"description": "Oh."}

    _, violations = ResponseValidator(Contract(document)).validate(
        exchange(path="/livez", status=500, headers={}, body=b"")
    )

    assert [violation.pointer for violation in violations] == ["/paths/~1livez/get/responses"]


def with_automatic_headers(document: dict[str, Any]) -> ResponseValidator:
    """Return a validator of a contract in which the service may send two headers anywhere: one to
    which a response refers by its name, and one to which none does.
    """
    document["components"]["headers"] |= {
        "RequestsLeft": {"required": True, "x-automatic": True, "schema": {"type": "integer"}},
        "X-Weather": {"x-automatic": True, "schema": {"enum": ["fair", "foul"]}},
        "X-Age": {"schema": {"type": "integer"}},
    }
    unavailable = json_pointer.find(document, CONTRACT.by_id["get_author"].responses["503"].pointer)
    unavailable["headers"]["Requests-Left"] = {"$ref": "#/components/headers/RequestsLeft"}
    return ResponseValidator(Contract(document), pages=["/docs"])


@pytest.mark.parametrize(
    ("headers", "wrong"),
    [
        ({}, ""),
        ({"requests-left": "7", "x-weather": "fair"}, ""),
        ({"requests-left": "many"}, "/components/headers/RequestsLeft/schema/type"),
        ({"x-weather": "mild"}, "/components/headers/X-Weather/schema/enum"),
        ({"x-age": "7"}, "/paths/~1authors~1{author_id}/get/responses/200/headers"),
        ({"requestsleft": "7"}, "/paths/~1authors~1{author_id}/get/responses/200/headers"),
        ({"vary": "Origin", "access-control-allow-origin": "*"}, ""),
        ({"access-control-expose-headers": "Link", "access-control-max-age": "600"}, ""),
    ],
)
def test_automatic_headers_are_allowed_everywhere_and_held_against_their_schemas(
    headers: dict[str, str], wrong: str
) -> None:
    validator = with_automatic_headers(load(ROOT / "openapi" / "openapi.yaml"))

    _, violations = validator.validate(exchange(headers=JSON | headers))

    assert [violation.pointer for violation in violations] == ([wrong] if wrong else [])


def test_automatic_header_is_required_where_a_response_refers_to_it() -> None:
    validator = with_automatic_headers(load(ROOT / "openapi" / "openapi.yaml"))

    _, violations = validator.validate(
        exchange(status=503, headers=PROBLEM | {"retry-after": "1"}, body=UNAVAILABLE)
    )

    assert [(each.pointer, each.wrong) for each in violations] == [
        (
            "/components/headers/RequestsLeft/required",
            "Requests-Left is required and missing; send it, or document it as optional",
        )
    ]


@pytest.mark.parametrize("path", ["/docs", "/nowhere"])
def test_automatic_header_is_held_against_its_schema_beside_the_operations(path: str) -> None:
    validator = with_automatic_headers(load(ROOT / "openapi" / "openapi.yaml"))
    found = {"status": 200} if path == "/docs" else {"status": 404, "body": NOT_FOUND}

    for value, wrong in (("7", []), ("many", ["/components/headers/RequestsLeft/schema/type"])):
        _, violations = validator.validate(
            exchange(path=path, headers=PROBLEM | {"requests-left": value}, **found)
        )

        assert [violation.pointer for violation in violations] == wrong


# --- Beside the operations ------------------------------------------------------------------------

NOT_FOUND = UNAVAILABLE.replace(b"503", b"404")
NOT_ALLOWED = UNAVAILABLE.replace(b"503", b"405")
ALLOW = {"allow": "GET, HEAD, OPTIONS", "x-request-id": REQUEST_ID}


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/nowhere", "status": 404, "headers": PROBLEM, "body": NOT_FOUND},
        {"path": "/authors/", "status": 404, "headers": PROBLEM, "body": NOT_FOUND},
        {"path": "/nowhere", "method": "HEAD", "status": 404, "headers": PROBLEM, "body": b""},
        {"method": "PUT", "status": 405, "headers": PROBLEM | ALLOW | PROBLEM, "body": NOT_ALLOWED},
        {"method": "OPTIONS", "status": 204, "headers": ALLOW, "body": b""},
        {"path": "/docs", "headers": {"content-type": "text/html"}, "body": b"<html>"},
        {"path": "/problems/x", "headers": {"content-type": "text/html"}, "body": b"<html>"},
    ],
    ids=[
        "unknown path",
        "trailing slash",
        "HEAD",
        "other method",
        "OPTIONS",
        "page",
        "page of a template",
    ],
)
def test_answer_beside_the_operations_that_the_conventions_allow_is_right(
    changes: dict[str, Any],
) -> None:
    validator = ResponseValidator(CONTRACT, pages=["/docs", "/problems/{slug}"])

    assert validator.validate(exchange(**changes)) == (None, [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"path": "/nowhere"}, "there is no such path; answer 404"),
        ({"path": "/docs"}, "there is no such path; answer 404"),
        (
            {"path": "/nowhere", "status": 404},
            "the body is application/json; send it as application/problem+json",
        ),
        ({"path": "/nowhere", "status": 404, "headers": {}, "body": b""}, "the body is of no type"),
        (
            {"path": "/nowhere", "status": 404, "headers": PROBLEM, "body": b"{}"},
            '"type" is a required property',
        ),
        (
            {"path": "/nowhere", "status": 404, "headers": PROBLEM, "body": b"{"},
            "the body is not what",
        ),
        (
            {"path": "/nowhere", "status": 500, "headers": PROBLEM, "body": NOT_FOUND},
            "the service has failed",
        ),
        ({"method": "PUT"}, "there is no such operation; answer 405"),
        (
            {"method": "PUT", "status": 405, "headers": PROBLEM, "body": NOT_ALLOWED},
            "Allow is missing",
        ),
        ({"method": "OPTIONS", "status": 204, "headers": {}, "body": b""}, "Allow is missing"),
        ({"method": "OPTIONS"}, "there is no such operation"),
    ],
)
def test_wrong_answer_beside_the_operations_is_told(changes: dict[str, Any], words: str) -> None:
    seen, violations = VALIDATOR.validate(exchange(**changes))

    assert seen is None
    assert words in "\n".join(map(str, violations))


# --- Below a prefix -------------------------------------------------------------------------------

CREATED: dict[str, Any] = {
    "method": "POST",
    "path": "/authors",
    "status": 201,
    "root_path": "/blog",
}
PAGE: dict[str, Any] = {
    "path": "/authors",
    "root_path": "/blog",
    "body": b'{"items":[],"next_cursor":null}',
}
MISSING: dict[str, Any] = {"status": 404, "headers": PROBLEM, "root_path": "/blog"}
BELOW = NOT_FOUND.replace(b"/livez", b"/blog/authors/1")


@pytest.mark.parametrize(
    "changes",
    [
        CREATED | {"headers": JSON | {"location": "/blog/authors/1"}},
        PAGE | {"headers": JSON | {"link": '</blog/authors?cursor=x>; rel="next"'}},
        MISSING | {"body": BELOW},
        MISSING | {"path": "/nowhere", "body": BELOW},
    ],
    ids=["Location", "Link", "problem", "unknown path"],
)
def test_answer_below_a_prefix_is_right_with_it(changes: dict[str, Any]) -> None:
    _, violations = VALIDATOR.validate(exchange(**changes))

    assert violations == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (CREATED | {"headers": JSON | {"location": "/authors/1"}}, "Location leads to /authors/1"),
        (CREATED | {"headers": JSON | {"location": "/blogger/1"}}, "Location leads to /blogger/1"),
        (
            PAGE | {"headers": JSON | {"link": '</authors?cursor=x>; rel="next"'}},
            "Link leads to /authors",
        ),
        (
            MISSING | {"body": BELOW.replace(b'"/problems', b'"/blog/problems')},
            "type of a problem is below the prefix",
        ),
        (MISSING | {"body": NOT_FOUND}, "the instance of a problem is /livez"),
        (MISSING | {"path": "/nowhere", "body": NOT_FOUND}, "the instance of a problem is /livez"),
        ({"root_path": "/blog", "status": 202}, "this status is not documented"),
        ({"path": "/blog/authors/1"}, "there is no such path"),
    ],
)
def test_wrong_answer_below_a_prefix_is_told(changes: dict[str, Any], words: str) -> None:
    _, violations = VALIDATOR.validate(exchange(**changes))

    assert words in "\n".join(map(str, violations))


def test_fixed_path_wins_over_a_template() -> None:
    document = load(ROOT / "openapi" / "openapi.yaml")
    document["paths"]["/authors/newest"] = {"get": {"operationId": "get_newest", "responses": {}}}

    operation = ResponseValidator(Contract(document)).operation("GET", "/authors/newest")

    assert operation is not None
    assert operation.id == "get_newest"


def test_seen_are_the_names_that_the_contract_has() -> None:
    page = b'{"items":[],"next_cursor":null}'

    seen, violations = validated(
        exchange(path="/authors", query="limit=5&sort=&x=1", headers=JSON | {"link": ""}, body=page)
    )

    assert violations == []
    assert (seen.operation, seen.parameters) == ("list_authors", ("limit", "sort"))
    assert seen.headers == ("X-Request-ID", "ETag", "Cache-Control", "Link")


# --- The recorder ---------------------------------------------------------------------------------


async def served(
    path: Path, endpoint: Any, *targets: str, root_path: str = ""
) -> tuple[set[Seen], set[Violation]]:
    """Answer GET requests with this endpoint, recorded; return the record."""
    app = Starlette(routes=[Route("/{path:path}", endpoint)])
    recorder = Recorder(app, validator=VALIDATOR, record=Record(path))
    transport = httpx.ASGITransport(recorder, raise_app_exceptions=False, root_path=root_path)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        for target in targets:
            await client.get(target)
    return recorded(path)


async def test_answers_of_an_application_are_recorded_once_each(tmp_path: Path) -> None:
    async def alive(_: Any) -> Response:
        return JSONResponse({"status": "ok"}, headers=SENT)

    seen, violations = await served(tmp_path / "record", alive, "/livez", "/livez", "/readyz")

    assert {each.operation for each in seen} == {"get_liveness", "get_readiness"}
    assert violations == set()
    assert len((tmp_path / "record").read_text().splitlines()) == 2


async def test_wrong_answers_of_an_application_are_recorded_with_the_request(
    tmp_path: Path,
) -> None:
    async def dying(_: Any) -> Response:
        return JSONResponse({"status": "poor"}, headers=SENT)

    _, violations = await served(tmp_path / "record", dying, "/livez?a=1", "/livez?a=2")

    [violation] = violations
    assert violation.pointer == "/components/schemas/Health/properties/status/enum"
    assert violation.request == "GET /livez?a=1"


async def test_answers_below_a_prefix_are_recorded_and_wrong_ones_found(tmp_path: Path) -> None:
    async def dying(_: Any) -> Response:
        return JSONResponse({"status": "poor"}, headers=SENT)

    seen, violations = await served(tmp_path / "record", dying, "/a/b/livez", root_path="/a/b")

    assert [each.operation for each in seen] == ["get_liveness"]
    assert [each.pointer for each in violations] == [
        "/components/schemas/Health/properties/status/enum"
    ]


async def test_answers_outside_of_the_contract_are_recorded_as_wrong(tmp_path: Path) -> None:
    async def alive(_: Any) -> Response:
        return JSONResponse({"status": "ok"}, headers=SENT)

    seen, violations = await served(tmp_path / "record", alive, "/nowhere", "/blog/livez")

    assert seen == set()
    assert {each.request for each in violations} <= {"GET /nowhere", "GET /blog/livez"}
    assert violations


async def test_application_that_fails_is_a_500(tmp_path: Path) -> None:
    async def broken(_: Any) -> Response:
        raise RuntimeError

    _, violations = await served(tmp_path / "record", broken, "/livez")

    assert [violation.status for violation in violations] == ["500"]


def test_records_of_several_services_are_one(tmp_path: Path) -> None:
    first, second = Record(tmp_path / "record"), Record(tmp_path / "record")
    one = Seen(operation="a", status="200", media_type="", headers=(), parameters=())
    other = Seen(operation="b", status="200", media_type="", headers=("X",), parameters=())

    first.add(one, [])
    second.add(other, [])
    first.add(other, [])

    assert recorded(tmp_path / "record") == ({one, other}, set())


# --- The verdict ----------------------------------------------------------------------------------


def everything() -> set[Seen]:
    """Return all that the contract documents, as if it had been seen."""
    seen = set()
    for operation in CONTRACT.operations:
        for status, response in operation.responses.items():
            for media_type in response.content or ("",):
                seen.add(
                    Seen(
                        operation=operation.id,
                        status=status,
                        media_type=media_type,
                        headers=tuple(response.headers),
                        parameters=tuple(each.name for each in operation.parameters),
                    )
                )
    return seen


def without(operation: str, status: str, **properties: Any) -> set[Seen]:
    """Return everything, but one answer is missing, or has these properties instead."""
    changed = (operation, status)
    return {
        replace(each, **properties) if (each.operation, each.status) == changed else each
        for each in everything()
    }


def test_nothing_is_missing_where_everything_was_seen() -> None:
    assert missing(CONTRACT, everything()) == []


def test_answer_that_was_never_given_is_missing() -> None:
    seen = {
        each for each in everything() if (each.operation, each.status) != ("delete_author", "409")
    }

    [line] = missing(CONTRACT, seen)

    assert line.startswith(
        f"delete_author {AT}/delete/responses/409: 409 was never answered; add a test"
    )
    assert any(row.startswith("delete_author") and " - " in row for row in table(CONTRACT, seen))
    assert not any(" - " in row for row in table(CONTRACT, everything()))


def test_header_that_was_never_sent_is_missing() -> None:
    others = ("X-Request-ID", "ETag", "Cache-Control")

    [line] = missing(CONTRACT, without("list_authors", "200", headers=others))

    assert line.startswith(
        "list_authors /paths/~1authors/get/responses/200/headers/Link: Link was never sent with 200"
    )


def test_media_type_that_was_never_sent_is_missing() -> None:
    [line] = missing(CONTRACT, without("get_liveness", "200", media_type="text/plain"))

    assert (
        "/paths/~1livez/get/responses/200/content/application~1json: "
        "application/json was never sent"
    ) in line


def test_parameter_that_never_came_with_success_is_missing() -> None:
    others = ("author_id", "If-Match")

    [line] = missing(CONTRACT, without("delete_author", "204", parameters=others))

    assert line.startswith(
        f"delete_author {AT}/delete/parameters: cascade was never sent with success; add a test"
    )


# --- A session ------------------------------------------------------------------------------------

SUITE = """
    import asyncio, os
    from pathlib import Path
    import httpx
    from starlette.applications import Starlette
    from tests.conftest import ROOT, running_service
    from specfirst.conformance.recorder import RECORD, ResponseValidator, Record, Recorder
    from specfirst.contract.reading import read

    def test_alive():
        with running_service(BLOG_DATABASE_URL=os.environ["DATABASE"]) as url:
            assert httpx.get(f"{url}/livez").status_code == 200

    def test_wrong():
        record = Record(Path(os.environ[RECORD]))
        validator = ResponseValidator(read(ROOT / "openapi" / "openapi.yaml"))
        empty = Recorder(Starlette(), validator=validator, record=record)

        async def ask():
            transport = httpx.ASGITransport(empty)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                assert (await client.get("/livez")).status_code == 404

        asyncio.run(ask())

    def test_quiet():
        pass
"""


PLUGIN = ["-p", "specfirst.conformance.pytest_plugin", f"--contract={ROOT}/openapi/openapi.yaml"]


def session(
    folder: Path, url: str, *arguments: str, suite: str = SUITE
) -> subprocess.CompletedProcess[str]:
    """Run a suite of three tests: one asks a running service, one a wrong one, one nothing."""
    (folder / "suite").mkdir()
    (folder / "suite" / "test_service.py").write_text(dedent(suite))
    (folder / "pytest.ini").write_text(
        "[pytest]\ntestpaths = suite\naddopts = --import-mode=importlib\n"
    )
    path = os.pathsep.join([str(ROOT), str(ROOT / "openapi")])
    environment = {name: value for name, value in os.environ.items() if name != RECORD}
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment
        | {"PYTHONPATH": path, "DATABASE": url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_session_of_all_tests_that_has_not_seen_all_fails(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    ended = session(tmp_path, postgres.url)

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "3 passed" in ended.stdout
    assert (
        "NEVER SEEN get_liveness /paths/~1livez/get/responses/400: 400 was never answered; add"
        in ended.stdout
    )
    assert "/paths/~1livez/get/responses/200" not in ended.stdout
    assert (
        "NOT IN THE CONTRACT get_liveness 404 /paths/~1livez/get/responses: this status is not"
        in ended.stdout
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["-k", "quiet"],
        ["suite/test_service.py::test_quiet"],
        [
            "-x",
            "--deselect=suite/test_service.py::test_wrong",
            "--deselect=suite/test_service.py::test_alive",
        ],
    ],
)
def test_session_of_some_tests_is_not_judged_by_what_it_has_not_seen(
    postgres: EmbeddedPostgres, tmp_path: Path, arguments: list[str]
) -> None:
    ended = session(tmp_path, postgres.url, *arguments)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Not judged whether all of the contract was seen: " in ended.stdout
    assert "NEVER SEEN" not in ended.stdout


def test_session_of_some_tests_fails_by_what_the_contract_does_not_say(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    ended = session(tmp_path, postgres.url, "-k", "wrong")

    assert ended.returncode == 1
    assert "NOT IN THE CONTRACT get_liveness 404" in ended.stdout
    assert "1 passed" in ended.stdout


def test_session_of_all_tests_that_has_judged_nothing_fails_and_says_so(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    ended = session(tmp_path, postgres.url, suite="def test_quiet(): pass")

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout
    assert "NOTHING WAS JUDGED: no service has recorded a response; put a Recorder" in ended.stdout
    assert "NEVER SEEN" not in ended.stdout


def test_plugin_does_nothing_without_its_option(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    ended = session(tmp_path, postgres.url, "--contract=", suite="def test_quiet(): pass")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "contract coverage" not in ended.stdout
