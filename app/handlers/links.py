"""Links to further pages."""

from urllib.parse import urlencode


def next_page(path: str, cursor: str | None, **parameters: object) -> str | None:
    """Return the value of a `Link` header to the next page (RFC 8288), or None on the last one."""
    if cursor is None:
        return None
    given = {name: value for name, value in parameters.items() if value is not None}
    return f'<{path}?{urlencode({**given, "cursor": cursor})}>; rel="next"'
