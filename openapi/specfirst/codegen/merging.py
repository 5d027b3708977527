"""`allOf`: several schemas that a value has to keep at once, as one."""

import copy
from collections.abc import Callable
from typing import Any

from specfirst.codegen.walking import ANNOTATIONS, INLINE, Schema
from specfirst.contract.document import Document, target
from specfirst.contract.errors import UnsupportedContract


def merged(document: Document, schema: Schema, pointer: str, seen: tuple[str, ...] = ()) -> Schema:
    """Return a schema with its `allOf` merged into it; `pointer` is its place. Raises `UnsupportedContract`."""
    whole: Schema = {}
    for part in [*schema.get("allOf", []), {word: value for word, value in schema.items() if word != "allOf"}]:
        if "$ref" in part and ("allOf" in schema or part.keys() - {"$ref", *ANNOTATIONS}):
            if part["$ref"] in seen:
                raise UnsupportedContract(f"{pointer}/allOf: {part['$ref']} is made of itself; break the circle")
            base = target(document, part["$ref"]) or {}
            _merge(whole, copy.deepcopy(merged(document, base, pointer, (*seen, part["$ref"]))))
            part = {word: value for word, value in part.items() if word != "$ref"}
        _merge(whole, merged(document, part, pointer, seen) if "allOf" in part else part)
    return whole


def _merge(whole: Schema, part: Schema) -> None:
    """Let `whole` ask for what `part` asks for as well; where no value could have both, the later word counts."""
    for word, value in part.items():
        if word == "properties":
            members = whole.setdefault("properties", {})
            for name, member in value.items():
                members[name] = {"allOf": [members[name], member]} if name in members else member
        elif word in whole and word in _BOTH:
            whole[word] = _BOTH[word](whole[word], value)
        elif word != INLINE:
            whole[word] = value


def distributed(schema: Schema) -> Schema:
    """Move what stands beside `anyOf` or `oneOf` into their options, where it bounds them as well."""
    word = next((word for word in ("oneOf", "anyOf") if word in schema), None)
    beside = {key: value for key, value in schema.items() if key not in {word, *_BESIDE_OPTIONS}}
    if word is None or not beside or beside == {"type": "object"}:
        return schema
    options = [{"allOf": [beside, option]} for option in schema[word]]
    return {word: options, **{key: value for key, value in schema.items() if key in _BESIDE_OPTIONS}}


_BESIDE_OPTIONS = {*ANNOTATIONS, "x-discriminator", INLINE}


def _common_kinds(one: str | list[str], other: str | list[str]) -> str | list[str]:
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (one, other))
    common = [kind for kind in second if kind in first or (kind == "integer" and "number" in first)]
    common += ["integer"] if "integer" in first and "number" in second and "integer" not in common else []
    return (common[0] if len(common) == 1 else common) or other


def _common_schema(one: Any, other: Any) -> Any:
    return {"allOf": [one, other]} if isinstance(one, dict) and isinstance(other, dict) else one and other


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
