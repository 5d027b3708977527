"""Examples: a running service does what the examples of its contract show.

`check` sends the examples of each operation, all of its parameters and its body together, on data
for which they are true, and wants the success that is documented, with the body and the headers
that its examples show. The examples of problems have to be ones that this very operation answers:
`provoking` has the requests that lead there.

What the server decides anew for each request, a time or an id, is told by asking twice: where the
two answers differ, an example may show any other value, as long as it is equal to itself where the
answer is.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

import httpx

from specfirst.conformance.assertions import Finding, Pointers
from specfirst.conformance.boundary_values import text
from specfirst.conformance.interactions import (
    ABSENT,
    PARTS,
    Live,
    LogIn,
    Request,
    Service,
    evaluated,
    nobody,
    places,
)
from specfirst.conformance.provoking import Provoking
from specfirst.conformance.shown import path_of, shown, wrong_instances, wrong_properties
from specfirst.contract import json_pointer
from specfirst.contract.model import (
    Contract,
    Example,
    Header,
    MediaType,
    Node,
    Operation,
    Parameter,
    Response,
    Schema,
)

Story = Callable[[str], Mapping[str, Any]]
"""Makes the data for which the examples of an operation (its id) are true.

Returns values for the required parameters that show none, as those of DELETE.
"""

REMEDY = "show an example, or let the story name something for it"


def check(
    contract: Contract,
    client: httpx.Client,
    *,
    others: Mapping[str, httpx.Client],
    story: Story,
    largest_body: int,
    live: Live,
    log_in: LogIn = nobody,
    lacking: LogIn = nobody,
    hint: Callable[[Request], str] = lambda request: "",
    only: Collection[str] | None = None,
) -> list[Finding]:
    """Return where the service behind `client` contradicts the examples, in all or `only` these.

    `others` are services that respond with one status whatever they are asked, such as 503 without
    a database. `lacking` logs in as a caller without scopes. `largest_body` is what the service
    takes, in bytes. `live` gets what a path names. `hint` says what else to show where the examples
    of a request are refused.
    """
    pointers = Pointers(contract)
    service = Service(contract, client, live=live, log_in=log_in)
    asked = _Asked(service, story, hint)
    provoking = Provoking(
        pointers, send=asked.send, others=others, lacking=lacking, largest_body=largest_body
    )
    found = [*wrong_properties(pointers, service), *wrong_instances(pointers, service)]
    for operation in service.operations.values():
        if only is None or operation.id in only:
            found += _Examples(pointers, asked, operation, provoking=provoking).findings()
    return list(dict.fromkeys(found))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The responses to a request, and to the same request on the same data again."""

    first: httpx.Response
    second: httpx.Response
    name: str | None = None
    """That of the examples that were sent."""

    def differs(self, value: Any) -> list[str]:
        """Return where an example of the body differs from the answer."""
        return list(_differences(value, _content(self.first), _content(self.second)))

    def header_differs(self, name: str, value: Any) -> bool:
        """Tell whether an example of a header differs from the answer."""
        one, other = self.first.headers.get(name), self.second.headers.get(name)
        return bool(one == other and one != text(value))


class _Asked:
    """The service that is asked, on the data of a story."""

    def __init__(self, service: Service, story: Story, hint: Callable[[Request], str]) -> None:
        self.operations = service.operations
        self.creation = service.creation
        self.hint = hint
        self._service = service
        self._story = story
        self._operation: str | None = None
        """Whose data there are, as long as nothing has changed them."""
        self._live: Mapping[str, Any] = {}

    def begin(self, operation: Operation) -> Mapping[str, Any]:
        """Prepare the data of an operation's examples; return values for bare parameters."""
        if self._operation != operation.id:
            self._live = self._story(operation.id)
            self._operation = operation.id
        return self._live

    def send(self, request: Request, client: httpx.Client | None = None) -> httpx.Response:
        """Send a request, to another service where one is given."""
        answer = self._service.send(request, client=client)
        if answer.is_success and request.operation.method != "get":
            self._operation = None
        return answer

    def twice(
        self,
        request: Request,
        client: httpx.Client | None = None,
        *,
        first: Request | None = None,
        name: str | None = None,
    ) -> Answer:
        """Send a request on the data of its operation, after `first` if given, twice."""
        answers = []
        for _ in range(2):
            self.begin(request.operation)
            if first:
                self.send(first, client)
            answers.append(self.send(request, client))
        return Answer(first=answers[0], second=answers[1], name=name)


class _Examples:
    """The examples of one operation."""

    def __init__(
        self, pointers: Pointers, asked: _Asked, operation: Operation, *, provoking: Provoking
    ) -> None:
        self._pointers = pointers
        self._asked = asked
        self._operation = operation
        self._provoking = provoking
        self._parameters = [pointers.follow(each) for each in operation.parameters]
        self._bodies = dict(self._media_types())

    def findings(self) -> Iterator[Finding]:
        """Yield the examples that are not true."""
        answers: list[Answer] = []
        missing = self._missing()
        if missing:
            yield self._found(
                self._operation.pointer,
                f"nothing is known to send as {', '.join(missing)}: {REMEDY}",
            )
            return
        for name in self._names():
            yield from self._together(name, answers)
        if answers:
            yield from self._alone()
            yield from self._successes(answers)
            yield from self._links()
            yield from self._problems()

    # Requests

    def _together(self, name: str | None, answers: list[Answer]) -> Iterator[Finding]:
        """Send the examples of a name together, then without one or two of the optional ones."""
        request = self._request(name)
        answer = self._asked.twice(request, name=name)
        if not answer.first.is_success:
            yield self._found(
                self._culprit(answer.first, name),
                f"the examples are refused: {told(answer.first)}{self._asked.hint(request)}",
            )
            return
        answers.append(answer)
        for left_out in (*combinations(self._optional(), 1), *combinations(self._optional(), 2)):
            less = request
            for parameter in left_out:
                less = less.having("query", (parameter,), ABSENT)
            answers.append(self._asked.twice(less, name=""))

    def _alone(self) -> Iterator[Finding]:
        """Send each further example, without parameters that are optional."""
        least = self._least()
        for parameter in self._parameters:
            for example in self._prefilled(parameter)[1:]:
                if example.name is None:
                    part = PARTS[parameter.location]
                    yield from self._sent(
                        least.having(part, (parameter.name,), text(example.value)), example
                    )
        for media_type, examples in self._bodies.items():
            for example in examples:
                yield from self._sent(
                    replace(least, media_type=media_type, body=example.value), example
                )

    def _sent(self, request: Request, example: Example) -> Iterator[Finding]:
        self._asked.begin(self._operation)
        answer = self._asked.send(request)
        if not answer.is_success:
            yield self._found(example.pointer, f"the example is refused: {told(answer)}")

    def _request(self, name: str | None) -> Request:
        """Return a request with the examples of a name, and the first where there is none of it."""
        request = Request(operation=self._operation)
        live = self._asked.begin(self._operation)
        for parameter in self._parameters:
            example = _named(self._prefilled(parameter), name)
            if example or parameter.required:
                value = example.value if example else live[parameter.name]
                request = request.having(PARTS[parameter.location], (parameter.name,), text(value))
        for media_type, examples in self._bodies.items():
            body = _named(examples, name)
            return replace(request, media_type=media_type, body=body.value if body else ABSENT)
        return request

    def _least(self) -> Request:
        """Return a request with the examples of what is required."""
        request = self._request(None)
        for parameter in self._optional():
            request = request.having("query", (parameter,), ABSENT)
        return request

    def _names(self) -> list[str | None]:
        """Return the names of examples of which there are several at one place, or else None."""
        slots = [*(self._prefilled(each) for each in self._parameters), *self._bodies.values()]
        names = [[each.name for each in slot if each.name is not None] for slot in slots]
        return list(dict.fromkeys(name for group in names if len(group) > 1 for name in group)) or [
            None
        ]

    def _missing(self) -> list[str]:
        """Return the required parameters without an example or a value from the story."""
        live = self._asked.begin(self._operation)
        required = [each for each in self._parameters if each.required]
        return [
            each.name for each in required if not self._prefilled(each) and each.name not in live
        ]

    def _optional(self) -> list[str]:
        return [
            each.name for each in self._parameters if each.location == "query" and not each.required
        ]

    def _prefilled(self, node: Parameter | Header | MediaType) -> list[Example]:
        """Return the examples of a node and its schema, that of documentation pages first."""
        schema = shown(self._pointers, self._pointers.target(node.schema)) if node.schema else []
        return shown(self._pointers, node) + schema

    def _media_types(self) -> Iterator[tuple[str, list[Example]]]:
        """Yield the media types of the body with their examples, or one from its properties."""
        body = self._operation.request_body
        for media in self._pointers.follow(body).content.values() if body else ():
            own = self._prefilled(media)
            yield (
                media.key,
                own + (list(self._of_properties(own, media.schema.target)) if media.schema else []),
            )

    def _of_properties(self, own: list[Example], schema: Schema) -> Iterator[Example]:
        """Yield a body of all first examples, and one for each other example of a property."""
        targets = {name: self._pointers.target(each) for name, each in schema.properties.items()}
        properties = {name: shown(self._pointers, each) for name, each in targets.items()}
        first = {name: examples[0].value for name, examples in properties.items() if examples}
        if first:
            yield Example(pointer=f"{schema.pointer}/properties", value=first)
        whole = own[0].value if own else first
        for name, examples in properties.items():
            yield from (
                Example(pointer=each.pointer, value={**whole, name: each.value})
                for each in examples
            )

    def _culprit(self, answer: httpx.Response, name: str | None) -> str:
        """Return the example that a refusal names, or the operation."""
        named = places(answer)
        for parameter in self._parameters:
            example = _named(self._prefilled(parameter), name)
            is_named = (parameter.location, json_pointer.build([parameter.name])) in named
            if example and (
                is_named
                or (parameter.location == "path" and answer.status_code == 404 and not named)
            ):
                return example.pointer
        bodies = [_named(examples, name) for examples in self._bodies.values()]
        if bodies and bodies[0] and any(part == "body" for part, _ in named):
            return bodies[0].pointer
        return self._operation.pointer

    # Responses

    def _successes(self, answers: list[Answer]) -> Iterator[Finding]:
        for response in self._responses():
            given = [each for each in answers if str(each.first.status_code) == response.status]
            if response.status.startswith("2"):
                for media in response.content.values():
                    yield from self._bodies_shown(media, given)
                yield from self._headers(response, given)

    def _responses(self) -> list[Response]:
        return [self._pointers.follow(each) for each in self._operation.responses.values()]

    def _bodies_shown(self, media: MediaType, answers: list[Answer]) -> Iterator[Finding]:
        """Each example is an answer to examples, and each answer to all of them is an example."""
        examples = shown(self._pointers, media)
        wrong = [each for example in examples for each in self._is_one_of(example, answers)]
        yield from wrong
        for answer in answers:
            own = [each for each in examples if each.name == answer.name] or examples
            is_shown = not own or any(not answer.differs(each.value) for each in own)
            if answer.name != "" and not is_shown and not wrong:
                yield self._found(
                    own[0].pointer, f"the answer to the examples is {told(answer.first)}"
                )

    def _is_one_of(self, example: Example, answers: list[Answer]) -> Iterator[Finding]:
        differences = [answer.differs(example.value) for answer in answers]
        if [] not in differences:
            nearest = min(differences, key=len, default=["no example of a request leads to it"])
            yield self._found(example.pointer, "; ".join(nearest[:6]))

    def _headers(self, response: Response, answers: list[Answer]) -> Iterator[Finding]:
        for name, header in response.headers.items():
            if header.raw.get("x-automatic") or name.lower() == "etag":
                continue  # about the moment, as an id of the request is, or opaque
            given = [answer for answer in answers if name in answer.first.headers]
            told_ = sorted({answer.first.headers[name] for answer in given})
            for example in self._prefilled(self._pointers.follow(header)):
                if all(answer.header_differs(name, example.value) for answer in given):
                    yield self._found(
                        example.pointer,
                        f"the examples are answered with {' or '.join(told_) or 'none'}",
                    )

    def _links(self) -> Iterator[Finding]:
        """Follow the links of the response to the examples."""
        for response in self._responses():
            for link in response.links.values():
                yield from self._link(response.status, self._pointers.follow(link))

    def _link(self, status: str, link: Node) -> Iterator[Finding]:
        target = self._asked.operations.get(link.raw.get("operationId", ""))
        if target is None:
            yield self._found(f"{link.pointer}/operationId", "there is no such operation")
            return
        other = _Examples(self._pointers, self._asked, target, provoking=self._provoking)
        following = other._least()
        answer = self._asked.send(self._request(None))
        parts = {parameter.name: PARTS[parameter.location] for parameter in other._parameters}
        for name, expression in link.raw.get("parameters", {}).items():
            following = following.having(
                parts.get(name, "query"), (name,), evaluated(expression, answer)
            )
        followed = self._asked.send(following)
        if str(answer.status_code) == status and not followed.is_success:
            yield self._found(
                link.pointer, f"following it from the examples gives {told(followed)}"
            )

    # Problems

    def _problems(self) -> Iterator[Finding]:
        for response in self._responses():
            answers: list[Answer] = []
            for media in () if response.status.startswith("2") else response.content.values():
                for example in shown(self._pointers, media):
                    yield from self._problem(response.status, example, answers)
            if answers:
                yield from self._headers(response, answers)

    def _problem(self, status: str, example: Example, answers: list[Answer]) -> Iterator[Finding]:
        """Find a request whose response is this example, on any path that shares it."""
        tried: list[tuple[list[str], httpx.Response]] = []
        path = path_of(self._operation, example.value)
        base = self._request(None)
        base = replace(base, path=path) if path is not None else base
        for attempt in self._provoking.attempts(base, status, example.value, self._creation()):
            answer = self._asked.twice(attempt.request, attempt.client, first=attempt.first)
            wanted = example.value if path is not None else _at(example.value, answer.first)
            differences = answer.differs(wanted)
            if str(answer.first.status_code) == status and not differences:
                answers.append(answer)
                return
            tried.append((differences, answer.first))
        same = [each for each in tried if str(each[1].status_code) == status]
        nearest = min(same, key=lambda each: _distance(example.value, each[1]), default=None)
        detail = (
            f"the service answers otherwise: {'; '.join(nearest[0][:6])}"
            if nearest
            else "it never answers so"
        )
        yield self._found(example.pointer, f"the example of {status}: {detail}")

    def _creation(self) -> Request | None:
        """Return the request that creates another one of what this operation is about."""
        creation = self._asked.creation(self._operation)
        if creation is None:
            return None
        return _Examples(self._pointers, self._asked, creation, provoking=self._provoking)._request(
            None
        )

    def _found(self, pointer: str, detail: str) -> Finding:
        return Finding(pointer=pointer, operation=self._operation.id, detail=detail)


def told(answer: httpx.Response) -> str:
    """Return an answer as it is told in a finding."""
    return f"{answer.status_code} {answer.text[:500]}".strip()


def _named(examples: list[Example], name: str | None) -> Example | None:
    same = [each for each in examples if each.name is not None and each.name == name]
    return next(iter(same or examples), None)


def _content(answer: httpx.Response) -> Any:
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def _differences(value: Any, first: Any, second: Any) -> Iterator[str]:
    """Yield where an example differs from what two equal requests were answered with."""
    example, one, other = (dict(_leaves(each)) for each in (value, first, second))
    anew = {place for place in one if one[place] != other.get(place, ABSENT)}
    for place in [*one, *(example.keys() - one.keys())]:
        if (place not in example or place not in one) or (
            place not in anew and not _same(example[place], one[place])
        ):
            yield f"{place or 'all'} is {_json(one, place)}, not {_json(example, place)}"
    for place, another in combinations(sorted(anew & example.keys()), 2):
        if (one[place] == one[another]) != (example[place] == example[another]):
            yield (
                f"{place} and {another} are {'' if one[place] == one[another] else 'not '}the same"
            )


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values in a value that have none inside of them, with their JSON Pointers."""
    if not value or not isinstance(value, dict | list):
        yield at, value
        return
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves(each, json_pointer.join(at, name))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _json(leaves: dict[str, Any], place: str) -> str:
    return json.dumps(leaves[place], ensure_ascii=False) if place in leaves else "absent"


def _distance(example: Any, answer: httpx.Response) -> float:
    """Return how far an answer is from an example: 0 where they are the same."""
    one, other = (json.dumps(each, sort_keys=True) for each in (example, _content(answer)))
    return -SequenceMatcher(None, one, other).ratio()


def _at(problem: Any, answer: httpx.Response) -> Any:
    """Return a problem with the path of a request for its `instance`."""
    has_one = isinstance(problem, dict) and "instance" in problem
    return {**problem, "instance": answer.request.url.path} if has_one else problem
