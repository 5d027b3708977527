"""`allOf`: several schemas merged into one that accepts the same values."""

import copy
from collections.abc import Mapping
from typing import Any

from specfirst.codegen.traversal import BASE, CHECKS, INLINE, SUBTYPES, Schema, referred
from specfirst.contract.all_of import merge
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
            named = merged(pool, pool[referred(part)], pointer, (*seen, part["$ref"]))
            of_values = {key: value for key, value in named.items() if key not in _OWN}
            merge(whole, copy.deepcopy(of_values))
            part = {keyword: value for keyword, value in part.items() if keyword != "$ref"}
        merge(whole, merged(pool, part, pointer, seen) if "allOf" in part else part)
    whole.pop(INLINE, None)
    return whole


def distributed(pool: dict[str, Schema], schema: Schema) -> Schema:
    """Move constraints beside `anyOf` or `oneOf` into each option: a union type has no bounds.

    An option that was a reference says so under `OPTION`.
    """
    keyword = next((keyword for keyword in ("oneOf", "anyOf") if keyword in schema), None)
    if keyword is None:
        return schema
    beside = {key: value for key, value in schema.items() if key not in {keyword, *_BESIDE_OPTIONS}}
    kinds = [types_of(pool.get(referred(option), option)) for option in schema[keyword]]
    if beside.get("type") == "object" or all(kind and kind <= types_of(beside) for kind in kinds):
        beside.pop("type", None)  # the options say so themselves
    if not beside:
        return {key: value for key, value in schema.items() if key != "type"}
    options = [
        {"allOf": [beside, option], **({OPTION: option["$ref"]} if "$ref" in option else {})}
        for option in schema[keyword]
    ]
    return {
        keyword: options,
        **{key: value for key, value in schema.items() if key in _BESIDE_OPTIONS},
    }


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """Return the types that a schema names, none if it names none."""
    given = schema.get("type", ())
    return {given} if isinstance(given, str) else {*given}


_OWN = (SUBTYPES, BASE)  # what says something of a schema, not of its values

OPTION = "x-option"
"""Marks an option of a union that was a reference, before constraints were added to it."""

_BESIDE_OPTIONS = {*ANNOTATIONS, "x-discriminator", CHECKS, INLINE}
