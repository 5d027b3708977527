"""Mutants of idempotency keys, on a service of a few lines: each changes what a client meets."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from specfirst.conformance.mutants import Mutant, mutants_of, mutated
from specfirst.contract.model import Contract

KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}


def _creation(name: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "parameters": [KEY],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"201": {"description": "Created."}},
    }


CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "info": {"title": "Shelves", "version": "1"},
        "paths": {
            "/shelves": {"post": _creation("create_shelf")},
            "/books": {"post": _creation("create_book")},
        },
    }
)
MUTANTS = {
    name.partition(": ")[2]: mutant
    for name, mutant in mutants_of(CONTRACT).items()
    if mutant.kind == "repeat" and name.startswith("create_shelf")
}


class Shelves:
    """A service that keeps its promise about keys, one request after the other."""

    def __init__(self) -> None:
        self.created: list[object] = []
        self.busy = False
        self._stored: dict[tuple[str, ...], tuple[bytes, bytes]] = {}
        self.app = Starlette(
            routes=[Route(path, self.create, methods=["POST"]) for path in ("/shelves", "/books")]
        )

    async def create(self, request: Request) -> Response:
        headers, body = {"X-Request-ID": str(uuid4())}, await request.body()
        key = request.headers.get("Idempotency-Key")
        use = (request.url.path, request.headers["Authorization"], key or str(uuid4()))
        if use in self._stored:
            sent, answer = self._stored[use]
            if sent == body:
                return Response(answer, 201, headers)
            errors = [{"in": "header", "pointer": "/Idempotency-Key"}]
            return JSONResponse({"errors": errors}, 422, headers)
        if key and self.busy:
            return JSONResponse({}, 409, headers)
        if b"bad" in body and not self.created:
            return JSONResponse({}, 404, headers)
        self.created.append(json.loads(body))
        answer = json.dumps([use[0], use[1], len(self.created)]).encode()
        self._stored[use] = body, answer
        return Response(answer, 201, headers)


Client = httpx.AsyncClient
Scenario = Callable[[Client, Shelves], Awaitable[object]]


async def _post(client: Client, *, path: str = "/shelves", who: str = "me", **body: str) -> Any:
    headers = {"Idempotency-Key": "k", "Authorization": who, "Content-Type": "application/json"}
    return await client.post(path, json=body, headers=headers)


async def repeated(client: Client, shelves: Shelves) -> object:
    answers = [(await _post(client)).json() for _ in range(2)]
    return answers[0] == answers[1], len(shelves.created)


async def of_two_callers(client: Client, _: Shelves) -> object:
    return [(await _post(client, who=who)).json()[1] for who in ("me", "you")]


async def of_two_operations(client: Client, _: Shelves) -> object:
    return [(await _post(client, path=path)).json()[0] for path in ("/books", "/shelves")]


async def of_two_bodies(client: Client, _: Shelves) -> object:
    return [(await _post(client, name=name)).status_code for name in ("a", "b")]


async def after_a_failure(client: Client, shelves: Shelves) -> object:
    failed = (await _post(client, name="bad")).status_code
    shelves.created.append("what was missing")
    return failed, (await _post(client, name="bad")).status_code


async def while_in_use(client: Client, shelves: Shelves) -> object:
    shelves.busy = True
    return (await _post(client)).status_code, len(shelves.created)


async def request_ids(client: Client, _: Shelves) -> object:
    return len({(await _post(client)).headers["X-Request-ID"] for _ in range(2)})


SCENARIOS: dict[str, tuple[Scenario, object]] = {
    "key ignored": (repeated, (True, 1)),
    "done again, and answered from before": (repeated, (True, 1)),
    "stored response of another caller": (of_two_callers, ["me", "you"]),
    "stored response of another operation": (of_two_operations, ["/books", "/shelves"]),
    "another body accepted": (of_two_bodies, [201, 422]),
    "stored refusal": (after_a_failure, (404, 201)),
    "key in use ignored": (while_in_use, (409, 0)),
    "replay with the request id of the first": (request_ids, 2),
}
"""What shows each mutant, and what it is without one."""


async def outcome(scenario: Scenario, mutant: Mutant | None) -> object:
    shelves = Shelves()
    app = mutated(shelves.app, mutant) if mutant else shelves.app
    transport = httpx.ASGITransport(app)
    async with Client(transport=transport, base_url="http://shelves") as client:
        return await scenario(client, shelves)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_mutant_changes_what_a_client_meets(name: str) -> None:
    scenario, right = SCENARIOS[name]

    assert await outcome(scenario, None) == right
    assert await outcome(scenario, MUTANTS[name]) != right


def test_every_mutant_is_tried() -> None:
    assert MUTANTS.keys() == SCENARIOS.keys()


async def test_requests_without_a_key_are_left_alone() -> None:
    async def without(client: Client, shelves: Shelves) -> object:
        headers = {"Authorization": "me"}
        answers = [await client.post("/shelves", json={}, headers=headers) for _ in range(2)]
        return [each.json()[2] for each in answers], len(shelves.created)

    for mutant in (None, *MUTANTS.values()):
        assert await outcome(without, mutant) == ([1, 2], 2)
