"""Words that have no place in error messages: those of Python and Pydantic, names of classes."""

import builtins
import re
from typing import get_args

from pydantic_core.core_schema import CoreSchemaType

_PLAIN = set(
    "bytes format object property range map filter type all any min max open next help input sum"
    " round hash id print copyright credits license exit quit set sorted reversed date time url"
    " uuid union model json date-time none slice".split()
)
"""Names of Python that are English, or words of JSON Schema, as well."""

_FOREIGN = {
    *(name for name in dir(builtins) if name.islower() and not name.startswith("_")),
    *(name for name in get_args(CoreSchemaType)),
    *"dictionary instance tuple iterable sentinel timedelta datetime keyword argument".split(),
    *"pydantic python discriminator tag attribute mapping dataclass frozenset NoneType".split(),
} - _PLAIN

_OTHER = re.compile(
    r"Input should|Field required|[Vv]alidation|\w+\[|\(\)|'|\w*Error\b"
    r"|[a-z]\w*[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*"
)


def foreign_words(text: str) -> set[str]:
    """Return the words of a text that are not of JSON, OpenAPI or plain English."""
    words = {*re.findall(r"[A-Za-z_]+", text)}
    return (words & _FOREIGN) | {*_OTHER.findall(text)}
