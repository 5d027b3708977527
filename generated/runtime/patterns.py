# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Patterns of JSON Schema, which are those of ECMA-262 with the flag `u` (Core, section 6.4).

They run on pydantic-core's engine, which takes linear time, or on Python's `re` where they have
look-around or refer to groups. Both engines read some of it otherwise: `\\d` has the digits of all
scripts there, and for Python `$` matches before a line feed at the end. So patterns are translated.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, SchemaError

# ECMA-262, sections 12.2 and 12.3: white space and line terminators.
_SPACE = r"\t\n\x0B\x0C\r \xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF"
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": _SPACE}
_CONTROLS = "tnvfr"
_ANY_BUT_LINE_ENDS = r"[^\n\r\u2028\u2029]"

_TOKEN = re.compile(
    r"""\\(?:
        c(?P<control>[A-Za-z])
      | x(?P<byte>[0-9A-Fa-f]{2})
      | u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})
      | u(?P<unit>[0-9A-Fa-f]{4})
      | u\{(?P<point>[0-9A-Fa-f]+)\}
      | (?P<negated>[pP])\{(?P<property>[^}]*)\}
      | k<(?P<reference>[^>]+)>
      | (?P<number>[1-9][0-9]*)
      | (?P<escaped>.)
    )
    | \(\?<(?P<group>[^=!>][^>]*)>
    | (?P<class>\[\^?)
    | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


def is_same(pattern: str) -> bool:
    """Tell whether pydantic-core's engine reads a pattern as ECMA-262 does, as it stands."""
    try:
        return for_pydantic(pattern) == pattern and _is_supported(pattern)
    except re.error:
        return False


def check(pattern: str) -> None:
    """Raise `re.error` for a pattern that neither engine supports."""
    _search(pattern)


def matches(pattern: str) -> AfterValidator:
    """Check a `pattern` of text that pydantic-core's engine would read otherwise."""
    return AfterValidator(_checked(pattern))


def text_matches(pattern: str) -> BeforeValidator:
    """Check a `pattern` of a string that has its own type in Python, such as a date."""
    check = _checked(pattern)
    return BeforeValidator(lambda value: check(value) if isinstance(value, str) else value)


def _checked(pattern: str) -> Callable[[str], str]:
    search = _search(pattern)

    def check(value: str) -> str:
        if search(value):
            return value
        raise PydanticCustomError(
            "string_pattern_mismatch", "Must match the pattern {pattern}", {"pattern": pattern}
        )

    return check


@cache
def _search(pattern: str) -> Callable[[str], object]:
    """Return a function that tells whether a text has a match. Raises `re.error`."""
    translated = for_pydantic(pattern)
    if not _is_supported(translated):
        return re.compile(for_python(pattern)).search
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=translated)])

    def search(value: str) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return search


def _is_supported(pattern: str) -> bool:
    try:
        TypeAdapter(Annotated[str, Field(pattern=pattern)])
    except SchemaError:
        return False
    return True


def for_pydantic(pattern: str) -> str:
    """Return a pattern as the regular expressions of Rust have it. Raises `re.error`."""
    return "".join(_translated(pattern, is_python=False))


def for_python(pattern: str) -> str:
    """Return a pattern as Python has it. Raises `re.error`."""
    return "".join(_translated(pattern, is_python=True))


def _translated(pattern: str, *, is_python: bool) -> Iterator[str]:
    position = 0
    while token := _TOKEN.match(pattern, position):
        position = token.end()
        kind, text = str(token.lastgroup), token[0]
        if kind == "class":
            position, content = _class(pattern, position, is_python=is_python)
            yield _whole_class(text, content, is_python=is_python)
        elif kind == "plain":
            yield {"$": r"\Z" if is_python else "$", ".": _ANY_BUT_LINE_ENDS}.get(text, text)
        elif kind == "group":
            yield f"(?P<{token['group']}>" if is_python else text
        elif kind == "reference":
            yield f"(?P={token['reference']})" if is_python else text
        elif kind == "number":
            yield text
        elif kind == "property" or token["escaped"] in (*_CLASSES, "D", "W", "S"):
            letter = token["escaped"]
            if letter in _CLASSES:
                yield f"[{_CLASSES[letter]}]"
            elif letter:
                yield f"[^{_CLASSES[letter.lower()]}]"
            else:
                yield _property(token, is_python=is_python, is_in_class=False)
        elif token["escaped"] in ("b", "B"):
            yield rf"(?a:{text})" if is_python else rf"(?-u:{text})"
        else:
            yield _literal(token)
    if position < len(pattern):
        raise re.error("ends in the middle of an escape", pattern, position)


def _class(pattern: str, position: int, *, is_python: bool) -> tuple[int, list[str]]:
    """Return where a class ends that begins before a position, and its translated parts."""
    parts: list[str] = []
    while token := _TOKEN.match(pattern, position):
        last, position = pattern[token.start() - 1], token.end()
        text, letter = token[0], token["escaped"]
        if text == "]":
            return position, parts
        if token["class"] is not None or token["group"] is not None:
            position = token.start() + 1  # `[` and `(` are themselves here
            parts.append("\\" + pattern[token.start()])
        elif token["plain"] is not None:
            is_set_operator = text in "&~|" and text in (pattern[position : position + 1], last)
            parts.append(f"\\{text}" if is_set_operator else text)
        elif letter in _CLASSES:
            parts.append(_CLASSES[letter])
        elif letter in ("D", "W", "S"):
            own = _CLASSES[letter.lower()]
            parts.append(_complement(own) if is_python else f"[^{own}]")
        elif token["property"] is not None:
            parts.append(_property(token, is_python=is_python, is_in_class=True))
        else:
            parts.append(r"\x08" if letter == "b" else _literal(token))
    raise re.error("a class does not end", pattern, position)


def _whole_class(opening: str, content: list[str], *, is_python: bool) -> str:
    if content:
        return f"{opening}{''.join(content)}]"
    if opening == "[^":
        return r"[\s\S]"
    return "(?!)" if is_python else r"[^\x00-\x{10FFFF}]"


def _literal(token: re.Match[str]) -> str:
    """Return a character that is written as an escape."""
    text, letter = token[0], token["escaped"] or ""
    if token["control"]:
        return rf"\x{ord(token['control']) % 32:02X}"
    if token["high"]:
        high, low = int(token["high"], 16) - 0xD800, int(token["low"], 16) - 0xDC00
        return chr(0x10000 + (high << 10) + low)
    if token["point"]:
        return re.escape(chr(int(token["point"], 16)))
    if letter == "0":
        return r"\x00"
    if letter in ("<", ">"):  # for Rust, the boundaries of words
        return letter
    if letter.isalnum() and letter not in _CONTROLS:
        raise re.error(f"{text} is no escape of ECMA-262")
    return text


# --- Properties of characters ---


def _property(token: re.Match[str], *, is_python: bool, is_in_class: bool) -> str:
    if not is_python:
        return token[0]
    ranges = _ranges(token["property"].rpartition("=")[2], token["property"])
    if token["negated"] == "P":
        ranges = _complement(ranges)
    return ranges if is_in_class else f"[{ranges}]"


@cache
def _ranges(category: str, name: str) -> str:
    """Return the characters of a general category as the content of a class.

    Raises `re.error` for other properties, such as scripts.
    """
    wanted = _CATEGORIES.get(category, category)
    if "=" in name and not name.startswith(("gc=", "General_Category=")):
        raise re.error(f"\\p{{{name}}} cannot be combined with look-around")
    found = _spans(lambda each: unicodedata.category(each).startswith(wanted))
    if not found:
        raise re.error(f"\\p{{{name}}} cannot be combined with look-around")
    return found


def _complement(content: str) -> str:
    inside = re.compile(f"[{content}]")
    return _spans(lambda each: not inside.match(each))


def _spans(holds: Callable[[str], bool]) -> str:
    """Return the characters for which something holds, as the content of a class."""
    spans: list[tuple[int, int]] = []
    for point in range(sys.maxunicode + 1):
        if holds(chr(point)):
            if spans and spans[-1][1] == point - 1:
                spans[-1] = spans[-1][0], point
            else:
                spans.append((point, point))
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in spans)


_CATEGORIES = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Symbol": "S",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Other": "C",
    "Control": "Cc",
}
"""Long names of general categories (Unicode, PropertyValueAliases.txt)."""
