"""The contestants do the same, so that comparing them means something. Nothing is timed here."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from tests.benchmarks import answers, database
from tests.benchmarks.servers import CONTESTANTS, Server, build_go, running
from tests.tokens import ADMIN

pytestmark = pytest.mark.slow

# the others need .venv-bench: `make bench` compares them before it measures
HERE = ("service", "floor", "fastapi")
ARTICLES = 300


@pytest.fixture(scope="module")
def servers(postgres: EmbeddedPostgres) -> Iterator[list[Server]]:
    """Contestants that run on a database of their own."""
    url = database.create(postgres.url, "benchmarks")
    database.fill(url, articles=ARTICLES)
    with ExitStack() as stack:
        here = {*HERE, "go"} if build_go() else HERE
        chosen = [each for each in CONTESTANTS if each.name in here]
        yield [stack.enter_context(running(each, database_url=url)) for each in chosen]


@pytest.fixture(scope="module")
def cursors(servers: list[Server]) -> dict[str, str]:
    """The cursor behind 200 articles of each contestant."""
    return {server.contestant.name: answers.cursor_at(server, depth=200) for server in servers}


def test_the_contestants_answer_the_same(servers: list[Server], cursors: dict[str, str]) -> None:
    answers.compare(servers, cursors, articles=ARTICLES)


def test_a_contestant_that_answers_otherwise_is_told(
    servers: list[Server], cursors: dict[str, str]
) -> None:
    wrong = cursors | {"floor": answers.cursor_at(servers[1], depth=100)}

    with pytest.raises(answers.DifferentAnswers, match="GET the deep page: floor") as raised:
        answers.compare(servers, wrong, articles=ARTICLES)

    assert '+    "title": "Title ' in str(raised.value)


def test_what_was_posted_is_forgotten(servers: list[Server], postgres: EmbeddedPostgres) -> None:
    with httpx.Client(base_url=servers[0].base_url, headers=ADMIN) as client:
        location = client.post("/articles", json=answers.SAMPLE).headers["Location"]

        database.forget_posted(database.named(postgres.url, "benchmarks"), articles=ARTICLES)

        assert client.get(location).status_code == 404
        assert client.get(f"/articles/{ARTICLES}").status_code == 200


def test_processor_time_is_that_of_the_server(servers: list[Server]) -> None:
    server = servers[0]
    before = server.cpu_seconds()

    with httpx.Client(base_url=server.base_url) as client:
        for _ in range(100):
            client.get("/articles").raise_for_status()

    assert 0 < server.cpu_seconds() - before


def test_a_floor_that_sends_other_bytes_is_told(
    servers: list[Server], cursors: dict[str, str]
) -> None:
    def shortened(client: httpx.Client, name: str) -> str:
        return client.get("/articles?limit=2").text[: -1 if name == "floor" else None]

    with pytest.raises(answers.DifferentAnswers, match="bytes: floor"):
        answers.same(servers[:2], "GET a page, bytes", shortened)
