"""The canonical form: any OpenAPI 3.0 or 3.1 document, as the one kind that the visitor reads.

Afterwards it is 3.1, each operation has a Python name, one tag and all of its parameters, each schema that becomes a
type stands under /components/schemas with the name of its class, and what is read-only or write-only has a schema of
its own for each direction. fastapi-code-generator keeps bounds and nullability of named schemas; of inline ones it
loses some.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from specfirst.codegen.deprecation import SINCE
from specfirst.codegen.directions import split_directions
from specfirst.codegen.merging import distributed, merged
from specfirst.codegen.modern import explicit_discriminator, modern
from specfirst.codegen.naming import BUILTINS, pascal, snake, unique
from specfirst.codegen.walking import ANNOTATIONS, INLINE, Schema, deep, each_schema, is_plain_reference
from specfirst.contract.document import Document, escaped, operations, resolve, steps, target
from specfirst.contract.errors import UnsupportedContract

# What generated modules import; a schema of the same name gets another one.
IMPORTED = set(
    "Annotated Any BaseModel ConfigDict Date DateTime Field Int32 Int64 Literal MISSING Model StrictBool"
    " StrictFloat StrictInt StrictStr Tag TypeAlias TypeAliasType UUID Unique date datetime".split()
)
_RESERVED = BUILTINS | IMPORTED
# What signatures say; a method of the same name would hide it.
_TYPES = ("bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "models", "str")


def canonical(document: Document) -> tuple[Document, list[str]]:
    """Return the canonical form of a document, and notes about what is not served. Raises `UnsupportedContract`."""
    document = copy.deepcopy(document)
    components = document.setdefault("components", {})
    for path in document.setdefault("paths", {}):
        document["paths"][path] = copy.deepcopy(resolve(document, document["paths"][path]))
    notes = list(_notes(document))
    document.pop("webhooks", None)
    for _, _, operation in operations(document):
        operation.pop("callbacks", None)
    each_schema(document, modern)
    _name_places(document)
    each_schema(document, explicit_discriminator)
    _name_schemas(document)
    _name_operations(document)
    pool = _Pool(document)
    for name in list(components["schemas"]):
        pool.name_parts(name)
    for path, method, operation in operations(document):
        pool.name_operation(operation, f"/paths/{escaped(path)}/{method}")
    split_directions(document)
    return document, [*notes, *_unchecked(components["schemas"])]


def _unchecked(schemas: dict[str, Schema]) -> Iterator[str]:
    for name, schema in schemas.items():
        for word in _UNCHECKED:
            if word in schema:
                yield f"/components/schemas/{name}/{word}: not checked; the handler sees what breaks it"
        if len(schema.get("oneOf", [])) > 1 and "x-discriminator" not in schema:
            yield f"/components/schemas/{name}/oneOf: a value that fits several options is taken as the first of them"


_UNCHECKED = (
    *("not", "if", "contains", "prefixItems", "patternProperties", "propertyNames", "dependentRequired"),
    *("dependentSchemas", "unevaluatedProperties", "unevaluatedItems"),
)


def _notes(document: Document) -> Iterator[str]:
    if document.get("webhooks"):
        yield "/webhooks: not served; the service only answers"
    for path, method, operation in operations(document):
        if operation.get("callbacks"):
            yield f"/paths/{escaped(path)}/{method}/callbacks: not served; the service only answers"
        if operation.get("deprecated") and SINCE not in operation:
            yield f"/paths/{escaped(path)}/{method}/deprecated: no header says so; add a date, {SINCE}: '2026-11-22'"
        for media_type, media in (resolve(document, operation.get("requestBody", {})).get("content") or {}).items():
            if any("style" in each or "explode" in each for each in (media.get("encoding") or {}).values()):
                place = f"/paths/{escaped(path)}/{method}/requestBody/content/{escaped(media_type)}/encoding"
                yield f"{place}: of its styles only arrays with `explode: false` are read"


def bare(node: Any) -> Any:
    """Return a copy in which nothing stands beside a reference: the tool would make a type of its own of it."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": node["$ref"]}
    return {word: bare(value) for word, value in node.items()}


# --- Names ---


def _name_places(document: Document) -> None:
    """Give what references find elsewhere than under /components/schemas a name there."""
    schemas = document["components"]["schemas"]
    names: dict[str, str] = {}

    def name_place(schema: Schema) -> None:
        if isinstance(schema.get("$ref"), str):
            resolve(document, schema)
            place = tuple(steps(schema["$ref"]))
            if place[:2] != ("components", "schemas") or len(place) != 3:
                schema["$ref"] = names.get(schema["$ref"]) or name_new(schema["$ref"], place)
            else:
                schema["$ref"] = f"#/components/schemas/{escaped(place[2])}"

    def name_new(reference: str, place: tuple[str, ...]) -> str:
        words = [part for part in place if part not in ("components", "schemas", "properties", "paths", "schema")]
        name = unique(" ".join(words), schemas)
        names[reference] = f"#/components/schemas/{escaped(name)}"
        schemas[name] = copy.deepcopy(target(document, reference) or {})
        deep(schemas[name], name_place)
        return names[reference]

    each_schema(document, name_place)


def _name_schemas(document: Document) -> None:
    """Give each schema the name of its class, and mend the references."""
    old = document["components"]["schemas"]
    names: dict[str, str] = {}
    for name in old:
        names[name] = unique(pascal(str(name)), {*names.values(), *_RESERVED}, "Model")
    document["components"]["schemas"] = {names[name]: schema for name, schema in old.items()}
    places = {f"#/components/schemas/{escaped(str(name))}": f"#/components/schemas/{names[name]}" for name in old}
    _rename(document, places)


def _rename(node: object, names: dict[str, str]) -> None:
    if isinstance(node, list):
        for each in node:
            _rename(each, names)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            node["$ref"] = names.get(reference, reference)
        if "x-discriminator" in node:
            mapping = node["x-discriminator"]["mapping"]
            for word, place in mapping.items():
                mapping[word] = names.get(place, names.get(f"#/components/schemas/{place}", place))
        for each in node.values():
            _rename(each, names)


def _name_operations(document: Document) -> None:
    """Give each operation a Python name, one tag, and the parameters of its path."""
    taken = {*_TYPES}
    seen: set[tuple[str, str]] = set()
    for path, method, operation in operations(document):
        template = re.sub(r"\{.+?\}", "{}", path)
        if (template, method) in seen:
            raise UnsupportedContract(
                f"/paths/{escaped(path)}/{method}: another path is the same but for names; leave one out"
            )
        seen.add((template, method))
        given = operation.get("operationId") or f"{method} {path.replace('{', ' by ')}"
        operation["operationId"] = unique(snake(str(given)), taken, "_" if snake(str(given)) in _TYPES else "")
        taken.add(operation["operationId"])
        operation["tags"] = [str((operation.get("tags") or ["default"])[0])]
        own = {_identity(document, each) for each in operation.get("parameters", [])}
        item = document["paths"][path]
        shared = [copy.deepcopy(each) for each in item.get("parameters", []) if _identity(document, each) not in own]
        operation["parameters"] = shared + operation.get("parameters", [])
        _check_path(document, path, operation, f"/paths/{escaped(path)}/{method}/parameters")
    for item in document["paths"].values():
        item.pop("parameters", None)  # they stand in each operation now


def _check_path(document: Document, path: str, operation: Document, pointer: str) -> None:
    """Add what only the path names, as text. Raises `UnsupportedContract` for parameters that no request can have."""
    names = re.findall(r"\{(.+?)\}", path)
    given = [_identity(document, each) for each in operation["parameters"]]
    for number, (place, name) in enumerate(given):
        if place not in ("path", "query", "header", "cookie") or not name:
            raise UnsupportedContract(f"{pointer}/{number}: needs a name, and path, query, header or cookie in `in`")
        if place == "path" and name not in names:
            raise UnsupportedContract(f"{pointer}/{number}: the path has no {{{name}}}; mend the name, or the path")
        if (place, name) in given[:number]:
            raise UnsupportedContract(f"{pointer}/{number}: the {place} has {name} twice; leave one out")
    text = {"in": "path", "required": True, "schema": {"type": "string"}}
    missing = [name for name in dict.fromkeys(names) if ("path", name) not in given]
    operation["parameters"] += [{"name": name, **text} for name in missing]


def _identity(document: Document, parameter: Document) -> tuple[str, str]:
    resolved = resolve(document, parameter)
    return str(resolved.get("in", "")), str(resolved.get("name", ""))


class _Pool:
    """The schemas under /components/schemas, and how others get there."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas: dict[str, Schema] = document["components"]["schemas"]

    def name_parts(self, name: str) -> None:
        """Merge `allOf` and give the inline schemas inside of a named one names of their own."""
        schema = distributed(merged(self._document, self._schemas[name], f"/components/schemas/{name}"))
        schema |= {INLINE: True} if INLINE in self._schemas[name] else {}
        _check_type(schema, f"/components/schemas/{name}/type")
        self._schemas[name] = schema
        self._name_inner(schema, name)

    def name_operation(self, operation: Document, pointer: str) -> None:
        """Give the schemas of parameters, bodies, responses and headers names."""
        owner = pascal(operation["operationId"])
        for parameter in operation["parameters"]:
            shared = "$ref" in parameter
            parameter = resolve(self._document, parameter)
            place = f"{pascal(parameter['name'])}Parameter" if shared else f"{owner}{pascal(parameter['name'])}"
            self._name_held(parameter, place)
        self._name_held(resolve(self._document, operation.get("requestBody", {})), f"{owner}Body")
        for status, response in operation.get("responses", {}).items():
            shared_name = response.get("$ref", "").rsplit("/", 1)[-1]
            name = pascal(shared_name) if shared_name else f"{owner}{str(status).title()}"
            resolved = resolve(self._document, response)
            self._name_held(resolved, f"{name}Body")
            for header, held in (resolved.get("headers") or {}).items():
                self._name_held(resolve(self._document, held), f"{name}{pascal(header)}Header")

    def _name_held(self, node: Document, name: str) -> None:
        holders = [node, *(node.get("content") or {}).values()]
        for holder in holders:
            if "schema" in holder:
                holder["schema"] = self._reference(holder["schema"], name)

    def _reference(self, schema: Schema, name: str) -> Schema:
        """Return a reference to a schema, which gets a name if it has none."""
        if is_plain_reference(schema):
            return schema
        name = unique(name, {*self._schemas, *_RESERVED})
        self._schemas[name] = {**schema, INLINE: True}
        self.name_parts(name)
        return {"$ref": f"#/components/schemas/{name}"}

    def _name_inner(self, schema: Schema, owner: str) -> None:
        for name, part in schema.get("properties", {}).items():
            schema["properties"][name] = self._inner(part, f"{owner}{pascal(str(name))}")
        for word, suffix in (("items", "Item"), ("additionalProperties", "Value")):
            if isinstance(schema.get(word), dict):
                schema[word] = self._inner(schema[word], f"{owner}{suffix}")
        for word in ("anyOf", "oneOf"):
            if word in schema:
                schema[word] = [
                    self._inner(part, f"{owner}Option{number}") for number, part in enumerate(schema[word], 1)
                ]

    def _inner(self, schema: Schema, name: str) -> Schema:
        """Name what becomes a type of its own; a scalar without bounds needs none."""
        if not is_plain_reference(schema) and ("allOf" in schema or "$ref" in schema):
            schema = merged(self._document, schema, f"/components/schemas/{name}")
        if is_plain_reference(schema) or (schema.get("type") in _SIMPLE and not schema.keys() - _UNBOUNDED):
            return schema
        described = {word: value for word, value in schema.items() if word in _CARRIED}
        return {**self._reference(schema, name), **described}


def _check_type(schema: Schema, pointer: str) -> None:
    given = schema.get("type", [])
    for kind in [given] if isinstance(given, str) else given:
        if kind not in ("object", "array", *_SIMPLE):
            raise UnsupportedContract(
                f"{pointer}: {kind} is no type of JSON Schema; a file is a string with `format: binary`"
            )


_CARRIED = ("description", "readOnly", "writeOnly", "deprecated", "default")
_SIMPLE = ("string", "integer", "number", "boolean", "null")
_UNBOUNDED = {"type", "format", *ANNOTATIONS} - {"default"}
