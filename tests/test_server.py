"""The server in front of the application: rejections, limits, and how connections end."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.middleware import LINGER_BYTES, LINGER_SECONDS
from app.server import FRAMING_BYTES, HEAD_BYTES
from tests.conftest import running_service
from tests.problems import problem
from tests.test_hostile import (
    ADA,
    CHUNKED,
    JSON,
    answer_on,
    chunked,
    connect,
    exchange,
    post,
    request,
)

HEADERS_END = b"\r\n\r\n"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the service."""
    return tmp_path_factory.mktemp("service") / "log"


@pytest.fixture(scope="module")
def service(log: Path) -> Iterator[str]:
    """The base URL of the service, with the examples of the contract in place of a database."""
    with running_service(command="mock", log_file=log) as url:
        yield url


def head(*lines: bytes) -> bytes:
    """Return the bytes of a head with nothing added."""
    return b"\r\n".join([*lines, b"", b""])


def ended(connection: socket.socket) -> bool:
    """Tell whether the connection ends, and nothing more comes."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def wait_for_lines(log: Path, text: str) -> list[dict[str, object]]:
    """Return the lines of the log with a text, once there are any: a line follows its answer."""
    deadline = time.monotonic() + 10
    while not (
        lines := [json.loads(line) for line in log.read_text().splitlines() if text in line]
    ):
        assert time.monotonic() < deadline, f"no line has {text}"
        time.sleep(0.01)
    return lines


# --- Refused by the server ------------------------------------------------------------------------

GET = b"GET /authors HTTP/1.1"


@pytest.mark.parametrize(
    "sent",
    [
        head(GET),
        head(GET, b"Host: service", b"Host: service"),
        head(GET, b"Host: service", b"host: elsewhere"),
        head(b"GET /authors HTTP/1.0", b"Host: service", b"Host: service"),
        head(b"GET /authors HTTP/1.0", b"Host: a b"),
        head(b"GET http://service/authors HTTP/1.1"),
        *(
            head(GET, b"Host: " + host)
            for host in [
                b"a b", b"a, b", b"a,b", b"a/b", b"a?b", b"a#b", b"u@a", b"a:b", b"a:1:2", b"a:-1",
                b"[::1", b"::1", b"[a]b", b"[::1]x", b"a\\b", b"a\tb", b"<a>", b'"a"', b"{a}",
                b"a|b", b"a^b", b"a`b", b"%", b"%zz", b"\xc3\xa9", b"\xff", b"http://a",
            ]
        ),
    ],
)  # fmt: skip
def test_missing_repeated_or_invalid_host_is_a_400(service: str, sent: bytes) -> None:
    with connect(service) as connection:
        connection.sendall(sent)

        told = problem(answer_on(connection), 400)
        assert told["instance"] == ""
        assert ended(connection)


@pytest.mark.parametrize(
    "sent",
    [
        head(b"GET /authors HTTP/1.0"),
        head(b"GET http://elsewhere/authors HTTP/1.1", b"Host: service"),
        *(
            head(GET, b"Host: " + host)
            for host in [
                b"", b"a", b"a.b", b"a.", b"A-1_b~", b"a:", b"a:80", b"127.0.0.1:8000", b"[::1]",
                b"[::1]:80", b"[::ffff:1.2.3.4]", b"xn--e1afmkfd", b"a%20b", b"!$&'()*+;=",
            ]
        ),
    ],
)  # fmt: skip
def test_valid_host_and_none_in_http_1_0_are_served(service: str, sent: bytes) -> None:
    assert exchange(service, sent).status_code == 200


@pytest.mark.parametrize(
    "sent", [b"HELO service\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET /\xff HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_is_answered_with_a_problem_and_ends_the_connection(
    service: str, sent: bytes
) -> None:
    with connect(service) as connection:
        connection.sendall(sent)

        told = problem(answer_on(connection), 400)
        assert told["detail"] == "The request is not well-formed HTTP/1.1."
        assert ended(connection)


def test_refusal_waits_for_the_answers_before_it(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(post(ADA)[:-1])  # which is still awaited
        connection.sendall(ADA[-1:] + request() + head(GET))

        received = b"".join(iter(lambda: connection.recv(65536), b""))

    positions = [received.find(b"HTTP/1.1 %d " % status) for status in (201, 200, 400)]
    assert positions == sorted(positions)
    assert -1 not in positions


def test_refusal_has_a_line_in_the_log_and_quotes_nothing(service: str, log: Path) -> None:
    answer = exchange(service, head(b"GET /authors?secret=1 HTTP/1.1", b"X: secret"))

    told = problem(answer, 400)
    assert "secret" not in answer.text
    lines = wait_for_lines(log, told["request_id"])
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/authors", 400)
    ]


def test_refusal_of_a_head_request_has_no_body(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(head(b"HEAD /authors HTTP/1.1"))

        received = b"".join(iter(lambda: connection.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 400 ")
    assert received.endswith(HEADERS_END)


def test_body_that_turns_out_to_be_malformed_is_one_400(service: str, log: Path) -> None:
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", JSON, CHUNKED, body=b"1\r\n{\r\n"))
        time.sleep(0.05)  # for the application to wait for more
        connection.sendall(b"x\r\n")

        told = problem(answer_on(connection), 400)
        assert ended(connection)

    lines = wait_for_lines(log, told["request_id"])
    assert [(line["method"], line["status"]) for line in lines] == [("POST", 400)]
    assert '"status":499' not in log.read_text()


def test_trailer_is_not_taken_for_header_fields(service: str) -> None:
    body = b"2b\r\n%s\r\n0\r\nContent-Type: application/json\r\n\r\n" % ADA

    answer = exchange(service, request(b"POST", b"/authors", CHUNKED, body=body))

    problem(answer, 415)


@pytest.mark.parametrize("headers", [[b"Host: service"], [b"Host: service", b"Content-Length: 0"]])
def test_options_of_the_server_as_a_whole_is_a_204(service: str, headers: list[bytes]) -> None:
    with connect(service) as connection:
        for _ in range(2):
            connection.sendall(head(b"OPTIONS * HTTP/1.1", *headers))
            answer = answer_on(connection)

            assert (answer.status_code, answer.content) == (204, b"")
            assert "X-Request-ID" in answer.headers


# --- Limits ---------------------------------------------------------------------------------------


def _padded(size: int) -> bytes:
    """Return a head whose request line and fields have this size, as the limit counts it."""
    counted = len(b"/authors") + len(b"HostserviceX") + 2 * 4
    return head(GET, b"Host: service", b"X: " + b"x" * (size - counted))


@pytest.mark.parametrize(("size", "status"), [(HEAD_BYTES, 200), (HEAD_BYTES + 1, 431)])
def test_head_at_the_limit_is_read_and_one_byte_more_is_a_431(
    service: str, size: int, status: int
) -> None:
    sent = _padded(size)

    whole = exchange(service, sent)
    pieces = exchange(service, *(sent[start : start + 1000] for start in range(0, len(sent), 1000)))

    assert (whole.status_code, pieces.status_code) == (status, status)


@pytest.mark.parametrize(
    "endless",
    [b"GET /" + b"a" * 1000, GET + b"\r\nX: ", GET + b"\r\nHost: service\r\n", GET + b"\r\nX"],
)
def test_head_without_end_is_a_431(service: str, endless: bytes) -> None:
    filler = b"X: y\r\n" if endless.endswith(b"\n") else b"x"
    with connect(service) as connection:
        connection.sendall(endless + filler * (2 * FRAMING_BYTES // len(filler)))

        problem(answer_on(connection), 431)
        assert ended(connection)


@pytest.mark.parametrize(
    "sent",
    [
        b"1;" + b"a" * 2 * FRAMING_BYTES,
        b"0\r\nX: " + b"a" * 2 * FRAMING_BYTES,
        b"1;%s\r\n{\r\n" % (b"a" * 1000) * 300,
    ],
    ids=["extension", "trailer", "extensions"],
)
def test_framing_of_a_body_out_of_proportion_is_a_400(service: str, sent: bytes) -> None:
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", JSON, CHUNKED))
        connection.sendall(sent)

        problem(answer_on(connection), 400)
        assert ended(connection)


def test_largest_body_in_chunks_of_single_bytes_is_read(service: str) -> None:
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in ADA.ljust(200_000)) + b"0\r\n\r\n"

    answer = exchange(service, request(b"POST", b"/authors", JSON, CHUNKED, body=body))

    assert answer.status_code == 201


def test_large_body_behind_another_is_not_taken_for_a_large_head(service: str) -> None:
    with connect(service) as connection:
        for _ in range(3):
            connection.sendall(post(ADA.ljust(2 * 1024 * 1024)) + request()[:-1])
            assert answer_on(connection).status_code == 201
            connection.sendall(b"\n")
            assert answer_on(connection).status_code == 200


# --- The end of a body that was answered before ---------------------------------------------------

TOO_LARGE = 2 * 1024 * 1024 + 1


def test_connection_is_kept_when_the_rest_of_a_refused_body_is_short(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", JSON, b"Content-Length: %d" % TOO_LARGE))
        problem(answer_on(connection), 413)
        connection.sendall(b"x" * TOO_LARGE)
        connection.sendall(request())

        assert answer_on(connection).status_code == 200


@pytest.mark.parametrize("connection_header", [b"keep-alive", b"close"])
@pytest.mark.parametrize("framing", [b"Content-Length: 1000000000000", CHUNKED])
def test_no_more_than_the_bound_is_read_behind_a_413(
    service: str, connection_header: bytes, framing: bytes
) -> None:
    piece = chunked(b"x" * 65536).removesuffix(b"0\r\n\r\n") if framing == CHUNKED else b"x" * 65536
    begun = time.monotonic()
    with connect(service) as connection:
        connection.sendall(
            request(b"POST", b"/authors", JSON, framing, b"Connection: " + connection_header)
        )
        sent = 0
        try:
            while sent < 10 * (LINGER_BYTES + TOO_LARGE):
                connection.sendall(piece)
                sent += len(piece)
        except ConnectionError:
            pass

    # What the kernel takes on both sides comes in addition to what the service reads.
    assert sent < LINGER_BYTES + TOO_LARGE + _kernel_bytes()
    assert time.monotonic() - begun < LINGER_SECONDS + 20, "it ended at all"


def _kernel_bytes() -> int:
    limits = [Path(f"/proc/sys/net/ipv4/tcp_{kind}mem") for kind in "rw"]
    return (
        sum(int(limit.read_text().split()[2]) for limit in limits)
        if limits[0].exists()
        else 16 * 1024 * 1024
    )


def test_rest_of_a_body_is_read_behind_an_answer_that_ends_the_connection(service: str) -> None:
    headers = JSON, b"Content-Length: %d" % TOO_LARGE, b"Connection: close"
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", *headers))
        problem(answer_on(connection), 413)

        for _ in range(10):  # a connection that was closed would be reset by the first piece
            connection.sendall(b"x" * 1000)
            time.sleep(0.02)
        assert connection.recv(1) == b""


def test_connection_ends_when_the_rest_of_a_refused_body_does_not_come(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", JSON, b"Content-Length: %d" % TOO_LARGE))
        answer = answer_on(connection)

        problem(answer, 413)
        assert "Connection" not in answer.headers
        assert ended(connection)


def test_connection_ends_behind_an_answer_in_place_of_100(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(
            request(
                b"POST",
                b"/authors",
                JSON,
                b"Expect: 100-continue",
                b"Content-Length: %d" % TOO_LARGE,
            )
        )
        answer = answer_on(connection)

        problem(answer, 413)
        assert answer.headers["Connection"] == "close"
        assert ended(connection)


def test_http_1_0_client_is_told_nothing_before_the_answer(service: str) -> None:
    sent = request(
        b"POST",
        b"/authors",
        JSON,
        b"Expect: 100-continue",
        b"Content-Length: 43",
        body=ADA,
        version=b"1.0",
    )

    assert exchange(service, sent).status_code == 201


def test_exploit_of_an_offer_that_is_cut_in_two_finds_one_request_of_the_stated_length(
    service: str,
) -> None:
    first = request(b"POST", b"/authors", JSON, b"Content-Length: 3\r\nUpgrade: h2c").removesuffix(
        HEADERS_END
    )

    with connect(service) as connection:
        connection.sendall(first)
        time.sleep(0.05)
        connection.sendall(b"4" + HEADERS_END + b'{"first_name":"s","last_name":"m"}')
        received = b"".join(iter(lambda: connection.recv(65536), b""))

    assert b" 201 " not in received
    # the body is "{"f", and what follows is no request
    assert received.count(b"HTTP/1.1 400 ") == 2
