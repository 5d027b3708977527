"""What the tests share: a PostgreSQL of their own, migrated once, and a running service."""

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import StringIO
from pathlib import Path

import asyncpg
import httpx
import pytest

from app import logs
from app.database import migrate
from app.database.db import Database
from app.database.embedded import EmbeddedPostgres
from app.database.models import Base
from specfirst.conformance.recorder import RECORD
from tests import service_logs
from tests.tokens import ADMIN, ANY_VERSION, KEY, STORE_ADMIN

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory: a cluster is made and removed there in a tenth of the time."""

pytest_plugins = [
    "tests.service_logs",
    "tests.self_tests",
    "tests.contract.reporting",
    "tests.reliability.reporting",
    "specfirst.conformance.pytest_plugin",
]

ROOT = Path(__file__).resolve().parents[1]

EMPTY = f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY; {STORE_ADMIN}"
"""The SQL that removes all rows of all tables but the admin's token; ids begin at 1 again."""

UNREACHABLE = "1000000000"
"""A budget of requests that no test uses up."""


def without_settings(project: Path = ROOT) -> dict[str, str]:
    """Return the environment without settings, except for the key of the tests' tokens, budgets
    that they do not use up, and an end without a delay; the service ignores the project's `.env`
    too.

    What runs in it has `specfirst` from the folder of this project, which may be a copy, and not
    from the one that the interpreter was installed for.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.upper().startswith("BLOG_")
    }
    return environment | {
        "BLOG_ENV_FILE": os.devnull,
        "BLOG_TOKEN_KEY": KEY,
        "BLOG_TOKEN_BUDGET": UNREACHABLE,
        "BLOG_ADDRESS_BUDGET": UNREACHABLE,
        "BLOG_SHUTDOWN_DELAY": "0",
        "PYTHONPATH": str(project / "openapi"),
    }


TIME_ZONE = "<+1345>-13:45"
"""The time zone of the tests and of what they start: local time taken for UTC is far off."""

_environment = without_settings() | {"TZ": TIME_ZONE}
os.environ.clear()  # tests do not depend on the settings of the person who runs them
os.environ.update(_environment)
time.tzset()


@pytest.hookimpl(tryfirst=True)  # before tests are selected by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count tests of the gates themselves as slow, and give slow tests more time."""
    for item in items:
        if item.get_closest_marker("self_test_of"):
            item.add_marker("slow")
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(900))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Skip the import of Hypothesis for its plugin's summary, most of a second, if unused."""
    if "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The embedded PostgreSQL, on a data folder of this test run, migrated to head."""
    with tempfile.TemporaryDirectory(prefix="blog-tests-", dir=fast_folder()) as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        data = Path(folder) / "data"
        _copy_migrated_data(data)
        with EmbeddedPostgres(data) as server:
            asyncio.run(run_sql(server.url, STORE_ADMIN))
            yield server


def migrate_for_tests(url: str) -> None:
    """Migrate a database of its own, and store the token of the tests' clients in it."""
    migrate.upgrade(url)
    asyncio.run(run_sql(url, STORE_ADMIN))


def _copy_migrated_data(data: Path) -> None:
    """Copy the data folder of a migrated database from an earlier run: it saves 1.5 seconds."""
    sources = [*(ROOT / "migrations").rglob("*.py"), *(ROOT / "app/database/embedded").glob("*.py")]
    content = b"".join(
        path.read_bytes() for path in [*sorted(sources), ROOT / "requirements/run.txt"]
    )
    kept = ROOT / "build" / "clusters" / f"{os.geteuid()}-{sha256(content).hexdigest()[:16]}"
    if kept.exists():
        subprocess.run(["cp", "-a", kept, data], check=True)
        return
    with EmbeddedPostgres(data) as server:
        migrate.upgrade(server.url)
    if not (data / "postgres").is_symlink():  # else the cluster is elsewhere
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            subprocess.run(["cp", "-a", data, folder], check=True)
            with suppress(OSError):  # another run was faster
                (Path(folder) / data.name).rename(kept)


def fast_folder() -> Path | None:
    """Return the folder for short-lived clusters: in memory, or None if that has no room."""
    try:
        status = os.statvfs(MEMORY)
    except OSError:
        return None
    roomy = status.f_bavail * status.f_frsize > 2 * 2**30
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> str:
    """A migrated database without rows."""
    asyncio.run(run_sql(postgres.url, EMPTY))
    return postgres.url


async def run_sql(url: str, statement: str) -> str:
    """Run one statement on a connection of its own; return its status."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return str(await connection.execute(statement))
    finally:
        await connection.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database without rows, for services without HTTP."""
    async with Database(database_url, pool_size=5, timeout=10, wait=5) as database:
        yield database


@contextmanager
def running_service(
    folder: Path = ROOT, *, command: str = "serve", log_file: Path | None = None, **environment: str
) -> Iterator[str]:
    """Run `python -m app serve` of the project in `folder` on a free port; yield its base URL.

    Its log goes to `log_file`, where one is given; a failing test shows what it says. What the
    service answers is held against the contract; a changed copy of the project has another
    contract. `command` may be `mock`, whose answers count for nothing.
    """
    program = "tests.contract.recorder" if folder == ROOT and RECORD in os.environ else "app"
    settings = (
        without_settings(folder) | {"BLOG_PORT": "0", "BLOG_LOG_FORMAT": "json"} | environment
    )
    with service_logs.log_file(log_file).open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", program, command],
            cwd=folder,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            output = process.stdout.readline()
            found = re.match(r"API +(\S+)", output)
            if found is None:
                log.seek(0)
                pytest.fail(f"the service did not start:\n{log.read().decode()}")
            with httpx.Client(
                base_url=found[1], transport=httpx.HTTPTransport(retries=10)
            ) as client:
                client.get("/livez").raise_for_status()
            yield found[1]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture(scope="session")
def service(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The base URL of the running service."""
    with running_service(BLOG_DATABASE_URL=postgres.url) as base_url:
        yield base_url


@pytest.fixture
def client(service: str, database_url: str) -> Iterator[httpx.Client]:
    """A client of the running service that may do everything; the database has no rows."""
    # without certificates to load
    with httpx.Client(base_url=service, timeout=30, verify=False, headers=ADMIN) as client:
        yield client


@pytest.fixture
def anonymous(service: str, database_url: str) -> Iterator[httpx.Client]:
    """A client of the running service without a token; the database has no rows."""
    with httpx.Client(base_url=service, timeout=30, verify=False, headers=ANY_VERSION) as client:
        yield client


@pytest.fixture
def captured(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """The log of this process, as in production."""
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setattr("sys.unraisablehook", sys.unraisablehook)
    monkeypatch.setattr("threading.excepthook", threading.excepthook)
    logs.configure("json")
    # the client in this process is no part of the service
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield stream
    logging.captureWarnings(False)
    root.level, root.handlers[:] = before
