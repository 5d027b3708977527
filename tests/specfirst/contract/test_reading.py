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
        "openapi: 3.1.0\nx: {a: no, b: 12:30, c: 2026-01-01, d: true, e: 1, f: 1.5, g: ~}\n",
    )

    assert load(path)["x"] == {
        "a": "no",
        "b": "12:30",
        "c": "2026-01-01",
        "d": True,
        "e": 1,
        "f": 1.5,
    }


def test_what_is_empty_says_nothing_but_in_data(tmp_path: Path) -> None:
    path = written(
        tmp_path, "openapi: 3.1.0\ninfo:\nx: {default: null, enum: [null], example: {a: null}}\n"
    )

    assert load(path) == {
        "openapi": "3.1.0",
        "x": {"default": None, "enum": [None], "example": {"a": None}},
    }


def test_json_is_read_as_well(tmp_path: Path) -> None:
    assert read(written(tmp_path, '{"openapi": "3.0.3"}')).document == {"openapi": "3.0.3"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "cannot be read: "),
        ("openapi: 2.0", "/openapi: this is no OpenAPI 3 document"),
        ("[]", "/openapi: this is no OpenAPI 3 document"),
        ("openapi: 3.1.0\nx: {$ref: '#/y'}", r"/x/\$ref: #/y leads nowhere"),
        ("openapi: 3.1.0\nx: {$ref: '#/openapi'}", r"/x/\$ref: #/openapi leads nowhere"),
        ("openapi: 3.1.0\nx: {$ref: 'y.yaml'}", r"/x/\$ref: y.yaml is outside of the document"),
        (
            "openapi: 3.1.0\nproperties: {example: {$ref: '#/y'}}",
            r"/properties/example/\$ref: #/y leads nowhere",
        ),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UnsupportedContract, match=f"^{why}"):
        read(written(tmp_path, text))


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedContract, match=r"^cannot be read: "):
        read(tmp_path / "nothing.yaml")


def test_reference_in_an_example_is_data(tmp_path: Path) -> None:
    assert load(written(tmp_path, "openapi: 3.1.0\nexample: {$ref: '#/nowhere'}"))["example"] == {
        "$ref": "#/nowhere"
    }


def test_pointer_has_the_line_of_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      tags:\n        - b\n")

    lines = {"": "1", "/paths/~1a": "3", "/paths/~1a/get/tags/0": "6"}
    assert {pointer: located(path, pointer).rpartition(":")[2] for pointer in lines} == lines
