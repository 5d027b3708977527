"""The canonical form of a contract, which is all that the visitor has to understand.

It is OpenAPI 3.1. Each operation has a Python name, one tag and all of its parameters. Each schema
that becomes a type is under /components/schemas with the name of its class, because
fastapi-code-generator loses bounds and nullability of some inline schemas. Schemas with read-only
or write-only properties exist once for requests and once for responses.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from specfirst.codegen.all_of import OPTION, distributed, merged, types_of
from specfirst.codegen.checks import add_checks, open_for_patterns
from specfirst.codegen.deprecation import SINCE
from specfirst.codegen.naming import BUILTINS, pascal, snake, unique
from specfirst.codegen.read_write import split_read_write
from specfirst.codegen.traversal import (
    BASE,
    INLINE,
    SUBTYPES,
    Document,
    Schema,
    deep,
    each_schema,
    name_in,
    options_of,
    reference,
)
from specfirst.codegen.upgrade_30_to_31 import (
    explicit_discriminator,
    name_subtypes,
    upgrade_30_to_31,
)
from specfirst.contract import json_pointer
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import JSON, Contract, Node, Operation
from specfirst.contract.schema_validator import SchemaValidator
from specfirst.contract.schemas import ANNOTATIONS, is_plain_reference

# Names that generated modules import. A schema with such a name gets a suffix.
IMPORTED = set(
    "Annotated Any Anything BaseModel ConfigDict Date DateTime Field Int32 Int64 KeepAll Literal"
    " MISSING Model Number SerializeAsAny StrictBool StrictFloat StrictInt StrictStr Tag TypeAlias"
    " TypeAliasType UUID Unique Uuid date datetime".split()
)
_RESERVED = BUILTINS | IMPORTED
# Names in signatures, which a method of the same name would hide.
_TYPES = ("bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "models", "str")


def canonical(contract: Contract) -> tuple[Contract, list[str]]:
    """Return the canonical form of a contract, and notes about what is not supported.

    Raises `UnsupportedContract`.
    """
    document: Document = copy.deepcopy({"paths": {}, "components": {}, **contract.document})
    document["components"].setdefault("schemas", {})
    for path in document["paths"]:
        document["paths"][path] = copy.deepcopy(
            Node.at(contract, json_pointer.join("/paths", path)).raw
        )
    document.pop("webhooks", None)
    for operation in contract.operations:
        document["paths"][operation.path][operation.method].pop("callbacks", None)
    _replace_booleans(document)
    each_schema(document, _drop_words)
    each_schema(document, upgrade_30_to_31)
    _unwrap_references(document)
    notes = [*_notes(contract), *_unchecked(document), *_check_defaults(document)]
    notes += add_checks(document)
    each_schema(document, open_for_patterns)
    _name_places(document)  # before names change, because discriminators refer to names as well
    each_schema(document, explicit_discriminator)
    name_subtypes(document["components"]["schemas"])
    _name_schemas(document)
    _name_operations(document)
    _Pool(document).name_all()
    split_read_write(document)
    return Contract(document), notes


def _unchecked(document: Document) -> Iterator[str]:
    for schema in Contract(document).schemas():
        if "discriminator" in schema.raw and not all(map(_is_referred, options_of(schema.raw))):
            yield (
                f"{schema.pointer}/discriminator: "
                "an option is no reference, so a value is tried with one after the other"
            )


def _is_referred(option: JSON) -> bool:
    return "$ref" in option or option == {"type": "null"}


def _check_defaults(document: Document) -> Iterator[str]:
    """Yield notes about defaults that say nothing. Raises `UnsupportedContract` for a wrong one."""
    contract = Contract(document)
    found = [schema for schema in contract.schemas() if "default" in schema.raw]
    if not found:
        return
    validator = SchemaValidator(contract)
    for schema in found:
        if error := next(validator.errors(schema.pointer, schema.raw["default"]), None):
            if schema.raw["default"] is not None:
                raise UnsupportedContract(f"{schema.pointer}/default: {error.message}; fix it")
            del contract.get(schema.pointer)["default"]
            yield f"{schema.pointer}/default: null is no value of the schema; there is no default"


def _notes(contract: Contract) -> Iterator[str]:
    for server in (contract.document.get("servers") or ())[:1]:
        path = urlsplit(re.sub(r"\{.*?\}", "x", server["url"])).path.rstrip("/")
        if path:
            yield f"/servers/0/url: the path {path} is not served; mount the application there"
    if contract.document.get("webhooks"):
        yield "/webhooks: not served; the service only answers"
    for operation in contract.operations:
        if operation.raw.get("callbacks"):
            yield f"{operation.pointer}/callbacks: not served; the service only answers"
        if operation.is_deprecated and SINCE not in operation.raw:
            yield (
                f"{operation.pointer}/deprecated: no header says so; "
                f"add a date, {SINCE}: '2026-11-22'"
            )
        for media in operation.request_body.content.values() if operation.request_body else ():
            if any(
                "style" in each or "explode" in each
                for each in (media.raw.get("encoding") or {}).values()
            ):
                yield (
                    f"{media.pointer}/encoding: "
                    "of its styles only arrays with `explode: false` are read"
                )


def strip_ref_siblings(node: Any) -> Any:
    """Return a copy without siblings of `$ref`, for which the parser would make types."""
    if isinstance(node, list):
        return [strip_ref_siblings(each) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": node["$ref"]}
    return {keyword: strip_ref_siblings(value) for keyword, value in node.items()}


def _replace_booleans(document: Document) -> None:
    """Replace the schemas `true` and `false` by equivalent objects, which can be changed."""
    contract = Contract(document)
    for schema in list(contract.schemas(keywords=())):
        contract.get(schema.place.rpartition("/")[0])[schema.key] = schema.raw


def _drop_words(schema: Schema) -> None:
    """Remove keywords that say nothing about values, which would make a reference look like more.

    OpenAPI 3.1, sections 4.8.24 and 4.9.
    """
    for keyword in [*schema]:
        if keyword.startswith("x-") or keyword in ("externalDocs", "xml", "$comment"):
            del schema[keyword]


def _unwrap_references(document: Document) -> None:
    """Make a reference of an `allOf` with one, where a type beside it adds at most null.

    That is how OpenAPI 3.0 puts words or `nullable` beside a reference.
    """
    contract = Contract(document)

    def unwrap(schema: Schema) -> None:
        beside = schema.keys() - ANNOTATIONS
        if "allOf" in beside and beside <= {"allOf", "type"} and len(schema["allOf"]) == 1:
            part = schema["allOf"][0]
        elif beside == {"$ref", "type"}:
            part = {"$ref": schema["$ref"]}
        else:
            return
        if not is_plain_reference(part):
            return
        pointer = contract.follow(json_pointer.from_fragment(part["$ref"]))[-1]
        own, targets = types_of(schema), types_of(contract.schema(pointer).raw)
        if own and not (targets and targets <= own and own - targets <= {"null"}):
            return
        for keyword in ("allOf", "$ref", "type"):
            schema.pop(keyword, None)
        reference = {"$ref": part["$ref"]}
        schema.update({"anyOf": [reference, {"type": "null"}]} if own - targets else reference)

    each_schema(document, unwrap)


# --- Names ---


def _name_places(document: Document) -> None:
    """Copy targets outside of /components/schemas into it, and point their references there."""
    contract, schemas = Contract(document), document["components"]["schemas"]
    names: dict[str, str] = {}

    def name_place(schema: Schema) -> None:
        if isinstance(schema.get("$ref"), str):
            pointer = json_pointer.from_fragment(schema["$ref"])
            contract.follow(pointer)  # raises for a circle
            place = json_pointer.parse(pointer)
            if place[:2] != ("components", "schemas") or len(place) != 3:
                pointer = names.get(pointer) or name_new(pointer, place)
            schema["$ref"] = f"#{pointer}"

    def name_new(pointer: str, place: tuple[str, ...]) -> str:
        words = [
            part
            for part in place
            if part not in ("components", "schemas", "properties", "paths", "schema")
        ]
        name = unique(" ".join(words), schemas)
        names[pointer] = json_pointer.join("/components/schemas", name)
        schemas[name] = copy.deepcopy(contract.schema(pointer).raw)
        deep(schemas[name], name_place)
        return names[pointer]

    each_schema(document, name_place)


def _name_schemas(document: Document) -> None:
    """Rename each schema to the name of its class, and update the references."""
    old = document["components"]["schemas"]
    names: dict[str, str] = {}
    for name in old:
        names[name] = unique(pascal(name), {*names.values(), *_RESERVED}, "Model")
    document["components"]["schemas"] = {names[name]: schema for name, schema in old.items()}
    _rename(
        document, {reference(json_pointer.escape(name)): reference(names[name]) for name in old}
    )


def _rename(node: object, names: dict[str, str]) -> None:
    if isinstance(node, list):
        for each in node:
            _rename(each, names)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            node["$ref"] = names.get(node["$ref"], node["$ref"])
        if BASE in node:
            node[BASE] = names.get(node[BASE], node[BASE])
        for keyword in ("x-discriminator", SUBTYPES):
            mapping = node.get(keyword, {}).get("mapping", {})
            for value, place in mapping.items():
                mapping[value] = names.get(place, names.get(reference(place), place))
        for each in node.values():
            _rename(each, names)


def _name_operations(document: Document) -> None:
    """Give each operation a Python name, one tag, and the parameters of its path item."""
    contract = Contract(document)
    taken = {*_TYPES}
    seen: set[tuple[str, str]] = set()
    for operation in contract.operations:
        template = re.sub(r"\{.+?\}", "{}", operation.path)
        if (template, operation.method) in seen:
            raise UnsupportedContract(
                f"{operation.pointer}: another path is the same but for names; leave one out"
            )
        seen.add((template, operation.method))
        given = (
            operation.raw.get("operationId")
            or f"{operation.method} {operation.path.replace('{', ' by ')}"
        )
        name = unique(snake(str(given)), taken, "_" if snake(str(given)) in _TYPES else "")
        taken.add(name)
        parameters = [copy.deepcopy(contract.get(each.place)) for each in operation.parameters]
        parameters += _check_path(operation)
        contract.get(operation.pointer).setdefault("responses", {"default": _ANY_RESPONSE})
        contract.get(operation.pointer).update(
            operationId=name, tags=[(*operation.tags, "default")[0]], parameters=parameters
        )
    for item in document["paths"].values():
        item.pop("parameters", None)  # each operation has them now


_ANY_RESPONSE = {"description": "The contract says nothing about responses."}


def _check_path(operation: Operation) -> list[Document]:
    """Return the parameters that only the path names: strings.

    Raises `UnsupportedContract` for impossible ones.
    """
    names = re.findall(r"\{(.+?)\}", operation.path)
    given: list[tuple[str, str]] = []
    for each in operation.parameters:
        if each.location not in ("path", "query", "header", "cookie") or not each.name:
            raise UnsupportedContract(
                f"{each.place}: needs a name, and path, query, header or cookie in `in`"
            )
        if each.location == "path" and each.name not in names:
            raise UnsupportedContract(
                f"{each.place}: the path has no {{{each.name}}}; fix the name or the path"
            )
        if each.identity in given:
            raise UnsupportedContract(
                f"{each.place}: the {each.location} has {each.name} twice; leave one out"
            )
        given.append(each.identity)
    text = {"in": "path", "required": True, "schema": {"type": "string"}}
    return [{"name": name, **text} for name in dict.fromkeys(names) if ("path", name) not in given]


class _Pool:
    """Moves inline schemas to /components/schemas.

    Those that become no class are still written inline in the code.
    """

    def __init__(self, document: Document) -> None:
        self._contract = Contract(document)
        self._schemas: dict[str, Schema] = document["components"]["schemas"]

    def name_all(self) -> None:
        """Name all inline schemas that become types."""
        for name in list(self._schemas):
            self._name_parts(name)
        for operation in self._contract.operations:
            self._name_operation(operation)

    def _name_parts(self, name: str) -> None:
        """Merge `allOf` in a named schema, and name its inline subschemas."""
        schema = distributed(
            self._schemas,
            merged(self._schemas, self._schemas[name], f"/components/schemas/{name}"),
        )
        schema |= {INLINE: True} if INLINE in self._schemas[name] else {}
        _check_type(schema, f"/components/schemas/{name}/type")
        self._schemas[name] = schema
        self._name_inner(schema, name)

    def _name_operation(self, operation: Operation) -> None:
        """Name the schemas of parameters, bodies, responses and headers."""
        owner = pascal(operation.id)
        for parameter in operation.parameters:
            name = pascal(parameter.name)
            self._name_held(
                parameter, f"{name}Parameter" if parameter.is_shared else f"{owner}{name}"
            )
        if operation.request_body:
            self._name_held(operation.request_body, f"{owner}Body")
        for status, response in operation.responses.items():
            shared_name = json_pointer.parse(response.places[1])[-1] if response.is_shared else ""
            name = pascal(shared_name) if shared_name else f"{owner}{status.title()}"
            self._name_held(response, f"{name}Body")
            for header, held in response.headers.items():
                self._name_held(held, f"{name}{pascal(header)}Header")

    def _name_held(self, node: Node, name: str) -> None:
        raw = self._contract.get(node.pointer)
        for holder in (raw, *(raw.get("content") or {}).values()):
            if "schema" in holder:
                holder["schema"] = self._reference(holder["schema"], name)

    def _reference(self, schema: Schema, name: str) -> Schema:
        """Return a reference to a schema, naming it if it has no name."""
        if is_plain_reference(schema):
            return schema
        name = unique(name, {*self._schemas, *_RESERVED})
        self._schemas[name] = {**schema, INLINE: True}
        self._name_parts(name)
        return {"$ref": reference(name)}

    def _name_inner(self, schema: Schema, owner: str) -> None:
        for name, part in schema.get("properties", {}).items():
            schema["properties"][name] = self._inner(part, f"{owner}{pascal(str(name))}")
        for keyword, suffix in (("items", "Item"), ("additionalProperties", "Value")):
            if isinstance(schema.get(keyword), dict):
                schema[keyword] = self._inner(schema[keyword], f"{owner}{suffix}")
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                schema[keyword] = [
                    self._option(part, schema, owner, number)
                    for number, part in enumerate(schema[keyword], 1)
                ]

    def _option(self, part: Schema, union: Schema, owner: str, number: int) -> Schema:
        """Name an option of a union; a discriminator that leads to it leads to its new name."""
        original = name_in(part.pop(OPTION, ""))
        named = self._inner(part, f"{owner}{original or f'Option{number}'}")
        mapping = union.get("x-discriminator", {}).get("mapping", {})
        for value, place in mapping.items():
            if original and name_in(place) == original:
                mapping[value] = named["$ref"]
        return named

    def _inner(self, schema: Schema, name: str) -> Schema:
        """Name a subschema that needs a type of its own; an unbounded scalar does not."""
        if not is_plain_reference(schema) and ("allOf" in schema or "$ref" in schema):
            schema = merged(self._schemas, schema, f"/components/schemas/{name}")
        if is_plain_reference(schema) or (
            schema.get("type") in _SIMPLE and not schema.keys() - _UNBOUNDED
        ):
            return schema
        described = {keyword: value for keyword, value in schema.items() if keyword in _CARRIED}
        return {**self._reference(schema, name), **described}


def _check_type(schema: Schema, pointer: str) -> None:
    given = schema.get("type", [])
    for kind in [given] if isinstance(given, str) else given:
        if kind not in ("object", "array", *_SIMPLE):
            raise UnsupportedContract(
                f"{pointer}: {kind} is no type of JSON Schema; "
                "a file is a string with `format: binary`"
            )


_CARRIED = ("description", "readOnly", "writeOnly", "deprecated", "default")
_SIMPLE = ("string", "integer", "number", "boolean", "null")
_UNBOUNDED = {"type", "format", *ANNOTATIONS} - {"default"}
