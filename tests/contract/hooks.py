"""What Schemathesis cannot draw: ids of what exists, cursors of their list, keys that are new.

Without them most requests would meet a 404 or a 400 before they reach what they should test. The
refusals are tested too: every fourth drawn id stays, and so does all that is drawn to be wrong. A
caller who is bound to an author mostly names what is theirs, and sometimes what is another's.
"""

from collections.abc import Mapping
from functools import cache
from secrets import token_hex
from typing import Any

import httpx
import schemathesis
from schemathesis import Case, HookContext
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from tests.contract.callers import Caller
from tests.tokens import ADMIN


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Put live values into those parts of a request that are drawn to be right."""
    blog = _blog(case.operation.base_url)
    if _is_right(case, ParameterLocation.PATH):
        _use_live_id(case, blog)
    if _is_right(case, ParameterLocation.BODY):
        _use_live_author(case, blog)
    if _is_right(case, ParameterLocation.QUERY):
        _use_live_cursor(case, blog)
    if _is_right(case, ParameterLocation.HEADER):
        _use_new_key(case)
    _spare_caller(case, blog)
    _use_live_etag(case, blog)


class _Blog:
    """The service under test, as far as the hook needs it."""

    def __init__(self, base_url: str) -> None:
        self.caller = Caller.of_run()
        self._admin = httpx.Client(base_url=base_url, headers=ADMIN)
        self._client = httpx.Client(base_url=base_url, headers=self.caller.headers)

    def create(self, name: str, *, of_caller: bool = True) -> int:
        """Create what an id of this name stands for; it belongs to the caller, if it can."""
        own = self.caller.author_id if of_caller else None
        match name:
            case "author_id":
                author_id = self.create_author()
                self.create_article(author_id=author_id)
                return author_id
            case "article_id":
                return self.create_article(author_id=own or self.create_author())
            case _:
                return self.create_token(author_id=own)

    def create_author(self) -> int:
        return self._create("/authors", first_name="Ada", last_name="Lovelace")

    def create_article(self, *, author_id: int) -> int:
        return self._create("/articles", title="Note G", content="…", author_id=author_id)

    def create_token(self, *, author_id: int | None) -> int:
        return self._create("/tokens", name="Some token", scopes=[], author_id=author_id)

    def create_second_pages(self) -> int:
        """Give each list more than one row; return an author with more than one article."""
        author_id = self.create("author_id")
        self.create_article(author_id=author_id)
        self.create_author()
        for _ in range(2):
            self.create_token(author_id=self.caller.author_id)
        return author_id

    def has_author(self, author_id: object) -> bool:
        return self._admin.get(f"/authors/{author_id}").is_success

    def has_articles(self, author_id: object) -> bool:
        answer = self._admin.get("/articles", params={"author_id": str(author_id)})
        return answer.is_success and bool(answer.json()["items"])

    def etag(self, path: str, query: Mapping[str, Any]) -> str | None:
        etag: str | None = self._admin.get(path, params=query).headers.get("etag")
        return etag

    def cursor(self, path: str, query: dict[str, Any]) -> str | None:
        answer = self._client.get(path, params=query | {"limit": 1}).raise_for_status()
        next_cursor: str | None = answer.json()["next_cursor"]
        return next_cursor

    def _create(self, path: str, **body: object) -> int:
        answer = self._admin.post(path, json=body).raise_for_status()
        created: int = answer.json()["id"]
        return created


_blog = cache(_Blog)

_CONDITIONS = {"If-Match", "If-None-Match"}
_OTHER = '"another"'
"""An entity tag that is never current."""


def _is_right(case: Case[Any], location: ParameterLocation) -> bool:
    """Whether this part is drawn to be right; one taken from an example or an answer always is."""
    drawn = case.meta.components.get(location) if case.meta else None
    return drawn is None or drawn.mode.is_positive


def _is_stateful(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL


def _is_fuzzing(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.phase.name == TestPhase.FUZZING


def _stays(drawn: Any) -> bool:
    """One in four, the largest int64 among them."""
    return int(drawn) % 4 == 3


def _is_other(drawn: Any) -> bool:
    """One in four of those that are replaced."""
    return int(drawn) % 4 == 2


def _use_live_id(case: Case[Any], blog: _Blog) -> None:
    """Name something that exists in the path.

    In the stateful phase the ids come from earlier answers, and dead ones are what it looks for.
    """
    if _is_stateful(case):
        _keep_followed_articles(case, blog)
        return
    for name, drawn in case.path_parameters.items():
        if not _stays(drawn):
            case.path_parameters = {
                name: _live_id(name, case, blog, of_caller=not _is_other(drawn))
            }


def _live_id(name: str, case: Case[Any], blog: _Blog, *, of_caller: bool) -> int:
    own = blog.caller.author_id
    if own is not None and of_caller and name == "author_id" and case.method != "DELETE":
        return own
    return blog.create(name, of_caller=of_caller)


def _keep_followed_articles(case: Case[Any], blog: _Blog) -> None:
    """Let `cascade` delete the articles of an author made for it.

    Schemathesis does not know that an article goes with its author: it would take the 404 of an
    article that it has seen created for a defect (ensure_resource_availability).
    """
    cascades = str(case.query.get("cascade")).lower() == "true"
    if cascades and blog.has_articles(case.path_parameters["author_id"]):
        case.path_parameters = {"author_id": blog.create("author_id")}


def _spare_caller(case: Case[Any], blog: _Blog) -> None:
    """Let nothing delete the caller's token, or the author that it is bound to."""
    for name, id_ in case.path_parameters.items():
        if case.method == "DELETE" and blog.caller.is_needed(name, id_):
            case.path_parameters = {name: blog.create(name)}


def _use_live_etag(case: Case[Any], blog: _Blog) -> None:
    """Name the current state in `If-Match`, if it is drawn to be right, and mostly in
    `If-None-Match`, which is for reading what is there once more.

    Text that is drawn at random is hardly ever an entity tag. One in three random ones becomes an
    entity tag that is not current, for the 412; other phases have few requests, and the tags of the
    stateful one come from earlier answers. What is drawn to be wrong stays: it is missing, or
    malformed.
    """
    for name in _CONDITIONS & {each.name for each in case.operation.headers}:
        given = case.headers.get(name) if case.headers else None
        if given is None or not _is_right(case, ParameterLocation.HEADER):
            continue
        query = case.query if case.method == "GET" else {}
        current = blog.etag(case.formatted_path, query)
        is_other = _is_fuzzing(case) and len(str(given)) % 3 == 2
        case.headers[name] = _OTHER if is_other or current is None else current


def _use_live_author(case: Case[Any], blog: _Blog) -> None:
    """Name an author who exists in the body.

    Always in the stateful phase: there Schemathesis would take the 404 that points at the author
    for one of the article in the path, which it has seen created (ensure_resource_availability).
    """
    if not isinstance(case.body, dict) or "author_id" not in case.body:
        return
    drawn, own = case.body["author_id"], blog.caller.author_id
    if drawn is None or (_stays(drawn) and not _is_stateful(case)):
        return
    if own is not None and not _is_other(drawn):
        case.body = case.body | {"author_id": own}
    elif not blog.has_author(drawn):
        case.body = case.body | {"author_id": blog.create_author()}


def _use_live_cursor(case: Case[Any], blog: _Blog) -> None:
    """Replace every cursor: the contract refuses those that the list has not given, and only those.

    It has to belong to the sort and the filter of the request. A list of one page gives none: then
    there is a longer one, of another author where the request names one.
    """
    if "cursor" not in case.query:
        return
    query: dict[str, Any] = {
        name: case.query[name] for name in ("sort", "author_id") if name in case.query
    }
    if blog.cursor(case.path, query) is None:
        author_id = blog.create_second_pages()
        query |= {"author_id": author_id} if "author_id" in query else {}
    case.query = dict(case.query) | query | {"cursor": blog.cursor(case.path, query)}


def _use_new_key(case: Case[Any]) -> None:
    """Begin each idempotency key with other characters: it is refused with another body."""
    key = case.headers.get("Idempotency-Key")
    if key is None:
        return
    quote = '"' if key.startswith('"') else ""
    new = f"{token_hex(16)}{key.strip(quote)}"
    case.headers["Idempotency-Key"] = f"{quote}{new.replace(chr(92), '')[:255]}{quote}"
