"""Fidelity: a running service does what each keyword of its contract says.

`check` goes through the contract and tests each keyword against the service. Keywords that no probe
tests are reported by their JSON Pointers.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any
from uuid import uuid4

import httpx

from specfirst.conformance.assertions import Assertion, Finding, Pointers
from specfirst.conformance.boundary_values import Body, Segment, Text
from specfirst.conformance.conditional import Conditional
from specfirst.conformance.interactions import (
    ABSENT,
    PARTS,
    SHAPE,
    Live,
    LogIn,
    Request,
    Service,
    accepts,
    evaluated,
    nobody,
    places,
    problem_name,
    with_wrong_credentials,
)
from specfirst.conformance.response_probes import ResponseProbes
from specfirst.conformance.shown import shown
from specfirst.conformance.validator import Exchange
from specfirst.contract import json_pointer
from specfirst.contract.model import (
    JSON,
    Contract,
    MediaType,
    Node,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from specfirst.contract.schema_validator import SchemaValidator

KEYWORDS = {
    "type",
    "pattern",
    "enum",
    "default",
    "examples",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
}
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

_BEARER: JSON = {"type": "http", "scheme": "bearer"}

_CHUNK = 50  # the service names at most 100 wrong places at once


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What has to be known of a service beside its contract."""

    package: ModuleType
    """The package that is generated from the contract."""
    home: str
    """The URL at which it listens unless told otherwise."""
    largest_body: int
    """The largest body that it takes, in bytes."""
    live: Live = field(default_factory=dict)
    """How to make what a path names, where the links of what creates it do not say how."""
    log_in: LogIn = nobody
    lacking: LogIn = nobody
    """How to log in as a caller who has none of the scopes."""
    stranger: LogIn = nobody
    """How to log in as a caller who has all scopes, but owns nothing that there is."""
    promises: Collection[str] = ()
    """Pointers of limits that no answer has to reach, and of properties that none has to have."""
    shape: Collection[str] = frozenset(SHAPE)
    """The last parts of the types of problems with the shape of a request."""


def check(
    contract: Contract,
    client: httpx.Client,
    *,
    restore: Callable[[], None],
    facts: Facts,
    others: Mapping[str, httpx.Client] = MappingProxyType({}),
    only: Callable[[Assertion], bool] = lambda assertion: True,
    answered: Sequence[Exchange] = (),
) -> "Report":
    """Test all that the contract says against the service behind `client`.

    `restore` makes the rows that the examples name. `others` are services that respond
    with one status whatever they are asked, such as 503 without a database. `only` chooses among
    the assertions about requests; `answered` are exchanges of an earlier run, which count as well.
    """
    walk = Walk(contract, client, restore=restore, facts=facts)
    requests = list(walk.requests())
    walk.service.exchanges += answered
    chosen = [assertion for assertion in requests if only(assertion)]
    findings = [*walk.probe(_with_gates(chosen, requests), others=others), *walk.responses()]
    findings += [_unknown(pointer) for pointer in walk.pointers.uncovered()]
    return Report(findings=findings, exchanges=walk.service.exchanges)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check has found, and the responses that it got."""

    findings: list[Finding]
    exchanges: list[Exchange]

    @property
    def pointers(self) -> set[str]:
        """The places that are not true."""
        return {finding.pointer for finding in self.findings}


def _with_gates(chosen: list[Assertion], assertions: list[Assertion]) -> list[Assertion]:
    """Return the chosen assertions with those that they depend on, in order."""
    kept = {
        (assertion.operation, pointer)
        for assertion in chosen
        for pointer in (assertion.pointer, *assertion.gates)
    }
    return [
        assertion for assertion in assertions if (assertion.operation, assertion.pointer) in kept
    ]


def _unknown(pointer: str) -> Finding:
    detail = (
        "has no counterpart that is probed: drop it, or write the service and, in "
        "specfirst.conformance, a probe for it"
    )
    return Finding(pointer=pointer, operation="", detail=detail)


def _run(assertions: list[Assertion], closed: set[str]) -> Iterator[Finding]:
    """Probe the assertions, except those whose gates have failed."""
    for assertion in assertions:
        if assertion.gates & closed:
            continue
        details = list(assertion.probe())
        if details:
            closed.add(assertion.pointer)
            yield Finding(
                pointer=assertion.pointer,
                operation=assertion.operation,
                detail="; ".join(details[:3]),
            )


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the requests of an operation: a parameter, a body, or a property of a body."""

    operation: Operation
    part: str
    steps: tuple[str, ...]
    media_type: str | None = None
    is_item: bool = False
    """Whether it is the only item of an array."""
    gates: frozenset[str]

    @property
    def named(self) -> tuple[str, str]:
        """How a problem names the place: the part of the request and a JSON Pointer into it."""
        return self.part, json_pointer.build((*self.steps, "0") if self.is_item else self.steps)

    def inside(self, name: str, gate: str) -> "Place":
        """Return the place of a property, which can be asked about only if the service has it."""
        return replace(self, steps=(*self.steps, name), gates=self.gates | {gate})

    def refuses(self, answer: httpx.Response) -> bool:
        """Tell whether an answer refuses the value of this place, and nothing else."""
        status = 404 if self.part == "path" else 422
        return answer.status_code == status and places(answer) == {self.named}

    def values(self, schema: Schema, validator: SchemaValidator) -> Body:
        """Return what can be sent here."""
        kinds: dict[str, type[Body]] = {"path": Segment, "query": Text}
        return kinds.get(self.part, Body)(schema, validator)


class Walk:
    """Goes through a contract and turns its keywords into assertions."""

    def __init__(
        self,
        contract: Contract,
        client: httpx.Client,
        *,
        restore: Callable[[], None],
        facts: Facts,
    ) -> None:
        self.contract = contract
        self.pointers = Pointers(contract)
        self._schemas = SchemaValidator(contract)
        self.service = Service(contract, client, live=facts.live, log_in=facts.log_in)
        self._client = client
        self._restore = restore
        self._facts = facts
        self._usual: dict[str, Request] = {}
        self._deleted = False

    def probe(
        self, assertions: list[Assertion], *, others: Mapping[str, httpx.Client]
    ) -> Iterator[Finding]:
        """Probe assertions about requests, operation by operation."""
        for operation in self.service.operations.values():
            own = [assertion for assertion in assertions if assertion.operation == operation.id]
            if own:
                self._fresh()
            if others:
                self._provoke(operation, others)
            yield from _run(own, set())

    def requests(self) -> Iterator[Assertion]:
        """Yield the assertions about requests, those that others depend on first."""
        for operation in self.service.operations.values():
            yield from self._servers(operation)
            yield from self._operation(operation)

    def responses(self) -> list[Finding]:
        """Return what is not true of the responses so far."""
        probes = ResponseProbes(self.pointers, self.service, promises=self._facts.promises)
        return probes.findings()

    # Operations

    def _servers(self, operation: Operation) -> Iterator[Assertion]:
        if operation.method != "get" or operation.parameters:
            return
        for index, server in enumerate(self.contract.document.get("servers", [])):
            pointer = f"/servers/{index}"
            self.pointers.annotations(pointer)
            self.pointers.cover(f"{pointer}/url")
            probe = partial(self._server, server["url"], operation)
            yield Assertion(pointer=f"{pointer}/url", operation=operation.id, probe=probe)

    def _server(self, url: str, operation: Operation) -> Iterator[str]:
        """Send a request to a relative URL; an absolute one has to be the default address."""
        if "://" in url and url != self._facts.home:
            yield f"the service listens at {self._facts.home} unless told otherwise"
            return
        url = url.removeprefix(self._facts.home)
        answer = self._client.get(url.rstrip("/") + operation.path)
        if not answer.is_success:
            yield f"GET {url.rstrip('/')}{operation.path} gives {answer.status_code}"

    def _operation(self, operation: Operation) -> Iterator[Assertion]:
        pointer = operation.pointer
        self.pointers.annotations(pointer)
        self.pointers.cover(f"{pointer}/operationId", f"{pointer}/tags")
        if operation.request_body:
            yield from self._media_types(operation, operation.request_body)
        else:
            yield self._assertion(operation, pointer, self._usual_request, operation)
        yield self._assertion(operation, f"{pointer}/operationId", self._name, operation)
        yield self._security(operation)
        yield from self._parameters(operation)
        if operation.request_body:
            yield from self._body(operation, operation.request_body)
        yield from self._links(operation)

    def _assertion(
        self, operation: Operation, pointer: str, probe: Any, *arguments: Any, gates: Any = ()
    ) -> Assertion:
        return Assertion(
            pointer=pointer,
            operation=operation.id,
            probe=partial(probe, *arguments),
            gates=frozenset(gates),
        )

    def _usual_request(self, operation: Operation) -> Iterator[str]:
        answer = self.service.send(self._request(operation))
        if not self._accepts(answer) or answer.status_code == 404:
            yield f"a request as described is refused: {_told(answer)}"

    def _name(self, operation: Operation) -> Iterator[str]:
        package = self._facts.package.__name__
        tag = operation.tags[0] if operation.tags else "default"
        try:
            router = import_module(f"{package}.routers.{tag.replace('-', '_')}")
        except ImportError:
            yield f"{package}/routers/ has nothing for the tag {tag}; run make generate"
            return
        methods = [
            vars(each).get(operation.id) for each in vars(router).values() if isinstance(each, type)
        ]
        route = f"`{operation.method.upper()} {operation.path}`"
        if not any(route in (method.__doc__ or "") for method in methods if method):
            yield f"{package}/routers/{tag}.py has no {operation.id} for {route}; run make generate"

    def _security(self, operation: Operation) -> Assertion:
        self.pointers.cover(operation.security_pointer, "/security")  # the default of others
        self.pointers.cover(*(self.pointers.follow(each).pointer for each in _schemes(operation)))
        return self._assertion(
            operation,
            operation.security_pointer,
            self._access,
            operation,
            gates=self._gates(operation),
        )

    def _access(self, operation: Operation) -> Iterator[str]:
        bare = self.service.send(replace(self._request(operation), is_logged_in=False))
        if {} in operation.security or not operation.security:
            if bare.status_code in (401, 403):
                yield f"no credentials are required, but without any the answer is {_told(bare)}"
        elif bare.status_code != 401:
            yield f"credentials are required, but without any the answer is {_told(bare)}"
        for scheme in [each.raw for each in _schemes(operation)] or [_BEARER]:
            if any(operation.security):
                yield from self._refused(operation, scheme)
            elif scheme.get("in") != "query":  # there it is an unknown parameter
                yield from self._ignored(operation, scheme, bare)

        yield from self._without_scopes(operation)

    def _without_scopes(self, operation: Operation) -> Iterator[str]:
        """Ask as a caller without scopes, who is told those of an alternative (RFC 6750)."""
        headers = dict(self._facts.lacking(operation))
        alternatives = [requirement for requirement in operation.security if requirement]
        if not headers or not alternatives:
            return
        request = replace(self._request(operation), headers=headers, is_logged_in=False)
        answer = self.service.send(request)
        if not all(any(requirement.values()) for requirement in alternatives):
            if answer.status_code in (401, 403):
                yield f"no scope is needed, but without any the answer is {_told(answer)}"
            return
        challenge = answer.headers.get("www-authenticate", "")
        scopes = [" ".join(each) for requirement in alternatives for each in requirement.values()]
        if answer.status_code != 403:
            yield f"scopes are needed, but without any the answer is {_told(answer)}"
        elif "Bearer" in challenge and not any(f'scope="{each}"' in challenge for each in scopes):
            yield f"the scopes that are needed are others: {challenge}"

    def _refused(self, operation: Operation, scheme: JSON) -> Iterator[str]:
        answer = self.service.send(with_wrong_credentials(self._request(operation), scheme))
        if answer.status_code != 401:
            yield f"wrong credentials are answered with {_told(answer)} instead of a 401"

    def _ignored(self, operation: Operation, scheme: JSON, bare: httpx.Response) -> Iterator[str]:
        answer = self.service.send(with_wrong_credentials(self._request(operation), scheme))
        if answer.status_code != bare.status_code:
            yield f"credentials do not matter, but with wrong ones the answer is {_told(answer)}"

    # Parameters

    def _parameters(self, operation: Operation) -> Iterator[Assertion]:
        for each in operation.parameters:
            if self.pointers.follow(each).location in ("path", "query"):
                yield from self._parameter(operation, each)
            elif each is operation.if_match or each.identity == ("header", "if-none-match"):
                yield from self._condition(operation, each)
            elif each.identity == ("header", "idempotency-key"):
                yield self._idempotency_key(operation, each)
        gates = self._gates(operation)
        place = (
            operation.inner("parameters") if operation.raw.get("parameters") else operation.pointer
        )
        known = {each.name for each in operation.parameters}
        yield self._assertion(
            operation, place, self._other_parameters, operation, known, gates=gates
        )

    def _condition(self, operation: Operation, parameter: Parameter) -> Iterator[Assertion]:
        """Probe `If-Match`, or the `If-None-Match` of a GET; their schemas say nothing more."""
        if parameter is not operation.if_match and not operation.is_revalidated:
            return
        keywords = ("name", "in", "required", "schema/type")
        self.pointers.annotations(parameter.pointer)
        self.pointers.cover(*(f"{parameter.pointer}/{keyword}" for keyword in keywords))
        asked = Conditional(
            service=self.service,
            operation=operation,
            usual=lambda: self._request(operation),
            send=lambda request: self._sent(operation, request),
        )
        probe = asked.if_match if parameter is operation.if_match else asked.if_none_match
        gates = self._gates(operation)
        yield self._assertion(operation, parameter.pointer, probe, gates=gates)

    def _idempotency_key(self, operation: Operation, parameter: Parameter) -> Assertion:
        keywords = ("name", "in", "required", "schema")
        self.pointers.annotations(parameter.pointer)
        self.pointers.cover(*(f"{parameter.pointer}/{keyword}" for keyword in keywords))
        gates = self._gates(operation)
        return self._assertion(operation, parameter.pointer, self._repeated, operation, gates=gates)

    def _repeated(self, operation: Operation) -> Iterator[str]:
        """Send the usual request with keys: it is answered once, and refused with a bad key."""
        self._fresh()
        request = self._request(operation)

        def sent(key: str) -> httpx.Response:
            return self.service.send(request.having("headers", ("Idempotency-Key",), key))

        key = str(uuid4())
        first, second = sent(key), sent(key)
        if not first.is_success or first.content != second.content:
            yield f"the same key again is answered with {_told(second)}, after {_told(first)}"
        for bad in ("", "a" * 5_000):
            answer = sent(bad)
            if answer.status_code != 422 or places(answer) != {("header", "/Idempotency-Key")}:
                yield f"{_shown(bad)} is no key, but the answer is {_told(answer)}"

    def _sent(self, operation: Operation, request: Request) -> httpx.Response:
        answer = self.service.send(request)
        self._deleted = operation.method == "delete" and answer.is_success
        return answer

    def _other_parameters(self, operation: Operation, known: set[str]) -> Iterator[str]:
        names = sorted(self.service.vocabulary - known)
        for some in _chunks(names):
            request = replace(self._request(operation), query=dict.fromkeys(some, "1"))
            answer = self.service.send(request)
            taken = [
                name for name in some if ("query", json_pointer.build([name])) not in places(answer)
            ]
            if answer.status_code != 400 or taken:
                yield f"the service takes {', '.join(taken)} in the query as well"

    def _parameter(self, operation: Operation, parameter: Parameter) -> Iterator[Assertion]:
        pointer = parameter.pointer
        self.pointers.annotations(pointer)
        self.pointers.cover(*(f"{pointer}/{keyword}" for keyword in ("name", "in", "required")))
        self.pointers.cover(
            *(each.pointer for each in shown(self.pointers, parameter))
        )  # `examples.py` sends them
        gates = self._gates(operation)
        outside = Place(
            operation=operation, part=parameter.location, steps=(parameter.name,), gates=gates
        )
        yield self._assertion(
            operation, pointer, self._parameter_there, outside, parameter, gates=gates
        )
        place = replace(outside, gates=gates | {pointer})
        yield from self._parameter_needed(place, parameter)
        if parameter.schema:
            yield from self._schema(place, parameter.schema)

    def _parameter_there(self, place: Place, parameter: Parameter) -> Iterator[str]:
        if place.part == "path" and f"{{{parameter.name}}}" not in place.operation.path:
            yield "the path has no such parameter"
        answer = self._send(place, self.service.live(place.operation, parameter))
        if not self._accepts(answer) and not place.refuses(answer):
            yield f"the service does not take it: {_told(answer)}"

    def _parameter_needed(self, place: Place, parameter: Parameter) -> Iterator[Assertion]:
        at = parameter.inner("required") if parameter.required else parameter.pointer
        if place.part == "query":
            yield self._assertion(
                place.operation, at, self._needed, place, parameter.required, gates=place.gates
            )

    def _needed(self, place: Place, required: bool) -> Iterator[str]:
        answer = self._send(place, ABSENT)
        if required and not place.refuses(answer):
            yield f"required, but the answer without it is {_told(answer)}"
        if not required and not self._accepts(answer):
            yield f"not required, but without it the request is refused: {_told(answer)}"

    # Bodies

    def _gates(self, operation: Operation) -> frozenset[str]:
        """Return the pointers of what has to hold before the rest of an operation."""
        found = {operation.pointer}
        for media in self._contents(operation):
            found |= {media.pointer, *(each.pointer for each in media.examples)}
        return frozenset(found)

    def _contents(self, operation: Operation) -> Iterable[MediaType]:
        return operation.request_body.content.values() if operation.request_body else ()

    def _media_types(self, operation: Operation, body: RequestBody) -> Iterator[Assertion]:
        for media in self.pointers.follow(body).content.values():
            gates = frozenset({media.pointer})
            place = Place(
                operation=operation, part="body", steps=(), media_type=media.key, gates=gates
            )
            yield self._assertion(operation, media.pointer, self._media_type, operation, media.key)
            for each in media.examples:
                self.pointers.cover(each.pointer)
                yield self._assertion(
                    operation, each.pointer, self._body_example, place, each.value, gates=gates
                )

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

    def _body(self, operation: Operation, body: RequestBody) -> Iterator[Assertion]:
        gates = self._gates(operation)
        self.pointers.annotations(body.pointer)
        self.pointers.cover(f"{body.pointer}/required")
        for media in body.content.values():
            place = Place(
                operation=operation, part="body", steps=(), media_type=media.key, gates=gates
            )
            yield from self._media(place, media)
        yield self._assertion(
            operation,
            body.inner("required"),
            self._body_needed,
            operation,
            body.required,
            gates=gates,
        )
        yield self._assertion(
            operation, f"{body.pointer}/content", self._other_media, operation, set(body.content)
        )

    def _body_needed(self, operation: Operation, required: bool) -> Iterator[str]:
        answer = self.service.send(replace(self._request(operation), body=ABSENT, media_type=None))
        if required and (answer.status_code != 400 or places(answer) != {("body", "")}):
            yield f"required, but the answer without it is {_told(answer)}"
        if not required and not self._accepts(answer):
            yield f"not required, but without it the request is refused: {_told(answer)}"

    def _other_media(self, operation: Operation, known: set[str]) -> Iterator[str]:
        for media_type in sorted(MEDIA_TYPES - known):
            answer = self.service.send(replace(self._request(operation), media_type=media_type))
            if answer.status_code != 415:
                yield f"the answer to a body of {media_type} is {_told(answer)} instead of 415"

    def _media(self, place: Place, media: MediaType) -> Iterator[Assertion]:
        yield from self._read_only(place)
        if media.schema:
            yield from self._schema(place, media.schema)
            for each in media.examples:
                yield self._assertion(
                    place.operation, each.pointer, self._fits, media.schema, each.value
                )

    def _fits(self, schema: Schema, value: Any) -> Iterator[str]:
        for error in self._schemas.errors(schema.pointer, value):
            yield f"the example breaks {error.pointer}: {error.message}"

    def _read_only(self, place: Place) -> Iterator[Assertion]:
        """What an operation answers, and those about what it creates, but nobody may send."""
        found: dict[str, str] = {}
        for schema in self._answered(place.operation):
            for name, each in self.pointers.target(schema).properties.items():
                if each.raw.get("readOnly"):
                    found[f"{each.place}/readOnly"] = name
        for at, name in found.items():
            self.pointers.cover(at)
            inside = place.inside(name, "")
            yield self._assertion(place.operation, at, self._unsendable, inside, gates=place.gates)

    def _answered(self, operation: Operation) -> Iterator[Schema]:
        """Yield the schemas of success, also of operations about what this one creates."""
        creation = self.service.creation
        others = (each for each in self.service.operations.values() if creation(each) is operation)
        for response in (each for one in (operation, *others) for each in one.responses.values()):
            if response.status.startswith("2"):
                contents = self.pointers.follow(response).content.values()
                yield from (media.schema for media in contents if media.schema)

    def _unsendable(self, place: Place) -> Iterator[str]:
        value = self._request(place.operation).body
        answer = self._send(
            place, next(iter(value.values()), None) if isinstance(value, dict) else value
        )
        if not place.refuses(answer):
            yield (
                f"it belongs to the server, but the answer to a request with it is {_told(answer)}"
            )

    # Schemas of what is sent

    def _schema(self, place: Place, schema: Schema) -> Iterator[Assertion]:
        target = self.pointers.target(schema)
        self.pointers.annotations(target.pointer)
        if "properties" in target.raw:
            yield from self._object(place, target)
            return
        values = place.values(target, self._schemas)
        keywords = target.raw.keys() & KEYWORDS | (
            {"format"} if target.raw.get("format") in FORMATS else set()
        )
        if target.items and place.part == "body":
            yield from self._schema(replace(place, is_item=True), target.items)
        for keyword in sorted(keywords):
            at = f"{target.pointer}/{keyword}"
            self.pointers.cover(at)
            probe = self._default if keyword == "default" else self._keyword
            yield self._assertion(
                place.operation, at, probe, place, values, keyword, gates=place.gates
            )

    def _keyword(self, place: Place, values: Body, keyword: str) -> Iterator[str]:
        """Send values that a keyword allows and forbids; expect success and refusal."""
        broken = 0
        for value in values.near(keyword, self.service.vocabulary):
            wrong = values.broken(value)
            if wrong and keyword == "examples":
                yield f"the example {_shown(value)} breaks {', '.join(wrong)}"
            if keyword not in wrong and (wrong or keyword in ("pattern", "format")):
                continue  # another keyword tests it; `type` tests what pattern and format allow
            broken += keyword in wrong
            answer = self._send(place, value)
            if wrong and not place.refuses(answer):
                yield f"{_shown(value)} breaks it, but the answer is {_told(answer)}"
            if not wrong and not self._accepts(answer):
                yield f"{_shown(value)} is allowed, but the answer is {_told(answer)}"
        if keyword in ("pattern", "format") and not broken:
            yield (
                "nothing that is tried breaks it; add something that does to "
                "specfirst.conformance.boundary_values"
            )

    def _default(self, place: Place, values: Body, keyword: str) -> Iterator[str]:
        for value in values.near(keyword, set()):
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
        return (
            {name: each for name, each in body.items() if name not in owned}
            if isinstance(body, dict)
            else body
        )

    @cached_property
    def _owned_by_the_server(self) -> set[str]:
        properties = [
            each for schema in self.contract.schemas() for each in schema.properties.items()
        ]
        return {name for name, schema in properties if schema.raw.get("readOnly")}

    def _accepts(self, answer: httpx.Response) -> bool:
        return accepts(answer, shape=self._facts.shape)

    def _object(self, place: Place, schema: Schema) -> Iterator[Assertion]:
        def assertion(at: str, probe: Any, *arguments: Any) -> Assertion:
            self.pointers.cover(at)
            return self._assertion(place.operation, at, probe, place, *arguments, gates=place.gates)

        pointer = schema.pointer
        closed = schema.raw.get("additionalProperties") is False
        yield assertion(f"{pointer}/type", self._object_type, schema)
        if closed:
            yield assertion(
                f"{pointer}/additionalProperties", self._other_properties, schema, closed
            )
        else:
            yield self._assertion(
                place.operation,
                pointer,
                self._other_properties,
                place,
                schema,
                closed,
                gates=place.gates,
            )
        for index, name in enumerate(schema.required):
            yield assertion(f"{pointer}/required/{index}", self._property_needed, name, True)
        for name, each in schema.properties.items():
            yield from self._property(place, each, name, name in schema.required)

    def _object_type(self, place: Place, schema: Schema) -> Iterator[str]:
        others: list[Any] = [
            True,
            1,
            1.5,
            "text",
            [],
            [{}],
            *([] if "null" in schema.types else [None]),
        ]
        for value in others:
            answer = self._send(place, value)
            if not place.refuses(answer):
                yield f"{_shown(value)} is no object, but the answer is {_told(answer)}"

    def _other_properties(self, place: Place, schema: Schema, closed: bool) -> Iterator[str]:
        names = [*sorted(self.service.vocabulary - schema.properties.keys()), "unknown_property"]
        for some in _chunks(names):
            request = self._request(place.operation, place.media_type)
            for name in some:
                request = request.having("body", (*place.steps, name), "text")
            answer = self.service.send(request)
            refused = {pointer for part, pointer in places(answer) if part == "body"}
            taken = [name for name in some if place.inside(name, "").named[1] not in refused]
            if closed and (answer.status_code != 422 or taken):
                yield f"{', '.join(taken)} are not described, but the answer is {_told(answer)}"
            if not closed and not self._accepts(answer):
                yield (
                    f"additional properties are not forbidden, but {', '.join(some)} are refused: "
                    f"{_told(answer)}"
                )

    def _property(
        self, place: Place, schema: Schema, name: str, required: bool
    ) -> Iterator[Assertion]:
        inside = place.inside(name, schema.place)
        probe = self._property_there
        yield self._assertion(
            place.operation, schema.place, probe, inside, schema, required, gates=place.gates
        )
        yield from self._schema(inside, schema)

    def _property_there(self, place: Place, schema: Schema, required: bool) -> Iterator[str]:
        values = place.values(schema.target, self._schemas).likely()
        answers = (self._send(place, value) for value in values)
        if not any(self._accepts(answer) for answer in answers):
            yield f"the service takes no {place.steps[-1]}"
        elif not required:
            yield from self._needed(place, False)

    def _property_needed(self, place: Place, name: str, required: bool) -> Iterator[str]:
        yield from self._needed(place.inside(name, ""), required)

    # Links

    def _links(self, operation: Operation) -> Iterator[Assertion]:
        for response in operation.responses.values():
            for link in self.pointers.follow(response).links.values():
                yield from self._link(operation, response.status, self.pointers.follow(link))

    def _link(self, operation: Operation, status: str, link: Node) -> Iterator[Assertion]:
        self.pointers.annotations(link.pointer)
        at = f"{link.pointer}/operationId"
        self.pointers.cover(at)
        gates = self._gates(operation) | {at}
        yield self._assertion(operation, at, self._link_target, link.key, link.raw)
        for parameter in link.raw.get("parameters", {}):
            at = json_pointer.join(link.pointer, "parameters", parameter)
            self.pointers.cover(at)
            probe = partial(self._link_parameter, operation, status, link.raw, parameter)
            yield self._assertion(operation, at, probe, gates=gates)

    def _link_target(self, name: str, link: JSON) -> Iterator[str]:
        if link.get("operationId") not in self.service.operations:
            yield "there is no such operation"
        elif link["operationId"] != name:
            yield f"a link is named after where it leads, but {name} leads to another operation"

    def _link_parameter(
        self, operation: Operation, status: str, link: JSON, name: str
    ) -> Iterator[str]:
        target = self.service.operations[link["operationId"]]
        parts = {each.name: each.location for each in target.parameters}
        if name not in parts:
            yield f"{target.id} has no such parameter"
            return
        self._fresh()  # an earlier request may have stored the same, which is unique
        answer = self.service.send(self._request(operation))
        if str(answer.status_code) != status:
            yield f"the usual request is not answered with {status}: {_told(answer)}"
            return
        value = evaluated(link["parameters"][name], answer)
        following = self.service.request(target)
        if parts[name] == "header":  # it is about what the path of the link names
            for other in (each for each in link["parameters"] if parts.get(each) == "path"):
                named = evaluated(link["parameters"][other], answer)
                following = following.having("path", (other,), named)
        followed = self.service.send(following.having(PARTS[parts[name]], (name,), value))
        if value is ABSENT or not followed.is_success:
            yield f"following it with {value} gives {_told(followed)}"

    # Requests

    def _fresh(self) -> None:
        self._restore()
        self._usual.clear()
        self._deleted = False

    def _request(self, operation: Operation, media_type: str | None = None) -> Request:
        """Return a valid request; each deletion gets a resource of its own."""
        if self._deleted:
            self._fresh()
        if operation.id not in self._usual or operation.method == "delete":
            self._usual[operation.id] = self.service.request(operation)
        request = self._usual[operation.id]
        return replace(request, media_type=media_type) if media_type else request

    def _send(self, place: Place, value: Any) -> httpx.Response:
        request = self._request(place.operation, place.media_type)
        sent = [value] if place.is_item else value
        return self._sent(place.operation, request.having(place.part, place.steps, sent))

    def _provoke(self, operation: Operation, others: Mapping[str, httpx.Client]) -> None:
        """Provoke the responses that no single keyword leads to."""
        request = self._request(operation)
        if operation.method == "get":
            self.service.send_to_the_last_page(request)
        for client in others.values():
            self.service.send(request, client=client)
        if headers := dict(self._facts.stranger(operation)):
            self.service.send(replace(request, headers=headers, is_logged_in=False))
        if request.body is not ABSENT:
            self.service.send(replace(request, body=b" " * (self._facts.largest_body + 1)))
            if "409" in operation.responses:
                self._provoke_conflict(operation)

    def _provoke_conflict(self, operation: Operation) -> None:
        """Give one resource the unique example values of another, to provoke a conflict."""
        creation = self.service.creation(operation)
        values = self._shown_properties(creation) if creation else {}
        for each in filter(None, (creation, operation)):
            body = {name: values[name] for name in self._shown_properties(each) if name in values}
            self.service.send(replace(self._request(each), body=body))

    def _shown_properties(self, operation: Operation) -> dict[str, Any]:
        """Return an example of each property of a body."""
        schemas = [media.schema.target for media in self._contents(operation) if media.schema]
        properties = {
            name: each.target for schema in schemas for name, each in schema.properties.items()
        }
        return {
            name: each.raw["examples"][0]
            for name, each in properties.items()
            if each.raw.get("examples")
        }


def _chunks(names: list[str]) -> Iterator[list[str]]:
    yield from (names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(value)} long)"


def _schemes(operation: Operation) -> list[Node]:
    """Return the security schemes of an operation; all of the contract where it has none."""
    declared = operation.contract.security_schemes
    names = {name for requirement in operation.security for name in requirement}
    return [scheme for name, scheme in declared.items() if name in names or not names]


def _told(answer: httpx.Response) -> str:
    where = ", ".join(f"{part} {pointer}" for part, pointer in sorted(places(answer))[:3])
    request = f" (request {answer.headers.get('x-request-id')})" if answer.is_server_error else ""
    return f"{answer.status_code}{f' at {where}' if where else ''}{request}"
