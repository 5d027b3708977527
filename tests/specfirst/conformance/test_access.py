"""The access matrix finds each way in which a service can let in too many, or too few."""

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from specfirst.conformance.access import Case, Owner, check
from specfirst.conformance.interactions import Service
from specfirst.conformance.mutants import mutants_of, mutated
from specfirst.contract.model import Contract, Operation

pytestmark = pytest.mark.slow

ID = {"name": "note_id", "in": "path", "schema": {"type": "integer", "maximum": 99}}
NOTE = {"content": {"application/json": {"example": {"text": "Buy milk"}}}}
DONE = {"200": {"description": "Done."}}
FOUND = DONE | {"404": {"description": "There is no such note."}}
GUARDED = FOUND | {"403": {"description": "Not yours."}}
CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/notes": {
                "post": {
                    "operationId": "create_note",
                    "security": [{"token": ["write"]}],
                    "requestBody": NOTE,
                    "responses": DONE | {"403": {"description": "Not yours."}},
                },
                "get": {
                    "operationId": "list_notes",
                    "security": [{}, {"token": []}],
                    "responses": DONE,
                },
                "delete": {
                    "operationId": "empty",
                    "security": [{"token": ["admin", "write"]}],
                    "responses": DONE,
                },
            },
            "/notes/{note_id}": {
                "put": {
                    "operationId": "replace_note",
                    "security": [{"token": ["write"]}],
                    "parameters": [ID],
                    "requestBody": NOTE,
                    "responses": GUARDED,
                },
                "get": {"operationId": "get_note", "parameters": [ID], "responses": FOUND},
            },
            "/health": {
                "get": {"operationId": "get_health", "security": [], "responses": DONE},
            },
        },
    }
)
ADA, BEN = "ada", "ben"


class Notes:
    """A service with notes of Ada, and what its contract does not say of its callers."""

    refused = ("garbage", "expired")

    def case(self, service: Service, operation: Operation) -> Case:
        request = service.request(operation)
        owners = {
            "create_note": Owner(id=ADA, another=BEN),
            "replace_note": Owner(id=ADA, another=BEN),
            "get_note": Owner(id=ADA, another=BEN, refusal=404),
            "empty": Owner(id=None, another=BEN),
        }
        return Case(request=request, owner=owners.get(operation.id))

    def credentials(self, scheme: str, *, scopes: Collection[str], owner: Any) -> Mapping[str, str]:
        return {"Authorization": "Bearer " + json.dumps([sorted(scopes), owner])}

    def refused_credentials(self, scheme: str, kind: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {kind}"}


SCOPES = {
    ("POST", "/notes"): {"write"},
    ("DELETE", "/notes"): {"admin", "write"},
    ("PUT", "/notes/1"): {"write"},
    ("PUT", "/notes/99"): {"write"},
}


class Api:
    """The service. It follows its contract, but for one fault."""

    def __init__(self, fault: str = "") -> None:
        self._fault = fault
        self._count = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/health":
            return httpx.Response(200)
        needed = SCOPES.get((request.method, request.url.path), set())
        if self._fault == "everything is read first" and not self._is_readable(request):
            return self._refuse(400)
        given = request.headers.get("authorization")
        if given is None:
            is_optional = (request.method, request.url.path) == ("GET", "/notes")
            if is_optional and self._fault != "nobody may read":
                return httpx.Response(200)
            error = ', error="invalid_token"' if self._fault == "an error for nobody" else ""
            return self._refuse(401, f'Bearer realm="notes"{error}')
        credentials = given.removeprefix("Bearer ")
        if not credentials.startswith("["):
            return self._refuse_token(credentials)
        scopes, owner = json.loads(credentials)
        if missing := self._missing(needed, set(scopes)):
            error = f'error="insufficient_scope", scope="{" ".join(sorted(needed))}"'
            names_them = self._fault != "the scope is not named"
            return self._refuse(403, f"Bearer {error}" if names_them else "Bearer", str(missing))
        return self._serve(request, owner)

    def _refuse_token(self, credentials: str) -> httpx.Response:
        if self._fault == f"{credentials} is accepted":
            return httpx.Response(200)
        detail = credentials if self._fault == "the reason shows" else "Not valid."
        challenge = "" if self._fault == "no challenge" else 'Bearer error="invalid_token"'
        return self._refuse(401, challenge, detail)

    def _missing(self, needed: set[str], scopes: set[str]) -> set[str]:
        if self._fault == "any scope is enough":
            return set() if not needed or needed & scopes else needed
        if self._fault == "scopes are not checked":
            return set()
        return needed - scopes

    def _serve(self, request: httpx.Request, owner: str | None) -> httpx.Response:
        if not self._is_readable(request):
            return self._refuse(400)
        is_there = not request.url.path.endswith("/99")
        if not is_there and self._fault != "ownership comes before 404":
            return self._refuse(404)
        is_for_all = request.method == "DELETE"
        is_theirs = owner is None or (owner == ADA and not is_for_all)
        reads_one = request.method == "GET" and request.url.path != "/notes"
        is_checked = request.method != "GET" or reads_one
        if self._fault == f"anybody may {request.method}":
            is_checked = False
        if self._fault == "nobody owns anything":
            is_theirs = owner is None
        if is_checked and not is_theirs:
            is_shown = self._fault == "what is hidden shows"
            return self._refuse(404 if reads_one and not is_shown else 403)
        return httpx.Response(200)

    def _is_readable(self, request: httpx.Request) -> bool:
        return not request.url.params and request.content != b"{"

    def _refuse(self, status: int, challenge: str = "", detail: str = "No.") -> httpx.Response:
        self._count += 1
        headers = {"WWW-Authenticate": challenge} if challenge else {}
        content = {"detail": detail, "request_id": self._count}
        return httpx.Response(status, json=content, headers=headers)


def findings(client: httpx.Client, *, notes: Notes | None = None) -> list[tuple[str, str]]:
    """Return the operations that do not follow their security, and what they do instead."""
    admin = Notes().credentials("token", scopes=["admin", "write"], owner=None)
    service = Service(CONTRACT, client, live={"note_id": lambda _: 1}, log_in=lambda _: admin)
    return [
        (found.operation, found.detail)
        for operation in CONTRACT.operations
        for found in check(service, notes or Notes(), operation)
    ]


def client(fault: str = "") -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(Api(fault)), base_url="http://notes")


def test_service_that_follows_its_contract_has_no_findings() -> None:
    assert findings(client()) == []


@pytest.mark.parametrize(
    ("fault", "operation", "caller"),
    [
        ("garbage is accepted", "create_note", "garbage"),
        ("expired is accepted", "list_notes", "expired"),
        ("scopes are not checked", "create_note", "no scope"),
        ("scopes are not checked", "empty", "all but admin"),
        ("any scope is enough", "empty", "all but write"),
        ("the scope is not named", "replace_note", "no scope"),
        ("an error for nobody", "create_note", "anonymous"),
        ("no challenge", "get_note", "garbage"),
        ("the reason shows", "get_note", "expired"),
        ("everything is read first", "create_note", "anonymous"),
        ("everything is read first", "get_note", "garbage"),
        ("nobody may read", "list_notes", "anonymous"),
        ("anybody may PUT", "replace_note", "another owner"),
        ("anybody may POST", "create_note", "another owner"),
        ("anybody may DELETE", "empty", "owner"),
        ("anybody may GET", "get_note", "another owner"),
        ("nobody owns anything", "create_note", "owner"),
        ("ownership comes before 404", "replace_note", "another owner"),
        ("what is hidden shows", "get_note", "another owner"),
    ],
)
def test_fault_is_found_at_its_operation_and_caller(
    fault: str, operation: str, caller: str
) -> None:
    assert (operation, caller) in {
        (found, detail.partition(":")[0]) for found, detail in findings(client(fault))
    }


def test_operation_that_writes_and_has_no_owner_is_a_finding() -> None:
    class Forgetful(Notes):
        def case(self, service: Service, operation: Operation) -> Case:
            return Case(request=service.request(operation))

    forgotten = {operation for operation, _ in findings(client(), notes=Forgetful())}

    assert forgotten == {"create_note", "replace_note", "empty"}


MUTANTS = {each.name: each for each in mutants_of(CONTRACT).values() if each.kind == "access"}


async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the API as an application."""
    request = Request(scope, receive)
    asked = httpx.Request(
        request.method, str(request.url), headers=request.headers.raw, content=await request.body()
    )
    answer = Api()(asked)
    await Response(answer.content, answer.status_code, dict(answer.headers))(scope, receive, send)


def test_mutants_of_access_are_derived_from_the_security() -> None:
    assert [name.partition(": ")[2] for name in MUTANTS if name.startswith("replace_note:")] == [
        "bad credentials accepted",
        "a reason in the 401",
        "anonymous accepted",
        "scopes ignored",
        "ownership ignored",
        "ownership before existence",
    ]
    assert {name for name in MUTANTS if name.startswith(("list_notes:", "get_health:"))} == {
        "list_notes: bad credentials accepted",
        "list_notes: a reason in the 401",
        "list_notes: bad credentials ignored",
        "list_notes: anonymous refused",
    }


class Mutated(httpx.BaseTransport):
    """Sends requests to the API with a mutant in front of it."""

    def __init__(self, name: str) -> None:
        self._transport = httpx.ASGITransport(mutated(asgi, MUTANTS[name]))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        return httpx.Response(
            response.status_code, headers=response.headers, content=await response.aread()
        )


@pytest.mark.parametrize("name", MUTANTS)
def test_matrix_catches_each_mutant_of_access(name: str) -> None:
    with httpx.Client(transport=Mutated(name), base_url="http://notes") as notes:
        assert name.partition(":")[0] in {operation for operation, _ in findings(notes)}
