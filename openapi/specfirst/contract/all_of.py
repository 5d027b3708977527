"""`allOf`: the schemas that apply together at one place, and the one schema that says the same."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from specfirst.contract import json_pointer
from specfirst.contract.model import Contract

Part = tuple[str, Any]
"""The JSON Pointer of a schema, and the schema."""


def parts(
    contract: Contract, pointer: str, schema: Any, above: tuple[str, ...] = ()
) -> Iterator[Part]:
    """Yield a schema, its reference and its `allOf`; references `above` are not followed again."""
    if isinstance(schema, bool):
        schema = {} if schema else {"not": {}, "type": []}
    yield pointer, schema
    if "$ref" in schema:
        target = contract.follow(pointer)[1]
        if target not in above:
            yield from parts(contract, target, contract.get(target), (*above, target))
    for number, part in enumerate(schema.get("allOf", [])):
        yield from parts(contract, json_pointer.join(pointer, "allOf", number), part, above)


def merge(whole: dict[str, Any], part: dict[str, Any]) -> None:
    """Add the constraints of `part` to `whole`; of what contradicts itself, the later one wins."""
    for keyword, value in part.items():
        if keyword == "properties":  # a property of both has to satisfy both
            properties = whole.setdefault("properties", {})
            for name, schema in value.items():
                properties[name] = (
                    {"allOf": [properties[name], schema]} if name in properties else schema
                )
        elif keyword in whole and keyword in _BOTH:
            whole[keyword] = _BOTH[keyword](whole[keyword], value)
        else:
            whole[keyword] = value


def _common_kinds(one: str | list[str], other: str | list[str]) -> str | list[str]:
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (one, other))
    common = [kind for kind in second if kind in first or (kind == "integer" and "number" in first)]
    common += (
        ["integer"] if "integer" in first and "number" in second and "integer" not in common else []
    )
    return (common[0] if len(common) == 1 else common) or other


def _common_schema(one: Any, other: Any) -> Any:
    return (
        {"allOf": [one, other]}
        if isinstance(one, dict) and isinstance(other, dict)
        else one and other
    )


def _each_pair(one: list[Any], other: list[Any]) -> list[Any]:
    return [{"allOf": [first, second]} for first in one for second in other]


def _common_multiple(one: float, other: float) -> float:
    first, second = Fraction(str(one)), Fraction(str(other))
    common = Fraction(
        lcm(first.numerator, second.numerator), gcd(first.denominator, second.denominator)
    )
    return common.numerator if common.denominator == 1 else float(common)


_BOTH: dict[str, Callable[[Any, Any], Any]] = {
    "type": _common_kinds,
    "enum": lambda one, other: [value for value in other if value in one] or other,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "pattern": lambda one, other: rf"^(?=[\s\S]*?(?:{one}))(?=[\s\S]*?(?:{other}))",
    "multipleOf": _common_multiple,
    "anyOf": _each_pair,
    "oneOf": _each_pair,
    "items": _common_schema,
    "additionalProperties": _common_schema,
    "x-checks": lambda one, other: [*one, *other],
    "uniqueItems": lambda one, other: one or other,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}
