# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Conditional requests (RFC 9110, section 13): what `If-Match` and `If-None-Match` ask for.

A handler gets `If-Match` as an argument, because only it can compare and write in one step.
`If-None-Match` is answered here, by comparison with the `etag` of the response to a GET.
"""

import re
from dataclasses import dataclass

from starlette.types import Scope

from .rejections import ErrorDetail, RequestRejected

# RFC 9110, section 8.8.3. `W/` is case-sensitive, and a comma between the quotes is part of a tag.
_TAG = re.compile(r'(W/)?("[!#-~\x80-\xff]*")')
# A list may have empty elements (RFC 9110, section 5.6.1). No two parts can match the same text.
_LIST = re.compile(
    r"[\t ,]*+(?:TAG[\t ]*+(?:,[\t ,]*+TAG[\t ]*+)*+(?:,[\t ,]*+)?)?".replace(
        "TAG", r'(?:W/)?"[!#-~\x80-\xff]*+"'
    )
)
_SPACE = " \t"


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The condition of an `If-Match`: write only what still has one of these entity tags."""

    tags: frozenset[str] = frozenset()
    """The strong entity tags, with their quotes. Weak ones never match, so they are left out."""
    is_any: bool = False
    """Whether it is `*`, which matches whatever exists."""

    def matches(self, etag: str | None) -> bool:
        """Tell whether the current entity tag of what exists is one of them, compared strongly."""
        return self.is_any or etag in self.tags


def if_match(scope: Scope, *, required: bool) -> IfMatch | None:
    """Return the condition of a request, or None if it has none.

    Raises `RequestRejected`: 428 (RFC 6585, section 3) if it is missing and required, 400 if it is
    malformed.
    """
    text = _field(scope, b"if-match")
    if text is None:
        if required:
            raise RequestRejected(
                428, "Send If-Match with the ETag of what you change, or * to change it anyway."
            )
        return None
    if text == "*":
        return IfMatch(is_any=True)
    tags = _tags(text)
    if tags is None:
        what = "Not entity tags, separated by commas"
        raise RequestRejected(
            400,
            "If-Match is neither a list of entity tags nor *.",
            errors=[ErrorDetail("header", "/If-Match", "malformed", what)],
        )
    return IfMatch(frozenset(tag for weak, tag in tags if not weak))


def is_not_modified(scope: Scope, etag: str) -> bool:
    """Tell whether an `If-None-Match` names the entity tag of a response, compared weakly.

    `*` names any. A malformed value names nothing.
    """
    text = _field(scope, b"if-none-match")
    if text is None:
        return False
    if text == "*":
        return True
    return any(tag == etag.removeprefix("W/") for _, tag in _tags(text) or ())


def _field(scope: Scope, name: bytes) -> str | None:
    """Return the value of a header; several lines are one list (RFC 9110, section 5.3)."""
    values = [value for field, value in scope["headers"] if field == name]
    return b", ".join(values).decode("latin-1").strip(_SPACE) if values else None


def _tags(text: str) -> list[tuple[str, str]] | None:
    """Return the entity tags in a list, each as `W/` or "" and the quoted part.

    None if it is malformed.
    """
    return _TAG.findall(text) if _LIST.fullmatch(text) else None
