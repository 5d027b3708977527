"""Deprecation: the headers that announce since when an operation is deprecated, and its end."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Operation

SINCE, SUNSET = "x-deprecated-since", "x-sunset"

Headers = tuple[tuple[bytes, bytes], ...]

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


def announced(operation: Operation) -> Headers:
    """Return `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) for the dates of the operation.

    Raises `UnsupportedContract` for invalid or contradicting dates, or if the operation is not
    deprecated.
    """
    raw, pointer = operation.raw, operation.pointer
    times = {word: _time(raw[word], f"{pointer}/{word}") for word in (SINCE, SUNSET) if word in raw}
    if times and not operation.is_deprecated:
        raise UnsupportedContract(
            f"{pointer}/{next(iter(times))}: is the date of nothing; "
            "add `deprecated: true`, or remove it"
        )
    if SUNSET in times and SINCE not in times:
        raise UnsupportedContract(
            f"{pointer}/{SUNSET}: stands alone; say in {SINCE} since when it is deprecated"
        )
    if SUNSET in times and times[SUNSET] < times[SINCE]:
        raise UnsupportedContract(
            f"{pointer}/{SUNSET}: is earlier than {SINCE} (RFC 9745, section 4); make it later"
        )
    since = [(b"deprecation", b"@%d" % times[SINCE].timestamp())] if SINCE in times else []
    sunset = (
        [(b"sunset", format_datetime(times[SUNSET], usegmt=True).encode())]
        if SUNSET in times
        else []
    )
    return (*since, *sunset)


def _time(value: object, pointer: str) -> datetime:
    """Return a date, as midnight in UTC, or a time in UTC (RFC 3339)."""
    try:
        if not _TIME.fullmatch(str(value)):
            raise ValueError
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        raise UnsupportedContract(
            f"{pointer}: {value} is no date; write '2026-11-22' or '2026-11-22T12:00:00Z'"
        ) from None


def remark(operation: Operation) -> str:
    """Return a sentence for the docstring, empty if the operation is not deprecated."""
    if not operation.is_deprecated:
        return ""
    since = f" since {operation.raw[SINCE]}" if SINCE in operation.raw else ""
    until = f", served until {operation.raw[SUNSET]}" if SUNSET in operation.raw else ""
    return f"Deprecated{since}{until}."
