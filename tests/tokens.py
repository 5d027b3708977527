"""The tokens of the tests: one that may do everything, in each database, and others as they are
needed.
"""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from app.tokens import Keys, with_checksum

KEY = sha256(b"the tests").hexdigest()
"""The key of tokens, `BLOG_TOKEN_KEY`, of all services under test."""

SCOPES = ("authors:write", "articles:write", "tokens:manage")

KEYS = Keys.parse(KEY)


def token(seed: str) -> str:
    """Return a well-formed token, the same for the same seed."""
    return with_checksum(f"blog_pat_{sha256(seed.encode()).hexdigest()[:37]}")


def bearer(token: str) -> dict[str, str]:
    """Return the headers that show a token."""
    return {"Authorization": f"Bearer {token}"}


def insertion(
    token: str,
    *,
    id: int | None = None,
    name: str = "A token",
    scopes: Collection[str] = SCOPES,
    author_id: int | None = None,
    created_at: str = "now()",
    expires_at: str = "NULL",
    revoked_at: str = "NULL",
    keys: Keys = KEYS,
) -> str:
    """Return the SQL that stores a token; times are expressions."""
    values: dict[str, Any] = {
        **({} if id is None else {"id": id}),
        "name": f"'{name}'",
        "scopes": f"ARRAY[{', '.join(map(repr, scopes))}]::varchar[]",
        "author_id": "NULL" if author_id is None else author_id,
        "created_at": created_at,
        "expires_at": expires_at,
        "revoked_at": revoked_at,
        "digest": f"'\\x{keys.first.digest(token).hex()}'::bytea",
        "key_id": f"'{keys.first.id}'",
    }
    return (
        f"INSERT INTO tokens ({', '.join(values)}) OVERRIDING SYSTEM VALUE "
        f"VALUES ({', '.join(map(str, values.values()))})"
    )


ADMIN_ID = 4_000_000_000_000_000_001
"""The id of the token that may do everything, which no other token comes near."""

ADMIN_TOKEN = token("admin")
ANY_VERSION = {"If-Match": "*"}
"""The headers of a client that changes things whatever their state is."""

ADMIN = bearer(ADMIN_TOKEN) | ANY_VERSION
"""The headers of a client that may do everything."""

NO_SCOPES_TOKEN = token("no scopes")
NO_SCOPES = bearer(NO_SCOPES_TOKEN)
"""The headers of a client that may only read, where its token is stored."""

STORE_ADMIN = (
    insertion(ADMIN_TOKEN, id=ADMIN_ID, name="Admin", created_at="'2026-01-01T00:00:00Z'")
    + " ON CONFLICT DO NOTHING"
)
"""The SQL that stores the token that may do everything."""
