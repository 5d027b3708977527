"""Access: who calls, as told by a token (`app.tokens`). What a caller may do is checked elsewhere:
scopes by the generated code, as the contract says, and ownership by the services.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from app import audit
from app.database.db import Database
from app.database.services.tokens import TokenService
from app.database.statements import Row
from app.errors import Unavailable
from app.tokens import Keys, is_well_formed
from generated.security import SecurityHandlers

logger = logging.getLogger(__name__)

CACHE_SECONDS = 5.0
"""How long a process trusts what it knows of a token: a revocation holds everywhere after that."""
CACHE_SIZE = 4096
"""How many tokens a process remembers."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: a token that is valid."""

    token_id: int
    scopes: frozenset[str]
    author_id: int | None
    """The author that the token is bound to; None if it may write everything."""


class TokenSecurity(SecurityHandlers[Principal]):
    """Turns tokens into callers, with at most one indexed query each.

    A context manager: leaving it waits for what it still writes in the background.
    """

    def __init__(
        self, database: Database, keys: Keys, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._known: dict[bytes, tuple[Principal, float]] = {}  # the oldest entry comes first
        self._touching: dict[int, asyncio.Task[None]] = {}

    async def bearer_token(self, credentials: str) -> Principal | None:
        """Return the caller with this token, or None. Raises `Unavailable`."""
        if not is_well_formed(credentials):
            audit.token_refused("malformed")
            return None
        digests = self._keys.digests(credentials)
        known = self._known.get(digests[0])
        if known is not None and known[1] > self._clock():
            return known[0]
        async with self._database.statement() as db:
            row = await TokenService.find_token(db, digests=digests)
        if row is None:
            audit.token_refused("unknown")
            return None
        if (reason := _fault(row)) is not None:
            audit.token_refused(reason, token_id=row["id"])
            return None
        if row["is_to_touch"]:
            self._touch(row["id"])
        return self._remember(digests[0], row)

    def forget(self, token_id: int) -> None:
        """Ask the database when this token comes again."""
        self._known = {
            digest: known for digest, known in self._known.items() if known[0].token_id != token_id
        }

    async def check_keys(self) -> None:
        """Log a warning if live tokens have a key that is not given. Raises `Unavailable`."""
        async with self._database.statement() as db:
            counts = await TokenService.count_live_tokens(db)
        if refused := sum(count for key, count in counts.items() if key not in self._keys.ids):
            logger.warning(
                "%d of %d live tokens are refused: they were made with a key that is not in "
                "BLOG_TOKEN_KEY (%s); it has %s",
                refused,
                sum(counts.values()),
                ", ".join(sorted(counts.keys() - set(self._keys.ids))),
                ", ".join(self._keys.ids),
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._touching.values())

    def _remember(self, digest: bytes, row: Row) -> Principal:
        """Keep the caller of a token for `CACHE_SECONDS`, or until it expires."""
        principal = Principal(row["id"], frozenset(row["scopes"]), row["author_id"])
        left = row["milliseconds_left"]
        seconds = CACHE_SECONDS if left is None else min(CACHE_SECONDS, left / 1000)
        self._known.pop(digest, None)
        if len(self._known) >= CACHE_SIZE:
            del self._known[next(iter(self._known))]
        self._known[digest] = principal, self._clock() + seconds
        return principal

    def _touch(self, token_id: int) -> None:
        """Record in the background that a token is used."""
        if token_id not in self._touching:
            task = asyncio.create_task(self._record_use(token_id))
            self._touching[token_id] = task
            task.add_done_callback(lambda _: self._touching.pop(token_id))

    async def _record_use(self, token_id: int) -> None:
        try:
            async with self._database.statement() as db:
                await TokenService.touch_token(db, token_id=token_id)
        except Unavailable:  # already logged, and the next use is recorded
            pass
        except Exception:
            logger.exception("cannot record the use of token %d", token_id)


def _fault(row: Row) -> str | None:
    """Return why the token of a row is refused, or None."""
    if row["revoked_at"] is not None:
        return "revoked"
    left = row["milliseconds_left"]
    return "expired" if left is not None and left <= 0 else None
