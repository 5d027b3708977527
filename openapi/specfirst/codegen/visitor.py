"""The visitor: what fastapi-code-generator has parsed, as the interface that our templates render.

Operations are read from the canonical document, because the tool drops statuses, headers, bounds and media types;
types come from the models that the tool has parsed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi_code_generator.parser import OpenAPIParser

from specfirst.codegen.deprecation import Headers, announced, remark
from specfirst.codegen.messages import Body, Messages, Response
from specfirst.codegen.naming import BUILTINS, pascal, snake, unique
from specfirst.codegen.parameters import Parameter, Parameters
from specfirst.codegen.schemas import Types
from specfirst.codegen.security import Alternatives, Security
from specfirst.contract.document import Document, escaped, operations

# What router modules import or define.
_TAKEN = BUILTINS | {
    *("Annotated", "Any", "ApiResponse", "Binary", "ClassVar", "Date", "DateTime", "Field", "Form"),
    *(
        "Generic",
        "Handlers",
        "Int32",
        "Int64",
        "Json",
        "Literal",
        "Mapping",
        "Multipart",
        "Operation",
        "Parameter",
        "Principal",
    ),
    *("SecurityHandlers", "StrictBool", "StrictFloat", "StrictInt", "StrictStr", "Tag", "Text", "TypeAlias", "Unique"),
}


@dataclass(frozen=True)
class Operation:
    """One operation; `name` is its operationId and the name of its handler."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    deprecation: str
    headers: Headers
    tag: str
    parameters: list[Parameter]
    body: Body | None
    responses: list[Response]
    response_type: str
    security: Alternatives

    @property
    def title(self) -> str:
        """The first line of its docstring: what it does, and where it is served."""
        return f"{self.summary.removesuffix('.') or self.name} (`{self.method} {self.path}`)."

    @property
    def details(self) -> str:
        """What its docstring says beside that: description, parameters, body, scopes."""
        described = [(each.argument, each.description) for each in self.parameters]
        described += [("body", self.body.description)] if self.body else []
        scopes = [f"{name} ({', '.join(each) or 'no scopes'})" for one in self.security for name, each in one.items()]
        blocks = [
            self.description if self.description != self.summary else "",
            self.deprecation,
            "\n".join(f"`{name}`: {text}" for name, text in described if text),
            f"Security: {' or '.join(scopes)}." if scopes else "",
        ]
        return "\n\n".join(block for block in blocks if block)


@dataclass(frozen=True)
class Tag:
    """A tag and its operations: one module."""

    title: str
    name: str
    pascal: str
    description: str
    operations: list[Operation]

    @property
    def is_secured(self) -> bool:
        """Tell whether any operation needs a caller."""
        return any(operation.security for operation in self.operations)

    @property
    def schemes(self) -> set[str]:
        """The names of the security schemes that the operations use."""
        return {name for each in self.operations for alternative in each.security for name in alternative}


def visit(parser: OpenAPIParser, model_path: Path) -> dict[str, Any]:
    """Return the variables of the templates: models, tags with their operations, shared responses, security."""
    document: Document = parser.raw_obj
    types = Types(parser.results, document)
    parameters, security = Parameters(document, types), Security(document)
    messages = Messages(document, types, parameters)
    found = [
        _operation(raw, path, method, parameters, messages, security) for path, method, raw in operations(document)
    ]
    shared = {response.class_name: response for each in found for response in each.responses if response.shared}
    return {
        "models": types.models(),
        "shared_responses": [shared[name] for name in sorted(shared)],
        "tags": _tags(document, found),
        "operations": found,
        "schemes": security.schemes,
    }


def _operation(
    raw: Document, path: str, method: str, parameters: Parameters, messages: Messages, security: Security
) -> Operation:
    pointer = f"/paths/{escaped(path)}/{method}"
    responses = messages.responses(raw, pointer)
    name = raw["operationId"]
    return Operation(
        name=name,
        method=method.upper(),
        path=path,
        summary=" ".join(str(raw.get("summary") or "").split()),
        description=str(raw.get("description") or "").strip(),
        deprecation=remark(raw),
        headers=announced(raw, pointer),
        tag=raw["tags"][0],
        parameters=parameters.of(raw, pointer),
        body=messages.body(raw, pointer),
        responses=responses,
        response_type=unique(f"{pascal(name)}Response", {*_TAKEN, *(each.class_name for each in responses)}, "Union"),
        security=security.of(raw),
    )


def _tags(document: Document, found: list[Operation]) -> list[Tag]:
    """Return the tags that are used, in the order in which the document describes or first uses them."""
    described = {str(tag["name"]): str(tag.get("description") or "").strip() for tag in document.get("tags") or []}
    titles = dict.fromkeys([*described, *(operation.tag for operation in found)])
    tags: list[Tag] = []
    for title in titles:
        own = [operation for operation in found if operation.tag == title]
        if own:
            name = unique(
                snake(title), {"security", "max_body_bytes", "operations", *(tag.name for tag in tags)}, "_tag"
            )
            class_name = unique(pascal(title), {"Security", *(tag.pascal for tag in tags)}, "Tag")
            tags.append(Tag(title, name, class_name, described.get(title, ""), own))
    return tags
