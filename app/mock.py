"""A mock server: it serves the examples in the contract, without a database, and stores nothing.

The generated code validates requests, so the mock rejects what the service rejects. `Prefer:
code=404` (RFC 7240) selects another documented response, and `Accept` one of several media types.
Path parameters are put into the example: `/articles/7` returns article 7. Nothing else in the
request changes the response: a filtered list is the example of the list, and an update returns the
example of an update.
"""

import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import unquote

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from app import docs, problems
from app.main import assemble
from app.settings import Settings
from generated.routers import build_routes
from generated.runtime.handlers import Handlers
from generated.runtime.requests import current_request
from generated.runtime.responses import ApiResponse
from generated.runtime.routing import ContractRoute
from specfirst.contract.model import Contract, Header, MediaType, Response

_PREFERRED = re.compile(r'\bcode="?(\d{3})\b', re.IGNORECASE)
_PROBLEM = "application/problem+json"


class NoExample(Exception):
    """A response in the contract has no example, or an invalid one; the message says which."""


def create_app(settings: Settings) -> FastAPI:
    """Return the mock, with the body limit and the origins in the settings. Raises `NoExample`."""
    contract = Contract(json.loads(docs.DATA.read_bytes()))
    handlers: dict[str, Any] = {}
    for name, hint in get_type_hints(build_routes).items():
        interface = get_origin(hint) or hint  # those with a principal are generic in it
        if issubclass(interface, Handlers):
            made = _security if name == "security" else _implemented
            handlers[name] = made(interface, contract)
    routes = build_routes(
        **handlers,
        max_body_bytes=settings.max_body_bytes,
        max_body_values=settings.max_body_values,
    )
    return assemble(routes, cors_origins=settings.cors_origins)


@dataclass(frozen=True, slots=True)
class _Principal:
    """A caller of the mock, who may do everything."""

    scopes: Collection[str]


def _security(interface: type[Handlers], contract: Contract) -> Any:
    """Return security handlers that accept all credentials of all schemes."""
    requirements = [each for operation in contract.operations for each in operation.security]
    principal = _Principal(
        {scope for each in requirements for scopes in each.values() for scope in scopes}
    )

    async def accept(_: Handlers, credentials: str) -> _Principal:
        return principal

    methods = dict.fromkeys(interface.__abstractmethods__, accept)
    return type("MockSecurity", (interface,), methods)()


def _implemented(interface: type[Handlers], contract: Contract) -> Any:
    """Return handlers whose operations return the examples of their responses."""
    operations = {}
    for name in interface.__abstractmethods__:
        documented = getattr(interface, name).__annotations__["return"]
        responses = contract.by_id[name].responses
        kinds = get_args(documented) or (documented,)
        operations[name] = _operation(
            [_answer(name, kind, responses[str(kind.status)]) for kind in kinds]
        )
    return type(f"Mock{interface.__name__}", (interface,), operations)()


@dataclass(frozen=True, slots=True)
class _Answer:
    """A documented response: its class, and its example for each media type ("" without a body)."""

    kind: type[ApiResponse]
    examples: Mapping[str, Mapping[str, Any]]
    added: Sequence[tuple[bytes, bytes]]
    """The headers that no handler sets."""

    def to(self, request: Request) -> ApiResponse:
        """Return the response: the adapted example, or the original if that would be invalid."""
        accepted = request.headers.get("accept", "")
        media_type = next(
            (each for each in self.examples if each and each in accepted), next(iter(self.examples))
        )
        parts = self.examples[media_type]
        try:
            return self.typed(_about(request, parts, is_problem=media_type == _PROBLEM))
        except ValidationError:
            return self.typed(parts)

    def typed(self, parts: Mapping[str, Any]) -> ApiResponse:
        """Build the response. Raises `ValidationError` if a part violates the contract."""
        types = get_type_hints(self.kind)
        return self.kind(
            **{
                field: TypeAdapter(types[field]).validate_python(part)
                for field, part in parts.items()
            }
        )


def _operation(answers: Iterable[_Answer]) -> Callable[..., Awaitable[Any]]:
    by_status = {answer.kind.status: answer for answer in answers}

    async def operation(_: Handlers, **__: object) -> Any:
        request = current_request()
        preferred = _PREFERRED.search(", ".join(request.headers.getlist("prefer")))
        answer = by_status.get(int(preferred[1]) if preferred else 0, by_status[min(by_status)])
        request.state.response_headers = answer.added
        return answer.to(request)

    return operation


def _answer(name: str, kind: type[ApiResponse], response: Response) -> _Answer:
    """Return the example of a response in the contract: its bodies and required headers."""
    described = {field: response.headers[header] for field, header in kind.header_names.items()}
    several = len(response.content) > 1
    try:
        headers = {field: _shown(each) for field, each in described.items() if each.required}
        examples = {
            media_type: {
                "body": _shown(each),
                **headers,
                **({"media_type": media_type} if several else {}),
            }
            for media_type, each in response.content.items()
        }
        answer = _Answer(kind, examples or {"": headers}, list(_added(response)))
        for parts in answer.examples.values():
            answer.typed(parts)
    except (LookupError, ValidationError) as error:
        raise NoExample(
            f"{name}, response {kind.status}: fix its examples in the contract: {error}"
        ) from None
    return answer


def _added(response: Response) -> Iterator[tuple[bytes, bytes]]:
    """Yield the required headers that the service adds itself, except for the id of the request,
    which the mock has, too.
    """
    for name, header in response.headers.items():
        if header.required and header.raw.get("x-automatic") and name.lower() != "x-request-id":
            yield name.lower().encode(), str(_shown(header)).encode()


def _about(request: Request, parts: Mapping[str, Any], *, is_problem: bool) -> dict[str, Any]:
    """Return the parts of an example, adapted to the values of the request's path parameters.

    The example's own values are in the `instance` of a problem, and in a resource's properties with
    the names of the parameters, or its `id` for a parameter at the end of the path. They are
    replaced in properties with these names, in paths, and as whole words in the `detail` of a
    problem.
    """
    route: ContractRoute = request.scope["route"]
    body = parts.get("body")
    members = body if isinstance(body, dict) else {}
    old = _problem_is_about(members, route) if is_problem else _resource_is_about(members, route)
    change = _Change(old, dict(request.path_params), route)
    changed = {name: change.of(part, name) for name, part in parts.items()}
    if is_problem:  # a problem has the path and the id of its request
        own = {"instance": problems.instance(request.scope), "request_id": request.state.request_id}
        changed["body"] |= {name: value for name, value in own.items() if name in members}
    elif (last := _last_parameter(route)) and "id" in members:
        changed["body"]["id"] = change.of(members["id"], last)
    return changed


def _problem_is_about(problem: Mapping[str, Any], route: ContractRoute) -> dict[str, str]:
    """Return the path parameters in the `instance` of a problem."""
    found = route.pattern.fullmatch(str(problem.get("instance", "")))
    return (
        {name: unquote(value) for name, value in zip(route.parameters, found.groups(), strict=True)}
        if found
        else {}
    )


def _resource_is_about(resource: Mapping[str, Any], route: ContractRoute) -> dict[str, str]:
    """Return the path parameters in the properties of a resource."""
    called = {
        name: "id" if name == _last_parameter(route) and "id" in resource else name
        for name in route.parameters
    }
    return {name: str(resource[member]) for name, member in called.items() if member in resource}


def _last_parameter(route: ContractRoute) -> str | None:
    """Return the parameter at the end of the path, if any."""
    return route.parameters[-1] if route.path.endswith("}") else None


class _Change:
    """Replaces the values of path parameters in an example."""

    def __init__(
        self, old: Mapping[str, str], new: Mapping[str, str], route: ContractRoute
    ) -> None:
        self._values = {name: (value, new[name]) for name, value in old.items()}
        known = old.keys() == set(route.parameters)
        self._paths = (
            [str(route.url_path_for(route.name, **values)) for values in (old, new)]
            if known
            else ["", ""]
        )
        unambiguous = [
            each for each in self._values.values() if [*old.values()].count(each[0]) == 1
        ]
        self._words = dict(unambiguous)

    def of(self, value: Any, name: str) -> Any:
        """Return the value of a part or property of this name, with the new values."""
        if isinstance(value, dict):
            return {member: self.of(each, member) for member, each in value.items()}
        if isinstance(value, list):
            return [self.of(each, name) for each in value]
        if name in self._values and str(value) == self._values[name][0]:
            return type(value)(self._values[name][1])
        if not isinstance(value, str):
            return value
        replaced = _replaced(value, dict([self._paths]))
        return _replaced(replaced, self._words) if name == "detail" else replaced


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """Replace whole words in a text."""
    pattern = "|".join(map(re.escape, filter(None, words)))
    return (
        re.sub(rf"(?:(?<!\w)|(?=\W))(?:{pattern})(?!\w)", lambda found: words[found[0]], text)
        if pattern
        else text
    )


def _shown(described: MediaType | Header) -> Any:
    """Return the first example of a body or a header. Raises `LookupError` if there is none."""
    if not described.examples:
        raise LookupError(f"{described.pointer} has none")
    return described.examples[0].value
