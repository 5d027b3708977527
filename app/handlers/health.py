"""Health."""

from threading import Event

from app.caching import NO_STORE
from app.database.db import Database
from app.database.services.health import HealthService
from app.errors import Unavailable
from generated import models
from generated.routers import health as api


class HealthHandlers(api.HealthHandlers):
    """The operations with the tag `health`."""

    def __init__(self, probe: Database, *, ending: Event) -> None:
        self._probe = probe
        self._ending = ending

    async def get_liveness(self) -> api.GetLiveness200:
        return api.GetLiveness200(body=models.Health(status="ok"), cache_control=NO_STORE)

    async def get_readiness(self) -> api.GetReadiness200:
        if self._ending.is_set():
            raise Unavailable("The service is shutting down.")
        await HealthService.check_readiness(self._probe)
        return api.GetReadiness200(body=models.Health(status="ok"), cache_control=NO_STORE)
