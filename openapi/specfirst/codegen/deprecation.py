"""Deprecation: the dates of an operation that will go, as the headers that announce them."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from specfirst.contract.document import Document
from specfirst.contract.errors import UnsupportedContract

SINCE, SUNSET = "x-deprecated-since", "x-sunset"

Headers = tuple[tuple[bytes, bytes], ...]

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


def announced(operation: Document, pointer: str) -> Headers:
    """Return `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), as far as the operation has dates for them.

    Raises `UnsupportedContract` for dates that are none, that contradict each other, or of what is not deprecated.
    """
    times = {word: _time(operation[word], f"{pointer}/{word}") for word in (SINCE, SUNSET) if word in operation}
    if times and operation.get("deprecated") is not True:
        raise UnsupportedContract(
            f"{pointer}/{next(iter(times))}: is the date of nothing; add `deprecated: true`, or remove it"
        )
    if SUNSET in times and SINCE not in times:
        raise UnsupportedContract(f"{pointer}/{SUNSET}: stands alone; say in {SINCE} since when it is deprecated")
    if SUNSET in times and times[SUNSET] < times[SINCE]:
        raise UnsupportedContract(f"{pointer}/{SUNSET}: is earlier than {SINCE} (RFC 9745, section 4); make it later")
    since = [(b"deprecation", b"@%d" % times[SINCE].timestamp())] if SINCE in times else []
    sunset = [(b"sunset", format_datetime(times[SUNSET], usegmt=True).encode())] if SUNSET in times else []
    return (*since, *sunset)


def _time(value: object, pointer: str) -> datetime:
    """Return a date, which begins at midnight in UTC, or a time in UTC (RFC 3339)."""
    try:
        if not _TIME.fullmatch(str(value)):
            raise ValueError
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        raise UnsupportedContract(
            f"{pointer}: {value} is no date; write '2026-11-22' or '2026-11-22T12:00:00Z'"
        ) from None


def remark(operation: Document) -> str:
    """Return the line of its docstring, or nothing where the operation is not deprecated."""
    if not operation.get("deprecated"):
        return ""
    since = f" since {operation[SINCE]}" if SINCE in operation else ""
    return f"Deprecated{since}{f', served until {operation[SUNSET]}' if SUNSET in operation else ''}."
