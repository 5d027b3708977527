"""The embedded PostgreSQL that `make run` starts when no other database is configured.

- `server`: the server and its supervisor.
- `cluster`: the data directory.
- `processes`: starting, finding and ending PostgreSQL's processes.
- `accounts`: the system account that runs them.
"""

from app.database.embedded.server import (
    DataFolderInUse,
    EmbeddedPostgres,
    EmbeddedPostgresError,
    running_url,
)

__all__ = ["DataFolderInUse", "EmbeddedPostgres", "EmbeddedPostgresError", "running_url"]
