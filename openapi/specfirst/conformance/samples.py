"""A valid request for each operation of a contract, to be broken in one thing."""

import json
from dataclasses import dataclass
from typing import Any, Self

import httpx

from specfirst.contract.model import Contract, Operation, Parameter


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A request made of examples; what it names need not exist."""

    name: str
    method: str
    path: str
    query: dict[str, Any]
    media_type: str | None
    body: bytes
    statuses: frozenset[str]

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """Return the sample of an operation."""
        required = [each for each in operation.parameters if each.required]
        content = operation.request_body.content if operation.request_body else {}
        media_type = next(iter(content), None)
        return cls(
            name=operation.id,
            method=operation.method.upper(),
            path=operation.path.format_map(
                {each.name: _value(each) for each in required if each.location == "path"}
            ),
            query={each.name: _value(each) for each in required if each.location == "query"},
            media_type=media_type,
            body=json.dumps(content[media_type].examples[0].value).encode() if media_type else b"",
            statuses=frozenset(operation.responses),
        )

    def send(
        self,
        client: httpx.Client,
        *,
        query: dict[str, Any] | None = None,
        media_type: str | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        """Send it, with another media type or body, or with more in the query."""
        sent_type = media_type or self.media_type
        return client.request(
            self.method,
            self.path,
            params=self.query | (query or {}),
            content=self.body if body is None else body,
            headers={"Content-Type": sent_type} if sent_type else {},
        )


def _value(parameter: Parameter) -> Any:
    """Return the example of a parameter; the minimum for those of DELETE, which have none."""
    if parameter.examples or parameter.schema is None:
        return parameter.examples[0].value
    return parameter.schema.target.raw["minimum"]


def samples(contract: Contract) -> list[Sample]:
    """Return the samples of all operations of a contract."""
    return [Sample.of(operation) for operation in contract.operations]
