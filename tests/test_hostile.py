"""Requests that nobody sends by mistake: each gets an orderly answer, and the service stays up."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from specfirst.conformance.strategies import reproducible
from tests.conftest import running_service
from tests.problems import problem
from tests.tokens import ADMIN, ADMIN_TOKEN

LIMIT = 2 * 1024 * 1024  # bytes; the default of BLOG_MAX_BODY_BYTES
JSON = b"Content-Type: application/json"
WRITING = (b"POST", b"PATCH", b"DELETE")
AUTHORIZATION = b"Authorization: Bearer " + ADMIN_TOKEN.encode()
CHUNKED = b"Transfer-Encoding: chunked"
ADA = b'{"first_name":"Ada","last_name":"Lovelace"}'

# --- The wire -------------------------------------------------------------------------------------


def request(
    method: bytes = b"GET",
    target: bytes = b"/authors",
    *headers: bytes,
    body: bytes = b"",
    version: bytes = b"1.1",
) -> bytes:
    """Return the bytes of a request, with nothing added but Host, and a token where it writes."""
    own = [b"Host: service", *([AUTHORIZATION] if method in WRITING else [])]
    return b"\r\n".join([method + b" " + target + b" HTTP/" + version, *own, *headers, b"", body])


def post(body: bytes, *headers: bytes, target: bytes = b"/authors") -> bytes:
    """Return the bytes of a POST that tells the length of its body; JSON without other headers."""
    given = *(headers or [JSON]), b"Content-Length: %d" % len(body)
    return request(b"POST", target, *given, body=body)


def chunked(body: bytes) -> bytes:
    """Return the body in chunks (RFC 9112, section 7.1)."""
    chunks = [body[start : start + 65536] for start in range(0, len(body), 65536)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""])


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[httpx.Client]:
    """A client of the running service; what a test wants to be stored or not, it says itself."""
    with httpx.Client(base_url=service, headers=ADMIN, timeout=30) as client:
        yield client


def connect(service: str) -> socket.socket:
    """Open a connection on which nothing hangs for longer than the test may."""
    url = urlsplit(service)
    return socket.create_connection((url.hostname, url.port), timeout=30)


def answer_on(connection: socket.socket, method: str = "GET") -> httpx.Response:
    """Read one answer; it has to come."""
    answer = http.client.HTTPResponse(connection, method=method)
    answer.begin()
    return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())


def exchange(service: str, *pieces: bytes) -> httpx.Response:
    """Send all, then read the answer."""
    with connect(service) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return answer_on(connection, "HEAD" if pieces[0].startswith(b"HEAD ") else "GET")


def orderly(answer: httpx.Response) -> int:
    """Return the status, once the answer is one that the service may give to anything."""
    assert answer.status_code < 500, answer.text[:500]
    assert str(UUID(answer.headers["X-Request-ID"])) == answer.headers["X-Request-ID"]
    if answer.status_code >= 400 and answer.content:
        problem(answer, answer.status_code)
    return answer.status_code


def shown(value: object) -> str | None:
    """Return a short name of a parameter that is bytes."""
    if not isinstance(value, bytes):
        return None
    return (
        ascii(value)[2:-1]
        if len(value) <= 40
        else f"{ascii(value[:30])[2:-1]}... {len(value)} bytes"
    )


# --- Bodies ---------------------------------------------------------------------------------------


def author(first_name: bytes) -> bytes:
    return b'{"first_name":%s,"last_name":"Lovelace"}' % first_name


BODIES: dict[str, tuple[int, bytes]] = {
    "empty": (400, b""),
    "white": (400, b" \r\n\t"),
    "null": (422, b"null"),
    "array": (422, b"[]"),
    "text": (422, b'"x"'),
    "number": (422, b"1"),
    "boolean": (422, b"true"),
    "two values": (400, ADA + ADA),
    "trailing letter": (400, ADA + b"x"),
    "trailing NUL": (400, ADA + b"\0"),
    "trailing comma": (400, ADA[:-1] + b",}"),
    "comment": (400, b"/* a */" + ADA),
    "line comment": (400, b"// a\n" + ADA),
    "single quotes": (400, b"{'first_name':'Ada','last_name':'Lovelace'}"),
    "bare names": (400, b"{first_name:1}"),
    "cut off": (400, ADA[:-1]),
    "control character": (400, author(b'"a\nb"')),
    "raw NUL": (400, author(b'"a\0b"')),
    "only NULs": (400, b"\0" * 1000),
    "unknown escape": (400, author(rb'"\x41"')),
    "short escape": (400, author(rb'"\u00"')),
    "NUL escaped": (422, author(rb'"a\u0000b"')),
    "NUL in a name": (422, ADA[:-1] + rb',"\u0000":1}'),
    "high surrogate": (422, author(rb'"\ud800"')),
    "low surrogate": (422, author(rb'"\udc00"')),
    "surrogates the wrong way round": (422, author(rb'"\ude00\ud83d"')),
    "surrogate in a name": (422, ADA[:-1] + rb',"\ud800":1}'),
    "many surrogates in a name": (422, ADA[:-1] + b',"%s":1}' % (rb"\udfff" * 3000)),
    "surrogate pair": (201, author(rb'"\ud83d\ude00"')),
    "noncharacters": (201, author('"\ufdd0\uffff\U0010ffff"'.encode())),
    "surrogate in UTF-8": (400, author(b'"\xed\xa0\x80"')),
    "CESU-8": (400, author(b'"\xed\xa0\xbd\xed\xb8\x80"')),
    "overlong NUL": (400, author(b'"\xc0\x80"')),
    "overlong slash": (400, author(b'"\xe0\x80\xaf"')),
    "beyond Unicode": (400, author(b'"\xf4\x90\x80\x80"')),
    "lone continuation": (400, author(b'"\x80"')),
    "latin-1": (400, author('"é"'.encode("latin-1"))),
    "byte order mark": (400, b"\xef\xbb\xbf" + ADA),
    "UTF-16": (400, ADA.decode().encode("utf-16")),
    "UTF-16-LE": (400, ADA.decode().encode("utf-16-le")),
    "UTF-16-BE": (400, ADA.decode().encode("utf-16-be")),
    "UTF-32": (400, ADA.decode().encode("utf-32")),
    "UTF-32-LE": (400, ADA.decode().encode("utf-32-le")),
    "gzip's first bytes": (400, b"\x1f\x8b\x08\x00"),
    "deep arrays": (400, b"[" * 15_000),
    "deep arrays, closed": (400, b"[" * 15_000 + b"]" * 15_000),
    "deep objects": (400, b'{"a":' * 15_000),
    "deep in a member": (400, author(b"[" * 15_000 + b"]" * 15_000)),
    "not quite so deep": (422, author(b"[" * 500 + b"]" * 500)),
    "member twice": (400, b'{"first_name":"Ada","last_name":"Lovelace","last_name":"King"}'),
    "member twice, once escaped": (
        400,
        b'{"first_name":"Ada","last_name":"Lovelace","\\u006cast_name":"King"}',
    ),
    "member twice, further in": (400, author(b'{"a":1,"a":1}')),
    "surrogate member twice": (400, rb'{"\ud800":1,"\ud800":1}'),
    "many members, the last twice": (
        400,
        b"{%s}" % b",".join(b'"%d":1' % min(n, 14_999) for n in range(15_001)),
    ),
    "many unknown members": (422, b"{%s}" % b",".join(b'"%d":1' % n for n in range(10_000))),
    "member of tildes": (422, b'{"%s":1}' % (b"~" * 1000)),
    "member of a letter and tildes": (422, b'{"a%s":1}' % (b"~" * 1000)),
    "member of slashes": (422, b'{"%s":1}' % (b"/" * 1000)),
    "member without a name": (422, ADA[:-1] + b',"":1}'),
    "prototype": (422, ADA[:-1] + b',"__proto__":{}}'),
    "too many members": (413, b"{%s}" % b",".join(b'"%d":1' % n for n in range(20_000))),
    "too many numbers": (413, b"[%s]" % b",".join([b"1"] * 20_000)),
    "too many objects": (413, b"[%s]" % b",".join([b"{}"] * 700_000)),
    "too many arrays": (413, b"[" * 20_000),
    "signs in a text": (422, author(b'"%s"' % (b'[{,\\"' * 100_000))),
    "texts and nothing else": (400, b'""' * 1_000_000),
    "quotes in a text without an end": (400, b'"' + b'\\",' * 600_000),
    "unfinished text": (400, b'{"a":"' + b"x" * 1_000_000),
}

NUMBERS: dict[str, tuple[int, bytes]] = {
    "one": (201, b"1"),
    "integral": (201, b"1.0"),
    "exponent": (201, b"10E-1"),
    "long integral": (201, b"1." + b"0" * 100_000),
    "fraction": (422, b"1.5"),
    "zero": (422, b"0"),
    "minus zero": (422, b"-0"),
    "minus zero point": (422, b"-0.0"),
    "largest": (404, b"9223372036854775807"),
    "too large": (422, b"9223372036854775808"),
    "hundred thousand digits": (422, b"9" * 100_000),
    "hundred thousand digits less": (422, b"-" + b"9" * 100_000),
    "hundred thousand digits and a half": (422, b"9" * 100_000 + b".5"),
    **{
        f"{digits} digits{said}": (422, sign + b"9" * digits + rest)
        for digits in (19, 309, 400, 900, 999, 1000, 1001, 4299, 4300, 4301, 5000)
        for said, sign, rest in (
            ("", b"", b""),
            (" less", b"-", b""),
            (" and a half", b"", b".5"),
            (" as a fraction", b"", b".0"),
            (" and an exponent", b"", b"e1"),
        )
    },
    **{
        f"{digits} zeros{said}": (status, first + b"0" * digits + rest)
        for digits in (309, 900, 4300, 5000)
        for said, status, first, rest in (
            (" behind the point", 201, b"1.", b""),
            (" before the last digit", 422, b"0.", b"1"),
            (" made good by an exponent", 201, b"1", b"e-%d" % digits),
        )
    },
    "infinite": (422, b"1e400"),
    "minus infinite": (422, b"-1e400"),
    "far more than infinite": (422, b"1E999999999"),
    "next to nothing": (422, b"1e-999999999"),
    "true": (422, b"true"),
    "null": (422, b"null"),
    "text": (422, b'"1"'),
    "array": (422, b"[1]"),
    "NaN": (400, b"NaN"),
    "Infinity": (400, b"Infinity"),
    "-Infinity": (400, b"-Infinity"),
    "leading zero": (400, b"01"),
    "plus": (400, b"+1"),
    "hexadecimal": (400, b"0x1"),
    "underscore": (400, b"1_0"),
    "no fraction": (400, b"1."),
    "full-width": (400, "１".encode()),
}


@pytest.mark.parametrize("name", BODIES)
def test_hostile_body_gets_its_status(service: str, name: str) -> None:
    status, body = BODIES[name]

    assert orderly(exchange(service, post(body))) == status


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.usefixtures("database_url")
def test_hostile_number_gets_its_status(client: httpx.Client, service: str, name: str) -> None:
    status, number = NUMBERS[name]
    client.post("/authors", json=json.loads(ADA)).raise_for_status()

    answer = exchange(
        service, post(b'{"title":"t","content":"c","author_id":%s}' % number, target=b"/articles")
    )

    assert orderly(answer) == status


@given(body=st.binary())
@example(body=b"\xff")
@reproducible
def test_any_bytes_as_body_get_an_orderly_answer(service: str, body: bytes) -> None:
    patch = request(
        b"PATCH",
        b"/authors/1",
        b"Content-Type: application/merge-patch+json",
        b"Content-Length: %d" % len(body),
        body=body,
    )

    for sent in (post(body), post(body, target=b"/articles"), patch):
        assert orderly(exchange(service, sent)) in {400, 422}


_texts = st.text(st.characters(), max_size=5)  # surrogates and NUL among them
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts
_values = st.recursive(
    _scalars, lambda values: st.lists(values) | st.dictionaries(_texts, values), max_leaves=3
)
_members = st.sampled_from(["title", "summary", "content", "author_id"])


@given(body=st.dictionaries(_members | _texts, _values, max_size=5))
@example(body={"title": "\ud800", "content": "\0", "author_id": 2**63, "\udfff": {"\udfff": []}})
@reproducible
def test_any_json_as_body_gets_an_orderly_answer(service: str, body: dict[str, Any]) -> None:
    answer = exchange(service, post(json.dumps(body).encode(), target=b"/articles"))

    assert orderly(answer) in {400, 404, 422}  # 400 where a float is out of range: Infinity


def test_body_with_thousands_of_wrong_places_is_told_how_many(service: str) -> None:
    members = b",".join(b'"%d":1' % number for number in range(2000))

    answer = exchange(service, post(b"{%s}" % members))

    [told] = problem(answer, 422)["errors"]
    assert (told["pointer"], told["code"], told["detail"]) == (
        "",
        "too_many_errors",
        "Too many errors: 2002",
    )


# --- Media types ----------------------------------------------------------------------------------

MEDIA_TYPES: dict[bytes, int] = {
    b"application/json": 201,
    b"Application/JSON": 201,
    b"application/json;": 201,  # RFC 9110, section 5.6.6 has room for nothing between semicolons
    b"application/json; charset=utf-8": 201,
    b"application/json;charset=UTF-8": 201,
    b"application/json\t;\tcharset=utf-8\t;": 201,
    b'application/json; charset="utf-8"': 201,
    b"application/json; charset=utf8": 201,
    b'application/json; CharSet="UTF8"': 201,
    b"application/json; version=1": 201,  # RFC 2045, section 5: unknown parameters are ignored
    b'application/json; profile="a;b, \\"c\\""; charset=utf8': 201,
    b"application/json; version=1; charset=latin-1": 415,
    b"application/json; version": 415,
    b'application/json; charset="utf-8': 415,
    b"application/json; charset='utf-8'": 415,
    b"application/json; charset=latin-1": 415,
    b"application/json; charset=utf-16": 415,
    b"application/json; charset=utf-8; charset=latin-1": 415,
    b"application/json; charset": 415,
    b"application/json, application/json": 415,
    b"application/json+x": 415,
    b"application/merge-patch+json": 415,
    b"application/problem+json": 415,
    b"application/x-www-form-urlencoded": 415,
    b"multipart/form-data; boundary=x": 415,
    b"text/json": 415,
    b"*/*": 415,
    b"json": 415,
    b";": 415,
    b"": 415,
    b"application/json\xff": 415,
    b"application/json; \xff=\xff": 415,
}


@pytest.mark.parametrize("media_type", MEDIA_TYPES, ids=shown)
def test_media_type_gets_its_status(service: str, media_type: bytes) -> None:
    answer = exchange(service, post(ADA, b"Content-Type: " + media_type))

    assert orderly(answer) == MEDIA_TYPES[media_type]


@pytest.mark.parametrize(
    "headers",
    [
        [b"Accept: */*"],
        [JSON, b"Content-Type: text/plain"],
        [b"Content-Type: text/plain", JSON],
        [JSON, JSON],
        [JSON, b"Content-Encoding: gzip"],
        [JSON, b"Content-Encoding: br"],
        [JSON, b"Content-Encoding: identity, gzip"],
        [JSON, b"Content-Encoding: identity", b"Content-Encoding: gzip"],
        [JSON, b"Content-Encoding: \xff"],
    ],
)
def test_missing_repeated_or_encoded_media_type_is_a_415(
    service: str, headers: list[bytes]
) -> None:
    assert orderly(exchange(service, post(ADA, *headers))) == 415


def test_wrong_media_type_of_a_patch_names_the_right_ones(client: httpx.Client) -> None:
    answer = client.patch("/authors/1", content="{}", headers={"Content-Type": "text/plain"})

    problem(answer, 415)
    assert answer.headers["Accept-Patch"] == "application/json, application/merge-patch+json"


@pytest.mark.parametrize(
    "headers", [[], [b"Content-Length: 0"], [JSON], [JSON, b"Content-Length: 0"]]
)
def test_no_body_at_all_is_a_400(service: str, headers: list[bytes]) -> None:
    assert orderly(exchange(service, request(b"POST", b"/authors", *headers))) == 400


# --- Sizes and uploads ----------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 201), (LIMIT + 1, 413)])
def test_body_at_the_limit_is_accepted_and_one_byte_more_is_not(
    service: str, size: int, status: int
) -> None:
    body = ADA.ljust(size)

    assert orderly(exchange(service, post(body))) == status
    assert (
        orderly(exchange(service, request(b"POST", b"/authors", JSON, CHUNKED, body=chunked(body))))
        == status
    )


def test_largest_article_in_the_longest_escaping_is_accepted_and_read_back(
    client: httpx.Client,
) -> None:
    author_id = client.post("/authors", json=json.loads(ADA)).json()["id"]
    article = {
        "title": "😀" * 200,
        "summary": "🚀" * 500,
        "content": "🐘" * 100_000,
        "author_id": author_id,
    }

    answer = client.post(
        "/articles", content=json.dumps(article), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 201
    stored = client.get(answer.headers["Location"]).json()
    assert article.items() <= stored.items()


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
@pytest.mark.parametrize(
    ("status", "target", "media_type"),
    [
        (413, b"/authors", b"application/json"),
        (415, b"/authors", b"text/plain"),
        (404, b"/nowhere", b"application/json"),
        (405, b"/livez", b"application/json"),
    ],
)
def test_client_that_sends_four_million_bytes_before_it_reads_sees_the_answer(
    service: str, version: bytes, connection: bytes, status: int, target: bytes, media_type: bytes
) -> None:
    headers = [
        b"Content-Type: " + media_type,
        b"Connection: " + connection,
        b"Content-Length: 4000000",
    ]

    answer = exchange(
        service, request(b"POST", target, *headers, version=version), b"x" * 4_000_000
    )

    problem(answer, status)


def test_endless_upload_is_refused_at_the_limit(service: str) -> None:
    with connect(service) as connection:
        connection.sendall(request(b"POST", b"/authors", JSON, CHUNKED))
        # and it never ends
        connection.sendall(chunked(b"x" * (LIMIT + 1)).removesuffix(b"0\r\n\r\n"))

        problem(answer_on(connection), 413)


def test_body_in_single_bytes_is_put_together(service: str) -> None:
    with connect(service) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in post(ADA):
            connection.sendall(bytes([byte]))

        assert orderly(answer_on(connection)) == 201


def test_content_length_that_is_too_short_cuts_the_body(service: str) -> None:
    assert (
        orderly(
            exchange(service, request(b"POST", b"/authors", JSON, b"Content-Length: 5", body=ADA))
        )
        == 400
    )


@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: -1"],
        [b"Content-Length: +1"],
        [b"Content-Length: x"],
        [b"Content-Length: 1, 1"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: 5", CHUNKED],
        [b"Content-Length: " + b"9" * 100],
        [b"Transfer-Encoding: gzip"],
        [b"Transfer-Encoding: chunked, chunked"],
    ],
)
def test_length_that_cannot_be_known_is_a_400(service: str, headers: list[bytes]) -> None:
    assert (
        orderly(exchange(service, request(b"POST", b"/authors", JSON, *headers, body=ADA))) == 400
    )


@pytest.mark.parametrize("body", [b"zz\r\n", b"f" * 40 + b"\r\n", b"-1\r\n", b"2\r\n{}x"])
def test_malformed_chunk_is_a_400(service: str, body: bytes) -> None:
    assert (
        orderly(exchange(service, request(b"POST", b"/authors", JSON, CHUNKED, body=body))) == 400
    )


def test_client_that_expects_100_is_told_to_go_on(service: str) -> None:
    head = request(
        b"POST", b"/authors", JSON, b"Expect: 100-continue", b"Content-Length: %d" % len(ADA)
    )
    with connect(service) as connection:
        connection.sendall(head)
        told = connection.recv(1024)
        connection.sendall(ADA)

        assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert orderly(answer_on(connection)) == 201


def test_client_that_expects_100_with_too_large_a_body_is_refused_at_once(service: str) -> None:
    head = request(b"POST", b"/authors", JSON, b"Expect: 100-continue", b"Content-Length: 10485760")
    with connect(service) as connection:
        connection.sendall(head)

        assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_aborted_upload_stores_nothing_and_leaves_no_traceback(
    database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    long = request(b"POST", b"/authors", JSON, b"Content-Length: 1000000", body=ADA)
    endless = request(b"POST", b"/authors", JSON, CHUNKED, body=b"ff\r\n" + ADA)
    closing = request(
        b"POST", b"/authors", JSON, b"Connection: close", b"Content-Length: 1000000", body=ADA
    )

    with running_service(log_file=log, BLOG_DATABASE_URL=database_url) as service:
        for sent in (long, endless, closing) * 3:
            with connect(service) as connection:
                connection.sendall(sent)
        assert httpx.get(f"{service}/authors").json()["items"] == []

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in lines if line.get("method") == "POST"] == [499] * 9
    assert not [line for line in lines if "stack" in line or line["level"] == "error"]


# --- Queries --------------------------------------------------------------------------------------

QUERIES: dict[bytes, int] = {
    b"": 200,
    b"&": 200,
    b"limit=5#fragment": 200,
    b"limit=0": 422,
    b"limit=101": 422,
    b"limit=-1": 422,
    b"limit=-0": 422,
    b"limit=1.0": 422,
    b"limit=1e1": 422,
    b"limit=0x5": 422,
    b"limit=05": 422,
    b"limit=+5": 422,
    b"limit=%2B5": 422,
    b"limit=5%20": 422,
    b"limit=5%00": 422,
    b"limit=1_0": 422,
    b"limit=%EF%BC%95": 422,  # a full-width 5
    b"limit=1%EF%BC%95": 422,
    b"limit=%D9%A5": 422,  # an Arabic-Indic 5
    b"limit=": 422,
    b"limit": 422,
    b"limit=true": 422,
    b"limit=null": 422,
    b"limit=" + b"9" * 31: 422,
    b"limit=" + b"9" * 32: 422,
    **{
        b"limit=" + sign + b"9" * digits: 422
        for digits in (309, 900, 999, 1000, 1001, 4299, 4300, 4301, 5000)
        for sign in (b"", b"-")
    },
    b"limit=5;sort=last_name": 422,
    b"limit=5%0d%0aX-Injected:%201": 422,
    b"sort=": 422,
    b"sort=title": 422,
    b"sort=LAST_NAME": 422,
    b"sort=last_name,id": 422,
    b"sort=--last_name": 422,
    b"sort=last_name%00": 422,
    b"sort='%20OR%201=1--": 422,
    b"cursor=": 422,
    b"cursor=" + b"A" * 2049: 422,
    b"cursor=" + b"A" * 2048: 400,
    b"cursor=%00": 400,
    b"cursor====": 400,
    b"cursor=%F0%9F%98%80": 400,
    b"limit=5&limit=5": 400,
    b"limit=5&%6cimit=5": 400,
    b"Limit=5": 400,
    b"limit[]=5": 400,
    b"x=1": 400,
    b"=": 400,
    b"?": 400,
    b"%": 400,
    b"%zz=1": 400,
    b"%00=1": 400,
    b"a/~b=1": 400,
    b"%ff=1": 400,
    b"limit=%ff": 400,
    b"limit=%C0%80": 400,
    b"limit=%ED%A0%80": 400,  # a surrogate
    b"\xff": 400,
    b"limit=\xef\xbc\x95": 400,
    b"&".join(b"p%d=1" % number for number in range(1000)): 400,
    b"&".join(b"p%d=1" % number for number in range(5000)): 400,
    b"&".join([b"limit=5"] * 1000): 400,
    b"x=" + b"y" * 60_000: 400,
    b"x=" + b"y" * 300_000: 431,
    b"~" * 600: 400,
}


@pytest.mark.parametrize("query", QUERIES, ids=shown)
def test_hostile_query_gets_its_status(service: str, query: bytes) -> None:
    assert orderly(exchange(service, request(b"GET", b"/authors?" + query))) == QUERIES[query]


@pytest.mark.parametrize(
    "author_id",
    [
        *("0", "-1", "9223372036854775808", "1.0", "x", "", "%00", "１"),
        *("9" * digits for digits in (400, 900, 999, 1000, 1001, 4299, 4300, 4301, 5000)),
    ],
    ids=lambda text: text if len(text) < 20 else f"{len(text)} digits",
)
def test_id_in_a_query_that_cannot_exist_is_a_422(client: httpx.Client, author_id: str) -> None:
    answer = client.get(f"/articles?author_id={quote(author_id, safe='%')}")

    assert [error["pointer"] for error in problem(answer, 422)["errors"]] == ["/author_id"]


@given(query=st.binary())
@example(query=b"\xff=\x00")
@reproducible
def test_any_bytes_as_query_get_an_orderly_answer(service: str, query: bytes) -> None:
    for path in (b"/authors?", b"/articles?", b"/authors/1?", b"/livez?"):
        orderly(exchange(service, request(b"GET", path + quote(query).encode())))
        orderly(exchange(service, request(b"GET", path + query)))


@given(value=st.binary())
@reproducible
def test_any_bytes_as_parameter_get_an_orderly_answer(service: str, value: bytes) -> None:
    for name in (b"limit", b"cursor", b"sort", b"author_id"):
        target = b"/articles?" + name + b"=" + quote(value).encode()
        assert orderly(exchange(service, request(b"GET", target))) in {200, 400, 422}


# --- Paths ----------------------------------------------------------------------------------------

NOWHERE = [
    b"/authors/0",
    b"/authors/-1",
    b"/authors/-0",
    b"/authors/+1",
    b"/authors/01",
    b"/authors/1.0",
    b"/authors/1e3",
    b"/authors/0x1",
    b"/authors/1_0",
    b"/authors/%201",
    b"/authors/1%20",
    b"/authors/1%0a",
    b"/authors/1%00",
    b"/authors/%00",
    b"/authors/%EF%BC%99",  # a full-width 9
    b"/authors/1%EF%BC%99",
    b"/authors/%D9%A1",  # an Arabic-Indic 1
    b"/authors/%C2%B2",  # a superscript 2
    b"/authors/%ff",
    b"/authors/%ED%A0%80",
    b"/authors/%",
    b"/authors/%zz",
    b"/authors/9223372036854775808",
    b"/authors/" + b"9" * 31,
    *(
        b"/authors/" + sign + b"9" * digits
        for digits in (309, 900, 999, 1000, 1001, 4299, 4300, 4301, 5000, 10_000)
        for sign in (b"", b"-")
    ),
    b"/authors/null",
    b"/authors/None",
    b"/authors/true",
    b"/authors/{author_id}",
    b"/authors/1;x=1",
    b"/authors/%0d%0aX-Injected:%201",
    b"/authors/%1b[31m",
    b"/authors/",
    b"/authors/1/",
    b"/authors//1",
    b"/authors/%2F1",
    b"/authors%2F1",
    b"/authors%2f1",
    b"/authors%252F1",
    b"/authors%5C1",
    b"/%2Fauthors",
    b"/%",
    b"/%zzauthors",
    b"/author%C1%B3",  # an overlong s
    b"/authors/.",
    b"/authors/..",
    b"/authors/%2e%2e/",
    b"/authors/../authors",
    b"//authors",
    b"/AUTHORS",
    b"/authors\\1",
    b"/authors;x",
    b"/",
    b"//",
    b"/" + b"a/" * 10_000,
    b"/" + b"%00" * 1000,
    b"*",
    b"http://service/",
    b"/docs//",
    b"/docs/.",
    b"/docs/%2e%2e/",
    b"/docs/%2f",
    b"/docs%0a",
    b"/docs%00",
    b"/favicon.ico/",
    b"/favicon.svg/..",
    b"/%0a",
    b"/docs/assets",
    b"/docs/assets/",
    b"/docs/assets/../../../app/main.py",
    b"/docs/assets/%2e%2e/__init__.py",
    b"/docs/assets/..%2f__init__.py",
    b"/docs/assets//etc/passwd",
    b"/docs/assets/%00",
    b"/docs/assets/" + b"a" * 5000,
    b"/docs/assets/swagger-ui.css/",
    b"/docs%2Fassets%2Fswagger-ui.css",
    b"/docs%2fassets/swagger-ui.css",
    b"/docs/assets%2Fswagger-ui.css",
    b"/problems%2Fnot-found",
    b"/problems/not-found%2F",
    b"/problems/%2Fnot-found",
    b"/problems//",
    b"/problems/not-found/",
    b"/problems/not-found%0a",
    b"/problems/%00",
    b"/problems/..",
]


@pytest.mark.parametrize("target", NOWHERE, ids=shown)
def test_path_that_leads_nowhere_is_a_404(service: str, target: bytes) -> None:
    answer = exchange(service, request(b"GET", target))

    assert problem(answer, 404)["type"] == "/problems/not-found"
    assert "X-Injected" not in answer.headers


def test_largest_id_may_exist_and_does_not(client: httpx.Client) -> None:
    answer = client.get("/authors/9223372036854775807")

    assert problem(answer, 404)["type"] == "/problems/author-not-found"


@pytest.mark.parametrize(
    "target", [b"/authors/\xff", b"/authors/ 1", b"authors", b"?limit=1", b"#", b"", b"http://[/"]
)
def test_target_that_is_none_is_a_400(service: str, target: bytes) -> None:
    assert orderly(exchange(service, request(b"GET", target))) == 400


@pytest.mark.parametrize(
    "target",
    [
        b"http://service/authors",
        b"https://a:b@elsewhere/authors?limit=5",
        b"/%61uthors",
        b"/%61%75%74%68%6F%72%73",
        b"/%64ocs",
        b"/openapi%2ejson",
        b"/problems/not%2Dfound",
    ],
)
def test_other_spelling_of_a_path_reaches_it(service: str, target: bytes) -> None:
    assert orderly(exchange(service, request(b"GET", target))) == 200


@pytest.mark.parametrize(
    "target", [b"/authors%2F1", b"/authors%2f1", b"/authors%2F%31", b"/authors%2F1?cascade=true"]
)
@pytest.mark.usefixtures("database_url")
def test_encoded_slash_leads_to_no_author(
    client: httpx.Client, service: str, target: bytes
) -> None:
    kept = client.post("/authors", content=ADA, headers={"Content-Type": "application/json"}).json()
    patch = b'{"first_name":"Eve"}'
    changes = [b"Content-Type: application/merge-patch+json", b"Content-Length: %d" % len(patch)]

    deleted = exchange(service, request(b"DELETE", target))
    patched = exchange(service, request(b"PATCH", target, *changes, body=patch))

    for answer in (deleted, patched):
        assert problem(answer, 404)["type"] == "/problems/not-found"
    assert (kept["id"], client.get("/authors/1").json()) == (1, kept)


@pytest.mark.parametrize("method", [b"OPTIONS", b"PUT", b"TRACE"])
def test_path_with_an_encoded_slash_has_no_methods(service: str, method: bytes) -> None:
    for target in (b"/authors%2F1", b"/docs%2Fassets%2Fswagger-ui.css", b"/problems%2Fnot-found"):
        answer = exchange(service, request(method, target))

        problem(answer, 404)
        assert "Allow" not in answer.headers


@pytest.mark.parametrize(
    ("target", "instance"),
    [
        (b"/authors%2F1", "/authors%2F1"),
        (b"/authors%2f1", "/authors%2f1"),
        (b"/authors/caf%C3%A9", "/authors/caf%C3%A9"),
        (b"/authors/%ff", "/authors/%ff"),
        (b"/authors/100%", "/authors/100%25"),
        (b"/authors/a:b", "/authors/a%3Ab"),
        (b"/nowhere?a=b", "/nowhere"),
    ],
)
def test_problem_has_the_path_as_it_was_sent(service: str, target: bytes, instance: str) -> None:
    assert problem(exchange(service, request(b"GET", target)), 404)["instance"] == instance


@given(path=st.binary())
@example(path=b"\x00\xff")
@reproducible
def test_any_bytes_as_path_get_an_orderly_answer(service: str, path: bytes) -> None:
    for prefix in (b"/", b"/authors/", b"/problems/", b"/docs/assets/"):
        orderly(exchange(service, request(b"GET", prefix + quote(path, safe="").encode())))
        orderly(exchange(service, request(b"GET", prefix + path)))


# --- Methods, versions, headers -------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", [b"TRACE", b"PUT", b"PROPFIND", b"CONNECT", b"PURGE", b"LINK", b"PRI", b"M-SEARCH"]
)
@pytest.mark.parametrize(
    ("target", "status"), [(b"/authors", 405), (b"/docs", 405), (b"/x", 404), (b"*", 404)]
)
def test_odd_method_is_refused(service: str, method: bytes, target: bytes, status: int) -> None:
    assert orderly(exchange(service, request(method, target))) in {status, 400}


@pytest.mark.parametrize(
    "method", [b"get", b"", b"GE T", b"FOO", b"G\0ET", b"\xff", b"A" * 100_000], ids=shown
)
def test_method_that_is_none_is_a_400(service: str, method: bytes) -> None:
    assert orderly(exchange(service, request(method))) == 400


@pytest.mark.parametrize("method", [b"TRACE", b"PUT", b"PROPFIND"])
def test_405_of_an_odd_method_has_the_full_allow(service: str, method: bytes) -> None:
    answer = exchange(service, request(method))

    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("version", "status"), [(b"1.0", 200), (b"9.9", 400), (b"1.2", 400), (b"x", 400), (b"", 400)]
)
def test_http_version_is_understood_or_refused(service: str, version: bytes, status: int) -> None:
    assert orderly(exchange(service, request(version=version))) == status


HEADERS = [
    b"Accept: \xff\xfe",
    b"Accept: text/html;q=0",
    b"Accept-Language: " + b"de," * 10_000,
    b"Accept-Encoding: \xff",
    b"Authorization: Basic \xff",
    b"Connection: \xff",
    b"Connection: upgrade\r\nUpgrade: h2c",
    (
        b"Connection: upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA=="
    ),
    b"Content-Length: 0",
    b"Cookie: " + b"a=b;" * 15_000,
    b"Expect: 200-maybe",
    b"Forwarded: for=\xff",
    b"If-Match: \xff",
    b"If-Modified-Since: yesterday",
    b'If-None-Match: "\xff", W/x, *',
    b"If-None-Match: " + b'"a",' * 10_000,
    b"Accept-Encoding: " + b"gzip;q=0," * 6_000,
    b"Range: bytes=9999999-",
    b"Range: bytes=" + b"0-0," * 10_000,
    b"TE: \xff",
    b"Traceparent: \xff",
    b"X-Forwarded-For: \xff, , ,1",
    b"X-Forwarded-Host: [",
    b"X-Forwarded-Proto: \xff",
    b"X-HTTP-Method-Override: DELETE",
    b"X-Request-ID: \xff",
    b"X-Request-ID: " + b"a" * 60_000,
    b"\r\n".join(b"X-%d: x" % number for number in range(5000)),
]


@pytest.mark.parametrize(
    "target", [b"/authors", b"/docs", b"/docs/assets/swagger-ui.css", b"/nowhere"]
)
@pytest.mark.parametrize("header", HEADERS, ids=shown)
def test_hostile_header_changes_nothing(service: str, header: bytes, target: bytes) -> None:
    usual = orderly(exchange(service, request(b"GET", target)))

    assert orderly(exchange(service, request(b"GET", target, header))) == usual


@pytest.mark.parametrize(
    "header", [b"X: \0", b"X", b"X : 1", b": 1", b"X: 1\n\n\r", b"\xff: 1", b"X:\r\n folded"]
)
def test_header_that_is_none_is_a_400(service: str, header: bytes) -> None:
    assert orderly(exchange(service, request(b"GET", b"/authors", header))) == 400


def test_pipelined_requests_are_answered_in_order(service: str) -> None:
    sent = [
        request(b"GET", b"/livez"),
        request(b"GET", b"/nowhere"),
        post(b"{"),
        post(ADA),
        request(b"PUT"),
    ] * 10
    with connect(service) as connection:
        connection.sendall(b"".join(sent) + request(b"GET", b"/livez", b"Connection: close"))
        answers = b"".join(iter(lambda: connection.recv(65536), b""))

    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", answers)]
    assert statuses == [200, 404, 400, 201, 405] * 10 + [200]


# Java's HttpClient offers HTTP/2 with its first request, whether it has a body or not.
OFFER = (
    b"Connection: Upgrade, HTTP2-Settings",
    b"HTTP2-Settings: AAEAAEAAAAIAAAAB",
    b"Upgrade: h2c",
)


def test_offer_of_http2_is_passed_over_and_the_body_read(service: str) -> None:
    offered = post(ADA, *OFFER, JSON)

    with connect(service) as connection:
        for _ in range(2):
            connection.sendall(offered)
            assert answer_on(connection).status_code == 201


def test_body_that_looks_like_an_offer_is_not_touched(service: str) -> None:
    text = r"before\r\nUpgrade: h2c\r\nafter"

    answer = exchange(service, post(author(b'"%s"' % text.encode()), *OFFER, JSON))

    assert answer.status_code == 201
    assert answer.json()["first_name"] == json.loads(f'"{text}"')


def test_raw_body_that_looks_like_an_offer_is_not_touched(service: str) -> None:
    body = ADA[:-1] + b"\r\nUpgrade: h2c\r\n}"

    answer = exchange(service, post(body, *OFFER, JSON))

    assert answer.status_code == 400
    assert "line 2" in answer.json()["detail"]


# --- Wrong in two ways ----------------------------------------------------------------------------

LARGE = b"[" * (LIMIT + 1)
PLAIN = b"Content-Type: text/plain"
PATCH = b"Content-Type: application/merge-patch+json"


@pytest.mark.parametrize(
    ("first", "status", "method", "target", "media_type", "body"),
    [
        ("unknown path before method", 404, b"PUT", b"/nowhere", JSON, b"{}"),
        ("unknown path before media type", 404, b"POST", b"/nowhere", PLAIN, b"{}"),
        ("method before media type", 405, b"PUT", b"/authors", PLAIN, b"{}"),
        ("method before path id", 405, b"PUT", b"/authors/0", JSON, b"{}"),
        ("method before query", 405, b"PUT", b"/authors?x=1", JSON, b"{}"),
        ("media type before size", 415, b"POST", b"/authors", PLAIN, LARGE),
        ("media type before JSON", 415, b"POST", b"/authors", PLAIN, b"{"),
        ("media type before query", 415, b"POST", b"/authors?x=1", PLAIN, ADA),
        ("media type before path id", 415, b"PATCH", b"/authors/0", PLAIN, b"{}"),
        ("size before JSON", 413, b"POST", b"/authors", JSON, LARGE),
        ("size before query", 413, b"POST", b"/authors?x=1", JSON, LARGE),
        ("size before path id", 413, b"PATCH", b"/authors/0", PATCH, LARGE),
        ("JSON before path id", 400, b"PATCH", b"/authors/0", PATCH, b"{"),
        ("query before path id", 400, b"GET", b"/authors/0?x=1", JSON, b""),
        ("query before values", 400, b"POST", b"/authors?x=1", JSON, b"{}"),
        ("unknown parameter before values", 400, b"GET", b"/authors?limit=0&x=1", JSON, b""),
        (
            "path id before values in the body",
            404,
            b"PATCH",
            b"/authors/0",
            PATCH,
            b'{"first_name":""}',
        ),
        (
            "path id before values in the query",
            404,
            b"DELETE",
            b"/authors/0?cascade=maybe",
            JSON,
            b"",
        ),
        (
            "values in the body before the resource",
            422,
            b"PATCH",
            b"/authors/9999",
            PATCH,
            b'{"first_name":""}',
        ),
        (
            "values in the query before the resource",
            422,
            b"DELETE",
            b"/authors/9999?cascade=maybe",
            JSON,
            b"",
        ),
        (
            "values before the named author",
            422,
            b"POST",
            b"/articles",
            JSON,
            b'{"author_id":9999,"title":""}',
        ),
    ],
)
def test_of_two_faults_the_first_in_order_is_answered(
    client: httpx.Client,
    first: str,
    status: int,
    method: bytes,
    target: bytes,
    media_type: bytes,
    body: bytes,
) -> None:
    name, value = media_type.decode().split(": ")

    answer = client.request(method.decode(), target.decode(), content=body, headers={name: value})

    problem(answer, status)
