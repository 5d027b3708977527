"""Content that stays as it is while the process runs: validated by entity tags, compressed once, safe in a browser."""

import gzip
import re
from hashlib import sha256
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

# The addresses have no version in them, so browsers ask each time whether something is new: a 304 without a body.
_CACHE = "public, max-age=0, must-revalidate"

# Nothing comes from elsewhere, nothing inline runs, no other site shows it in a frame. Swagger UI's icons are `data:`.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


class _Representation(NamedTuple):
    body: bytes
    etag: str
    encoding: dict[str, str]


class Content:
    """Bytes of a media type, as they are and with gzip, to answer GET and HEAD with.

    Ranges are not supported: a request for one gets the whole (RFC 9110, section 14.2).
    """

    def __init__(self, body: bytes, media_type: str, *, vary: str = "Accept-Encoding") -> None:
        digest = sha256(body).hexdigest()[:32]
        compressed = gzip.compress(body, 6, mtime=0)  # level 9 takes a quarter more time for half a percent
        self._identity = _Representation(body, f'"{digest}"', {})
        self._gzip = _Representation(compressed, f'"{digest}-gzip"', {"Content-Encoding": "gzip"})
        self._media_type = media_type
        self._headers = {
            "Cache-Control": _CACHE,
            "Vary": vary,
            "Content-Security-Policy": _POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def answer(self, request: Request) -> Response:
        """Return the response to a request: 304 where the client has this content already."""
        chosen = self._gzip if _prefers_gzip(request) else self._identity
        headers = {**self._headers, "ETag": chosen.etag}
        if _is_cached(request, chosen.etag):
            return Response(status_code=304, headers=headers)
        headers |= {"Content-Type": self._media_type, **chosen.encoding, "Content-Length": str(len(chosen.body))}
        return Response(b"" if request.method == "HEAD" else chosen.body, headers=headers)


def _is_cached(request: Request, etag: str) -> bool:
    """Tell whether `If-None-Match` names an entity tag, by weak comparison (RFC 9110, section 13.1.2)."""
    known = ", ".join(request.headers.getlist("if-none-match"))
    return known.strip() == "*" or etag in _ENTITY_TAG.findall(known)


def _prefers_gzip(request: Request) -> bool:
    """Tell whether `Accept-Encoding` has gzip, and not behind no coding at all (RFC 9110, section 12.5.3)."""
    weights = weights_of(request, "accept-encoding")
    weight = weights.get("gzip", weights.get("*", 0.0))
    return weight > 0 and weight >= weights.get("identity", 0.0)


def weights_of(request: Request, header: str) -> dict[str, float]:
    """Return the weights of the choices in an `Accept` header (RFC 9110, section 12.4.2); a malformed one is 0."""
    weights = {}
    for choice in ",".join(request.headers.getlist(header)).lower().split(","):
        name, *parameters = [part.strip() for part in choice.split(";")]
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        weights[name] = float(weight) if _WEIGHT.fullmatch(weight) else 0.0
    return weights
