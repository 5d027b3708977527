"""The access matrix finds each way in which a service can let in too many, or too few."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import httpx
import pytest

from specfirst.conformance.access import Case, Owner, check
from specfirst.conformance.interactions import Service
from specfirst.contract.model import Contract, Operation

ID = {"name": "note_id", "in": "path", "schema": {"type": "integer", "maximum": 99}}
NOTE = {"content": {"application/json": {"example": {"text": "Buy milk"}}}}
DONE = {"200": {"description": "Done."}}
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
                    "responses": DONE,
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
                    "responses": DONE,
                },
                "get": {"operationId": "get_note", "parameters": [ID], "responses": DONE},
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


def findings(
    fault: str = "", *, contract: Contract = CONTRACT, notes: Notes | None = None
) -> Iterator[tuple[str, str]]:
    client = httpx.Client(transport=httpx.MockTransport(Api(fault)), base_url="http://notes")
    log_in = lambda _: {"Authorization": "Bearer " + json.dumps([["admin", "write"], None])}  # noqa: E731
    service = Service(contract, client, live={"note_id": lambda _: 1}, log_in=log_in)
    for operation in contract.operations:
        for found in check(service, notes or Notes(), operation):
            yield found.operation, found.detail


def test_service_that_follows_its_contract_has_no_findings() -> None:
    assert list(findings()) == []


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
        (found, detail.partition(":")[0]) for found, detail in findings(fault)
    }


def test_operation_that_writes_and_has_no_owner_is_a_finding() -> None:
    class Forgetful(Notes):
        def case(self, service: Service, operation: Operation) -> Case:
            return Case(request=service.request(operation))

    forgotten = {operation for operation, _ in findings(notes=Forgetful())}

    assert forgotten == {"create_note", "replace_note", "empty"}
