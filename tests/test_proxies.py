"""Proxy headers are read if the proxy is trusted and they parse; the prefix of a request."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.proxies import Proxies, is_prefix, networks
from app.settings import InvalidSettings, load_settings
from tests.conftest import running_service
from tests.problems import problem
from tests.test_hostile import exchange, orderly, request
from tests.tokens import ADMIN

REQUEST_ID = "6f1c1f6e-7f0d-4c58-9a58-0d6a3d0b7f11"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"
PEER = ("10.0.0.7", 5000)


def read(
    *headers: tuple[bytes, bytes], peer: tuple[str, int] | None = PEER, **settings: str
) -> dict[str, Any]:
    """Return the scope of a request for /authors/1, as it is after reading these headers."""
    proxies = Proxies.of(
        settings.get("trusted", "10.0.0.0/8, 2001:db8::/32"), settings.get("root_path", "")
    )
    path = settings.get("path", "/authors/1")
    scope: dict[str, Any] = {
        "client": peer,
        "scheme": "http",
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "headers": list(headers),
        "state": {},
    }
    if reader := proxies.reader(peer):
        reader(scope)
    return scope


# --- Whom to trust --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "peer", "believed"),
    [
        ("", "127.0.0.1", False),
        ("", "::1", False),
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("10.0.0.7", "::ffff:10.0.0.7", True),
        ("192.168.0.0/16,10.0.0.0/8", "10.1.2.3", True),
        (" 192.168.0.0/16 , 10.0.0.0/8 ,", "10.1.2.3", True),
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "2001:db9::5", False),
        ("2001:db8::/32", "10.0.0.7", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("*", "203.0.113.9", True),
        ("*", "2001:db8::1", True),
    ],
)
def test_only_those_in_the_setting_are_believed(trusted: str, peer: str, believed: bool) -> None:
    scope = read((b"x-request-id", REQUEST_ID.encode()), peer=(peer, 1), trusted=trusted)

    assert scope["state"] == ({"request_id": REQUEST_ID} if believed else {})


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [("*", True), ("10.0.0.0/8", False), ("0.0.0.0/0,::/0", True), ("", False)],
)
def test_peer_without_an_address_is_believed_where_everybody_is(
    trusted: str, believed: bool
) -> None:
    scope = read((b"x-request-id", REQUEST_ID.encode()), peer=None, trusted=trusted)

    assert bool(scope["state"]) is believed


def test_without_proxies_and_prefix_nothing_is_done() -> None:
    assert Proxies().reader(PEER) is None


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1/8",
        "10.0.0",
        "proxy.internal",
        "10.0.0.7;10.0.0.8",
        "10.0.0.7 10.0.0.8",
        "*,10.0.0.7",
    ],
)
def test_setting_that_names_no_networks_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("BLOG_TRUSTED_PROXIES", text)

    with pytest.raises(
        InvalidSettings,
        match=r"^BLOG_TRUSTED_PROXIES: write addresses and networks, separated by commas",
    ):
        load_settings()


# --- The client -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hops", "client"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),  # the first one is the client's claim
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.0.0.8"], "203.0.113.9"),
        (["203.0.113.9,10.0.0.8, 2001:db8::2"], "203.0.113.9"),
        (["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db9::9]:4711"], "2001:db9::9"),
        (["2001:DB9::9"], "2001:db9::9"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["unknown, 10.0.0.8"], "10.0.0.8"),
        (["203.0.113.9, unknown, 10.0.0.8"], "10.0.0.8"),
        (["203.0.113.9, "], "10.0.0.7"),
        (["<script>"], "10.0.0.7"),
        (["fe80::1%a b"], "10.0.0.7"),
        ([""], "10.0.0.7"),
        ([], "10.0.0.7"),
    ],
)  # fmt: skip
def test_client_is_the_last_address_that_is_no_trusted_proxy(hops: list[str], client: str) -> None:
    scope = read(*((b"x-forwarded-for", hop.encode()) for hop in hops))

    assert scope["client"][0] == client


@pytest.mark.parametrize(
    ("sent", "scheme"),
    [
        ([b"https"], "https"),
        ([b"HTTPS"], "https"),
        ([b"gopher"], "http"),
        ([b"https, http"], "http"),
        ([b"https"] * 2, "http"),
    ],
)
def test_scheme_is_the_one_that_is_told(sent: list[bytes], scheme: str) -> None:
    assert read(*((b"x-forwarded-proto", value) for value in sent))["scheme"] == scheme


# --- The id and the trace -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        ["1"], [REQUEST_ID + "0"], [REQUEST_ID.replace("-", "")], [REQUEST_ID.replace("6", "g")],
        [f"{{{REQUEST_ID}}}"], [f"urn:uuid:{REQUEST_ID}"], [REQUEST_ID] * 2,
        [f"{REQUEST_ID}, {REQUEST_ID}"], [""], [f"{REQUEST_ID}\x85"],
    ],
)  # fmt: skip
def test_id_that_is_no_uuid_or_more_than_one_is_ignored(sent: list[str]) -> None:
    assert read(*((b"x-request-id", value.encode("latin-1")) for value in sent))["state"] == {}


def test_id_is_taken_as_problems_write_it() -> None:
    assert read((b"x-request-id", REQUEST_ID.upper().encode()))["state"] == {
        "request_id": REQUEST_ID
    }


@pytest.mark.parametrize(
    "sent",
    [TRACEPARENT, f"01-{TRACE}-{SPAN}-00-later", f"cc-{TRACE}-{SPAN}-01-", f" {TRACEPARENT} "],
)
def test_trace_is_the_one_that_is_told(sent: str) -> None:
    assert read((b"traceparent", sent.encode()))["state"] == {
        "trace": {"trace_id": TRACE, "parent_id": SPAN}
    }


@pytest.mark.parametrize(
    "sent",
    [
        [TRACEPARENT.upper()], [f"ff-{TRACE}-{SPAN}-01"], [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"], [f"00-{TRACE}-{SPAN}-01-x"], [f"00-{TRACE}-{SPAN}"],
        [f"00-{TRACE[1:]}-{SPAN}-01"], [f"01-{TRACE}-{SPAN}-01x"], [TRACEPARENT] * 2,
        [f"{TRACEPARENT},{TRACEPARENT}"], ["\xff"], [""],
    ],
)  # fmt: skip
def test_trace_that_the_recommendation_does_not_allow_is_ignored(sent: list[str]) -> None:
    assert read(*((b"traceparent", value.encode("latin-1")) for value in sent))["state"] == {}


# --- The prefix -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/authors/1", "/blog/authors/1"),
        ("/blog/authors/1", "/blog/authors/1"),
        ("/blog", "/blog"),
        ("/", "/blog/"),
        ("/blogger", "/blog/blogger"),
        ("/blog%2Fauthors", "/blog/blog%2Fauthors"),
        ("/%62log/authors", "/%62log/authors"),
        ("/blog/blog/authors", "/blog/blog/authors"),
    ],
)
def test_request_is_below_the_prefix_whether_or_not_the_proxy_removes_it(
    path: str, below: str
) -> None:
    scope = read(peer=("203.0.113.9", 1), root_path="/blog", path=path)

    assert (scope["root_path"], scope["raw_path"].decode()) == ("/blog", below)


@pytest.mark.parametrize("sent", ["/api/v1", "/api/v1/"])
def test_prefix_of_a_trusted_proxy_wins_over_the_setting(sent: str) -> None:
    scope = read((b"x-forwarded-prefix", sent.encode()), root_path="/blog")

    assert (scope["root_path"], scope["path"]) == ("/api/v1", "/api/v1/authors/1")


@pytest.mark.parametrize(
    "sent",
    [
        ["//evil.example"], ["https://evil.example"], ["/a/../b"], ["/.."], ["/."], ["/a%2Fb"],
        ["/a\r\nX: y"], ["/a b"], ["/a//b"], ["blog"], ["/"], [""], ["/" + "a" * 200], ["/a", "/b"],
        ["/a, /b"], ["/a?b"], ["/a#b"], ["/ä"], ["/a;b"], ["/<a>"], ["/a\\b"],
    ],
)  # fmt: skip
def test_prefix_that_is_no_plain_path_or_more_than_one_is_ignored(sent: list[str]) -> None:
    scope = read(*((b"x-forwarded-prefix", value.encode()) for value in sent), root_path="/blog")

    assert scope["root_path"] == "/blog"


def test_prefix_from_anybody_else_is_ignored() -> None:
    assert read((b"x-forwarded-prefix", b"/api"), peer=("203.0.113.9", 1))["root_path"] == ""


@pytest.mark.parametrize(
    "path", ["blog", "/blog/", "/", "//evil", "/a b", "/a%20b", "/../a", "/" + "a" * 200, "/ä"]
)
def test_root_path_that_is_no_plain_path_is_refused(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("BLOG_ROOT_PATH", path)

    with pytest.raises(InvalidSettings, match=r"^BLOG_ROOT_PATH: write a path like /blog"):
        load_settings()


@pytest.mark.parametrize("path", ["/blog", "/apis/blog.v1", "/a-b_c~d", "/...", "/.well-known/x"])
def test_plain_path_is_a_prefix(path: str) -> None:
    assert is_prefix(path)


def test_networks_are_those_of_the_list() -> None:
    assert [str(each) for each in networks("10.0.0.7, 2001:db8::/32")] == [
        "10.0.0.7/32",
        "2001:db8::/32",
    ]


# --- A running service ----------------------------------------------------------------------------

TOLD = {
    "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
    "X-Forwarded-Prefix": "/api",
    "X-Request-ID": REQUEST_ID,
    "traceparent": TRACEPARENT,
}


@pytest.fixture(
    scope="module", params=["127.0.0.1", "192.0.2.0/24"], ids=["trusted", "not trusted"]
)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, bool]]:
    """The base URL of a mock, its log, and whether it trusts this machine.

    uvicorn's own variable does not change that.
    """
    log = tmp_path_factory.mktemp("proxies") / "log"
    with running_service(
        command="mock", log_file=log, BLOG_TRUSTED_PROXIES=request.param, FORWARDED_ALLOW_IPS="*"
    ) as url:
        yield url, log, request.param == "127.0.0.1"


def lines_of(url: str, log: Path, text: str) -> list[dict[str, Any]]:
    """Return the lines with a text: they stand before that of a later request."""
    mark = httpx.get(f"{url}/livez", headers={"Connection": "close"}).headers["X-Request-ID"]
    while mark not in log.read_text():
        pass
    return [json.loads(line) for line in log.read_text().splitlines() if text in line]


def test_what_a_proxy_tells_is_answered_and_logged_where_it_is_trusted(
    told: tuple[str, Path, bool],
) -> None:
    url, log, trusted = told

    answer = httpx.post(
        f"{url}/articles",
        json={"title": "a", "content": "b", "author_id": 1},
        headers=TOLD | ADMIN,
    )

    assert answer.status_code == 201
    assert (answer.headers["X-Request-ID"] == REQUEST_ID) is trusted
    assert answer.headers["Location"].startswith("/api/articles/" if trusted else "/articles/")
    [line] = lines_of(url, log, answer.headers["X-Request-ID"])
    assert line["client"] == ("203.0.113.9" if trusted else "127.0.0.1")
    assert line["path"] == ("/api/articles" if trusted else "/articles")
    assert line.get("trace_id") == (TRACE if trusted else None)
    assert line.get("parent_id") == (SPAN if trusted else None)


def test_refusal_of_the_server_itself_has_what_a_proxy_tells(told: tuple[str, Path, bool]) -> None:
    url, log, trusted = told
    fields = [f"{name}: {value}".encode() for name, value in TOLD.items()]

    answer = exchange(url, request(b"GET", b"/authors", *fields, b"Host: second"))

    content = problem(answer, 400)
    assert content["instance"] == ""
    assert (answer.headers["X-Request-ID"] == REQUEST_ID) is trusted
    [line] = [each for each in lines_of(url, log, content["request_id"]) if each["status"] == 400]
    assert line["client"] == ("203.0.113.9" if trusted else "127.0.0.1")
    assert line["path"] == ("/api/authors" if trusted else "/authors")


@pytest.mark.parametrize(
    "value", [b"\xff", b"a" * 5000, b"/\x01", b"%0d%0aX: y", b"//evil.example", b'"', b"," * 3000]
)
@pytest.mark.parametrize(
    "name",
    [
        b"X-Forwarded-For",
        b"X-Forwarded-Proto",
        b"X-Forwarded-Prefix",
        b"traceparent",
        b"X-Request-ID",
    ],
)
def test_garbage_disturbs_nothing(told: tuple[str, Path, bool], name: bytes, value: bytes) -> None:
    url, _, _ = told

    answer = exchange(url, request(b"GET", b"/authors", name + b": " + value, name + b": " + value))

    assert orderly(answer) in (200, 400)
    assert "evil" not in str(answer.headers)
