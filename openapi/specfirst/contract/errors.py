"""What the readers of a contract raise."""

from collections.abc import Callable
from typing import Self


class UnsupportedContract(Exception):
    """A document cannot be read or served: the JSON Pointer, what is wrong and how to fix it."""

    location = ""
    """The file and line of the pointer, if they are known."""

    @property
    def pointer(self) -> str:
        """The JSON Pointer with which the message begins, or "" without one."""
        pointer = str(self).partition(": ")[0]
        return pointer if pointer.startswith("/") else ""

    def at(self, locate: Callable[[str], str]) -> Self:
        """Add file and line, unless they are there."""
        if self.pointer and not self.location:
            self.location = locate(self.pointer)
        return self
