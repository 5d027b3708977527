"""Validation of values against the schemas of a contract; nothing else builds validators."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from specfirst.contract import json_pointer
from specfirst.contract.model import JSON, Contract

RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
"""The formats of integers in OpenAPI, which JSON Schema does not know, and their ranges."""

FORMATS = {"date-time", "uuid", "uri-reference", "json-pointer", *RANGES}
"""The formats that responses may have; of others it is not known that they are checked."""

_URI = "urn:contract"
_COMBINING = ("allOf", "anyOf", "oneOf")
_OF_VALUES = ("properties", "items", "additionalProperties", *_COMBINING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaError:
    """A keyword that a value breaks."""

    pointer: str
    """Where the contract has the keyword."""
    keyword: str
    """The keyword of the outermost schema that leads there."""
    inside: str
    """A JSON Pointer into the value."""
    message: str


def compiled(
    schema: JSON, registry: jsonschema_rs.Registry | None = None
) -> jsonschema_rs.Draft202012Validator:
    """Return a validator that checks formats as well."""
    return jsonschema_rs.Draft202012Validator(
        dict(schema), validate_formats=True, registry=registry
    )


class SchemaValidator:
    """Validates values against schemas by their JSON Pointers.

    If `closed`, an object has the properties that are described and no others. JSON Schema leaves
    objects open, for clients of later versions; but a service that sends what its contract does not
    describe breaks it. Parts of `allOf` and the like are closed where they are combined.
    """

    def __init__(self, contract: Contract, *, closed: bool = False) -> None:
        self._document = copy.deepcopy(dict(contract.document))
        self._reported: dict[str, str] = {}
        """Keywords that only the copy has, and where they are reported."""
        schemas = list(contract.schemas(_OF_VALUES))
        combined = {part.target.pointer for each in schemas for part in each.subschemas(_COMBINING)}
        for schema in schemas:
            if schema.raw.get("format") in RANGES:
                self._limit(schema.pointer, *RANGES[schema.raw["format"]])
            is_whole = schema.pointer not in combined
            if closed and is_whole and schema.raw.keys() & {"properties", *_COMBINING}:
                self._close(schema.pointer, schema.inner("properties"))
        self._registry = jsonschema_rs.Registry([(_URI, self._document)])
        self._compiled = cache(self._compile)

    def _limit(self, pointer: str, low: int, high: int) -> None:
        parts = json_pointer.find(self._document, pointer).setdefault("allOf", [])
        for keyword, bound in (("minimum", low), ("maximum", high)):
            place = json_pointer.join(pointer, "allOf", len(parts), keyword)
            self._reported[place] = f"{pointer}/format"
            parts.append({keyword: bound})

    def _close(self, pointer: str, reported: str) -> None:
        schema = json_pointer.find(self._document, pointer)
        if "unevaluatedProperties" not in schema:
            schema["unevaluatedProperties"] = False
            self._reported[f"{pointer}/unevaluatedProperties"] = reported

    def _compile(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        return compiled({"$ref": f"{_URI}#{quote(pointer)}"}, self._registry)

    def is_valid(self, pointer: str, value: Any) -> bool:
        """Tell whether a value is one of the schema at a pointer."""
        return self._compiled(pointer).is_valid(value)

    def errors(self, pointer: str, value: Any) -> Iterator[SchemaError]:
        """Yield what a value breaks in the schema at a pointer."""
        for error in self._compiled(pointer).iter_errors(value):
            place = json_pointer.build(error.schema_path)
            reported = self._reported.get(place, place)
            below = reported.removeprefix(pointer)
            yield SchemaError(
                pointer=reported,
                keyword=json_pointer.parse(below)[0]
                if below != reported
                else str(error.evaluation_path[1]),
                inside=json_pointer.build(error.instance_path),
                message=error.message[:200],
            )
