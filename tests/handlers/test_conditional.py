"""Conditional requests and caching of authors and articles, over HTTP (RFC 9110, section 13)."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from specfirst.contract.model import Operation
from tests.conftest import run_sql, running_service
from tests.contract.factories import article, author
from tests.problems import CONTRACT, problem
from tests.tokens import ADMIN, ADMIN_TOKEN, bearer, insertion, token

TITLE = {"title": "Note H"}
PATHS = ["/authors/1", "/articles/1"]
LISTS = ["/authors", "/articles"]
CHANGES = {"/authors/1": {"last_name": "King"}, "/articles/1": TITLE}
SAFELY = bearer(ADMIN_TOKEN)


@pytest.fixture
def strict(service: str, client: httpx.Client) -> Iterator[httpx.Client]:
    """A client that may do everything and sends no condition; there is an article."""
    client.post("/authors", json=author()).raise_for_status()
    client.post("/articles", json=article(author_id=1)).raise_for_status()
    with httpx.Client(base_url=service, timeout=30, verify=False, headers=SAFELY) as strict:
        yield strict


def etag(client: httpx.Client, path: str) -> str:
    found: str = client.get(path).raise_for_status().headers["ETag"]
    return found


def if_match(*values: str) -> list[tuple[str, str]]:
    return [("If-Match", value) for value in values]


# ETags


@pytest.mark.parametrize("path", [*PATHS, *LISTS])
def test_an_etag_is_strong_and_stays_until_something_changes(
    strict: httpx.Client, path: str
) -> None:
    before = etag(strict, path)

    assert before.startswith('"')
    assert before.endswith('"')
    assert etag(strict, path) == before
    assert strict.head(path).headers["ETag"] == before


@pytest.mark.parametrize("path", PATHS)
def test_the_etag_of_a_change_is_that_of_the_state_that_it_shows(
    strict: httpx.Client, path: str
) -> None:
    before = etag(strict, path)

    changed = strict.patch(path, json=CHANGES[path], headers=if_match(before))

    assert changed.status_code == 200
    assert changed.headers["ETag"] == etag(strict, path) != before


def test_the_etag_of_what_is_created_is_that_of_the_state_that_it_shows(
    strict: httpx.Client,
) -> None:
    for path, body in (("/authors", author()), ("/articles", article(author_id=1))):
        created = strict.post(path, json=body)

        assert created.headers["ETag"] == etag(strict, created.headers["Location"])


def test_two_authors_have_different_etags_even_if_they_changed_at_once(
    strict: httpx.Client, postgres: EmbeddedPostgres
) -> None:
    strict.post("/authors", json=author()).raise_for_status()
    asyncio.run(run_sql(postgres.url, "UPDATE authors SET updated_at = '2026-01-05T09:00:00Z'"))

    assert etag(strict, "/authors/1") != etag(strict, "/authors/2")
    other = if_match(etag(strict, "/authors/2"))
    problem(strict.patch("/authors/1", json={}, headers=other), 412)


@pytest.mark.parametrize("path", LISTS)
def test_the_etag_of_a_list_changes_with_whatever_the_page_shows(
    strict: httpx.Client, path: str
) -> None:
    seen = [etag(strict, path)]
    body = author() if path == "/authors" else article(author_id=1)
    for _ in range(2):
        strict.post(path, json=body).raise_for_status()
        seen.append(etag(strict, path))
    for id_ in (1, 2):  # neither only the first nor only the last of the page
        changes = CHANGES[f"{path}/1"]
        strict.patch(f"{path}/{id_}", json=changes, headers=ADMIN).raise_for_status()
        seen.append(etag(strict, path))
    strict.delete(f"{path}/2", headers=ADMIN).raise_for_status()
    seen.append(etag(strict, path))
    last = strict.get(path, params={"limit": 1})
    seen.append(last.headers["ETag"])

    assert len({*seen}) == len(seen)


def test_the_etag_of_a_page_changes_when_another_page_follows(strict: httpx.Client) -> None:
    alone = strict.get("/authors", params={"limit": 1, "sort": "created_at"})
    strict.post("/authors", json=author()).raise_for_status()
    followed = strict.get("/authors", params={"limit": 1, "sort": "created_at"})

    assert alone.json()["items"] == followed.json()["items"]
    assert alone.headers["ETag"] != followed.headers["ETag"]


# If-None-Match


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*PATHS, *LISTS])
def test_what_the_client_has_already_is_a_304_without_a_body(
    strict: httpx.Client, anonymous: httpx.Client, path: str, method: str
) -> None:
    for client in (strict, anonymous):
        whole = client.get(path)
        current = whole.headers["ETag"]
        for value in (
            current,
            f"W/{current}",
            f'"a", {current}',
            f'{current},"a"',
            f'W/"a" ,, {current} ,',
            f'"a,b", {current}',
            f'"\u00fc", {current}',
            "*",
        ):
            answer = client.request(
                method, path, headers=[(b"If-None-Match", value.encode("latin-1"))]
            )

            assert (answer.status_code, answer.content) == (304, b""), value
            for name in ("ETag", "Cache-Control", "Vary"):
                assert answer.headers[name] == whole.headers[name]
            assert "Content-Type" not in answer.headers


def test_several_lines_of_if_none_match_are_one_list(strict: httpx.Client) -> None:
    lines = [("If-None-Match", '"a"'), ("If-None-Match", etag(strict, "/authors/1"))]

    assert strict.get("/authors/1", headers=lines).status_code == 304


@pytest.mark.parametrize("value", ['"a"', "", ",", "a", '"', '"a" "b"', '*, "a"', 'w/"a"', "W/*"])
def test_an_if_none_match_that_names_nothing_current_is_a_200(
    strict: httpx.Client, value: str
) -> None:
    for path in (*PATHS, *LISTS):
        answer = strict.get(path, headers={"If-None-Match": value})

        assert (answer.status_code, answer.content) == (200, strict.get(path).content)


def test_an_unquoted_or_lower_case_or_partial_tag_is_another_tag(strict: httpx.Client) -> None:
    current = etag(strict, "/authors/1")
    for value in (
        current.strip('"'),
        f"w/{current}",
        current[:-1],
        current.upper(),
        f"W {current}",
    ):
        assert strict.get("/authors/1", headers={"If-None-Match": value}).status_code == 200


def test_if_none_match_comes_before_if_modified_since(strict: httpx.Client) -> None:
    past, future = "Mon, 05 Jan 1970 09:00:00 GMT", "Thu, 05 Jan 2090 09:00:00 GMT"
    current = etag(strict, "/authors/1")
    for since in (past, future):
        headers = {"If-Modified-Since": since, "If-Unmodified-Since": since}
        assert strict.get("/authors/1", headers=headers).status_code == 200
        same = headers | {"If-None-Match": current}
        assert strict.get("/authors/1", headers=same).status_code == 304
        other = headers | {"If-None-Match": '"a"'}
        assert strict.get("/authors/1", headers=other).status_code == 200


def test_errors_come_before_a_304(strict: httpx.Client, anonymous: httpx.Client) -> None:
    headers = {"If-None-Match": "*"}
    problem(strict.get("/authors/7", headers=headers), 404)
    problem(strict.get("/authors?limit=0", headers=headers), 422)
    problem(strict.get("/authors?page=1", headers=headers), 400)
    problem(anonymous.get("/authors", headers=headers | bearer("wrong")), 401)
    assert strict.get("/tokens", headers=headers).status_code == 200


# If-Match


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "form", ["CURRENT", '"a", CURRENT', "CURRENT,", ',"a,b" , CURRENT', "*", 'W/"a", CURRENT']
)
def test_a_change_of_what_was_seen_is_made(strict: httpx.Client, path: str, form: str) -> None:
    condition = if_match(form.replace("CURRENT", etag(strict, path)))

    assert strict.patch(path, json=CHANGES[path], headers=condition).status_code == 200
    condition = if_match(form.replace("CURRENT", etag(strict, path)))
    assert strict.delete(f"{path}{_CASCADE[path]}", headers=condition).status_code == 204


_CASCADE = {"/authors/1": "?cascade=true", "/articles/1": ""}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "form", ['"a"', "W/CURRENT", "", ",", '"a", W/CURRENT', '"\u00fc"', "SHORT"]
)
def test_a_change_of_another_state_is_a_412_and_changes_nothing(
    strict: httpx.Client, path: str, form: str
) -> None:
    before = strict.get(path)
    current = before.headers["ETag"]
    value = form.replace("CURRENT", current).replace("SHORT", current[:-2] + '"')
    headers = [(b"If-Match", value.encode("latin-1"))]

    for answer in (
        strict.patch(path, json=CHANGES[path], headers=headers),
        strict.patch(path, json={}, headers=headers),
        strict.delete(f"{path}{_CASCADE[path]}", headers=headers),
    ):
        assert problem(answer, 412)["type"] == "/problems/precondition-failed"
    assert strict.get(path).json() == before.json()


@pytest.mark.parametrize("path", PATHS)
def test_the_etag_before_a_change_is_stale_after_it(strict: httpx.Client, path: str) -> None:
    stale = if_match(etag(strict, path))
    strict.patch(path, json=CHANGES[path], headers=stale).raise_for_status()

    problem(strict.patch(path, json=CHANGES[path], headers=stale), 412)
    problem(strict.delete(f"{path}{_CASCADE[path]}", headers=stale), 412)


def test_several_lines_of_if_match_are_one_list(strict: httpx.Client) -> None:
    lines = if_match('"a"', etag(strict, "/articles/1"))
    assert strict.patch("/articles/1", json=TITLE, headers=lines).status_code == 200

    for lines in (if_match("*", '"a"'), if_match('"a', 'b"'), if_match("*", "*")):
        problem(strict.patch("/articles/1", json=TITLE, headers=lines), 400)


@pytest.mark.parametrize(
    "value", ["a", '"', '"a', 'a"', '"a" "b"', '*, "a"', 'w/"a"', 'W/ "a"', "**", '"a b"', "'a'"]
)
def test_a_malformed_if_match_is_a_400_that_points_at_it(strict: httpx.Client, value: str) -> None:
    for path in ("/articles/1", "/articles/999", "/authors/1"):
        for answer in (
            strict.patch(path, json={}, headers={"If-Match": value}),
            strict.delete(path, headers={"If-Match": value}),
        ):
            [error] = problem(answer, 400)["errors"]
            assert (error["in"], error["pointer"], error["code"]) == (
                "header",
                "/If-Match",
                "malformed",
            )


def test_a_missing_if_match_is_a_428_whether_the_resource_exists_or_not(
    strict: httpx.Client,
) -> None:
    told = set()
    for path in ("/articles/1", "/articles/999", "/authors/1", "/authors/999"):
        for method in ("PATCH", "DELETE"):
            answer = strict.request(method, path, json={} if method == "PATCH" else None)
            told.add((problem(answer, 428)["type"], answer.json()["detail"]))

    assert len(told) == 1


def test_428_comes_after_what_is_wrong_with_the_request(
    strict: httpx.Client, anonymous: httpx.Client, postgres: EmbeddedPostgres
) -> None:
    del anonymous.headers["If-Match"]
    reader = token("a reader of conditions")
    asyncio.run(run_sql(postgres.url, insertion(reader, scopes=())))

    problem(anonymous.patch("/articles/1", json=TITLE), 401)
    problem(anonymous.patch("/articles/1", json=TITLE, headers=bearer(reader)), 403)
    problem(strict.patch("/articles/1", content=b"x"), 415)
    problem(
        strict.patch("/articles/1", content=b"x", headers={"Content-Type": "application/json"}), 400
    )
    problem(strict.patch("/articles/1?x=1", json=TITLE), 400)
    problem(strict.patch("/articles/x", json=TITLE), 404)
    problem(strict.patch("/articles/1", json={"title": 1}), 422)
    problem(strict.patch("/articles/1", json={"title": 1}, headers={"If-Match": "x"}), 422)
    problem(strict.delete("/authors/1?cascade=x"), 422)


def test_404_and_403_come_before_412_and_409_after_it(
    strict: httpx.Client, postgres: EmbeddedPostgres
) -> None:
    strict.post("/authors", json=author()).raise_for_status()
    bound = token("bound to the second")
    asyncio.run(run_sql(postgres.url, insertion(bound, author_id=2)))
    stale, own = {"If-Match": '"a"'}, bearer(bound)

    for path in ("/articles/999", "/authors/999"):
        problem(strict.patch(path, json={}, headers=stale), 404)
        problem(strict.delete(path, headers=stale), 404)
    for path in PATHS:
        problem(strict.patch(path, json=CHANGES[path], headers=stale | own), 403)
        problem(strict.patch(path, json={}, headers=stale | own), 403)
        problem(strict.delete(path, headers=stale | own), 403)
    problem(strict.delete("/authors/1", headers=stale), 412)
    problem(strict.delete("/authors/1", headers=if_match(etag(strict, "/authors/1"))), 409)


def test_a_token_is_revoked_without_a_condition(strict: httpx.Client) -> None:
    created = strict.post("/tokens", json={"name": "Some token", "scopes": []})

    assert strict.delete(created.headers["Location"]).status_code == 204


@pytest.mark.parametrize("path", PATHS)
async def test_of_a_hundred_patches_at_once_with_one_etag_exactly_one_is_made(
    strict: httpx.Client, service: str, path: str
) -> None:
    name = "last_name" if path == "/authors/1" else "title"
    async with httpx.AsyncClient(
        base_url=service, timeout=60, verify=False, headers=SAFELY
    ) as client:
        current = (await client.get(path)).headers["ETag"]
        answers = await asyncio.gather(
            *(
                client.patch(path, json={name: f"By {number}"}, headers=if_match(current))
                for number in range(100)
            )
        )
        stored = await client.get(path)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 99}
    [made] = [answer for answer in answers if answer.status_code == 200]
    assert (stored.json(), stored.headers["ETag"]) == (made.json(), made.headers["ETag"])


async def test_of_a_patch_and_a_deletion_at_once_with_one_etag_exactly_one_is_made(
    strict: httpx.Client, service: str
) -> None:
    async with httpx.AsyncClient(base_url=service, verify=False, headers=SAFELY) as client:
        for _ in range(5):
            created = await client.post("/articles", json=article(author_id=1))
            path, condition = created.headers["Location"], if_match(created.headers["ETag"])
            patched, deleted = await asyncio.gather(
                client.patch(path, json=TITLE, headers=condition),
                client.delete(path, headers=condition),
            )

            made = (patched.status_code, deleted.status_code)
            assert made in {(200, 412), (404, 204), (412, 204)}


# Cache-Control and Vary


@pytest.mark.parametrize("path", [*PATHS, *LISTS])
def test_what_everybody_may_read_is_public_and_what_a_token_shows_is_private(
    strict: httpx.Client, anonymous: httpx.Client, path: str
) -> None:
    shown, read = strict.get(path), anonymous.get(path)

    assert shown.headers["Cache-Control"] == "private, no-cache"
    assert read.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert shown.headers["Vary"] == read.headers["Vary"] == "Authorization"
    assert shown.headers["ETag"] == read.headers["ETag"]


def test_secrets_health_and_errors_are_not_stored(
    strict: httpx.Client, anonymous: httpx.Client
) -> None:
    created = strict.post("/tokens", json={"name": "Some token", "scopes": []})
    assert created.status_code == 201
    for answer in (
        created,
        anonymous.get("/livez"),
        anonymous.get("/readyz"),
        anonymous.get("/authors/999"),
        anonymous.get("/nowhere"),
        anonymous.post("/authors", json=author()),
        anonymous.put("/authors"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/tokens", created.headers["Location"]):
        assert strict.get(path).headers["Cache-Control"] == "private, no-cache"


def test_errors_of_reads_vary_too(anonymous: httpx.Client) -> None:
    for path in ("/authors/999", "/authors/x", "/authors?limit=0", "/tokens"):
        assert anonymous.get(path).headers["Vary"] == "Authorization"
    assert "Vary" not in anonymous.get("/livez").headers


def test_a_setting_raises_the_age_of_what_everybody_may_read(postgres: EmbeddedPostgres) -> None:
    with (
        running_service(BLOG_DATABASE_URL=postgres.url, BLOG_PUBLIC_MAX_AGE="60") as base_url,
        httpx.Client(base_url=base_url, verify=False) as client,
    ):
        read, shown = client.get("/authors"), client.get("/authors", headers=SAFELY)

    assert read.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert shown.headers["Cache-Control"] == "private, no-cache"


def test_every_change_of_what_has_an_etag_wants_it() -> None:
    def changes(operation: Operation) -> bool:
        return operation.method in ("patch", "put", "delete") and operation.id != "revoke_token"

    for operation in filter(changes, CONTRACT.operations):
        assert operation.if_match is not None
        assert operation.if_match.required
