"""Links to further pages."""

from urllib.parse import quote


def next_page(path: str, cursor: str | None, **parameters: object) -> str | None:
    """Return the value of a `Link` header to the next page (RFC 8288), or None on the last one."""
    if cursor is None:
        return None
    given = [f"{name}={quote(str(value), safe='')}&" for name, value in parameters.items() if value is not None]
    return f'<{path}?{"".join(given)}cursor={quote(cursor, safe="")}>; rel="next"'
