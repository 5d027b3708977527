"""Cursors that are not the one of the previous page: rejected with 400, not followed, no 5xx."""

import base64
import hashlib
import json
from itertools import pairwise
from string import ascii_letters, digits

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specfirst.conformance.strategies import reproducible
from tests.contract.api import ARTICLE_SORTS, AUTHOR_SORTS, create, refusal
from tests.contract.factories import JSON, article, author

REFUSED = (400, ["/cursor"])
ALPHABET = ascii_letters + digits + "-_"
OTHER = dict(pairwise(ALPHABET)) | {"_": "a"}  # the next letter differs in its last bits

LISTS: list[tuple[str, JSON]] = [
    *(("/authors", {"sort": sort}) for sort in AUTHOR_SORTS),
    *(("/articles", {"sort": sort}) for sort in ARTICLE_SORTS),
    *(
        ("/articles", {"sort": sort, "author_id": author_id})
        for sort in ARTICLE_SORTS
        for author_id in (1, 2)
    ),
]
SOME_LISTS = [LISTS[0], ("/articles", {"sort": "-title", "author_id": 1})]

FAR_TIMES = [
    "2026-01-05T09:00:00",
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+23:59",
    "0000-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:59:59.999999-23:59",
    "10000-01-01T00:00:00+00:00",
    "-4713-01-01T00:00:00+00:00",
    "2026-01-05T09:00:00+23:59:59.999999",
    "2026-W02-1T09:00:00Z",
    "20260105T090000Z",
    "2026-01-05",
    "2026-02-30T00:00:00Z",
    "infinity",
    "-infinity",
    "now",
    "0",
]
TEXTS = ["", "a", "\0", "a\0b", "\ud800", "\udfff\ud800", "\U0010ffff", "x" * 500, "'; --"]
NO_TEXTS: list[object] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    10**30,
    [],
    {},
    [["a"]],
]
IDS = [1, 0, -1, 2**63 - 1, 2**63, 10**40, True, 1.0, 1.5, float("nan"), float("inf"), None, "1"]
NO_PAIRS = [None, 1, "ab", [], ["a"], ["a", 1, 2], {}, {"a": 1, "b": 2}, [["a", 1]], "[" * 500]


@pytest.fixture(autouse=True)
def _two_of_each(client: httpx.Client) -> None:
    for author_id in (1, 2):
        create(client, "/authors", author())
        for _ in range(2):
            create(client, "/articles", article(author_id=author_id))


def first_cursor(client: httpx.Client, path: str, query: JSON) -> str:
    cursor = client.get(path, params={**query, "limit": 1}).json()["next_cursor"]
    assert isinstance(cursor, str)
    return cursor


def ask(client: httpx.Client, path: str, query: JSON, cursor: str) -> httpx.Response:
    return client.get(path, params={**query, "cursor": cursor})


@pytest.mark.parametrize(("path", "query"), SOME_LISTS)
def test_a_cursor_with_one_other_character_is_refused(
    client: httpx.Client, path: str, query: JSON
) -> None:
    cursor = first_cursor(client, path, query)
    for position, character in enumerate(cursor):
        for other in {OTHER[character], character.swapcase(), "*", "é"} - {character}:
            tampered = cursor[:position] + other + cursor[position + 1 :]

            assert refusal(ask(client, path, query, tampered)) == REFUSED, tampered


@pytest.mark.parametrize(("path", "query"), SOME_LISTS)
def test_a_cursor_that_is_cut_lengthened_or_in_another_case_is_refused(
    client: httpx.Client, path: str, query: JSON
) -> None:
    cursor = first_cursor(client, path, query)
    altered = [cursor[:length] for length in range(1, len(cursor))]
    altered += [cursor[start:] for start in range(1, len(cursor))]
    altered += [cursor + more for more in ("A", "=", "==", "====", " ", "\n", "\0", ".", cursor)]
    altered += [cursor.upper(), cursor.lower(), cursor.swapcase(), f" {cursor}", f'"{cursor}"']
    for each in altered:
        assert refusal(ask(client, path, query, each)) == REFUSED, each


def test_a_cursor_of_another_list_sort_or_filter_is_refused(client: httpx.Client) -> None:
    cursors = [first_cursor(client, path, query) for path, query in LISTS]
    for own, (path, query) in enumerate(LISTS):
        for made_for, cursor in enumerate(cursors):
            response = ask(client, path, query, cursor)

            if made_for == own:
                assert response.status_code == 200
            else:
                assert refusal(response) == REFUSED, (path, query, LISTS[made_for])


def forge(path: str, query: JSON, payload: bytes) -> str:
    """Make a cursor as `app.database.pagination` does, around any payload."""
    filters = {f"filter_{name}": value for name, value in query.items() if name != "sort"}
    binding = (ascii([path[1:], query["sort"]]) + (ascii(filters) if filters else "")).encode()
    digest = hashlib.blake2b(binding + payload, digest_size=8).digest()
    return base64.urlsafe_b64encode(digest + payload).rstrip(b"=").decode()


def payloads(value: object) -> list[bytes]:
    """Write the value as the service does, and otherwise."""
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return [
        compact.encode("utf-8", "surrogatepass"),
        json.dumps(value, separators=(",", ":")).encode(),
        json.dumps(value).encode(),
        compact.encode("utf-16", "surrogatepass"),
    ]


def assert_harmless(response: httpx.Response) -> None:
    """A forged cursor is refused, or starts a page where any client could have started one."""
    if response.status_code != 200:
        assert refusal(response) == REFUSED, response.request.url


def test_the_forger_makes_the_cursors_of_the_service(client: httpx.Client) -> None:
    for path, query in LISTS:
        cursor = first_cursor(client, path, query)

        payload = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[8:]

        assert forge(path, query, payload) == cursor
        assert forge(path, query, payloads(json.loads(payload))[0]) == cursor


@pytest.mark.parametrize(("path", "query"), SOME_LISTS)
def test_a_forged_cursor_is_never_an_error_of_the_service(
    client: httpx.Client, path: str, query: JSON
) -> None:
    values = [*NO_TEXTS, *TEXTS, *FAR_TIMES]
    positions = [[value, 1] for value in values]
    positions += [["a", row_id] for row_id in IDS]
    positions += [["2026-01-05T09:00:00+00:00", row_id] for row_id in IDS]
    for position in [*positions, *NO_PAIRS]:
        for payload in payloads(position):
            assert_harmless(ask(client, path, query, forge(path, query, payload)))


@pytest.mark.parametrize(("path", "query"), SOME_LISTS)
def test_a_forged_cursor_with_something_else_inside_is_refused(
    client: httpx.Client, path: str, query: JSON
) -> None:
    for payload in (b"", b"\xff\xfe", b"not json", b"[" * 1400, b'["a",1', b"[1e999,1]", b"\0"):
        response = ask(client, path, query, forge(path, query, payload))

        assert refusal(response) == REFUSED, payload


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-05T09:00:00",
        "2026-01-05",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "now",
        "0",
    ],
)
def test_a_forged_cursor_with_what_is_no_moment_is_refused(client: httpx.Client, time: str) -> None:
    path, query = LISTS[0]

    response = ask(client, path, query, forge(path, query, payloads([time, 1])[0]))

    assert refusal(response) == REFUSED


numbers = st.integers() | st.floats() | st.booleans() | st.none()
json_values = st.recursive(numbers | st.text(), st.lists, max_leaves=5)


@settings(reproducible, max_examples=60)
@given(
    where=st.sampled_from(SOME_LISTS),
    position=st.tuples(
        json_values | st.datetimes(timezones=st.timezones() | st.none()).map(str),
        st.integers() | json_values,
    ),
)
def test_a_forged_cursor_is_harmless_whatever_is_inside(
    client: httpx.Client, where: tuple[str, JSON], position: tuple[object, object]
) -> None:
    path, query = where
    for payload in payloads(position)[:2]:
        assert_harmless(ask(client, path, query, forge(path, query, payload)))


@given(cursor=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2048))
@settings(reproducible, max_examples=60)
def test_any_other_text_is_refused(client: httpx.Client, cursor: str) -> None:
    for path in ("/authors", "/articles"):
        assert refusal(ask(client, path, {}, cursor)) == REFUSED
