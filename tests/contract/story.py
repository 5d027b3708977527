"""The story that the examples of the contract tell: the data for which they are true.

Ada Lovelace and her Note G are what the contract shows of `get_author` and `get_article`. Six
contemporaries come before her by their names, the notes A to F before Note G, and the tokens of six
others before that of the Analytical Engine: with a limit of six, the lists show these on page two.
"""

import base64
import json
from typing import Any

from app.database.models import Article, Author
from app.database.pagination import _DIGEST_BYTES, _CursorCodec, _order, page_statement
from specfirst.conformance.interactions import Request
from tests.problems import DOCUMENT
from tests.tokens import ADMIN_ID, NO_SCOPES_TOKEN, insertion

JSON = dict[str, Any]

BARE: JSON = {"author_id": 2, "article_id": 1, "token_id": 1, "If-Match": "*"}
"""Values of the parameters that show none: what the examples of DELETE delete, which is an author
without articles, and a condition that holds whatever was changed before.
"""

CONTEMPORARIES = (
    ("Charles", "Babbage"),
    ("George", "Boole"),
    ("Augustus", "De Morgan"),
    ("Michael", "Faraday"),
    ("Caroline", "Herschel"),
    ("Joseph", "Jacquard"),
)

DEVICES = ((2, "Abacus"), (3, "Aeolipile"), (4, "Alembic"), (6, "Altimeter"))


def before(operation: str) -> str:
    """Return the SQL for the data that there is before an operation, given by operationId."""
    rows = {
        "authors": [] if operation == "create_author" else authors(),
        "articles": [] if operation in ("create_author", "create_article") else articles(),
        "tokens": [] if operation in ("create_author", "create_token") else tokens(),
    }
    statements = [
        f"DELETE FROM articles; DELETE FROM tokens WHERE id <> {ADMIN_ID}; DELETE FROM authors"
    ]
    for table, some in rows.items():
        statements.append(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {_next_id(some)}, false)"
        )
        statements += [_insert(table, some)] if some else []
    reader = insertion(NO_SCOPES_TOKEN, id=ADMIN_ID + 1, name="A reader", scopes=())
    return "; ".join([*statements, reader])


def _next_id(rows: list[JSON]) -> int:
    return max((row["id"] for row in rows), default=0) + 1


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


def tokens() -> list[JSON]:
    """Return the token of the Analytical Engine and those of other devices, which nobody has.

    Their names come after those of the reader and the administrator, who ask.
    """
    engine = _shown("/tokens/{token_id}")
    known = engine | _nulls("Token")
    devices = [engine, *(known | {"id": id_, "name": name} for id_, name in DEVICES)]
    return [each | {"digest": f"\\x{each['id']:064x}", "key_id": "none"} for each in devices]


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
