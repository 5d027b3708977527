# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Strict JSON parsing."""

import json
import math
from decimal import Decimal
from typing import Any

from .error_texts import sentence
from .rejections import ErrorDetail, RequestRejected, escaped, is_writable, malformed

_EXACT = 2.0**53
"""Up to here every integral double stands for one integer."""


def parse_json(raw: bytes) -> object:
    """Parse JSON (RFC 8259) strictly: UTF-8 only, no repeated property, no NaN.

    An integral number is an `int`: in JSON Schema `1.0` is an integer. Raises `RequestRejected`
    (400).
    """
    try:
        return _DECODER.decode(raw.decode())
    except RecursionError:
        raise malformed(
            "The body is nested too deeply.", sentence("too_deep"), code="too_deep"
        ) from None
    except UnicodeDecodeError as error:
        raise malformed(
            f"The body is not UTF-8: invalid byte at offset {error.start}.", "Not UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        raise malformed(f"The body is not JSON: {error}.", "Not JSON") from None
    except _Repeated:
        wrong = ErrorDetail("body", _repeated(raw.decode()), "repeated", sentence("repeated"))
        raise RequestRejected(
            400, "The body has an object with a repeated property.", errors=[wrong]
        ) from None


def has_more_values(raw: bytes, limit: int) -> bool:
    """Return whether JSON has more than `limit` values, without building any of them.

    Each object, array, string, number and literal is a value, names are not, and an empty object or
    array counts twice. What is not JSON may count as anything.
    """
    if 1 + _values_inside(raw, 0, len(raw)) <= limit:
        return False
    if b"\\" in raw:  # so that each quote left begins or ends a text
        raw = raw.replace(rb"\\", b"").replace(rb"\"", b"")
    values, texts, end = 1, 0, 0
    while max(values, texts // 2) <= limit:  # a value has at most two texts, its name and itself
        begin = raw.find(b'"', end)
        if begin < 0:
            return values + _values_inside(raw, end, len(raw)) > limit
        values += _values_inside(raw, end, begin)
        texts += 1
        end = raw.find(b'"', begin + 1) + 1
        if not end:
            return values > limit
    return True


def _values_inside(raw: bytes, start: int, end: int) -> int:
    """Return how many values follow the beginning of an object or array, or a comma."""
    return sum(raw.count(sign, start, end) for sign in (b"[", b"{", b","))


class _Repeated(Exception):
    """An object has a property twice."""


class _Pairs(list[tuple[str, Any]]):
    """An object as the list of its properties, repeated ones included."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Repeated
    return members


def _repeated(body: str) -> str:
    """Return the pointer of the first repeated property, or of the body if it is malformed, too."""
    try:
        found = [("", _PAIRS.decode(body))]
    except (json.JSONDecodeError, RecursionError):
        return ""
    for pointer, value in found:
        names: set[str | int] = set()
        for name, member in (
            value
            if isinstance(value, _Pairs)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        ):
            place = f"{pointer}/{escaped(str(name))}"
            if name in names:
                return place if is_writable(place) else ""
            names.add(name)
            found.append((place, member))
    return ""


def integral(literal: str) -> int | float:
    """Return an integer, or infinity for one of 1000 digits or more, which no contract allows."""
    if len(literal) < 1000:
        return int(literal)
    return -math.inf if literal.startswith("-") else math.inf


def _number(literal: str) -> int | float:
    """Return a number, exactly if it is integral; infinity for one beyond the range of a double."""
    number = float(literal)
    if not number.is_integer():
        return number
    if abs(number) < _EXACT:
        return int(number)
    exact = Decimal(literal)
    return int(exact) if exact == exact.to_integral_value() else number


def _constant(literal: str) -> object:
    raise malformed(f"The body is not JSON: {literal} is no JSON value.", "Not JSON")


_NUMBERS: dict[str, Any] = {
    "parse_int": integral,
    "parse_float": _number,
    "parse_constant": _constant,
}
_DECODER = json.JSONDecoder(object_pairs_hook=_object, **_NUMBERS)
_PAIRS = json.JSONDecoder(object_pairs_hook=_Pairs, **_NUMBERS)
