"""`allOf`: several schemas merged into one that accepts the same values."""

import copy
from collections.abc import Callable
from typing import Any

from specfirst.codegen.traversal import INLINE, Schema, referred
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.schemas import ANNOTATIONS


def merged(
    pool: dict[str, Schema], schema: Schema, pointer: str, seen: tuple[str, ...] = ()
) -> Schema:
    """Return a schema with its `allOf` merged into it. Raises `UnsupportedContract`.

    `pool` has the named schemas; `pointer` is the place of the schema, for error messages.
    """
    whole: Schema = {}
    for part in [
        *schema.get("allOf", []),
        {keyword: value for keyword, value in schema.items() if keyword != "allOf"},
    ]:
        if "$ref" in part and ("allOf" in schema or part.keys() - {"$ref", *ANNOTATIONS}):
            if part["$ref"] in seen:
                raise UnsupportedContract(
                    f"{pointer}/allOf: {part['$ref']} is made of itself; break the circle"
                )
            _merge(
                whole,
                copy.deepcopy(merged(pool, pool[referred(part)], pointer, (*seen, part["$ref"]))),
            )
            part = {keyword: value for keyword, value in part.items() if keyword != "$ref"}
        _merge(whole, merged(pool, part, pointer, seen) if "allOf" in part else part)
    return whole


def _merge(whole: Schema, part: Schema) -> None:
    """Add the constraints of `part` to `whole`.

    Where no value could satisfy both, the later keyword wins.
    """
    for keyword, value in part.items():
        if (
            keyword == "properties"
        ):  # a property in both parts has to satisfy both, which is merged when it is visited
            properties = whole.setdefault("properties", {})
            for name, schema in value.items():
                properties[name] = (
                    {"allOf": [properties[name], schema]} if name in properties else schema
                )
        elif keyword in whole and keyword in _BOTH:
            whole[keyword] = _BOTH[keyword](whole[keyword], value)
        elif keyword != INLINE:
            whole[keyword] = value


def distributed(schema: Schema) -> Schema:
    """Move constraints beside `anyOf` or `oneOf` into each option: a union type has no bounds."""
    keyword = next((keyword for keyword in ("oneOf", "anyOf") if keyword in schema), None)
    beside = {key: value for key, value in schema.items() if key not in {keyword, *_BESIDE_OPTIONS}}
    if keyword is None or not beside or beside == {"type": "object"}:
        return schema
    options = [{"allOf": [beside, option]} for option in schema[keyword]]
    return {
        keyword: options,
        **{key: value for key, value in schema.items() if key in _BESIDE_OPTIONS},
    }


_BESIDE_OPTIONS = {*ANNOTATIONS, "x-discriminator", INLINE}


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


def _each_pair(one: list[Schema], other: list[Schema]) -> list[Schema]:
    return [{"allOf": [first, second]} for first in one for second in other]


_BOTH: dict[str, Callable[[Any, Any], Any]] = {
    "type": _common_kinds,
    "enum": lambda one, other: [value for value in other if value in one] or other,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "pattern": lambda one, other: rf"^(?=[\s\S]*?(?:{one}))(?=[\s\S]*?(?:{other}))",
    "anyOf": _each_pair,
    "oneOf": _each_pair,
    "items": _common_schema,
    "additionalProperties": _common_schema,
    "uniqueItems": lambda one, other: one or other,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}
