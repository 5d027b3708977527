"""What a contract documents and no test has seen: statuses, headers, media types and parameters."""

from collections.abc import Iterator

from specfirst.conformance.validator import Seen
from specfirst.contract import json_pointer
from specfirst.contract.model import Contract, Operation

_ADD = "add a test that provokes it, or take it out of the contract"


def missing(contract: Contract, seen: set[Seen]) -> list[str]:
    """Return what the contract documents and no test has seen, and how to fix it."""
    return [
        line
        for operation in contract.operations
        for line in _missing(operation, _of(operation, seen))
    ]


def _of(operation: Operation, seen: set[Seen]) -> list[Seen]:
    return [each for each in seen if each.operation == operation.id]


def _missing(operation: Operation, seen: list[Seen]) -> Iterator[str]:
    for pointer, detail in unseen_responses(operation, seen):
        yield f"{operation.id} {pointer}: {detail}; {_ADD}"
    used = {name for each in seen if each.status.startswith("2") for name in each.parameters}
    for name in {each.name for each in operation.parameters} - used:
        yield (
            f"{operation.id} {operation.pointer}/parameters: {name} was never sent with success; "
            f"{_ADD}"
        )


def unseen_responses(operation: Operation, seen: list[Seen]) -> Iterator[tuple[str, str]]:
    """Yield the pointers of documented statuses, headers and media types that none of these has."""
    for status, response in operation.responses.items():
        answers = [each for each in seen if each.status == status]
        if not answers:
            yield response.place, f"{status} was never answered"
            continue
        sent = {
            "headers": {name for each in answers for name in each.headers},
            "content": {each.media_type for each in answers},
        }
        for keyword, names in sent.items():
            for name in response.raw.get(keyword, {}).keys() - names:
                place = json_pointer.join(response.pointer, keyword, name)
                yield place, f"{name} was never sent with {status}"


def table(contract: Contract, seen: set[Seen]) -> list[str]:
    """Return a line for each operation: + for a response that was seen, - for one that was not."""
    statuses = sorted(
        {status for operation in contract.operations for status in operation.responses}
    )
    width = max(len(operation.id) for operation in contract.operations)
    lines = [f"{'':{width}}  {' '.join(statuses)}  headers; parameters"]
    for operation in contract.operations:
        lines.append(f"{operation.id:{width}}  {_row(operation, statuses, _of(operation, seen))}")
    return lines


def _row(operation: Operation, statuses: list[str], seen: list[Seen]) -> str:
    answered = {each.status for each in seen}
    documented = operation.responses
    marks = [
        f" {'+' if status in answered else '-' if status in documented else ' '} "
        for status in statuses
    ]
    headers = sorted({name for each in seen for name in each.headers})
    parameters = sorted(
        {name for each in seen if each.status.startswith("2") for name in each.parameters}
    )
    return f"{' '.join(marks)}  {', '.join(headers)}; {', '.join(parameters)}".rstrip("; ")
