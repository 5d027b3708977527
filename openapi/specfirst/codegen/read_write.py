"""Directions: requests have no read-only members, responses no write-only ones."""

import copy

from specfirst.codegen.naming import unique
from specfirst.codegen.traversal import Document, Schema, parts, reference, references, referred
from specfirst.contract.model import Contract


def split_read_write(document: Document) -> None:
    """Give requests schemas without what is read-only, and responses schemas without what is write-only."""
    contract, pool = Contract(document), document["components"]["schemas"]
    requests = [operation.request_body for operation in contract.operations if operation.request_body]
    responses = [response for operation in contract.operations for response in operation.responses.values()]
    for word, suffix, bodies in (("readOnly", "Input", requests), ("writeOnly", "Output", responses)):
        touched = {name for name in pool if _has(pool, name, word, set())}
        made: dict[str, str] = {}
        for media in (media for body in bodies for media in body.content.values() if media.schema):
            _redirect(contract.get(media.pointer)["schema"], pool, touched, made, word, suffix)


def _has(pool: dict[str, Schema], name: str, word: str, seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    schema = pool[name]
    direct = any(_resolved_member(pool, member).get(word) for member in schema.get("properties", {}).values())
    return direct or any(_has(pool, each, word, seen) for each in references(schema))


def _resolved_member(pool: dict[str, Schema], member: Schema) -> Schema:
    return {**pool.get(referred(member), {}), **member}


def _redirect(
    node: Schema, pool: dict[str, Schema], touched: set[str], made: dict[str, str], word: str, suffix: str
) -> None:
    """Let a reference lead to the schema of this direction, which is made when it is first needed."""
    name = referred(node)
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
        node["$ref"] = reference(made[name])
    for part in parts(node):
        _redirect(part, pool, touched, made, word, suffix)
