"""Schemas: the models that fastapi-code-generator has parsed, as the Python types that we render.

The tool tells the type of everything and finds Python names for members. What a value must satisfy, whether it may be
absent or null, and which default it has is read from the document, because the tool's own templates lose some of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from datamodel_code_generator.model import DataModel, DataModelFieldBase
from datamodel_code_generator.reference import Reference
from datamodel_code_generator.types import DataType
from pydantic import Field, TypeAdapter
from pydantic_core import SchemaError

from canonical import INLINE, Schema
from document import Document, Refused

# Strict types take what JSON Schema takes: no "1" and no true for an integer. Parsing has made an int of 1.0 already.
# Formats that Pydantic would rewrite (URLs, addresses, …) stay the text that they are.
_STRICT = {"str": "StrictStr", "int": "StrictInt", "float": "StrictFloat", "bool": "StrictBool"}
_STRICT |= {"AwareDatetime": "DateTime", "date": "Date", "UUID": "UUID", "bytes": "bytes", "Any": "Any", "None": "None"}
# What the same values are in a signature.
_PLAIN = {"str": "str", "int": "int", "float": "float", "bool": "bool", "AwareDatetime": "datetime", "date": "date"}
_PLAIN |= {"UUID": "UUID", "bytes": "bytes", "Any": "Any", "None": "None"}

# The words of JSON Schema that bound a value, and what Pydantic's Field calls them.
_BOUNDS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
}


@dataclass(frozen=True)
class Member:
    """One member of a model."""

    name: str
    type: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Model:
    """One schema with a name: a class with members, or an alias of a type."""

    name: str
    description: str
    config: str
    members: list[Member]
    extra: str | None
    count: str
    alias: str | None
    recursive: bool = False


class Types:
    """The types of one document."""

    def __init__(self, models: list[DataModel], document: Document) -> None:
        """Match the models of the tool with the schemas of the canonical document that they come from."""
        self._schemas: dict[str, Schema] = document["components"]["schemas"]
        found = {_place(model.reference): model for model in models}
        self._recursive: set[str] = set()
        self._models = {name: found[name] for name in self._schemas if name in found}

    def models(self) -> list[Model]:
        """Return the schemas to render: plain aliases, then classes, then aliases of classes."""
        aliases: dict[str, Model] = {}
        classes = []
        for name, model in self._models.items():
            if self._is_class(name):
                classes.append(self._class(name, model))
            elif INLINE not in self._schemas[name]:
                self._add_alias(name, aliases, ())
        of_classes = {name for name in aliases if self._needs_class(name, set())}
        plain = [alias for name, alias in aliases.items() if name not in of_classes]
        return [*plain, *classes, *(aliases[name] for name in aliases if name in of_classes)]

    def written(self, schema: Schema, *, prefix: str = "models.") -> str:
        """Return the type of a schema that is a reference, with all that bounds it."""
        return self._referred(self._models[_name(schema)], _STRICT, prefix)

    def hint(self, schema: Schema, *, prefix: str = "models.") -> str:
        """Return the type of a schema as it stands in a signature."""
        return self._referred(self._models[_name(schema)], _PLAIN, prefix)

    def _is_class(self, name: str) -> bool:
        return not any(base.type_hint == "RootModel" for base in self._models[name].base_classes)

    def _add_alias(self, name: str, aliases: dict[str, Model], path: tuple[str, ...]) -> None:
        """Add the alias, behind those that it uses; one that contains itself is marked so."""
        if name in path:
            self._recursive.update(path[path.index(name) :])
            return
        for used in self._used(self._models[name].fields[0].data_type):
            if not self._is_class(used):
                self._add_alias(used, aliases, (*path, name))
        schema = self._schemas[name]
        if name not in aliases and INLINE not in schema:
            written = self._alias(self._models[name], _STRICT, "")
            text = schema.get("description", "")
            recursive = name in self._recursive
            aliases[name] = Model(name, text, "", [], None, "", written, recursive)

    def _needs_class(self, name: str, seen: set[str]) -> bool:
        if name in seen:
            return False
        seen.add(name)
        used = list(self._used(self._models[name].fields[0].data_type))
        return any(self._is_class(each) or self._needs_class(each, seen) for each in used)

    def _used(self, data_type: DataType) -> Iterator[str]:
        if data_type.reference:
            yield _place(data_type.reference)
        for each in data_type.data_types:
            yield from self._used(each)

    def _class(self, name: str, model: DataModel) -> Model:
        schema = self._schemas[name]
        additional = schema.get("additionalProperties")
        config = 'extra="forbid"' if additional is False else 'extra="allow"' if additional is not None else ""
        counts = [f"{word}={schema[key]}" for key, word in _COUNTS.items() if key in schema]
        return Model(
            name=name,
            description=schema.get("description", "") or schema.get("title", ""),
            config=config,
            members=[self._member(field, schema) for field in model.fields if field.name],
            extra=self._extra(additional) if isinstance(additional, dict) else None,
            count=", ".join(counts),
            alias=None,
        )

    def _extra(self, schema: Schema) -> str:
        if "$ref" in schema:
            return self.written(schema, prefix="")
        return _STRICT[
            {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}.get(schema.get("type", ""), "Any")
        ]

    def _member(self, field: DataModelFieldBase, owner: Schema) -> Member:
        wire_name = field.original_name or field.name or ""
        schema: Schema = owner.get("properties", {}).get(wire_name, {})
        required = wire_name in owner.get("required", ())
        default = schema.get("default", self._default_of(schema))
        has_default = not required and default is not _NONE
        missing = not required and not has_default
        type_ = self._type(field.data_type, _STRICT, "")
        if required and not _is_nullable(schema) and "$ref" not in schema and schema.get("type"):
            type_ = type_.removesuffix(" | None")
        type_ = _union(type_, "MISSING") if missing else type_
        if field.name != wire_name:
            type_ = f"Annotated[{type_}, Field(alias={wire_name!r})]"
        return Member(
            name=field.name or "",
            type=type_,
            default="MISSING" if missing else _default(default, type_) if has_default else None,
            description=_described(schema, self._schemas),
        )

    def _default_of(self, schema: Schema) -> object:
        referred = self._schemas.get(_name(schema), {}) if "$ref" in schema else {}
        return referred.get("default", _NONE)

    def _referred(self, model: DataModel, scalars: dict[str, str], prefix: str) -> str:
        name = _place(model.reference)
        if self._is_class(name) or INLINE not in self._schemas[name]:
            return prefix + name
        return self._alias(model, scalars, prefix)

    def _alias(self, model: DataModel, scalars: dict[str, str], prefix: str) -> str:
        """Return the type that a schema stands for, bounds around what they bound, null outside."""
        schema = self._schemas[_place(model.reference)]
        core = self._discriminated(schema, model, scalars, prefix) or _literal(schema)
        if core is None:
            core = self._type(model.fields[0].data_type, scalars, prefix)
        checks = ", ".join(_checks(schema, _place(model.reference))) if scalars is _STRICT else ""
        if checks:
            core = f"Annotated[{core.removesuffix(' | None')}, {checks}]"
        return _union(core, "None") if _is_nullable(schema) else core

    def _discriminated(self, schema: Schema, model: DataModel, scalars: dict[str, str], prefix: str) -> str | None:
        rule = schema.get("x-discriminator")
        if not rule or scalars is _PLAIN:
            return None
        options = [_name(option) for option in [*schema.get("oneOf", []), *schema.get("anyOf", [])] if "$ref" in option]
        tags = {word: _name({"$ref": place}) for word, place in rule.get("mapping", {}).items()}
        if not options or not all(self._is_class(option) for option in options):
            return None
        union = " | ".join(f"Annotated[{prefix}{name}, Tag({name!r})]" for name in options)
        return f"Annotated[{union}, Discriminator(discriminator({rule['propertyName']!r}, {tags!r}))]"

    def _type(self, data_type: DataType, scalars: dict[str, str], prefix: str) -> str:
        inner = [self._type(each, scalars, prefix) for each in data_type.data_types]
        if data_type.is_list:
            return f"list[{_union(*inner) or 'Any'}]"
        if data_type.is_dict:
            return f"dict[str, {_union(*inner) or 'Any'}]"
        if data_type.reference:
            core = self._referred(self._models[_place(data_type.reference)], scalars, prefix)
        elif data_type.literals:
            core = f"Literal[{', '.join(map(repr, data_type.literals))}]"
        elif inner:
            core = _union(*inner)
        else:
            core = scalars.get(data_type.type or "Any", scalars["str"])
        return _union(core, "None") if data_type.is_optional and "Any" != core else core


_COUNTS = {"minProperties": "minimum", "maxProperties": "maximum"}
_NONE = object()


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]


def _place(reference: Reference) -> str:
    """Return the name of a schema in the canonical document; it is the name of its class as well."""
    return reference.path.rsplit("/", 1)[-1].rstrip("#")


def _union(*types: str) -> str:
    """Return the union of types, each once, with what stands for absence last."""
    each = dict.fromkeys(part for type_ in types for part in _alternatives(type_))
    last = [word for word in ("MISSING", "None") if word in each]
    return " | ".join([*(part for part in each if part not in last), *last])


def _alternatives(type_: str) -> Iterator[str]:
    """Yield the alternatives of a union, outside of brackets and strings."""
    depth, start, quote = 0, 0, ""
    for position, character in enumerate(type_):
        if quote:
            quote = "" if character == quote and type_[position - 1] != "\\" else quote
        elif character in "'\"":
            quote = character
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == "|" and depth == 0:
            yield type_[start:position].strip()
            start = position + 1
    yield type_[start:].strip()


def _is_nullable(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    null = {"type": "null"}
    values = schema.get("enum", [])
    return "null" in kinds or None in values or null in schema.get("anyOf", []) or null in schema.get("oneOf", [])


def _literal(schema: Schema) -> str | None:
    """Return the type of an enumeration: a Literal where Python has one, a check otherwise."""
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if not values:
        return None
    if all(isinstance(value, str | int | None) for value in values):
        words = [value for value in values if value is not None]
        return f"Literal[{', '.join(map(repr, dict.fromkeys(words)))}]" if words else "None"
    return f"Annotated[Any, one_of({', '.join(map(repr, values))})]"


def _checks(schema: Schema, place: str) -> Iterator[str]:
    kinds = schema.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if len(kinds - {"null"}) == 1 or not kinds:
        bounds = [f"{field}={schema[word]!r}" for word, field in _BOUNDS.items() if word in schema]
        pattern = schema.get("pattern")
        if pattern is not None and _is_portable(pattern, place):
            bounds.append(f"pattern={pattern!r}")
        if bounds:
            yield f"Field({', '.join(bounds)})"
        if pattern is not None and not _is_portable(pattern, place):
            yield f"matches({pattern!r})"
        if schema.get("uniqueItems"):
            yield "Unique"


def _is_portable(pattern: str, place: str) -> bool:
    """Tell whether pydantic-core's engine takes a pattern; Python's takes those with look-around."""
    try:
        TypeAdapter(Annotated[str, Field(pattern=pattern)])
    except SchemaError:
        try:
            re.compile(pattern)
        except re.error as error:
            raise Refused(f"/components/schemas/{place}/pattern: {error}; write it as Python has it") from None
        return False
    return True


def _default(value: object, type_: str) -> str:
    if value is None or (
        isinstance(value, bool | int | float | str) and not re.search(r"\b(DateTime|Date|UUID)\b", type_)
    ):
        return repr(value)
    return f"Field(default_factory=lambda: parsed({type_}, {value!r}))"


def _described(schema: Schema, schemas: dict[str, Schema]) -> str:
    referred = schemas.get(_name(schema), {}) if "$ref" in schema else {}
    described = {**(referred if INLINE in referred else {}), **schema}
    notes = [word for key, word in _REMARKS.items() if described.get(key)]
    text = str(described.get("description", "")).strip()
    return " ".join(filter(None, [text, *notes]))


_REMARKS = {"deprecated": "Deprecated.", "readOnly": "Read-only.", "writeOnly": "Write-only."}
