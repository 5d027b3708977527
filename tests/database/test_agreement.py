"""The contract, the models and the database have the same limits; each difference is named."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, String, Table

from app.database.embedded import EmbeddedPostgres
from app.database.models import Base
from specfirst.conformance.agreement import differences, reflected, resources
from specfirst.conformance.false_contracts import changed
from specfirst.contract.json_pointer import REMOVE
from specfirst.contract.model import Contract
from specfirst.contract.reading import load
from tests.conftest import EMPTY, ROOT, run_sql

DOCUMENT = load(ROOT / "openapi" / "openapi.yaml")
CONTRACT = Contract(DOCUMENT)


APART = (
    "tokens.digest",  # what is stored of a token, which nobody ever sees
    "tokens.key_id",
    "tokens.expires_in",  # a new token has a lifetime, a stored one an end
)
"""What the contract and the tables do not share."""


async def test_contract_models_and_database_agree(postgres: EmbeddedPostgres) -> None:
    found = differences(CONTRACT, Base.metadata, await reflected(postgres.url), apart=APART)

    assert not found, "\n".join(["the contract, the models and the database differ:", *found])


def test_every_table_and_its_schemas_are_compared() -> None:
    found = {
        each.table: (each.stored, each.created, each.updated, each.sort)
        for each in resources(CONTRACT)
    }

    # an association, say, is no resource of its own
    assert found.keys() <= Base.metadata.tables.keys()
    pointers = {
        table: [each.pointer.rpartition("/")[2] for each in schemas]
        for table, schemas in found.items()
    }
    assert pointers["articles"] == ["Article", "ArticleCreate", "ArticleUpdate", "ArticleSort"]
    assert pointers["authors"] == ["Author", "AuthorCreate", "AuthorUpdate", "AuthorSort"]


ARTICLE = "/components/schemas/Article/properties"
CREATE = "/components/schemas/ArticleCreate/properties"
UPDATE = "/components/schemas/ArticleUpdate/properties"
SORT = "/components/schemas/ArticleSort/enum"
FILTER = "/paths/~1articles/get/parameters/3/schema"

# What is changed in the contract, a pointer and a value; then the reported column and pointer.
IN_THE_CONTRACT: dict[str, tuple[str, Any, str, str]] = {
    "one scope more": (
        "/components/schemas/TokenScope/enum/3",
        "readers:write",
        "tokens.scopes",
        "/components/schemas/TokenScope/enum",
    ),
    "longer text": (
        f"{CREATE}/title/maxLength",
        201,
        "articles.title",
        f"{CREATE}/title/maxLength",
    ),
    "text without end": (
        f"{UPDATE}/title/maxLength",
        REMOVE,
        "articles.title",
        f"{UPDATE}/title/maxLength",
    ),
    "empty text": (f"{CREATE}/title/minLength", 0, "articles.title", f"{CREATE}/title/minLength"),
    "at least two letters": (
        f"{CREATE}/title/minLength",
        2,
        "articles.title",
        f"{CREATE}/title/minLength",
    ),
    "U+0000": (
        f"{CREATE}/content/pattern",
        REMOVE,
        "articles.content",
        f"{CREATE}/content/pattern",
    ),
    "null where none may be": (
        f"{UPDATE}/title/type",
        ["string", "null"],
        "articles.title",
        f"{UPDATE}/title/type",
    ),
    "no null where some may be": (
        f"{ARTICLE}/summary/type",
        "string",
        "articles.summary",
        f"{ARTICLE}/summary/type",
    ),
    "text as number": (
        f"{ARTICLE}/title/type",
        "integer",
        "articles.title",
        f"{ARTICLE}/title/type",
    ),
    "smaller number": (
        f"{CREATE}/author_id/format",
        "int32",
        "articles.author_id",
        f"{CREATE}/author_id/format",
    ),
    "id beyond int64": (
        f"{CREATE}/author_id/maximum",
        2**63,
        "articles.author_id",
        f"{CREATE}/author_id/maximum",
    ),
    "id zero": (
        f"{CREATE}/author_id/minimum",
        0,
        "articles.author_id",
        f"{CREATE}/author_id/minimum",
    ),
    "id in a filter": (f"{FILTER}/maximum", 2**31, "articles.author_id", f"{FILTER}/maximum"),
    "id in a path": (
        "/components/parameters/ArticleId/schema/maximum",
        2**31,
        "articles.id",
        "/components/parameters/ArticleId/schema/maximum",
    ),
    "time as text": (
        f"{ARTICLE}/created_at/format",
        REMOVE,
        "articles.created_at",
        f"{ARTICLE}/created_at/type",
    ),
    "choice": (f"{ARTICLE}/title/enum", ["a"], "articles.title", f"{ARTICLE}/title/enum"),
    "property without a column": (
        f"{CREATE}/subtitle",
        {"type": "string"},
        "articles.subtitle",
        f"{CREATE}/subtitle",
    ),
    "property that has to be given": (
        "/components/schemas/ArticleCreate/required",
        ["title", "content"],
        "articles.author_id",
        "/components/schemas/ArticleCreate/required",
    ),
    "property that need not be given": (
        "/components/schemas/ArticleCreate/required",
        ["title", "content", "author_id", "summary"],
        "articles.summary",
        "/components/schemas/ArticleCreate/required",
    ),
    "time of the client": (
        f"{ARTICLE}/created_at/readOnly",
        REMOVE,
        "articles.created_at",
        f"{ARTICLE}/created_at",
    ),
    "title of the server": (
        f"{ARTICLE}/title/readOnly",
        True,
        "articles.title",
        f"{ARTICLE}/title/readOnly",
    ),
    "order without an index": (
        SORT,
        ["created_at", "updated_at", "title", "content"],
        "articles.content",
        SORT,
    ),
    "order that nobody asks for": (SORT, ["created_at", "updated_at"], "articles.title", SORT),
    "reference that is none": (
        f"{ARTICLE}/article_id",
        {"type": "integer"},
        "articles.article_id",
        f"{ARTICLE}/article_id",
    ),
    "deletion that always works": (
        "/paths/~1authors~1{author_id}/delete/responses/409",
        REMOVE,
        "articles.author_id",
        "/paths/~1authors~1{author_id}/delete/responses",
    ),
}


def without_409() -> Contract:
    """Return the contract as it is for tables in which nothing but the id is unique."""
    document = copy.deepcopy(DOCUMENT)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("409", None)
    return Contract(document)


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> MetaData:
    """What the migrated database says."""
    return asyncio.run(reflected(postgres.url))


@pytest.fixture(scope="module")
def empty(postgres: EmbeddedPostgres) -> str:
    """The URL of the migrated database without rows, which might not fit the changes here."""
    asyncio.run(run_sql(postgres.url, EMPTY))
    return postgres.url


def told(column: str, pointer: str, found: list[str]) -> bool:
    """Tell whether one of the differences names the column, the pointer and how to fix it."""
    return any(line.startswith(f"{column} {pointer}:") and "; " in line for line in found)


@pytest.mark.self_test_of("test_contract_models_and_database_agree")
@pytest.mark.parametrize("name", IN_THE_CONTRACT)
def test_change_of_the_contract_alone_is_told(name: str, database: MetaData) -> None:
    place, value, column, pointer = IN_THE_CONTRACT[name]
    contract = Contract(changed(DOCUMENT, place, value))

    found = differences(contract, Base.metadata, database)

    assert told(column, pointer, found), found


def shorter(table: Table) -> None:
    table.c.title.type = String(199, collation="C")


def unordered(table: Table) -> None:
    table.c.title.type = String(200)


def nullable(table: Table) -> None:
    table.c.title.nullable = True


def not_nullable(table: Table) -> None:
    table.c.summary.nullable = False


def smaller(table: Table) -> None:
    table.c.id.type = Integer()


def without_default(table: Table) -> None:
    table.c.created_at.server_default = None


def without_check(table: Table) -> None:
    table.constraints -= {
        each for each in table.constraints if each.name == "ck_articles_title_not_empty"
    }


def with_range(table: Table) -> None:
    table.append_constraint(CheckConstraint("author_id < 1000", name="few"))


def without_index(table: Table) -> None:
    table.indexes -= {
        each for each in table.indexes if each.name == "ix_articles_author_id_title_id"
    }


def with_column(table: Table) -> None:
    table.append_column(Column("subtitle", String(10)))


IN_THE_MODELS: list[tuple[Callable[[Table], None], str, str]] = [
    (shorter, "articles.title", f"{ARTICLE}/title/maxLength"),
    (unordered, "articles.title", SORT),
    (nullable, "articles.title", f"{ARTICLE}/title/type"),
    (not_nullable, "articles.summary", f"{CREATE}/summary/type"),
    (smaller, "articles.id", f"{ARTICLE}/id/format"),
    (without_default, "articles.created_at", f"{ARTICLE}/created_at/readOnly"),
    (without_check, "articles.title", f"{CREATE}/title/minLength"),
    (with_range, "articles.author_id", f"{CREATE}/author_id/maximum"),
    (without_index, "articles.title", SORT),
    (with_column, "articles.subtitle", f"{ARTICLE}/subtitle"),
]


@pytest.mark.self_test_of("test_contract_models_and_database_agree")
@pytest.mark.parametrize(
    ("change", "column", "pointer"),
    IN_THE_MODELS,
    ids=[change.__name__ for change, *_ in IN_THE_MODELS],
)
def test_change_of_the_models_alone_is_told(
    change: Callable[[Table], None], column: str, pointer: str, database: MetaData
) -> None:
    models = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(models)
    change(models.tables["articles"])

    found = differences(CONTRACT, models, database)

    assert told(column, pointer, found), found


IN_THE_DATABASE = [
    (
        "ALTER TABLE tokens DROP CONSTRAINT ck_tokens_known_scopes",
        "tokens.scopes",
        "/components/schemas/TokenScope/enum",
    ),
    (
        "ALTER TABLE tokens DROP CONSTRAINT ck_tokens_at_most_all_scopes",
        "tokens.scopes",
        "/components/schemas/Token/properties/scopes/maxItems",
    ),
    (
        'ALTER TABLE articles ALTER title TYPE varchar(150) COLLATE "C"',
        "articles.title",
        f"{CREATE}/title/maxLength",
    ),
    (
        'ALTER TABLE articles ALTER title TYPE text COLLATE "C"',
        "articles.title",
        f"{CREATE}/title/maxLength",
    ),
    (
        'ALTER TABLE articles ALTER title TYPE varchar(200) COLLATE "default"',
        "articles.title",
        SORT,
    ),
    ("ALTER TABLE articles ALTER title DROP NOT NULL", "articles.title", f"{UPDATE}/title/type"),
    (
        "ALTER TABLE articles ALTER summary SET NOT NULL",
        "articles.summary",
        f"{ARTICLE}/summary/type",
    ),
    (
        "ALTER TABLE articles ALTER author_id TYPE int",
        "articles.author_id",
        f"{CREATE}/author_id/format",
    ),
    ("ALTER TABLE articles ALTER id SET MINVALUE 0", "articles.id", f"{ARTICLE}/id/minimum"),
    (
        "ALTER TABLE articles ALTER created_at TYPE timestamp",
        "articles.created_at",
        f"{ARTICLE}/created_at/format",
    ),
    (
        "ALTER TABLE articles ALTER created_at DROP DEFAULT",
        "articles.created_at",
        f"{ARTICLE}/created_at/readOnly",
    ),
    (
        "ALTER TABLE articles ALTER content SET DEFAULT 'x'",
        "articles.content",
        "/components/schemas/ArticleCreate/required",
    ),
    (
        "ALTER TABLE articles DROP CONSTRAINT ck_articles_title_not_empty",
        "articles.title",
        f"{CREATE}/title/minLength",
    ),
    (
        "ALTER TABLE articles ADD CHECK (char_length(summary) > 2)",
        "articles.summary",
        f"{CREATE}/summary/minLength",
    ),
    (
        "ALTER TABLE articles ADD CHECK (author_id <= 9)",
        "articles.author_id",
        f"{CREATE}/author_id/maximum",
    ),
    (
        "ALTER TABLE articles ADD CHECK (title IN ('a', 'b'))",
        "articles.title",
        f"{CREATE}/title/enum",
    ),
    (
        "ALTER TABLE articles ADD UNIQUE (title)",
        "articles.title",
        "/paths/~1articles/post/responses",
    ),
    (
        "CREATE UNIQUE INDEX u ON authors (last_name)",
        "authors.last_name",
        "/paths/~1authors/post/responses",
    ),
    (
        "ALTER TABLE articles DROP CONSTRAINT fk_articles_author_id",
        "articles.author_id",
        f"{ARTICLE}/author_id",
    ),
    ("ALTER TABLE articles DROP CONSTRAINT pk_articles CASCADE", "articles.id", f"{ARTICLE}/id"),
    ("DROP INDEX ix_articles_title_id", "articles.title", SORT),
    ("CREATE INDEX i ON articles (content, id)", "articles.content", SORT),
    ("ALTER TABLE articles DROP summary", "articles.summary", f"{ARTICLE}/summary"),
    ("ALTER TABLE articles ADD subtitle text", "articles.subtitle", f"{ARTICLE}/subtitle"),
    ("DROP TABLE articles CASCADE", "articles", "/components/schemas/Article"),
    ("CREATE TABLE notes (id int)", "notes", "(not in the contract)"),
    ("ALTER TABLE articles ADD CONSTRAINT odd CHECK (title !~ 'x')", "articles", "odd"),
]


@pytest.mark.self_test_of("test_contract_models_and_database_agree")
@pytest.mark.parametrize(
    ("statement", "column", "pointer"),
    IN_THE_DATABASE,
    ids=[statement for statement, *_ in IN_THE_DATABASE],
)
async def test_change_of_the_database_alone_is_told(
    empty: str, statement: str, column: str, pointer: str
) -> None:
    found = differences(without_409(), Base.metadata, await reflected(empty, statement))

    assert told(column, pointer, found), found


@pytest.mark.parametrize(
    ("statement", "is_needed"),
    [
        ("CREATE INDEX i ON authors (nickname)", True),
        ("CREATE UNIQUE INDEX i ON authors (nickname) WHERE nickname > 'a'", True),
        ("CREATE UNIQUE INDEX i ON authors (nickname, last_name)", True),
        ("CREATE UNIQUE INDEX i ON authors (nickname)", False),
        ("ALTER TABLE authors ADD UNIQUE (nickname)", False),
    ],
    ids=["not unique", "not all rows", "not alone", "unique index", "unique constraint"],
)
async def test_filter_needs_indexes_for_each_order_unless_it_is_unique(
    empty: str, statement: str, is_needed: bool
) -> None:
    document = copy.deepcopy(DOCUMENT)
    schema = {"type": "string", "maxLength": 9, "pattern": "^[^\\u0000]*$"}
    parameter = {"name": "nickname", "in": "query", "schema": schema}
    document["paths"]["/authors"]["get"]["parameters"].append(parameter)

    found = differences(
        Contract(document),
        Base.metadata,
        await reflected(empty, "ALTER TABLE authors ADD nickname varchar(9)", statement),
    )

    lacking = [line for line in found if "the database have no index on nickname, " in line]
    assert bool(lacking) is is_needed, found


TAGS = {"type": "array", "items": {"type": "integer", "format": "int64"}}
ASSOCIATION = (
    "CREATE TABLE articles_tags "
    "(article_id bigint REFERENCES articles ON DELETE CASCADE, tag_id bigint)"
)


@pytest.mark.parametrize(("statement", "is_told"), [(ASSOCIATION, False), ("SELECT 1", True)])
async def test_array_may_be_rows_of_an_association(
    empty: str, statement: str, is_told: bool
) -> None:
    document = changed(changed(DOCUMENT, f"{ARTICLE}/tag_ids", TAGS), f"{CREATE}/tag_ids", TAGS)
    both = await reflected(empty, statement)

    found = differences(Contract(document), both, both)

    assert any("tag_ids" in line for line in found) is is_told, found


async def test_outbox_beside_the_contract_is_allowed(empty: str) -> None:
    outbox = (
        "CREATE TABLE outbox "
        "(id bigint PRIMARY KEY, event jsonb NOT NULL CHECK (event <> '{}' AND id <> 7))"
    )
    both = await reflected(empty, outbox)

    assert differences(CONTRACT, both, both, apart=APART) == []


async def test_name_that_is_apart_without_need_is_told(database: MetaData) -> None:
    found = differences(CONTRACT, Base.metadata, database, apart=(*APART, "tokens.name"))

    assert found == ["tokens.name: it is apart, but nothing differs; take it out"]
