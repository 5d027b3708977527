"""The visitor: turns a contract in its canonical form into the variables of the templates.

Operations come from the contract, because fastapi-code-generator's parser drops statuses, headers,
bounds and media types. The parser's models give the Python names of properties.
"""

from dataclasses import dataclass
from typing import Any

from datamodel_code_generator.model import DataModel

from specfirst.codegen import conditional
from specfirst.codegen.bodies_and_responses import BodiesAndResponses, BodyCode, ResponseCode
from specfirst.codegen.deprecation import Headers, announced, remark
from specfirst.codegen.naming import BUILTINS, pascal, snake, unique
from specfirst.codegen.parameters import ParameterCode, parameters
from specfirst.codegen.schemas import Types
from specfirst.codegen.security import alternatives, principal, schemes, sentence
from specfirst.contract import model
from specfirst.contract.model import Contract, Security

# Names that router modules import or define.
_TAKEN = BUILTINS | set(
    "Annotated Any Anything ApiResponse Binary ClassVar Date DateTime Field Form Generic Handlers"
    " IfMatch Int32 Int64 Json KeepAll Literal Mapping Multipart Number Operation Parameter"
    " Principal SecurityHandlers SerializeAsAny StrictBool StrictFloat StrictInt StrictStr Tag"
    " Text TypeAlias Unique Uuid".split()
)

# Names of arguments and variables of `build_routes`.
_ROUTE_NAMES = (
    "security",
    "max_body_bytes",
    "max_body_values",
    "before_authentication",
    "after_authentication",
    "operations",
)


@dataclass(frozen=True)
class OperationCode:
    """The code for an operation; `name` is its operationId and the name of its handler."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    deprecation: str
    headers: Headers
    tag: str
    parameters: list[ParameterCode]
    body: BodyCode | None
    responses: list[ResponseCode]
    response_type: str
    security: Security | None
    if_match: str
    not_modified: str

    @property
    def read_parameters(self) -> list[ParameterCode]:
        """The parameters that are read by their schemas, which is all but `If-Match`."""
        return [each for each in self.parameters if not each.is_if_match]

    @property
    def principal(self) -> str:
        """The type of the handler's argument `principal`; empty if it has none."""
        return principal(self.security or ())

    @property
    def title(self) -> str:
        """The first line of its docstring: summary, method and path."""
        return f"{self.summary.removesuffix('.') or self.name} (`{self.method} {self.path}`)."

    @property
    def details(self) -> str:
        """The rest of its docstring: description, deprecation, parameters, body and scopes."""
        described = [(each.argument, each.description) for each in self.parameters]
        described += [("body", self.body.description)] if self.body else []
        blocks = [
            self.description if self.description != self.summary else "",
            self.deprecation,
            "\n".join(f"`{name}`: {text}" for name, text in described if text),
            sentence(self.security or ()),
        ]
        return "\n\n".join(block for block in blocks if block)


@dataclass(frozen=True)
class Tag:
    """The code for a tag: a module with its operations."""

    title: str
    name: str
    pascal: str
    description: str
    operations: list[OperationCode]

    @property
    def is_secured(self) -> bool:
        """Whether any operation needs credentials."""
        return any(operation.security for operation in self.operations)

    @property
    def schemes(self) -> set[str]:
        """The names of the security schemes that the operations use."""
        return {
            name
            for each in self.operations
            for alternative in each.security or ()
            for name in alternative
        }


def visit(contract: Contract, models: list[DataModel]) -> dict[str, Any]:
    """Return the variables of the templates: models, tags and operations, responses, security.

    The contract has to be in its canonical form; `models` is what fastapi-code-generator's parser
    made of it.
    """
    types = Types(models, contract)
    bodies = BodiesAndResponses(contract, types)
    found = [_operation(operation, types, bodies) for operation in contract.operations]
    shared = {
        response.class_name: response
        for each in found
        for response in each.responses
        if response.shared
    }
    return {
        "models": types.models(),
        "shared_responses": [shared[name] for name in sorted(shared)],
        "tags": _tags(contract, found),
        "operations": found,
        "schemes": schemes(contract),
        "principal": principal(({}, *(each for one in found for each in one.security or ()))),
        "needs_scopes": any(
            any(each.values()) for operation in found for each in operation.security or ()
        ),
    }


def _operation(
    operation: model.Operation, types: Types, bodies: BodiesAndResponses
) -> OperationCode:
    responses = bodies.responses(operation)
    taken = {*_TAKEN, *(each.class_name for each in responses)}
    return OperationCode(
        name=operation.id,
        method=operation.method.upper(),
        path=operation.path,
        summary=" ".join(operation.summary.split()),
        description=operation.description,
        deprecation=remark(operation),
        headers=announced(operation),
        tag=operation.tags[0],
        parameters=parameters(operation, types),
        body=bodies.body(operation),
        responses=responses,
        response_type=unique(f"{pascal(operation.id)}Response", taken, "Union"),
        security=alternatives(operation),
        if_match=conditional.if_match(operation),
        not_modified=conditional.not_modified(operation, responses),
    )


def _tags(contract: Contract, found: list[OperationCode]) -> list[Tag]:
    """Return the tags that are used, in the order of the document's `tags`, then of first use."""
    declared = contract.document.get("tags") or []
    described = {str(tag["name"]): str(tag.get("description") or "").strip() for tag in declared}
    titles = dict.fromkeys([*described, *(operation.tag for operation in found)])
    tags: list[Tag] = []
    for title in titles:
        own = [operation for operation in found if operation.tag == title]
        if own:
            # In `build_routes` the handlers of a tag must not hide the function of another one.
            taken = {
                *_ROUTE_NAMES,
                *(name for tag in tags for name in (tag.name, f"{tag.name}_operations")),
            }
            taken |= {tag.name.removesuffix("_operations") for tag in tags}
            name = unique(snake(title), taken, "_tag")
            class_name = unique(pascal(title), {"Security", *(tag.pascal for tag in tags)}, "Tag")
            tags.append(Tag(title, name, class_name, described.get(title, ""), own))
    return tags
