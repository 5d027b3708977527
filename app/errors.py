"""What can go wrong in the domain. These errors know no HTTP; `app.problems` gives each its status.

BlogError
├── AuthorNotFound
├── ArticleNotFound
├── UnknownAuthor          an article names an author who does not exist
├── AuthorHasArticles
├── InvalidCursor
├── DataRejected           the database rejects a value that the contract allows
└── Unavailable            the database cannot be used now
    └── SchemaOutdated     it answers, but is not migrated far enough
"""

from collections.abc import Iterator
from typing import TypeVar

_T = TypeVar("_T")


class BlogError(Exception):
    """Base of all domain errors; its text is for the person who made the request."""


class AuthorNotFound(BlogError):
    """There is no such author."""

    def __init__(self, author_id: int) -> None:
        super().__init__(f"There is no author {author_id}.")


class ArticleNotFound(BlogError):
    """There is no such article."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"There is no article {article_id}.")


class UnknownAuthor(BlogError):
    """An article shall belong to an author who does not exist."""

    def __init__(self, author_id: int) -> None:
        super().__init__(f"There is no author {author_id} whom the article could belong to.")


class AuthorHasArticles(BlogError):
    """An author with articles is not deleted unless the articles shall go too."""

    def __init__(self, author_id: int) -> None:
        super().__init__(f"Author {author_id} has articles. Delete them first, or ask with cascade=true.")


class InvalidCursor(BlogError):
    """A cursor that was not made for this list, with this order and these filters."""

    def __init__(self) -> None:
        super().__init__("Use the next_cursor of the page before, with the same sort and filters.")


class DataRejected(BlogError):
    """The database rejects a value that the contract allows: the two disagree, which is a bug of the service."""

    def __init__(self) -> None:
        super().__init__("The database does not take a value of the request.")


class Unavailable(BlogError):
    """The database does not answer, or cannot do its work at present."""

    def __init__(self, detail: str = "The database does not answer. Try again in a moment.") -> None:
        super().__init__(detail)


class SchemaOutdated(Unavailable):
    """The database has an older schema than this build needs."""

    def __init__(self) -> None:
        super().__init__("The database is not migrated to what this build needs.")


def subclasses(kind: type[_T]) -> Iterator[type[_T]]:
    """Yield the subclasses of a class, and theirs."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)
