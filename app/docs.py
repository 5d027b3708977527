"""The pages about the API: the start page, the contract, its documentation, and the problems.

The pages work offline, and no request reads from the file system. Links are relative, so they work
under every path prefix; the contract is served with the prefix in `servers`.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app import examples
from app.content import Content, weights_of
from app.problems import KINDS, Kind
from app.settings import PROJECT
from generated.runtime.paths import route_path
from generated.runtime.rejections import RequestRejected

SOURCE = PROJECT / "openapi" / "openapi.yaml"
DATA = PROJECT / "generated" / "openapi.json"

_PAGES = Path(__file__).parent / "pages"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PREFIXES = 8  # how many are cached; a service has one, or two while a proxy is reconfigured

# The top-level key `servers` and its value: indented lines, list items, comments, blank lines.
_SERVERS = re.compile(
    r"^servers[ \t]*:.*(?:\n|\Z)(?:(?:[ \t]*(?:#.*)?\n)*(?:[ \t]+[^\s#]|-[ \t\n]).*\n?)*",
    re.MULTILINE,
)

Endpoint = Callable[[Request], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Add the pages to the application."""
    as_json = DATA.read_bytes()
    as_yaml = SOURCE.read_bytes().decode()
    contract: dict[str, Any] = json.loads(as_json)
    app.router.routes += [
        _Page("/", _start(contract)),
        _document(
            "/openapi.json", "application/json", lambda prefix: _json_under(prefix, contract)
        ),
        _document(
            "/openapi.yaml", "application/yaml", lambda prefix: _yaml_under(prefix, as_yaml)
        ),  # RFC 9512
        _fixed("/docs", _html("docs", title=contract["info"]["title"])),
        *(_fixed(path, content) for path, content in _assets().items()),
        _fixed("/problems", _problems_page()),
        _Page("/problems/{slug}", _problem(app)),
        _redirect("/docs/", to="/docs"),
        _redirect("/problems/", to="/problems"),
        _redirect("/favicon.ico", to="/favicon.svg"),
    ]


# --- Routes ---


class _Page(Route):
    """A route that matches the path as it was sent: an encoded slash is not a separator."""

    def __init__(self, path: str, endpoint: Endpoint) -> None:
        super().__init__(path, endpoint, methods=["GET"])

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the page's path; the bare prefix, without a slash, matches the start page."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = "/" if scope["path"] == scope.get("root_path") else route_path(scope)
        return super().matches({**scope, "path": path, "root_path": ""})


def _prefix(scope: Scope) -> str:
    """Return the path prefix of the service, quoted as in a URL and without a trailing slash."""
    root = quote(scope.get("root_path", "").strip("/"), safe="/%!$&'()*+,;=:@~")
    return f"/{root}" if root else ""


def _fixed(path: str, content: Content) -> Route:
    async def endpoint(request: Request) -> Response:
        return content.answer(request)

    return _Page(path, endpoint)


def _document(path: str, media_type: str, written: Callable[[str], bytes]) -> Route:
    @lru_cache(_PREFIXES)
    def content(prefix: str) -> Content:
        return Content(written(prefix), media_type)

    async def endpoint(request: Request) -> Response:
        return content(_prefix(request.scope)).answer(request)

    content("")
    return _Page(path, endpoint)


def _redirect(path: str, *, to: str) -> Route:
    async def endpoint(request: Request) -> Response:
        return RedirectResponse(_prefix(request.scope) + to, 308)

    return _Page(path, endpoint)


# --- The contract ---


def _json_under(prefix: str, contract: Mapping[str, Any]) -> bytes:
    served = {**contract, "servers": [_server(prefix)]}
    return (json.dumps(served, ensure_ascii=False, indent=1) + "\n").encode()


def _yaml_under(prefix: str, contract: str) -> bytes:
    """Return the handwritten document, unchanged except for `servers`."""
    # JSON strings are valid YAML
    lines = [f"{name}: {json.dumps(value)}" for name, value in _server(prefix).items()]
    servers = "servers:\n  - " + "\n    ".join(lines) + "\n"
    replaced, found = _SERVERS.subn(lambda _: servers, contract, count=1)
    return (replaced if found else contract.removesuffix("\n") + "\n" + servers).encode()


def _server(prefix: str) -> dict[str, str]:
    return {"url": prefix or "/", "description": "The service that serves this document."}


# --- Pages ---


@cache
def _assets() -> dict[str, Content]:
    """Return the files that the pages load. Swagger UI's come from the package fastapi-offline."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "the package fastapi-offline is missing; it contains the files of the docs page"
        )
    swagger_ui = Path(spec.origin).parent / "static"
    files = [
        *(swagger_ui / name for name in ("swagger-ui-bundle.js", "swagger-ui.css")),
        *(_PAGES / name for name in ("docs.js", "docs.css", "pages.css")),
    ]
    icon = _PAGES / "favicon.svg"
    return {f"/docs/assets/{file.name}": _read(file) for file in files} | {
        f"/{icon.name}": _read(icon)
    }


def _read(file: Path) -> Content:
    return Content(file.read_bytes(), _MEDIA_TYPES[file.suffix])


@cache
def _template(name: str) -> Markup:
    return Markup((_PAGES / f"{name}.html").read_text("utf-8"))  # `format` escapes its arguments


def _html(
    name: str, *, title: str, up: str = "./", vary: str = "Accept-Encoding", **parts: object
) -> Content:
    """Return a page; `up` is the relative link to the start page."""
    body = _template(name).format(title=title, up=up, **parts)
    page = _template("frame").format(title=title, up=up, body=body)
    return Content(page.encode(), _MEDIA_TYPES[".html"], vary=vary)


def _start(contract: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint of the start page. A client that prefers JSON gets a 404."""
    info = contract["info"]
    tag = Markup('<dt><a href="./docs#/{name}">{name}</a></dt><dd>{description}</dd>')
    tags = Markup().join(
        tag.format(name=each["name"], description=each.get("description", ""))
        for each in contract.get("tags", ())
    )
    about = {"summary": info.get("summary", ""), "version": info["version"], "tags": tags}
    content = _html("start", title=info["title"], vary="Accept, Accept-Encoding", **about)

    async def endpoint(request: Request) -> Response:
        if not _prefers_html(request):
            detail = "This path only has a page for browsers. The contract is at openapi.json."
            raise RequestRejected(404, detail, headers={"Vary": "Accept"})
        if not request.scope["path"].endswith("/"):
            return RedirectResponse(_prefix(request.scope) + "/", 308)
        return content.answer(request)

    return endpoint


def _prefers_html(request: Request) -> bool:
    weights = weights_of(request, "accept")
    weight = weights.get("text/html", weights.get("text/*", 0.0))
    return weight > 0 and weight >= weights.get(
        "application/json", weights.get("application/*", 0.0)
    )


def _problems_page() -> Content:
    kinds = sorted(KINDS.values(), key=lambda kind: (kind.status, kind.slug))
    row = Markup('<tr><td>{status}</td><td><a href="./problems/{slug}">{title}</a></td></tr>\n')
    rows = [row.format(status=kind.status, slug=kind.slug, title=kind.title) for kind in kinds]
    return _html("problems", title="Problems", rows=Markup().join(rows))


def _problem(app: FastAPI) -> Endpoint:
    pages: dict[str, Content] = {}

    async def endpoint(request: Request) -> Response:
        slug = request.path_params["slug"]
        if slug not in KINDS:
            raise HTTPException(404)
        if slug not in pages:
            pages[slug] = _problem_page(KINDS[slug], await examples.answer(app, KINDS[slug]))
        return pages[slug].answer(request)

    return endpoint


def _problem_page(kind: Kind, example: examples.Answer) -> Content:
    """Return the page of a kind, with the codes that its `errors` can have."""
    row = Markup("<tr><td><code>{code}</code></td><td>{meaning}</td></tr>\n")
    rows = Markup().join(
        row.format(code=code, meaning=_prose(meaning)) for code, meaning in kind.codes.items()
    )
    return _html(
        "problem",
        up="../",
        title=kind.title,
        status=kind.status,
        type=kind.type,
        explanation=_prose(kind.explanation),
        codes=_template("codes").format(rows=rows) if kind.codes else "",
        request=example.request,
        answer=example.text,
    )


def _prose(text: str) -> Markup:
    """Return text as HTML, with code in backticks."""
    return Markup(re.sub("`(.+?)`", r"<code>\1</code>", str(escape(text))))
