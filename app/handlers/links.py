"""The `Link` header of lists."""

from functools import lru_cache
from urllib.parse import quote


def next_page(path: str, cursor: str | None, **parameters: object) -> str | None:
    """Return the value of a `Link` header to the next page (RFC 8288), or None on the last page."""
    if cursor is None:
        return None
    given = [
        f"{name}={_quoted(str(value))}&" for name, value in parameters.items() if value is not None
    ]
    return f'<{path}?{"".join(given)}cursor={cursor}>; rel="next"'  # a cursor needs no quoting


@lru_cache(256)
def _quoted(value: str) -> str:
    return quote(value, safe="")
