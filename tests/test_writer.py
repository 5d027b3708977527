"""Lines that nobody reads block nobody; others are whole, in order, and the lost are counted."""

import os
import resource
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import writer
from app.writer import LIMIT, LineWriter

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

MANY = LIMIT * 2


class Pipe:
    """A small pipe, and what has been read from it."""

    def __init__(self) -> None:
        self.output, self.input = os.pipe()
        if sys.platform == "linux":
            fcntl(self.input, F_SETPIPE_SZ, 4096)

    def read_until(self, found: Callable[[bytes], bool]) -> bytes:
        """Read until what has been read is enough."""
        text = b""
        while not found(text):
            ready, _, _ = select.select([self.output], [], [], 60)
            assert ready, f"nothing comes behind {text[-200:]!r}"
            text += os.read(self.output, 65536)
        return text


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    os.close(pipe.output)
    os.close(pipe.input)


@pytest.fixture(params=["at once", "by the thread"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How lines are written: also as where the system cannot open a pipe anew, as on macOS."""
    if request.param == "by the thread":
        monkeypatch.setattr(writer, "_nonblocking_writer", lambda _: None)


def line_writer(file: int) -> LineWriter:
    return LineWriter(file, gap=lambda lines: b"missing %d\n" % lines)


def numbered(count: int) -> list[bytes]:
    return [b"line %d %s\n" % (number, b"." * 100) for number in range(count)]


@pytest.mark.usefixtures("way")
def test_lines_are_whole_and_in_order(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    expected = [*numbered(LIMIT // 2), b"long" * 5_000 + b"\n"]

    reader = threading.Thread(
        target=lambda: got.append(pipe.read_until(lambda text: text.endswith(expected[-1])))
    )
    got: list[bytes] = []
    reader.start()
    for line in expected:
        log.put(line)
    reader.join()

    assert got == [b"".join(expected)]


@pytest.mark.usefixtures("way")
def test_lines_that_nobody_reads_are_dropped_and_counted_once_somebody_does(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    for line in numbered(MANY):
        log.put(line)

    *lines, gap = pipe.read_until(
        lambda text: b"missing" in text and text.endswith(b"\n")
    ).splitlines(keepends=True)
    log.put(b"later\n")
    later = pipe.read_until(lambda text: text.endswith(b"\n"))

    assert lines == sorted({*lines} & {*numbered(MANY)}, key=lambda line: int(line.split()[1]))
    assert gap == b"missing %d\n" % (MANY - len(lines))
    assert len(lines) >= LIMIT
    assert later == b"later\n"


@pytest.mark.usefixtures("way")
def test_end_does_not_wait_for_a_reader_who_does_not_come(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    for line in numbered(1_000):
        log.put(line)

    log.flush(0.1)

    assert os.read(pipe.output, 65536).endswith(b"\n")


@pytest.mark.usefixtures("way")
def test_end_waits_until_lines_are_written(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    for line in numbered(10):
        log.put(line)

    log.flush(60)

    assert os.read(pipe.output, 65536) == b"".join(numbered(10))


@pytest.mark.usefixtures("way")
def test_reader_who_is_gone_fails_nobody(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    os.dup2(os.open(os.devnull, os.O_RDONLY), pipe.output)

    for line in numbered(10):
        log.put(line)

    log.flush(60)


@pytest.mark.usefixtures("way")
def test_lines_that_the_disk_does_not_take_are_counted(tmp_path: Path) -> None:
    with (tmp_path / "log").open("ab") as file:
        log = line_writer(file.fileno())

        with largest_file(0):
            log.put(b"lost\n")
            log.put(b"lost\n")
            log.flush(60)
        log.put(b"kept\n")
        log.flush(60)

    assert sorted((tmp_path / "log").read_bytes().splitlines()) == [b"kept", b"missing 2"]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process become larger, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("way")
def test_process_that_is_forked_writes_its_own_lines_only(pipe: Pipe) -> None:
    log = line_writer(pipe.input)
    for line in numbered(1_000):
        log.put(line)

    child = os.fork()
    if child == 0:
        log.put(b"child\n")
        log.flush(60)
        os._exit(0)
    text = pipe.read_until(lambda text: b"child" in text and numbered(1_000)[-1] in text)
    os.waitpid(child, 0)

    assert sorted(text.splitlines(keepends=True)) == sorted([*numbered(1_000), b"child\n"])


@pytest.mark.usefixtures("way")
def test_lines_of_several_processes_do_not_mix(pipe: Pipe) -> None:
    children = []
    for number in range(3):
        child = os.fork()
        if child == 0:
            log = line_writer(pipe.input)
            for _ in range(2_000):
                log.put(b"%d" % number * 200 + b"\n")
            log.flush(60)
            os._exit(0)
        children.append(child)
    text = pipe.read_until(lambda text: text.count(b"\n") == 6_000)
    for child in children:
        os.waitpid(child, 0)

    assert {len(set(line)) for line in text.splitlines()} == {1}
    assert {len(line) for line in text.splitlines()} == {200}
