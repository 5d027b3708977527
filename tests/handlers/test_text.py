"""Text comes back as it was sent, code point by code point, from each operation with text."""

from typing import Any

import httpx

SPOILED_EASILY = (
    " \t<b>&amp;'\"</b>\r\n\u00c9 e\u0301 \ufb01 \u1e9e \x07\x7f\ufeff\u200b "
    "\U0001f469\u200d\U0001f4bb \U0001fffe\uffff"
)
"""Outer space, markup, control characters, both normal forms, two-letter folds, noncharacters."""

LAST = "\u00a0 \u0301"


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
