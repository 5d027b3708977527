"""The canonical form: any OpenAPI 3.0 or 3.1 document, as the one kind that the visitor reads.

Afterwards it is 3.1, each operation has a Python name, one tag and all of its parameters, each schema that becomes a
type stands under /components/schemas with the name of its class, and what is read-only or write-only has a schema of
its own for each direction. fastapi-code-generator keeps bounds and nullability of named schemas; of inline ones it
loses some.
"""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from document import Document, Refused, escaped, operations, resolve, steps, target
from naming import BUILTINS, pascal, snake, unique

INLINE = "x-inline"  # marks the schemas that the document does not name itself

# What generated modules import; a schema of the same name gets another one.
IMPORTED = {
    *(
        "Annotated",
        "Any",
        "BaseModel",
        "ConfigDict",
        "Date",
        "DateTime",
        "Discriminator",
        "Field",
        "Int32",
        "Int64",
        "Literal",
    ),
    *("MISSING", "Model", "StrictBool", "StrictFloat", "StrictInt", "StrictStr", "Tag", "TypeAlias", "TypeAliasType"),
    *("UUID", "Unique", "date", "datetime"),
}
_RESERVED = BUILTINS | IMPORTED
# What signatures say; a method of the same name would hide it.
_TYPES = ("bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "models", "str")

Schema = dict[str, Any]


def canonical(document: Document) -> tuple[Document, list[str]]:
    """Return the canonical form of a document, and notes about what is not served. Raises `Refused`."""
    document = copy.deepcopy(document)
    components = document.setdefault("components", {})
    notes = list(_notes(document))
    document.pop("webhooks", None)
    for path in document.setdefault("paths", {}):
        document["paths"][path] = copy.deepcopy(resolve(document, document["paths"][path]))
    for _, _, operation in operations(document):
        operation.pop("callbacks", None)
    _each_schema(document, _modern)
    _name_places(document)
    _each_schema(document, _explicit_discriminator)
    _name_schemas(document)
    _name_operations(document)
    pool = _Pool(document)
    for name in list(components["schemas"]):
        pool.name_parts(name)
    for path, method, operation in operations(document):
        pool.name_operation(operation, f"/paths/{escaped(path)}/{method}")
    _split_directions(document)
    return document, [*notes, *_unchecked(components["schemas"])]


def _unchecked(schemas: dict[str, Schema]) -> Iterator[str]:
    for name, schema in schemas.items():
        for word in _UNCHECKED:
            if word in schema:
                yield f"/components/schemas/{name}/{word}: not checked; the handler sees what breaks it"


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


def bare(node: Any) -> Any:
    """Return a copy in which nothing stands beside a reference: the tool would make a type of its own of it."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": node["$ref"]}
    return {word: bare(value) for word, value in node.items()}


# --- 3.0 to 3.1 ---


def _each_schema(document: Document, change: Callable[[Schema], None]) -> None:
    """Apply `change` to every schema of the document, inner ones first."""
    schemas = document["components"].setdefault("schemas", {})
    _without_booleans(schemas)
    for schema in list(schemas.values()):
        _deep(schema, change)
    for holder in list(_holders(document)):
        if isinstance(holder["schema"], bool):
            holder["schema"] = {} if holder["schema"] else {"not": {}}
        _deep(holder["schema"], change)


def _deep(schema: Schema, change: Callable[[Schema], None]) -> None:
    for part in parts(schema):
        _deep(part, change)
    change(schema)


def parts(schema: Schema) -> Iterator[Schema]:
    """Yield the schemas directly inside of a schema."""
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    inner += [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, [])]
    yield from (part for part in inner if isinstance(part, dict))


def _holders(document: Document) -> Iterator[Document]:
    """Yield each object of the document that holds a schema: media types, parameters, headers."""
    components = document["components"]
    shared = [components.get(kind, {}).values() for kind in ("parameters", "requestBodies", "responses", "headers")]
    nodes = [node for kind in shared for node in kind]
    for path, _, operation in operations(document):
        item = resolve(document, document["paths"][path])
        nodes += [*item.get("parameters", []), *operation.get("parameters", []), operation.get("requestBody", {})]
        nodes += operation.get("responses", {}).values()
    for node in nodes:
        if "schema" in node:
            yield node
        yield from (media for media in (node.get("content") or {}).values() if "schema" in media)
        yield from (header for header in (node.get("headers") or {}).values() if "schema" in header)


def _modern(schema: Schema) -> None:
    """Write the words of 3.0 as 3.1 does: `nullable`, and bounds that exclude."""
    for bound, excluding in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(excluding) is True and bound in schema:
            schema[excluding] = schema.pop(bound)
        elif isinstance(schema.get(excluding), bool):
            del schema[excluding]
    if schema.get("enum") == []:
        del schema["enum"]
    if schema.get("type") == "string" and _is_file(schema):
        schema["format"] = "binary"
    if schema.get("items") is False:
        schema["maxItems"] = len(schema.get("prefixItems", []))
    if isinstance(schema.get("items"), bool):
        schema["items"] = {}
    if "patternProperties" in schema and schema.get("additionalProperties") is False:
        schema["additionalProperties"] = {"anyOf": list(schema["patternProperties"].values())}
    for group in (schema.get("properties"), *(schema.get(word) for word in ("allOf", "anyOf", "oneOf"))):
        _without_booleans(group)
    if schema.pop("nullable", False):
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"].append(None)
        if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        elif "$ref" in schema or "allOf" in schema:
            whole = {word: schema.pop(word) for word in list(schema) if word not in ("description", "title", "default")}
            schema["anyOf"] = [whole, {"type": "null"}]
    if len(schema.get("allOf", [])) == 1 and _is_plain_reference({**schema["allOf"][0], **_annotations(schema)}):
        if schema.keys() - _ANNOTATIONS == {"allOf"}:  # the way of 3.0 to say something beside a reference
            schema["$ref"] = schema.pop("allOf")[0]["$ref"]


def _is_file(schema: Schema) -> bool:
    """Tell whether a text stands for bytes, as 3.1 writes it (OpenAPI 3.1, section 4.8.14.4)."""
    media_type = schema.get("contentMediaType", "text/plain")
    return "contentEncoding" not in schema and not media_type.startswith("text/") and "json" not in media_type


def _without_booleans(group: Any) -> None:
    places = group.items() if isinstance(group, dict) else enumerate(group or [])
    for place, part in list(places):
        if isinstance(part, bool):
            group[place] = {} if part else {"not": {}}


def _annotations(schema: Schema) -> Schema:
    return {word: value for word, value in schema.items() if word in _ANNOTATIONS}


def _explicit_discriminator(schema: Schema) -> None:
    """Name every option of a discriminator; the tool below shall not see it, because it rewrites the options."""
    rule = schema.pop("discriminator", None)
    if isinstance(rule, dict):
        options = [option["$ref"] for word in ("oneOf", "anyOf") for option in schema.get(word, []) if "$ref" in option]
        implied = {option.rsplit("/", 1)[-1]: option for option in options}
        schema["x-discriminator"] = {**rule, "mapping": {**implied, **rule.get("mapping", {})}}


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
        _deep(schemas[name], name_place)
        return names[reference]

    _each_schema(document, name_place)


def _name_schemas(document: Document) -> None:
    """Give each schema the name of its class, and mend the references."""
    old = document["components"]["schemas"]
    names: dict[str, str] = {}
    for name in old:
        names[name] = unique(pascal(str(name)), {*names.values(), *_RESERVED}, "Model")
    document["components"]["schemas"] = {names[name]: schema for name, schema in old.items()}
    _rename(
        document, {f"#/components/schemas/{escaped(str(name))}": f"#/components/schemas/{names[name]}" for name in old}
    )


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
            raise Refused(f"/paths/{escaped(path)}/{method}: another path is the same but for names; leave one out")
        seen.add((template, method))
        given = operation.get("operationId") or f"{method} {path.replace('{', ' by ')}"
        operation["operationId"] = unique(snake(str(given)), taken, "_" if snake(str(given)) in _TYPES else "")
        taken.add(operation["operationId"])
        operation["tags"] = [str((operation.get("tags") or ["default"])[0])]
        own = {_identity(document, each) for each in operation.get("parameters", [])}
        item = resolve(document, document["paths"][path])
        shared = [copy.deepcopy(each) for each in item.get("parameters", []) if _identity(document, each) not in own]
        operation["parameters"] = shared + operation.get("parameters", [])
        _check_path(document, path, operation, f"/paths/{escaped(path)}/{method}/parameters")


def _check_path(document: Document, path: str, operation: Document, pointer: str) -> None:
    """Add what only the path itself names, as a text. Raises `Refused` for parameters that no request can have."""
    names = re.findall(r"\{(.+?)\}", path)
    given = [_identity(document, each) for each in operation["parameters"]]
    for number, (place, name) in enumerate(given):
        if place not in ("path", "query", "header", "cookie") or not name:
            raise Refused(f"{pointer}/{number}: needs a name, and path, query, header or cookie in `in`")
        if place == "path" and name not in names:
            raise Refused(f"{pointer}/{number}: the path has no {{{name}}}; mend the name, or the path")
        if (place, name) in given[:number]:
            raise Refused(f"{pointer}/{number}: the {place} has {name} twice; leave one out")
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
        schema = _distributed(self._merged(self._schemas[name], f"/components/schemas/{name}"))
        schema |= {INLINE: True} if INLINE in self._schemas[name] else {}
        given = schema.get("type", [])
        for kind in [given] if isinstance(given, str) else given:
            if kind not in ("object", "array", *_SIMPLE):
                place = f"/components/schemas/{name}/type"
                raise Refused(f"{place}: {kind} is no type of JSON Schema; a file is a string with `format: binary`")
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
            name = (
                pascal(response["$ref"].rsplit("/", 1)[-1]) if "$ref" in response else f"{owner}{str(status).title()}"
            )
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
        if _is_plain_reference(schema):
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
        if not _is_plain_reference(schema) and ("allOf" in schema or "$ref" in schema):
            schema = self._merged(schema, f"/components/schemas/{name}")
        if _is_plain_reference(schema) or (schema.get("type") in _SIMPLE and not schema.keys() - _UNBOUNDED):
            return schema
        described = {word: value for word, value in schema.items() if word in _CARRIED}
        return {**self._reference(schema, name), **described}

    def _merged(self, schema: Schema, pointer: str, seen: tuple[str, ...] = ()) -> Schema:
        """Return a schema with its `allOf` merged into it: the members of all, and of each other word the last."""
        whole: Schema = {}
        for part in [*schema.get("allOf", []), {word: value for word, value in schema.items() if word != "allOf"}]:
            if "$ref" in part and ("allOf" in schema or part.keys() - _ANNOTATIONS):
                if part["$ref"] in seen:
                    raise Refused(f"{pointer}/allOf: {part['$ref']} is made of itself; break the circle")
                base = target(self._document, part["$ref"]) or {}
                _merge(whole, copy.deepcopy(self._merged(base, pointer, (*seen, part["$ref"]))))
                part = {word: value for word, value in part.items() if word != "$ref"}
            _merge(whole, self._merged(part, pointer, seen) if "allOf" in part else part)
        return whole


_CARRIED = ("description", "readOnly", "writeOnly", "deprecated", "default")
_SIMPLE = ("string", "integer", "number", "boolean", "null")
_UNBOUNDED = {"type", "format", "description", "title", "example", "examples", "readOnly", "writeOnly", "deprecated"}
_ANNOTATIONS = {"$ref", "description", "title", "example", "examples", "readOnly", "writeOnly", "deprecated", "default"}


def _is_plain_reference(schema: Schema) -> bool:
    return "$ref" in schema and not schema.keys() - _ANNOTATIONS


def _merge(whole: Schema, part: Schema) -> None:
    """Let `whole` ask for what `part` asks for as well; where no value could have both, the later word counts."""
    for word, value in part.items():
        if word == "properties":
            members = whole.setdefault("properties", {})
            for name, member in value.items():
                members[name] = {"allOf": [members[name], member]} if name in members else member
        elif word in whole and word in _BOTH:
            whole[word] = _BOTH[word](whole[word], value)
        elif word != INLINE:
            whole[word] = value


def _distributed(schema: Schema) -> Schema:
    """Move what stands beside `anyOf` or `oneOf` into their options, where it bounds them as well."""
    word = next((word for word in ("oneOf", "anyOf") if word in schema), None)
    beside = {key: value for key, value in schema.items() if key not in {word, *_BESIDE_OPTIONS}}
    if word is None or not beside or beside == {"type": "object"}:
        return schema
    options = [{"allOf": [beside, option]} for option in schema[word]]
    return {word: options, **{key: value for key, value in schema.items() if key in _BESIDE_OPTIONS}}


_BESIDE_OPTIONS = _ANNOTATIONS - {"$ref"} | {"x-discriminator", INLINE}


def _common_kinds(one: str | list[str], other: str | list[str]) -> str | list[str]:
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (one, other))
    common = [kind for kind in second if kind in first or (kind == "integer" and "number" in first)]
    common += ["integer"] if "integer" in first and "number" in second and "integer" not in common else []
    return (common[0] if len(common) == 1 else common) or other


def _common_schema(one: Any, other: Any) -> Any:
    return {"allOf": [one, other]} if isinstance(one, dict) and isinstance(other, dict) else one and other


def _each_pair(one: list[Schema], other: list[Schema]) -> list[Schema]:
    return [{"allOf": [first, second]} for first in one for second in other]


_BOTH: dict[str, Callable[[Any, Any], Any]] = {
    "type": _common_kinds,
    "enum": lambda one, other: [value for value in other if value in one] or other,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "pattern": lambda one, other: rf"^(?=[\s\S]*?(?:{one}))(?=[\s\S]*?(?:{other}))",
    "anyOf": _each_pair,
    "oneOf": _each_pair,
    "items": _common_schema,
    "additionalProperties": _common_schema,
    "uniqueItems": lambda one, other: one or other,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


# --- Directions ---


def _split_directions(document: Document) -> None:
    """Give requests schemas without what is read-only, and responses schemas without what is write-only."""
    pool = document["components"]["schemas"]
    directions = [("readOnly", "Input", _request_media), ("writeOnly", "Output", _response_media)]
    for word, suffix, media_of in directions:
        touched = {name for name in pool if _has(pool, name, word, set())}
        made: dict[str, str] = {}
        for media in list(media_of(document)):
            _redirect(media["schema"], pool, touched, made, word, suffix)


def _has(pool: dict[str, Schema], name: str, word: str, seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    schema = pool[name]
    direct = any(_resolved_member(pool, member).get(word) for member in schema.get("properties", {}).values())
    return direct or any(_has(pool, each, word, seen) for each in references(schema))


def _resolved_member(pool: dict[str, Schema], member: Schema) -> Schema:
    return {**pool.get(member.get("$ref", "").rsplit("/", 1)[-1], {}), **member}


def references(schema: Schema) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1]
    for part in parts(schema):
        yield from references(part)


def _redirect(
    node: Schema, pool: dict[str, Schema], touched: set[str], made: dict[str, str], word: str, suffix: str
) -> None:
    """Let a reference lead to the schema of this direction, which is made when it is first needed."""
    name = node.get("$ref", "").rsplit("/", 1)[-1]
    if name in touched:
        if name not in made:
            made[name] = unique(f"{name}{suffix}", pool)
            twin = copy.deepcopy(pool[name])
            pool[made[name]] = twin
            members = twin.get("properties", {})
            gone = {key for key, member in members.items() if _resolved_member(pool, member).get(word)}
            twin["properties"] = {key: each for key, each in members.items() if key not in gone}
            twin["required"] = [key for key in twin.get("required", []) if key not in gone]
            _redirect(twin, pool, touched, made, word, suffix)
        node["$ref"] = f"#/components/schemas/{made[name]}"
    for part in parts(node):
        _redirect(part, pool, touched, made, word, suffix)


def _request_media(document: Document) -> Iterator[Document]:
    for _, _, operation in operations(document):
        body = resolve(document, operation.get("requestBody", {}))
        yield from (media for media in (body.get("content") or {}).values() if "schema" in media)


def _response_media(document: Document) -> Iterator[Document]:
    seen: list[int] = []
    for _, _, operation in operations(document):
        for response in operation.get("responses", {}).values():
            resolved = resolve(document, response)
            if id(resolved) not in seen:
                seen.append(id(resolved))
                yield from (media for media in (resolved.get("content") or {}).values() if "schema" in media)
