"""The story that the examples of the contract tell: the data for which they are true.

Ada Lovelace and her Note G are what the contract shows of `get_author` and `get_article`. Six
contemporaries come before her by their names, and the notes A to F before Note G: with a limit of
six, the lists show both on page two.
"""

import base64
import json
from typing import Any

from app.database.models import Article, Author
from app.database.pagination import _DIGEST_BYTES, _CursorCodec, _order, page_statement
from specfirst.conformance.interactions import Request
from tests.problems import DOCUMENT

JSON = dict[str, Any]

DELETED: JSON = {"author_id": 2, "article_id": 1}
"""What the examples of DELETE delete, an author without articles: they show no ids of their own."""

CONTEMPORARIES = (
    ("Charles", "Babbage"),
    ("George", "Boole"),
    ("Augustus", "De Morgan"),
    ("Michael", "Faraday"),
    ("Caroline", "Herschel"),
    ("Joseph", "Jacquard"),
)


def before(operation: str) -> str:
    """Return the SQL for the data that there is before an operation, given by operationId."""
    rows = {
        "authors": [] if operation == "create_author" else authors(),
        "articles": [] if operation in ("create_author", "create_article") else articles(),
    }
    statements = ["DELETE FROM articles; DELETE FROM authors"]
    for table, some in rows.items():
        statements.append(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {len(some) + 1}, false)"
        )
        statements += [_insert(table, some)] if some else []
    return "; ".join(statements)


def authors() -> list[JSON]:
    """Return Ada Lovelace and her contemporaries, for whom everything nullable is null."""
    ada = _shown("/authors/{author_id}")
    others = enumerate(CONTEMPORARIES, start=2)
    known = ada | _nulls("Author")
    return [
        ada,
        *(
            known | {"id": id_, "first_name": first, "last_name": last}
            for id_, (first, last) in others
        ),
    ]


def articles() -> list[JSON]:
    """Return Note G and the notes A to F, of which less is known."""
    note = _shown("/articles/{article_id}")
    known = note | _nulls("Article")
    return [
        note,
        *(
            known | {"id": id_, "title": f"Note {letter}"}
            for id_, letter in enumerate("ABCDEF", start=2)
        ),
    ]


def hint(request: Request) -> str:
    """Return a cursor of today's filters, for the same row, to show instead of a rejected one."""
    entity = {"/authors": Author, "/articles": Article}.get(request.operation.path)
    if entity is None or not {"cursor", "sort"} <= request.query.keys():
        return ""
    columns = entity.__table__.columns
    filters = {
        name: columns[name].type.python_type(value)
        for name, value in request.query.items()
        if name in columns
    }
    given = {f"filter_{name}": value for name, value in filters.items()}
    sort = request.query["sort"]
    values = page_statement(
        entity, sort=sort, filters=tuple(filters), behind="nothing"
    ).driver_values(given)
    cursor = request.query["cursor"]
    row = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[_DIGEST_BYTES:]
    again = _CursorCodec(_order(entity, sort), filters=values)._encoded(row)
    return f"; with these filters the cursor is {again}"


def _nulls(schema: str) -> JSON:
    properties = DOCUMENT["components"]["schemas"][schema]["properties"]
    return {name: None for name, each in properties.items() if "null" in each.get("type", "")}


def _shown(path: str) -> JSON:
    """Return the example of what GET answers."""
    content: JSON = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"][
        "application/json"
    ]
    example: JSON = content["example"]
    return example


def _insert(table: str, rows: list[JSON]) -> str:
    """Return a statement that inserts rows whose properties are the columns."""
    given = json.dumps(rows).replace("'", "''")
    return (
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE "
        f"SELECT * FROM json_populate_recordset(NULL::{table}, '{given}')"
    )
