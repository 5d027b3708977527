"""Formats of strings that stay the text that was sent (JSON Schema 2020-12, Validation, 7.3).

They are checked by `jsonschema-rs`, as a validator of JSON Schema with format assertion does. Only
contracts that have one of these formats need the library at run time.
"""

from typing import Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

FORMATS = (
    *("time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "iri", "iri-reference", "uri-template"),
    *("json-pointer", "relative-json-pointer", "regex"),
)
"""The formats that are checked here; dates, times with a date and UUIDs have Python types."""


def text_format(name: str) -> AfterValidator:
    """Check the `format` of text. Raises `ImportError` without `jsonschema-rs`."""
    is_valid = _validator(name).is_valid

    def check(value: str) -> str:
        if is_valid(value):
            return value
        raise PydanticCustomError("format", "Must have the format {format}", {"format": name})

    return AfterValidator(check)


def _validator(name: str) -> Any:
    try:
        from jsonschema_rs import Draft202012Validator
    except ImportError:
        raise ImportError(
            f"the contract has text with `format: {name}`, which jsonschema-rs checks: install it"
        ) from None
    return Draft202012Validator({"format": name}, validate_formats=True)
