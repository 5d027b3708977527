"""Paths as they are sent: an encoded slash is data and separates nothing (RFC 3986, section 2.2).

In a decoded path the two look the same. So paths are matched encoded, and values are decoded one by
one.
"""

import re
from collections.abc import Mapping
from string import ascii_letters, digits
from urllib.parse import quote, unquote, unquote_to_bytes

from starlette.types import Scope

_UNRESERVED = frozenset(ascii_letters + digits + "-._~")  # RFC 3986, section 2.3
_DELIMITERS = "!$&'()*+,;=:@"  # also allowed in a path segment (RFC 3986, section 3.3)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_PARAMETER = re.compile(r"\{(.+?)\}")
_PERCENT_ALONE = re.compile("%(?![0-9A-Fa-f]{2})")


def route_path(scope: Scope) -> str:
    """Return the path of a request below its root path, normalized (RFC 3986, section 6.2.2).

    It is still encoded. ASGI servers may leave out `raw_path`; then every slash of `path`
    separates, even if it was sent encoded.
    """
    raw: bytes | None = scope.get("raw_path")
    path = (
        raw.decode("latin-1")
        if raw
        else quote(scope["path"], safe=f"/{_DELIMITERS}", errors="surrogatepass")
    )
    if "%" in path:
        path = _ESCAPE.sub(_normalized, path)
    root: str = scope.get("root_path", "")
    return _below(root, path, scope["path"]) if root else path


def _normalized(escape: re.Match[str]) -> str:
    """Decode unreserved characters, and write other escapes in upper case."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _below(root: str, path: str, decoded: str) -> str:
    """Return the path below the root path.

    Servers give the root path as configured, mounts give it decoded. A path that is not below it
    has been cut already. If it only seems to be below it because of an encoded slash, the result is
    empty, which matches nothing.
    """
    if path.startswith(root) and path[len(root) :][:1] in ("", "/"):
        return path[len(root) :]
    parts, depth = path.split("/"), root.count("/") + 1
    if unquote("/".join(parts[:depth])) in (root, unquote(root)):
        return "".join(f"/{part}" for part in parts[depth:])
    return "" if decoded.startswith(root) else path


def has_one_spelling(template: str) -> bool:
    """Return whether a template has no parameters, and only characters with no other encoding."""
    return _UNRESERVED.issuperset(template.replace("/", ""))


def pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of a template's normalized paths, with an encoded group for each `{}`."""
    return re.compile("/".join(map(_part, template.split("/"))))


def _part(part: str) -> str:
    """Return the pattern of a segment; beside parameters an encoded delimiter is data of one."""
    data = _DELIMITERS if "{}" in part else ""
    texts = [unquote(text) for text in part.split("{}")]
    return "([^/]+)".join(
        "".join(re.escape(each) if each in data else _spellings(each) for each in text)
        for text in texts
    )


def _spellings(character: str) -> str:
    """Return the pattern of a character of a template; also encoded if that means the same."""
    if character in _UNRESERVED:
        return re.escape(character)
    encoded = quote(character, safe="")
    return (
        f"(?:{re.escape(character)}|{encoded})"
        if character.isascii() and character not in "/%"
        else encoded
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return the path of a template with these values, each percent-encoded as a whole."""
    texts = _PARAMETER.split(template)
    texts[::2] = [quote(text, safe=f"/%{_DELIMITERS}") for text in texts[::2]]
    texts[1::2] = [quote(values[name], safe="") for name in texts[1::2]]
    return "".join(texts)


def percent_decoded(text: str) -> str:
    """Decode a value of a path, once. Raises `ValueError` for what is not percent-encoded UTF-8.

    A percent sign without two hexadecimal digits is an error: as data it would be `%25` (RFC 3986,
    section 2.4).
    """
    if "%" not in text and text.isascii():
        return text
    if _PERCENT_ALONE.search(text):
        raise ValueError("a percent sign that begins no escape")
    return unquote_to_bytes(text.encode("ascii")).decode("utf-8")
