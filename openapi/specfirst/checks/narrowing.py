"""Schemas: what may stand in a message that could not, and what may no longer.

One rule for both directions: each value that one side may write has to be one that the other side can read. In requests
clients write by the released schema and the service reads by the present one, so narrowing breaks them; in responses it
is the other way round, so widening does.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from specfirst.contract.document import Document, escaped, steps, target

Place = tuple[str, Any]
"""A schema and its JSON Pointer."""

_TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
_COUNTS = ("minLength", "minItems", "minProperties")
_LOWER = ("minimum", "exclusiveMinimum", *_COUNTS)
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_CHOICES = ("oneOf", "anyOf")
# Of two values of these words nobody can tell which allows more.
_OPAQUE = (
    *("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding", "contentMediaType"),
    *("not", "if", "then", "else", "contains", "minContains", "maxContains", "prefixItems", "patternProperties"),
    *("propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems"),
)


@dataclass(frozen=True, order=True)
class Break:
    """One change that breaks clients: where, what was there and is there now, and why they break."""

    pointer: str
    was: str
    now: str
    why: str

    def __str__(self) -> str:
        return f"{self.pointer}: was {self.was}, is {self.now}: {self.why}"


def written(value: object) -> str:
    """Return a value as JSON in one line, the same for values that are the same."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Schema:
    """All that must hold at one place: a schema, what it refers to, and what `allOf` adds, part by part."""

    def __init__(self, document: Document, places: list[Place], *, sent: bool) -> None:
        self._document = document
        self._sent = sent
        self.parts = [part for place in places for part in _flat(document, *place, ())]

    @property
    def identity(self) -> tuple[str, ...]:
        """The places of its parts."""
        return tuple(pointer for pointer, _ in self.parts)

    @property
    def name(self) -> str:
        """The place that the last reference leads to, or its own."""
        named = [pointer for pointer in self.identity if pointer.startswith("/components/schemas/")]
        return (named or self.identity)[-1]

    def place(self, *words: str, value: object = None) -> str | None:
        """Return the JSON Pointer of the first of these words that stands here, with this value where one is given."""
        places = ((f"{pointer}/{word}", part[word]) for pointer, part in self.parts for word in words if word in part)
        return next((place for place, given in places if value in (None, given)), None)

    def all(self, word: str) -> list[Any]:
        """Return what the parts say with a word."""
        return [part[word] for _, part in self.parts if word in part]

    def choices(self) -> "list[Schema]":
        """Return it once for each choice of `oneOf` and `anyOf`; itself where there is no choice."""
        groups = [
            [(f"{pointer}/{word}/{number}", option) for number, option in enumerate(part[word])]
            for pointer, part in self.parts
            for word in _CHOICES
            if word in part
        ]
        if not groups:
            return [self]
        rest = [(pointer, _without_more(part)) for pointer, part in self.parts]
        chosen = (Schema(self._document, [*rest, *each], sent=self._sent) for each in product(*groups))
        return [choice for each in chosen for choice in each.choices()]

    def members(self) -> "dict[str, Schema]":
        """Return the members of an object that travel in this direction."""
        places: dict[str, list[Place]] = {}
        for pointer, part in self.parts:
            for name, member in part.get("properties", {}).items():
                places.setdefault(name, []).append((f"{pointer}/properties/{escaped(name)}", member))
        found = {name: Schema(self._document, each, sent=self._sent) for name, each in places.items()}
        kept_back = "readOnly" if self._sent else "writeOnly"
        return {name: member for name, member in found.items() if not any(member.all(kept_back))}

    def required(self) -> set[str]:
        """Return the names of the members that must be there, of those that travel in this direction."""
        properties = {name for group in self.all("properties") for name in group}
        return {name for names in self.all("required") for name in names} - (properties - self.members().keys())

    def inner(self, word: str) -> "Schema | None":
        """Return what `items` or `additionalProperties` ask for, or None where they ask for nothing."""
        places = [(f"{pointer}/{word}", part[word]) for pointer, part in self.parts if part.get(word) not in (None, {})]
        places = [place for place in places if place[1] is not True]
        return Schema(self._document, places, sent=self._sent) if places else None

    @property
    def closed(self) -> bool:
        """Tell whether members that are not described are refused."""
        return False in [*self.all("additionalProperties"), *self.all("unevaluatedProperties")]

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that a value may have."""
        allowed = _TYPES
        for _, part in self.parts:
            if "type" in part:
                given = {part["type"]} if isinstance(part["type"], str) else {*part["type"]}
                given |= {"integer"} if "number" in given else set()
                allowed &= given | ({"null"} if part.get("nullable") else set())
        return allowed

    def values(self) -> set[str] | None:
        """Return the values of `enum` and `const`, or None where there are no such words."""
        lists = [*self.all("enum"), *([value] for value in self.all("const"))]
        return set.intersection(*({written(value) for value in each} for each in lists)) if lists else None

    def bound(self, word: str) -> Any:
        """Return the strictest bound that the parts set, or None."""
        given = [value for value in self.all(word) if not isinstance(value, bool)] + ([0] if word in _COUNTS else [])
        return (max if word in _LOWER else min)(given, default=None)

    def discriminating(self) -> set[str]:
        """Return the members that tell choices apart, and each value of theirs that the document maps to a choice."""
        rules = [(rule.get("propertyName"), rule.get("mapping", {})) for rule in self.all("discriminator")]
        return {written([name, *each]) for name, mapping in rules for each in [(), *mapping.items()]}

    def opaque(self, word: str) -> set[str]:
        """Return what the parts say with a word whose meaning is not weighed."""
        return {written(value) for value in self.all(word) if value not in (False, {})}


def _without_more(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part without what stands as parts or choices of its own."""
    return {word: value for word, value in part.items() if word not in (*_CHOICES, "$ref", "allOf")}


def _flat(document: Document, pointer: str, schema: Any, above: tuple[str, ...]) -> Iterator[Place]:
    if isinstance(schema, bool):
        schema = {} if schema else {"not": {}, "type": []}
    yield pointer, schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in above:
        place = "".join(f"/{escaped(step)}" for step in steps(reference))
        yield from _flat(document, place, target(document, reference) or {}, (*above, reference))
    for number, part in enumerate(schema.get("allOf", [])):
        yield from _flat(document, f"{pointer}/allOf/{number}", part, above)


@dataclass
class Comparison:
    """Finds what breaks in one direction: `sent` by clients, or received by them."""

    sent: bool
    _seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)

    def breaks(self, was: Schema, now: Schema) -> Iterator[Break]:
        """Yield what breaks where a schema takes the place of a released one; each pair is looked at once."""
        pair = (was.identity, now.identity)
        if pair in self._seen:
            return
        self._seen.add(pair)
        before, after = was.choices(), now.choices()
        if len(before) == len(after) == 1:
            yield from self._of_one(before[0], after[0])
        else:
            yield from self._of_choices(was, now, before, after)

    def _of_choices(self, was: Schema, now: Schema, before: list[Schema], after: list[Schema]) -> Iterator[Break]:
        """Each choice of the side that writes has to be one that the other side can read."""
        writers, readers = (before, after) if self.sent else (after, before)
        for writer in writers:
            pairs = [(writer, reader) if self.sent else (reader, writer) for reader in readers]
            if any(self._fits(*pair) for pair in pairs):
                continue
            same = [pair for pair in pairs if pair[0].name == pair[1].name]
            if same:
                yield from self.breaks(*same[0])
            else:
                place = now.place(*_CHOICES) or was.place(*_CHOICES) or now.identity[0]
                was_there, is_there = (writer.name, "gone") if self.sent else ("not there", writer.name)
                yield Break(place, was_there, is_there, self._why)

    def _fits(self, was: Schema, now: Schema) -> bool:
        return not any(Comparison(self.sent, {*self._seen})._of_one(was, now))

    def _of_one(self, was: Schema, now: Schema) -> Iterator[Break]:
        writer, reader = (was, now) if self.sent else (now, was)
        if writer.types - reader.types:
            yield self._break(was, now, "type", _listed(was.types), _listed(now.types))
        if not (writer.types & reader.types) - {"null"}:
            return
        for rule in (self._of_values, self._of_discriminator, self._of_presence, self._of_members):
            yield from rule(was, now, writer, reader)
        yield from self._of_inner(was, now, "items")
        if not (was.closed or now.closed):
            yield from self._of_inner(was, now, "additionalProperties")
        yield from self._of_default(was, now)

    def _of_values(self, was: Schema, now: Schema, writer: Schema, reader: Schema) -> Iterator[Break]:
        allowed, values = reader.values(), writer.values()
        if allowed is not None and (values is None or values - allowed):
            word = "enum" if was.all("enum") or now.all("enum") else "const"
            yield self._break(was, now, word, _listed(was.values()), _listed(now.values()))
        for word in (*_LOWER, *_UPPER):
            bound, other = reader.bound(word), writer.bound(word)
            if bound is not None and (other is None or (other < bound if word in _LOWER else other > bound)):
                place = now.place(word, value=now.bound(word)) or was.place(word) or f"{now.identity[0]}/{word}"
                yield Break(place, _said(was.bound(word)), _said(now.bound(word)), self._why)
        for word in _OPAQUE:
            if reader.opaque(word) - writer.opaque(word):
                yield self._break(was, now, word, _listed(was.opaque(word)), _listed(now.opaque(word)))

    def _of_discriminator(self, was: Schema, now: Schema, writer: Schema, reader: Schema) -> Iterator[Break]:
        names = reader.discriminating()
        if names and writer.discriminating() - names:
            before, after = _listed(was.discriminating()), _listed(now.discriminating())
            yield self._break(was, now, "discriminator", before, after)

    def _of_presence(self, was: Schema, now: Schema, writer: Schema, reader: Schema) -> Iterator[Break]:
        before, after = was.members(), now.members()
        for name in before.keys() - after.keys():
            why = "clients send it" if self.sent else "clients read it"
            yield Break(before[name].identity[0], "a member", "gone", why)
        for name in sorted((reader.required() - writer.required()) - (before.keys() - after.keys())):
            member = after.get(name) or before.get(name) or now
            why = "clients that leave it out are refused" if self.sent else "clients rely on it being there"
            was_said, now_said = ("optional", "required") if self.sent else ("required", "optional")
            yield Break(member.identity[0], was_said if name in before else "not there", now_said, why)

    def _of_members(self, was: Schema, now: Schema, writer: Schema, reader: Schema) -> Iterator[Break]:
        before, after = was.members(), now.members()
        if reader.closed and not writer.closed:
            yield self._break(was, now, "additionalProperties", _openness(was), _openness(now))
        if was.closed and not self.sent:
            for name in after.keys() - before.keys():
                why = "the released object has no other members than those described"
                yield Break(after[name].identity[0], "not there", "a member", why)
        for name in before.keys() & after.keys():
            yield from self.breaks(before[name], after[name])

    def _of_inner(self, was: Schema, now: Schema, word: str) -> Iterator[Break]:
        before, after = was.inner(word), now.inner(word)
        reader = after if self.sent else before
        if before and after:
            yield from self.breaks(before, after)
        elif reader:
            yield self._break(was, now, word, "a schema" if before else "anything", "a schema" if after else "anything")

    def _of_default(self, was: Schema, now: Schema) -> Iterator[Break]:
        """A default is what a client asks for that leaves it out; null and none are the same."""
        before, after = (next(iter(each.all("default")), None) for each in (was, now))
        if self.sent and written(before) != written(after):
            why = "a client that leaves it out gets something else than before"
            yield Break(now.place("default") or was.place("default") or "", _said(before), _said(after), why)

    def _break(self, was: Schema, now: Schema, word: str, before: str, after: str) -> Break:
        place = now.place(word) or was.place(word) or f"{now.identity[0]}/{word}"
        return Break(place, before, after, self._why)

    @property
    def _why(self) -> str:
        if self.sent:
            return "what clients were told to send may be refused"
        return "clients may get what they were told never comes"


def _openness(schema: Schema) -> str:
    return "closed" if schema.closed else "open to members that are not described"


def _listed(values: "frozenset[str] | set[str] | None") -> str:
    return "anything" if values is None else ", ".join(sorted(values)) or "nothing"


def _said(value: object) -> str:
    return "nothing" if value is None else written(value)
