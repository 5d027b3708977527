# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The current request, for code that does not get it as an argument."""

from contextvars import ContextVar

from starlette.requests import Request

served: ContextVar[Request] = ContextVar("served")
"""Set while an operation runs, and reset afterwards: the server's task may go on to another
request.
"""


def current_request() -> Request:
    """Return the current request: in a handler, in what it calls, and in tasks that it starts.

    Raises `LookupError` elsewhere. Other routes and middleware get the request as an argument.
    """
    try:
        return served.get()
    except LookupError:
        raise LookupError(
            "current_request() is for operations of the contract, while they answer"
        ) from None
