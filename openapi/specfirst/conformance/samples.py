"""A request for each operation of a document: right in all, to be spoiled in one thing."""

import json
from dataclasses import dataclass
from typing import Any, Self

import httpx

from specfirst.contract.document import Document, operations, resolve


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
    def of(cls, document: Document, path: str, method: str, operation: Document) -> Self:
        """Return the sample of an operation."""
        parameters = [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        required = [each for each in (resolve(document, each) for each in parameters) if each.get("required")]
        content: Document = resolve(document, operation.get("requestBody", {})).get("content", {})
        media_type = next(iter(content), None)
        return cls(
            name=operation["operationId"],
            method=method.upper(),
            path=path.format_map({each["name"]: _value(each) for each in required if each["in"] == "path"}),
            query={each["name"]: _value(each) for each in required if each["in"] == "query"},
            media_type=media_type,
            body=json.dumps(content[media_type]["example"]).encode() if media_type else b"",
            statuses=frozenset(operation["responses"]),
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


def _value(parameter: Document) -> Any:
    """Return the example of a parameter; those of DELETE have none, so the least that their schema allows."""
    return parameter["example"] if "example" in parameter else parameter["schema"]["minimum"]


def samples(document: Document) -> list[Sample]:
    """Return the samples of all operations of a document."""
    return [Sample.of(document, *each) for each in operations(document)]
