"""Who owns what: a token that is bound to an author writes that author and its articles only."""

from app.errors import NotTheOwner


def check_owner(owner: int | None, author_id: int) -> None:
    """Raise `NotTheOwner` if a token is bound to `owner` and so cannot write what an author has."""
    if owner is not None and owner != author_id:
        raise NotTheOwner(owner)
