"""Parameters: finding, decoding and checking them."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from pydantic import TypeAdapter

from .error_texts import sentence
from .json import integral, parse_json
from .paths import percent_decoded
from .rejections import ErrorDetail, Location, RequestRejected, escaped, malformed, pointer_of
from .validation import validated

_INTEGER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_MOST_FIELDS = 1000

Decoder = Callable[[str], object]


def text(value: str) -> object:
    """Leave a parameter as it is."""
    return value


def integer(value: str) -> object:
    """Decode a parameter as an integer; anything else stays text, so that validation reports it."""
    return integral(value) if _INTEGER.fullmatch(value) else value


def number(value: str) -> object:
    """Decode a parameter as a number."""
    return float(value) if _NUMBER.fullmatch(value) else value


def boolean(value: str) -> object:
    """Decode a parameter as a boolean: `true` or `false`."""
    return {"true": True, "false": False}.get(value, value)


def json_text(value: str) -> object:
    """Decode a parameter with JSON in it."""
    try:
        return parse_json(value.encode("utf-8", "surrogatepass"))
    except RequestRejected:
        return value


def from_path(decode: Decoder) -> Decoder:
    """Decode a value of a path: percent-encoding first, then with `decode`."""
    return lambda value: decode(percent_decoded(value))


def from_query(decode: Decoder) -> Decoder:
    """Decode an item of a value of the query, after a plain comma has separated it."""

    def decode_item(value: str) -> object:
        return decode(unquote(value.replace("+", " "), errors="strict"))

    return decode_item


def prefixed(start: str, decode: Decoder) -> Decoder:
    """Decode a value of a path that begins with a text, in the styles `label` and `matrix`.

    Raises `ValueError` for one that does not.
    """

    def decode_rest(value: str) -> object:
        if not value.startswith(start):
            raise ValueError(value)
        return decode(value[len(start) :])

    return decode_rest


def listed(decode: Decoder, separator: str) -> Decoder:
    """Decode an array in one text."""
    return lambda value: [decode(item) for item in value.split(separator)]


def pairs(
    members: Mapping[str, Decoder],
    others: Decoder,
    *,
    exploded: bool,
    names: Callable[[str], str] = str,
    separator: str = ",",
) -> Decoder:
    """Decode an object in one text: `a,1,b,2`, or `a=1,b=2` if exploded.

    `names` decodes the names.
    """

    def decode_all(value: str) -> object:
        words = value.split(separator)
        if exploded:
            words = [word for each in words for word in each.split("=", 1)]
        if len(words) % 2:
            return value
        given = zip(map(names, words[::2]), words[1::2], strict=True)
        return {name: members.get(name, others)(text) for name, text in given}

    return decode_all


class Parameter:
    """A parameter: how to find it, decode it and check it.

    With `separator` it is an array whose items have that between them; with an empty one the
    parameter is repeated. With `members` it is an object: for each name in the request the property
    and its decoder. `others` decodes further properties, written as `name[property]`. An `encoded`
    one decodes percent-encoding itself, after it has separated the items. If it `allows_empty`, an
    empty value is none.
    """

    def __init__(
        self,
        name: str,
        *,
        location: Location,
        type: Any,
        argument: str | None = None,
        decode: Decoder = text,
        separator: str | None = None,
        members: Mapping[str, tuple[str, Any]] | None = None,
        others: Decoder | None = None,
        required: bool = False,
        default: object = None,
        encoded: bool = False,
        allows_empty: bool = False,
    ) -> None:
        self.name = name
        self.is_encoded = encoded
        self.location: Location = location
        self.argument = argument or name
        single = [name.lower() if location == "header" else name]
        self.wire_names = (
            single if members is None else [*members, *([f"{name}[*]"] if others else [])]
        )
        self.repeats = separator == ""
        self.repeated = {
            wire for wire, (_, each) in (members or {}).items() if hasattr(each, "takes_many")
        }
        self._allows_empty = allows_empty
        self._decode = decode
        self._separator = separator
        self._members = members
        self._others = others
        self._required = required
        self._adapter: TypeAdapter[Any] = TypeAdapter(type)
        self._default = None if default is None else self._adapter.validate_python(default)
        self._pointer = f"/{escaped(name)}"

    def read(self, values: Mapping[str, Sequence[str]], errors: list[ErrorDetail]) -> object:
        """Return the validated value, or append to `errors`."""
        try:
            value = self._decoded(values)
        except ValueError:
            errors.append(
                ErrorDetail(self.location, self._pointer, "malformed", "Not percent-encoded UTF-8")
            )
            return None
        if value is not None:
            return validated(self._adapter, value, self.location, self._pointer, errors)
        if self._required:
            errors.append(
                ErrorDetail(self.location, self._pointer, "required", sentence("required"))
            )
        return self._default

    def _decoded(self, values: Mapping[str, Sequence[str]]) -> object:
        if self._members is not None:
            return self._object(self._members, values) or None
        given = values.get(self.wire_names[0])
        if given is None or (self._allows_empty and not any(given)):
            return None
        if self._separator is None:
            return self._decode(given[0])
        items = given if self.repeats else given[0].split(self._separator)
        if self.location == "header":  # RFC 9110, section 5.6.1: spaces may surround the commas
            items = [item.strip(" \t") for item in items]
        return [self._decode(item) for item in items]

    def _object(
        self, members: Mapping[str, tuple[str, Any]], values: Mapping[str, Sequence[str]]
    ) -> dict[str, object]:
        found = {
            key: decode(values[wire] if wire in self.repeated else values[wire][0])
            for wire, (key, decode) in members.items()
            if wire in values
        }
        if self._others:
            start = f"{self.name}["
            further = [
                wire
                for wire in values
                if wire not in members and wire.startswith(start) and wire[-1] == "]"
            ]
            found |= {wire[len(start) : -1]: self._others(values[wire][0]) for wire in further}
        return found


def query_values(
    query: bytes, known: Mapping[str, bool], encoded: Collection[str] = ()
) -> dict[str, list[str]]:
    """Return the values of each query parameter, those of `encoded` ones as they were sent.

    `known` has the declared ones, and whether each may be repeated.
    """
    values: dict[str, list[str]] = {}
    wrong: list[ErrorDetail] = []
    for name, value in form_pairs(query, "query", "query", encoded) if query else ():
        word = name if name in known or not name.endswith("]") else f"{name.partition('[')[0]}[*]"
        if word not in known:
            wrong.append(ErrorDetail("query", pointer_of(name), "unknown", "Unknown parameter"))
        elif name in values and not known[word]:
            wrong.append(ErrorDetail("query", pointer_of(name), "repeated", "Repeated parameter"))
        values.setdefault(name, []).append(value)
    if wrong:
        raise RequestRejected(
            400, "The query has parameters that are unknown or repeated.", errors=wrong[:100]
        )
    return values


def form_pairs(
    raw: bytes, part: str, location: Location, encoded: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Parse a urlencoded form into names and values (WHATWG URL, section 5.1).

    The values of `encoded` names stay as they are. Raises `RequestRejected` (400).
    """
    try:
        text = raw.decode("ascii")
        if (
            len(text) < _MOST_FIELDS and "%" not in text and "+" not in text
        ):  # nothing to decode: most queries
            return [
                (name, value)
                for name, _, value in (field.partition("=") for field in text.split("&") if field)
            ]
        found = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
        if not encoded:
            return found
        fields = (field.partition("=")[2] for field in text.split("&") if field)
        return [
            (name, sent if name in encoded else value)
            for (name, value), sent in zip(found, fields, strict=True)
        ]
    except ValueError:
        what = "not percent-encoded UTF-8, or has too many fields"
        raise malformed(
            f"The {part} is {what}.",
            "Not percent-encoded UTF-8, or too many fields",
            location=location,
        ) from None
