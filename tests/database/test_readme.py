"""The examples in the README of each unit of work: they do what they say."""

import re
from typing import Any

import pytest
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, insert, select, update
from sqlalchemy.orm import selectinload

from app.database.db import Database, violation_means
from app.database.models import Article, Author
from app.database.statements import Statement, parameters
from app.errors import UnknownAuthor
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

_TYPES = (ARRAY, Article, Author, BigInteger, Database, Statement, UnknownAuthor)
_FUNCTIONS = (any_, bindparam, insert, parameters, select, selectinload, update, violation_means)
_NAMES = {each.__name__: each for each in (*_TYPES, *_FUNCTIONS)}


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """What the examples define."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.partition("## The SQLAlchemy you know\n")[2].partition("\n## ")[0]
    defined: dict[str, Any] = {"Any": Any, **_NAMES}
    for block in re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
        exec(block, defined)
    return defined


async def test_statement_reads_by_an_array_of_ids(
    database: Database, examples: dict[str, Any]
) -> None:
    async with database.session() as session:
        session.add_all(
            Author(first_name="A", last_name=name) for name in ("Lovelace", "Achebe", "Borges")
        )

    assert await examples["last_names"](database, [1, 3, 7]) == {1: "Lovelace", 3: "Borges"}


async def test_transaction_keeps_what_stands_outside_of_its_savepoint(
    database: Database, examples: dict[str, Any]
) -> None:
    authors = [
        {"first_name": "Ada", "last_name": "Lovelace"},
        {"first_name": "Mary", "last_name": "Shelley"},
    ]
    article = {"title": "Note G", "content": "Step by step."}

    assert await examples["import_all"](database, authors, {**article, "author_id": 7}) is False
    assert await examples["import_all"](database, authors, {**article, "author_id": 1}) is True

    assert len(await examples["last_names"](database, [1, 2, 3, 4, 5])) == 4
    assert await examples["titles"](database, 1) == ["Note G"]


async def test_session_loads_the_relationship_that_is_asked_for(
    database: Database, examples: dict[str, Any]
) -> None:
    async with database.session() as session:
        session.add(
            Author(
                first_name="Ada",
                last_name="Lovelace",
                articles=[Article(title="Note A", content="c")],
            )
        )

    assert await examples["titles"](database, 1) == ["Note A"]


async def test_function_renames_an_author(database: Database, examples: dict[str, Any]) -> None:
    async with database.session() as session:
        session.add(Author(first_name="Ada", last_name="Byron"))

    assert await examples["rename"](database, 1, "Lovelace") is True
    assert await examples["rename"](database, 7, "Lovelace") is False

    assert await examples["last_names"](database, [1]) == {1: "Lovelace"}
