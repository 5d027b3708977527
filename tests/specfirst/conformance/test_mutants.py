"""Behaviour mutants of a small contract: each kind is there, and changes what a client meets."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from specfirst.conformance.mutants import Switchable, mutants_of, mutated
from specfirst.conformance.mutants.application import changed_file, reach_file
from specfirst.conformance.mutants.reach import SETUP, Log, answers, in_order
from specfirst.conformance.mutants.reach import Test as ReachingTest
from specfirst.conformance.mutants.run import first_failures, matrix, sample
from specfirst.contract.model import Contract

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"type": "integer"},
        "names": {"type": "array", "items": {"type": "string"}},
    },
}
REFUSED = {
    "description": "No.",
    "content": {"application/problem+json": {"schema": PROBLEM, "example": {"status": 404}}},
}
SHELF: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[^\\u0000]*$"},
        "note": {"type": ["string", "null"]},
        "size": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 1},
        "kind": {"type": "string", "enum": ["oak", "pine"]},
        "tags": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
            "items": {"type": "string"},
        },
        "made": {"type": "string", "format": "date-time"},
    },
}


def _responses(*errors: int, success: int, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = (
        {"Location": {"required": True, "schema": {"type": "string"}}} if success == 201 else {}
    )
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    described = {str(success): {"description": "Yes.", "headers": headers, **content}}
    return described | {str(status): REFUSED for status in errors}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shelves", "version": "1"},
    "paths": {
        "/shelves": {
            "get": {
                "operationId": "list_shelves",
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "default": 2, "maximum": 9},
                    },
                    {"name": "cursor", "in": "query", "schema": {"type": "string"}},
                ],
                "responses": _responses(
                    422,
                    success=200,
                    schema={
                        "type": "object",
                        "properties": {
                            "items": {"type": "array", "items": SHELF},
                            "next_cursor": {"type": ["string", "null"]},
                        },
                    },
                ),
            },
            "post": {
                "operationId": "create_shelf",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": SHELF}},
                },
                "responses": _responses(415, 422, success=201, schema=SHELF),
            },
        },
        "/shelves/{name}": {
            "parameters": [
                {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": {
                "operationId": "get_shelf",
                "responses": _responses(404, success=200, schema=SHELF),
            },
            "delete": {"operationId": "delete_shelf", "responses": _responses(404, success=204)},
        },
    },
}
MUTANTS = mutants_of(Contract(DOCUMENT))
JSON_HEADERS = {"Content-Type": "application/json"}

Client = Callable[..., Awaitable[httpx.Response]]


class Shelves:
    """A service that keeps the contract, as far as these tests look."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.app = Starlette(
            routes=[
                Route("/shelves", self.list, methods=["GET"]),
                Route("/shelves", self.create, methods=["POST"]),
                Route("/shelves/{name}", self.get, methods=["GET"]),
                Route("/shelves/{name}", self.delete, methods=["DELETE"]),
            ]
        )

    async def list(self, request: Request) -> Response:
        limit = int(request.query_params.get("limit", "2"))
        if limit > 9:
            return self.refusal(422)
        start = int(request.query_params.get("cursor", "0"))
        following = str(start + limit) if start + limit < len(self.rows) else None
        return JSONResponse({"items": self.rows[start : start + limit], "next_cursor": following})

    async def create(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            return self.refusal(415)
        body = await request.json()
        if not 1 <= len(body.get("name", "")) <= 5 or body.keys() - SHELF["properties"].keys():
            return self.refusal(422)
        self.rows.append(body)
        return JSONResponse(body, 201, headers={"Location": f"/shelves/{quote(body['name'])}"})

    async def get(self, request: Request) -> Response:
        found = [each for each in self.rows if each["name"] == request.path_params["name"]]
        return JSONResponse(found[0]) if found else self.refusal(404)

    async def delete(self, request: Request) -> Response:
        kept = [each for each in self.rows if each["name"] != request.path_params["name"]]
        if len(kept) == len(self.rows):
            return self.refusal(404)
        self.rows = kept
        return Response(status_code=204)

    @staticmethod
    def refusal(status: int) -> Response:
        return JSONResponse({"status": status}, status, media_type="application/problem+json")


def client(name: str | None) -> httpx.AsyncClient:
    """Return a client of the service with one mutant, or with none."""
    app: Any = Shelves().app
    if name is not None:
        app = mutated(app, MUTANTS[name])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shelves")


async def story(name: str | None) -> list[tuple[int, dict[str, str], Any]]:
    """Return all answers to a fixed sequence of requests."""
    async with client(name) as shelves:
        made = {"name": " e\u0301 ", "note": None, "tags": ["a"], "made": "2026-01-01T00:00:00Z"}
        requests = [
            ("POST", "/shelves", json.dumps(made), JSON_HEADERS),
            ("GET", "/shelves?limit=1", None, {}),
            (
                "POST",
                "/shelves",
                json.dumps({"name": "abcde", "kind": "oak", "size": 9}),
                JSON_HEADERS,
            ),
            ("POST", "/shelves", json.dumps({"name": "third"}), JSON_HEADERS),
            ("POST", "/shelves", json.dumps({"name": "abcdef"}), JSON_HEADERS),
            ("POST", "/shelves", json.dumps({"name": ""}), JSON_HEADERS),
            ("POST", "/shelves", json.dumps({"name": "open", "other": 1}), JSON_HEADERS),
            ("POST", "/shelves", json.dumps({"name": "xml"}), {"Content-Type": "text/xml"}),
            ("GET", "/shelves?limit=1", None, {}),
            ("GET", "/shelves", None, {}),
            ("GET", "/shelves?limit=1&cursor=1", None, {}),
            ("GET", "/shelves?limit=10", None, {}),
            ("GET", "/shelves/abcde", None, {}),
            ("GET", "/shelves/none", None, {}),
            ("DELETE", "/shelves/abcde", None, {}),
            ("GET", "/shelves/abcde", None, {}),
            ("GET", "/shelves?limit=9", None, {}),
            ("PUT", "/shelves", None, {}),
            ("GET", "/shelves/third/", None, {}),
        ]
        answers = [
            await shelves.request(method, url, content=body, headers=headers)
            for method, url, body, headers in requests
        ]
        return [(each.status_code, dict(each.headers), each.content) for each in answers]


CHANGES = [
    "create_shelf: response 201 header Location removed",
    "create_shelf: response 201 header Location corrupted",
    "create_shelf: response 201 as 202, which is not documented",
    "create_shelf: response 422 as 415",
    "create_shelf: response 422 as 500, a bug",
    "create_shelf: response 422 accepted",
    "create_shelf: response 201 /body with a property more",
    "create_shelf: response 201 /body/name removed",
    "create_shelf: response 201 /body/name renamed",
    "create_shelf: response 201 /body/name null",
    "create_shelf: response 201 /body/name of another type",
    "create_shelf: response 201 /body/name another",
    "create_shelf: response 201 /body/name stripped",
    "create_shelf: response 201 /body/name NFC",
    "create_shelf: response 201 /body/made an hour late",
    "create_shelf: request /body/name stripped",
    "create_shelf: request /body/name NFC",
    "create_shelf: request /body/name minLength widened",
    "create_shelf: request /body/name maxLength widened",
    "create_shelf: request /body/name maxLength narrowed",
    "create_shelf: request /body/note null as absent",
    "create_shelf: request /body/kind forgotten",
    "create_shelf: request /body unknown property accepted",
    "create_shelf: request header Content-Type any accepted",
    "create_shelf: request header Content-Type application/json refused",
    "create_shelf: swallowed",
    "create_shelf: done twice",
    "list_shelves: response 200 /body/items items repeated",
    "list_shelves: response 200 /body/items items skipped",
    "list_shelves: response 200 /body/items items reordered",
    "list_shelves: response 200 /body/items items cut",
    "list_shelves: response 200 /body/items/0/name cut",
    "list_shelves: response 200 /body/next_cursor frozen",
    "list_shelves: request /query/limit forgotten",
    "list_shelves: request /query/limit with another default",
    "list_shelves: request /query/limit maximum widened",
    "list_shelves: request /query/limit maximum narrowed",
    "list_shelves: answered from before the last write",
    "get_shelf: of another resource",
    "delete_shelf: swallowed",
    "/shelves: response 405 header Allow removed",
    "/shelves/{name}: trailing slash accepted",
]


@pytest.mark.parametrize("name", CHANGES)
async def test_a_mutant_changes_what_a_client_meets(name: str) -> None:
    assert await story(name) != await story(None)


async def test_a_mutant_of_what_nobody_asks_changes_nothing() -> None:
    assert await story("create_shelf: request /body/size minimum widened") == await story(None)


def test_each_kind_of_mutant_is_derived() -> None:
    kinds = {each.kind for each in MUTANTS.values()}

    assert kinds == {
        *("accept", "another", "forget", "header", "list", "path", "property"),
        *("refuse", "stale", "status", "swallow", "text", "twice"),
    }
    assert {MUTANTS[name].kind for name in CHANGES} == kinds


@pytest.mark.parametrize(
    "keyword",
    ["minItems", "maxItems", "uniqueItems", "multipleOf", "pattern", "enum", "format", "minimum"],
)
def test_each_keyword_is_widened(keyword: str) -> None:
    assert [name for name in MUTANTS if f" {keyword} widened" in name] != []


def test_an_item_of_an_array_has_no_name_to_change() -> None:
    renamed = {name.removesuffix(" renamed") for name in MUTANTS if name.endswith(" renamed")}

    assert "every operation: error /body/names" in renamed
    assert [name for name in renamed if name.endswith("/0")] == []


def test_the_names_are_the_same_each_time() -> None:
    assert list(mutants_of(Contract(DOCUMENT))) == list(MUTANTS)


async def test_a_file_names_the_mutant_and_what_it_changes_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "control"
    switched: list[str] = []
    app = Switchable(
        Shelves().app, MUTANTS, file, on_switch=lambda: switched.append(file.read_text())
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://shelves"
    ) as shelves:
        before = await shelves.get("/shelves/none")
        file.write_text("get_shelf: response 404 as 418, which is not documented")
        found = await shelves.get("/shelves")
        assert not changed_file(file).exists()
        after = await shelves.get("/shelves/none")
        file.write_text("?tests/a.py::test_b")
        again = await shelves.get("/shelves/none")

    assert (before.status_code, found.status_code, after.status_code, again.status_code) == (
        404,
        200,
        418,
        404,
    )
    assert after.json() == {"status": 418}
    assert len(switched) == 2
    assert changed_file(file).exists()
    assert answers(reach_file(file)) == {"tests/a.py::test_b": {("GET", "/shelves/{name}", 404)}}


def test_what_a_shared_fixture_reaches_counts_for_each_test_that_uses_it(tmp_path: Path) -> None:
    file = tmp_path / "log"
    log = Log(file, ["/shelves/{name}"])
    log.add(f"a.py::one{SETUP}", "GET", "/shelves/x", 200)
    log.add("a.py::one", "GET", "/shelves/x", 404)
    log.add("a.py::alone", "GET", "/shelves", 200)

    found = answers(file, sharing=["a.py::one", "a.py::two"])

    assert found == {
        "a.py::one": {("GET", "/shelves/{name}", 200), ("GET", "/shelves/{name}", 404)},
        "a.py::two": {("GET", "/shelves/{name}", 200)},
        "a.py::alone": {("GET", "/shelves", 200)},
    }


def _test(name: str, seconds: float, *statuses: int) -> ReachingTest:
    reached = frozenset(("GET", "/shelves/{name}", status) for status in statuses)
    return ReachingTest(id=name, seconds=seconds, answers=reached)


def test_a_mutant_is_tried_with_the_tests_that_meet_it_and_the_fastest_gate_first() -> None:
    tests = [
        _test("slow.py::a", 9, 404),
        _test("fast.py::a", 1, 404),
        _test("fast.py::b", 1, 200),
        _test("fast.py::c", 2, 404),
    ]
    mutant = MUTANTS["get_shelf: response 404 accepted"]

    [plan] = first_failures([mutant], tests)

    assert plan.tests == ("fast.py::a", "fast.py::c", "slow.py::a")
    assert [(each.label, each.tests) for each in matrix([mutant], tests)] == [
        ("slow.py", ("slow.py::a",)),
        ("fast.py", ("fast.py::a", "fast.py::c")),
    ]
    assert [each.id for each in in_order(tests)] == [
        "fast.py::a",
        "fast.py::b",
        "fast.py::c",
        "slow.py::a",
    ]


def test_a_sample_has_each_kind_and_is_the_same_each_time() -> None:
    chosen = sample(list(MUTANTS.values()), 40)

    assert len(chosen) == 40
    assert {each.kind for each in chosen} == {each.kind for each in MUTANTS.values()}
    assert chosen == sample(list(MUTANTS.values()), 40)
