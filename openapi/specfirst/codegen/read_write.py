"""`readOnly` and `writeOnly`: requests lack read-only properties, responses write-only ones."""

import copy

from specfirst.codegen.naming import unique
from specfirst.codegen.traversal import (
    BASE,
    SUBTYPES,
    Document,
    Schema,
    name_in,
    parts,
    reference,
    references,
    referred,
)
from specfirst.contract.model import Contract


def split_read_write(document: Document) -> None:
    """Make schemas without read-only properties for requests, without write-only for responses."""
    contract, pool = Contract(document), document["components"]["schemas"]
    requests = [
        operation.request_body for operation in contract.operations if operation.request_body
    ]
    responses = [
        response for operation in contract.operations for response in operation.responses.values()
    ]
    for keyword, suffix, bodies in (
        ("readOnly", "Input", requests),
        ("writeOnly", "Output", responses),
    ):
        touched = {name for name in pool if _has(pool, name, keyword, set())}
        made: dict[str, str] = {}
        for media in (media for body in bodies for media in body.content.values() if media.schema):
            _redirect(contract.get(media.pointer)["schema"], pool, touched, made, keyword, suffix)


def _has(pool: dict[str, Schema], name: str, keyword: str, seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    schema = pool[name]
    direct = any(
        _with_target(pool, each).get(keyword) for each in schema.get("properties", {}).values()
    )
    family = [*_mapping(schema, SUBTYPES).values(), *([schema[BASE]] if BASE in schema else [])]
    related = [*references(schema), *map(name_in, family)]
    return direct or any(_has(pool, each, keyword, seen) for each in related)


def _mapping(schema: Schema, keyword: str) -> dict[str, str]:
    found: dict[str, str] = schema.get(keyword, {}).get("mapping", {})
    return found


def _with_target(pool: dict[str, Schema], schema: Schema) -> Schema:
    """Return a schema with the keywords of its target, because `readOnly` may be in either."""
    return {**pool.get(referred(schema), {}), **schema}


def _redirect(
    node: Schema,
    pool: dict[str, Schema],
    touched: set[str],
    made: dict[str, str],
    keyword: str,
    suffix: str,
) -> None:
    """Point references at copies of their schemas without the properties that have `keyword`.

    A copy is made when it is first needed, and registered before its own subschemas are visited:
    they may refer to it.
    """
    name = referred(node)
    if name in touched:
        if name not in made:
            made[name] = unique(f"{name}{suffix}", pool)
            twin = copy.deepcopy(pool[name])
            pool[made[name]] = twin
            properties = twin.get("properties", {})
            gone = {
                key for key, each in properties.items() if _with_target(pool, each).get(keyword)
            }
            twin["properties"] = {key: each for key, each in properties.items() if key not in gone}
            twin["required"] = [key for key in twin.get("required", []) if key not in gone]
            _redirect(twin, pool, touched, made, keyword, suffix)
        node["$ref"] = reference(made[name])
    for part in parts(node):
        _redirect(part, pool, touched, made, keyword, suffix)
    for place in _mapping(node, SUBTYPES).values():
        _redirect({"$ref": place}, pool, touched, made, keyword, suffix)
    for mapping in (_mapping(node, "x-discriminator"), _mapping(node, SUBTYPES)):
        for value, place in mapping.items():
            if (target := name_in(place)) in made:
                mapping[value] = reference(made[target])
    if (base := name_in(node.get(BASE, ""))) in made:
        node[BASE] = reference(made[base])
