"""What a document documents and nobody has seen: statuses, headers, media types and parameters."""

from collections.abc import Iterator

from specfirst.conformance.judge import Operation, Seen, followed
from specfirst.contract.document import Document, escaped, operations

_ADD = "add a test that provokes it, or take it out of the contract"


def missing(document: Document, seen: set[Seen]) -> list[str]:
    """Return what the contract documents and nobody has seen, by JSON Pointer, and how to mend it."""
    every = [Operation.of(document, path, method) for path, method, _ in operations(document)]
    return [line for operation in every for line in _missing(document, operation, _of(operation, seen))]


def _of(operation: Operation, seen: set[Seen]) -> list[Seen]:
    return [each for each in seen if each.operation == operation.name]


def _missing(document: Document, operation: Operation, seen: list[Seen]) -> Iterator[str]:
    for status, node in operation.content["responses"].items():
        answers = [each for each in seen if each.status == status]
        pointer, response = followed(document, f"{operation.pointer}/responses/{status}", node)
        if not answers:
            yield f"{operation.name} {operation.pointer}/responses/{status}: {status} was never answered; {_ADD}"
            continue
        for name in response.get("headers", {}).keys() - {name for each in answers for name in each.headers}:
            yield f"{operation.name} {pointer}/headers/{escaped(name)}: {name} was never sent with {status}; {_ADD}"
        for name in response.get("content", {}).keys() - {each.media_type for each in answers}:
            yield f"{operation.name} {pointer}/content/{escaped(name)}: {name} was never sent with {status}; {_ADD}"
    used = {name for each in seen if each.status.startswith("2") for name in each.parameters}
    for name in set(operation.parameters.values()) - used:
        yield f"{operation.name} {operation.pointer}/parameters: {name} was never sent with success; {_ADD}"


def table(document: Document, seen: set[Seen]) -> list[str]:
    """Return a line for each operation: + for a response that was seen, - for one that was not, and what came along."""
    every = [Operation.of(document, path, method) for path, method, _ in operations(document)]
    statuses = sorted({status for operation in every for status in operation.content["responses"]})
    width = max(len(operation.name) for operation in every)
    lines = [f"{'':{width}}  {' '.join(statuses)}  headers; parameters"]
    for operation in every:
        lines.append(f"{operation.name:{width}}  {_row(operation, statuses, _of(operation, seen))}")
    return lines


def _row(operation: Operation, statuses: list[str], seen: list[Seen]) -> str:
    answered = {each.status for each in seen}
    documented = operation.content["responses"]
    marks = [f" {'+' if status in answered else '-' if status in documented else ' '} " for status in statuses]
    headers = sorted({name for each in seen for name in each.headers})
    parameters = sorted({name for each in seen if each.status.startswith("2") for name in each.parameters})
    return f"{' '.join(marks)}  {', '.join(headers)}; {', '.join(parameters)}".rstrip("; ")
