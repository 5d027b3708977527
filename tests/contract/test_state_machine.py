"""The service against a model of two dictionaries: after each step all data is compared."""

import asyncio

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from specfirst.conformance.strategies import reproducible
from tests.conftest import EMPTY, run_sql
from tests.contract.api import (
    ARTICLE_SORTS,
    AUTHOR_SORTS,
    everything,
    in_order,
    instant,
    pages,
    patch,
    refusal,
)
from tests.contract.factories import JSON, article, author
from tests.contract.strategies import contents, names, summaries, titles

SERVER_OWNED = {"id", "created_at", "updated_at"}

# Optional members of a patch; `author_id` has a bundle of its own.
author_changes = st.fixed_dictionaries({}, optional={"first_name": names, "last_name": names})
article_changes = st.fixed_dictionaries(
    {}, optional={"title": titles, "summary": summaries, "content": contents}
)


class Blog(RuleBasedStateMachine):
    """Ids stay in their bundle after a deletion, so every rule also meets what is gone."""

    author_ids: Bundle[int] = Bundle("author_ids")
    article_ids: Bundle[int] = Bundle("article_ids")

    def __init__(self, *, client: httpx.Client, database_url: str) -> None:
        super().__init__()
        asyncio.run(run_sql(database_url, EMPTY))
        self._client = client
        self._authors: dict[int, JSON] = {}
        self._articles: dict[int, JSON] = {}
        self._used: set[tuple[str, int]] = set()
        for _ in range(3):
            author_id = self._created("/authors", author(), self._authors)
            for _ in range(2):
                self._created("/articles", article(author_id=author_id), self._articles)

    # Begin with some of each: in few steps from nothing, most rules would meet nothing.
    @initialize(target=author_ids)
    def first_authors(self) -> MultipleResults[int]:
        return multiple(*self._authors)

    @initialize(target=article_ids)
    def first_articles(self) -> MultipleResults[int]:
        return multiple(*self._articles)

    @rule(target=author_ids, first_name=names, last_name=names)
    def create_author(self, first_name: str, last_name: str) -> int:
        body = author(first_name=first_name, last_name=last_name)

        return self._created("/authors", body, self._authors)

    @rule(
        target=article_ids,
        author_id=author_ids,
        title=titles,
        summary=summaries,
        content=contents,
    )
    def create_article(
        self, author_id: int, title: str, summary: str | None, content: str
    ) -> int | MultipleResults[int]:
        body = article(author_id=author_id, title=title, summary=summary, content=content)

        if author_id in self._authors:
            return self._created("/articles", body, self._articles)
        assert refusal(self._client.post("/articles", json=body)) == (404, ["/author_id"])
        return multiple()

    @rule(author_id=author_ids)
    def get_author(self, author_id: int) -> None:
        self._read(f"/authors/{author_id}", self._authors.get(author_id))

    @rule(article_id=article_ids)
    def get_article(self, article_id: int) -> None:
        self._read(f"/articles/{article_id}", self._articles.get(article_id))

    @rule(author_id=author_ids, changes=author_changes)
    def update_author(self, author_id: int, changes: JSON) -> None:
        response = patch(self._client, f"/authors/{author_id}", changes)

        if author_id in self._authors:
            self._authors[author_id] = _changed(self._authors[author_id], changes, response)
        else:
            assert refusal(response) == (404, [])

    @rule(
        article_id=article_ids,
        changes=article_changes,
        moved_to=st.none() | author_ids,
    )
    def update_article(self, article_id: int, changes: JSON, moved_to: int | None) -> None:
        if moved_to is not None:
            changes = changes | {"author_id": moved_to}

        response = patch(self._client, f"/articles/{article_id}", changes)

        if article_id not in self._articles:
            assert refusal(response) == (404, [])
        elif moved_to is not None and moved_to not in self._authors:
            assert refusal(response) == (404, ["/author_id"])
        else:
            self._articles[article_id] = _changed(self._articles[article_id], changes, response)

    @rule(article_id=article_ids, title=titles, too_long=st.sampled_from(["summary", "content"]))
    def update_article_half_wrong(self, article_id: int, title: str, too_long: str) -> None:
        changes = {"title": title, too_long: "x" * 100_001}

        response = patch(self._client, f"/articles/{article_id}", changes)

        assert refusal(response) == (422, [f"/{too_long}"])

    @rule(article_id=article_ids)
    def delete_article(self, article_id: int) -> None:
        response = self._client.delete(f"/articles/{article_id}")

        existed = self._articles.pop(article_id, None)
        assert response.status_code == (204 if existed else 404)

    @rule(author_id=author_ids, query=st.sampled_from(["", "?cascade=false"]))
    def delete_author(self, author_id: int, query: str) -> None:
        response = self._client.delete(f"/authors/{author_id}{query}")

        if author_id not in self._authors:
            assert refusal(response) == (404, [])
        elif self._written_by(author_id):
            assert refusal(response) == (409, [])
        else:
            assert response.status_code == 204
            del self._authors[author_id]

    @rule(author_id=author_ids)
    def delete_author_with_articles(self, author_id: int) -> None:
        response = self._client.delete(f"/authors/{author_id}?cascade=true")

        existed = self._authors.pop(author_id, None)
        assert response.status_code == (204 if existed else 404)
        for gone in self._written_by(author_id):
            del self._articles[gone["id"]]

    @rule(sort=st.sampled_from(AUTHOR_SORTS), limit=st.integers(1, 3))
    def list_authors(self, sort: str, limit: int) -> None:
        walked = pages(self._client, "/authors", sort=sort, limit=limit)

        assert walked == _paged(in_order(self._authors.values(), sort), limit)

    @rule(author_id=author_ids, sort=st.sampled_from(ARTICLE_SORTS), limit=st.integers(1, 3))
    def list_articles_of_author(self, author_id: int, sort: str, limit: int) -> None:
        walked = pages(self._client, "/articles", author_id=author_id, sort=sort, limit=limit)

        assert walked == _paged(in_order(self._written_by(author_id), sort), limit)

    @invariant()
    def nothing_else_has_changed(self) -> None:
        assert everything(self._client) == {
            "/authors": in_order(self._authors.values(), "-created_at"),
            "/articles": in_order(self._articles.values(), "-created_at"),
        }

    def _created(self, path: str, body: JSON, stored: dict[int, JSON]) -> int:
        response = self._client.post(path, json=body)
        assert response.status_code == 201, response.text
        created: JSON = response.json()
        assert created == body | {name: created[name] for name in SERVER_OWNED}
        assert created["created_at"] == created["updated_at"]
        assert self._client.get(response.headers["location"]).json() == created
        identifier: int = created["id"]
        assert (path, identifier) not in self._used, "an id is used again"
        self._used.add((path, identifier))
        stored[identifier] = created
        return identifier

    def _read(self, path: str, stored: JSON | None) -> None:
        response = self._client.get(path)

        if stored is None:
            assert refusal(response) == (404, [])
        else:
            assert (response.status_code, response.json()) == (200, stored)

    def _written_by(self, author_id: int) -> list[JSON]:
        return [each for each in self._articles.values() if each["author_id"] == author_id]


def test_the_service_behaves_like_two_dictionaries(client: httpx.Client, database_url: str) -> None:
    class ThisBlog(Blog):
        def __init__(self) -> None:
            super().__init__(client=client, database_url=database_url)

    run_state_machine_as_test(
        ThisBlog, settings=settings(reproducible, max_examples=40, stateful_step_count=20)
    )


def _changed(before: JSON, changes: JSON, response: httpx.Response) -> JSON:
    assert response.status_code == 200, response.text
    after: JSON = response.json()
    assert after == before | changes | {"updated_at": after["updated_at"]}
    moved = instant(after["updated_at"]) > instant(before["updated_at"])
    # Whether the same value again is a change, the contract leaves open.
    assert moved or {**before, **changes} == before
    assert changes or not moved
    return after


def _paged(ordered: list[JSON], limit: int) -> list[list[JSON]]:
    return [ordered[start : start + limit] for start in range(0, len(ordered), limit)] or [[]]
