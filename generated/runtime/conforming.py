# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Keywords of JSON Schema that Pydantic cannot say, checked by `jsonschema-rs`.

Only contracts that have one of them need the library at run time.
"""

from functools import cache
from typing import Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError


def conforms(*schemas: str) -> WrapValidator:
    """Check JSON against schemas, each as JSON text. Raises `ImportError` without `jsonschema-rs`.

    Pydantic validates first, because its errors say more. Models and other values of Python pass: a
    handler has made them.
    """
    validators = [_validator(schema) for schema in schemas]

    def check(value: object, validate: ValidatorFunctionWrapHandler) -> object:
        valid = validate(value)
        if isinstance(value, dict | list | str | int | float | bool | None):
            try:
                holds = all(each.is_valid(value) for each in validators)
            except ValueError:  # with a value of Python inside
                return valid
            if not holds:
                raise PydanticCustomError("value_error", "Must be a value that the contract allows")
        return valid

    return WrapValidator(check)


@cache
def _validator(schema: str) -> Any:
    try:
        from jsonschema_rs import Draft202012Validator
    except ImportError:
        raise ImportError(
            "the contract has keywords that jsonschema-rs checks: install it"
        ) from None
    import json

    return Draft202012Validator(json.loads(schema))
