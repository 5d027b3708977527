# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Health checks for load balancers and process managers.

The responses of the operations with this tag, the interface for their handlers, and their routing.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from .. import models
from ..responses import (
    BadRequestResponse,
    ServiceUnavailableResponse,
)
from ..runtime.handlers import Handlers
from ..runtime.responses import ApiResponse
from ..runtime.routing import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class GetLiveness200(ApiResponse):
    """The process is up."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "cache_control": "Cache-Control",
    }

    body: models.Health
    cache_control: Literal["no-store"]
    """Keeps the response out of every cache (RFC 9111, section 5.2.2.5)."""


GetLivenessResponse: TypeAlias = GetLiveness200 | BadRequestResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReadiness200(ApiResponse):
    """The service is ready."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"
    header_names: ClassVar[Mapping[str, str]] = {
        "cache_control": "Cache-Control",
    }

    body: models.Health
    cache_control: Literal["no-store"]
    """Keeps the response out of every cache (RFC 9111, section 5.2.2.5)."""


GetReadinessResponse: TypeAlias = GetReadiness200 | BadRequestResponse | ServiceUnavailableResponse


class HealthHandlers(Handlers):
    """The operations with the tag `health`; the application implements every one."""

    @abstractmethod
    async def get_liveness(self) -> GetLivenessResponse:
        """Check that the process is up (`GET /livez`).

        Responds as long as the process serves requests. Does not use the database.
        """

    @abstractmethod
    async def get_readiness(self) -> GetReadinessResponse:
        """Check that the service is ready (`GET /readyz`).

        Responds with 200 if the database is reachable, accepts writes, and has the schema version
        that this build needs or a later one. Otherwise, and while the service shuts down, responds
        with 503. Either takes at most a second.
        """


def health_operations(handlers: HealthHandlers) -> list[Operation]:
    """Bind the operations with the tag `health` to their handlers."""
    return [
        Operation(
            "GET",
            "/livez",
            handlers.get_liveness,
            security=[],
            responses=GetLivenessResponse,
        ),
        Operation(
            "GET",
            "/readyz",
            handlers.get_readiness,
            security=[],
            responses=GetReadinessResponse,
        ),
    ]
