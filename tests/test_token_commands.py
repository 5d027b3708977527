"""`python -m app token`, and what the first start makes."""

import argparse
import asyncio
import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest

from app import token_commands
from app.errors import TokenNotFound
from app.settings import Settings
from app.tokens import is_well_formed, new_token
from tests.conftest import ROOT, run_sql, without_settings
from tests.problems import DOCUMENT, problem
from tests.servers import free_port
from tests.tokens import ADMIN_ID, ADMIN_TOKEN, bearer, insertion

ALL = "authors:write articles:write tokens:manage"


def run(
    *arguments: str, command: str = "token", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the service."""
    return subprocess.run(
        [sys.executable, "-m", "app", command, *arguments],
        cwd=ROOT,
        env=without_settings() | {"BLOG_LOG_FORMAT": "json"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def cells(line: str) -> list[str]:
    return re.split("  +", line)


# On your own database


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    token_commands.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.fixture
def run_here(
    database_url: str, captured: StringIO, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str]]:
    """Run `python -m app token` in this process; return what it prints and what it logs."""

    def run_here(*arguments: str) -> tuple[str, str]:
        token_commands.run(Settings(), database_url, parsed(*arguments))
        return capsys.readouterr().out, captured.getvalue()

    return run_here


Run = Callable[..., tuple[str, str]]


def test_create_prints_a_token_with_all_scopes_alone(
    anonymous: httpx.Client, run_here: Run
) -> None:
    printed, logged = run_here("create")

    token = printed.rstrip("\n")
    assert is_well_formed(token)
    assert anonymous.get("/tokens", headers=bearer(token)).status_code == 200
    line = json.loads(logged)
    assert (line["event"], line["token_id"], line["by"]) == ("token created", 1, None)
    assert line["scopes"] == ALL.split()
    assert token not in logged


def test_create_takes_a_name_scopes_an_author_and_a_lifetime(
    client: httpx.Client, run_here: Run
) -> None:
    client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"})
    options = ["--name", "Engine", "--scope", "articles:write", "--author", "1"]

    run_here("create", *options, "--expires-in", "2h")

    stored = client.get("/tokens/1").json()
    known = (stored["name"], stored["scopes"], stored["author_id"])
    assert known == ("Engine", ["articles:write"], 1)
    lifetime = datetime.fromisoformat(stored["expires_at"]) - datetime.fromisoformat(
        stored["created_at"]
    )
    assert lifetime == timedelta(hours=2)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["create", "--scope", "everything"], "invalid choice: 'everything'"),
        (["create", "--name", ""], "write 1 to 100 characters"),
        (["create", "--name", "x" * 101], "write 1 to 100 characters"),
        (["create", "--name", "a\0"], "write 1 to 100 characters"),
        (["create", "--author", "0"], "'0' is not an id"),
        (["create", "--author", "9223372036854775808"], "is not an id"),
        (["create", "--expires-in", "1y"], "write seconds, or 30m, 12h, 90d; at most ten years"),
        (["create", "--expires-in", "0"], "at most ten years"),
        (["create", "--expires-in", "3651d"], "at most ten years"),
        (["revoke", "x"], "'x' is not an id"),
    ],
)
def test_a_wrong_argument_is_told(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(*arguments)

    assert reason in capsys.readouterr().err


def test_the_limits_of_arguments_are_those_of_the_contract() -> None:
    schema = DOCUMENT["components"]["schemas"]["TokenCreate"]["properties"]

    longest = f"{schema['expires_in']['maximum']}"

    assert parsed("create", "--expires-in", longest).expires_in == timedelta(days=3650)
    name = "x" * schema["name"]["maxLength"]
    assert parsed("create", "--name", name).name == name


def test_list_shows_what_is_known_and_with_all_what_was_revoked(
    database_url: str, run_here: Run
) -> None:
    first, second = new_token(), new_token()
    used = "UPDATE tokens SET last_used_at = '2026-01-03T00:00:00Z' WHERE id = 7"
    expired = insertion(first, id=7, name="a\tb", scopes=[], expires_at="'2026-01-02T00:00:00Z'")
    revoked = insertion(second, id=8, revoked_at="'2026-01-04T00:00:00Z'")
    asyncio.run(run_sql(database_url, f"{expired}; {revoked}; {used}"))

    listed, everything = run_here("list")[0], run_here("list", "--all")[0]

    header, known, admin = listed.splitlines()
    assert cells(header) == ["id", "name", "scopes", "author", "created", "expires", "last used"]
    assert cells(known)[:2] == ["7", r"'a\tb'"]
    assert cells(known)[-2:] == ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"]
    assert cells(admin)[:3] == [str(ADMIN_ID), "Admin", ALL]
    assert cells(everything.splitlines()[0])[-1] == "revoked"
    assert cells(everything.splitlines()[2])[-1] == "2026-01-04T00:00:00Z"
    for token in (first, second, ADMIN_TOKEN):
        assert token not in listed + everything


def test_revoke_holds_for_the_running_service(client: httpx.Client, run_here: Run) -> None:
    created = client.post("/tokens", json={"name": "Engine", "scopes": []}).json()

    _, logged = run_here("revoke", str(created["id"]))

    problem(client.get("/authors", headers=bearer(created["token"])), 401)
    assert json.loads(logged)["event"] == "token revoked"
    with pytest.raises(TokenNotFound):
        run_here("revoke", str(created["id"]))


def test_what_cannot_be_done_is_told_in_one_line(database_url: str) -> None:
    settings = {"BLOG_DATABASE_URL": database_url}

    unknown = run("create", "--author", "7", **settings)
    without_key = run("create", BLOG_TOKEN_KEY="", **settings)
    away = run("list", BLOG_DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/nothing")

    assert (unknown.returncode, unknown.stdout, unknown.stderr) == (
        1,
        "",
        "There is no author 7.\n",
    )
    assert (without_key.returncode, without_key.stdout) == (1, "")
    assert without_key.stderr.startswith("BLOG_TOKEN_KEY: required with BLOG_DATABASE_URL")
    assert (away.returncode, away.stdout) == (1, "")
    assert away.stderr.endswith("The database does not answer. Try again in a moment.\n")


def test_serve_without_a_key_is_refused(database_url: str) -> None:
    settings = {"BLOG_DATABASE_URL": database_url, "BLOG_TOKEN_KEY": "", "BLOG_PORT": "0"}
    for options in ([], ["--reload"]):
        done = run(*options, command="serve", **settings)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines()[-1].startswith("BLOG_TOKEN_KEY: required with ")


# On the embedded database


@contextmanager
def serving(folder: Path, stdout: int, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m app serve` as a new user does, in a data folder of its own."""
    environment = without_settings() | {"BLOG_DATA_DIR": str(folder)} | settings
    del environment["BLOG_TOKEN_KEY"]
    command = [sys.executable, "-m", "app", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=stdout, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def banner(read: int) -> str:
    """Return what is printed until the service says how to stop it."""
    printed = b""
    deadline = time.monotonic() + 60
    while b"Ctrl-C" not in printed:
        assert time.monotonic() < deadline
        printed += os.read(read, 4096)
    return printed.decode()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that PostgreSQL's user can enter."""
    with tempfile.TemporaryDirectory(prefix="blog-first-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder) / "data"


@pytest.mark.slow
def test_the_first_start_writes_a_token_for_this_user_and_the_next_ones_none(data: Path) -> None:
    port = free_port()
    settings = {"BLOG_PORT": str(port), "BLOG_DATA_DIR": str(data), "BLOG_TOKEN_KEY": ""}
    read, write = os.pipe()
    with serving(data, write, BLOG_PORT=str(port)):
        lines = banner(read).splitlines()
        token = (data / "admin.token").read_text().strip()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=bearer(token)) as client:
            wait_for(client)
            listed = client.get("/tokens").json()["items"]
        second = run("create", "--name", "second", **settings)
        seeded = run(command="seed", **settings)

    assert f"Token  in {data / 'admin.token'}" in lines
    assert token not in "\n".join(lines)
    assert [item["name"] for item in listed] == ["admin"]
    assert listed[0]["scopes"] == ALL.split()
    for file in ("admin.token", "token.key"):
        assert stat.S_IMODE((data / file).stat().st_mode) == 0o600
    assert (second.returncode, is_well_formed(second.stdout.strip())) == (0, True)
    assert seeded.stdout == ("stored 206 authors and 389 articles, and read them back unchanged\n")
    key = (data / "token.key").read_text()
    (data / "admin.token").unlink()
    with serving(data, write, BLOG_PORT=str(port)):
        assert "Token" not in banner(read)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_for(client)
            for each in (token, second.stdout.strip()):
                assert client.get("/tokens", headers=bearer(each)).status_code == 200
    assert not (data / "admin.token").exists()
    assert (data / "token.key").read_text() == key
    stopped = run("list", "--all", **settings)  # starts the database for itself
    assert [cells(line)[1] for line in stopped.stdout.splitlines()] == [
        "name",
        "admin",
        "second",
        "seed",
    ]
    os.close(read)
    os.close(write)


@pytest.mark.slow
def test_the_first_start_on_a_terminal_shows_the_token_and_keeps_no_file(data: Path) -> None:
    ours, theirs = pty.openpty()
    with serving(data, theirs, BLOG_PORT="0"):
        [line] = [each for each in banner(ours).splitlines() if each.startswith("Token")]

    assert is_well_formed(line.split()[1])
    assert not (data / "admin.token").exists()
    os.close(ours)
    os.close(theirs)


def wait_for(client: httpx.Client) -> None:
    """Return when the service answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            client.get("/livez").raise_for_status()
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
