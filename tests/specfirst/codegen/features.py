"""Small documents, one per feature, and a service made from them to send requests to.

Generating takes seconds whatever the size of a document, so that the documents of all features
become one package. Each has a tag of its own in it, hence a router module of its own.
"""

import asyncio
import copy
import importlib
import inspect
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import httpx
import yaml
from pydantic_core import to_jsonable_python
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from specfirst.codegen.naming import snake
from specfirst.contract.model import Contract
from specfirst.contract.reading import read

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    # It imports fastapi-code-generator, which is older than Pydantic.
    from specfirst.codegen.generate import generate

Document = dict[str, Any]

REACHED = 299
"""The status of a handler that gives no answer of its own."""


@dataclass(frozen=True)
class Feature:
    """A feature of OpenAPI: what becomes of it, in one sentence, and its smallest document."""

    name: str
    outcome: str
    document: Document
    alone: bool


FEATURES: list[Feature] = []


def feature(
    name: str, outcome: str, document: str, *, alone: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the feature that a test is about to the catalogue.

    What every document would repeat may be left out of `document`: the version (3.1.0), `info`, the
    tag (`tags: []` for none) and the responses (204). With `alone` it becomes a package of its own,
    for what holds in a whole document.
    """
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Catalogue", "version": "1"},
        **yaml.safe_load(document),
    }
    for operation in Contract(whole).operations:
        raw = whole["paths"][operation.path][operation.method]
        raw.setdefault("tags", [name])
        raw.setdefault("responses", {"204": {"description": "Done."}})
    FEATURES.append(Feature(name, outcome, whole, alone))
    this = FEATURES[-1]

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test.feature = this  # type: ignore[attr-defined]
        return test

    return mark


def together(features: Sequence[Feature]) -> Document:
    """Return the documents of several features as one.

    Two that have a path, a schema, … of one name are a mistake.
    """
    whole: Document = {}
    for each in features:
        _join(whole, copy.deepcopy(each.document))
    return whole


def _join(whole: Document, part: Document) -> None:
    for word, value in part.items():
        if word in ("paths", "components", "webhooks") or (
            whole.keys() >= {word} and isinstance(value, dict)
        ):
            _join(whole.setdefault(word, {}), value)
        else:
            assert whole.setdefault(word, value) == value, f"{word} is there twice"


class Services:
    """The packages of all features, each generated when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._services: dict[str, Service | None] = {}

    def of(self, feature: Feature) -> "Service":
        """Return the service of a feature.

        If they cannot be generated together, each is generated alone, so that only one fails.
        """
        version = feature.document["openapi"]
        shared = [
            each for each in FEATURES if each.document["openapi"] == version and not each.alone
        ]
        if not feature.alone and (service := self._service(f"of_{snake(version)}", shared)):
            return service
        return Service(f"of_{snake(feature.name)}", [feature], self._folder)

    def _service(self, package: str, features: Sequence[Feature]) -> "Service | None":
        if package not in self._services:
            try:
                self._services[package] = Service(package, features, self._folder)
            except Exception:
                self._services[package] = None
        return self._services[package]


class Service:
    """A generated package, served with handlers that remember their arguments."""

    def __init__(self, package: str, features: Sequence[Feature], folder: Path) -> None:
        spec = folder / f"{package}.yaml"
        spec.write_text(yaml.safe_dump(together(features), sort_keys=False))
        self.notes = generate(read(spec), folder / package, source=spec.name)
        self._folder = folder / package
        self._package = package
        self._reached: tuple[str | None, dict[str, Any]] = None, {}
        self._answer: Any = None
        self.checked: list[tuple[str, str]] = []

    def module(self, name: str) -> ModuleType:
        """Return a module of the package."""
        parent = str(self._folder.parent)
        if parent not in sys.path:
            sys.path.insert(0, parent)
        return importlib.import_module(f"{self._package}.{name}")

    def source(self, name: str) -> str:
        """Return the code of a module in one line, so that its formatting does not matter."""
        return " ".join((self._folder / f"{name.replace('.', '/')}.py").read_text().split())

    def send(self, method: str, url: str, answer: object = None, **request: Any) -> "Outcome":
        """Send a request; the handler that it reaches, if any, gives `answer`."""
        self._reached, self._answer = (None, {}), answer
        self.checked.clear()
        response = asyncio.run(self._response(method, url, request))
        return Outcome(*self._reached, response)

    async def _response(self, method: str, url: str, request: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://service"
        ) as client:
            return await client.request(method, url, **request)

    def send_path(
        self, method: str, path: bytes, /, *, through: ASGIApp | None = None, **scope: object
    ) -> "Outcome":
        """Send a request with exactly this path; `scope` is what the server says otherwise of it.

        It goes through another application where one is given.
        """

        async def server(given: Scope, receive: Receive, send: Send) -> None:
            told = {"path": unquote(path.decode("latin-1")), "raw_path": path}
            await (through or self.app)({**given, **told, **scope}, receive, send)

        self._reached, self._answer = (None, {}), None
        response = asyncio.run(self._sent(server, method))
        return Outcome(*self._reached, response)

    async def _sent(self, server: ASGIApp, method: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server)) as client:
            return await client.request(method, "http://service/")

    @cached_property
    def app(self) -> Starlette:
        routers = self.module("routers")
        names = [
            name
            for name, parameter in inspect.signature(routers.build_routes).parameters.items()
            if parameter.default is parameter.empty and name != "max_body_bytes"
        ]
        interfaces = {name: self._interface(name) for name in names}
        stubs = {name: self._stub(interface) for name, interface in interfaces.items()}
        routes = routers.build_routes(**stubs, max_body_bytes=100_000)
        refusals = {self.module("runtime.rejections").RequestRejected: _refused}
        return Starlette(routes=[*routes], exception_handlers=refusals)

    def _interface(self, name: str) -> Any:
        module = self.module("security" if name == "security" else f"routers.{name}")
        base = self.module("runtime.handlers").Handlers
        own = (
            each
            for each in vars(module).values()
            if inspect.isclass(each) and each.__module__ == module.__name__
        )
        return next(each for each in own if issubclass(each, base))

    def _stub(self, interface: Any) -> object:
        make = self._check if interface.__name__ == "SecurityHandlers" else self._handler
        return type(
            "Stub", (interface,), {name: make(name) for name in interface.__abstractmethods__}
        )()

    def _handler(self, name: str) -> object:
        async def handler(_: object, **arguments: Any) -> object:
            self._reached = name, arguments
            return self._answer or Response(status_code=REACHED)

        return handler

    def _check(self, name: str) -> object:
        async def check(_: object, credentials: str) -> Caller | None:
            self.checked.append((name, credentials))
            return None if credentials.startswith("wrong") else Caller.of(credentials)

        return check


async def _refused(_: Request, refusal: Any) -> Response:
    body = {"detail": refusal.detail, "errors": [asdict(error) for error in refusal.errors]}
    return JSONResponse(body, refusal.status, headers=refusal.headers)


@dataclass(frozen=True)
class Caller:
    """Who sent credentials: `ada`, or `ada:read,write` for one with scopes. Those that begin with
    `wrong` are nobody's.
    """

    name: str
    scopes: frozenset[str]

    @classmethod
    def of(cls, credentials: str) -> "Caller":
        """Return the caller with these credentials."""
        name, _, scopes = credentials.partition(":")
        return cls(name, frozenset(filter(None, scopes.split(","))))


@dataclass(frozen=True)
class Outcome:
    """What became of a request: the operation it reached, the arguments, and the response."""

    operation: str | None
    arguments: dict[str, Any]
    response: httpx.Response

    @property
    def status(self) -> int:
        """The status: 299 where a handler was reached that gave no answer."""
        return int(self.response.status_code)

    @property
    def errors(self) -> list[str]:
        """Where the service finds fault with the request: `query: /limit`."""
        return [f"{error['location']}: {error['pointer']}" for error in self.told]

    @property
    def codes(self) -> list[str]:
        """What the service finds wrong where: `/limit too_large`."""
        return [f"{error['pointer']} {error['code']}" for error in self.told]

    @property
    def told(self) -> list[dict[str, Any]]:
        """The errors that the service reports."""
        return list(self.response.json()["errors"])

    @property
    def body(self) -> dict[str, Any]:
        """The object that the handler got, as JSON has it."""
        return dict(to_jsonable_python(self.arguments["body"]))


class Sample:
    """One feature, generated: the code of its router, and a client of the service."""

    def __init__(self, feature: Feature, service: Service) -> None:
        self.service = service
        self.send = service.send
        self.router = f"routers.{snake(feature.name)}"

    @property
    def code(self) -> str:
        """The router module."""
        return self.service.source(self.router)

    @property
    def models(self) -> str:
        """The models of all features."""
        return self.service.source("models")

    def new(self, response: str, /, **fields: object) -> object:
        """Return a response of this router."""
        return getattr(self.service.module(self.router), response)(**fields)

    def model(self, name: str, /, **members: object) -> object:
        """Return a model."""
        return getattr(self.service.module("models"), name)(**members)
