"""`Cache-Control`: who may keep a response, and for how long (RFC 9111, section 5.2.2)."""

from dataclasses import dataclass
from typing import Final, Literal

PRIVATE: Final[Literal["private, no-cache"]] = "private, no-cache"
"""For what a token shows: only the client may keep it, and asks before it uses it again."""
NO_STORE: Final[Literal["no-store"]] = "no-store"
"""For secrets, health and errors: no cache may keep it."""


@dataclass(frozen=True, slots=True)
class Caching:
    """The policy for what everybody may read."""

    public_max_age: int = 0
    """Seconds for which a cache may use a response without asking again."""

    def of(self, principal: object | None) -> str:
        """Return the `Cache-Control` of what a caller reads."""
        if principal is not None:
            return PRIVATE
        return f"public, max-age={self.public_max_age}, must-revalidate"


REVALIDATED: Final = Caching()
"""The policy that has every response asked for again, which costs a 304 where nothing changed."""
