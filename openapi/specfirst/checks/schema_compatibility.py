"""Compares two schemas: which values are allowed now that were not, and which no longer.

One rule covers both directions: each value that one side may write has to be one that the other
side can read. In requests, clients write by the released schema and the service reads by the
present one, so narrowing breaks them. In responses it is the other way round, so widening does.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from specfirst.contract import json_pointer
from specfirst.contract.all_of import Part, parts
from specfirst.contract.model import Contract, Node

_TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
_COUNTS = ("minLength", "minItems", "minProperties")
_LOWER = ("minimum", "exclusiveMinimum", *_COUNTS)
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_CHOICES = ("oneOf", "anyOf")
# Keywords whose values are not compared, because which of two allows more cannot be decided: any
# change is a break.
_OPAQUE = (
    *("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding", "contentMediaType"),
    *(
        "not",
        "if",
        "then",
        "else",
        "contains",
        "minContains",
        "maxContains",
        "prefixItems",
        "patternProperties",
    ),
    *(
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "unevaluatedItems",
    ),
)


@dataclass(frozen=True, order=True)
class Break:
    """A change that breaks clients: where, what was and what is there, and why they break."""

    pointer: str
    was: str
    now: str
    why: str

    def __str__(self) -> str:
        return f"{self.pointer}: was {self.was}, is {self.now}: {self.why}"


def written(value: object) -> str:
    """Return a value as JSON in one line, the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class MergedSchema:
    """All that applies at one place: a schema, its references and its `allOf`, part by part."""

    def __init__(self, contract: Contract, places: list[Part], *, sent: bool) -> None:
        self._contract = contract
        self._sent = sent
        self.parts = [part for each in places for part in parts(contract, *each)]

    @classmethod
    def of(cls, holder: Node, *, sent: bool) -> "MergedSchema":
        """Return the schema of a parameter, header or media type; without one, any value."""
        place = json_pointer.join(holder.pointer, "schema")
        return cls(holder.contract, [(place, holder.raw.get("schema", {}))], sent=sent)

    @property
    def identity(self) -> tuple[str, ...]:
        """The places of its parts."""
        return tuple(pointer for pointer, _ in self.parts)

    @property
    def name(self) -> str:
        """The JSON Pointer of the named schema that it refers to, or its own."""
        named = [pointer for pointer in self.identity if pointer.startswith("/components/schemas/")]
        return (named or self.identity)[-1]

    def place(self, *keywords: str, value: object = None) -> str | None:
        """Return the JSON Pointer of the first of these keywords, if it has this value."""
        places = (
            (f"{pointer}/{keyword}", part[keyword])
            for pointer, part in self.parts
            for keyword in keywords
            if keyword in part
        )
        return next((place for place, given in places if value in (None, given)), None)

    def all(self, keyword: str) -> list[Any]:
        """Return the values that the parts give a keyword."""
        return [part[keyword] for _, part in self.parts if keyword in part]

    def choices(self) -> "list[MergedSchema]":
        """Return one schema for each choice of `oneOf` and `anyOf`; only itself without them."""
        groups = [
            [
                (f"{pointer}/{keyword}/{number}", option)
                for number, option in enumerate(part[keyword])
            ]
            for pointer, part in self.parts
            for keyword in _CHOICES
            if keyword in part
        ]
        if not groups:
            return [self]
        rest = [(pointer, _without_more(part)) for pointer, part in self.parts]
        chosen = (
            MergedSchema(self._contract, [*rest, *each], sent=self._sent)
            for each in product(*groups)
        )
        return [choice for each in chosen for choice in each.choices()]

    def properties(self) -> "dict[str, MergedSchema]":
        """Return the properties that an object has in this direction."""
        places: dict[str, list[Part]] = {}
        for pointer, part in self.parts:
            for name, schema in part.get("properties", {}).items():
                places.setdefault(name, []).append(
                    (json_pointer.join(pointer, "properties", name), schema)
                )
        found = {
            name: MergedSchema(self._contract, each, sent=self._sent)
            for name, each in places.items()
        }
        excluded = "readOnly" if self._sent else "writeOnly"
        return {name: schema for name, schema in found.items() if not any(schema.all(excluded))}

    def required(self) -> set[str]:
        """Return the names of the properties that are required in this direction."""
        described = {name for group in self.all("properties") for name in group}
        return {name for names in self.all("required") for name in names} - (
            described - self.properties().keys()
        )

    def inner(self, keyword: str) -> "MergedSchema | None":
        """Return the schema of `items` or `additionalProperties`; None if they allow all."""
        places = [
            (f"{pointer}/{keyword}", part[keyword])
            for pointer, part in self.parts
            if part.get(keyword) not in (None, {})
        ]
        places = [place for place in places if place[1] is not True]
        return MergedSchema(self._contract, places, sent=self._sent) if places else None

    @property
    def closed(self) -> bool:
        """Whether properties that are not described are rejected."""
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
        """Return the values that `enum` and `const` allow, or None without these keywords."""
        lists = [*self.all("enum"), *([value] for value in self.all("const"))]
        return (
            set.intersection(*({written(value) for value in each} for each in lists))
            if lists
            else None
        )

    def bound(self, keyword: str) -> Any:
        """Return the strictest bound that the parts set, or None."""
        given = [value for value in self.all(keyword) if not isinstance(value, bool)] + (
            [0] if keyword in _COUNTS else []
        )
        return (max if keyword in _LOWER else min)(given, default=None)

    def discriminating(self) -> set[str]:
        """Return the discriminating properties, and each of their mapped values."""
        rules = [
            (rule.get("propertyName"), rule.get("mapping", {}))
            for rule in self.all("discriminator")
        ]
        return {
            written([name, *each]) for name, mapping in rules for each in [(), *mapping.items()]
        }

    def opaque(self, keyword: str) -> set[str]:
        """Return the values, as JSON, that the parts give a keyword of `_OPAQUE`."""
        return {written(value) for value in self.all(keyword) if value not in (False, {})}


def _without_more(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part without the keywords that add parts or choices."""
    return {
        keyword: value
        for keyword, value in part.items()
        if keyword not in (*_CHOICES, "$ref", "allOf")
    }


@dataclass
class Comparison:
    """Finds what breaks in one direction: `sent` by clients, or received by them."""

    sent: bool
    _seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)

    def breaks(self, was: MergedSchema, now: MergedSchema) -> Iterator[Break]:
        """Yield what breaks when a schema replaces a released one. Each pair is compared once."""
        pair = (was.identity, now.identity)
        if pair in self._seen:
            return
        self._seen.add(pair)
        before, after = was.choices(), now.choices()
        if len(before) == len(after) == 1:
            yield from self._of_one(before[0], after[0])
        else:
            yield from self._of_choices(was, now, before, after)

    def _of_choices(
        self,
        was: MergedSchema,
        now: MergedSchema,
        before: list[MergedSchema],
        after: list[MergedSchema],
    ) -> Iterator[Break]:
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
                was_there, is_there = (
                    (writer.name, "gone") if self.sent else ("not there", writer.name)
                )
                yield Break(place, was_there, is_there, self._why)

    def _fits(self, was: MergedSchema, now: MergedSchema) -> bool:
        return not any(Comparison(self.sent, {*self._seen})._of_one(was, now))

    def _of_one(self, was: MergedSchema, now: MergedSchema) -> Iterator[Break]:
        writer, reader = (was, now) if self.sent else (now, was)
        if writer.types - reader.types:
            yield self._break(was, now, "type", _listed(was.types), _listed(now.types))
        if not (writer.types & reader.types) - {"null"}:
            return
        for rule in (
            self._of_values,
            self._of_discriminator,
            self._of_presence,
            self._of_properties,
        ):
            yield from rule(was, now, writer, reader)
        yield from self._of_inner(was, now, "items")
        if not (was.closed or now.closed):
            yield from self._of_inner(was, now, "additionalProperties")
        yield from self._of_default(was, now)

    def _of_values(
        self, was: MergedSchema, now: MergedSchema, writer: MergedSchema, reader: MergedSchema
    ) -> Iterator[Break]:
        allowed, values = reader.values(), writer.values()
        if allowed is not None and (values is None or values - allowed):
            keyword = "enum" if was.all("enum") or now.all("enum") else "const"
            yield self._break(was, now, keyword, _listed(was.values()), _listed(now.values()))
        for keyword in (*_LOWER, *_UPPER):
            bound, other = reader.bound(keyword), writer.bound(keyword)
            if bound is not None and (
                other is None or (other < bound if keyword in _LOWER else other > bound)
            ):
                place = (
                    now.place(keyword, value=now.bound(keyword))
                    or was.place(keyword)
                    or f"{now.identity[0]}/{keyword}"
                )
                yield Break(
                    place, _shown(was.bound(keyword)), _shown(now.bound(keyword)), self._why
                )
        for keyword in _OPAQUE:
            if reader.opaque(keyword) - writer.opaque(keyword):
                yield self._break(
                    was, now, keyword, _listed(was.opaque(keyword)), _listed(now.opaque(keyword))
                )

    def _of_discriminator(
        self, was: MergedSchema, now: MergedSchema, writer: MergedSchema, reader: MergedSchema
    ) -> Iterator[Break]:
        names = reader.discriminating()
        if names and writer.discriminating() - names:
            before, after = _listed(was.discriminating()), _listed(now.discriminating())
            yield self._break(was, now, "discriminator", before, after)

    def _of_presence(
        self, was: MergedSchema, now: MergedSchema, writer: MergedSchema, reader: MergedSchema
    ) -> Iterator[Break]:
        before, after = was.properties(), now.properties()
        for name in before.keys() - after.keys():
            why = "clients send it" if self.sent else "clients read it"
            yield Break(before[name].identity[0], "a property", "gone", why)
        for name in sorted(
            (reader.required() - writer.required()) - (before.keys() - after.keys())
        ):
            place = (after.get(name) or before.get(name) or now).identity[0]
            why = (
                "requests without it are rejected"
                if self.sent
                else "clients rely on it being there"
            )
            was_presence, presence = (
                ("optional", "required") if self.sent else ("required", "optional")
            )
            yield Break(place, was_presence if name in before else "not there", presence, why)

    def _of_properties(
        self, was: MergedSchema, now: MergedSchema, writer: MergedSchema, reader: MergedSchema
    ) -> Iterator[Break]:
        before, after = was.properties(), now.properties()
        if reader.closed and not writer.closed:
            yield self._break(was, now, "additionalProperties", _openness(was), _openness(now))
        if was.closed and not self.sent:
            for name in after.keys() - before.keys():
                why = "the released object has no properties except those described"
                yield Break(after[name].identity[0], "not there", "a property", why)
        for name in before.keys() & after.keys():
            yield from self.breaks(before[name], after[name])

    def _of_inner(self, was: MergedSchema, now: MergedSchema, keyword: str) -> Iterator[Break]:
        before, after = was.inner(keyword), now.inner(keyword)
        reader = after if self.sent else before
        if before and after:
            yield from self.breaks(before, after)
        elif reader:
            yield self._break(
                was,
                now,
                keyword,
                "a schema" if before else "anything",
                "a schema" if after else "anything",
            )

    def _of_default(self, was: MergedSchema, now: MergedSchema) -> Iterator[Break]:
        """A request without a value asks for the default. A default of null is the same as none."""
        before, after = (next(iter(each.all("default")), None) for each in (was, now))
        if self.sent and written(before) != written(after):
            why = "a request without it now means something else"
            yield Break(
                now.place("default") or was.place("default") or "",
                _shown(before),
                _shown(after),
                why,
            )

    def _break(
        self, was: MergedSchema, now: MergedSchema, keyword: str, before: str, after: str
    ) -> Break:
        place = now.place(keyword) or was.place(keyword) or f"{now.identity[0]}/{keyword}"
        return Break(place, before, after, self._why)

    @property
    def _why(self) -> str:
        if self.sent:
            return "requests that the released contract allows may be rejected"
        return "clients may get values that the released contract rules out"


def _openness(schema: MergedSchema) -> str:
    return "closed" if schema.closed else "open to properties that are not described"


def _listed(values: "frozenset[str] | set[str] | None") -> str:
    return "anything" if values is None else ", ".join(sorted(values)) or "nothing"


def _shown(value: object) -> str:
    return "nothing" if value is None else written(value)
