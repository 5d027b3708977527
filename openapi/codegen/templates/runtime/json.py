"""JSON, strictly."""

import json
import math
from collections import Counter

from .refusals import ErrorAt, Refusal


def parse_json(raw: bytes) -> object:
    """Parse JSON (RFC 8259) strictly: UTF-8 only, no repeated member, no NaN; an integral number is an `int`.

    JSON Schema knows one kind of number, so `1.0` is an integer there. Raises `Refusal` (400).
    """
    try:
        return _DECODER.decode(raw.decode())
    except RecursionError:
        raise Refusal(400, "The body is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise Refusal(400, f"The body is not UTF-8: invalid byte at offset {error.start}.") from None
    except json.JSONDecodeError as error:
        raise Refusal(400, f"The body is not JSON: {error}.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(repeated, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Refusal(
            400,
            "The body has an object with a repeated member.",
            errors=[ErrorAt("body", "", f"Repeated: {repeated!a}")],
        )
    return members


def _integer(literal: str) -> int | float:
    return int(literal) if len(literal) < 1000 else math.inf  # no contract has integers that long


def _number(literal: str) -> int | float:
    number = float(literal)
    return int(number) if number.is_integer() else number


def _constant(literal: str) -> object:
    raise Refusal(400, f"The body is not JSON: {literal} is no JSON value.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
