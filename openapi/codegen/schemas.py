"""Schemas: the models that fastapi-code-generator has parsed, as the Python types that we render.

The tool resolves references, merges `allOf` and names things. Its own templates render absent and null alike and let
Pydantic coerce, so the types are written here, from its data model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from datamodel_code_generator.model import DataModel, DataModelFieldBase
from datamodel_code_generator.types import DataType

# Strict types take what JSON Schema takes: no "1" and no true for an integer. Parsing has made an int of 1.0 already.
STRICT = {
    "str": "StrictStr",
    "int": "StrictInt",
    "float": "StrictFloat",
    "bool": "StrictBool",
    "AwareDatetime": "DateTime",
}
# What the same values are in a signature.
PLAIN = {"AwareDatetime": "datetime"}

_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of", "min_items", "max_items", "min_length", "max_length", "pattern")
_FIELD_WORDS = {"min_items": "min_length", "max_items": "max_length"}


@dataclass(frozen=True)
class Member:
    """One member of a model."""

    name: str
    type: str
    default: str | None
    description: str | None


@dataclass(frozen=True)
class Schema:
    """One named schema: a class with members, or an alias of a type."""

    name: str
    description: str | None
    base: str
    members: list[Member]
    config: str
    alias: str | None


def named_schema(model: DataModel, raw: dict[str, Any]) -> Schema:
    """Return what to render for a parsed model and the schema that it comes from."""
    bases = [base.type_hint for base in model.base_classes if base.reference]
    return Schema(
        name=model.class_name,
        description=raw.get("description"),
        base=", ".join(bases) or "Model",
        members=[] if is_alias(model) else [_member(field, raw) for field in model.fields],
        config=_config(raw),
        alias=constrained(model.fields[0]) if is_alias(model) else None,
    )


def is_alias(model: DataModel) -> bool:
    """Tell whether a model is a plain type with a name rather than an object with members."""
    return any(base.type_hint == "RootModel" for base in model.base_classes)


def constrained(field: DataModelFieldBase, *, models: str = "", missing: bool = False) -> str:
    """Return the type of a field with its bounds; `models` stands before model names, `missing`: it may be absent."""
    bounds = ", ".join(f"{word}={value!r}" for word, value in _bounds(field))
    core = _type(field.data_type, STRICT, models)
    bounded = f"Annotated[{core}, Field({bounds})]" if bounds else core
    return bounded + (" | MISSING" if missing else "") + (" | None" if _nullable(field) else "")


def plain(field: DataModelFieldBase, *, models: str = "") -> str:
    """Return the type of a field as it stands in the signature of a handler."""
    core = _type(field.data_type, PLAIN, models)
    return f"{core} | None" if _nullable(field) else core


def _member(field: DataModelFieldBase, raw: dict[str, Any]) -> Member:
    wire_name = field.original_name or field.name or ""
    missing = not field.required and not field.has_default
    type_ = constrained(field, missing=missing)
    if field.name != wire_name:
        type_ = f"Annotated[{type_}, Field(alias={wire_name!r})]"
    return Member(
        name=field.name or "",
        type=type_,
        default="MISSING" if missing else None if field.required else repr(field.default),
        description=raw.get("properties", {}).get(wire_name, {}).get("description"),
    )


def _config(raw: dict[str, Any]) -> str:
    additional = raw.get("additionalProperties")
    if additional is False:
        return 'extra="forbid"'
    return 'extra="allow"' if additional else ""


def _bounds(field: DataModelFieldBase) -> Iterator[tuple[str, object]]:
    constraints = field.constraints.model_dump() if field.constraints else {}
    for word in _BOUNDS:
        if (value := constraints.get(word)) is not None:
            yield _FIELD_WORDS.get(word, word), value


def _nullable(field: DataModelFieldBase) -> bool:
    return field.data_type.is_optional or bool(field.nullable)


def _type(data_type: DataType, scalars: dict[str, str], models: str) -> str:
    members = [_member_type(each, scalars, models) for each in data_type.data_types]
    inner = " | ".join(dict.fromkeys(members))
    if data_type.is_list:
        return f"list[{inner or 'Any'}]"
    if data_type.is_dict:
        return f"dict[str, {inner or 'Any'}]"
    if data_type.reference:
        return models + data_type.reference.short_name
    if data_type.literals:
        return f"Literal[{', '.join(map(repr, data_type.literals))}]"
    return inner or scalars.get(data_type.type or "Any", data_type.type or "Any")


def _member_type(data_type: DataType, scalars: dict[str, str], models: str) -> str:
    expression = _type(data_type, scalars, models)
    return f"{expression} | None" if data_type.is_optional else expression
