"""Rows as models: what is validated, what is taken on trust, and that both come to the same."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from pydantic import MISSING, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from generated import models
from generated.runtime.rows import from_row, from_rows
from generated.runtime.values import DateTime, Model

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Kept(Model):
    """Has nothing but members that a row has."""

    id: StrictInt
    title: StrictStr | None
    state: Literal["draft", "public"]
    created_at: DateTime


class Tag(Model):
    """Is a part."""

    name: StrictStr


class Tagged(Model):
    """Has models inside."""

    id: StrictInt
    tags: list[Tag] | None


class Renamed(Model):
    """Has a name on the wire that Python needs itself, and a member that may be absent."""

    in_: StrictInt = Field(alias="in")
    note: StrictStr | MISSING = MISSING


class Open(Model):
    """Takes further members."""

    model_config = ConfigDict(extra="allow")

    id: StrictInt


class Measured(Model):
    """Has a number, which may be none."""

    height: StrictFloat = Field(gt=0)


def kept(**changes: object) -> dict[str, Any]:
    return {"id": 1, "title": "A title", "state": "draft", "created_at": NOW} | changes


def each_alone(model: type[Model], rows: list[Mapping[str, Any]]) -> list[Model]:
    return [from_row(model, row) for row in rows]


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (Kept, [kept(id=number) for number in range(5)]),
        (Kept, [kept(title=None), kept(), kept(title=None), kept()]),
        (Kept, [dict(reversed(kept().items()))] * 3),
        (Kept, [kept(secret=1), kept(secret=2)]),
        (Kept, [kept(created_at="2026-01-05T09:00:00Z"), kept(created_at="2026-01-05T10:00:00Z")]),
        (
            Tagged,
            [
                {"id": 1, "tags": None},
                {"id": 2, "tags": [{"name": "a"}]},
                {"id": 3, "tags": [{"name": "b"}]},
            ],
        ),
        (Renamed, [{"in": 1}, {"in": 2, "note": "n"}, {"in": 3}]),
        (Open, [{"id": 1, "more": 2}, {"id": 1, "other": 3}]),
        (Measured, [{"height": 1.5}, {"height": 2.5}]),
        (Kept, []),
    ],
    ids=[
        "alike",
        "null",
        "order",
        "unknown",
        "converted",
        "inside",
        "names",
        "open",
        "numbers",
        "none",
    ],
)
def test_rows_become_what_each_becomes_alone(
    model: type[Model], rows: list[Mapping[str, Any]]
) -> None:
    expected = each_alone(model, rows)

    for _ in range(3):  # once validated, then on trust
        found = from_rows(model, rows)

        assert found == expected
        assert [repr(each) for each in found] == [repr(each) for each in expected]
        assert [each.model_dump_json(by_alias=True) for each in found] == [
            each.model_dump_json(by_alias=True) for each in expected
        ]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"id": "1"}, id="another type"),
        pytest.param({"id": None}, id="null"),
        pytest.param({"created_at": 0}, id="a number for a time"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_row_with_a_value_of_a_wrong_type_is_refused(
    wrong: dict[str, object], before: int
) -> None:
    from_rows(Kept, [kept(), kept(title=None)])

    with pytest.raises(ValidationError):
        from_rows(Kept, [*[kept(title=None)] * before, kept(**wrong)])


def test_a_result_without_a_column_is_refused() -> None:
    from_rows(Kept, [kept()])
    without = {name: value for name, value in kept().items() if name != "state"}

    with pytest.raises(ValidationError, match="state"):
        from_rows(Kept, [without])


def test_values_in_the_order_of_another_result_are_refused() -> None:
    from_rows(Kept, [{"title": "A title", "id": 1, "state": "draft", "created_at": NOW}])

    with pytest.raises(ValidationError):
        from_rows(Kept, [kept(id="A title", title=1)])


def test_columns_in_another_order_keep_their_values() -> None:
    rows = [
        {"title": "A title", "id": number, "state": "draft", "created_at": NOW}
        for number in range(3)
    ]
    from_rows(Kept, [kept()])

    assert [(each.id, each.title) for each in from_rows(Kept, rows)] == [
        (n, "A title") for n in range(3)
    ]


@pytest.mark.parametrize(
    ("model", "good", "bad"),
    [
        (Tagged, {"id": 1, "tags": [{"name": "a"}]}, {"id": 1, "tags": [{"name": 1}]}),
        (Measured, {"height": 1.5}, {"height": -1.5}),
        (Renamed, {"in": 1}, {"in": "1"}),
    ],
    ids=["inside", "numbers", "names"],
)
def test_what_a_type_does_not_tell_is_validated_in_each_row(
    model: type[Model], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    from_rows(model, [good] * 3)

    with pytest.raises(ValidationError):
        from_rows(model, [good, good, bad])


def test_a_known_kind_is_not_validated_again() -> None:
    too_long = {
        "first_name": "x" * 101,
        "last_name": "L",
        "id": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    row = {"id": 1, "first_name": "A", "last_name": "L", "created_at": NOW, "updated_at": NOW}

    assert from_rows(models.Author, [row, row | too_long])[1].first_name == "x" * 101
    with pytest.raises(ValidationError):
        from_row(models.Author, too_long)


def test_models_on_trust_are_whole() -> None:
    one, other = from_rows(Kept, [kept(), kept()])

    assert one == other
    assert one is not other
    assert one.model_fields_set == {"id", "title", "state", "created_at"}
    assert one.model_copy(update={"id": 2}).id == 2
    one.title = "Another"
    assert other.title == "A title"
