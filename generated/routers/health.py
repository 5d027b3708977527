# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""For load balancers and process managers.

What the operations with this tag answer, the interface that the handlers implement, and their routing.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

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

    body: models.Health


GetLivenessResponse: TypeAlias = GetLiveness200 | BadRequestResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReadiness200(ApiResponse):
    """The service can work."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"

    body: models.Health


GetReadinessResponse: TypeAlias = GetReadiness200 | BadRequestResponse | ServiceUnavailableResponse


class HealthHandlers(Handlers):
    """The operations with the tag `health`; the application implements every one."""

    @abstractmethod
    async def get_liveness(self) -> GetLivenessResponse:
        """Tell whether the process is up (`GET /livez`).

        Answers as long as the process serves requests at all; touches no database.
        """

    @abstractmethod
    async def get_readiness(self) -> GetReadinessResponse:
        """Tell whether the service can work (`GET /readyz`).

        Answers 200 when the database answers, takes writes, and has the schema that this build was made for, or a
        later one; 503 otherwise. Either comes within a second.
        """


def build_health_router(handlers: HealthHandlers) -> list[Operation]:
    """Bind the operations with the tag `health` to their handlers."""
    return [
        Operation(
            "GET",
            "/livez",
            handlers.get_liveness,
            responses=GetLivenessResponse,
        ),
        Operation(
            "GET",
            "/readyz",
            handlers.get_readiness,
            responses=GetReadinessResponse,
        ),
    ]
