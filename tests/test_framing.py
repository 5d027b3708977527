"""Where requests end: one reading only, however the bytes are cut, behind whichever proxy."""

import json
import os
import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx
import pytest
import uvicorn

from app import mock
from app.server import configuration
from app.settings import Settings
from tests.conftest import running_service
from tests.tokens import ADMIN_TOKEN
from tests.wire import Exchange, Seeing, exchange, served, statuses_in, without_own

ADA = b'{"first_name":"Ada","last_name":"Lovelace"}'
AUTHORIZATION = b"Authorization: Bearer " + ADMIN_TOKEN.encode()
JSON = b"Content-Type: application/json"
CHUNKED = b"Transfer-Encoding: chunked"
LENGTH = b"Content-Length: %d" % len(ADA)
CHUNKS = b"14\r\n%s\r\n17\r\n%s\r\n0\r\n\r\n" % (ADA[:20], ADA[20:])
HIDDEN = b"GET /authors?limit=7 HTTP/1.1\r\nHost: service\r\n\r\n"
NEXT = b"GET /authors/1 HTTP/1.1\r\nHost: service\r\n\r\n"


def post(
    *headers: bytes, body: bytes = b"", version: bytes = b"1.1", target: bytes = b"/authors"
) -> bytes:
    """Return the bytes of a POST with nothing added but Host, a token and the media type."""
    line = b"POST " + target + b" HTTP/" + version
    return b"\r\n".join([line, b"Host: service", AUTHORIZATION, JSON, *headers, b"", body])


@dataclass(frozen=True)
class Probe:
    """What is sent, and the expected statuses; the connection ends behind a last 400 or 431."""

    sent: bytes
    statuses: list[int]
    ends: bool = False


def _stays(*headers: bytes, body: bytes = b"") -> Probe:
    """An author is created, and the next request is answered as well."""
    return Probe(post(*headers, body=body) + NEXT, [201, 200])


def _refused(*headers: bytes, body: bytes = b"") -> Probe:
    """The request is refused, and nothing behind it is taken for a request."""
    return Probe(post(*headers, body=body) + HIDDEN, [400], ends=True)


def _offered(name: str, *offer: bytes) -> dict[str, Probe]:
    return {
        f"{name}, length": _stays(*offer, LENGTH, body=ADA),
        f"{name}, chunks": _stays(*offer, CHUNKED, body=CHUNKS),
        f"{name}, body like a request": Probe(
            post(*offer, b"Content-Length: %d" % len(HIDDEN), body=HIDDEN) + NEXT, [400, 200]
        ),
    }


def _offered_anyhow(name: str, *offer: bytes) -> dict[str, Probe]:
    return {
        **_offered(name, *offer),
        f"{name}, length first": _stays(LENGTH, *offer, body=ADA),
        f"{name}, no body": Probe(
            b"\r\n".join([b"GET /authors HTTP/1.1", b"Host: service", *offer, b"", b""]) + NEXT,
            [200, 200],
        ),
        f"{name}, twice": Probe(
            (post(*offer, LENGTH, body=ADA) + post(*offer, CHUNKED, body=CHUNKS)) * 2 + NEXT,
            [201] * 4 + [200],
        ),
        f"{name}, both framings": _refused(*offer, LENGTH, CHUNKED, body=b"0\r\n\r\n"),
        f"{name}, closing": Probe(
            post(*offer, b"Connection: close", LENGTH, body=ADA) + HIDDEN, [201], ends=True
        ),
        f"{name}, HTTP/1.0": Probe(
            post(*offer, LENGTH, body=ADA, version=b"1.0") + HIDDEN, [201], ends=True
        ),
    }


UPGRADE = b"Connection: Upgrade"
OFFERS = {
    **_offered_anyhow(
        "h2c",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAEAAEAAAAIAAAAB",
        b"Connection: Upgrade, HTTP2-Settings",
    ),
    **_offered("h2c alone", b"Upgrade: h2c"),
    **_offered("h2c without colon space", UPGRADE, b"uPGRADE:h2c"),
    **_offered("h2c before a digit", UPGRADE, b"Upgrade: h2c4"),
    **_offered_anyhow(
        "websocket",
        UPGRADE,
        b"Upgrade: websocket",
        b"Sec-WebSocket-Key: eA==",
        b"Sec-WebSocket-Version: 13",
    ),
    **_offered("TLS", UPGRADE, b"Upgrade: TLS/1.2"),
    **_offered("two", UPGRADE, b"Upgrade: h2c, foo"),
    **_offered("two fields", UPGRADE, b"Upgrade: h2c", b"Upgrade: foo"),
    **_offered("unknown", UPGRADE, b"Upgrade: foo"),
    **_offered("unknown alone", b"Upgrade: foo"),
    **_offered("empty", UPGRADE, b"Upgrade:"),
}

FRAMING = {
    "length": _stays(LENGTH, body=ADA),
    "chunks": _stays(CHUNKED, body=CHUNKS),
    "chunks in other letters": _stays(b"TRANSFER-ENCODING: cHuNkEd", body=CHUNKS),
    "no body": Probe(post() + NEXT, [400, 200]),
    "length with zeros": _stays(b"Content-Length: 00%d" % len(ADA), body=ADA),
    "length in white space": _stays(b"Content-Length: \t%d \t" % len(ADA), body=ADA),
    "length too short": Probe(post(b"Content-Length: 3", body=b"{}\n") + NEXT, [422, 200]),
    "list of equal lengths": _refused(b"Content-Length: 43, 43", body=ADA),
    "list of lengths": _refused(b"Content-Length: 43, 3", body=ADA),
    "list with an empty member": _refused(b"Content-Length: 43,", body=ADA),
    "equal lengths": _refused(LENGTH, LENGTH, body=ADA),
    "differing lengths": _refused(LENGTH, b"Content-Length: 3", body=ADA),
    "differing lengths, other letters": _refused(LENGTH, b"content-LENGTH: 3", body=ADA),
    "empty length": _refused(b"Content-Length:", body=ADA),
    "plus": _refused(b"Content-Length: +43", body=ADA),
    "minus": _refused(b"Content-Length: -43", body=ADA),
    "hexadecimal": _refused(b"Content-Length: 0x2b", body=ADA),
    "fraction": _refused(b"Content-Length: 43.0", body=ADA),
    "exponent": _refused(b"Content-Length: 43e0", body=ADA),
    "underscore": _refused(b"Content-Length: 4_3", body=ADA),
    "two words": _refused(b"Content-Length: 4 3", body=ADA),
    "quoted": _refused(b'Content-Length: "43"', body=ADA),
    "vertical tab": _refused(b"Content-Length: \x0b43", body=ADA),
    "NUL": _refused(b"Content-Length: 43\0", body=ADA),
    "more than 64 bits": _refused(b"Content-Length: 18446744073709551659", body=ADA),
    "length, then chunked": _refused(LENGTH, CHUNKED, body=CHUNKS),
    "chunked, then length": _refused(CHUNKED, LENGTH, body=CHUNKS),
    "chunked, length zero": _refused(CHUNKED, b"Content-Length: 0", body=CHUNKS),
    "coding twice": _refused(CHUNKED, CHUNKED, body=CHUNKS),
    "coding listed twice": _refused(b"Transfer-Encoding: chunked, chunked", body=CHUNKS),
    "other coding": _refused(b"Transfer-Encoding: gzip", body=CHUNKS),
    "other coding before": _refused(b"Transfer-Encoding: gzip, chunked", body=CHUNKS),
    "other coding in its own field": _refused(b"Transfer-Encoding: gzip", CHUNKED, body=CHUNKS),
    "other coding behind": _refused(b"Transfer-Encoding: chunked, gzip", body=CHUNKS),
    "identity": _refused(b"Transfer-Encoding: identity", body=CHUNKS),
    "identity and length": _refused(b"Transfer-Encoding: identity", LENGTH, body=ADA),
    "nearly chunked": _refused(b"Transfer-Encoding: xchunked", body=CHUNKS),
    "chunked with a parameter": _refused(b"Transfer-Encoding: chunked;q=1", body=CHUNKS),
    "chunked, quoted": _refused(b'Transfer-Encoding: "chunked"', body=CHUNKS),
    "chunked and a comma": _refused(b"Transfer-Encoding: chunked,", body=CHUNKS),
    "comma and chunked": _refused(b"Transfer-Encoding: , chunked", body=CHUNKS),
    "empty coding": _refused(b"Transfer-Encoding:", body=CHUNKS),
    "chunked behind a vertical tab": _refused(b"Transfer-Encoding: \x0bchunked", body=CHUNKS),
    "chunked, folded": _refused(b"Transfer-Encoding:\r\n chunked", body=CHUNKS),
    "chunked, in HTTP/1.0": Probe(
        post(CHUNKED, body=CHUNKS, version=b"1.0") + HIDDEN, [400], ends=True
    ),
    "space before the colon": _refused(b"Content-Length : 43", body=ADA),
    "space before the colon of the coding": _refused(b"Transfer-Encoding : chunked", body=CHUNKS),
    "space before the name": Probe(
        b"GET / HTTP/1.1\r\n Host: service\r\n\r\n" + HIDDEN, [400], ends=True
    ),
    "folded": _refused(b"X: a\r\n b", LENGTH, body=ADA),
    "folded by a tab": _refused(b"X: a\r\n\tb", LENGTH, body=ADA),
    "folded to nothing": _refused(b"X: a\r\n ", LENGTH, body=ADA),
    "no colon": _refused(b"X", LENGTH, body=ADA),
    "no name": _refused(b": x", LENGTH, body=ADA),
    "bare CR in a value": _refused(b"X: a\rContent-Length: 3", LENGTH, body=ADA),
    "bare LF behind a value": _refused(b"X: a\nContent-Length: 3", LENGTH, body=ADA),
    "bare LF at the end": _refused(b"X: a\r\n\nX: b", LENGTH, body=ADA),
    "bare CR at the end": _refused(b"X: a\r\n\rX: b", LENGTH, body=ADA),
    "two bare CRs": _refused(b"X: a\r\r", LENGTH, body=ADA),
    "all bare LF": Probe(b"GET /authors HTTP/1.1\nHost: service\n\n" + HIDDEN, [400], ends=True),
    "all bare CR": Probe(b"GET /authors HTTP/1.1\rHost: service\r\r" + HIDDEN, [400], ends=True),
    "bare LF behind the request line": Probe(
        b"GET /authors HTTP/1.1\nHost: service\r\n\r\n" + HIDDEN, [400], ends=True
    ),
    "empty lines before": Probe(b"\r\n\r\n" + NEXT, [200]),
    "HTTP/0.9": Probe(b"GET /authors\r\n\r\n" + HIDDEN, [400], ends=True),
    "HTTP/0.9, told": Probe(
        b"GET /authors HTTP/0.9\r\nHost: service\r\n\r\n" + HIDDEN, [400], ends=True
    ),
    "HTTP/2.0": Probe(b"GET /authors HTTP/2.0\r\nHost: service\r\n\r\n" + HIDDEN, [400], ends=True),
    "HTTP/2 preface": Probe(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN, [400], ends=True),
    "CONNECT": Probe(b"CONNECT a:80 HTTP/1.1\r\nHost: service\r\n\r\n" + HIDDEN, [400], ends=True),
    "CONNECT with a path": Probe(
        b"CONNECT /authors HTTP/1.1\r\nHost: service\r\n\r\n" + HIDDEN, [400], ends=True
    ),
    "closing": Probe(post(b"Connection: close", LENGTH, body=ADA) + HIDDEN, [201], ends=True),
    "HTTP/1.0, kept": Probe(
        post(b"Connection: keep-alive", LENGTH, body=ADA, version=b"1.0") + HIDDEN, [201], ends=True
    ),
    "refused behind others": Probe(
        NEXT * 2 + post(LENGTH, LENGTH, body=ADA) + HIDDEN, [200, 200, 400], ends=True
    ),
}

_LAST = b"0\r\n\r\n"
CHUNKING = {
    "extension": _stays(CHUNKED, body=b"2b;a=b\r\n%s\r\n0;c\r\n\r\n" % ADA),
    "quoted extension": _stays(CHUNKED, body=b'2b;a="0;\\"b"\r\n%s\r\n' % ADA + _LAST),
    "zeros": _stays(CHUNKED, body=b"00000000000000000002b\r\n%s\r\n" % ADA + _LAST),
    "capitals": _stays(CHUNKED, body=b"2B\r\n%s\r\n000\r\n\r\n" % ADA),
    "bytes": _stays(CHUNKED, body=b"".join(b"1\r\n%c\r\n" % byte for byte in ADA) + _LAST),
    "trailer": _stays(
        CHUNKED, body=b"2b\r\n%s\r\n0\r\nX: y\r\nContent-Type: text/plain\r\n\r\n" % ADA
    ),
    "trailer with an offer": _stays(
        CHUNKED, body=b"2b\r\n%s\r\n0\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n" % ADA
    ),
    "closing trailer": Probe(
        post(CHUNKED, body=b"2b\r\n%s\r\n0\r\nConnection: close\r\n\r\n" % ADA) + HIDDEN,
        [201],
        ends=True,
    ),
    "trailer with a length": _refused(
        CHUNKED, body=b"2b\r\n%s\r\n0\r\nContent-Length: 5\r\n\r\n" % ADA
    ),
    "trailer with a coding": _refused(
        CHUNKED, body=b"2b\r\n%s\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n" % ADA
    ),
    "trailer, folded": _refused(CHUNKED, body=b"2b\r\n%s\r\n0\r\nX: y\r\n z\r\n\r\n" % ADA),
    "trailer with a bare LF": _refused(CHUNKED, body=b"2b\r\n%s\r\n0\r\nX: y\nZ: z\r\n\r\n" % ADA),
    **{
        name: _refused(CHUNKED, body=body)
        for name, body in {
            "bare LF behind a size": b"2b\n%s\r\n" % ADA + _LAST,
            "bare CR behind a size": b"2b\r%s\r\n" % ADA + _LAST,
            "bare LF behind the data": b"2b\r\n%s\n" % ADA + _LAST,
            "bare CR behind the data": b"2b\r\n%s\r" % ADA + _LAST,
            "nothing behind the data": b"2b\r\n%s" % ADA + _LAST,
            "longer data": b"2a\r\n%s\r\n" % ADA + _LAST,
            "bare LF at the end of chunks": b"2b\r\n%s\r\n0\r\n\n" % ADA,
            "bare CR at the end of chunks": b"2b\r\n%s\r\n0\r\n\r" % ADA,
            "bare LF behind the last size": b"2b\r\n%s\r\n0\n\r\n" % ADA,
            "bare LF in an extension": b"2b;a\n%s\r\n" % ADA + _LAST,
            "bare CR in an extension": b"2b;a\rb\r\n%s\r\n" % ADA + _LAST,
            "line break in a quoted extension": b'2b;a="\r\n%s\r\n' % ADA + _LAST,
            "semicolon alone": b"2b;\r\n%s\r\n" % ADA + _LAST,
            "space behind a size": b"2b \r\n%s\r\n" % ADA + _LAST,
            "space before a size": b" 2b\r\n%s\r\n" % ADA + _LAST,
            "space before an extension": b"2b ;a\r\n%s\r\n" % ADA + _LAST,
            "no size": b"\r\n%s\r\n" % ADA + _LAST,
            "size with 0x": b"0x2b\r\n%s\r\n" % ADA + _LAST,
            "size with plus": b"+2b\r\n%s\r\n" % ADA + _LAST,
            "size with minus": b"-2b\r\n%s\r\n" % ADA + _LAST,
            "size with an underscore": b"2_b\r\n%s\r\n" % ADA + _LAST,
            "size beyond 64 bits": b"1000000000000002b\r\n%s\r\n" % ADA + _LAST,
        }.items()
    },
}

PROBES = OFFERS | FRAMING | CHUNKING


@pytest.fixture(scope="module")
def server() -> uvicorn.Config:
    """The application as it is served, with the examples of the contract in place of a database."""
    return _configured(Seeing(mock.create_app(Settings())))


def _configured(app: Seeing) -> uvicorn.Config:
    config = configuration(app)
    config.load()
    config.loaded_app = app  # past uvicorn's own middleware
    return config


@pytest.mark.parametrize("name", PROBES)
def test_framing_is_read_in_the_one_way_that_is_safe(server: uvicorn.Config, name: str) -> None:
    probe = PROBES[name]

    found = served(exchange(server, probe.sent))

    assert (found.statuses, found.ended) == (probe.statuses, probe.ends)
    bodies = [each.body for each in found.seen if each.method == "POST" and b"Ada" in each.body]
    assert bodies == [ADA] * probe.statuses.count(201)
    assert not [each for each in found.seen if "limit=7" in each.target], "what is hidden stays so"


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBES)
def test_cut_at_any_byte_changes_nothing(server: uvicorn.Config, name: str) -> None:
    sent = PROBES[name].sent
    head = sent.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    cuts = (
        range(len(head) - 1, len(sent))
        if name in CHUNKING
        else range(1, min(len(head), len(sent)) + 1)
    )

    async def cut_everywhere() -> dict[int, Exchange]:
        whole = await exchange(server, sent)
        found = {cut: await exchange(server, sent[:cut], sent[cut:]) for cut in cuts}
        return {cut: each for cut, each in found.items() if each != whole}

    assert served(cut_everywhere()) == {}


# --- Over a socket, and behind proxies ------------------------------------------------------------


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the service behind the port: a line for each request, refused ones included."""
    return tmp_path_factory.mktemp("service") / "log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    """The port of a service with the examples of the contract in place of a database."""
    with running_service(command="mock", log_file=log) as url:
        yield int(url.rpartition(":")[2])


def _sent(port: int, *segments: bytes, statuses: list[int]) -> bytes:
    """Send segments with a pause between them; return as many answers as there shall be."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, segment in enumerate(segments):
            if number:
                time.sleep(0.02)
            connection.sendall(segment)
        received = b""
        while statuses_in(received) != statuses or not received.endswith(b"}"):
            received += connection.recv(65536) or pytest.fail(
                f"the connection ended behind {received!r}"
            )
    return without_own(received)


def _sample() -> list[tuple[str, int]]:
    chance = random.Random(9112)
    names = [chance.choice(sorted(PROBES)) for _ in range(50)]
    return [(name, chance.randrange(1, len(PROBES[name].sent))) for name in names]


@pytest.mark.parametrize(("name", "cut"), _sample())
def test_cut_on_a_socket_changes_nothing(port: int, name: str, cut: int) -> None:
    probe = PROBES[name]

    whole = _sent(port, probe.sent, statuses=probe.statuses)

    assert _sent(port, probe.sent[:cut], probe.sent[cut:], statuses=probe.statuses) == whole


HAPROXY = """
global
    stats socket {folder}/stats
    log stdout format raw local0
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 10s
    retries 0
    option http-keep-alive
    http-reuse always
frontend public
    bind 127.0.0.1:{port}
    log global
    log-format "REQUEST %s %HM %HPO"
    http-request deny if {{ path_beg /authors }}
    default_backend service
backend service
    option httpchk GET /livez
    server service 127.0.0.1:{service} check inter 500ms fall 1000 pool-max-conn 4
"""

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    map $http_upgrade $offer {{ '' ''; default upgrade; }}
    log_format requests 'REQUEST $upstream_addr $request_method $uri';
    access_log {folder}/log requests;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream service {{ server 127.0.0.1:{service}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_next_upstream off;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $offer;
        }}
        location /authors {{ deny all; }}
    }}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A proxy in front of the service, which denies /authors."""

    port: int
    folder: Path

    def forwarded(self) -> list[tuple[str, str]]:
        """Return method and path of each request that it has passed on, as its log says."""
        lines = [
            line.split()
            for line in (self.folder / "log").read_text().splitlines()
            if line.startswith("REQUEST")
        ]
        return sorted((method, path) for _, to, method, path in lines if to not in ("<NOSRV>", "-"))


@contextmanager
def _proxy(
    name: str, template: str, *arguments: str, folder: Path, service: int
) -> Iterator[Proxy]:
    program = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no {name}")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = folder / "settings"
    settings.write_text(template.format(folder=folder, port=port, service=service))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [program, *arguments, str(settings)], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(lambda: _listens(port), "the proxy listens")
            yield Proxy(port, folder)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, f"after ten seconds it is not so: {what}"
        time.sleep(0.01)


@pytest.fixture(scope="module", params=["haproxy", "nginx"])
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, port: int
) -> Iterator[Proxy]:
    """A proxy that keeps connections to the service for all of its clients."""
    folder = tmp_path_factory.mktemp("proxy")
    template, arguments = {
        "haproxy": (HAPROXY, ["-f"]),
        "nginx": (NGINX, ["-p", str(folder), "-c"]),
    }[request.param]
    with _proxy(request.param, template, *arguments, folder=folder, service=port) as proxy:
        yield proxy


def _behind_proxy(name: str) -> bytes:
    """Return a probe for a path that the proxy lets through, with the denied one hidden in it."""
    return (
        PROBES[name]
        .sent.replace(b"POST /authors ", b"POST /articles ")
        .replace(b"/authors/1 ", b"/articles/1 ")
    )


def _send_and_close(port: int, *segments: bytes) -> bytes:
    """Return what comes until the proxy ends the connection, or says no more."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=0.3) as connection:
        try:
            for segment in segments:
                connection.sendall(segment)
                time.sleep(0.02)
            while data := connection.recv(65536):
                received += data
        except (TimeoutError, ConnectionError):
            pass
    return received


class _Client:
    """Sends valid requests for an article of its own, and keeps what each response is about."""

    def __init__(self, port: int, article: str) -> None:
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.article = article
        self.answers: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}", timeout=10, trust_env=False
        ) as client:
            while not self._stop.wait(0.005):
                answer = client.get(self.article, headers={"Prefer": "code=404"})
                self.answers.append(
                    answer.json()["instance"] if answer.status_code == 404 else answer.text
                )


def _seen(log: Path, start: int) -> list[tuple[str, str]]:
    lines = [
        json.loads(line) for line in log.read_text()[start:].splitlines() if line.startswith("{")
    ]
    return sorted(
        (each["method"], each["path"]) for each in lines if each.get("path", "/livez") != "/livez"
    )


def test_behind_a_proxy_the_service_sees_what_was_forwarded_and_each_client_its_own(
    proxy: Proxy, log: Path
) -> None:
    before = len(log.read_text())
    probes = [_behind_proxy(name) for name in PROBES]

    with _Client(proxy.port, "/articles/1") as one, _Client(proxy.port, "/articles/2") as another:
        with ThreadPoolExecutor(16) as senders:
            shown = [*senders.map(lambda sent: _send_and_close(proxy.port, sent), probes)]
            parts = [sent.partition(b"\r\n\r\n") for sent in probes]
            shown += senders.map(
                lambda part: _send_and_close(proxy.port, part[0] + part[1], part[2]), parts
            )

    assert set(one.answers) == {one.article}
    assert set(another.answers) == {another.article}
    assert not [each for each in shown if b'"items"' in each], (
        "what the proxy denies came back with data"
    )
    _wait(lambda: len(proxy.forwarded()) == len(_seen(log, before)), "the logs are complete")
    assert _seen(log, before) == proxy.forwarded()
    assert not [path for _, path in proxy.forwarded() if path.startswith("/authors")]


def test_health_check_of_haproxy_in_http_1_0_without_host_is_served(
    tmp_path: Path, port: int
) -> None:
    def status() -> str:
        with socket.socket(socket.AF_UNIX) as stats:
            stats.connect(str(tmp_path / "stats"))
            stats.sendall(b"show stat service -1 -1\n")
            return stats.makefile().read()

    with _proxy("haproxy", HAPROXY, "-f", folder=tmp_path, service=port):
        _wait(lambda: "L7OK" in status() or "L7STS" in status(), "HAProxy has checked")

        assert "L7OK" in status()
