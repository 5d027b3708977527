"""Keywords of JSON Schema that Pydantic cannot say: `jsonschema-rs` checks them at run time.

Each schema with such a keyword gets a schema of its own, with only what the keyword needs and
without references out of it. The generated code has it as text beside the type of the schema.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from specfirst.codegen.traversal import CHECKS, Document, Schema
from specfirst.contract import json_pointer, model
from specfirst.contract.model import Contract
from specfirst.contract.schemas import ANNOTATIONS, subschemas

_WITH: dict[str, tuple[str, ...]] = {
    "not": (),
    "if": ("then", "else"),
    "contains": ("minContains", "maxContains"),
    "prefixItems": ("items",),
    "patternProperties": ("properties", "additionalProperties"),
    "propertyNames": (),
    "dependentRequired": (),
    "dependentSchemas": (),
}
"""The keywords, and those that belong to each."""
_WHOLE = ("unevaluatedProperties", "unevaluatedItems")
"""Keywords that depend on all the others."""


_SILENT = {*ANNOTATIONS, "discriminator", CHECKS} - {"readOnly", "writeOnly"}


def add_checks(document: Document) -> Iterator[str]:
    """Give each schema what is left to check of it; yield notes about what that is."""
    contract = Contract(document)
    for schema in list(contract.schemas()):
        check = _check(schema)
        if not check:
            continue
        whole = _without_references(contract, check)
        try:
            jsonschema_rs.Draft202012Validator(whole)
        except (ValueError, jsonschema_rs.ValidationError) as error:
            reason = str(error).partition("\n")[0]
            yield f"{schema.inner(next(iter(check)))}: cannot be checked: {reason}"
        else:
            yield f"{schema.inner(next(iter(check)))}: jsonschema-rs checks it at run time"
            contract.get(schema.pointer).setdefault(CHECKS, []).append(
                json.dumps(whole, sort_keys=True)
            )


def _check(node: model.Schema) -> dict[str, Any]:
    """Return the part of a schema that is left to check, empty if there is none."""
    schema = node.raw
    if any(keyword in schema for keyword in _WHOLE):
        return {name: value for name, value in schema.items() if name not in ANNOTATIONS}
    check: dict[str, Any] = {}
    for keyword, others in _WITH.items():
        if keyword in schema:
            check |= {name: schema[name] for name in (keyword, *others) if name in schema}
    if len(schema.get("oneOf", ())) > 1 and "discriminator" not in schema:
        check["oneOf"] = schema["oneOf"]
    parts = [each.target.raw for each in node.subschemas(("allOf",))]
    if len(parts) > 1 and any(part.get("additionalProperties") is False for part in parts):
        check["allOf"] = schema["allOf"]
    return check


def _without_references(contract: Contract, check: dict[str, Any]) -> Schema:
    """Return a schema with all that it refers to in its own `$defs`."""
    whole = copy.deepcopy(check)
    definitions: dict[str, Any] = {}
    names: dict[str, str] = {}
    waiting = [whole]
    while waiting:
        schema = waiting.pop()
        _drop_directions(schema)
        if isinstance(schema.get("$ref"), str):
            pointer = contract.follow(json_pointer.from_fragment(schema["$ref"]))[-1]
            if pointer not in names:
                names[pointer] = str(len(names))
                found = contract.get(pointer)
                definitions[names[pointer]] = copy.deepcopy(found)
                waiting += [definitions[names[pointer]]] if isinstance(found, dict) else []
            schema["$ref"] = f"#/$defs/{names[pointer]}"
        waiting += [part for _, part in subschemas(schema) if isinstance(part, dict)]
    return whole | ({"$defs": definitions} if definitions else {})


def _drop_directions(schema: Schema) -> None:
    """Require no property that only requests or only responses have."""
    for keyword in _SILENT:
        schema.pop(keyword, None)
    properties = schema.get("properties", {})
    one_way = {
        name
        for name, part in properties.items()
        if isinstance(part, dict) and (part.get("readOnly") or part.get("writeOnly"))
    }
    if one_way and "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in one_way]


def open_for_patterns(schema: Schema) -> None:
    """Give a closed object with `patternProperties` the type of their values; names are checked."""
    if "patternProperties" in schema and schema.get("additionalProperties") is False:
        schema["additionalProperties"] = {"anyOf": list(schema["patternProperties"].values())}
