"""Parameters: where they stand in a request, how they are written there, and which type they have."""

from dataclasses import dataclass
from typing import Any

from canonical import Schema
from document import Document, Refused, resolve
from naming import snake, unique
from schemas import Types

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
    required: bool
    default: str
    description: str


class Parameters:
    """Reads the parameters of operations."""

    def __init__(self, document: Document, types: Types) -> None:
        self._document = document
        self._types = types

    def of(self, operation: Document, pointer: str) -> list[Parameter]:
        """Return the parameters of an operation, those of its path first. Raises `Refused`."""
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
            raise Refused(f"{pointer}: has no schema; say what it may be")
        schema = resolve(self._document, holder["schema"])
        required = bool(raw.get("required", False)) or raw["in"] == "path"
        default = schema.get("default")
        hint = self._types.hint(holder["schema"])
        optional = not required and default is None and not hint.endswith("None")
        decode, separator, members = self._decoding(raw, schema, pointer)
        return Parameter(
            name=raw["name"],
            argument=argument,
            location=raw["in"],
            type=self._types.written(holder["schema"]),
            hint=f"{hint} | None" if optional else hint,
            decode="json_text" if content else decode,
            separator=separator,
            members=members,
            required=required,
            default=repr(default),
            description=_described(raw, schema),
        )

    def _decoding(self, raw: Document, schema: Schema, pointer: str) -> tuple[str, str | None, str]:
        """Return the decoder of a value, what separates the values of an array, and the members of an object."""
        style = raw.get("style", _STYLES[raw["in"]])
        if raw.get("content"):
            return "json_text", None, ""
        kind = self.kind(schema)
        if kind not in ("array", "object"):
            return _DECODERS[kind], None, ""
        exploded = raw.get("explode", style == "form")
        if kind == "array" and style in _SEPARATORS:
            item = resolve(self._document, schema.get("items") or {})
            return (
                _DECODERS.get(self.kind(item), "text"),
                "" if exploded and style == "form" else _SEPARATORS[style],
                "",
            )
        if kind == "object" and (style == "deepObject" or (style == "form" and exploded)):
            return "text", None, self._members(raw["name"], schema, deep=style == "deepObject")
        raise Refused(f"{pointer}: an {kind} in the style {style} cannot be read; use `content`, or another style")

    def _members(self, name: str, schema: Schema, *, deep: bool) -> str:
        wires = {
            (f"{name}[{key}]" if deep else key): (
                key,
                _DECODERS.get(self.kind(resolve(self._document, member)), "text"),
            )
            for key, member in schema.get("properties", {}).items()
        }
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


def _described(raw: Document, schema: Schema) -> str:
    text: Any = raw.get("description") or schema.get("description") or ""
    deprecated = " Deprecated." if raw.get("deprecated") else ""
    return " ".join(str(text).split()) + deprecated
