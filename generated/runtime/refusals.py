# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""What the contract does not allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

Location = Literal["body", "query", "path", "header", "cookie"]


@dataclass(frozen=True, slots=True)
class ErrorAt:
    """One thing that is wrong with a request, and where: a JSON Pointer (RFC 6901) into one of its parts."""

    location: Location
    pointer: str
    detail: str


class Refusal(Exception):
    """A request that the contract does not allow. The application decides what the answer looks like."""

    def __init__(
        self, status: int, detail: str, *, errors: Iterable[ErrorAt] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


_TOO_MANY = 1000  # nobody reads them, and to tell each would keep the service from other requests for seconds


def validated(adapter: TypeAdapter[Any], value: object, location: Location, root: str, errors: list[ErrorAt]) -> object:
    try:
        return adapter.validate_python(value, by_alias=True, by_name=False)
    except ValidationError as error:
        if (count := error.error_count()) > _TOO_MANY:
            errors.append(ErrorAt(location, root, f"{count} places do not fit"))
            return None
        details = error.errors(include_url=False, include_context=False, include_input=False)
        errors.extend(ErrorAt(location, root + _pointer(each["loc"]), each["msg"]) for each in details[:100])
        return None


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{escaped(str(part))}" for part in path)


def escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
