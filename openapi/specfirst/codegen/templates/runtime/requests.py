"""The request that is being served, for code that does not get it as an argument."""

from contextvars import ContextVar

from starlette.requests import Request

served: ContextVar[Request] = ContextVar("served")
"""Set while an operation answers. Reset behind it: a task of the server may go on to another request."""


def current_request() -> Request:
    """Return the request that is being served: in a handler, in what it calls, and in tasks that it starts.

    Raises `LookupError` elsewhere. Routes and middleware beside the contract get the request as an argument.
    """
    try:
        return served.get()
    except LookupError:
        raise LookupError("current_request() is for operations of the contract, while they answer") from None
