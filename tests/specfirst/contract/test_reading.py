"""A document is read as JSON, whatever YAML would make of it, and its references are checked."""

from pathlib import Path

import pytest

from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.lines import located
from specfirst.contract.reading import load, read


def written(folder: Path, text: str) -> Path:
    path = folder / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_scalars_are_those_of_json(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "openapi: 3.1.0\nx-y: {a: no, b: 12:30, c: 2026-01-01, d: true, e: 1, f: 1.5, g: ~}\n",
    )

    assert load(path)["x-y"] == {
        "a": "no",
        "b": "12:30",
        "c": "2026-01-01",
        "d": True,
        "e": 1,
        "f": 1.5,
        "g": None,
    }


def test_what_is_empty_says_nothing_but_in_data(tmp_path: Path) -> None:
    schema = "{title: null, default: null, enum: [null], example: {a: null}, x-a: null}"
    path = written(
        tmp_path, f"openapi: 3.1.0\ninfo:\ncomponents: {{schemas: {{default: {schema}}}}}\n"
    )

    assert load(path) == {
        "openapi": "3.1.0",
        "components": {
            "schemas": {
                "default": {"default": None, "enum": [None], "example": {"a": None}, "x-a": None}
            }
        },
    }


def test_json_is_read_as_well(tmp_path: Path) -> None:
    assert read(written(tmp_path, '{"openapi": "3.0.3"}')).document == {"openapi": "3.0.3"}


SCHEMAS = "openapi: 3.1.0\ncomponents:\n  schemas:\n    "


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "cannot be read: "),
        ("[]", "/openapi: this is no OpenAPI 3 document"),
        ("openapi: 2.0", "/openapi: this is OpenAPI 2.0; OpenAPI 3.0 and 3.1 are supported"),
        ("openapi: 3.2.0", "/openapi: this is OpenAPI 3.2.0; OpenAPI 3.0 and 3.1 are supported"),
        ("swagger: '2.0'", "/swagger: this is Swagger 2.0; convert it to OpenAPI 3"),
        (SCHEMAS + "A: {$ref: '#/y'}", r"/components/schemas/A/\$ref: #/y leads nowhere"),
        (SCHEMAS + "A: {$ref: '#/openapi'}", r"/components/schemas/A/\$ref: #/openapi leads now"),
        (
            SCHEMAS + "example: {properties: {default: {$ref: '#/y'}}}",
            r"/components/schemas/example/properties/default/\$ref: #/y leads nowhere",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {responses: {default: {$ref: '#/y'}}}}}",
            r"/paths/~1a/get/responses/default/\$ref: #/y leads nowhere",
        ),
        (
            "openapi: 3.1.0\npaths:\n  /a: {}\n  /b: {}\n  /a: {}\n",
            "/paths/~1a: stands twice, in lines 3 and 5; leave one out",
        ),
        (
            '{"openapi": "3.1.0",\n "info": {"title": "A", "title": "B"}}',
            "/info/title: stands twice, in lines 2 and 2; leave one out",
        ),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UnsupportedContract, match=f"^{why}"):
        read(written(tmp_path, text))


def test_refusal_has_the_line_of_its_place(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedContract) as refused:
        read(written(tmp_path, SCHEMAS + "A:\n      type: 1"))

    assert refused.value.pointer == "/components/schemas/A/type"
    assert refused.value.location.endswith("contract.yaml:5")


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedContract, match=r"^cannot be read: "):
        read(tmp_path / "nothing.yaml")


@pytest.mark.parametrize(
    "data",
    [
        "x-build: {$ref: y.yaml, list: [{$ref: '#/nowhere'}]}",
        "components: {examples: {a: {value: {$ref: '#/nowhere'}}}}",
        "components: {schemas: {A: {x-a: {$ref: '#/nowhere'}, default: {$ref: '#/nowhere'}}}}",
        "components: {schemas: {A: {enum: [{$ref: '#/nowhere'}], const: {$ref: '#/nowhere'}}}}",
        "components: {headers: {A: {schema: {}, example: {$ref: '#/nowhere'}}}}",
        "components: {responses: {A: {description: '', x-a: {$ref: '#/nowhere'}}}}",
        "paths: {x-a: {$ref: nowhere.yaml}}",
    ],
)
def test_reference_among_data_or_in_an_extension_is_none(tmp_path: Path, data: str) -> None:
    path = written(tmp_path, f"openapi: 3.1.0\n{data}")

    assert "$ref" in str(load(path))


def test_alias_is_no_key_that_stands_twice(tmp_path: Path) -> None:
    path = written(tmp_path, "openapi: 3.1.0\nx-a: &a {b: 1}\nx-c: [*a, *a, {<<: *a, b: 2}]\n")

    assert load(path)["x-c"] == [{"b": 1}, {"b": 1}, {"b": 2}]


def test_pointer_has_the_line_of_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      tags:\n        - b\n")

    lines = {"": "1", "/paths/~1a": "3", "/paths/~1a/get/tags/0": "6"}
    assert {pointer: located(path, pointer).rpartition(":")[2] for pointer in lines} == lines
