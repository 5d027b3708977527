"""How a response writes its body: with orjson, and where that cannot, as Pydantic would."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import MISSING, ConfigDict, Field
from starlette.types import Message

from generated import models
from generated.runtime.responses import ApiResponse
from generated.runtime.values import Model
from tests.problems import DOCUMENT


class Open(Model):
    """Takes further members."""

    model_config = ConfigDict(extra="allow")

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(ApiResponse):
    """Any body."""

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = "application/json"

    body: Any


def written(body: object) -> Any:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET"}
    asyncio.run(Answer(body=body)(scope, send, send))  # type: ignore[arg-type]
    assert dict(sent[0]["headers"])[b"content-length"] == b"%d" % len(sent[1]["body"])
    return json.loads(sent[1]["body"])


def test_members_have_the_names_of_the_contract_and_absent_ones_are_left_out() -> None:
    error = models.ProblemError(in_="body", pointer="/title", code="too_long", detail="…")

    assert written([error]) == [
        {"in": "body", "pointer": "/title", "code": "too_long", "detail": "…"}
    ]
    assert written(models.AuthorUpdate(first_name="Ada", last_name=MISSING)) == {
        "first_name": "Ada"
    }


def test_further_members_are_written() -> None:
    assert written(Open.model_validate({"name": "Ada", "born": 1815})) == {
        "name": "Ada",
        "born": 1815,
    }


def test_a_time_without_an_offset_is_written_with_one() -> None:
    """PostgreSQL's `infinity` is such a time, and rows that are taken on trust may have it."""
    assert (
        written(datetime.fromisoformat("9999-12-31T23:59:59.999999"))
        == "9999-12-31T23:59:59.999999Z"
    )


def test_times_are_in_utc_with_a_z() -> None:
    answer = DOCUMENT["paths"]["/authors/{author_id}"]["get"]["responses"]["200"]
    shown = answer["content"]["application/json"]["example"] | {"id": 2**63 - 1}
    created, updated = (
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        datetime(2026, 1, 5, 9, 0, 0, 123, tzinfo=UTC),
    )
    author = models.Author.model_validate(shown | {"created_at": created, "updated_at": updated})

    times = {"created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-01-05T09:00:00.000123Z"}
    assert written({"items": [author]})["items"] == [shown | times]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"large": 2**70}, {"large": 2**70}),
        ({"exact": Decimal("1.10")}, {"exact": "1.10"}),
        (None, None),
        ([], []),
    ],
)
def test_what_orjson_does_not_know_is_written_as_pydantic_writes_it(
    body: object, expected: object
) -> None:
    assert written(body) == expected


class Outer(Model):
    """Is complete once it is used."""

    inner: "Inner"


class Inner(Model):
    """Refers to a later class, and is never used by itself."""

    in_: Annotated[str, Field(alias="in")]
    later: "Later"


class Later(Model):
    """The last class."""

    name: str


def test_names_are_those_of_the_contract_before_a_model_is_complete() -> None:
    inner = Outer.model_validate({"inner": {"in": "body", "later": {"name": "Ada"}}}).inner

    assert written(inner) == {"in": "body", "later": {"name": "Ada"}}
