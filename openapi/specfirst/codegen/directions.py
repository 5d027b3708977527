"""Directions: requests have no read-only members, responses no write-only ones."""

import copy
from collections.abc import Iterator

from specfirst.codegen.naming import unique
from specfirst.codegen.walking import Schema, parts, references
from specfirst.contract.document import Document, operations, resolve


def split_directions(document: Document) -> None:
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
