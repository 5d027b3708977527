"""The database is gone, hangs, or is unusable: 503 in bounded time, and no restart afterwards."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import psutil
import pytest

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from specfirst.conformance.samples import samples
from tests.conftest import EMPTY, migrate_for_tests, run_sql, running_service
from tests.contract.factories import article, author
from tests.problems import CONTRACT, problem
from tests.tokens import ADMIN

PATCH = {"Content-Type": "application/merge-patch+json"}
OTHERS = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
# waits for the end
TERMINATE = f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {OTHERS}"
WHO_WAITS = f"SELECT FROM pg_stat_activity WHERE {OTHERS} AND wait_event_type = 'Lock'"
APP_ROLE = "DO 'BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN END'"
READ_WRITE = (
    "SET transaction_read_only = off; ALTER DATABASE blog RESET default_transaction_read_only"
)


class Fragile:
    """A PostgreSQL that goes and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedPostgres(folder / "data")
        self._address = folder / "a"  # a link: each start has a new folder for the socket
        self.url = f"postgresql+asyncpg://blog@/blog?host={quote(str(self._address))}"

    def start(self) -> None:
        self._server.start()
        self._address.unlink(missing_ok=True)
        self._address.symlink_to(self._server.url.partition("host=")[2])

    def stop(self) -> None:
        self._server.stop()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody listens."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """New connections are accepted and never answered, and there are no old ones."""
        self.run(TERMINATE)
        os.kill(self._server.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._server.pid, signal.SIGCONT)

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Another client holds the strongest lock on a table."""
        with asyncio.Runner() as runner:
            connection = runner.run(asyncpg.connect(self.url.replace("+asyncpg", "")))
            try:
                runner.run(connection.execute(f"BEGIN; LOCK TABLE {table}"))
                yield
            finally:
                runner.run(connection.close())

    def processes(self) -> list[psutil.Process]:
        """Return all processes of the server."""
        server = psutil.Process(self._server.pid)
        return [server, *server.children()]

    def run(self, statement: str) -> str:
        return asyncio.run(run_sql(self.url, statement))


@pytest.fixture(scope="module")
def fragile() -> Iterator[Fragile]:
    """A PostgreSQL that the tests may break."""
    with tempfile.TemporaryDirectory(prefix="blog-outage-") as folder:
        os.chmod(folder, 0o755)  # as root: PostgreSQL runs as nobody, who shall find its data here
        server = Fragile(Path(folder))
        server.start()
        migrate_for_tests(server.url)
        yield server
        server.stop()


@contextmanager
def serving(url: str, *, pool_size: int = 2, timeout: float = 0.5) -> Iterator[httpx.Client]:
    """Run a service that soon gives up waiting for a connection; a hanging request fails."""
    running = running_service(
        BLOG_DATABASE_URL=url,
        BLOG_DATABASE_POOL_SIZE=str(pool_size),
        BLOG_DATABASE_TIMEOUT=str(timeout),
        BLOG_DATABASE_WAIT="0.5",
    )
    with running as service, httpx.Client(base_url=service, headers=ADMIN, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def impatient(fragile: Fragile) -> Iterator[httpx.Client]:
    """A client of a service that soon gives up waiting for anything."""
    with serving(fragile.url) as client:
        yield client


@pytest.fixture
def stored(fragile: Fragile, impatient: httpx.Client) -> str:
    """The path of an article, the only one."""
    fragile.run(EMPTY)
    impatient.post("/authors", json=author()).raise_for_status()
    return (
        impatient.post("/articles", json=article(author_id=1))
        .raise_for_status()
        .headers["Location"]
    )


def requests(client: httpx.Client, path: str) -> list[httpx.Response]:
    """Send one request of each kind that needs the database."""
    return [
        client.get("/authors"),
        client.get("/authors?sort=last_name&limit=1"),
        client.get(path),
        client.head(path),
        client.post("/authors", json=author()),
        client.post("/articles", json=article(author_id=1)),
        client.patch(path, json={}, headers=PATCH),
        client.patch(path, json={"title": "New"}, headers=PATCH),
        client.delete("/authors/1?cascade=true"),
        client.delete(path),
        client.get("/readyz"),
    ]


def unavailable(answer: httpx.Response) -> None:
    """Check that the response is a 503 that says when to retry, and hides the inside."""
    assert int(answer.headers["Retry-After"]) >= 1
    if answer.request.method == "HEAD":
        assert answer.status_code == 503
    else:
        assert problem(answer, 503)["type"] == "/problems/service-unavailable"


def test_database_that_is_down_gives_503_and_its_return_needs_no_restart(
    fragile: Fragile, impatient: httpx.Client, stored: str
) -> None:
    with fragile.down():
        for answer in [*requests(impatient, stored), *requests(impatient, stored)]:
            unavailable(answer)
        assert impatient.get("/livez").status_code == 200
        assert impatient.get("/authors/0").status_code == 404
        assert impatient.post("/authors", json={}).status_code == 422

    assert [impatient.get(stored).status_code for _ in range(5)] == [200] * 5
    assert [answer.status_code for answer in requests(impatient, stored)] == [
        *(200, 200, 200, 200, 201, 201, 200, 200, 204, 404, 200),
    ]


def test_only_operations_that_say_so_need_the_database(
    fragile: Fragile, impatient: httpx.Client
) -> None:
    requests = samples(CONTRACT)

    with fragile.down():
        answers = {sample.name: sample.send(impatient).status_code == 503 for sample in requests}

    assert answers == {sample.name: "503" in sample.statuses for sample in requests}


def test_restart_between_two_requests_is_not_noticed(
    fragile: Fragile, impatient: httpx.Client, stored: str
) -> None:
    with fragile.down():
        pass

    assert [impatient.get(stored).status_code for _ in range(5)] == [200] * 5


def test_service_starts_without_its_database_and_works_when_it_is_there(fragile: Fragile) -> None:
    with ExitStack() as stack:
        with fragile.down():
            client = stack.enter_context(serving(fragile.url))
            unavailable(client.get("/readyz"))
            assert client.get("/livez").status_code == 200

        assert client.get("/readyz").status_code == 200
        assert client.get("/authors").status_code == 200


def test_database_that_accepts_connections_and_says_nothing_gives_503(
    fragile: Fragile, impatient: httpx.Client, stored: str
) -> None:
    with fragile.frozen():
        unavailable(impatient.get(stored))
        unavailable(impatient.post("/authors", json=author()))
        unavailable(impatient.get("/readyz"))
        assert impatient.get("/livez").status_code == 200

    assert [impatient.get(stored).status_code for _ in range(5)] == [200] * 5


def test_lock_that_is_held_gives_503_and_its_release_needs_no_restart(
    fragile: Fragile, impatient: httpx.Client, stored: str
) -> None:
    before = impatient.get(stored).json()

    with fragile.locked("articles"):
        unavailable(impatient.get("/articles"))
        unavailable(impatient.post("/articles", json=article(author_id=1)))
        unavailable(impatient.patch(stored, json={"title": "New"}, headers=PATCH))
        unavailable(impatient.delete(stored))
        unavailable(impatient.delete("/authors/1?cascade=true"))
        assert impatient.get("/authors").status_code == 200

    assert impatient.get("/articles").json()["items"] == [before]


def test_pool_that_is_used_up_gives_503(fragile: Fragile, stored: str) -> None:
    with serving(fragile.url, pool_size=1, timeout=2) as client:
        with fragile.locked("articles"), ThreadPoolExecutor(10) as threads:
            answers = list(threads.map(client.get, ["/articles"] * 10))

        for answer in answers:
            unavailable(answer)
        assert client.get(stored).status_code == 200


def test_backends_that_are_terminated_while_idle_are_not_noticed(
    fragile: Fragile, impatient: httpx.Client, stored: str
) -> None:
    for _ in range(5):
        fragile.run(TERMINATE)

        assert impatient.patch(stored, json={"title": "New"}, headers=PATCH).status_code == 200
        assert impatient.get(stored).status_code == 200


def test_backend_that_is_terminated_at_work_gives_503(fragile: Fragile, stored: str) -> None:
    with serving(fragile.url, timeout=20) as client, ThreadPoolExecutor() as threads:
        with fragile.locked("articles"):
            answer = threads.submit(client.delete, stored)
            while (
                fragile.run(f"{TERMINATE} AND wait_event_type = 'Lock'") == "SELECT 0"
                and not answer.done()
            ):
                pass
            unavailable(answer.result())

        assert client.get(stored).status_code == 200


def test_database_that_is_read_only_gives_503_to_writes_and_readiness(
    fragile: Fragile, stored: str
) -> None:
    fragile.run("ALTER DATABASE blog SET default_transaction_read_only = on")
    try:
        with serving(fragile.url) as client:
            unavailable(client.post("/authors", json=author()))
            unavailable(client.patch(stored, json={"title": "New"}, headers=PATCH))
            unavailable(client.delete(stored))
            assert client.get(stored).status_code == 200
            unavailable(client.get("/readyz"))

            fragile.run(READ_WRITE)

            assert client.get("/readyz").status_code == 200
            for _ in range(3):  # one for each connection: none stays read-only
                client.post("/authors", json=author())
            assert client.post("/authors", json=author()).status_code == 201
    finally:
        fragile.run(READ_WRITE)


def test_requests_that_wait_for_a_lock_do_not_touch_readiness(
    fragile: Fragile, stored: str
) -> None:
    with serving(fragile.url, pool_size=1, timeout=20) as client, ThreadPoolExecutor(10) as threads:
        with fragile.locked("articles"):
            waiting = [threads.submit(client.get, stored) for _ in range(10)]
            while fragile.run(WHO_WAITS) == "SELECT 0":
                pass
            assert client.get("/readyz").status_code == 200

        assert {answer.result().status_code for answer in waiting} <= {200, 503}


def test_readiness_answers_within_a_second_whatever_the_database_does(
    fragile: Fragile, impatient: httpx.Client
) -> None:
    assert impatient.get("/readyz").status_code == 200

    processes = fragile.processes()
    for process in processes:
        process.suspend()
    try:
        for _ in range(3):
            # and not for the 20 seconds of other requests
            answer = impatient.get("/readyz", timeout=1.5)
            unavailable(answer)
    finally:
        for process in processes:
            process.resume()

    assert impatient.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("shut", "reopen"),
    [
        ("ALTER ROLE app NOLOGIN", "ALTER ROLE app LOGIN"),
        ("ALTER ROLE app CONNECTION LIMIT 0", "ALTER ROLE app CONNECTION LIMIT -1"),
        (
            "ALTER DATABASE blog ALLOW_CONNECTIONS false",
            "ALTER DATABASE blog ALLOW_CONNECTIONS true",
        ),
        ("ALTER DATABASE blog CONNECTION LIMIT 0", "ALTER DATABASE blog CONNECTION LIMIT -1"),
        ("ALTER DATABASE blog RENAME TO other", "ALTER DATABASE other RENAME TO blog"),
    ],
)
def test_database_that_lets_nobody_in_gives_503_and_is_used_again_when_it_does(
    fragile: Fragile, stored: str, shut: str, reopen: str
) -> None:
    fragile.run(f"{APP_ROLE}; GRANT ALL ON ALL TABLES IN SCHEMA public TO app")
    with serving(fragile.url.replace("blog@", "app@")) as client:
        assert client.get(stored).status_code == 200
        elsewhere = fragile.url.replace("/blog?", "/postgres?")
        asyncio.run(run_sql(elsewhere, TERMINATE))
        asyncio.run(run_sql(elsewhere, shut))
        try:
            asyncio.run(run_sql(elsewhere, TERMINATE))
            for answer in [*requests(client, stored), client.get("/readyz")]:
                unavailable(answer)
        finally:
            asyncio.run(run_sql(elsewhere, reopen))

        assert client.get("/readyz").status_code == 200
        assert client.get(stored).status_code == 200


@pytest.mark.parametrize(
    ("version", "ready"), [("00010101000000", False), ("99991231235959", True)]
)
def test_readiness_wants_the_migration_of_this_build_or_a_later_one(
    fragile: Fragile, impatient: httpx.Client, version: str, ready: bool
) -> None:
    assert impatient.get("/readyz").status_code == 200

    fragile.run(f"UPDATE alembic_version SET version_num = '{version}'")
    try:
        answer = impatient.get("/readyz")
    finally:
        fragile.run(f"UPDATE alembic_version SET version_num = '{migrate.head_revision()}'")

    if ready:
        assert answer.status_code == 200
    else:
        unavailable(answer)


def test_database_that_is_migrated_back_gives_503_until_it_is_migrated_again(
    fragile: Fragile, impatient: httpx.Client
) -> None:
    migrate.downgrade(fragile.url, revision="base")
    try:
        for answer in (
            impatient.get("/readyz"),
            impatient.get("/authors"),
            impatient.post("/authors", json=author()),
        ):
            unavailable(answer)
    finally:
        migrate_for_tests(fragile.url)

    assert impatient.get("/readyz").status_code == 200
    assert impatient.get("/authors").status_code == 200


def test_database_without_any_migration_is_not_ready(fragile: Fragile) -> None:
    fragile.run("CREATE DATABASE empty")

    with serving(fragile.url.replace("/blog?", "/empty?")) as client:
        unavailable(client.get("/readyz"))
        assert "lacks migrations" in client.get("/authors").json()["detail"]
        assert client.get("/livez").status_code == 200
