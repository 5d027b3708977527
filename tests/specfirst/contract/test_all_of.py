"""`allOf`: which schemas apply together at one place, and what they say together."""

from specfirst.contract.all_of import merge, parts
from specfirst.contract.model import JSON, Contract

CONTRACT = Contract(
    {
        "components": {
            "schemas": {
                "Named": {"properties": {"name": {"maxLength": 9}}, "required": ["name"]},
                "Dog": {
                    "$ref": "#/components/schemas/Named",
                    "allOf": [{"$ref": "#/components/schemas/Dog"}, {"minProperties": 2}, False],
                },
            }
        }
    }
)
DOG, NAMED = "/components/schemas/Dog", "/components/schemas/Named"


def test_parts_are_the_schema_its_reference_and_its_all_of_each_with_its_pointer() -> None:
    found = dict(parts(CONTRACT, DOG, CONTRACT.get(DOG)))

    assert list(found) == [DOG, NAMED, *(f"{DOG}/allOf/{number}" for number in range(3))]
    assert found[f"{DOG}/allOf/2"] == {"not": {}, "type": []}


def merged(*schemas: JSON) -> JSON:
    whole: dict[str, object] = {}
    for schema in schemas:
        merge(whole, dict(schema))
    return whole


def test_the_tightest_bound_counts_and_each_property_has_to_satisfy_both() -> None:
    one = {"type": "number", "minimum": 1, "maxLength": 5, "required": ["a"], "title": "One"}
    other = {"type": "integer", "minimum": 0, "maxLength": 6, "required": ["b"], "title": "Other"}

    assert merged(one, other) == {
        **{"type": "integer", "minimum": 1, "maxLength": 5},
        **{"required": ["a", "b"], "title": "Other"},
    }
    assert merged({"properties": {"a": one}}, {"properties": {"a": other, "b": one}}) == {
        "properties": {"a": {"allOf": [one, other]}, "b": one}
    }
    assert merged({"enum": [1, 2]}, {"enum": [2, 3]}) == {"enum": [2]}
