"""Fidelity: each word of a document has a counterpart in the service that it describes.

`check` walks the document and asks the running service about each thing that it says. What nothing here knows how to
ask about is listed by its JSON Pointer: a word that nobody has tried is no promise.
"""

import importlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import httpx

from specfirst.conformance.answers import Answers
from specfirst.conformance.candidates import Body, Segment, Text
from specfirst.conformance.claims import Claim, Finding, Pointers
from specfirst.conformance.exchanges import (
    ABSENT,
    Exchange,
    Live,
    Operation,
    Request,
    Service,
    accepts,
    evaluated,
    places,
    problem_name,
)
from specfirst.conformance.shown import shown
from specfirst.contract.document import Document, escaped

WORDS = {"type", "pattern", "enum", "default", "examples", "minimum", "maximum", "minLength", "maxLength"}
"""What a schema may say of a value that is sent."""

FORMATS = {"int32", "int64"}
"""The formats that a value that is sent may have."""

MEDIA_TYPES = {
    "application/json",
    "application/merge-patch+json",
    "application/json-patch+json",
    "application/vnd.api+json",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/octet-stream",
    "text/plain",
}
"""Media types that a body may be sent with by mistake."""

_CHUNK = 50  # the service names at most 100 wrong places at once


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What has to be known of a service beside its document."""

    live: Live
    home: str
    """The URL at which it listens unless told otherwise."""
    package: str
    """The name of the package that is generated from the document."""
    largest_body: int
    """The largest body that it takes, in bytes."""
    promises: Collection[str]
    """Pointers of limits that no answer has to reach, and of members that none has to have."""


def check(
    document: Document,
    client: httpx.Client,
    *,
    restore: Callable[[], None],
    facts: Facts,
    away: httpx.Client | None = None,
    only: Callable[[Claim], bool] = lambda claim: True,
    answered: Sequence[Exchange] = (),
) -> "Report":
    """Ask the service behind `client` about all that the document says.

    `restore` makes the rows that the examples name. `away` is a service without its database, for the answers of one.
    `only` chooses among the claims about requests; `answered` are exchanges of an earlier run, which count as well.
    """
    walk = Walk(document, client, restore=restore, facts=facts)
    requests, answers = list(walk.requests()), list(walk.answers())
    walk.service.exchanges += answered
    chosen = [claim for claim in requests if only(claim)]
    findings = [*walk.probe(_with_gates(chosen, requests), away=away), *_run(answers, set())]
    findings += [_unknown(pointer) for pointer in walk.pointers.uncovered()]
    return Report(findings=findings, exchanges=walk.service.exchanges, claims=[*requests, *answers])


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check has found, what it has asked about, and what it was answered."""

    findings: list[Finding]
    exchanges: list[Exchange]
    claims: list[Claim]

    @property
    def pointers(self) -> set[str]:
        """The places that are not true."""
        return {finding.pointer for finding in self.findings}


def _with_gates(chosen: list[Claim], claims: list[Claim]) -> list[Claim]:
    """Return the chosen claims with those that they depend on, in order."""
    kept = {(claim.operation, pointer) for claim in chosen for pointer in (claim.pointer, *claim.gates)}
    return [claim for claim in claims if (claim.operation, claim.pointer) in kept]


def _unknown(pointer: str) -> Finding:
    detail = (
        "has no counterpart that is probed: drop it, or write the service and, in specfirst.conformance, a probe for it"
    )
    return Finding(pointer=pointer, operation="", detail=detail)


def _run(claims: list[Claim], closed: set[str]) -> Iterator[Finding]:
    """Probe claims, but those behind a gate that has been found closed."""
    for claim in claims:
        if claim.gates & closed:
            continue
        details = list(claim.probe())
        if details:
            closed.add(claim.pointer)
            yield Finding(pointer=claim.pointer, operation=claim.operation, detail="; ".join(details[:3]))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the requests of an operation: a parameter, a body, or a member of a body."""

    operation: Operation
    part: str
    steps: tuple[str, ...]
    media_type: str | None = None
    gates: frozenset[str]

    @property
    def named(self) -> tuple[str, str]:
        """How a problem names the place: the part of the request and a JSON Pointer into it."""
        return self.part, "".join(f"/{escaped(step)}" for step in self.steps)

    def inside(self, name: str, gate: str) -> "Place":
        """Return the place of a member, which can be asked about only if the service has it."""
        return replace(self, steps=(*self.steps, name), gates=self.gates | {gate})

    def refuses(self, answer: httpx.Response) -> bool:
        """Tell whether an answer refuses the value of this place, and nothing else."""
        status = 404 if self.part == "path" else 422
        return answer.status_code == status and places(answer) == {self.named}

    def values(self, schema: Document, document: Document) -> Body:
        """Return what can be sent here."""
        kinds: dict[str, type[Body]] = {"path": Segment, "query": Text}
        return kinds.get(self.part, Body)(schema, document)


class Walk:
    """Goes through a document and turns what it says into claims."""

    def __init__(
        self,
        document: Document,
        client: httpx.Client,
        *,
        restore: Callable[[], None],
        facts: Facts,
    ) -> None:
        self.document = document
        self.pointers = Pointers(document)
        self.service = Service(document, client, live=facts.live)
        self._client = client
        self._restore = restore
        self._facts = facts
        self._usual: dict[str, Request] = {}
        self._deleted = False
        self._answers = Answers(self.pointers, self.service, promises=facts.promises)

    def probe(self, claims: list[Claim], *, away: httpx.Client | None) -> Iterator[Finding]:
        """Probe claims about requests, operation by operation."""
        for operation in self.service.operations.values():
            own = [claim for claim in claims if claim.operation == operation.id]
            if own:
                self._fresh()
            if away:
                self._provoke(operation, away)
            yield from _run(own, set())

    def requests(self) -> Iterator[Claim]:
        """Yield the claims about requests, those that others depend on first."""
        for operation in self.service.operations.values():
            yield from self._servers(operation)
            yield from self._operation(operation)

    def answers(self) -> Iterator[Claim]:
        """Yield the claims about answers."""
        yield from self._answers.claims()

    # Operations

    def _servers(self, operation: Operation) -> Iterator[Claim]:
        if operation.method != "get" or any(True for _ in operation.parameters):
            return
        for index, server in enumerate(self.document.get("servers", [])):
            pointer = f"/servers/{index}"
            self.pointers.annotations(pointer)
            self.pointers.cover(f"{pointer}/url")
            probe = partial(self._server, server["url"], operation)
            yield Claim(pointer=f"{pointer}/url", operation=operation.id, probe=probe)

    def _server(self, url: str, operation: Operation) -> Iterator[str]:
        """Ask the service at a relative URL; an absolute one has to be where it listens unless told otherwise."""
        if "://" in url and url != self._facts.home:
            yield f"the service listens at {self._facts.home} unless told otherwise"
            return
        url = url.removeprefix(self._facts.home)
        answer = self._client.get(url.rstrip("/") + operation.path)
        if not answer.is_success:
            yield f"GET {url.rstrip('/')}{operation.path} gives {answer.status_code}"

    def _operation(self, operation: Operation) -> Iterator[Claim]:
        pointer = operation.pointer
        self.pointers.annotations(pointer)
        self.pointers.cover(f"{pointer}/operationId", f"{pointer}/tags")
        if "requestBody" in operation.node:
            yield from self._media_types(operation)
        else:
            yield self._claim(operation, pointer, self._usual_request, operation)
        yield self._claim(operation, f"{pointer}/operationId", self._name, operation)
        yield self._security(operation)
        yield from self._parameters(operation)
        if "requestBody" in operation.node:
            yield from self._body(operation)
        yield from self._links(operation)

    def _claim(self, operation: Operation, pointer: str, probe: Any, *arguments: Any, gates: Any = ()) -> Claim:
        return Claim(pointer=pointer, operation=operation.id, probe=partial(probe, *arguments), gates=frozenset(gates))

    def _usual_request(self, operation: Operation) -> Iterator[str]:
        answer = self.service.send(self._request(operation))
        if not accepts(answer) or answer.status_code == 404:
            yield f"a request as described is refused: {_told(answer)}"

    def _name(self, operation: Operation) -> Iterator[str]:
        tags = operation.node.get("tags", ["default"])
        try:
            router = importlib.import_module(f"{self._facts.package}.routers.{tags[0].replace('-', '_')}")
        except ImportError:
            yield f"{self._facts.package}/routers/ has nothing for the tag {tags[0]}; run make generate"
            return
        methods = [vars(each).get(operation.id) for each in vars(router).values() if isinstance(each, type)]
        route = f"`{operation.method.upper()} {operation.path}`"
        if not any(route in (method.__doc__ or "") for method in methods if method):
            yield f"{self._facts.package}/routers/{tags[0]}.py has no {operation.id} for {route}; run make generate"

    def _security(self, operation: Operation) -> Claim:
        own = "security" in operation.node
        needed = operation.node["security"] if own else self.document.get("security", [])
        pointer = f"{operation.pointer}/security" if own else "/security"
        self.pointers.cover(pointer)
        gates = self._gates(operation)
        return self._claim(operation, pointer, self._access, operation, needed, gates=gates)

    def _access(self, operation: Operation, needed: list[Document]) -> Iterator[str]:
        request = self._request(operation)
        bare = self.service.send(request)
        if needed and {} not in needed and bare.status_code != 401:
            yield f"credentials are required, but without any the answer is {bare.status_code} instead of 401"
        if not needed:
            request = self._request(operation)
            answer = self.service.send(replace(request, headers={"Authorization": "Bearer of nothing"}))
            if answer.status_code != bare.status_code:
                yield f"none are required, but with credentials the answer is {_told(answer)}"

    # Parameters

    def _parameters(self, operation: Operation) -> Iterator[Claim]:
        known = set()
        for pointer, _ in operation.parameters:
            real, parameter = self.pointers.at(pointer)
            known.add(parameter["name"])
            if parameter["in"] in ("path", "query"):
                yield from self._parameter(operation, real, parameter)
        gates = self._gates(operation)
        place = f"{operation.pointer}/parameters" if operation.node.get("parameters") else operation.pointer
        yield self._claim(operation, place, self._other_parameters, operation, known, gates=gates)

    def _other_parameters(self, operation: Operation, known: set[str]) -> Iterator[str]:
        names = sorted(self.service.words - known)
        for some in _chunks(names):
            request = replace(self._request(operation), query=dict.fromkeys(some, "1"))
            answer = self.service.send(request)
            taken = [name for name in some if ("query", f"/{escaped(name)}") not in places(answer)]
            if answer.status_code != 400 or taken:
                yield f"the service takes {', '.join(taken)} in the query as well"

    def _parameter(self, operation: Operation, pointer: str, parameter: Document) -> Iterator[Claim]:
        self.pointers.annotations(pointer)
        self.pointers.cover(*(f"{pointer}/{word}" for word in ("name", "in", "required")))
        self.pointers.cover(*(each.pointer for each in shown(self.pointers, pointer)))  # `examples.py` sends them
        gates = self._gates(operation)
        steps = (parameter["name"],)
        outside = Place(operation=operation, part=parameter["in"], steps=steps, gates=gates)
        yield self._claim(operation, pointer, self._parameter_there, outside, parameter, gates=gates)
        place = replace(outside, gates=gates | {pointer})
        yield from self._parameter_needed(place, pointer, parameter)
        yield from self._schema(place, f"{pointer}/schema")

    def _parameter_there(self, place: Place, parameter: Document) -> Iterator[str]:
        if place.part == "path" and f"{{{parameter['name']}}}" not in place.operation.path:
            yield "the path has no such parameter"
        answer = self._send(place, self.service.live(place.operation, parameter))
        if not accepts(answer) and not place.refuses(answer):
            yield f"the service does not take it: {_told(answer)}"

    def _parameter_needed(self, place: Place, pointer: str, parameter: Document) -> Iterator[Claim]:
        required = parameter.get("required", False)
        at = f"{pointer}/required" if required else pointer
        if place.part == "query":
            yield self._claim(place.operation, at, self._needed, place, required, gates=place.gates)

    def _needed(self, place: Place, required: bool) -> Iterator[str]:
        answer = self._send(place, ABSENT)
        if required and not place.refuses(answer):
            yield f"required, but the answer without it is {_told(answer)}"
        if not required and not accepts(answer):
            yield f"not required, but without it the request is refused: {_told(answer)}"

    # Bodies

    def _gates(self, operation: Operation) -> frozenset[str]:
        """Return the pointers of what has to be right before anything else of an operation can be told."""
        found = {operation.pointer}
        for pointer, _, media in self._contents(operation):
            found |= {pointer, *dict(_examples(pointer, media))}
        return frozenset(found)

    def _contents(self, operation: Operation) -> Iterator[tuple[str, str, Document]]:
        if "requestBody" in operation.node:
            pointer, body = self.pointers.at(f"{operation.pointer}/requestBody")
            for media_type, media in body["content"].items():
                yield f"{pointer}/content/{escaped(media_type)}", media_type, media

    def _media_types(self, operation: Operation) -> Iterator[Claim]:
        for pointer, media_type, media in self._contents(operation):
            gates = frozenset({pointer})
            place = Place(operation=operation, part="body", steps=(), media_type=media_type, gates=gates)
            yield self._claim(operation, pointer, self._media_type, operation, media_type)
            for at, value in _examples(pointer, media):
                self.pointers.cover(at)
                yield self._claim(operation, at, self._body_example, place, value, gates=gates)

    def _media_type(self, operation: Operation, media_type: str) -> Iterator[str]:
        request = self._request(operation, media_type)
        answer = self.service.send(request)
        if answer.status_code == 415 or request.body is ABSENT:
            yield f"the answer to such a body is {_told(answer)}"

    def _body_example(self, place: Place, value: Any) -> Iterator[str]:
        self._fresh()  # an earlier request may have stored the same, which is unique
        answer = self._send(place, value)
        if not answer.is_success:
            yield f"the example is refused: {_told(answer)}"

    def _body(self, operation: Operation) -> Iterator[Claim]:
        pointer, body = self.pointers.at(f"{operation.pointer}/requestBody")
        gates = self._gates(operation)
        self.pointers.annotations(pointer)
        self.pointers.cover(f"{pointer}/required")
        for at, media_type, media in self._contents(operation):
            place = Place(operation=operation, part="body", steps=(), media_type=media_type, gates=gates)
            yield from self._media(place, at, media)
        needed = f"{pointer}/required" if "required" in body else pointer
        yield self._claim(operation, needed, self._body_needed, operation, body.get("required", False), gates=gates)
        yield self._claim(operation, f"{pointer}/content", self._other_media, operation, set(body["content"]))

    def _body_needed(self, operation: Operation, required: bool) -> Iterator[str]:
        answer = self.service.send(replace(self._request(operation), body=ABSENT, media_type=None))
        if required and (answer.status_code != 400 or places(answer) != {("body", "")}):
            yield f"required, but the answer without it is {_told(answer)}"
        if not required and not accepts(answer):
            yield f"not required, but without it the request is refused: {_told(answer)}"

    def _other_media(self, operation: Operation, known: set[str]) -> Iterator[str]:
        for media_type in sorted(MEDIA_TYPES - known):
            answer = self.service.send(replace(self._request(operation), media_type=media_type))
            if answer.status_code != 415:
                yield f"the answer to a body of {media_type} is {_told(answer)} instead of 415"

    def _media(self, place: Place, pointer: str, media: Document) -> Iterator[Claim]:
        yield from self._read_only(place)
        yield from self._schema(place, f"{pointer}/schema")
        for at, value in _examples(pointer, media):
            yield self._claim(place.operation, at, self._fits, f"{pointer}/schema", value)

    def _fits(self, schema: str, value: Any) -> Iterator[str]:
        for word in sorted(Body(self.pointers.at(schema)[1], self.document).broken(value)):
            yield f"the example breaks {word} of its schema"

    def _read_only(self, place: Place) -> Iterator[Claim]:
        """What an operation answers, but nobody may send."""
        for pointer in self._answered(place.operation):
            real, schema = self.pointers.at(pointer)
            for name, member in schema.get("properties", {}).items():
                at = f"{real}/properties/{escaped(name)}/readOnly"
                if member.get("readOnly"):
                    self.pointers.cover(at)
                    yield self._claim(place.operation, at, self._unsendable, place.inside(name, ""), gates=place.gates)

    def _answered(self, operation: Operation) -> Iterator[str]:
        """Yield the pointers of the schemas of success."""
        for status in operation.node["responses"]:
            pointer, response = self.pointers.at(f"{operation.pointer}/responses/{status}")
            for media_type, media in response.get("content", {}).items():
                if status.startswith("2") and "schema" in media:
                    yield f"{pointer}/content/{escaped(media_type)}/schema"

    def _unsendable(self, place: Place) -> Iterator[str]:
        value = self._request(place.operation).body
        answer = self._send(place, next(iter(value.values()), None) if isinstance(value, dict) else value)
        if not place.refuses(answer):
            yield f"it belongs to the server, but the answer to a request with it is {_told(answer)}"

    # Schemas of what is sent

    def _schema(self, place: Place, pointer: str) -> Iterator[Claim]:
        real, schema = self.pointers.at(pointer)
        self.pointers.annotations(real)
        if "properties" in schema:
            yield from self._object(place, real, schema)
            return
        values = place.values(schema, self.document)
        words = schema.keys() & WORDS | ({"format"} if schema.get("format") in FORMATS else set())
        for word in sorted(words):
            at = f"{real}/{word}"
            self.pointers.cover(at)
            probe = self._default if word == "default" else self._word
            yield self._claim(place.operation, at, probe, place, values, word, gates=place.gates)

    def _word(self, place: Place, values: Body, word: str) -> Iterator[str]:
        """Send what a word allows, which has to be accepted, and what it forbids, which has to be refused."""
        broken = 0
        for value in values.near(word, self.service.words):
            wrong = values.broken(value)
            if wrong and word == "examples":
                yield f"the example {_shown(value)} breaks {', '.join(wrong)}"
            if word not in wrong and (wrong or word in ("pattern", "format")):
                continue  # another word's affair; of what pattern and format allow, it is that of `type`
            broken += word in wrong
            answer = self._send(place, value)
            if wrong and not place.refuses(answer):
                yield f"{_shown(value)} breaks it, but the answer is {_told(answer)}"
            if not wrong and not accepts(answer):
                yield f"{_shown(value)} is allowed, but the answer is {_told(answer)}"
        if word in ("pattern", "format") and not broken:
            yield "nothing that is tried breaks it; add something that does to specfirst.conformance.candidates"

    def _default(self, place: Place, values: Body, word: str) -> Iterator[str]:
        for value in values.near(word, set()):
            if values.broken(value):
                yield "the schema does not take its own default"
            absent, given = self._send(place, ABSENT), self._send(place, value)
            if self._comparable(absent) != self._comparable(given):
                yield f"{_shown(value)} gives {_told(given)}; without a value it is {_told(absent)}"

    def _comparable(self, answer: httpx.Response) -> Any:
        if not answer.is_success:
            return answer.status_code, problem_name(answer)
        body = answer.json() if answer.content else None
        owned = self._owned_by_the_server
        return {name: each for name, each in body.items() if name not in owned} if isinstance(body, dict) else body

    @cached_property
    def _owned_by_the_server(self) -> set[str]:
        schemas = self.document.get("components", {}).get("schemas", {}).values()
        members = [member for schema in schemas for member in schema.get("properties", {}).items()]
        return {name for name, schema in members if schema.get("readOnly")}

    def _object(self, place: Place, pointer: str, schema: Document) -> Iterator[Claim]:
        def claim(at: str, probe: Any, *arguments: Any) -> Claim:
            self.pointers.cover(at)
            return self._claim(place.operation, at, probe, place, *arguments, gates=place.gates)

        required = schema.get("required", [])
        closed = schema.get("additionalProperties") is False
        yield claim(f"{pointer}/type", self._object_type, schema)
        if closed:
            yield claim(f"{pointer}/additionalProperties", self._other_members, schema, closed)
        else:
            yield self._claim(place.operation, pointer, self._other_members, place, schema, closed, gates=place.gates)
        for index, name in enumerate(required):
            yield claim(f"{pointer}/required/{index}", self._member_needed, name, True)
        for name in schema["properties"]:
            yield from self._member(place, f"{pointer}/properties/{escaped(name)}", name, name in required)

    def _object_type(self, place: Place, schema: Document) -> Iterator[str]:
        taken = schema.get("type", "object")
        others: list[Any] = [True, 1, 1.5, "text", [], [{}], *([] if "null" in taken else [None])]
        for value in others:
            answer = self._send(place, value)
            if not place.refuses(answer):
                yield f"{_shown(value)} is no object, but the answer is {_told(answer)}"

    def _other_members(self, place: Place, schema: Document, closed: bool) -> Iterator[str]:
        names = [*sorted(self.service.words - schema["properties"].keys()), "unknown_member"]
        for some in _chunks(names):
            request = self._request(place.operation, place.media_type)
            for name in some:
                request = request.having("body", (*place.steps, name), "text")
            answer = self.service.send(request)
            refused = {pointer for part, pointer in places(answer) if part == "body"}
            taken = [name for name in some if place.inside(name, "").named[1] not in refused]
            if closed and (answer.status_code != 422 or taken):
                yield f"{', '.join(taken)} are not described, but the answer is {_told(answer)}"
            if not closed and not accepts(answer):
                yield f"additional members are not forbidden, but {', '.join(some)} are refused: {_told(answer)}"

    def _member(self, place: Place, pointer: str, name: str, required: bool) -> Iterator[Claim]:
        inside = place.inside(name, pointer)
        real, schema = self.pointers.at(pointer)
        yield self._claim(place.operation, pointer, self._member_there, inside, schema, required, gates=place.gates)
        yield from self._schema(inside, real)

    def _member_there(self, place: Place, schema: Document, required: bool) -> Iterator[str]:
        answers = (self._send(place, value) for value in place.values(schema, self.document).likely())
        if not any(accepts(answer) for answer in answers):
            yield f"the service takes no {place.steps[-1]}"
        elif not required:
            yield from self._needed(place, False)

    def _member_needed(self, place: Place, name: str, required: bool) -> Iterator[str]:
        yield from self._needed(place.inside(name, ""), required)

    # Links

    def _links(self, operation: Operation) -> Iterator[Claim]:
        for status in operation.node["responses"]:
            real, response = self.pointers.at(f"{operation.pointer}/responses/{status}")
            for name in response.get("links", {}):
                yield from self._link(operation, status, name, f"{real}/links/{escaped(name)}")

    def _link(self, operation: Operation, status: str, name: str, pointer: str) -> Iterator[Claim]:
        real, link = self.pointers.at(pointer)
        self.pointers.annotations(real)
        self.pointers.cover(f"{real}/operationId")
        gates = self._gates(operation) | {f"{real}/operationId"}
        yield self._claim(operation, f"{real}/operationId", self._link_target, name, link)
        for parameter in link.get("parameters", {}):
            at = f"{real}/parameters/{escaped(parameter)}"
            self.pointers.cover(at)
            probe = partial(self._link_parameter, operation, status, link, parameter)
            yield self._claim(operation, at, probe, gates=gates)

    def _link_target(self, name: str, link: Document) -> Iterator[str]:
        if link.get("operationId") not in self.service.operations:
            yield "there is no such operation"
        elif link["operationId"] != name:
            yield f"a link is named after where it leads, but {name} leads to another operation"

    def _link_parameter(self, operation: Operation, status: str, link: Document, name: str) -> Iterator[str]:
        target = self.service.operations[link["operationId"]]
        parts = {each["name"]: each["in"] for each in self._described(target)}
        if name not in parts:
            yield f"{target.id} has no such parameter"
            return
        self._fresh()  # an earlier request may have stored the same, which is unique
        answer = self.service.send(self._request(operation))
        if str(answer.status_code) != status:
            yield f"the usual request is not answered with {status}: {_told(answer)}"
            return
        value = evaluated(link["parameters"][name], answer)
        followed = self.service.send(self.service.request(target).having(parts[name], (name,), value))
        if value is ABSENT or not followed.is_success:
            yield f"following it with {value} gives {_told(followed)}"

    def _described(self, operation: Operation) -> Iterator[Document]:
        for pointer, _ in operation.parameters:
            yield self.pointers.at(pointer)[1]

    # Requests

    def _fresh(self) -> None:
        self._restore()
        self._usual.clear()
        self._deleted = False

    def _request(self, operation: Operation, media_type: str | None = None) -> Request:
        """Return a request that the service should accept; each deletion gets something of its own."""
        if self._deleted:
            self._fresh()
        if operation.id not in self._usual or operation.method == "delete":
            self._usual[operation.id] = self.service.request(operation)
        request = self._usual[operation.id]
        return replace(request, media_type=media_type) if media_type else request

    def _send(self, place: Place, value: Any) -> httpx.Response:
        request = self._request(place.operation, place.media_type)
        answer = self.service.send(request.having(place.part, place.steps, value))
        self._deleted = place.operation.method == "delete" and answer.is_success
        return answer

    def _provoke(self, operation: Operation, away: httpx.Client | None) -> None:
        """Bring about the answers that no single word of the document speaks of."""
        request = self._request(operation)
        if any(each["name"] == "cursor" for each in self._described(operation)):
            self.service.send_to_the_last_page(request)
        if away:
            self.service.send(request, client=away)
        if request.body is not ABSENT:
            self.service.send(replace(request, body=b" " * (self._facts.largest_body + 1)))
            if "409" in operation.node["responses"]:
                self._provoke_conflict(operation)

    def _provoke_conflict(self, operation: Operation) -> None:
        """Give to one what another one has, as the examples of the members have it: what is unique conflicts."""
        creation = self.service.creation(operation)
        values = self._shown_members(creation) if creation else {}
        for each in filter(None, (creation, operation)):
            body = {name: values[name] for name in self._shown_members(each) if name in values}
            self.service.send(replace(self._request(each), body=body))

    def _shown_members(self, operation: Operation) -> Document:
        """Return an example of each member of a body."""
        found: Document = {}
        for pointer, _, media in self._contents(operation):
            real, schema = self.pointers.at(f"{pointer}/schema") if "schema" in media else (pointer, {})
            for name in schema.get("properties", {}):
                _, member = self.pointers.at(f"{real}/properties/{escaped(name)}")
                found |= {name: member["examples"][0]} if member.get("examples") else {}
        return found


def _examples(pointer: str, node: Document) -> Iterator[tuple[str, Any]]:
    if "example" in node:
        yield f"{pointer}/example", node["example"]
    for name, each in node.get("examples", {}).items():
        yield f"{pointer}/examples/{escaped(name)}/value", each.get("value")


def _chunks(names: list[str]) -> Iterator[list[str]]:
    yield from (names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(value)} long)"


def _told(answer: httpx.Response) -> str:
    where = ", ".join(f"{part} {pointer}" for part, pointer in sorted(places(answer))[:3])
    request = f" (request {answer.headers.get('x-request-id')})" if answer.is_server_error else ""
    return f"{answer.status_code}{f' at {where}' if where else ''}{request}"
