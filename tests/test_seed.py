"""The demo data: real names and titles in many scripts, within the bounds of the contract."""

import unicodedata
from collections.abc import Iterator

import httpx
import pytest

from app.seed import load, seed

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
    report = seed(service)

    assert (report.authors, report.articles) == (206, 389)
    assert len(client.get("/authors?limit=100").json()["items"]) == 100
