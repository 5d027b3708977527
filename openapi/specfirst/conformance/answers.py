"""What a document claims of answers, held against those that a service has given."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from typing import Any

from specfirst.conformance.candidates import FORMATS, Body, decoded
from specfirst.conformance.claims import Claim, Pointers
from specfirst.conformance.exchanges import Exchange, Operation, Service, example
from specfirst.contract.document import Document, escaped

OF_HTTP = {"connection", "content-length", "content-type", "date"}
"""Headers that belong to HTTP itself (RFC 9110, RFC 9112), of which OpenAPI says nothing."""

ANNOUNCED: dict[str, tuple[str, Callable[[str], datetime]]] = {
    "x-deprecated-since": ("deprecation", lambda value: datetime.fromtimestamp(int(value.removeprefix("@")), UTC)),
    "x-sunset": ("sunset", parsedate_to_datetime),
}
"""The dates of a deprecated operation, and the headers with which its answers tell them (RFC 9745, RFC 8594)."""

_LIMITS = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}


class Answers:
    """The claims about answers."""

    def __init__(self, pointers: Pointers, service: Service, *, promises: Collection[str]) -> None:
        self._pointers = pointers
        self._service = service
        self._promises = promises
        self._schemas: dict[str, str] = {}
        """The operation through which each schema was reached first."""

    def claims(self) -> Iterator[Claim]:
        """Yield the claims; they can be probed when all requests have been answered."""
        for operation in self._service.operations.values():
            yield from self._responses(operation)
        for pointer, operation_id in list(self._schemas.items()):
            yield from self._schema(pointer, operation_id)

    def unknown_members(self, pointer: str, value: Any) -> set[str]:
        """Return the pointers of the schemas that do not know a member of a value."""
        real, schema = self._pointers.at(pointer)
        known = schema.get("properties", {})
        found = {f"{real}/properties"} if isinstance(value, dict) and known and value.keys() - known.keys() else set()
        for inner, each in inside(real, schema, value):
            found |= self.unknown_members(inner, each)
        return found

    def _responses(self, operation: Operation) -> Iterator[Claim]:
        documented = operation.node["responses"]
        here = f"{operation.pointer}/responses"
        yield Claim(
            pointer=here, operation=operation.id, probe=partial(self._other_statuses, operation.pointer, documented)
        )
        for status in documented:
            yield from self._response(operation, status, f"{here}/{status}")
        for word in operation.node.keys() & ANNOUNCED.keys():
            pointer = f"{operation.pointer}/{word}"
            self._pointers.cover(pointer)
            probe = partial(self._announcement, operation.pointer, word, _moment(operation.node[word]))
            yield Claim(pointer=pointer, operation=operation.id, probe=probe)

    def _announcement(self, asked: str, word: str, said: datetime) -> Iterator[str]:
        header, read = ANNOUNCED[word]
        told = {answer.headers.get(header, "") for answer in self._by_operation[asked]}
        for value in sorted(told):
            if not _tells(value, read, said):
                yield f"an answer has {f'{header}: {value}' if value else f'no {header}'}"

    def _other_statuses(self, asked: str, documented: Document) -> Iterator[str]:
        first = {each.status: each.headers.get("x-request-id") for each in reversed(self._by_operation[asked])}
        for status in sorted(first.keys() - documented.keys()):
            yield f"the service answers {status} as well (request {first[status]}); document it, or fix the service"

    def _response(self, operation: Operation, status: str, pointer: str) -> Iterator[Claim]:
        real, response = self._pointers.at(pointer)
        self._pointers.annotations(real)

        def claim(place: str, probe: Any, *arguments: Any) -> Claim:
            return Claim(
                pointer=place, operation=operation.id, probe=partial(probe, operation.pointer, status, *arguments)
            )

        yield claim(pointer, self._status)
        announced = {ANNOUNCED[word][0] for word in operation.node.keys() & ANNOUNCED.keys()}
        yield claim(real, self._other_headers, announced, response.get("headers", {}))
        for name in response.get("headers", {}):
            yield from self._header(f"{real}/headers/{escaped(name)}", name, operation.id, claim)
        yield claim(f"{real}/content" if "content" in response else real, self._other_media, response)
        for media_type in response.get("content", {}):
            yield from self._media(f"{real}/content/{escaped(media_type)}", media_type, operation.id, claim)

    def _status(self, asked: str, status: str) -> Iterator[str]:
        if not self._answers(asked, status):
            yield "the service has never answered so; drop the status, or let the probes provoke it"

    def _other_headers(self, asked: str, status: str, announced: set[str], documented: Document) -> Iterator[str]:
        known = OF_HTTP | announced | {name.lower() for name in documented}
        sent = {name for answer in self._answers(asked, status) for name in answer.headers}
        for name in sorted(sent - known):
            yield f"the service sends {name} with {status} as well; document the header, or mend the service"

    def _header(self, pointer: str, name: str, operation_id: str, claim: Any) -> Iterator[Claim]:
        real, header = self._pointers.at(pointer)
        self._pointers.annotations(real)
        self._pointers.cover(f"{real}/required", f"{real}/x-automatic")
        yield claim(f"{real}/required" if "required" in header else pointer, self._presence, name, header)
        if "schema" in header:
            yield from self._examples(f"{real}/schema", real, header, claim)
            self._reach(f"{real}/schema", operation_id)

    def _presence(self, asked: str, status: str, name: str, header: Document) -> Iterator[str]:
        present = {name in answer.headers for answer in self._answers(asked, status)}
        if header.get("required") and False in present:
            yield f"{name} is missing on an answer with {status}"
        if present == {False}:
            yield f"{name} is on no answer with {status}"
        if present == {True} and not header.get("required"):
            yield f"{name} is on every answer with {status}; say required: true"

    def _other_media(self, asked: str, status: str, response: Document) -> Iterator[str]:
        documented = response.get("content", {}).keys()
        sent = {answer.media_type for answer in self._answers(asked, status)}
        if documented <= sent or not documented:  # else `_media_type` tells
            for media_type in sorted(filter(None, sent - documented)):
                yield f"the service answers with {media_type}; document it, or mend the service"

    def _media(self, pointer: str, media_type: str, operation_id: str, claim: Any) -> Iterator[Claim]:
        real, media = self._pointers.at(pointer)
        yield claim(real, self._media_type, media_type)
        if "schema" in media:
            yield from self._examples(f"{real}/schema", real, media, claim)
            self._reach(f"{real}/schema", operation_id)

    def _media_type(self, asked: str, status: str, media_type: str) -> Iterator[str]:
        answers = self._answers(asked, status)
        sent = {str(answer.media_type) for answer in answers}
        if answers and media_type not in sent:
            yield f"the service answers with {', '.join(sorted(sent))}"

    def _examples(self, schema: str, pointer: str, node: Document, claim: Any) -> Iterator[Claim]:
        """Yield a claim for the example of a media type or a header, and for each of several."""
        places = {f"{pointer}/example": node["example"]} if "example" in node else {}
        for name, each in node.get("examples", {}).items():
            self._pointers.annotations(f"{pointer}/examples/{escaped(name)}")
            places[f"{pointer}/examples/{escaped(name)}/value"] = example({"examples": {name: each}})
        for place, value in places.items():
            self._pointers.cover(place)
            yield claim(place, self._example, schema, value)

    def _example(self, _: str, status: str, schema: str, value: Any) -> Iterator[str]:
        for word in Body(self._pointers.at(schema)[1], self._service.document).broken(value):
            yield f"the example of {status} breaks {word} of its schema"
        for unknown in self.unknown_members(schema, value):
            yield f"the example has members that {unknown} does not know"

    def _reach(self, pointer: str, operation_id: str) -> None:
        """Note a schema and those inside of it."""
        real, schema = self._pointers.at(pointer)
        if real not in self._schemas:
            self._schemas[real] = operation_id
            for inner in _inner(real, schema):
                self._reach(inner, operation_id)

    def _schema(self, pointer: str, operation_id: str) -> Iterator[Claim]:
        schema = self._pointers.at(pointer)[1]
        self._pointers.annotations(pointer)

        def claim(place: str, probe: Any, *arguments: Any) -> Claim:
            self._pointers.cover(place)
            return Claim(pointer=place, operation=operation_id, probe=partial(probe, pointer, *arguments))

        for word in schema.keys() & {"type", "pattern", "enum", *_LIMITS}:
            yield claim(f"{pointer}/{word}", self._word, word)
        if schema.get("format") in FORMATS:
            yield claim(f"{pointer}/format", self._word, "format")
        for index, value in enumerate(schema.get("examples", [])):
            yield claim(f"{pointer}/examples/{index}", self._schema_example, value)
        yield from self._members(pointer, schema, operation_id, claim)

    def _members(self, pointer: str, schema: Document, operation_id: str, claim: Any) -> Iterator[Claim]:
        for index, name in enumerate(schema.get("required", [])):
            yield claim(f"{pointer}/required/{index}", self._required, name)
        for name in schema.get("properties", {}):
            probe = partial(self._optional, pointer, name, name in schema.get("required", []))
            yield Claim(pointer=f"{pointer}/properties/{escaped(name)}", operation=operation_id, probe=probe)
        if "properties" in schema:
            probe = partial(self._other_members, pointer)
            yield Claim(pointer=f"{pointer}/properties", operation=operation_id, probe=probe)
        if schema.get("additionalProperties") is False:
            self._pointers.cover(f"{pointer}/additionalProperties")

    def _word(self, pointer: str, word: str) -> Iterator[str]:
        values = self._values(pointer)
        wrong = [value for value, broken in values if word in broken]
        if wrong:
            yield f"the service answers with {str(wrong[0])[:80]!r}"
        elif values and f"{pointer}/{word}" not in self._promises:
            said = self._pointers.at(pointer)[1][word]
            missing = _missing(word, said, [value for value, _ in values])
            if missing:
                yield f"no answer has {', '.join(map(str, missing))}; say no more than what comes, or provoke it"

    def _schema_example(self, pointer: str, value: Any) -> Iterator[str]:
        for word in Body(self._pointers.at(pointer)[1], self._service.document).broken(value):
            yield f"the example breaks {word}"

    def _required(self, pointer: str, name: str) -> Iterator[str]:
        if any(isinstance(value, dict) and name not in value for value in self._seen[pointer]):
            yield f"an answer lacks {name}"

    def _optional(self, pointer: str, name: str, required: bool) -> Iterator[str]:
        present = {name in value for value in self._seen[pointer] if isinstance(value, dict)}
        if present == {False} and not required and f"{pointer}/properties/{escaped(name)}" not in self._promises:
            yield "no answer has this member"
        if present == {True} and not required:
            yield "every answer has this member; say that it is required"

    def _other_members(self, pointer: str) -> Iterator[str]:
        known = self._pointers.at(pointer)[1]["properties"].keys()
        others = {name for value in self._seen[pointer] if isinstance(value, dict) for name in value.keys() - known}
        if others:
            yield f"answers have {', '.join(sorted(others))} as well; document them, or mend the service"

    def _values(self, pointer: str) -> list[tuple[Any, set[str]]]:
        """Return what answers have at a schema, each with the words that it breaks."""
        if pointer not in self._judged:
            schema = self._pointers.at(pointer)[1]
            shallow = {word: said for word, said in schema.items() if word not in ("properties", "required", "items")}
            body = Body(shallow, self._service.document)
            different = {repr(value): value for value in map(_shallow, self._seen[pointer])}
            self._judged[pointer] = [(value, body.broken(value)) for value in different.values()]
        return self._judged[pointer]

    @cached_property
    def _judged(self) -> dict[str, list[tuple[Any, set[str]]]]:
        return {}

    def _answers(self, asked: str, status: str) -> list[Exchange]:
        return [each for each in self._by_operation[asked] if each.status == status]

    @cached_property
    def _by_operation(self) -> dict[str, list[Exchange]]:
        found = defaultdict(list)
        for exchange in self._service.exchanges:
            found[exchange.operation].append(exchange)
        return found

    @cached_property
    def _seen(self) -> dict[str, list[Any]]:
        """The values that answers have at each schema."""
        found: dict[str, list[Any]] = defaultdict(list)
        for operation in self._service.operations.values():
            for status in operation.node["responses"]:
                response = self._pointers.at(f"{operation.pointer}/responses/{status}")[0]
                answers = {(each.media_type, each.content): each for each in self._answers(operation.pointer, status)}
                for exchange in answers.values():  # each body once
                    self._see(found, response, exchange)
        return found

    def _see(self, found: dict[str, list[Any]], response: str, exchange: Exchange) -> None:
        for name in self._pointers.at(response)[1].get("headers", {}):
            schema, node = self._pointers.at(self._pointers.at(f"{response}/headers/{escaped(name)}")[0] + "/schema")
            if name in exchange.headers:
                found[schema].append(decoded(node, exchange.headers[name]))
        media = self._pointers.at(response)[1].get("content", {}).get(exchange.media_type, {})
        if "schema" in media:
            self._see_body(found, f"{response}/content/{escaped(str(exchange.media_type))}/schema", exchange.body)

    def _see_body(self, found: dict[str, list[Any]], pointer: str, value: Any) -> None:
        real, schema = self._pointers.at(pointer)
        found[real].append(value)
        for inner, each in inside(real, schema, value):
            self._see_body(found, inner, each)


def _tells(value: str, read: Callable[[str], datetime], said: datetime) -> bool:
    try:
        return read(value) == said
    except ValueError:
        return False


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)


def _inner(pointer: str, schema: Document) -> Iterator[str]:
    for name in schema.get("properties", {}):
        yield f"{pointer}/properties/{escaped(name)}"
    if isinstance(schema.get("items"), dict):
        yield f"{pointer}/items"


def inside(pointer: str, schema: Document, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the schemas inside of a schema with the values inside of a value."""
    if isinstance(value, dict):
        for name in schema.get("properties", {}).keys() & value.keys():
            yield f"{pointer}/properties/{escaped(name)}", value[name]
    if isinstance(value, list) and "items" in schema:
        for each in value:
            yield f"{pointer}/items", each


def _shallow(value: Any) -> Any:
    """Return what stands for an object or an array where what is inside of it does not matter."""
    return {} if isinstance(value, dict) else [None] * len(value) if isinstance(value, list) else value


def _missing(word: str, said: Any, values: list[Any]) -> list[Any]:
    """Return what a word allows and no value has: a limit that none reaches, a member of an enum, null."""
    if word == "enum":
        return [member for member in said if member not in values]
    if word == "type" and isinstance(said, list):
        nulls = {value is None for value in values}
        return ([] if True in nulls else ["null"]) + ([] if False in nulls else ["anything but null"])
    if word not in _LIMITS:
        return []
    sizes = [value if word in ("minimum", "maximum") else len(value) for value in values if value is not None]
    return [] if not sizes or said in sizes else [f"{word} {said}"]
