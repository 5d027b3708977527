"""What a contract says of security is asked of a service, and what is false is found."""

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

import generated
from specfirst.conformance.fidelity import Facts, check
from specfirst.contract.model import Contract

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
}

SECURITY: dict[str, list[Any]] = {
    **{f"{name}_needed": [{name: []}] for name in SCHEMES if name != "query"},
    **{f"{name}_optional": [{}, {name: []}] for name in SCHEMES},
    "open": [],
}
"""The security of each operation. Nobody logs in with a query, so that no operation needs that."""

CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "info": {"title": "Doors", "version": "1"},
        "paths": {
            f"/{name}": {
                "get": {
                    "operationId": name,
                    "security": security,
                    "responses": {"204": {"description": "Done."}},
                }
            }
            for name, security in SECURITY.items()
        },
        "components": {"securitySchemes": SCHEMES},
    }
)


def sent(scheme: str, request: Request) -> str | None:
    """Return the credentials of a request, None if it has none."""
    if scheme in ("token", "password"):
        return request.headers.get("authorization")
    where = {"header": request.headers, "query": request.query_params, "cookie": request.cookies}
    return where[scheme].get(str(SCHEMES[scheme]["name"]))


VALID = {"token": "Bearer right", "password": "Basic cmlnaHQ6"}


def client(security: dict[str, list[Any]]) -> httpx.Client:
    """Return a client of a service that does what `security` says, by operation."""

    async def door(request: Request) -> Response:
        alternatives = security[request.url.path[1:]]
        given = {
            scheme: credentials
            for requirement in alternatives
            for scheme in requirement
            if (credentials := sent(scheme, request)) is not None
        }
        if any(VALID.get(scheme, "right") == credentials for scheme, credentials in given.items()):
            return Response(status_code=204)
        if not alternatives or ({} in alternatives and not given):
            return Response(status_code=204)
        return JSONResponse({}, 401)

    return TestClient(Starlette(routes=[Route(f"/{name}", door) for name in SECURITY]))


def log_in(operation: Any) -> dict[str, str]:
    """Return the headers with valid credentials."""
    for requirement in operation.security:
        for name in requirement:
            if name in VALID:
                return {"Authorization": VALID[name]}
            if name == "cookie":
                return {"Cookie": "session=right"}
            return {"X-Key": "right"}
    return {}


def found(contract: Contract, service: httpx.Client) -> set[str]:
    """Return the operations whose security is not what the contract says."""
    report = check(
        contract,
        service,
        restore=lambda: None,
        facts=Facts(package=generated, home="http://testserver", largest_body=1000, log_in=log_in),
        only=lambda assertion: assertion.pointer.endswith("/security"),
    )
    return {each.operation for each in report.findings if each.pointer.endswith("/security")}


def test_security_that_is_true_is_accepted() -> None:
    assert found(CONTRACT, client(SECURITY)) == set()


@pytest.mark.parametrize("name", SECURITY)
@pytest.mark.parametrize("actual", ["open", "needed", "optional"])
def test_security_that_is_not_true_is_found(name: str, actual: str) -> None:
    scheme = name.partition("_")[0] if name != "open" else "token"
    really = {"open": [], "needed": [{scheme: []}], "optional": [{}, {scheme: []}]}

    service = client(SECURITY | {name: really[actual]})

    expected = set() if really[actual] == SECURITY[name] else {name}
    assert found(CONTRACT, service) == expected
