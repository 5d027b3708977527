"""Lets pages of other origins use the API in a browser: CORS, as the Fetch standard describes it.

A preflight gets what every OPTIONS gets, 204 with `Allow` or 404, with the headers that the browser
looks for. Callers are known by a token that a page sends itself, so the browser's own credentials,
cookies for example, are never allowed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MAX_AGE = 600
"""Seconds for which a browser may remember a preflight."""

# What a page may send beside the parameters in the contract, and read beside the headers in it.
_SENT = ("Authorization", "Content-Type")
_READ = ("Allow",)  # the 405 is not in the contract

# An origin as browsers serialize it (RFC 6454, section 6.2): in lower case, without the default
# port.
_ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)"
    r"[a-z][a-z0-9+.-]*://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)


def origins(text: str) -> frozenset[str]:
    """Parse a comma-separated list of origins, or `*` for all. Raises `ValueError`."""
    found = frozenset(each.strip() for each in text.split(",") if each.strip())
    if found != {"*"} and not all(map(_ORIGIN.fullmatch, found)):
        raise ValueError(f"not a list of origins: {text}")
    return found


class CORSMiddleware:
    """ASGI middleware that adds the headers of CORS to every response, errors included."""

    def __init__(
        self, app: ASGIApp, *, allowed: frozenset[str], contract: Mapping[str, Any]
    ) -> None:
        """Allow pages of these origins, or of all (`*`), what the contract describes."""
        self._app = app
        self._allowed = allowed
        self._sent = ", ".join(sorted({*_SENT, *_request_headers(contract)}))
        self._read = ", ".join(sorted({*_READ, *_response_headers(contract)}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add_headers(self, headers: MutableHeaders, scope: Scope) -> None:
        if "*" in self._allowed:
            origin = "*"
        else:
            origin = _origin(scope)
            headers["Vary"] = ", ".join([*headers.getlist("Vary"), "Origin"])
        if origin not in self._allowed:
            return
        headers["Access-Control-Allow-Origin"] = origin
        if scope["method"] == "OPTIONS" and "Allow" in headers:
            headers["Access-Control-Allow-Methods"] = headers["Allow"]
            headers["Access-Control-Allow-Headers"] = self._sent
            headers["Access-Control-Max-Age"] = str(_MAX_AGE)
        else:
            headers["Access-Control-Expose-Headers"] = self._read


def _origin(scope: Scope) -> str:
    """Return the origin of a request, or "" if it has none or several."""
    values = [value for name, value in scope["headers"] if name == b"origin"]
    return values[0].decode("latin-1") if len(values) == 1 else ""


# --- The headers in a contract ---


def _request_headers(contract: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headers that are parameters or carry an API key."""
    schemes = contract.get("components", {}).get("securitySchemes", {})
    parameters = [each for item in contract["paths"].values() for each in _parameters(item)]
    for each in (*schemes.values(), *parameters):
        found = _followed(contract, each)
        if found.get("in") == "header":
            yield found["name"]


def _response_headers(contract: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headers of all responses."""
    for item in contract["paths"].values():
        for operation in _operations(item):
            for response in operation["responses"].values():
                yield from _followed(contract, response).get("headers", ())


def _parameters(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for holder in (item, *_operations(item)):
        yield from holder.get("parameters", ())


def _operations(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in item.values() if isinstance(each, dict) and "responses" in each)


def _followed(contract: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a component in place of a reference to it."""
    while "$ref" in node:
        *_, kind, name = node["$ref"].split("/")
        node = contract["components"][kind][name]
    return node
