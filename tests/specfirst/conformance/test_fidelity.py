"""What a contract says of security is asked of a service, and what is false is found."""

from typing import Any

import httpx
import pytest

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


def sent(scheme: str, request: httpx.Request) -> str | None:
    """Return the credentials of a request, None if it has none."""
    values = {
        "header": request.headers.get("x-key"),
        "query": request.url.params.get("key"),
        "cookie": request.headers.get("cookie"),
    }
    credentials: str | None = values.get(scheme, request.headers.get("authorization"))
    return credentials


VALID = {"token": "Bearer right", "password": "Basic cmlnaHQ6", "cookie": "session=right"}


def client(security: dict[str, list[Any]]) -> httpx.Client:
    """Return a client of a service that does what `security` says, by operation."""

    def answer(request: httpx.Request) -> httpx.Response:
        alternatives = security[request.url.path[1:]]
        schemes = {scheme for requirement in alternatives for scheme in requirement}
        given = {scheme: sent(scheme, request) for scheme in schemes}
        if any(VALID.get(scheme, "right") == credentials for scheme, credentials in given.items()):
            return httpx.Response(204)
        is_anonymous = not any(given.values())
        is_open = not alternatives or ({} in alternatives and is_anonymous)
        return httpx.Response(204) if is_open else httpx.Response(401, json={})

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://doors")


def log_in(operation: Any) -> dict[str, str]:
    """Return the headers with valid credentials."""
    headers = {"token": "Authorization", "password": "Authorization", "cookie": "Cookie"}
    schemes = [scheme for requirement in operation.security for scheme in requirement]
    return {headers.get(scheme, "X-Key"): VALID.get(scheme, "right") for scheme in schemes}


def found(contract: Contract, service: httpx.Client) -> set[str]:
    """Return the operations whose security is not what the contract says."""
    report = check(
        contract,
        service,
        restore=lambda: None,
        facts=Facts(package=generated, home="http://doors", largest_body=1000, log_in=log_in),
        only=lambda assertion: assertion.pointer.endswith("/security"),
    )
    return {each.operation for each in report.findings if each.pointer.endswith("/security")}


def test_security_that_is_true_is_accepted() -> None:
    assert found(CONTRACT, client(SECURITY)) == set()


@pytest.mark.parametrize("name", SECURITY)
@pytest.mark.parametrize("actual", ["open", "needed", "optional"])
def test_security_that_is_not_true_is_found(name: str, actual: str) -> None:
    scheme = name.partition("_")[0] if name != "open" else "token"
    really: dict[str, list[Any]] = {
        "open": [],
        "needed": [{scheme: []}],
        "optional": [{}, {scheme: []}],
    }

    service = client(SECURITY | {name: really[actual]})

    expected = set() if really[actual] == SECURITY[name] else {name}
    assert found(CONTRACT, service) == expected
