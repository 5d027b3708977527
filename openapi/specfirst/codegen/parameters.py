"""Parameters: where they stand in a request, how they are written there, and which type they have."""

from dataclasses import dataclass
from typing import Any

from specfirst.codegen.naming import snake, unique
from specfirst.codegen.schemas import Types
from specfirst.codegen.walking import Schema
from specfirst.contract.document import Document, resolve
from specfirst.contract.errors import UnsupportedContract

_DECODERS = {"integer": "integer", "number": "number", "boolean": "boolean", "null": "text", "string": "text"}
_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_IGNORED_HEADERS = ("accept", "content-type", "authorization")  # OpenAPI 3.1, Parameter Object, `name`


@dataclass(frozen=True)
class Parameter:
    """A parameter, as the router reads it (`type`, `decode`) and as the handler gets it (`hint`)."""

    name: str
    argument: str
    location: str
    type: str
    hint: str
    decode: str
    separator: str | None
    members: str
    others: str
    required: bool
    default: str
    description: str


class Parameters:
    """Reads the parameters of operations."""

    def __init__(self, document: Document, types: Types) -> None:
        self._document = document
        self._types = types

    def of(self, operation: Document, pointer: str) -> list[Parameter]:
        """Return the parameters of an operation, those of its path first. Raises `UnsupportedContract`."""
        found: list[Parameter] = []
        for number, raw in enumerate(operation["parameters"]):
            raw = resolve(self._document, raw)
            if not (raw["in"] == "header" and raw["name"].lower() in _IGNORED_HEADERS):
                taken = {"body", "principal", "self", *(each.argument for each in found)}
                argument = unique(snake(raw["name"]), taken, f"_{raw['in']}")
                found.append(self._parameter(raw, argument, f"{pointer}/parameters/{number}"))
        return sorted(found, key=lambda each: each.location != "path")

    def _parameter(self, raw: Document, argument: str, pointer: str) -> Parameter:
        content = next(iter((raw.get("content") or {}).values()), None)
        holder = content or raw
        if "schema" not in holder:
            raise UnsupportedContract(f"{pointer}: has no schema; say what it may be")
        schema = resolve(self._document, holder["schema"])
        required = bool(raw.get("required", False)) or raw["in"] == "path"
        default = schema.get("default")
        hint = self._types.hint(holder["schema"])
        optional = not required and default is None and not hint.endswith("None")
        decode, separator, members, others = self._decoding(raw, schema, pointer)
        return Parameter(
            name=raw["name"],
            argument=argument,
            location=raw["in"],
            type=self._types.written(holder["schema"]),
            hint=f"{hint} | None" if optional else hint,
            decode=decode,
            separator=separator,
            members=members,
            others=others,
            required=required,
            default=repr(default),
            description=_described(raw, schema),
        )

    def _decoding(self, raw: Document, schema: Schema, pointer: str) -> tuple[str, str | None, str, str]:
        """Return the decoder of a value, what separates an array, the members of an object, and the decoder of others.

        Raises `UnsupportedContract` for a style that has no reader.
        """
        if raw.get("content"):
            return _placed("json_text", raw), None, "", ""
        style = raw.get("style", _STYLES[raw["in"]])
        exploded = raw.get("explode", style == "form")
        kind = self.kind(schema)
        if kind == "array" and style in _SEPARATORS:
            separator = "" if exploded and raw["in"] in ("query", "cookie") else _SEPARATORS[style]
            return _placed(self._decoder(schema.get("items") or {}), raw), separator, "", ""
        if kind == "object" and style == "deepObject":
            return "text", None, self._members(raw["name"], schema, deep=True), self._others(schema)
        if kind == "object" and style == "form" and exploded and schema.get("properties"):
            return "text", None, self._members(raw["name"], schema, deep=False), ""
        if kind == "object" and (style == "simple" or (style == "form" and not exploded)):
            return self._pairs(raw, schema, exploded=exploded), None, "", ""
        if kind not in ("array", "object") and style in ("form", "simple", "deepObject"):
            return _placed(_DECODERS[kind], raw), None, "", ""
        raise UnsupportedContract(
            f"{pointer}: {kind} in the style {style} cannot be read; use `content`, or another style"
        )

    def _decoder(self, schema: Schema) -> str:
        return _DECODERS.get(self.kind(schema), "text")

    def _pairs(self, raw: Document, schema: Schema, *, exploded: bool) -> str:
        """Return the decoder of an object that is written as one text."""
        decoders = {key: _placed(self._decoder(each), raw) for key, each in schema.get("properties", {}).items()}
        listed = ", ".join(f"{key!r}: {decode}" for key, decode in decoders.items())
        others = _placed(self._others(schema) or "text", raw)
        names = ", names=percent_decoded" if raw["in"] == "path" else ""
        return f"pairs({{{listed}}}, {others}, exploded={exploded}{names})"

    def _others(self, schema: Schema) -> str:
        """Return the decoder of the members that an object may have beside those that it names, if it may."""
        values = schema.get("additionalProperties")
        is_map = isinstance(values, dict) or values is True or not schema.get("properties")
        return self._decoder(values if isinstance(values, dict) else {}) if is_map else ""

    def _members(self, name: str, schema: Schema, *, deep: bool) -> str:
        members = schema.get("properties", {}).items()
        wires = {f"{name}[{key}]" if deep else key: (key, self._decoder(member)) for key, member in members}
        return "{" + ", ".join(f"{wire!r}: ({key!r}, {decode})" for wire, (key, decode) in wires.items()) + "}"

    def kind(self, schema: Schema) -> str:
        """Return the JSON type that a text is read as; of several the first that is no string."""
        schema = resolve(self._document, schema)
        given = schema.get("type", [])
        kinds = [kind for kind in ([given] if isinstance(given, str) else given) if kind != "null"]
        for option in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
            kinds.append(self.kind(option))
        if not kinds:
            kinds = ["object"] if "properties" in schema else ["array"] if "items" in schema else []
        return next((kind for kind in kinds if kind not in ("string", "null")), "string")


def _placed(decode: str, raw: Document) -> str:
    """Return a decoder of values, which are percent-encoded where they stand in a path, until they are taken apart."""
    return f"from_path({decode})" if raw["in"] == "path" else decode


def _described(raw: Document, schema: Schema) -> str:
    text: Any = raw.get("description") or schema.get("description") or ""
    deprecated = " Deprecated." if raw.get("deprecated") else ""
    return " ".join(str(text).split()) + deprecated
