"""Parameters: their location, serialization and type."""

from dataclasses import dataclass

from specfirst.codegen.naming import snake, unique
from specfirst.codegen.schemas import Types
from specfirst.contract import model
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Operation, Schema

_DECODERS = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "null": "text",
    "string": "text",
}
_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
# OpenAPI 3.1, Parameter Object, `name`.
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


@dataclass(frozen=True)
class ParameterCode:
    """The code for a parameter: how the router reads it, and what the handler gets (`hint`).

    The router reads it with `type` and `decode`.
    """

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
    encoded: bool
    """Whether its items are separated before percent-encoding is decoded."""
    allows_empty: bool
    is_if_match: bool
    """Whether it is an `If-Match`, which the runtime reads, whatever its schema says."""


def parameters(operation: Operation, types: Types) -> list[ParameterCode]:
    """Return the parameters that a handler gets, those of the path first.

    Raises `UnsupportedContract`.
    """
    ignored = {*_IGNORED_HEADERS, *(["if-none-match"] if operation.is_revalidated else [])}
    found: list[ParameterCode] = []
    for parameter in operation.parameters:
        if parameter.location != "header" or parameter.name.lower() not in ignored:
            taken = {"body", "principal", "self", *(each.argument for each in found)}
            argument = unique(snake(parameter.name), taken, f"_{parameter.location}")
            is_if_match = parameter is operation.if_match
            found.append(_parameter(parameter, argument, types, is_if_match=is_if_match))
    return sorted(found, key=lambda each: each.location != "path")


def _parameter(
    parameter: model.Parameter, argument: str, types: Types, *, is_if_match: bool
) -> ParameterCode:
    holder = next(iter(parameter.content.values()), parameter)
    if holder.schema is None:
        raise UnsupportedContract(f"{parameter.place}: has no schema; say what it may be")
    schema = holder.schema.target
    default = holder.schema.annotation("default")
    hint = "IfMatch" if is_if_match else types.hint(holder.schema.raw)
    optional = not parameter.required and default is None and not hint.endswith("None")
    decode, separator, members, others = _decoding(parameter, schema)
    return ParameterCode(
        name=parameter.name,
        argument=argument,
        location=parameter.location,
        type=types.written(holder.schema.raw),
        hint=f"{hint} | None" if optional else hint,
        decode=decode,
        separator=separator,
        members=members,
        others=others,
        required=parameter.required,
        default=repr(default),
        description=_described(parameter, schema),
        encoded="from_query" in decode,
        allows_empty=parameter.raw.get("allowEmptyValue") is True,
        is_if_match=is_if_match,
    )


def _decoding(parameter: model.Parameter, schema: Schema) -> tuple[str, str | None, str, str]:
    """Return a value's decoder, an array's separator, and the decoders of an object's properties.

    The last item decodes additional properties. Raises `UnsupportedContract` for a style that has
    no decoder.
    """
    if parameter.content:
        return _placed("json_text", parameter), None, "", ""
    style, exploded, kind = parameter.style, parameter.explode, json_type(schema)
    if parameter.location == "path" and style in ("label", "matrix"):
        return _labelled(parameter, schema, kind), None, "", ""
    if kind == "array" and style in _SEPARATORS:
        separator = (
            "" if exploded and parameter.location in ("query", "cookie") else _SEPARATORS[style]
        )
        return _separated(_decoder(schema.items), parameter, separator), separator, "", ""
    if kind == "object" and style == "deepObject":
        return "text", None, _members(parameter.name, schema, deep=True), _others(schema)
    # `style: form` and `explode: true` make each property a query parameter, without the object's
    # name.
    if kind == "object" and style == "form" and exploded and schema.properties:
        return "text", None, _members(parameter.name, schema, deep=False), ""
    if kind == "object" and (style == "simple" or (style == "form" and not exploded)):
        return _pairs(parameter, schema), None, "", ""
    if kind not in ("array", "object") and style in ("form", "simple", "deepObject"):
        return _placed(_DECODERS[kind], parameter), None, "", ""
    raise UnsupportedContract(
        f"{parameter.place}: {kind} in the style {style} cannot be read; "
        "use `content`, or another style"
    )


def _decoder(schema: Schema | None) -> str:
    return _DECODERS.get(json_type(schema), "text") if schema else "text"


def _labelled(parameter: model.Parameter, schema: Schema, kind: str) -> str:
    """Return the decoder of a value of a path that has a prefix (RFC 6570, 3.2.5 and 3.2.7)."""
    is_label, exploded = parameter.style == "label", parameter.explode
    start = "." if is_label else f";{parameter.name}="
    between = ("." if is_label else f";{parameter.name}=") if exploded else ","
    if kind == "array":
        items = _placed(_decoder(schema.items), parameter)
        return f"prefixed({start!r}, listed({items}, {between!r}))"
    if kind == "object":
        if exploded and not is_label:
            start = between = ";"
        return f"prefixed({start!r}, {_pairs(parameter, schema, between)})"
    return f"prefixed({start!r}, {_placed(_DECODERS[kind], parameter)})"


def _separated(decode: str, parameter: model.Parameter, separator: str) -> str:
    """Return a decoder of what commas separate; an encoded one separates nothing."""
    is_query = parameter.location == "query" and separator == ","
    return f"from_query({decode})" if is_query else _placed(decode, parameter)


def _pairs(parameter: model.Parameter, schema: Schema, separator: str = ",") -> str:
    """Return the decoder of an object that is serialized as one text."""
    decoders = {
        key: _separated(_decoder(each), parameter, separator)
        for key, each in schema.properties.items()
    }
    listed = ", ".join(f"{key!r}: {decode}" for key, decode in decoders.items())
    others = _separated(_others(schema) or "text", parameter, separator)
    names = {"path": "percent_decoded", "query": "from_query(str)"}.get(parameter.location)
    more = (f", names={names}" if names else "") + (
        f", separator={separator!r}" if separator != "," else ""
    )
    return f"pairs({{{listed}}}, {others}, exploded={parameter.explode}{more})"


def _others(schema: Schema) -> str:
    """Return the decoder of additional properties, empty where an object has none."""
    values = next(schema.subschemas(("additionalProperties",)), None)
    is_map = values or schema.raw.get("additionalProperties") is True or not schema.properties
    return _decoder(values) if is_map else ""


def _members(name: str, schema: Schema, *, deep: bool) -> str:
    wires = {
        f"{name}[{key}]" if deep else key: (key, _member(each))
        for key, each in schema.properties.items()
    }
    return (
        "{"
        + ", ".join(f"{wire!r}: ({key!r}, {decode})" for wire, (key, decode) in wires.items())
        + "}"
    )


def _member(schema: Schema) -> str:
    """Return the decoder of a property with a parameter of its own; an array may be repeated."""
    if json_type(schema) == "array":
        return f"many({_decoder(schema.target.items)})"
    return _decoder(schema)


_JSON_TYPES = {bool: "boolean", int: "integer", float: "number"}


def json_type(schema: Schema) -> str:
    """Return the JSON type that a text is decoded as; of several, the first but `string`."""
    schema = schema.target
    kinds = [
        *schema.types,
        *(json_type(option) for option in schema.subschemas(("anyOf", "oneOf"))),
    ]
    kinds = [kind for kind in kinds if kind != "null"]
    if not kinds:
        kinds = (
            ["object"] if "properties" in schema.raw else ["array"] if "items" in schema.raw else []
        )
    if not kinds:  # a text can only be one of the values if it is decoded as they are
        values = schema.raw.get("enum", [schema.raw.get("const")])
        kinds = [_JSON_TYPES.get(type(value), "string") for value in values]
    return next((kind for kind in kinds if kind != "string"), "string")


def _placed(decode: str, parameter: model.Parameter) -> str:
    """Return a decoder that decodes percent-encoding first in paths.

    An encoded delimiter separates nothing.
    """
    return f"from_path({decode})" if parameter.location == "path" else decode


def _described(parameter: model.Parameter, schema: Schema) -> str:
    text = parameter.description or str(schema.raw.get("description") or "")
    return " ".join(text.split()) + (" Deprecated." if parameter.raw.get("deprecated") else "")
