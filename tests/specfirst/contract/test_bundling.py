"""Documents of several files become one, with the references that a single file would have."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.reading import load, read


def written(folder: Path, files: dict[str, Any]) -> Path:
    """Write files, the first of which is the document, and return its path."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def document(**members: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", **members}


def body(reference: str) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": {"$ref": reference}}}}}


def schema_of(loaded: dict[str, Any], path: str = "/pets") -> Any:
    return loaded["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]


def test_schema_in_another_file_becomes_a_component(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(paths={"/pets": {"post": body("schemas/pet.yaml#/Pet")}}),
            "schemas/pet.yaml": {
                "Pet": {"properties": {"friend": {"$ref": "#/Pet"}, "size": {"$ref": "size.json"}}}
            },
            "schemas/size.json": json.dumps({"type": "integer"}),
        },
    )

    loaded = load(path)

    assert schema_of(loaded) == {"$ref": "#/components/schemas/Pet"}
    assert loaded["components"]["schemas"] == {
        "Pet": {
            "properties": {
                "friend": {"$ref": "#/components/schemas/Pet"},
                "size": {"$ref": "#/components/schemas/size"},
            }
        },
        "size": {"type": "integer"},
    }


def test_path_item_and_operation_take_the_place_of_their_references(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(paths={"/pets": {"$ref": "paths/pets.yaml"}}),
            "paths/pets.yaml": {"post": {"$ref": "create.yaml"}, "summary": "Pets"},
            "paths/create.yaml": body("../pet.yaml"),
            "pet.yaml": {"type": "object"},
        },
    )

    assert load(path)["paths"]["/pets"] == {
        "summary": "Pets",
        "post": body("#/components/schemas/pet"),
    }


@pytest.mark.parametrize("reference", ["schemas/all.yaml#/Pet", "schemas/pet.yaml"])
def test_whole_section_may_lie_in_a_file(reference: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(
                paths={"$ref": "paths.yaml"}, components={"schemas": {"$ref": "schemas/all.yaml"}}
            ),
            "paths.yaml": {"/pets": {"post": body(reference)}},
            "schemas/all.yaml": {"Pet": {"$ref": "pet.yaml"}, "Size": {"type": "integer"}},
            "schemas/pet.yaml": {"properties": {"size": {"$ref": "all.yaml#/Size"}}},
        },
    )

    loaded = load(path)

    assert schema_of(loaded) == {"$ref": "#/components/schemas/Pet"}
    assert loaded["components"]["schemas"] == {
        "Pet": {"properties": {"size": {"$ref": "#/components/schemas/Size"}}},
        "Size": {"type": "integer"},
    }


def test_component_that_refers_to_a_file_keeps_its_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(
                paths={"/pets": {"post": body("pet.yaml")}},
                components={"schemas": {"Animal": {"$ref": "pet.yaml"}}},
            ),
            "pet.yaml": {"properties": {"friend": {"$ref": "pet.yaml"}}},
        },
    )

    loaded = load(path)

    assert schema_of(loaded) == {"$ref": "#/components/schemas/Animal"}
    assert loaded["components"]["schemas"] == {
        "Animal": {"properties": {"friend": {"$ref": "#/components/schemas/Animal"}}}
    }


def test_reference_back_into_the_document_stays_within_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(
                paths={"/pets": {"$ref": "pets.yaml"}},
                components={"schemas": {"A b/c": {"type": "object"}}},
            ),
            "pets.yaml": {"post": body("openapi.yaml#/components/schemas/A%20b~1c")},
        },
    )

    assert read(path).schema(
        "/paths/~1pets/post/requestBody/content/application~1json/schema"
    ).target.types == ("object",)


def test_names_that_are_taken_get_a_number(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(
                paths={
                    "/pets": {"post": body("a/Pet.yaml")},
                    "/dogs": {"post": body("b/Pet.yaml")},
                },
                components={"schemas": {"Pet": {"type": "string"}}},
            ),
            "a/Pet.yaml": {"type": "integer"},
            "b/Pet.yaml": {"type": "number"},
        },
    )

    loaded = load(path)

    assert {name: each["type"] for name, each in loaded["components"]["schemas"].items()} == {
        "Pet": "string",
        "Pet2": "integer",
        "Pet3": "number",
    }
    assert schema_of(loaded, "/dogs") == {"$ref": "#/components/schemas/Pet3"}


def test_every_kind_of_object_is_found_in_its_section(tmp_path: Path) -> None:
    kinds = {
        "parameters": {"name": "a", "in": "query", "schema": {"$ref": "all.yaml#/schemas"}},
        "responses": {"description": "", "headers": {"X-A": {"$ref": "all.yaml#/headers"}}},
        "headers": {"schema": {"$ref": "#/schemas"}},
        "examples": {"value": {"$ref": "data"}},
        "links": {"operationId": "a"},
        "callbacks": {"{$url}": {"post": {"responses": {}}}},
        "requestBodies": {"content": {"text/plain": {}}},
        "schemas": {"type": "string"},
    }
    operation = {
        "parameters": [{"$ref": "all.yaml#/parameters"}],
        "requestBody": {"$ref": "all.yaml#/requestBodies"},
        "callbacks": {"a": {"$ref": "all.yaml#/callbacks"}},
        "responses": {
            "200": {"$ref": "all.yaml#/responses"},
            "201": {
                "links": {"a": {"$ref": "all.yaml#/links"}},
                "content": {"text/plain": {"examples": {"a": {"$ref": "all.yaml#/examples"}}}},
            },
        },
    }
    path = written(
        tmp_path,
        {"openapi.yaml": document(paths={"/a": {"post": operation}}), "all.yaml": kinds},
    )

    components = load(path)["components"]

    assert components.keys() == kinds.keys()
    assert components["examples"]["examples"] == {"value": {"$ref": "data"}}
    assert components["parameters"]["parameters"]["schema"] == {
        "$ref": "#/components/schemas/schemas"
    }


def test_mapping_of_a_discriminator_and_example_in_a_file_are_followed(tmp_path: Path) -> None:
    pet = {
        "oneOf": [{"$ref": "cat.yaml"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "cat.yaml", "c": "Cat"}},
    }
    media = {"schema": {"$ref": "pet.yaml"}, "examples": {"a": {"externalValue": "cat.json"}}}
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(
                paths={"/a": {"post": {"requestBody": {"content": {"application/json": media}}}}}
            ),
            "pet.yaml": pet,
            "cat.yaml": {"type": "object"},
            "cat.json": '{"kind": "cat"}',
        },
    )

    loaded = load(path)

    body = loaded["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    assert body["examples"] == {"a": {"value": {"kind": "cat"}}}
    assert loaded["components"]["schemas"]["pet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/cat",
        "c": "Cat",
    }


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("gone.yaml", "gone.yaml: there is no such file"),
        ("pet.yaml#/Gone", "pet.yaml#/Gone leads nowhere"),
        ("pet.yaml#gone", "pet.yaml#gone leads nowhere"),
        ("../secret.yaml", "../secret.yaml is outside of the document's folder"),
        ("/etc/hostname", "/etc/hostname is outside of the document's folder"),
        ("link.yaml", "link.yaml is outside of the document's folder"),
        ("https://api.test/pet.yaml", "https://api.test/pet.yaml is on the network"),
        ("//api.test/pet.yaml", "//api.test/pet.yaml is on the network"),
        ("file:///etc/hostname", "file:///etc/hostname is on the network"),
    ],
)
def test_reference_that_cannot_be_followed_is_refused_at_its_place(
    reference: str, why: str, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text("type: object")
    folder = tmp_path / "openapi"
    path = written(
        folder,
        {
            "openapi.yaml": document(paths={"/pets": {"post": body(reference)}}),
            "pet.yaml": {"type": "object"},
        },
    )
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")

    with pytest.raises(UnsupportedContract) as refused:
        load(path)

    place = "/paths/~1pets/post/requestBody/content/application~1json/schema/$ref"
    assert str(refused.value).startswith(f"{place}: {why}")


def test_fault_in_another_file_is_told_with_that_file_and_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(paths={"/pets": {"post": body("pet.yaml#/Pet")}}),
            "pet.yaml": "Size:\n  type: integer\nPet:\n  properties:\n    a: {type: 1}\n",
        },
    )

    with pytest.raises(UnsupportedContract) as refused:
        load(path)

    assert refused.value.location.endswith("pet.yaml:5")
    assert refused.value.pointer == "/components/schemas/Pet/properties/a/type"


def test_circle_of_path_items_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(paths={"/pets": {"$ref": "a.yaml"}}),
            "a.yaml": {"$ref": "b.yaml"},
            "b.yaml": {"$ref": "a.yaml"},
        },
    )

    with pytest.raises(UnsupportedContract, match="refers to itself"):
        load(path)


def test_file_that_is_no_yaml_is_refused_by_its_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "openapi.yaml": document(paths={"/pets": {"post": body("pet.yaml")}}),
            "pet.yaml": "a: [",
        },
    )

    with pytest.raises(UnsupportedContract, match=r"/\$ref: pet.yaml cannot be read: "):
        load(path)
