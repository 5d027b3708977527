"""The embedded PostgreSQL of the default set-up: nothing else of `app` needs to know how it works."""

from app.database.embedded.server import DataFolderInUse, EmbeddedPostgres, EmbeddedPostgresError

__all__ = ["DataFolderInUse", "EmbeddedPostgres", "EmbeddedPostgresError"]
