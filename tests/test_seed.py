"""The demo data: real names and titles in many scripts, within the bounds of the contract."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import httpx
import pytest

from app.seed import SeedError, load, seed
from tests.conftest import ROOT, without_settings
from tests.tokens import ADMIN_TOKEN

SCRIPTS = [
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "GEORGIAN",
    "HEBREW",
    "ARABIC",
    "SYRIAC",
    "DEVANAGARI",
    "BENGALI",
    "GURMUKHI",
    "GUJARATI",
    "ORIYA",
    "TAMIL",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
    "SINHALA",
    "THAI",
    "TIBETAN",
    "MYANMAR",
    "KHMER",
    "ETHIOPIC",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "CJK",
    "CUNEIFORM",
]

# What programs drop, trim, fold or split, and where its handling tends to go wrong.
HOSTILE = {
    "dotted capital i": "\u0130",
    "dotless i": "\u0131",
    "soft hyphen": "\u00ad",
    "zero-width joiner": "\u200d",
    "zero-width non-joiner": "\u200c",
    "right-to-left mark": "\u200f",
    "line separator": "\u2028",
    "no-break space": "\u00a0",
    "tab": "\t",
    "newline": "\n",
    "carriage return": "\r\n",
    "ideograph beyond the basic plane": "\U00020b9f",
    "stacked combining marks": "\u00f3\u0302\u0303",
    "emoji": "\U0001f916",
    "emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "emoji with a skin tone": "\U0001f469\U0001f3fd",
    "flag of two letters": "\U0001f1ee\U0001f1f8",
    "flag of tags": "\U0001f3f4\U000e0067",
}


def articles() -> Iterator[dict[str, str | None]]:
    for author in load():
        yield from author["articles"]


def texts() -> Iterator[str]:
    for author in load():
        yield from (author["first_name"], author["last_name"])
    for article in articles():
        yield from (text for text in article.values() if text is not None)


def works(form: str) -> set[str]:
    """Each name with a title, for the authors of this form."""
    authors = [author for author in load() if author.get("form") == form]
    return {
        f"{author['first_name']} {author['last_name']}: {article['title']}"
        for author in authors
        for article in author["articles"]
    }


def test_there_are_a_hundred_authors_and_three_hundred_articles() -> None:
    names = {(author["first_name"], author["last_name"]) for author in load()}

    assert len(names) >= 100
    assert len(list(articles())) >= 300


def test_texts_keep_the_bounds_of_the_contract() -> None:
    for author in load():
        assert 1 <= len(author["first_name"]) <= 100
        assert 1 <= len(author["last_name"]) <= 100
    for article in articles():
        assert article.keys() == {"title", "summary", "content"}
        assert 1 <= len(article["title"] or "") <= 200
        assert len(article["summary"] or "") <= 500
        assert 1 <= len(article["content"] or "") <= 100_000


def test_some_summaries_are_null_and_some_are_not() -> None:
    assert {article["summary"] is None for article in articles()} == {True, False}


def test_texts_have_no_nul_and_no_surrogate() -> None:
    for text in texts():
        assert "\0" not in text
        text.encode("utf-8")  # refuses a lone surrogate


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_and_titles_use_the_script(script: str) -> None:
    titles = "".join(article["title"] or "" for article in articles())

    assert any(unicodedata.name(char, "").startswith(script) for char in titles)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_texts_hold_what_is_easily_spoiled(text: str) -> None:
    assert any(text in candidate for candidate in texts())


def test_some_contents_begin_and_end_with_white_space() -> None:
    contents = [article["content"] or "" for article in articles()]

    assert any(content.lstrip() != content for content in contents)
    assert any(content.rstrip() != content for content in contents)


def test_texts_without_a_form_are_in_nfc() -> None:
    for author in load():
        if "form" not in author:
            assert unicodedata.is_normalized("NFC", author["last_name"])
            assert all(unicodedata.is_normalized("NFC", a["title"]) for a in author["articles"])


def test_the_same_names_and_titles_stand_in_both_normal_forms() -> None:
    composed, decomposed = works("NFC"), works("NFD")

    assert len(decomposed) >= 10
    assert all(unicodedata.is_normalized("NFC", text) for text in composed)
    assert all(unicodedata.is_normalized("NFD", text) for text in decomposed)
    assert {unicodedata.normalize("NFC", text) for text in decomposed} <= composed
    assert not composed & decomposed


def test_some_text_is_in_no_normal_form() -> None:
    neither = works("neither")

    assert neither
    assert not any(unicodedata.is_normalized("NFC", text) for text in neither)
    assert not any(unicodedata.is_normalized("NFD", text) for text in neither)


def test_seed_stores_everything_and_reads_it_back(client: httpx.Client, service: str) -> None:
    report = seed(service, token=ADMIN_TOKEN)

    assert (report.authors, report.articles) == (206, 389)
    assert len(client.get("/authors?limit=100").json()["items"]) == 100


AUTHORS = [
    {
        "first_name": " Ada",
        "last_name": "Lovela\u0301ce",
        "articles": [{"title": "Note G", "summary": None, "content": "Step by step.\n"}],
    }
]


class Spoiling(BaseHTTPRequestHandler):
    """A service that stores what it gets, and shows it or refuses it as a test says."""

    stored: ClassVar[dict[str, dict[str, Any]]]
    spoil: ClassVar[Callable[[dict[str, Any]], dict[str, Any]]]
    created: ClassVar[int]
    found: ClassVar[int]
    busy: ClassVar[list[None]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Authorization"].startswith("Bearer blog_pat_")
        if self.busy:
            self.busy.pop()
            self.answer(429, {}, "")
            return
        path = f"{self.path}/{len(self.stored) + 1}"
        self.stored[path] = body | {"id": len(self.stored) + 1}
        self.answer(self.created, self.stored[path], path)

    def do_GET(self) -> None:
        self.answer(self.found, type(self).spoil(self.stored[self.path]), "")

    def answer(self, status: int, body: dict[str, Any], location: str) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if location:
            self.send_header("Location", location)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def spoiling_service(
    *,
    spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body,
    created: int = 201,
    found: int = 200,
    busy: int = 0,
) -> Iterator[str]:
    """Run it; yield its base URL."""
    members = {
        "stored": {},
        "spoil": staticmethod(spoil),
        "created": created,
        "found": found,
        "busy": [None] * busy,
    }
    server = HTTPServer(("127.0.0.1", 0), type("Handler", (Spoiling,), members))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few demo data."""
    monkeypatch.setattr("app.seed.load", lambda: AUTHORS)


@pytest.mark.usefixtures("few")
def test_seed_waits_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("app.seed.time.sleep", waited.append)

    with spoiling_service(busy=2) as base_url:
        report = seed(base_url, token=ADMIN_TOKEN)

    assert (waited, report.articles) == ([7, 7], 1)


@pytest.mark.usefixtures("few")
def test_seed_counts_what_came_back_unchanged() -> None:
    with spoiling_service() as base_url:
        report = seed(base_url, token=ADMIN_TOKEN)

    assert (report.authors, report.articles) == (1, 1)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (
            lambda body: {
                name: value.strip() if name == "first_name" else value
                for name, value in body.items()
            },
            "first_name",
        ),
        (
            lambda body: {
                name: unicodedata.normalize("NFC", str(value)) for name, value in body.items()
            },
            "last_name",
        ),
        (lambda body: {name: value for name, value in body.items() if name != "title"}, "title"),
        (lambda body: body | {"summary": ""} if "summary" in body else body, "summary"),
        (
            lambda body: body | {"content": "Step by step."} if "content" in body else body,
            "content",
        ),
        (lambda body: body | {"author_id": 2} if "author_id" in body else body, "author_id"),
    ],
    ids=["stripped", "normalised", "missing", "null as empty", "cut", "of another author"],
)
def test_seed_names_what_came_back_altered(
    spoil: Callable[[dict[str, Any]], dict[str, Any]], field: str
) -> None:
    with (
        spoiling_service(spoil=spoil) as base_url,
        pytest.raises(SeedError, match=f"altered {field}: sent .*, got "),
    ):
        seed(base_url, token=ADMIN_TOKEN)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("created", "found", "message"),
    [
        (200, 200, "POST /authors answered 200, want 201"),
        (422, 200, "POST /authors answered 422, want 201"),
        (201, 404, "GET /authors/1 answered 404, want 200"),
    ],
)
def test_seed_names_an_answer_that_it_does_not_expect(
    created: int, found: int, message: str
) -> None:
    with (
        spoiling_service(created=created, found=found) as base_url,
        pytest.raises(SeedError, match=message),
    ):
        seed(base_url, token=ADMIN_TOKEN)


def _altered(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"last_name": body["last_name"].upper()} if body["id"] == 1 else body


@pytest.mark.parametrize(
    ("spoil", "status", "stdout", "stderr"),
    [
        (lambda body: body, 0, "stored 206 authors and 389 articles, .* unchanged\n", ""),
        (_altered, 1, "", "GET /authors/1 altered last_name: sent .*, got .*\n"),
    ],
    ids=["unchanged", "altered"],
)
def test_the_command_says_in_one_line_and_by_its_status_what_came_of_it(
    database_url: str,
    spoil: Callable[[dict[str, Any]], dict[str, Any]],
    status: int,
    stdout: str,
    stderr: str,
) -> None:
    with spoiling_service(spoil=spoil) as base_url:
        port = base_url.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "app", "seed"],
            cwd=ROOT,
            env=without_settings() | {"BLOG_PORT": port, "BLOG_DATABASE_URL": database_url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == status
    assert re.fullmatch(stdout, done.stdout)
    logged = re.compile(r"\{.*\}\n")  # of the token that it makes for itself
    assert re.fullmatch(stderr, logged.sub("", done.stderr))


@pytest.mark.usefixtures("few")
def test_seed_without_a_service_says_so() -> None:
    with pytest.raises(SeedError, match="No usable answer from"):
        seed("http://127.0.0.1:9", token=ADMIN_TOKEN)
