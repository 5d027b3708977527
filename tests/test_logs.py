"""What the log says about requests, and what it must not say."""

import asyncio
import gc
import json
import logging
import os
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import String, bindparam, text
from sqlalchemy.exc import DBAPIError

from app import logs
from app.database.db import Database
from app.database.statements import Statement
from app.main import create_app
from app.settings import Settings
from app.writer import LIMIT
from generated import models
from tests.conftest import EMPTY, ROOT, run_sql, running_service, without_settings
from tests.problems import problem
from tests.servers import free_port
from tests.test_hostile import exchange, orderly, request
from tests.tokens import ADMIN, ADMIN_TOKEN
from tests.wire import served

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

MARKER = "s3cret-marker"
ARTICLE = {"title": MARKER, "content": MARKER, "author_id": 2**63 - 1}

Line = dict[str, Any]
Log = Callable[[], str]


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs") / "log"


@pytest.fixture(scope="module")
def logged_service(log_file: Path, postgres: Any) -> Iterator[str]:
    """A service of which the log can be read, on empty tables."""
    asyncio.run(run_sql(postgres.url, EMPTY))
    with running_service(log_file=log_file, BLOG_DATABASE_URL=postgres.url) as service:
        yield service


@pytest.fixture
def log(log_file: Path, logged_service: str) -> Log:
    """Return what was logged since the test began, once the last request has its line."""

    # A line is written right after its answer, so before any later request is served.
    def mark() -> str:
        return httpx.get(f"{logged_service}/livez").headers["X-Request-ID"]

    first = mark()

    def read() -> str:
        last = mark()
        text = log_file.read_text()
        since = text[text.index(first) :].partition("\n")[2]
        return "".join(line for line in since.splitlines(keepends=True) if last not in line)

    return read


def lines(text: str) -> list[Line]:
    return [json.loads(line) for line in text.splitlines()]


def is_now(timestamp: str) -> bool:
    """Tell whether a time, which has to have an offset, is that of this test."""
    return abs(datetime.now(UTC) - datetime.fromisoformat(timestamp)) < timedelta(minutes=5)


def test_request_is_one_line_of_json(logged_service: str, log: Log) -> None:
    answer = httpx.get(f"{logged_service}/authors")

    [line] = lines(log())
    assert (line["method"], line["path"], line["status"]) == ("GET", "/authors", 200)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert is_now(line["timestamp"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/articles", ARTICLE, 404),
        ("POST", "/articles", ARTICLE | {MARKER: 1}, 422),
        ("POST", "/articles", [MARKER], 422),
        ("PUT", "/articles", ARTICLE, 405),
        ("GET", f"/articles?limit={MARKER}", None, 422),
        ("GET", f"/articles?cursor={MARKER}", None, 400),
        ("GET", f"/articles?{MARKER}=1", None, 400),
        ("GET", f"/nowhere?token={MARKER}", None, 404),
    ],
)
def test_log_has_no_bodies_and_no_query_values(
    logged_service: str, log: Log, method: str, path: str, body: object, status: int
) -> None:
    headers = ADMIN | {"Cookie": MARKER, "X-Request-ID": MARKER}

    answer = httpx.request(method, logged_service + path, json=body, headers=headers)

    written = log()
    problem(answer, status)
    assert MARKER not in written
    assert "blog_pat_" not in written
    [line] = lines(written)
    assert (line["path"], line["status"]) == (path.partition("?")[0], status)


def test_log_has_no_token_that_somebody_puts_into_a_path(logged_service: str, log: Log) -> None:
    answer = httpx.get(f"{logged_service}/tokens/{ADMIN_TOKEN}/x")

    written = log()
    problem(answer, 404)
    [line] = lines(written)
    assert line["path"] == "/tokens/blog_pat_..."
    assert ADMIN_TOKEN not in written


@pytest.mark.parametrize(
    "target",
    [
        b"/%0a{%22event%22:%22forged%22}",
        b"/%0d%0aforged",
        b"/%1b[31mred",
        b"/%E2%80%A8forged",
        b"/%C2%9B31m",
        b"/%00",
        b"/%ff",
        b"/authors%2f41",
        b'/"}\\',
    ],
)
def test_path_writes_nothing_into_the_log_but_itself(
    logged_service: str, log: Log, target: bytes
) -> None:
    assert orderly(exchange(logged_service, request(b"GET", target))) == 404

    written = log()
    assert re.fullmatch(r"[ -~]+\n", written)
    [line] = lines(written)
    assert line["path"] == target.decode().replace("\\", "\\\\")


@pytest.mark.parametrize("target", [b"/\x1b[31m", b"/a\nb", b"/\xff", b"/\x00", b"/\x9b31m"])
def test_raw_control_characters_do_not_reach_the_log(
    logged_service: str, log: Log, target: bytes
) -> None:
    orderly(exchange(logged_service, request(b"GET", target)))

    written = log()
    assert re.fullmatch(r"([ -~]+\n)*", written)
    assert all(line["level"] != "error" for line in lines(written))


def test_console_log_is_readable(postgres: Any, tmp_path: Path) -> None:
    with running_service(
        log_file=tmp_path / "log", BLOG_DATABASE_URL=postgres.url, BLOG_LOG_FORMAT="console"
    ) as service:
        answer = httpx.get(f"{service}/nowhere%0a%1b[31m")

    written = (tmp_path / "log").read_text()
    assert re.fullmatch(r"([ -~]+\n)*", written)
    [line] = [line for line in written.splitlines() if answer.headers["X-Request-ID"] in line]
    assert re.search(
        r"Z info +request method=GET path=/nowhere%0a%1b\[31m status=404 ms=[\d.]+ ", line
    )
    assert is_now(line.partition(" ")[0])


def test_log_that_takes_no_more_fails_no_request(postgres: Any) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with (
        running_service(log_file=full, BLOG_DATABASE_URL=postgres.url) as service,
        httpx.Client(base_url=service, headers=ADMIN) as client,
    ):
        answers = [client.get("/authors") for _ in range(200)]

    assert {answer.status_code for answer in answers} == {200}


def pipe() -> tuple[int, int]:
    output, end = os.pipe()
    if sys.platform == "linux":
        fcntl(end, F_SETPIPE_SZ, 4096)
    return output, end


def sockets() -> tuple[int, int]:
    output, end = socket.socketpair()
    return output.detach(), end.detach()


@contextmanager
def logging_to(stderr: int, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the service with its log on a file descriptor, closed here; yield process and URL."""
    settings = without_settings() | {"BLOG_PORT": "0", "BLOG_LOG_FORMAT": "json"} | environment
    command = [sys.executable, "-m", "app", "serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=stderr, text=True
    )
    os.close(stderr)
    with process:
        assert process.stdout is not None
        try:
            found = re.match(r"API +(\S+)", process.stdout.readline())
            assert found is not None
            yield process, found[1]
        finally:
            process.kill()


def read_to_end(output: int) -> str:
    """Return the rest in a pipe, socket or terminal whose other end is closed, and close it."""
    text = b""
    with suppress(OSError):  # the end of a terminal
        while part := os.read(output, 65536):
            text += part
    os.close(output)
    return text.decode().replace("\r\n", "\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ends", "workers"),
    [(pipe, 1), (pipe, 2), (sockets, 1), (os.openpty, 1)],
    ids=["pipe", "workers", "socket", "tty"],
)
def test_log_that_nobody_reads_stops_no_request_and_no_end(
    postgres: Any, ends: Callable[[], tuple[int, int]], workers: int
) -> None:
    output, stderr = ends()

    with logging_to(stderr, BLOG_DATABASE_URL=postgres.url, BLOG_WORKERS=str(workers)) as (
        process,
        base_url,
    ):
        for _ in range(4):
            ask_many(base_url, 500)
        process.terminate()
        status = process.wait(timeout=20)
        text = read_to_end(output)

    assert status == 0
    assert lines(text[: text.rindex("\n")])


def test_log_that_is_read_late_tells_how_many_lines_are_missing(postgres: Any) -> None:
    output, stderr = os.pipe()
    count = LIMIT + 5_000

    with logging_to(stderr, BLOG_DATABASE_URL=postgres.url) as (process, base_url):
        ask_many(base_url, count)
        text = b""
        while b"log lines dropped" not in text:
            text += os.read(output, 65536)
        process.terminate()
        rest = read_to_end(output)

    written = lines(text.decode() + rest)
    asked = [line for line in written if line["event"] == "request"]
    [dropped] = [line for line in written if line["event"] == "log lines dropped"]
    assert dropped["level"] == "warning"
    assert is_now(dropped["timestamp"])
    assert dropped["lines"] > 0
    assert len(asked) + dropped["lines"] == count
    assert written[-1]["event"].startswith("Finished server process")


def ask_many(base_url: str, count: int) -> None:
    """Send so many requests, 100 at a time, on one connection, and read their answers."""
    host, _, port = base_url.removeprefix("http://").partition(":")
    with (
        socket.create_connection((host, int(port)), timeout=60) as connection,
        connection.makefile("rb") as answers,
    ):
        for _ in range(0, count, 100):
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
            for _ in range(100):
                assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
                while answers.readline() != b"\r\n":
                    pass
                answers.read(len(b'{"status":"ok"}'))


def test_closed_stderr_fails_no_request(postgres: Any) -> None:
    command = ["sh", "-c", 'exec "$0" -m app serve 2>&-', sys.executable]
    settings = os.environ | {"BLOG_PORT": "0", "BLOG_DATABASE_URL": postgres.url}

    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.match(r"API +(\S+)", process.stdout.readline())
        assert found is not None
        with httpx.Client(
            base_url=found[1], headers=ADMIN, transport=httpx.HTTPTransport(retries=10)
        ) as client:
            statuses = {client.get("/authors").status_code for _ in range(20)}
        process.terminate()

    assert statuses == {200}
    assert process.returncode == 0


async def get_from_broken_app(
    monkeypatch: pytest.MonkeyPatch, failure: Callable[[], object]
) -> httpx.Response:
    """Answer GET /authors with a handler that does not work."""

    async def list_authors(*_: object, **__: object) -> object:
        return failure()

    monkeypatch.setattr("app.handlers.authors.AuthorsHandlers.list_authors", list_authors)
    # opened by nobody
    app = create_app(Settings(database_url=SecretStr("postgresql+asyncpg://nowhere/nothing")))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        return await client.get("/authors")


def invalid() -> object:
    return models.AuthorCreate.model_validate(
        {"first_name": [MARKER], "last_name": MARKER, MARKER: 1}
    )


def broken() -> object:
    raise RuntimeError(f"what went wrong\n{MARKER}")


@pytest.mark.parametrize("readable", [False, True])
def test_what_libraries_log_stays_on_its_line(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO, readable: bool
) -> None:
    monkeypatch.setattr("sys.stderr", captured)
    logs.configure("console" if readable else "json")
    try:
        raise ValueError(f"half a \ud800 pair\n{MARKER}")
    except ValueError:
        logging.getLogger("library").exception("went wrong: %s", "\ud800\nforged")

    line, *stack = captured.getvalue().splitlines()
    assert MARKER not in captured.getvalue()
    assert re.search(r"went wrong: \\+ud800\\+nforged", line)
    assert re.search(r"ValueError: half a \\+ud800 pair", line)
    assert bool(stack) is readable


def test_who_logs_nonsense_goes_on_and_the_log_says_who(captured: StringIO) -> None:
    [handler] = [
        each for each in logging.getLogger().handlers if type(each).__module__ == "app.logs"
    ]

    handler.handle(logging.makeLogRecord({"name": "library", "msg": "%d", "args": ("no number",)}))

    [line] = lines(captured.getvalue())
    assert (line["event"], line["logger"]) == ("cannot log", "library")
    assert line["error"].startswith("TypeError: %d format")


UNCAUGHT = f"""
import threading, warnings
from app import logs

class Broken:
    def __del__(self):
        fail()

def fail():
    raise RuntimeError("went wrong\\n{MARKER}")

logs.configure("json")
warnings.warn("went wrong", RuntimeWarning)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
del [Broken()][0]
fail()
"""


def test_what_nobody_catches_is_logged_as_all_else() -> None:
    command = [sys.executable, "-c", UNCAUGHT]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 1
    warning, *errors = lines(ended.stderr)
    assert "RuntimeWarning: went wrong" in warning["event"]
    assert [line["event"] for line in errors] == [
        "thread failed",
        "ignored exception",
        "uncaught exception",
    ]
    assert {line["error"] for line in errors} == {"RuntimeError: went wrong"}
    assert all("in fail" in line["stack"] for line in errors)


@pytest.mark.parametrize("failure", [invalid, broken])
async def test_failure_is_a_500_that_tells_nothing_and_a_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO, failure: Callable[[], object]
) -> None:
    answer = await get_from_broken_app(monkeypatch, failure)

    kind = problem(answer, 500)
    assert kind["type"] == "/problems/internal-error"
    assert not re.search(rf"{MARKER}|Error|Traceback|\.py|{failure.__name__}", kind["detail"])
    assert MARKER not in answer.text
    written = captured.getvalue()
    assert MARKER not in written
    [failed, line] = lines(written)
    assert f"in {failure.__name__}" in failed["stack"]
    assert failed["error"].startswith(("ValidationError: 2", "RuntimeError: what went wrong"))
    assert failed["request_id"] == line["request_id"] == kind["request_id"]
    assert (line["path"], line["status"]) == ("/authors", 500)


def test_503_leads_to_its_cause(tmp_path: Path) -> None:
    log = tmp_path / "log"
    nowhere = f"postgresql://blog:s3cret@127.0.0.1:{free_port()}/blog"

    with running_service(log_file=log, BLOG_DATABASE_URL=nowhere) as url:
        answers = [httpx.get(f"{url}{path}") for path in ("/authors", "/readyz")]

    written = lines(log.read_text())
    for answer in answers:
        request_id = problem(answer, 503)["request_id"]
        causes = [line["event"] for line in written if line.get("request_id") == request_id]
        assert causes[0].startswith("database unavailable: ConnectionRefusedError")
        assert causes[-1] == "request"
    [contact, *_] = [line for line in written if line["event"].startswith("database unavailable")]
    assert "request_id" not in contact, "it is tried at the start, by nobody's request"


def test_readiness_that_is_refused_for_its_own_reasons_leads_to_them(
    postgres: Any, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    read_only = f"{postgres.url}&options=-c%20default_transaction_read_only%3Don"

    with running_service(log_file=log, BLOG_DATABASE_URL=read_only) as url:
        request_id = problem(httpx.get(f"{url}/readyz"), 503)["request_id"]

    events = [
        line["event"] for line in lines(log.read_text()) if line.get("request_id") == request_id
    ]
    assert events == ["Unavailable: The database accepts no writes.", "request"]


# --- What is wrong with what the service itself has made ------------------------------------------


def wrong_page() -> object:
    now = datetime.now(UTC)
    row = {"id": 1, "first_name": "Ada", "last_name": MARKER, "created_at": now, "updated_at": now}
    rows = [row, row | {"id": MARKER, "last_name": 5}]
    return models.AuthorPage.model_validate({"items": rows, "next_cursor": None})


def wrong_because_of_another() -> object:
    try:
        return wrong_page()
    except ValueError as error:
        raise LookupError("there is no page") from error


@pytest.mark.parametrize("failure", [wrong_page, wrong_because_of_another])
async def test_invalid_answer_says_which_properties_and_no_value(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO, failure: Callable[[], object]
) -> None:
    answer = await get_from_broken_app(monkeypatch, failure)

    problem(answer, 500)
    assert MARKER not in captured.getvalue()
    [failed, _] = lines(captured.getvalue())
    assert {place.partition(" ")[0] for place in failed["invalid"]} >= {
        "/items/1/id",
        "/items/1/last_name",
    }
    assert "in wrong_page" in failed["stack"]


async def test_name_that_no_model_has_is_data_and_not_logged(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO
) -> None:
    await get_from_broken_app(monkeypatch, invalid)

    [failed, _] = lines(captured.getvalue())
    assert failed["invalid"] == ["/first_name string_type", "/* extra_forbidden"]


QUOTING: list[BaseException] = [
    asyncpg.UniqueViolationError(
        f'duplicate key value violates "uq"\nDETAIL:  Key (email)=({MARKER}) already exists.'
    ),
    asyncpg.DataError(f"invalid input for query argument $1: '{MARKER}' (expected str, got int)"),
    DBAPIError(f"SELECT '{MARKER}'", {"name": MARKER}, Exception(MARKER)),
]


@pytest.mark.parametrize("error", QUOTING, ids=["server", "driver", "SQLAlchemy"])
@pytest.mark.parametrize("wrapped", [False, True])
async def test_failure_of_the_database_quotes_no_value(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO, error: BaseException, wrapped: bool
) -> None:
    def failure() -> object:
        if wrapped:
            raise RuntimeError("this is wrong") from error
        raise error

    answer = await get_from_broken_app(monkeypatch, failure)

    problem(answer, 500)
    assert MARKER not in captured.getvalue()
    [failed, _] = lines(captured.getvalue())
    assert failed["error"].startswith(
        "RuntimeError: this is wrong" if wrapped else type(error).__name__
    )
    assert type(error).__name__ in failed["stack"] + failed["error"]
    assert "in failure" in failed["stack"]


async def test_statement_that_fails_leads_to_its_place_and_its_sqlstate(
    monkeypatch: pytest.MonkeyPatch, captured: StringIO, database: Database
) -> None:
    statement = Statement(
        text("SELECT 1 / (length(:name) - length(:name))").bindparams(
            bindparam("name", type_=String)
        )
    )

    async def list_authors(*_: object, **__: object) -> object:
        async with database.statement() as db:
            return await db.fetch_one(statement, name=MARKER)

    monkeypatch.setattr("app.handlers.authors.AuthorsHandlers.list_authors", list_authors)
    app = create_app(Settings(database_url=SecretStr("postgresql+asyncpg://nowhere/nothing")))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        answer = await client.get("/authors")

    problem(answer, 500)
    assert MARKER not in captured.getvalue()
    failed = next(line for line in lines(captured.getvalue()) if line["event"] == "request failed")
    assert failed["error"] == "StatementFailed: DivisionByZeroError 22012"
    assert failed["stack"].startswith("DivisionByZeroError\n")
    assert failed["request_id"] == answer.headers["X-Request-ID"]


def test_task_that_nobody_waits_for_fails_without_quoting_values(captured: StringIO) -> None:
    async def failing() -> None:
        models.AuthorCreate.model_validate({"first_name": [MARKER]})

    async def forgetting() -> None:
        await asyncio.wait([asyncio.create_task(failing())])
        gc.collect()

    served(forgetting())

    [line] = lines(captured.getvalue())
    assert line["event"] == "Task exception was never retrieved"
    assert "/first_name string_type" in line["invalid"]
    assert MARKER not in captured.getvalue()


def test_warning_about_values_quotes_none(captured: StringIO) -> None:
    odd = models.AuthorCreate.model_construct(first_name=[MARKER], last_name=MARKER)

    with warnings.catch_warnings(action="always"):
        odd.model_dump_json()

    assert "Pydantic serializer warnings" in captured.getvalue()
    assert MARKER not in captured.getvalue()
