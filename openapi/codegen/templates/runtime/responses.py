"""What operations answer."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic_core import to_json
from starlette.responses import Response


class ApiResponse:
    """What an operation answers: one subclass for each documented status, its headers as fields.

    The status is a field `status_code` where the contract has a range, the media type a field `media_type` where it has
    several.
    """

    __slots__ = ()

    status: ClassVar[int] = 0
    statuses: ClassVar[tuple[int, int] | None] = None
    media_type: ClassVar[str | None] = None
    header_names: ClassVar[Mapping[str, str]] = {}

    def render(self) -> Response:
        """Return the response as the bytes that leave the service. Raises `ValueError` for a status out of range."""
        response = Response(status_code=self._status(), headers=self._headers())
        if self.media_type is not None:
            response.body = _encoded(getattr(self, "body"), self.media_type)  # noqa: B009 - only subclasses have one
            response.headers["content-type"] = self.media_type
            response.headers["content-length"] = str(len(response.body))
        return response

    def _status(self) -> int:
        if self.statuses is None:
            return self.status
        status: int = getattr(self, "status_code")  # noqa: B009 - only subclasses have one
        if not self.statuses[0] <= status <= self.statuses[1]:
            raise ValueError(f"{type(self).__name__}: the contract has no status {status} here")
        return status

    def _headers(self) -> dict[str, str]:
        values = ((name, getattr(self, field)) for field, name in self.header_names.items())
        return {name: _header_text(value) for name, value in values if value is not None}


def _encoded(body: object, media_type: str) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str) and "json" not in media_type:
        return body.encode()
    return to_json(body, by_alias=True)


def _header_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_header_text, value))
    return to_json(value).decode().strip('"')
