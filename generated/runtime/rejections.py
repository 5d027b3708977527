# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Requests that violate the contract, and the errors in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

_LONGEST = 500  # characters of a pointer

Location = Literal["body", "query", "path", "header", "cookie"]


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """An error in a request, with its place: a JSON Pointer (RFC 6901) into a part of the request.

    `code` is stable and for programs, `detail` is for people, and `limits` has what the contract
    says there.
    """

    location: Location
    pointer: str
    code: str
    detail: str
    limits: Mapping[str, Any] = field(default_factory=dict)


class RequestRejected(Exception):
    """A request that the contract does not allow; the application decides on the response."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[ErrorDetail] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def malformed(
    detail: str, what: str, *, location: Location = "body", code: str = "malformed"
) -> RequestRejected:
    """Return the rejection (400) of a part of a request that cannot be decoded."""
    return RequestRejected(400, detail, errors=[ErrorDetail(location, "", code, what)])


def escaped(part: str) -> str:
    """Return a name as a token of a JSON Pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def is_writable(pointer: str) -> bool:
    """Return whether a pointer fits into a response: it is not too long, and valid Unicode."""
    is_unicode = pointer.isascii() or not any(
        "\ud800" <= character <= "\udfff" for character in pointer
    )
    return len(pointer) <= _LONGEST and is_unicode


def pointer_of(name: str) -> str:
    """Return the pointer of a parameter or field, or of the whole part if its name does not fit."""
    pointer = f"/{escaped(name)}"
    return pointer if is_writable(pointer) else ""
