"""The interfaces that an application implements."""

import inspect
from abc import ABC
from typing import Self

from .rejections import RequestRejected


class NotWritten(RequestRejected):
    """An operation in the contract that is not implemented yet: the response is 501."""

    def __init__(self, name: str) -> None:
        super().__init__(501, f"The operation {name} is not written yet.")


class IncompleteHandlers(TypeError):
    """A handler class lacks operations; the message has their signatures."""


class Handlers(ABC):  # noqa: B024 - the operations of its subclasses are abstract
    """Base of the generated interfaces: an application that lacks an operation does not start."""

    def __new__(cls, *_: object, **__: object) -> Self:
        """Raises `IncompleteHandlers`."""
        if missing := sorted(cls.__abstractmethods__):
            sources = [
                inspect.getsource(getattr(cls, name)).replace("    @abstractmethod\n", "")
                for name in missing
            ]
            place = f"{cls.__module__}.{cls.__qualname__}"
            raise IncompleteHandlers(
                f"{place} lacks {', '.join(missing)}. Write:\n\n" + "\n".join(sources)
            )
        return super().__new__(cls)
