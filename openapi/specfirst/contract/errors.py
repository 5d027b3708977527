"""What the readers of a contract raise."""


class UnsupportedContract(Exception):
    """A document cannot be read or served: the JSON Pointer, what is wrong and how to fix it."""
