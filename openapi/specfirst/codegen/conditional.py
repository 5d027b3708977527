"""Conditional requests: what `If-Match`, and a 304 to `If-None-Match`, become in the code."""

from specfirst.codegen.bodies_and_responses import ResponseCode
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Operation


def if_match(operation: Operation) -> str:
    """Return whether an operation's `If-Match` is `required` or `optional`; "" if it has none."""
    parameter = operation.if_match
    return "" if parameter is None else "required" if parameter.required else "optional"


def not_modified(operation: Operation, responses: list[ResponseCode]) -> str:
    """Return the class of the 304 that the router answers with; "" if it does not.

    Raises `UnsupportedContract` if a success lacks the `ETag`, or another header, of the 304.
    """
    found = [each for each in responses if each.status == 304]
    if not (found and operation.is_revalidated):
        return ""
    [response] = found
    needed = {"etag": "ETag"} | {header.field: header.name for header in response.headers}
    for each in responses:
        is_success = each.status is not None and 200 <= each.status <= 299
        for field in needed.keys() - {header.field for header in each.headers}:
            if is_success:
                raise UnsupportedContract(
                    f"{operation.pointer}/responses/{each.status}/headers: lacks {needed[field]}, "
                    "which the 304 repeats (RFC 9110, section 15.4.5); document it"
                )
    return response.class_name
