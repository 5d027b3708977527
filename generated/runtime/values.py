# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Models, and the types of their members that Python and Pydantic do not have."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, TypeAdapter
from pydantic_core import PydanticCustomError, to_json


class Model(BaseModel):
    """Base of all generated models: Python names in code, the contract's names on the wire."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True, protected_namespaces=()
    )


# RFC 3339, section 5.6. Pydantic alone also takes numbers and numeric strings for times.
_RFC3339_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_RFC3339_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _date_time(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339_TIME.fullmatch(value)):
        return value
    raise PydanticCustomError("date_time", "Input should be a date and time as in RFC 3339")


def _date(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _RFC3339_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("date", "Input should be a date as in RFC 3339")


DateTime = Annotated[AwareDatetime, BeforeValidator(_date_time)]
"""`format: date-time`; in code an aware `datetime`."""
Date = Annotated[date, BeforeValidator(_date)]
"""`format: date`; in code a `date`."""


def _unique(items: list[Any]) -> list[Any]:
    seen = [to_json(item) for item in items]
    if len({*seen}) < len(seen):
        raise PydanticCustomError("unique_items", "Items should be unique")
    return items


Unique = AfterValidator(_unique)
"""`uniqueItems: true`."""


def matches(pattern: str) -> AfterValidator:
    """Check a `pattern` with look-around, which pydantic-core's engine does not take."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.search(value):
            return value
        raise PydanticCustomError("string_pattern_mismatch", "String should match the pattern of the contract")

    return AfterValidator(check)


def one_of(*values: object) -> AfterValidator:
    """Check an `enum` whose values are no literals in Python: numbers with a fraction, arrays, objects."""

    def check(value: object) -> object:
        if any(type(value) is type(allowed) and value == allowed for allowed in values):
            return value
        raise PydanticCustomError("enum", "Input should be one of the values of the contract")

    return AfterValidator(check)


def counted(value: object, *, minimum: int = 0, maximum: int | None = None) -> object:
    """Check `minProperties` and `maxProperties` of an object."""
    count = len(value) if isinstance(value, dict) else minimum
    if count < minimum or (maximum is not None and count > maximum):
        most = "" if maximum is None else f", at most {maximum}"
        raise PydanticCustomError("member_count", f"Object should have at least {minimum} members{most}")
    return value


def discriminator(member: str, mapping: Mapping[str, str]) -> Callable[[object], str | None]:
    """Return what tells the schema of a value by its discriminator, as `mapping` has it."""

    def tag(value: object) -> str | None:
        if isinstance(value, dict):
            return mapping.get(str(value.get(member)))
        return type(value).__name__

    return tag


def parsed(type: Any, value: object) -> Any:
    """Return a default of the contract as the type that it has in Python."""
    return TypeAdapter(type).validate_python(value)
