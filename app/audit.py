"""Lines about tokens in the log, for those who look into a leak. No line has a token.

`by` is the id of the token that did it, or None for the command line.
"""

from app.database.statements import Row
from app.logs import log


def token_created(row: Row, *, by: int | None) -> None:
    """Write that a token was created, and what it may do."""
    log.write(
        "info",
        "token created",
        token_id=row["id"],
        scopes=row["scopes"],
        author_id=row["author_id"],
        expires_at=row["expires_at"],
        by=by,
    )


def token_revoked(token_id: int, *, by: int | None) -> None:
    """Write that a token was revoked."""
    log.write("info", "token revoked", token_id=token_id, by=by)


def token_refused(reason: str, *, token_id: int | None = None) -> None:
    """Write why a token was refused, which the response does not say."""
    log.write("warning", "token refused", reason=reason, token_id=token_id)
