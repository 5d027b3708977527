"""What the readers of a contract raise."""


class UnsupportedContract(Exception):
    """Something in the document cannot be read or served: the JSON Pointer, what is wrong, what to
    do.
    """
