"""Schemas: the Python types of the canonical form's schemas.

The names of properties come from fastapi-code-generator's parser. Bounds, nullability, optionality
and defaults come from the contract, because the parser loses some of them.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from datamodel_code_generator.model import DataModel
from datamodel_code_generator.reference import Reference
from pydantic import BaseModel

from specfirst.codegen.canonical import IMPORTED
from specfirst.codegen.naming import snake, unique
from specfirst.codegen.templates.runtime import formats, patterns
from specfirst.codegen.traversal import (
    BASE,
    CHECKS,
    INLINE,
    SUBTYPES,
    name_in,
    options_of,
    references,
    referred,
)
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import JSON, Contract

# Strict types accept what JSON Schema accepts: neither "1" nor true is an integer. Parsing makes
# 1.0 an int.
_STRICT = {
    "string": "StrictStr",
    "integer": "StrictInt",
    "number": "Number",
    "boolean": "StrictBool",
}
_STRICT |= {"date-time": "DateTime", "date": "Date", "int32": "Int32", "int64": "Int64"}
_STRICT |= {"uuid": "Uuid"}
# The same types in signatures.
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_PLAIN |= {"date-time": "datetime", "date": "date", "int32": "int", "int64": "int"}
_PLAIN |= {"uuid": "UUID"}
_BOTH = {"null": "None", "binary": "bytes"}
# Formats whose values Pydantic would rewrite, such as URLs, stay strings.
_FORMATS = {"string": ("date-time", "date", "uuid", "binary"), "integer": ("int32", "int64")}

# The JSON Schema keywords that bound a value of each type, and their names in Pydantic's Field.
_NUMERIC = {"minimum": "ge", "exclusiveMinimum": "gt", "maximum": "le", "exclusiveMaximum": "lt"}
_NUMERIC |= {"multipleOf": "multiple_of"}
_BOUNDS = {
    "integer": _NUMERIC,
    "number": _NUMERIC,
    "string": {"minLength": "min_length", "maxLength": "max_length"},
    "array": {"minItems": "min_length", "maxItems": "max_length"},
    "object": {"minProperties": "min_length", "maxProperties": "max_length"},
}
# A schema without `type` has the type that its other keywords are about.
_IMPLIED = {
    "object": ("properties", "additionalProperties", "required", "minProperties", "maxProperties"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": tuple(_NUMERIC),
}


@dataclass(frozen=True)
class Member:
    """The code for a property."""

    name: str
    type: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Model:
    """The code for a named schema: a class, or an alias of a type."""

    name: str
    description: str
    config: str
    members: list[Member]
    extra: str | None
    count: str
    alias: str | None
    recursive: bool = False
    base: str = "Model"
    subtypes: str = ""
    """The arguments with which a value is validated as one of the classes made of this one."""


class Types:
    """The types of one contract."""

    def __init__(self, models: list[DataModel], contract: Contract) -> None:
        """Take the names of properties from the parser's models; all else is in the contract."""
        self._schemas: Mapping[str, JSON] = contract.get("/components/schemas")
        self._fields = {
            _place(model.reference): {
                field.original_name or field.name: field.name or "" for field in model.fields
            }
            for model in models
        }
        self._recursive: set[str] = set()

    def models(self) -> list[Model]:
        """Return the schemas to render: plain aliases, then classes, then aliases of classes."""
        aliases: dict[str, Model] = {}
        classes = []
        for name, schema in self._schemas.items():
            if self._is_class(name):
                classes.append(self._class(name, schema))
            elif INLINE not in schema:
                self._add_alias(name, aliases, ())
        of_classes = {name for name in aliases if self._needs_class(name, set())}
        plain = [alias for name, alias in aliases.items() if name not in of_classes]
        classes = _bases_first(classes)
        return [*plain, *classes, *(aliases[name] for name in aliases if name in of_classes)]

    def written(self, schema: JSON, *, prefix: str = "models.") -> str:
        """Return the type of a schema with its bounds, for validation."""
        return self._type(schema, _STRICT, prefix)

    def hint(self, schema: JSON, *, prefix: str = "models.") -> str:
        """Return the type of a schema without its bounds, for signatures."""
        return self._type(schema, _PLAIN, prefix)

    def _is_class(self, name: str) -> bool:
        schema = self._schemas.get(name, {})
        has_members = bool(schema.get("properties") or schema.get("required"))
        closed = schema.get("additionalProperties") is False
        return "object" in _kinds(schema) and (has_members or closed) and not options_of(schema)

    def _add_alias(self, name: str, aliases: dict[str, Model], path: tuple[str, ...]) -> None:
        """Add an alias behind the aliases it uses, as Python evaluates them in order.

        Recursive ones are detected.
        """
        if name in path:
            self._recursive.update(path[path.index(name) :])
            return
        schema = self._schemas[name]
        for used in references(schema):
            if not self._is_class(used):
                self._add_alias(used, aliases, (*path, name))
        if name not in aliases and INLINE not in schema:
            written = self._unnamed(name, _STRICT, "")
            text = schema.get("description", "")
            recursive = name in self._recursive
            aliases[name] = Model(name, text, "", [], None, "", written, recursive)

    def _needs_class(self, name: str, seen: set[str]) -> bool:
        if name in seen:
            return False
        seen.add(name)
        used = list(references(self._schemas[name]))
        return any(self._is_class(each) or self._needs_class(each, seen) for each in used)

    def _class(self, name: str, schema: JSON) -> Model:
        members = dict(schema.get("properties", {}))
        members |= {wire: {} for wire in schema.get("required", ()) if wire not in members}
        taken = {*_NO_MEMBERS, *self._schemas}
        additional = schema.get("additionalProperties")
        config = (
            'extra="forbid"'
            if additional is False
            else 'extra="allow"'
            if additional is not None
            else ""
        )
        counts = [f"{word}={schema[key]}" for key, word in _COUNTS.items() if key in schema]
        return Model(
            name=name,
            description=schema.get("description", "") or schema.get("title", ""),
            config=config,
            members=[self._member(wire, member, name, taken) for wire, member in members.items()],
            extra=self.written(additional, prefix="")
            if additional and isinstance(additional, dict)
            else None,
            count=", ".join(counts),
            alias=None,
            base=self._base(schema),
            subtypes=self._subtypes(name, schema),
        )

    def _base(self, schema: JSON) -> str:
        name = name_in(schema.get(BASE, ""))
        return name if name in self._schemas and self._is_class(name) else "Model"

    def _subtypes(self, name: str, schema: JSON) -> str:
        rule = schema.get(SUBTYPES)
        if not rule:
            return ""
        mapping = {word: name_in(place) for word, place in rule["mapping"].items()}
        classes = {word: each for word, each in mapping.items() if each in self._schemas}
        return f"{name!r}, {rule['propertyName']!r}, {classes!r}"

    def _member(self, wire_name: str, schema: JSON, owner: str, taken: set[str]) -> Member:
        given = self._fields.get(owner, {}).get(wire_name) or snake(wire_name)
        given = unicodedata.normalize("NFKC", given)  # as Python reads identifiers
        name = unique(given, taken, "_")
        taken.add(name)
        required = wire_name in self._schemas[owner].get("required", ())
        default = schema.get("default", self._default_of(schema))
        has_default = (
            not required
            and default is not _NONE
            and (default is not None or self._takes_null(schema))
        )
        missing = not required and not has_default
        type_ = self.written(schema, prefix="")
        type_ = _union(type_, "MISSING") if missing else type_
        if name != wire_name:
            type_ = f"Annotated[{type_}, Field(alias={wire_name!r})]"
        return Member(
            name=name,
            type=type_,
            default="MISSING" if missing else _default(default, type_) if has_default else None,
            description=_described(schema, self._schemas),
        )

    def _takes_null(self, schema: JSON) -> bool:
        if "$ref" in schema:
            return self._takes_null(self._schemas[referred(schema)])
        if "enum" in schema or "const" in schema:
            return None in schema.get("enum", [schema.get("const")])
        kinds, options = _kinds(schema), options_of(schema)
        return any(map(self._takes_null, options)) if options else not kinds or "null" in kinds

    def _default_of(self, schema: JSON) -> object:
        return self._schemas.get(referred(schema), {}).get("default", _NONE)

    def _type(self, schema: JSON, scalars: dict[str, str], prefix: str) -> str:
        """Return the type of a schema, with all its checks if it is for validation."""
        checks = schema.get(CHECKS)
        if checks and scalars is _STRICT:
            own = {name: value for name, value in schema.items() if name != CHECKS}
            return f"Annotated[{self._type(own, scalars, prefix)}, {_conforms(checks)}]"
        if "$ref" in schema:
            return self._referred(referred(schema), scalars, prefix)
        if "enum" in schema or "const" in schema:
            return _literal(schema, scalars)
        if options := options_of(schema):
            discriminated = self._discriminated(schema, scalars, prefix)
            if discriminated:
                return discriminated
            union = _union(*(self._type(option, scalars, prefix) for option in options))
            classes = [each for each in options if self._is_class(referred(each))]
            has_several = "anyOf" in schema and len(classes) > 1 and scalars is _STRICT
            return f"Annotated[{union}, KeepAll]" if has_several else union
        return _union(*(self._kind(kind, schema, scalars, prefix) for kind in _kinds(schema))) or (
            "Anything" if scalars is _STRICT else "Any"
        )

    def _referred(self, name: str, scalars: dict[str, str], prefix: str) -> str:
        schema = self._schemas[name]
        if self._is_class(name):
            others = [kind for kind in _kinds(schema) if kind != "object"]
            is_base = SUBTYPES in schema and scalars is _STRICT
            type_ = _union(
                f"SerializeAsAny[{prefix}{name}]" if is_base else prefix + name,
                *(self._kind(kind, schema, scalars, prefix) for kind in others),
            )
            if CHECKS in schema and scalars is _STRICT:
                return f"Annotated[{type_}, {_conforms(schema[CHECKS])}]"
            return type_
        return self._unnamed(name, scalars, prefix) if INLINE in schema else prefix + name

    def _unnamed(self, name: str, scalars: dict[str, str], prefix: str) -> str:
        """Return the type of a schema without a class.

        Raises `UnsupportedContract` for a bad pattern.
        """
        try:
            return self._type(self._schemas[name], scalars, prefix)
        except re.error as error:
            place = f"/components/schemas/{name}/pattern"
            raise UnsupportedContract(f"{place}: {error}; write it as ECMA-262 has it") from None

    def _kind(self, kind: str, schema: JSON, scalars: dict[str, str], prefix: str) -> str:
        """Return the type of a schema's values of one JSON type, with the bounds for that type."""
        if kind == "array":
            core = f"list[{self._type(schema.get('items') or {}, scalars, prefix)}]"
        elif kind == "object":
            values = schema.get("additionalProperties")
            values = values if isinstance(values, dict) else {}
            core = f"dict[str, {self._type(values, scalars, prefix)}]"
        else:
            # A range says more than int32 or int64.
            is_ranged = "minimum" in schema and "maximum" in schema
            word = (
                schema["format"]
                if schema.get("format") in _FORMATS.get(kind, ()) and not is_ranged
                else kind
            )
            core = scalars.get(word) or _BOTH[word]
        checks = ", ".join(_checks(schema, kind, core)) if scalars is _STRICT else ""
        return f"Annotated[{core}, {checks}]" if checks else core

    def _discriminated(self, schema: JSON, scalars: dict[str, str], prefix: str) -> str | None:
        rule = schema.get("x-discriminator")
        if not rule or scalars is _PLAIN:
            return None
        options = [referred(option) for option in options_of(schema) if option != _NULL]
        tags = {word: name_in(place) for word, place in rule.get("mapping", {}).items()}
        if (
            not options
            or not all(self._is_class(option) for option in options)
            or {*tags.values()} != {*options}
        ):
            return None
        union = " | ".join(f"Annotated[{prefix}{name}, Tag({name!r})]" for name in options)
        core = f"Annotated[{union}, discriminator({rule['propertyName']!r}, {tags!r})]"
        return _union(core, "None") if _NULL in options_of(schema) else core


def _bases_first(classes: list[Model]) -> list[Model]:
    """Return the classes in an order in which Python can define them."""
    by_name = {each.name: each for each in classes}
    ordered: dict[str, Model] = {}

    def add(each: Model) -> None:
        if each.base in by_name and each.base not in ordered:
            add(by_name[each.base])
        ordered.setdefault(each.name, each)

    for each in classes:
        add(each)
    return [*ordered.values()]


_COUNTS = {"minProperties": "minimum", "maxProperties": "maximum"}
_NONE = object()
_NULL = {"type": "null"}


def _place(reference: Reference) -> str:
    """Return the name of a schema in the canonical form, which is the name of its class."""
    return reference.path.rsplit("/", 1)[-1].rstrip("#")


def _union(*types: str) -> str:
    """Return the union of types, each once, with `MISSING` and `None` last."""
    each = dict.fromkeys(part for type_ in types for part in _alternatives(type_))
    last = [word for word in ("MISSING", "None") if word in each]
    return " | ".join([*(part for part in each if part not in last), *last])


def _alternatives(type_: str) -> Iterator[str]:
    """Yield the alternatives of a union; a `|` within brackets or strings separates nothing."""
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


def _kinds(schema: JSON) -> list[str]:
    """Return the JSON types that a schema allows, empty if it allows all."""
    if "type" in schema:
        return [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if "enum" in schema or "const" in schema:
        return []
    return next(
        ([kind] for kind, words in _IMPLIED.items() if any(word in schema for word in words)), []
    )


def _literal(schema: JSON, scalars: dict[str, str]) -> str:
    """Return the type of an `enum`: a Literal if possible, checked if Python takes 1 for True."""
    values = [schema["const"]] if "const" in schema else list(schema["enum"])
    words = [value for value in values if isinstance(value, str | int)]
    literals = [f"Literal[{', '.join(map(repr, words))}]"] if words else []
    core = _union(*literals, *(["None"] if None in values else []))
    if not all(isinstance(value, str | int | None) for value in values):
        core = "Any"
    if scalars is _PLAIN or all(isinstance(value, str | None) for value in values):
        return core
    return f"Annotated[{core}, one_of({', '.join(map(repr, values))})]"


def _conforms(checks: list[str]) -> str:
    return f"conforms({', '.join(map(repr, dict.fromkeys(checks)))})"


def _checks(schema: JSON, kind: str, core: str) -> Iterator[str]:
    """Yield the checks of one JSON type.

    Raises `re.error` for a pattern that is none.
    """
    bounds = [
        f"{field}={schema[word]!r}"
        for word, field in _BOUNDS.get(kind, {}).items()
        if word in schema
    ]
    pattern = schema.get("pattern") if kind == "string" and core != "bytes" else None
    refused = _refused_characters(pattern) if pattern is not None and core == "StrictStr" else None
    is_plain_pattern = pattern is not None and refused is None and patterns.is_same(pattern)
    bounds += [f"pattern={pattern!r}"] if is_plain_pattern else []
    if bounds:
        is_plain = core in ("StrictStr", "bytes") or kind != "string"
        yield f"{'Field' if is_plain else 'text_bounds'}({', '.join(bounds)})"
    if refused is not None:
        yield f"excludes({refused!r})"
    elif pattern is not None and not is_plain_pattern:
        patterns.check(pattern)
        yield f"{'matches' if core == 'StrictStr' else 'text_matches'}({pattern!r})"
    if kind == "string" and core == "StrictStr" and schema.get("format") in formats.FORMATS:
        yield f"text_format({schema['format']!r})"
    if kind == "array" and schema.get("uniqueItems"):
        yield "Unique"


def _refused_characters(pattern: str) -> str | None:
    """Return the characters that a pattern such as `^[^\\u0000]*$` excludes, if it does only that.

    On a long text, searching for them takes a hundredth of the time of a regular expression.
    """
    found = re.fullmatch(r"\^\[\^((?:\\u[0-9a-fA-F]{4}|[\w ,;:!])+)\]\*\$", pattern, re.ASCII)
    return json.loads(f'"{found[1]}"') if found else None


_HELPERS = {
    "list",
    "dict",
    "discriminator",
    "excludes",
    "matches",
    "model_validator",
    "one_of",
    "parsed",
    "property_count",
    "conforms",
    "KeepAll",
    "SerializeAsAny",
    "subtype",
    "text_bounds",
    "text_format",
    "text_matches",
    "Anything",
    "Number",
    "Uuid",
}
_NO_MEMBERS = {*dir(BaseModel), *IMPORTED, *_HELPERS}


def _default(value: object, type_: str) -> str:
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, str) and re.search(r"\b(StrictStr|Literal)\b", type_):
        return repr(value)
    return f"Field(default_factory=lambda: parsed({type_}, {value!r}))"


def _described(schema: JSON, schemas: Mapping[str, JSON]) -> str:
    target = schemas.get(referred(schema), {})
    described = {**(target if INLINE in target else {}), **schema}
    notes = [word for key, word in _REMARKS.items() if described.get(key)]
    text = str(described.get("description", "")).strip()
    return " ".join(filter(None, [text, *notes]))


_REMARKS = {"deprecated": "Deprecated.", "readOnly": "Read-only.", "writeOnly": "Write-only."}
