"""What security requirements mean for a request, beyond the catalogue: hooks, costs and attacks."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from generated.runtime.bodies import Body, Json
from generated.runtime.rejections import RequestRejected
from generated.runtime.requests import current_request, served
from generated.runtime.routing import ContractRoutes, Operation
from generated.runtime.security import Access, Scheme, basic_credentials

SCOPES = {"reader": {"read"}, "writer": {"read", "write"}}


@dataclass(frozen=True)
class Caller:
    """Who has a token; its name is the token."""

    name: str

    @property
    def scopes(self) -> Collection[str]:
        """The scopes of the token."""
        return SCOPES[self.name]


class Application:
    """A service with three operations: a secured, an optional and an open one."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.refuse_before: int | None = None
        self.refuse_after: int | None = None
        self.with_hooks = True

    async def check(self, credentials: str) -> Caller | None:
        """Return the caller with a token."""
        self.events.append(f"check {credentials}")
        current_request()
        return Caller(credentials) if credentials in SCOPES else None

    async def before(self, request: Request) -> None:
        """Note the first hook."""
        self.events.append(f"before {request.method}")
        if self.refuse_before:
            raise RequestRejected(self.refuse_before, "No.", headers={"Retry-After": "1"})

    async def after(self, request: Request, principal: Caller | None) -> None:
        """Note the second hook."""
        self.events.append(("after", principal and principal.name))
        if self.refuse_after:
            raise RequestRejected(self.refuse_after, "No.", headers={"Retry-After": "1"})

    def routes(self) -> ContractRoutes:
        """Return the routes of the operations."""
        token = Scheme("bearer", "header", "Authorization", self.check, realm="Test")
        body = Body({"application/json": Json(int)}, required=True)
        operations = [
            Operation(
                "PUT", "/closed", self._handler("closed"), body=body, security=[{token: ["write"]}]
            ),
            Operation("GET", "/optional", self._handler("optional"), security=[{}, {token: []}]),
            Operation("GET", "/silent", self._handler("silent")),
            Operation("GET", "/open", self._handler("open"), security=[]),
        ]
        hooks: dict[str, Any] = {}
        if self.with_hooks:
            hooks = {"before_authentication": self.before, "after_authentication": self.after}
        return ContractRoutes(operations, max_body_bytes=100, **hooks)

    def _handler(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def handler(**arguments: object) -> Response:
            self.events.append(name)
            return Response(status_code=204)

        return handler

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request, and forget earlier events."""
        self.events.clear()
        return asyncio.run(self._sent(method, path, request))

    async def _sent(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        async def refused(_: Request, error: Any) -> Response:
            return PlainTextResponse(error.detail, error.status, headers=error.headers)

        app = Starlette(routes=[*self.routes()], exception_handlers={RequestRejected: refused})
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **request)


@pytest.fixture
def application() -> Application:
    """The service, with hooks that refuse nothing."""
    return Application()


WRITER = {"Authorization": "Bearer writer"}


def test_hooks_run_around_authentication_and_before_the_body(application: Application) -> None:
    answer = application.send("PUT", "/closed", headers=WRITER, content="?")

    assert answer.status_code == 415
    assert application.events == ["before PUT", "check writer", ("after", "writer")]


def test_first_hook_refuses_before_any_credentials_are_looked_at(application: Application) -> None:
    application.refuse_before = 429

    answer = application.send("PUT", "/closed", headers=WRITER, json=1)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert application.events == ["before PUT"]


def test_second_hook_refuses_a_caller(application: Application) -> None:
    application.refuse_after = 429

    answer = application.send("PUT", "/closed", headers=WRITER, content="?")

    assert answer.status_code == 429
    assert application.events == ["before PUT", "check writer", ("after", "writer")]


@pytest.mark.parametrize(("token", "status"), [("nobody", 401), ("reader", 403)])
def test_second_hook_does_not_run_for_who_is_refused(
    application: Application, token: str, status: int
) -> None:
    answer = application.send("PUT", "/closed", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status
    assert application.events == ["before PUT", f"check {token}"]


@pytest.mark.parametrize("path", ["/optional", "/silent"])
def test_second_hook_gets_none_for_an_anonymous_caller(application: Application, path: str) -> None:
    assert application.send("GET", path).status_code == 204
    assert application.events == ["before GET", ("after", None), path[1:]]


def test_hooks_leave_out_operations_that_say_that_they_are_open(application: Application) -> None:
    application.refuse_before = 429

    assert application.send("GET", "/open", headers=WRITER).status_code == 204
    assert application.events == ["open"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/closed", 405)]
)
def test_path_and_method_come_before_hooks(
    application: Application, method: str, path: str, status: int
) -> None:
    assert application.send(method, path).status_code == status
    assert application.events == []


@pytest.mark.parametrize("with_hooks", [True, False])
def test_refusals_are_those_that_can_happen(application: Application, with_hooks: bool) -> None:
    application.with_hooks = with_hooks
    hooked = {429} if with_hooks else set()

    refusals = {
        each.path: each.refusals & {401, 403, 429} for each in application.routes().operations
    }

    assert refusals == {
        "/closed": {401, 403} | hooked,
        "/optional": {401} | hooked,
        "/silent": hooked,
        "/open": set(),
    }


def requests_with(*values: str) -> Request:
    """Return a request with these `Authorization` headers."""
    headers = [(b"authorization", value.encode("latin-1")) for value in values]
    return Request({"type": "http", "method": "GET", "headers": headers, "query_string": b""})


def test_credentials_are_checked_once_for_all_alternatives(application: Application) -> None:
    token = Scheme("bearer", "header", "Authorization", application.check)
    access = Access([{token: ["admin"]}, {token: ["write"]}, {token: ["read"]}])

    arguments = asyncio.run(_in_request(access, requests_with("Bearer reader")))

    assert arguments == {"principal": Caller("reader")}
    assert application.events == ["check reader"]


async def _in_request(access: Access, request: Request) -> dict[str, object]:
    served.set(request)
    return await access(request)


@pytest.mark.parametrize(
    "values",
    [
        ("Bearer \0",), ("Bearer a\xe9",), ("Bearer a\x7f",), ("Bearer",), ("Bearer  ",),
        ("bearer ",),
        ("Bearer writer", "Bearer writer"), ("Bearer writer", "Basic a"), ("", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_credentials_is_never_shown_to_the_application(
    application: Application, values: tuple[str, ...]
) -> None:
    token = Scheme("bearer", "header", "Authorization", application.check)
    access = Access([{}, {token: []}])

    with pytest.raises(RequestRejected) as refused:
        asyncio.run(_in_request(access, requests_with(*values)))

    assert refused.value.status == 401
    assert refused.value.headers == {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    assert application.events == []


@pytest.mark.parametrize("value", ["", "writer", "Bearerwriter", "Basic writer", "Token writer"])
def test_credentials_of_other_schemes_are_none(application: Application, value: str) -> None:
    token = Scheme("bearer", "header", "Authorization", application.check)

    arguments = asyncio.run(_in_request(Access([{}, {token: []}]), requests_with(value)))

    assert arguments == {"principal": None}


def test_credentials_of_a_megabyte_are_passed_on_as_they_are(application: Application) -> None:
    token = Scheme("bearer", "header", "Authorization", application.check)

    assert token.credentials(requests_with(f"Bearer {'a' * 2**20}").scope) == "a" * 2**20


def test_scopes_in_one_text_are_not_searched(application: Application) -> None:
    async def check(credentials: str) -> Any:
        return type("Wrong", (), {"scopes": "articles:write read"})()

    token = Scheme("bearer", "header", "Authorization", check)

    with pytest.raises(RequestRejected) as refused:
        asyncio.run(Access([{token: ["read"]}])(requests_with("Bearer a")))

    assert refused.value.status == 403


def test_challenges_are_quoted_and_ascii(application: Application) -> None:
    token = Scheme("bearer", "header", "Authorization", application.check, realm='a "b" \\ é')

    assert token.challenge() == 'Bearer realm="a \\"b\\" \\\\ ?"'


def encoded(text: str) -> str:
    """Return a text in base64."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("credentials", "found"),
    [
        (encoded("ada:secret"), ("ada", "secret")),
        (encoded("ada:se:cret"), ("ada", "se:cret")),
        (encoded("ädä:"), ("ädä", "")),
        (encoded("ada"), None),
        ("YWRhOg", None),
        ("?", None),
        (base64.b64encode(b"\xff:").decode(), None),
        ("", None),
    ],
)
def test_basic_credentials(credentials: str, found: tuple[str, str] | None) -> None:
    assert basic_credentials(credentials) == found
