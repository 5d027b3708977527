"""Domain errors. They know nothing about HTTP; `app.problems` assigns each a status.

BlogError
├── AuthorNotFound
├── ArticleNotFound
├── TokenNotFound
├── UnknownAuthor          the author of an article or a token does not exist
├── AuthorHasArticles
├── TokenRevoked           the caller's own token was revoked meanwhile
├── NotTheOwner            the caller's token is bound to another author
├── GrantForbidden         a token cannot grant what it lacks
├── VersionMismatch        what is to be changed has been changed meanwhile
├── InvalidCursor
├── IdempotencyKeyReused   a key came with another request than the first one
├── IdempotencyKeyInUse    the first request with a key has not been answered yet
├── DataRejected           the database rejects a value that the contract allows
└── Unavailable            the database cannot be used now
    ├── RolledBack         the database has rolled back the work because of others
    └── SchemaOutdated     migrations are missing
"""

from collections.abc import Iterator
from typing import TypeVar

_T = TypeVar("_T")


class BlogError(Exception):
    """Base class of all domain errors. The message is for the client."""


class AuthorNotFound(BlogError):
    """There is no such author."""

    def __init__(self, author_id: int) -> None:
        super().__init__(f"There is no author {author_id}.")


class ArticleNotFound(BlogError):
    """There is no such article."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"There is no article {article_id}.")


class TokenNotFound(BlogError):
    """There is no such token, or none that the caller may see."""

    def __init__(self, token_id: int) -> None:
        super().__init__(f"There is no token {token_id}.")


class UnknownAuthor(BlogError):
    """The author of a new or changed article, or of a new token, does not exist."""

    def __init__(self, author_id: int) -> None:
        super().__init__(f"There is no author {author_id}.")


class AuthorHasArticles(BlogError):
    """An author with articles cannot be deleted without `cascade`."""

    def __init__(self, author_id: int) -> None:
        super().__init__(
            f"Author {author_id} has articles. Delete them first, or ask with cascade=true."
        )


class TokenRevoked(BlogError):
    """The token of the caller was valid when the request came, and is no longer."""

    def __init__(self) -> None:
        super().__init__("The request has no valid credentials.")


class NotTheOwner(BlogError):
    """The token of the caller is bound to an author who does not own what it would write."""

    def __init__(self, owner: int) -> None:
        super().__init__(f"The token is bound to author {owner} and writes nothing else.")


class GrantForbidden(BlogError):
    """A token cannot grant scopes that it lacks, outlive itself, or leave its author."""


class VersionMismatch(BlogError):
    """What the caller wants to change is no longer in a state that the caller has named."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed, because If-Match has no current ETag. Get it again.")


class InvalidCursor(BlogError):
    """The cursor is not valid for this list with this order and these filters."""

    def __init__(self) -> None:
        super().__init__("Use the next_cursor of the page before, with the same sort and filters.")


class IdempotencyKeyReused(BlogError):
    """An idempotency key came with another request than the one that it belongs to."""

    def __init__(self) -> None:
        super().__init__("The Idempotency-Key belongs to another request; choose a new one.")


class IdempotencyKeyInUse(BlogError):
    """The first request with an idempotency key has not been answered yet."""

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key has not been answered yet.")


class DataRejected(BlogError):
    """The database rejects a value that the contract allows, which is a bug in the service."""

    def __init__(self) -> None:
        super().__init__("The database does not accept a value in the request.")


class Unavailable(BlogError):
    """The database does not answer or cannot do its work at the moment."""

    def __init__(
        self, detail: str = "The database does not answer. Try again in a moment."
    ) -> None:
        super().__init__(detail)


class RolledBack(Unavailable):
    """The database has rolled back a transaction that conflicts with others: nothing happened."""

    def __init__(self) -> None:
        super().__init__("Other requests change the same data. Try again in a moment.")


class SchemaOutdated(Unavailable):
    """The database lacks migrations that this build needs."""

    def __init__(self) -> None:
        super().__init__("The database lacks migrations that this build needs.")


def subclasses(kind: type[_T]) -> Iterator[type[_T]]:
    """Yield all subclasses of a class, recursively."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)
