"""The health of the database."""

from sqlalchemy import text

from app.database.db import Statement, UnitOfWork
from app.errors import SchemaOutdated

_REVISION = Statement(text("SELECT version_num FROM alembic_version"))


class HealthService:
    """What can be asked about the database."""

    @staticmethod
    async def check_readiness(db: UnitOfWork, *, needed_revision: str) -> None:
        """Return when the database answers and has the needed migration or a later one.

        Revisions are times, so they compare as text. Raises `SchemaOutdated`.
        """
        row = await db.first(_REVISION)
        if row is None or row["version_num"] < needed_revision:
            raise SchemaOutdated
