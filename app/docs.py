"""The pages beside the contract: the contract itself, its interactive documentation, and what problems mean.

Everything comes from this process: the pages work with the network unplugged.
"""

import html
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.problems import KINDS, Kind
from app.settings import PROJECT

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}

SOURCE = PROJECT / "openapi" / "openapi.yaml"
DATA = PROJECT / "generated" / "openapi.json"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }}</style>
{body}
</html>
"""


def install(app: FastAPI) -> None:
    """Add the pages to the application. The served document is the hand-written one, word for word."""
    as_json = DATA.read_bytes()
    contract: dict[str, Any] = json.loads(as_json)
    app.router.routes += [
        _fixed("/openapi.json", Response(as_json, media_type="application/json")),
        _fixed("/openapi.yaml", Response(SOURCE.read_bytes(), media_type="application/yaml")),  # RFC 9512
        _fixed("/docs", _swagger_ui(contract["info"]["title"])),
        *_assets(),
        _fixed("/problems", HTMLResponse(_problems_page())),
        _Page("/problems/{slug}", _problem, methods=["GET"]),
    ]


class _Page(Route):
    """A route that no encoded slash leads to: Starlette matches decoded paths, in which it would separate parts."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the path of the page."""
        if b"%2f" in (scope.get("raw_path") or b"").lower():
            return Match.NONE, {}
        return super().matches(scope)


def _fixed(path: str, response: Response) -> Route:
    async def endpoint(_: Request) -> Response:
        return response

    return _Page(path, endpoint, methods=["GET"])


def _assets() -> list[Route]:
    """Return routes to the files of Swagger UI in the package fastapi-offline; nothing else of it is used.

    The files are few and read once: no request reaches the file system, whatever its path and Range say.
    """
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package fastapi-offline is missing; it has the files of the docs page")
    folder = Path(spec.origin).parent / "static"
    return [
        _fixed(f"/docs/assets/{name}", Response((folder / name).read_bytes(), media_type=media_type))
        for name, media_type in _ASSETS.items()
    ]


def _swagger_ui(title: str) -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title=title,
        swagger_js_url="docs/assets/swagger-ui-bundle.js",
        swagger_css_url="docs/assets/swagger-ui.css",
        swagger_favicon_url="docs/assets/favicon.png",
    )


async def _problem(request: Request) -> Response:
    kind = KINDS.get(request.path_params["slug"])
    if kind is None:
        raise HTTPException(404)
    body = f"<h1>{html.escape(kind.title)}</h1>\n<p>Status {kind.status}, type <code>{kind.type}</code></p>"
    return HTMLResponse(
        _PAGE.format(
            title=html.escape(kind.title), body=f"{body}\n<p>{html.escape(kind.explanation)}</p>\n{_codes(kind)}"
        )
    )


def _codes(kind: Kind) -> str:
    """Return what the codes of its errors mean; nothing where it has none."""
    meanings = {code: re.sub("`(.+?)`", r"<code>\1</code>", html.escape(text)) for code, text in kind.codes.items()}
    rows = "\n".join(f"<dt><code>{code}</code><dd>{meaning}" for code, meaning in meanings.items())
    return f"<h2>Codes of errors</h2>\n<dl>\n{rows}\n</dl>" if rows else ""


def _problems_page() -> str:
    items = "\n".join(map(_item, sorted(KINDS.values(), key=lambda kind: (kind.status, kind.slug))))
    return _PAGE.format(title="Problems", body=f"<h1>Problems</h1>\n<ul>\n{items}\n</ul>")


def _item(kind: Kind) -> str:
    return f'<li>{kind.status} <a href="{kind.type}">{html.escape(kind.title)}</a></li>'
