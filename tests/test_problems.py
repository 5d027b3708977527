"""Every error has its kind of problem, and an application in which one has none does not start."""

import gc
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI
from pydantic import SecretStr

from app import errors, mock, problems
from app.main import assemble, create_app
from app.problems import CODES, KINDS, TABLE, IncompleteProblems, Kind
from app.settings import Settings
from generated.responses import (
    ArticleForbiddenResponse,
    AuthorNotFoundResponse,
    BadRequestResponse,
    ConflictResponse,
    PreconditionFailedResponse,
    ServiceUnavailableResponse,
    UnauthorizedResponse,
    UnprocessableArticleResponse,
)
from generated.runtime.rejections import ErrorDetail, RequestRejected
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from tests.conftest import ROOT
from tests.packages import package
from tests.problems import DOCUMENT, problem

RESPONSES = (
    UnauthorizedResponse
    | ArticleForbiddenResponse
    | BadRequestResponse
    | AuthorNotFoundResponse
    | ConflictResponse
    | PreconditionFailedResponse
    | UnprocessableArticleResponse
    | ServiceUnavailableResponse
)
ERRORS = {
    errors.AuthorNotFound: errors.AuthorNotFound(7),
    errors.ArticleNotFound: errors.ArticleNotFound(7),
    errors.UnknownAuthor: errors.UnknownAuthor(7),
    errors.AuthorHasArticles: errors.AuthorHasArticles(7),
    errors.TokenNotFound: errors.TokenNotFound(7),
    errors.TokenRevoked: errors.TokenRevoked(),
    errors.NotTheOwner: errors.NotTheOwner(7),
    errors.GrantForbidden: errors.GrantForbidden("Your token lacks the scope articles:write."),
    errors.VersionMismatch: errors.VersionMismatch(),
    errors.InvalidCursor: errors.InvalidCursor(),
    errors.IdempotencyKeyReused: errors.IdempotencyKeyReused(),
    errors.IdempotencyKeyInUse: errors.IdempotencyKeyInUse(),
    errors.DataRejected: errors.DataRejected(),
    errors.Unavailable: errors.Unavailable(),
    errors.RolledBack: errors.RolledBack(),
    errors.SchemaOutdated: errors.SchemaOutdated(),
}
# opened by nobody
SETTINGS = Settings(database_url=SecretStr("postgresql+asyncpg://nowhere/nothing"))


def app_with(error: Exception, *, responses: Any = RESPONSES) -> FastAPI:
    """Return an application with one operation, `GET /fails`, which raises an error."""

    async def fail() -> ApiResponse:
        raise error

    operation = Operation("GET", "/fails", fail, responses=responses)
    return assemble(ContractRoutes([operation], max_body_bytes=1000))


async def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    "kind", [kind for kind in TABLE if RequestRejected in kind.errors], ids=lambda kind: kind.slug
)
async def test_refusal_is_answered_by_the_row_of_its_status_with_its_headers(kind: Kind) -> None:
    refusal = RequestRejected(kind.status, "No.", headers={"X-Reason": "none"})

    answer = await get(app_with(refusal), "/fails")

    assert problem(answer, kind.status)["type"] == kind.type
    assert answer.headers["X-Reason"] == "none"


async def test_no_more_mistakes_are_listed_than_the_contract_allows() -> None:
    mistakes = [ErrorDetail("query", f"/p{number}", "unknown", "No.") for number in range(200)]
    most = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["errors"]["maxItems"]

    answer = await get(app_with(RequestRejected(422, "No.", errors=mistakes)), "/fails")

    assert len(problem(answer, 422)["errors"]) == most


@pytest.mark.parametrize("error", ERRORS.values(), ids=lambda error: type(error).__name__)
async def test_domain_error_is_answered_by_its_row(error: errors.BlogError) -> None:
    [kind] = [kind for kind in TABLE if {*type(error).__mro__} & {*kind.errors}]

    answer = await get(app_with(error), "/fails")

    told = problem(answer, kind.status)
    assert (told["type"], told["detail"]) == (kind.type, str(error))
    parts = kind.error_detail and {
        name: getattr(kind.error_detail, name) for name in ("pointer", "code", "detail")
    }
    assert told.get("errors") == (
        [{"in": kind.error_detail.location, **parts}] if kind.error_detail and parts else None
    )
    assert answer.headers.get("Retry-After") == (
        str(kind.retry_after) if kind.retry_after else None
    )


def test_every_domain_error_is_tried_here() -> None:
    assert {
        kind for kind in errors.subclasses(errors.BlogError) if kind.__module__ == "app.errors"
    } == {*ERRORS}


def test_every_row_has_a_type_of_its_own_and_no_error_has_two() -> None:
    answered = [
        (error, kind.status if error is RequestRejected else None)
        for kind in TABLE
        for error in kind.errors
    ]

    assert len(KINDS) == len(TABLE)
    assert len({*answered}) == len(answered)


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.slug)
async def test_every_row_has_a_page(kind: Kind) -> None:
    answer = await get(app_with(errors.InvalidCursor()), kind.type)

    assert answer.status_code == 200
    assert kind.title in answer.text


@pytest.mark.parametrize(
    "slug", ["bad-request", "not-found", "unprocessable-content", "invalid-cursor"]
)
async def test_page_of_a_problem_with_places_explains_their_codes(slug: str) -> None:
    answer = await get(app_with(errors.InvalidCursor()), KINDS[slug].type)

    assert KINDS[slug].codes
    for code, meaning in KINDS[slug].codes.items():
        assert f"<code>{code}</code>" in answer.text
        assert meaning.split("`")[0] in answer.text


def test_every_code_stands_on_a_page() -> None:
    assert {code for kind in TABLE for code in kind.codes} == {*CODES}


async def test_subclass_is_answered_by_the_row_of_its_parent(
    new_error: Callable[[type], type],
) -> None:
    error = new_error(errors.InvalidCursor)()

    answer = await get(app_with(error), "/fails")

    assert problem(answer, 400)["type"] == "/problems/invalid-cursor"


@pytest.mark.parametrize(
    "error", [errors.DataRejected(), errors.AuthorNotFound(7), errors.AuthorHasArticles(7)]
)
async def test_error_of_the_client_that_the_operation_does_not_document_is_a_500_and_logged(
    error: errors.BlogError, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await get(
        app_with(error, responses=BadRequestResponse | ServiceUnavailableResponse), "/fails"
    )

    assert problem(answer, 500)["detail"] == "The service has failed. Please report the request_id."
    kind = problems.kind_of(type(error))
    assert kind is not None
    assert f"GET /fails does not document {kind.status}" in caplog.text


async def test_unavailable_is_a_503_and_logged_where_the_operation_does_not_document_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await get(app_with(errors.Unavailable(), responses=BadRequestResponse), "/fails")

    problem(answer, 503)
    assert answer.headers["Retry-After"] == "1"
    assert "GET /fails does not document 503" in caplog.text


async def test_error_that_the_operation_documents_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await get(app_with(errors.DataRejected()), "/fails")

    assert caplog.text == ""


@pytest.fixture
def new_error() -> Iterator[Callable[[type], type]]:
    """Return what makes a domain error, which is none any more when the test ends."""
    yield lambda parent: type("EmailTaken", (parent,), {"__module__": "app.errors"})
    gc.collect()
    assert "EmailTaken" not in {kind.__name__ for kind in errors.subclasses(errors.BlogError)}


def test_app_with_a_domain_error_without_a_row_does_not_start(
    new_error: Callable[[type], type],
) -> None:
    error = new_error(errors.BlogError)

    with pytest.raises(IncompleteProblems) as refused:
        create_app(SETTINGS)

    assert error.__name__ in str(refused.value)
    assert str(refused.value) == (
        "app.problems has no row for EmailTaken. Write into TABLE:\n\n"
        '    Kind("email-taken", <status>, "Email taken", "<what it means, and what to do>",'
        " errors=(errors.EmailTaken,)),\n"
    )


def test_app_with_a_code_without_a_meaning_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {code: meaning for code, meaning in problems.CODES.items() if code != "not_found"}
    monkeypatch.setattr(problems, "CODES", known)

    with pytest.raises(IncompleteProblems) as refused:
        create_app(SETTINGS)

    assert str(refused.value) == (
        'app.problems does not say what not_found means. Write into CODES:\n\n    "not_found": '
        '"<what it means>",\n'
    )


@pytest.mark.parametrize(
    "slug", sorted(KINDS.keys() - {"unauthorized", "forbidden", "too-many-requests"})
)
def test_app_without_any_row_that_it_needs_does_not_start(
    monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    monkeypatch.setattr(problems, "TABLE", tuple(kind for kind in TABLE if kind.slug != slug))

    with pytest.raises(IncompleteProblems, match=r"^app\.problems has no row for "):
        create_app(SETTINGS)


class Gone(ApiResponse):
    """A status that no operation has yet."""

    status = 410


def test_app_without_a_row_for_a_documented_status_does_not_start() -> None:
    with pytest.raises(IncompleteProblems) as refused:
        app_with(errors.InvalidCursor(), responses=BadRequestResponse | Gone)

    assert str(refused.value) == (
        "app.problems has no row for status 410 (GET /fails). Write into TABLE:\n\n"
        '    Kind("gone", 410, "Gone", "<what it means, and what to do>"),\n'
    )


def test_row_of_a_domain_error_does_not_answer_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [
        replace(kind, errors=(errors.DataRejected,)) if kind.status == 422 else kind
        for kind in TABLE
    ]
    monkeypatch.setattr(problems, "TABLE", tuple(kinds))

    with pytest.raises(IncompleteProblems, match="status 422"):
        create_app(SETTINGS)


FORGOTTEN = """
import sys
from app import errors
from app.__main__ import main

class EmailTaken(errors.BlogError):
    pass

sys.argv[1:] = ["mock"]
sys.exit(main())
"""


def test_command_line_tells_what_is_missing_without_a_traceback() -> None:
    command = [sys.executable, "-c", FORGOTTEN]

    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"BLOG_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("app.problems has no row for EmailTaken. Write into TABLE:")
    assert "Traceback" not in ended.stderr


SECURED: dict[str, Any] = yaml.safe_load("""
openapi: 3.1.0
info: {title: Vault, version: '1'}
security: [{Token: []}]
paths:
  /scoped:
    get:
      operationId: get_scoped
      tags: [vault]
      security: [{Token: [read]}]
      responses: {'204': {description: Open.}}
  /open:
    get:
      operationId: get_open
      tags: [vault]
      security: [{Token: []}, {}]
      responses: {'204': {description: Open.}}
  /vault:
    get:
      operationId: get_vault
      tags: [vault]
      responses: {'204': {description: Open.}, '429': {description: Slow down.}}
components:
  securitySchemes:
    Token: {type: http, scheme: bearer}
""")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The code generated from a contract with security, on the runtime of this application."""
    with package("vault", SECURED, tmp_path_factory.mktemp("secured")) as routers:
        yield routers


def secured(vault: ModuleType, **hooks: object) -> FastAPI:
    """Return an application with the tokens `right`, for all scopes, and `limited`, for none."""
    handlers = importlib.import_module("vault.routers.vault")
    security = importlib.import_module("vault.security")

    async def answer(self: object, *, principal: object) -> object:
        return handlers.GetVault204()

    async def token(self: object, credentials: str) -> object:
        scopes = {"right": ["read"], "limited": []}
        return SimpleNamespace(scopes=scopes[credentials]) if credentials in scopes else None

    names = ("get_vault", "get_scoped", "get_open")
    operations = type("Vault", (handlers.VaultHandlers,), dict.fromkeys(names, answer))()
    checks = type("Checks", (security.SecurityHandlers,), {"token": token})()
    return assemble(
        vault.build_routes(vault=operations, security=checks, max_body_bytes=1000, **hooks)
    )


@pytest.mark.parametrize("credentials", [None, "Bearer wrong", "Basic right", "Bearer"])
async def test_request_without_valid_credentials_is_a_401_that_names_the_scheme(
    vault: ModuleType, credentials: str | None
) -> None:
    headers = {"Authorization": credentials} if credentials else {}

    answer = await get(secured(vault), "/vault", **headers)

    assert problem(answer, 401)["type"] == "/problems/unauthorized"
    is_bearer = credentials in ("Bearer", "Bearer wrong")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="invalid_token"' if is_bearer else 'Bearer realm="Vault"'
    )


@pytest.mark.parametrize(
    ("credentials", "status"), [("Bearer right", 204), ("Bearer limited", 403)]
)
async def test_request_with_credentials_is_served_or_forbidden(
    vault: ModuleType, credentials: str, status: int
) -> None:
    answer = await get(secured(vault), "/scoped", Authorization=credentials)

    assert answer.status_code == status
    if status == 403:
        assert problem(answer, 403)["type"] == "/problems/forbidden"
        assert answer.headers["WWW-Authenticate"] == (
            'Bearer error="insufficient_scope", scope="read"'
        )


@pytest.mark.parametrize(
    ("slug", "where"),
    [
        ("unauthorized", r"status 401 \(GET /scoped\)"),
        ("forbidden", r"status 403 \(GET /scoped\)"),
        ("too-many-requests", r"status 429 \(GET /vault\)"),
    ],
)
def test_contract_with_security_does_not_start_without_its_rows(
    monkeypatch: pytest.MonkeyPatch, vault: ModuleType, slug: str, where: str
) -> None:
    monkeypatch.setattr(problems, "TABLE", tuple(kind for kind in TABLE if kind.slug != slug))

    with pytest.raises(IncompleteProblems, match=where):
        secured(vault)


@pytest.mark.parametrize("hook", ["before_authentication", "after_authentication"])
def test_hooks_around_authentication_need_the_row_of_429(
    monkeypatch: pytest.MonkeyPatch, vault: ModuleType, hook: str
) -> None:
    kinds = tuple(kind for kind in TABLE if kind.slug != "too-many-requests")
    monkeypatch.setattr(problems, "TABLE", kinds)

    async def nothing(*_: object) -> None:
        pass

    with pytest.raises(IncompleteProblems, match=r"status 429 \(GET /scoped\)"):
        secured(vault, **{hook: nothing})


def test_mock_does_not_start_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "TABLE", tuple(kind for kind in TABLE if kind.status != 409))

    with pytest.raises(IncompleteProblems, match="status 409"):
        mock.create_app(Settings())
