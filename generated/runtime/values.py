# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The base class of models, and types and checks that Pydantic lacks."""

import json
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Annotated, Any, ClassVar, get_origin
from uuid import UUID

from pydantic import (
    AfterValidator,
    AllowInfNan,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    StrictFloat,
    StrictInt,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import (
    CoreSchema,
    PydanticCustomError,
    PydanticKnownError,
    to_jsonable_python,
)


class Model(BaseModel):
    """Base of all generated models: Python names in code, the contract's names on the wire."""

    model_config = ConfigDict(
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        protected_namespaces=(),
    )
    __plain__: ClassVar[bool] = False
    """Whether attributes can be serialized as they are: no aliases, and none optional."""
    __arrays__: ClassVar[tuple[str, ...]] = ()
    """The names of attributes that are arrays."""

    def __init_subclass__(cls, **config: Any) -> None:
        super().__init_subclass__(**config)
        cls.__plain__, cls.__arrays__ = False, ()  # until it is complete, which may be late

    @classmethod
    def __pydantic_on_complete__(cls) -> None:
        fields = cls.model_fields
        cls.__plain__ = cls.model_config.get("extra") != "allow" and all(
            field.is_required() and field.alias is None for field in fields.values()
        )
        cls.__arrays__ = tuple(
            name for name, field in fields.items() if get_origin(field.annotation) is list
        )


# RFC 3339, section 5.6. Pydantic alone also takes numbers and numeric strings for times.
_RFC3339_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_RFC3339_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

# RFC 9562, section 4. Python alone also takes braces, `urn:uuid:`, and hyphens anywhere.
_RFC9562_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _date_time(value: object, parse: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value  # pydantic-core would make an equal copy
    if isinstance(value, str) and _RFC3339_TIME.fullmatch(value):
        return parse(value)
    raise PydanticCustomError("date_time", "Must be a date-time as in RFC 3339")


def _date(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _RFC3339_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("date", "Must be a date as in RFC 3339")


def _uuid(value: object) -> object:
    if isinstance(value, UUID) or (isinstance(value, str) and _RFC9562_UUID.fullmatch(value)):
        return value
    raise PydanticCustomError("uuid_parsing", "Must be a UUID as in RFC 9562")


DateTime = Annotated[AwareDatetime, WrapValidator(_date_time)]
"""`format: date-time`; in code an aware `datetime`."""
Date = Annotated[date, BeforeValidator(_date)]
"""`format: date`; in code a `date`."""


def _finite(value: object) -> object:
    """Raise for a number that JSON can write and a double cannot hold, wherever it is inside."""
    inside = [value]
    for each in inside:
        if isinstance(each, float) and not isfinite(each):
            raise PydanticKnownError("finite_number")
        inside += each.values() if isinstance(each, dict) else each if type(each) is list else ()
    return value


Number = Annotated[StrictFloat, AllowInfNan(False)]
"""A number within the range of a double; in code a `float`."""
Anything = Annotated[Any, AfterValidator(_finite)]
"""Any JSON value."""
Uuid = Annotated[UUID, BeforeValidator(_uuid)]
"""`format: uuid`; in code a `UUID`."""
Int32 = Annotated[StrictInt, Field(ge=-(2**31), le=2**31 - 1)]
"""`format: int32`; in code an `int`."""
Int64 = Annotated[StrictInt, Field(ge=-(2**63), le=2**63 - 1)]
"""`format: int64`; in code an `int`."""


def _identity(value: object) -> str:
    """Return a text that is equal for equal values: 1 and 1.0, properties in any order.

    They are equal as JSON Schema compares them.
    """
    return json.dumps(_integral(to_jsonable_python(value)), sort_keys=True)


def _integral(value: object) -> object:
    match value:
        case dict():
            return {name: _integral(member) for name, member in value.items()}
        case list():
            return [_integral(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _unique(items: list[Any]) -> list[Any]:
    if len({_identity(item) for item in items}) < len(items):
        raise PydanticCustomError("unique_items", "Must not have equal items")
    return items


Unique = AfterValidator(_unique)
"""`uniqueItems: true`."""


def excludes(characters: str) -> AfterValidator:
    """Check a `pattern` that only excludes some characters."""
    names = ", ".join(f"U+{ord(character):04X}" for character in characters)
    escaped = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in characters)
    context = {"excluded": names, "pattern": f"^[^{escaped}]*$"}

    def check(value: str) -> str:
        for character in characters:
            if character in value:
                raise PydanticCustomError(
                    "string_pattern_mismatch", "Must not contain {excluded}", context
                )
        return value

    return AfterValidator(check)


def text_bounds(**bounds: Any) -> BeforeValidator:
    """Check the length or pattern of a string that has its own type in Python, such as a date."""
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(**bounds)])
    return BeforeValidator(
        lambda value: adapter.validate_python(value) if isinstance(value, str) else value
    )


def one_of(*values: object) -> BeforeValidator:
    """Check an `enum` with values that are not strings: for Python `True` equals 1."""
    allowed = {_identity(value) for value in values}

    def check(value: object) -> object:
        if _identity(value) in allowed:
            return value
        raise PydanticCustomError("enum", "Must be one of the values", {"values": list(values)})

    return BeforeValidator(check)


def property_count(value: object, *, minimum: int = 0, maximum: int | None = None) -> object:
    """Check `minProperties` and `maxProperties` of an object."""
    count = len(value) if isinstance(value, dict) else minimum
    if count < minimum:
        raise PydanticCustomError(
            "too_few_properties", "Too few properties", {"min_properties": minimum}
        )
    if maximum is not None and count > maximum:
        raise PydanticCustomError(
            "too_many_properties", "Too many properties", {"max_properties": maximum}
        )
    return value


class discriminator:
    """Choose the schema of a value by its discriminator property, with this `mapping`."""

    def __init__(self, member: str, mapping: Mapping[str, str]) -> None:
        self._member = member
        self._mapping = mapping
        schemas = [*mapping.values()]
        self._values = [
            value
            for value, schema in mapping.items()
            if value != schema or schemas.count(schema) == 1
        ]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return Pydantic's own tagged union, whose error has the property and its values."""
        told = Discriminator(
            self._tag,
            custom_error_type="discriminator",
            custom_error_message="Unknown discriminator",
            custom_error_context={"member": self._member, "values": json.dumps(self._values)},
        )
        return told.__get_pydantic_core_schema__(source, handler)

    def _tag(self, value: object) -> str | None:
        if isinstance(value, dict):
            return self._mapping.get(str(value.get(self._member)))
        return type(value).__name__ if isinstance(value, Model) else None


def _keep(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    valid = validate(value)
    if isinstance(value, dict) and isinstance(valid, Model) and valid.__pydantic_extra__ is None:
        fields = type(valid).model_fields
        known = {field.alias or name for name, field in fields.items()}
        if further := {name: each for name, each in value.items() if name not in known}:
            _set_extra(valid, further)
    return valid


_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__

KeepAll = WrapValidator(_keep)
"""Keeps properties of other options of an `anyOf`, in `model_extra`: a value may fit several."""


def subtype(
    cls: type[Model],
    value: object,
    validate: ValidatorFunctionWrapHandler,
    base: str,
    member: str,
    mapping: Mapping[str, str],
) -> object:
    """Validate a value where a base is expected: as the class that its discriminator selects.

    The subclasses inherit the validator of their base; it does nothing for them.
    """
    if cls.__name__ != base or not isinstance(value, dict) or member not in value:
        return validate(value)
    name = mapping.get(str(value[member]))
    if name is None:
        context = {"member": member, "values": json.dumps([*mapping])}
        raise PydanticCustomError("discriminator", "Unknown discriminator", context)
    if name == base:
        return validate(value)
    kind: type[Model] = getattr(sys.modules[cls.__module__], name)
    return kind.model_validate(value)


def parsed(type: Any, value: object) -> Any:
    """Return a default of the contract as its Python type."""
    return TypeAdapter(type).validate_python(value)
