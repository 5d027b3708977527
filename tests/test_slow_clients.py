"""Clients that send slowly, send too much at once, or do not read: each holds a bounded part."""

import time
from collections.abc import Iterator

import pytest
from starlette.types import ASGIApp

from app import limits
from app.limits import SMALL_BODY, Limits
from app.main import assemble
from app.server import MAX_PIPELINED
from generated.runtime.bodies import Binary, Body
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoutes, Operation
from tests.problems import problem
from tests.serving import LARGE, Served, get, post, rest, serving, wait_for
from tests.test_hostile import answer_on
from tests.wire import statuses_in

SHORT = Limits(head_seconds=0.3, body_seconds=0.3, write_seconds=0.3)
OCTETS = b"Content-Type: application/octet-stream"


def application() -> ASGIApp:
    """Return an application with one operation, `POST /bodies`, that takes any bytes."""

    async def take(*, body: bytes) -> ApiResponse:
        return _NoContent()

    operation = Operation(
        "POST", "/bodies", take, body=Body({"application/octet-stream": Binary()}, required=True)
    )
    return assemble(ContractRoutes([operation], max_body_bytes=2 * 1024 * 1024))


class _NoContent(ApiResponse):
    status = 204


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server with short time limits."""
    with serving(SHORT) as served:
        yield served


@pytest.fixture(scope="module")
def taking() -> Iterator[Served]:
    """A server with short time limits and an operation that takes bodies."""
    with serving(SHORT, app=application()) as served:
        yield served


# --- Heads and idle connections -------------------------------------------------------------------


@pytest.mark.parametrize("sent", [b"G", b"GET /", get("/")[:-2], get("/")[:-1]])
def test_head_that_does_not_end_is_a_408(server: Served, sent: bytes) -> None:
    with server.connect(sent) as connection:
        answer = answer_on(connection)

        told = problem(answer, 408)
        assert (told["type"], told["instance"]) == ("/problems/request-timeout", "")
        assert told["detail"] == "The head of a request may take at most 0.3 seconds."
        assert answer.headers["Connection"] == "close"
        assert rest(connection) == b""


def test_head_that_comes_byte_by_byte_is_a_408(server: Served) -> None:
    with server.connect(b"GET / HTTP/1.1\r\nX: ") as connection:
        connection.settimeout(0.05)
        received = b""
        for _ in range(200):
            try:
                received = connection.recv(65536)
                break
            except TimeoutError:
                connection.sendall(b"x")

    assert received.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
def test_connection_without_a_request_ends_in_silence(server: Served, sent: bytes) -> None:
    with server.connect(sent) as connection:
        assert rest(connection) == b""


def test_idle_connection_ends_in_silence() -> None:
    with (
        serving(Limits(head_seconds=60), keep_alive=0.2) as server,
        server.connect(get("/")) as connection,
    ):
        assert answer_on(connection).status_code == 200
        assert rest(connection) == b""


def test_idle_connection_is_not_kept_by_empty_lines() -> None:
    with (
        serving(SHORT, keep_alive=60) as server,
        server.connect(get("/")) as connection,
    ):
        assert answer_on(connection).status_code == 200
        connection.sendall(b"\r\n")

        assert rest(connection) == b""


def test_head_behind_a_request_has_its_own_time() -> None:
    with (
        serving(Limits(head_seconds=0.6), keep_alive=0.1) as server,
        server.connect(get("/") + get("/")[:-1]) as connection,
    ):
        assert statuses_in(rest(connection)) == [200, 408]


def test_connection_that_is_used_again_has_no_limit_of_its_own(server: Served) -> None:
    with server.connect() as connection:
        for _ in range(10):
            connection.sendall(get("/"))
            assert answer_on(connection).status_code == 200
            time.sleep(0.05)


# --- Bodies ---------------------------------------------------------------------------------------

CHUNKED = b"POST /bodies HTTP/1.1\r\nHost: service\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        post("/bodies", 10, OCTETS),
        post("/bodies", 10, OCTETS) + b"x" * 9,
        post("/bodies", 10, OCTETS, b"Expect: 100-continue"),
        CHUNKED % OCTETS + b"1\r\nx\r\n",
        CHUNKED % OCTETS + b"0\r\nX: y\r\n",
    ],
    ids=["none", "without the last byte", "100-continue", "chunked", "trailer"],
)
def test_body_that_does_not_end_is_a_408(taking: Served, sent: bytes) -> None:
    with taking.connect(sent) as connection:
        answer = answer_on(connection)

        told = problem(answer, 408)
        assert told["detail"] == "The body of a request may take at most 0.3 seconds."
        assert answer.headers["Connection"] == "close"
        assert rest(connection) == b""


def test_body_that_the_service_is_late_to_read_is_no_408(server: Served) -> None:
    size = 4 * 1024 * 1024  # more than the service and the system take without being asked

    with server.connect(post("/late", size), bytes(size)) as connection:
        assert answer_on(connection).content == b"%d" % size


def test_next_request_behind_a_body_is_served(taking: Served) -> None:
    with taking.connect(post("/bodies", 2, OCTETS) + b"x") as connection:
        connection.sendall(b"x" + get("/bodies", b"Connection: close"))

        assert statuses_in(rest(connection)) == [204, 405]


def test_oldest_of_too_many_uploads_is_refused() -> None:
    size = 1024 * 1024
    with serving(Limits(bytes_in_flight=2 * size), app=application(), keep_alive=60) as server:
        uploads = [server.connect(post("/bodies", size, OCTETS), bytes(size - 1))]
        wait_for(lambda: server.load.upload_bytes >= size - SMALL_BODY - 1)
        uploads.append(server.connect(post("/bodies", size, OCTETS), bytes(size - 1)))
        wait_for(lambda: server.load.upload_bytes >= 2 * (size - SMALL_BODY - 1))
        uploads.append(server.connect(post("/bodies", size, OCTETS), bytes(size - 1)))

        answer = answer_on(uploads[0])
        for upload in uploads[1:]:
            upload.sendall(b"x")

        told = problem(answer, 503)
        assert (told["type"], answer.headers["Retry-After"]) == ("/problems/overloaded", "1")
        assert answer.headers["Connection"] == "close"
        assert [answer_on(upload).status_code for upload in uploads[1:]] == [204, 204]
        wait_for(lambda: server.load.upload_bytes == 0)
        for upload in uploads:
            upload.close()


def test_small_bodies_are_taken_whatever_is_uploaded() -> None:
    size = 1024 * 1024
    with serving(Limits(bytes_in_flight=size), app=application()) as server:
        upload = server.connect(post("/bodies", size, OCTETS), bytes(size - 1))
        small = [
            server.connect(post("/bodies", SMALL_BODY, OCTETS), bytes(SMALL_BODY - 1))
            for _ in range(40)
        ]
        for connection in (upload, *small):
            connection.sendall(b"x")

        assert {answer_on(connection).status_code for connection in (upload, *small)} == {204}
        for connection in (upload, *small):
            connection.close()


# --- Responses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [(), (b"Connection: close",)], ids=["kept", "closed"])
def test_connection_ends_when_a_response_is_not_read(
    server: Served, headers: tuple[bytes, ...]
) -> None:
    with server.connect(get("/large", *headers), receive_buffer=4096) as connection:
        wait_for(lambda: server.load.unread_bytes > 0)
        wait_for(lambda: server.open_connections == 0)

        assert server.load.unread_bytes == 0
        assert len(rest(connection)) < LARGE


def test_response_that_is_read_slowly_arrives() -> None:
    with (
        serving(Limits(write_seconds=1)) as server,
        server.connect(get("/large"), receive_buffer=65536) as connection,
    ):
        received = 0
        while received < LARGE:
            piece = connection.recv(256 * 1024)
            assert piece
            received += len(piece)
            time.sleep(0.01)

        wait_for(lambda: server.load.unread_bytes == 0)


def test_too_many_unread_bytes_shed_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STALLED_SECONDS", 3600)
    with (
        serving(Limits(bytes_in_flight=1024 * 1024)) as server,
        server.connect(get("/large", b"Connection: close"), receive_buffer=2**18) as connection,
    ):
        wait_for(lambda: server.load.unread_bytes > 1024 * 1024)

        answer = server.get("/")
        assert problem(answer, 503)["type"] == "/problems/overloaded"
        assert answer.headers["Retry-After"] == "1"
        assert server.get("/livez").status_code == 200
        assert len(rest(connection)) > LARGE
        assert server.get("/").status_code == 200


def test_clients_that_do_not_read_give_way_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STALLED_SECONDS", 0)
    with (
        serving(Limits(bytes_in_flight=1024 * 1024)) as server,
        server.connect(get("/large"), receive_buffer=4096) as connection,
    ):
        wait_for(lambda: server.load.unread_bytes > 1024 * 1024)

        assert server.get("/").status_code == 200
        assert len(rest(connection)) < LARGE


def test_connection_with_too_many_pipelined_requests_ends_behind_some(server: Served) -> None:
    with server.connect(get("/") * 5 * MAX_PIPELINED) as connection:
        answers = rest(connection)

    assert MAX_PIPELINED < answers.count(b"HTTP/1.1 200 ") < 2 * MAX_PIPELINED
    assert answers.count(b"connection: close") == 1
