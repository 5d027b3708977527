"""Idempotency keys: which requests have been answered, and how."""

from datetime import timedelta
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.database.db import UnitOfWork, violation_means
from app.database.models import IdempotencyKey
from app.database.statements import Row, Statement, parameters
from app.errors import TokenRevoked

LIFETIME = timedelta(hours=24)
"""How long a key is kept."""
_MOST_REMOVED = 10  # expired keys for each new one, so that the table shrinks if it can

_IDENTITY = (IdempotencyKey.token_id, IdempotencyKey.operation, IdempotencyKey.key)
_ANSWER = (
    *(IdempotencyKey.request, IdempotencyKey.status),
    *(IdempotencyKey.headers, IdempotencyKey.body),
)
_IS_EXPIRED = IdempotencyKey.expires_at <= func.now()


def _find() -> Statement:
    """Lock a key and read its answer, in one round trip.

    It does not wait: who does not get the lock is told so. The row is read as it was just before
    the lock was tried.
    """
    lock = select(
        func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger)).label("is_locked")
    ).subquery()
    is_it = [column == bindparam(column.key) for column in _IDENTITY]
    return Statement(
        select(lock.c.is_locked, *_ANSWER).select_from(
            lock.outerjoin(IdempotencyKey, and_(*is_it, IdempotencyKey.expires_at > func.now()))
        )
    )


def _store() -> Statement:
    """Store an answer, and remove some keys that have expired.

    An expired key is replaced, a live one is not: then no row is returned. The others are removed
    after that (the condition on `stored` sees to it) and without waiting for locks, so that two
    transactions which do this cannot deadlock.
    """
    answer = {column.key for column in _ANSWER} | {"expires_at"}
    new = insert(IdempotencyKey).values(
        **parameters(*(column.key for column in (*_IDENTITY, *_ANSWER))),
        expires_at=func.now() + LIFETIME,
    )
    stored = (
        new.on_conflict_do_update(
            constraint="pk_idempotency_keys",
            set_={name: new.excluded[name] for name in sorted(answer)},
            where=_IS_EXPIRED,
        )
        .returning(*_IDENTITY)
        .cte("stored")
    )
    expired = (
        select(*_IDENTITY)
        .where(_IS_EXPIRED, tuple_(*_IDENTITY).not_in(select(stored)))
        .order_by(IdempotencyKey.expires_at)
        .limit(_MOST_REMOVED)
        .with_for_update(skip_locked=True)
        .cte("expired")
    )
    removed = delete(IdempotencyKey).where(tuple_(*_IDENTITY).in_(select(expired))).cte("removed")
    return Statement(select(stored.c.key).add_cte(removed))


_FIND = _find()
_STORE = _store()


class Use(NamedTuple):
    """What a key is used for: by whom, in which operation."""

    token_id: int
    operation: str
    key: str

    @property
    def lock(self) -> int:
        """The number of its advisory lock, a signed integer of 64 bits."""
        name = f"{self.token_id} {self.operation} {self.key}"
        return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


class IdempotencyService:
    """The answers to requests with an idempotency key. Rows have the columns of `IdempotencyKey`.

    An expired key counts as absent, whether it is removed yet or not.
    """

    @staticmethod
    async def find_answer(db: UnitOfWork, use: Use) -> tuple[Row | None, bool]:
        """Return the stored answer, or None, and whether the transaction now holds the key.

        Another transaction may have stored an answer and released the key in between: then
        `store_answer` returns False.
        """
        row = await db.fetch_one(_FIND, **use._asdict(), lock=use.lock)
        assert row is not None  # an outer join with one row
        return (None if row["status"] is None else row), row["is_locked"]

    @staticmethod
    async def store_answer(
        db: UnitOfWork,
        use: Use,
        *,
        request: bytes,
        status: int,
        headers: bytes,
        body: bytes,
    ) -> bool:
        """Store an answer; return whether the key had none. Raises `TokenRevoked`.

        `request` is the digest of the request.
        """
        with violation_means(TokenRevoked, constraint="fk_idempotency_keys_token_id"):
            stored = await db.fetch_one(
                _STORE,
                **use._asdict(),
                request=request,
                status=status,
                headers=headers,
                body=body,
            )
        return stored is not None
