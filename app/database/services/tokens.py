"""Tokens."""

from collections.abc import Collection
from datetime import timedelta
from functools import cache

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Interval,
    LargeBinary,
    any_,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.types import DateTime

from app.database.db import UnitOfWork, violation_means
from app.database.models import Author, Token
from app.database.pagination import Page, fetch_page
from app.database.statements import Row, Statement, parameters
from app.errors import GrantForbidden, TokenNotFound, TokenRevoked, UnknownAuthor

_NOT_REVOKED = Token.revoked_at.is_(None)
_NOT_EXPIRED = or_(Token.expires_at.is_(None), Token.expires_at > func.now())
_NOT_JUST_USED = or_(
    Token.last_used_at.is_(None), Token.last_used_at < func.now() - timedelta(minutes=1)
)
_LEFT = cast(func.floor(1000 * func.extract("epoch", Token.expires_at - func.now())), BigInteger)
_MILLISECONDS_LEFT = _LEFT.label("milliseconds_left")
_BY_ID = Token.id == bindparam("token_id")
_COLUMNS = Token.__table__.columns

_FIND = Statement(
    select(
        *(Token.id, Token.scopes, Token.author_id),
        _MILLISECONDS_LEFT,
        Token.revoked_at,
        _NOT_JUST_USED.label("is_to_touch"),
    ).where(Token.digest == any_(bindparam("digests", type_=ARRAY(LargeBinary))))
)
_TOUCH = Statement(update(Token).where(_BY_ID, _NOT_JUST_USED).values(last_used_at=func.now()))
_LOCK_GRANTOR = Statement(
    select(Token.scopes, Token.author_id, Token.expires_at, _MILLISECONDS_LEFT)
    .where(_BY_ID, _NOT_REVOKED, _NOT_EXPIRED)
    .with_for_update(read=True)
)
_HAS_AUTHOR = Statement(select(Author.id).where(Author.id == bindparam("author_id")))
_CREATE = Statement(
    insert(Token)
    .values(
        **parameters("name", "scopes", "author_id", "digest", "key_id"),
        expires_at=func.coalesce(
            func.now() + bindparam("lifetime", type_=Interval),
            bindparam("latest", type_=DateTime(timezone=True)),
        ),
    )
    .returning(*_COLUMNS)
)
_LIST_ALL = Statement(select(*_COLUMNS).order_by(Token.id))
_HAS_ANY = Statement(select(Token.id).limit(1))
_COUNT_LIVE = Statement(
    select(Token.key_id, func.count().label("tokens"))
    .where(_NOT_REVOKED, _NOT_EXPIRED)
    .group_by(Token.key_id)
)


@cache
def _visible(is_bound: bool) -> tuple[ColumnElement[bool], ...]:
    owned = (Token.author_id == bindparam("owner"),) if is_bound else ()
    return (_BY_ID, _NOT_REVOKED, *owned)


@cache
def _get(is_bound: bool) -> Statement:
    return Statement(select(*_COLUMNS).where(*_visible(is_bound)))


@cache
def _revoke(is_bound: bool) -> Statement:
    return Statement(update(Token).where(*_visible(is_bound)).values(revoked_at=func.now()))


class TokenService:
    """The operations on tokens. Rows have the columns of `Token`.

    `owner` is the author that the token of the caller is bound to, if it is. Then the tokens of
    others are not there.
    """

    @staticmethod
    async def list_tokens(
        db: UnitOfWork, *, limit: int, cursor: str | None, sort: str, owner: int | None
    ) -> Page:
        """Return one page of tokens that are not revoked. Raises `InvalidCursor`."""
        return await fetch_page(
            db,
            Token,
            limit=limit,
            cursor=cursor,
            sort=sort,
            filters={"author_id": owner},
            condition=_NOT_REVOKED,
        )

    @staticmethod
    async def create_token(
        db: UnitOfWork,
        *,
        name: str,
        scopes: Collection[str],
        author_id: int | None,
        lifetime: timedelta | None,
        digest: bytes,
        key_id: str,
        grantor_id: int | None,
    ) -> Row:
        """Create a token; what is None is taken from the token of the grantor, if there is one.

        `digest` is what is stored of the token, by the key with the id `key_id`. Raises
        `UnknownAuthor`, `GrantForbidden`, and `TokenRevoked` for that of the grantor.
        """
        latest = None
        if grantor_id is not None:
            grantor = await db.fetch_one(_LOCK_GRANTOR, token_id=grantor_id)
            if grantor is None:
                raise TokenRevoked
            if reason := _excess(grantor, scopes=scopes, author_id=author_id, lifetime=lifetime):
                await _check_author(db, author_id=author_id)
                raise GrantForbidden(reason)
            author_id, latest = grantor["author_id"] or author_id, grantor["expires_at"]
        with violation_means(UnknownAuthor, author_id, constraint="fk_tokens_author_id"):
            row = await db.fetch_one(
                _CREATE,
                name=name,
                scopes=list(scopes),
                author_id=author_id,
                lifetime=lifetime,
                latest=latest,
                digest=digest,
                key_id=key_id,
            )
        assert row is not None  # INSERT … RETURNING of one row returns one row
        return row

    @staticmethod
    async def get_token(db: UnitOfWork, *, token_id: int, owner: int | None) -> Row:
        """Return one token. Raises `TokenNotFound`."""
        row = await db.fetch_one(_get(owner is not None), token_id=token_id, owner=owner)
        if row is None:
            raise TokenNotFound(token_id)
        return row

    @staticmethod
    async def revoke_token(db: UnitOfWork, *, token_id: int, owner: int | None) -> None:
        """Revoke a token; the row stays. Raises `TokenNotFound`."""
        if not await db.execute(_revoke(owner is not None), token_id=token_id, owner=owner):
            raise TokenNotFound(token_id)

    @staticmethod
    async def find_token(db: UnitOfWork, *, digests: Collection[bytes]) -> Row | None:
        """Return what is needed to accept or refuse a token, found by one of its digests, or None.

        `milliseconds_left` is None for a token that never expires.
        """
        return await db.fetch_one(_FIND, digests=list(digests))

    @staticmethod
    async def touch_token(db: UnitOfWork, *, token_id: int) -> None:
        """Record that a token is used now, unless that was recorded less than a minute ago."""
        await db.execute(_TOUCH, token_id=token_id)

    # What only operators see

    @staticmethod
    async def list_all_tokens(db: UnitOfWork) -> list[Row]:
        """Return all tokens, revoked ones included, in the order of their creation."""
        return await db.fetch_all(_LIST_ALL)

    @staticmethod
    async def has_tokens(db: UnitOfWork) -> bool:
        """Return whether there has ever been a token that did not go with its author."""
        return await db.fetch_one(_HAS_ANY) is not None

    @staticmethod
    async def count_live_tokens(db: UnitOfWork) -> dict[str, int]:
        """Return how many live tokens each key has, by its id."""
        return {row["key_id"]: row["tokens"] for row in await db.fetch_all(_COUNT_LIVE)}


def _excess(
    grantor: Row, *, scopes: Collection[str], author_id: int | None, lifetime: timedelta | None
) -> str | None:
    """Return what a new token would have that the token of its grantor has not, or None."""
    if lacking := sorted(set(scopes) - set(grantor["scopes"])):
        return f"Your token lacks the scope {', '.join(lacking)}."
    if grantor["author_id"] is not None and author_id not in (None, grantor["author_id"]):
        return f"Your token is bound to author {grantor['author_id']}."
    left = grantor["milliseconds_left"]
    if lifetime is not None and left is not None and lifetime > timedelta(milliseconds=left):
        return f"Your token expires in {left // 1000} seconds."
    return None


async def _check_author(db: UnitOfWork, *, author_id: int | None) -> None:
    if author_id is not None and await db.fetch_one(_HAS_AUTHOR, author_id=author_id) is None:
        raise UnknownAuthor(author_id)
