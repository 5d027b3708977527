"""Error codes and messages in the terms of JSON and OpenAPI.

pydantic-core's messages are about Python: dictionaries, instances, class names. None of them reach
a client. `ERROR_TEXTS` maps its errors and those of `values` to our codes; a message follows from
the code and the limits.
"""

import ast
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import ErrorDetails

CODES: Mapping[str, str] = {
    "required": "A property, parameter or body that is required is missing.",
    "unknown": "The contract has no such property or parameter.",
    "repeated": "A property or parameter is given more than once.",
    "wrong_type": "The value has another JSON type than one of `types`.",
    "not_in_enum": "The value is none of `values`.",
    "too_short": "A string is shorter than `min_length`.",
    "too_long": "A string is longer than `max_length`.",
    "wrong_pattern": "A string does not match `pattern`.",
    "wrong_format": "A string does not have the format `format`.",
    "too_small": "A number is less than `minimum`, or not greater than `exclusive_minimum`.",
    "too_large": "A number is greater than `maximum`, or not less than `exclusive_maximum`.",
    "not_a_multiple": "A number is no multiple of `multiple_of`.",
    "too_few_items": "An array has fewer items than `min_items`.",
    "too_many_items": "An array has more items than `max_items`.",
    "not_unique": "An array has two equal items.",
    "too_few_properties": "An object has fewer properties than `min_properties`.",
    "too_many_properties": "An object has more properties than `max_properties`.",
    "no_match": "The value matches none of several alternatives, each for another reason.",
    "malformed": (
        "The text is not what it should be: not Unicode, not JSON, not percent-encoded UTF-8."
    ),
    "too_deep": "Arrays and objects are nested too deeply.",
    "invalid": "The value is not allowed for a reason that has no code of its own.",
    "too_many_errors": "There are too many errors to list them.",
}
"""The error codes with their meanings. A code never changes its meaning; new ones may be added."""

LIMITS = (
    "types",
    "values",
    "min_length",
    "max_length",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusive_minimum",
    "exclusive_maximum",
    "multiple_of",
    "min_items",
    "max_items",
    "min_properties",
    "max_properties",
)
"""The names of limits, which are what the contract says at the place of an error."""

Limits = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error of pydantic-core means: our code, fixed limits, and limits from its context."""

    code: str
    known: Limits = field(default_factory=dict)
    in_context: Mapping[str, str] = field(default_factory=dict)

    def limits(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the limits that the contract sets at the place of the error."""
        read = {
            name: _as_json(context[key]) for name, key in self.in_context.items() if key in context
        }
        return {**self.known, **read}


_BY_TYPE = {
    "object": "model_type model_attributes_type dataclass_type dataclass_exact_type"
    " named_tuple_type dict_type frozen_dict_type ordered_dict_type counter_type mapping_type"
    " arguments_type",
    "array": "list_type tuple_type set_type frozen_set_type deque_type iterable_type"
    " iteration_error",
    "string": "string_type bytes_type",
    "integer": "int_type int_parsing int_from_float",
    "number": "float_type float_parsing decimal_type decimal_parsing fraction_type"
    " fraction_parsing complex_type complex_str_parsing",
    "boolean": "bool_type bool_parsing",
    "null": "none_required",
}
_BY_FORMAT = {
    "date-time": "date_time datetime_type datetime_parsing datetime_object_invalid"
    " datetime_from_date_parsing timezone_naive timezone_aware timezone_offset",
    "date": "date date_type date_parsing date_from_datetime_parsing date_from_datetime_inexact",
    "time": "time_type time_parsing",
    "duration": "time_delta_type time_delta_parsing",
    "uuid": "uuid_type uuid_parsing uuid_version",
    "uri": "url_type url_parsing url_syntax_violation url_scheme",
}
_BY_CODE = {
    "required": "missing missing_argument missing_keyword_only_argument"
    " missing_positional_only_argument",
    "unknown": "extra_forbidden unexpected_keyword_argument unexpected_positional_argument",
    "repeated": "multiple_argument_values",
    "malformed": "string_unicode bytes_invalid_encoding json_invalid json_type",
    "too_deep": "recursion_loop recursion_depth_exceeded",
    "too_large": "finite_number int_parsing_size",
    "not_unique": "unique_items",
    "no_match": "union_tag_invalid union_tag_not_found",
    "invalid": "value_error assertion_error string_not_ascii invalid_key no_such_attribute"
    " get_attribute_error needs_python_object frozen_field frozen_instance"
    " default_factory_not_called set_item_not_hashable missing_sentinel_error ellipsis_error"
    " date_past date_future datetime_past datetime_future is_instance_of is_subclass_of"
    " callable_type decimal_max_digits decimal_max_places decimal_whole_digits",
}
_WITH_LIMITS = {
    "string_too_short": ErrorText("too_short", in_context={"min_length": "min_length"}),
    "bytes_too_short": ErrorText("too_short", in_context={"min_length": "min_length"}),
    "string_too_long": ErrorText("too_long", in_context={"max_length": "max_length"}),
    "bytes_too_long": ErrorText("too_long", in_context={"max_length": "max_length"}),
    "url_too_long": ErrorText("too_long", in_context={"max_length": "max_length"}),
    "string_pattern_mismatch": ErrorText("wrong_pattern", in_context={"pattern": "pattern"}),
    "greater_than": ErrorText("too_small", in_context={"exclusive_minimum": "gt"}),
    "greater_than_equal": ErrorText("too_small", in_context={"minimum": "ge"}),
    "less_than": ErrorText("too_large", in_context={"exclusive_maximum": "lt"}),
    "less_than_equal": ErrorText("too_large", in_context={"maximum": "le"}),
    "multiple_of": ErrorText("not_a_multiple", in_context={"multiple_of": "multiple_of"}),
    "too_short": ErrorText("too_few_items", in_context={"min_items": "min_length"}),
    "too_long": ErrorText("too_many_items", in_context={"max_items": "max_length"}),
    "too_few_properties": ErrorText(
        "too_few_properties", in_context={"min_properties": "min_properties"}
    ),
    "too_many_properties": ErrorText(
        "too_many_properties", in_context={"max_properties": "max_properties"}
    ),
    "format": ErrorText("wrong_format", in_context={"format": "format"}),
    "literal_error": ErrorText("not_in_enum", in_context={"values": "values"}),
    "enum": ErrorText("not_in_enum", in_context={"values": "values"}),
}
_COUNTED = {
    "too_short": ErrorText("too_few_properties", in_context={"min_properties": "min_length"}),
    "too_long": ErrorText("too_many_properties", in_context={"max_properties": "max_length"}),
}
"""Errors with the same name for arrays and objects in pydantic-core."""


def _error_texts() -> Iterator[tuple[str, ErrorText]]:
    yield from _WITH_LIMITS.items()
    for code, errors in _BY_CODE.items():
        yield from ((error, ErrorText(code)) for error in errors.split())
    for kind, errors in _BY_TYPE.items():
        yield from ((error, ErrorText("wrong_type", {"types": [kind]})) for error in errors.split())
    for name, errors in _BY_FORMAT.items():
        yield from (
            (error, ErrorText("wrong_format", {"format": name})) for error in errors.split()
        )


ERROR_TEXTS: Mapping[str, ErrorText] = dict(_error_texts())


def meaning(error: ErrorDetails) -> tuple[str, str, Limits]:
    """Return the code, the message and the limits of an error. None of them quotes the value."""
    type_, given, context = error["type"], error["input"], error.get("ctx", {})
    text = ERROR_TEXTS.get(type_, ErrorText("invalid"))
    if isinstance(given, dict):
        text = _COUNTED.get(type_, text)
    if text.code == "wrong_format" and not isinstance(given, str):
        text = ERROR_TEXTS["string_type"]
    if text.code == "wrong_type" and (beyond := _beyond(text.known["types"], given)):
        return beyond, sentence(beyond), {}
    limits = text.limits({"values": _enumerated(context.get("expected", "")), **context})
    limits = {name: limit for name, limit in limits.items() if limit not in (None, [])}
    return text.code, _detail(text.code, limits, given, context), limits


def _detail(code: str, limits: Limits, given: object, context: Mapping[str, Any]) -> str:
    if code == "wrong_pattern" and "excluded" in context:
        return f"Must not contain {context['excluded']}"
    detail = sentence(code, limits)
    return detail.replace("character", "byte") if isinstance(given, bytes) else detail


def _beyond(types: list[str], given: object) -> str | None:
    """Return the code for a number that has the right type but is too large for Python's types."""
    if (
        isinstance(given, bool)
        or not isinstance(given, int | float)
        or not {"integer", "number"} & {*types}
    ):
        return None
    huge = math.isinf(given) if isinstance(given, float) else abs(given) >= 10**308
    return ("too_large" if given > 0 else "too_small") if huge else None


_LITERAL = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+|True|False|None)(?:, | or |$)""", re.DOTALL
)


def _enumerated(expected: str) -> list[object]:
    """Return the values of an `enum`, which pydantic-core writes like `'a', 'b' or 3`."""
    found = list(_LITERAL.finditer(expected))
    return (
        [ast.literal_eval(each[1]) for each in found]
        if "".join(each[0] for each in found) == expected
        else []
    )


def _as_json(value: object) -> object:
    """Return a limit as in the contract: pydantic-core turns the bound 1 of a number into `1.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_COUNTS = {
    "min_length": ("at least", "character", "characters"),
    "max_length": ("at most", "character", "characters"),
    "min_items": ("at least", "item", "items"),
    "max_items": ("at most", "item", "items"),
    "min_properties": ("at least", "property", "properties"),
    "max_properties": ("at most", "property", "properties"),
}
_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusive_minimum": "greater than",
    "exclusive_maximum": "less than",
    "multiple_of": "a multiple of",
}
_PLAIN = {
    "required": "Required",
    "unknown": "Unknown property",
    "repeated": "Repeated property",
    "not_unique": "Must not have equal items",
    "no_match": "Must match one of the alternatives",
    "malformed": "Must be Unicode without lone surrogates",
    "too_deep": "Nested too deeply",
    "too_small": "Must be a larger number",
    "too_large": "Must be a smaller number",
}
_FORMATS = {
    "date-time": "a date-time as in RFC 3339",
    "date": "a date as in RFC 3339",
    "time": "a time as in RFC 3339",
    "duration": "a duration as in RFC 3339, appendix A",
    "uuid": "a UUID as in RFC 9562",
    "uri": "a URI as in RFC 3986",
    "uri-reference": "a URI reference as in RFC 3986",
    "email": "an email address as in RFC 5321",
    "hostname": "a host name as in RFC 1123",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address as in RFC 4291",
}


def sentence(code: str, limits: Limits | None = None) -> str:
    """Return the message for a code and its limits."""
    match limits:
        case {"types": kinds}:
            return f"Must be {_either(map(_with_article, kinds))}"
        case {"values": [value]}:
            return f"Must be {_value(value)}"
        case {"values": values}:
            return f"Must be one of: {', '.join(map(_value, values))}"
        case {"format": name}:
            return f"Must be {_FORMATS.get(name) or f'text of the format {name}'}"
        case {"pattern": pattern}:
            return f"Must match the pattern {pattern}"
        case _:
            pass
    for name, limit in (limits or {}).items():
        if name in _BOUNDS:
            return f"Must be {_BOUNDS[name]} {limit}"
        if name in _COUNTS:
            bound, one, many = _COUNTS[name]
            return f"Must have {bound} {limit} {one if limit == 1 else many}"
    return _PLAIN.get(code, "Must be a value that the contract allows")


def _with_article(kind: str) -> str:
    return kind if kind == "null" else f"{'an' if kind[0] in 'aio' else 'a'} {kind}"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _value(value: object) -> str:
    """Return a value for a message: a string without quotes unless it needs them."""
    return (
        value
        if isinstance(value, str) and re.fullmatch(r"[\w.:/+-]+", value)
        else json.dumps(value)
    )
