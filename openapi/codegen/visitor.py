"""The visitor: what fastapi-code-generator has parsed, as the interface that our templates render.

Operations are read from the document itself, because the tool drops statuses, headers, bounds and media types;
types come from the models that the tool has parsed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datamodel_code_generator.model import DataModel
from fastapi_code_generator.parser import OpenAPIParser

import schemas
from document import INLINE, Document, operations, resolve
from naming import pascal, snake

_DECODERS = {"integer": "integer", "boolean": "boolean"}


@dataclass(frozen=True)
class Parameter:
    """A parameter, as the router reads it (`type`) and as the handler gets it (`hint`)."""

    name: str
    argument: str
    location: str
    type: str
    hint: str
    decode: str
    required: bool
    default: str


@dataclass(frozen=True)
class Header:
    """A header that a response may have; a required one has no default."""

    name: str
    field: str
    hint: str
    required: bool


@dataclass(frozen=True)
class Response:
    """One documented status and its class; `shared` ones stand under /components/responses."""

    class_name: str
    shared: bool
    status: int
    description: str
    media_type: str | None
    body: str | None
    headers: list[Header]


@dataclass(frozen=True)
class Body:
    """A request body."""

    type: str
    media_type: str


@dataclass(frozen=True)
class Operation:
    """One operation; `name` is its operationId and the name of its handler."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    tag: str
    parameters: list[Parameter]
    body: Body | None
    responses: list[Response]


def visit(parser: OpenAPIParser, model_path: Path) -> dict[str, Any]:
    """Return the variables of the templates: schemas, tags with their operations, and shared responses."""
    document: Document = parser.raw_obj
    found = [_Reader(parser, document).operation(*each) for each in operations(document)]
    shared = {r.class_name: r for operation in found for r in operation.responses if r.shared}
    tags = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    return {
        "info": document["info"],
        "schemas": list(_schemas(parser, document)),
        "shared_responses": [shared[name] for name in sorted(shared)],
        "tags": [
            {"name": snake(tag), "pascal": pascal(tag), "description": text, "operations": _of(found, tag)}
            for tag, text in tags.items()
        ],
        "operations": found,
    }


def _of(found: list[Operation], tag: str) -> list[Operation]:
    return [operation for operation in found if operation.tag == tag]


def _schemas(parser: OpenAPIParser, document: Document) -> Iterator[schemas.Schema]:
    """Yield the schemas that the document names itself, aliases first: they are needed when classes are made."""
    for model in sorted(parser.results, key=lambda model: not schemas.is_alias(model)):
        raw = document["components"]["schemas"][model.reference.path.rsplit("/", 1)[-1]]
        if INLINE not in raw:
            yield schemas.named_schema(model, raw)


class _Reader:
    """Reads operations of one document, with the types of one parser."""

    def __init__(self, parser: OpenAPIParser, document: Document) -> None:
        self._document = document
        self._models: dict[str, DataModel] = {
            "#" + model.reference.path.rsplit("#", 1)[-1].rstrip("/"): model for model in parser.results
        }

    def operation(self, path: str, method: str, raw: Document) -> Operation:
        name = snake(raw["operationId"])
        return Operation(
            name=name,
            method=method.upper(),
            path=path,
            summary=raw.get("summary", ""),
            description=raw.get("description", "").strip(),
            tag=raw["tags"][0],
            parameters=[self._parameter(each) for each in raw["parameters"]],
            body=self._body(raw.get("requestBody")),
            responses=[self._response(name, status, each) for status, each in raw["responses"].items()],
        )

    def _parameter(self, raw: Document) -> Parameter:
        raw = resolve(self._document, raw)
        reference = raw["schema"]["$ref"]
        schema = resolve(self._document, raw["schema"])
        required = raw.get("required", False)
        hint = self._hint(reference)
        return Parameter(
            name=raw["name"],
            argument=snake(raw["name"]),
            location=raw["in"],
            type=self._type(reference),
            hint=hint if required or "default" in schema else f"{hint} | None",
            decode=_DECODERS.get(schema.get("type", ""), ""),
            required=required,
            default=repr(schema.get("default")),
        )

    def _body(self, raw: Document | None) -> Body | None:
        if raw is None:
            return None
        media_type, media = next(iter(resolve(self._document, raw)["content"].items()))
        return Body(type=self._type(media["schema"]["$ref"]), media_type=media_type)

    def _response(self, operation: str, status: str, raw: Document) -> Response:
        shared = "$ref" in raw
        name = f"{pascal(raw['$ref'].rsplit('/', 1)[-1])}Response" if shared else f"{pascal(operation)}{status}"
        raw = resolve(self._document, raw)
        media_type, media = next(iter(raw.get("content", {}).items()), (None, None))
        return Response(
            class_name=name,
            shared=shared,
            status=int(status),
            description=raw["description"].strip(),
            media_type=media_type,
            body=self._type(media["schema"]["$ref"]) if media else None,
            headers=list(self._headers(raw)),
        )

    def _headers(self, response: Document) -> Iterator[Header]:
        """Yield the headers that a handler gives; the service itself adds those with `x-automatic`."""
        for name, raw in response.get("headers", {}).items():
            raw = resolve(self._document, raw)
            if not raw.get("x-automatic"):
                hint = {"integer": "int"}.get(raw["schema"].get("type"), "str")
                yield Header(name=name, field=snake(name), hint=hint, required=raw.get("required", False))

    def _type(self, reference: str) -> str:
        return self._written(reference, schemas.constrained)

    def _hint(self, reference: str) -> str:
        return self._written(reference, schemas.plain)

    def _written(self, reference: str, write: Callable[..., str]) -> str:
        """Return the name of a schema that has one in the document, else the type itself."""
        model = self._models[reference]
        if INLINE in resolve(self._document, {"$ref": reference}):
            return write(model.fields[0], models="models.")
        return f"models.{model.class_name}"
