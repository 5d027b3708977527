"""Text comes back as it was sent, code point by code point, from each operation with text."""

from typing import Any

import httpx
import pytest

SPOILED_EASILY = (
    " \t<b>&amp;'\"</b>\r\n\u00c9 e\u0301 \ufb01 \u1e9e \x07\x7f\ufeff\u200b "
    "\U0001f469\u200d\U0001f4bb \U0001fffe\uffff"
)
"""Outer space, markup, control characters, both normal forms, two-letter folds, noncharacters."""

LAST = "\u00a0 \u0301"

AT_THE_ENDS = {
    "byte order mark": "\ufeff",
    "noncharacter": "\uffff",
    "noncharacter, swapped byte order mark": "\ufffe",
    "noncharacter of another plane": "\U0010ffff",
    "noncharacter of a block": "\ufdd0",
    "private use": "\ue000",
    "replacement character": "\ufffd",
    "combining mark": "\u0301",
    "combining mark of another plane": "\U0001e8d0",
    "zero-width joiner": "\u200d",
    "zero-width space": "\u200b",
    "soft hyphen": "\u00ad",
    "right-to-left mark": "\u200f",
    "variation selector": "\ufe0f",
    "tag of a flag": "\U000e007f",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "line separator": "\u2028",
    "next line": "\x85",
    "line feed": "\n",
    "carriage return": "\r",
    "tab": "\t",
    "separator of units": "\x1f",
    "delete": "\x7f",
    "quotation mark": '"',
    "apostrophe": "'",
    "backslash": "\\",
    "percent sign": "%",
    "ampersand": "&",
    "decomposed letter": "e\u0301",
    "composed letter": "\u00e9",
    "ligature": "\ufb01",
    "elephant": "\U0001f418",
}
"""What programs drop, trim or change at the start or the end of a text, if not in its middle."""


def longest(length: int) -> str:
    """Return such text with this many code points."""
    return (SPOILED_EASILY + "x" * (length - len(SPOILED_EASILY) - len(LAST))) + LAST


def shown(client: httpx.Client, path: str, **expected: Any) -> None:
    """Check the resource and the list in which it is the only one."""
    for answer in (client.get(f"{path}/1").json(), *client.get(path).json()["items"]):
        assert {name: answer[name] for name in expected} == expected


def test_names_of_an_author_are_stored_as_they_are(client: httpx.Client) -> None:
    names = {"first_name": longest(100), "last_name": longest(100)[::-1]}

    created = client.post("/authors", json=names)
    shown(client, "/authors", **names)
    swapped = {"first_name": names["last_name"], "last_name": names["first_name"]}
    updated = client.patch("/authors/1", json=swapped)
    shown(client, "/authors", **swapped)

    assert created.json() | names == created.json()
    assert updated.json() | swapped == updated.json()


def test_texts_of_an_article_are_stored_as_they_are(client: httpx.Client) -> None:
    client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"}).raise_for_status()
    texts = {"title": longest(200), "summary": longest(500), "content": longest(100_000)}

    created = client.post("/articles", json=texts | {"author_id": 1})
    shown(client, "/articles", **texts)
    reversed_texts = {name: text[::-1] for name, text in texts.items()}
    updated = client.patch("/articles/1", json=reversed_texts)
    shown(client, "/articles", **reversed_texts)

    assert created.json() | texts == created.json()
    assert updated.json() | reversed_texts == updated.json()


@pytest.mark.parametrize("character", AT_THE_ENDS.values(), ids=AT_THE_ENDS.keys())
def test_a_character_at_the_start_the_end_or_alone_is_stored_as_it_is(
    client: httpx.Client, character: str
) -> None:
    start, end, alone = f"{character}a", f"a{character}", character

    names = {"first_name": start, "last_name": end}
    assert client.post("/authors", json=names).json().items() >= names.items()
    shown(client, "/authors", **names)
    names = {"first_name": end, "last_name": alone}
    assert client.patch("/authors/1", json=names).json().items() >= names.items()
    shown(client, "/authors", **names)

    texts = {"title": start, "summary": end, "content": alone}
    created = client.post("/articles", json=texts | {"author_id": 1}).json()
    assert created.items() >= texts.items()
    shown(client, "/articles", **texts)
    texts = {"title": end, "summary": alone, "content": start}
    assert client.patch("/articles/1", json=texts).json().items() >= texts.items()
    shown(client, "/articles", **texts)


def test_an_empty_summary_and_none_are_not_the_same(client: httpx.Client) -> None:
    client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"}).raise_for_status()
    article = {"title": "Note G", "content": "Step by step.", "author_id": 1}

    summaries = [
        client.post("/articles", json=article | {"summary": ""}).json()["summary"],
        client.post("/articles", json=article | {"summary": None}).json()["summary"],
        client.patch("/articles/1", json={"summary": None}).json()["summary"],
        client.get("/articles/1").json()["summary"],
        client.patch("/articles/1", json={"summary": ""}).json()["summary"],
        client.get("/articles/1").json()["summary"],
        client.patch("/articles/1", json={"title": "Note H"}).json()["summary"],
    ]

    assert summaries == ["", None, None, None, "", "", ""]
