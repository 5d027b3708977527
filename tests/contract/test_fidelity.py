"""The document and the service agree in every word; a false contract is found at its place."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import httpx
import pytest

import generated
from app.database.embedded import EmbeddedPostgres
from app.settings import Settings
from specfirst.conformance.assertions import Assertion
from specfirst.conformance.false_contracts import changed, renamed
from specfirst.conformance.fidelity import Facts, Report, check
from specfirst.contract.json_pointer import REMOVE
from specfirst.contract.model import Contract
from tests.conftest import run_sql
from tests.contract.factories import JSON
from tests.contract.files import told
from tests.contract.live import LIVE
from tests.contract.promises import PROMISES
from tests.contract.refusing import refusing
from tests.problems import CONTRACT, DOCUMENT
from tests.tokens import (
    ADMIN,
    NO_SCOPES,
    NO_SCOPES_TOKEN,
    STORE_ADMIN,
    bearer,
    insertion,
    token,
)

STRANGER = token("stranger")

ROWS = f"""
TRUNCATE articles, authors, tokens, idempotency_keys;
INSERT INTO authors (id, first_name, last_name, created_at, updated_at) OVERRIDING SYSTEM VALUE
SELECT id, 'Ada', md5(id::text), '2026-01-01Z'::timestamptz + id * interval '1 s',
       '2026-02-01Z'::timestamptz + id * 37 % 101 * interval '1 s'
FROM generate_series(1, 101) AS id
UNION ALL SELECT 9223372036854775807, 'Ada', 'Last', now(), now();
INSERT INTO articles (id, title, summary, content, author_id, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT id, md5(id::text), nullif(id % 2, 0)::text, 'Text', 1,
       '2026-01-01Z'::timestamptz + id * interval '1 s',
       '2026-02-01Z'::timestamptz + id * 37 % 101 * interval '1 s'
FROM generate_series(1, 101) AS id
UNION ALL SELECT 9223372036854775807, 'Last', NULL, 'Text', 1, now(), now();
INSERT INTO tokens (id, name, scopes, author_id, created_at, expires_at, last_used_at, digest,
                    key_id)
OVERRIDING SYSTEM VALUE
SELECT id, repeat('a', id % 100 + 1),
       (ARRAY['articles:write', 'authors:write', 'tokens:manage'])[:id % 4],
       nullif(id % 2, 0), '2026-01-01Z'::timestamptz + id * interval '1 s',
       CASE id % 3 WHEN 0 THEN now() + interval '1 h' END,
       CASE id % 5 WHEN 0 THEN now() END, sha256(id::text::bytea), 'none'
FROM generate_series(1, 101) AS id
UNION ALL SELECT 9223372036854775807, 'Last', '{{}}', 9223372036854775807, now(), NULL, NULL,
                 sha256('last'), 'none';
ALTER TABLE authors ALTER COLUMN id RESTART WITH 1000000;
ALTER TABLE articles ALTER COLUMN id RESTART WITH 2000000;
ALTER TABLE tokens ALTER COLUMN id RESTART WITH 3000000;
{STORE_ADMIN};
{insertion(NO_SCOPES_TOKEN, name="Reader", scopes=())};
{insertion(STRANGER, name="Stranger", author_id=2**63 - 1)};
"""


USUAL = {name: field.default for name, field in Settings.model_fields.items()}

FACTS = Facts(
    live=LIVE,
    home=f"http://{USUAL['host']}:{USUAL['port']}",
    package=generated,
    largest_body=USUAL["max_body_bytes"],
    lacking=lambda _: NO_SCOPES,
    stranger=lambda _: bearer(STRANGER),
    promises=PROMISES,
)

pytestmark = pytest.mark.timeout(400)  # seconds; the first test asks about the whole contract

OPERATIONS = list(CONTRACT.by_id)


def restore(url: str) -> None:
    """Make the rows of the examples, the largest ids, over a page, and both kinds of summaries.

    Ids of what is created later begin elsewhere in each table, so that nobody takes one for the
    other.
    """
    asyncio.run(run_sql(url, ROWS))


@pytest.fixture(scope="module")
def api(service: str) -> Iterator[httpx.Client]:
    """A client of the running service, for all tests of this module."""
    with httpx.Client(base_url=service, headers=ADMIN, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def report(api: httpx.Client, postgres: EmbeddedPostgres) -> Iterator[Report]:
    """The whole document against the service, once."""
    with refusing(postgres.url) as others:
        yield check(
            CONTRACT, api, facts=FACTS, restore=partial(restore, postgres.url), others=others
        )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_document_says_of_an_operation_is_true(operation: str, report: Report) -> None:
    findings = [told(finding) for finding in report.findings if finding.operation == operation]

    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


def test_each_word_of_the_document_has_a_counterpart(report: Report) -> None:
    findings = [told(finding) for finding in report.findings if not finding.operation]

    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


@dataclass(frozen=True, kw_only=True)
class FalseContract:
    """A document that differs from what the service does, and where that has to be found."""

    title: str
    contract: Contract
    found: set[str]
    near: str
    """What is asked about: what stands at this pointer, below and above it."""
    through: str | None
    """The operation to ask; None where the answers to the true document suffice."""

    def touches(self, assertion: Assertion) -> bool:
        """Tell whether a assertion is near the false_contract."""
        here, there = f"{assertion.pointer}/", f"{self.near}/"
        return assertion.operation == self.through and (
            here.startswith(there) or there.startswith(here)
        )


def false_contract(
    title: str,
    pointer: str,
    value: object,
    *found: str,
    through: str | None = None,
    near: str | None = None,
) -> FalseContract:
    """Return a document with one other value; it is found there unless told otherwise."""
    near = pointer.rpartition("/")[0] if near is None else near
    return FalseContract(
        title=title,
        contract=Contract(changed(DOCUMENT, pointer, value)),
        found=set(found) or {pointer},
        near=near,
        through=through,
    )


LIMIT, SORT = "/components/parameters/Limit", "/components/schemas/AuthorSort"
AUTHOR, CREATE, UPDATE = (f"/components/schemas/Author{kind}" for kind in ("", "Create", "Update"))
ARTICLE = "/components/schemas/Article"
NAME, ORDERS = (
    f"{CREATE}/properties/first_name",
    DOCUMENT["components"]["schemas"]["AuthorSort"]["enum"],
)
AUTHORS, ONE = "/paths/~1authors", "/paths/~1authors~1{author_id}"
POST, GET, PATCH, DELETE = f"{AUTHORS}/post", f"{ONE}/get", f"{ONE}/patch", f"{ONE}/delete"
PATCH_CONTENT = f"{PATCH}/requestBody/content"
LIST, LINKS = f"{AUTHORS}/get", f"{POST}/responses/201/links"
SECRET: JSON = {"token": []}
AUTHOR_EXAMPLES = {
    f"{place}/content/application~1json/example"
    for place in (
        f"{LIST}/responses/200",
        f"{POST}/responses/201",
        f"{GET}/responses/200",
        f"{PATCH}/responses/200",
    )
}
SUMMARY, WRITER = (
    f"/components/schemas/ArticleCreate/properties/{name}" for name in ("summary", "author_id")
)
EXAMPLE, ARTICLE_EXAMPLE = (
    f"/paths/~1{path}/post/requestBody/content/application~1json/example"
    for path in ("authors", "articles")
)
CURSOR = "/components/schemas/AuthorPage/properties/next_cursor"
HEADER = {"description": "?", "schema": {"type": "string"}}
PROPERTY = {"type": "string", "description": "?"}

FALSE_CONTRACTS = [
    false_contract("a longer text", f"{NAME}/maxLength", 101, through="create_author"),
    false_contract("a shorter text", f"{NAME}/maxLength", 99, through="create_author"),
    false_contract("an empty text", f"{NAME}/minLength", 0, through="create_author"),
    false_contract(
        "no empty text, nor a short one", f"{NAME}/minLength", 2, through="create_author"
    ),
    false_contract(
        "texts of any length", f"{NAME}/maxLength", REMOVE, f"{NAME}/type", through="create_author"
    ),
    false_contract(
        "a text with NUL", f"{NAME}/pattern", REMOVE, f"{NAME}/type", through="create_author"
    ),
    false_contract(
        "a text without spaces", f"{NAME}/pattern", "^[^\\u0000 ]*$", through="create_author"
    ),
    false_contract(
        "a text that is null", f"{NAME}/type", ["string", "null"], through="create_author"
    ),
    false_contract(
        "a number",
        f"{NAME}/type",
        "integer",
        f"{NAME}/type",
        f"{NAME}/examples",
        EXAMPLE,
        through="create_author",
    ),
    false_contract(
        "a property that may be absent",
        f"{CREATE}/required/0",
        REMOVE,
        NAME,
        through="create_author",
        near=CREATE,
    ),
    false_contract(
        "a property that has to be there",
        f"{UPDATE}/required",
        ["last_name"],
        f"{UPDATE}/required/0",
        through="update_author",
        near=UPDATE,
    ),
    false_contract(
        "unknown properties",
        f"{CREATE}/additionalProperties",
        REMOVE,
        CREATE,
        through="create_author",
    ),
    false_contract(
        "a property that is not there",
        f"{CREATE}/properties/nickname",
        PROPERTY,
        through="create_author",
    ),
    false_contract("a bound that nobody checks", f"{NAME}/multipleOf", 5),
    false_contract("an extension", f"{NAME}/x-foo", "bar"),
    false_contract(
        "a body that may be absent", f"{POST}/requestBody/required", False, through="create_author"
    ),
    false_contract(
        "an example that is refused",
        f"{EXAMPLE}/first_name",
        "",
        EXAMPLE,
        through="create_author",
    ),
    false_contract(
        "a summary that is not null", f"{SUMMARY}/type", "string", through="create_article"
    ),
    false_contract("a summary by default", f"{SUMMARY}/default", "None.", through="create_article"),
    false_contract(
        "authors from 2",
        f"{WRITER}/minimum",
        2,
        f"{WRITER}/minimum",
        f"{WRITER}/examples",
        ARTICLE_EXAMPLE,
        through="create_article",
    ),
    false_contract("ids of 32 bits", f"{WRITER}/format", "int32", through="create_article"),
    false_contract("a smaller page", f"{LIMIT}/schema/maximum", 99, through="list_authors"),
    false_contract("a larger page", f"{LIMIT}/schema/maximum", 101, through="list_authors"),
    false_contract("a page of nothing", f"{LIMIT}/schema/minimum", 0, through="list_authors"),
    false_contract(
        "another page by default", f"{LIMIT}/schema/default", 21, through="list_authors"
    ),
    false_contract("a parameter that is needed", f"{LIMIT}/required", True, through="list_authors"),
    false_contract(
        "a parameter of another name", f"{LIMIT}/name", "size", LIMIT, through="list_authors"
    ),
    false_contract(
        "a parameter that is not there",
        f"{LIST}/parameters/3",
        {"$ref": "#/components/parameters/ArticleId"},
        "/components/parameters/ArticleId",
        through="list_authors",
        near="/components/parameters/ArticleId",
    ),
    false_contract(
        "one parameter fewer",
        f"{LIST}/parameters/0",
        REMOVE,
        f"{LIST}/parameters",
        through="list_authors",
    ),
    false_contract(
        "a header as a parameter",
        f"{LIST}/parameters/4",
        {"name": "X-Sort", "in": "header", "schema": {"type": "string"}},
    ),
    false_contract(
        "one order more", f"{SORT}/enum", [*ORDERS, "first_name"], through="list_authors"
    ),
    false_contract("one order fewer", f"{SORT}/enum", ORDERS[:-1], through="list_authors"),
    false_contract(
        "another order by default", f"{SORT}/default", "created_at", through="list_authors"
    ),
    false_contract(
        "an id of nothing",
        "/components/parameters/AuthorId/schema/minimum",
        0,
        through="get_author",
    ),
    false_contract(
        "a smaller id",
        "/components/parameters/AuthorId/schema/maximum",
        2**63 - 2,
        through="get_author",
    ),
    false_contract(
        "cascading by default",
        f"{DELETE}/parameters/1/schema/default",
        True,
        through="delete_author",
    ),
    false_contract("credentials", f"{GET}/security", [SECRET], through="get_author"),
    false_contract(
        "credentials where nothing is said",
        "/paths/~1livez/get/security",
        REMOVE,
        "/security",
        near="",
        through="get_liveness",
    ),
    false_contract(
        "another server", "/servers/0/url", "http://127.0.0.1:8080", through="get_liveness"
    ),
    false_contract("another path of the server", "/servers/1/url", "/v1", through="get_liveness"),
    false_contract(
        "another operationId", f"{GET}/operationId", "read_author", through="read_author"
    ),
    false_contract(
        "a link with another value",
        f"{LINKS}/get_author/parameters/author_id",
        "$response.body#/last_name",
        through="create_author",
    ),
    false_contract(
        "a link to another operation",
        f"{LINKS}/get_author/operationId",
        "delete_author",
        through="create_author",
    ),
    false_contract(
        "a link with another parameter",
        f"{LINKS}/get_author/parameters",
        {"id": "$response.body#/id"},
        f"{LINKS}/get_author/parameters/id",
        through="create_author",
    ),
    FalseContract(
        title="another media type of a patch",
        through="update_author",
        near=f"{PATCH}/requestBody",
        contract=Contract(
            renamed(
                DOCUMENT,
                f"{PATCH}/requestBody/content/application~1merge-patch+json",
                "application/json-patch+json",
            )
        ),
        found={f"{PATCH_CONTENT}/application~1json-patch+json", PATCH_CONTENT},
    ),
    FalseContract(
        title="another media type of an answer",
        through=None,
        near="",
        found={f"{GET}/responses/200/content/application~1hal+json"},
        contract=Contract(
            renamed(
                DOCUMENT, f"{GET}/responses/200/content/application~1json", "application/hal+json"
            )
        ),
    ),
    false_contract(
        "one status more", f"{GET}/responses/409", {"$ref": "#/components/responses/Conflict"}
    ),
    false_contract(
        "one status fewer",
        f"{DELETE}/responses/409",
        REMOVE,
        f"{DELETE}/responses",
        "/components/responses/Conflict",
    ),
    false_contract("a header that is not sent", f"{GET}/responses/200/headers/ETag", HEADER),
    false_contract(
        "a header that is sent",
        f"{POST}/responses/201/headers/Location",
        REMOVE,
        f"{POST}/responses/201/headers",
        "/components/headers/AuthorLocation",
    ),
    false_contract("a header on each answer", "/components/headers/AuthorsLink/required", True),
    false_contract(
        "a header on some answers",
        "/components/headers/AuthorLocation/required",
        REMOVE,
        f"{POST}/responses/201/headers/Location",
    ),
    false_contract(
        "a header in another format",
        "/components/headers/XRequestID/schema/format",
        "date-time",
        "/components/headers/XRequestID/schema/format",
        "/components/headers/XRequestID/example",
    ),
    false_contract(
        "a header that waits no more than nothing",
        "/components/headers/RetryAfter/schema/maximum",
        0,
        "/components/headers/RetryAfter/schema/maximum",
        "/components/headers/RetryAfter/example",
    ),
    false_contract(
        "longer names than there can be", f"{AUTHOR}/properties/first_name/maxLength", 101
    ),
    false_contract("shorter names than there are", f"{AUTHOR}/properties/first_name/maxLength", 99),
    false_contract(
        "larger pages than there are",
        "/components/schemas/AuthorPage/properties/items/maxItems",
        101,
    ),
    false_contract(
        "a format that is not checked",
        "/components/headers/AuthorLocation/schema/format",
        "email",
        "/components/headers/AuthorLocation/schema/format",
        "/components/headers/AuthorLocation/example",
    ),
    false_contract(
        "times that are ids",
        f"{AUTHOR}/properties/created_at/format",
        "uuid",
        f"{AUTHOR}/properties/created_at/format",
        f"{AUTHOR}/properties/created_at/examples/0",
        "/components/schemas/AuthorPage/properties/items/examples/0",
        *AUTHOR_EXAMPLES,
    ),
    false_contract(
        "a cursor that is never null",
        f"{CURSOR}/type",
        "string",
        f"{CURSOR}/type",
        f"{CURSOR}/examples/0",
        f"{LIST}/responses/200/content/application~1json/example",
    ),
    false_contract(
        "a title that may be null", f"{ARTICLE}/properties/title/type", ["string", "null"]
    ),
    false_contract(
        "a property that may be missing", f"{AUTHOR}/required/0", REMOVE, f"{AUTHOR}/properties/id"
    ),
    false_contract("a property that is missing", f"{AUTHOR}/properties/nickname", PROPERTY),
    false_contract(
        "one property fewer",
        f"{AUTHOR}/properties/last_name",
        REMOVE,
        f"{AUTHOR}/properties",
        "/components/schemas/AuthorPage/properties/items/examples/0",
        *AUTHOR_EXAMPLES,
    ),
    false_contract(
        "a name that the server owns",
        f"{AUTHOR}/properties/last_name/readOnly",
        True,
        through="create_author",
    ),
    false_contract(
        "one sign of health more",
        "/components/schemas/Health/properties/status/enum",
        ["ok", "ill"],
    ),
    false_contract(
        "an example with a wrong id",
        f"{GET}/responses/200/content/application~1json/example/id",
        0,
        f"{GET}/responses/200/content/application~1json/example",
    ),
    false_contract("an end that no answer announces", f"{LIST}/x-sunset", "2027-11-22"),
    false_contract(
        "an example of a schema that breaks it", f"{AUTHOR}/properties/id/examples/0", "one"
    ),
    false_contract("a schema that nobody uses", "/components/schemas/Spare", {"type": "string"}),
]


self_test = pytest.mark.self_test_of(
    "test_what_the_document_says_of_an_operation_is_true",
    "test_each_word_of_the_document_has_a_counterpart",
)


@self_test
@pytest.mark.parametrize(
    "false_contract", FALSE_CONTRACTS, ids=[each.title for each in FALSE_CONTRACTS]
)
def test_false_contract_is_found(
    false_contract: FalseContract, report: Report, api: httpx.Client, postgres: EmbeddedPostgres
) -> None:
    rows = partial(restore, postgres.url)

    found = check(
        false_contract.contract,
        api,
        facts=FACTS,
        restore=rows,
        only=false_contract.touches,
        answered=report.exchanges,
    )

    assert found.pointers == false_contract.found, "\n".join(map(str, found.findings))


@self_test
@pytest.mark.parametrize(
    ("since", "sunset", "found"),
    [
        ("@1793491200", "Mon, 01 Nov 2027 00:00:00 GMT", set()),
        ("yes", "Mon, 01 Nov 2027 00:00:00 GMT", {f"{LIST}/x-deprecated-since"}),
        ("@1793491201", "Mon, 01 Nov 2027 00:00:00 GMT", {f"{LIST}/x-deprecated-since"}),
        ("@1793491200", "Mon, 01 Nov 2027 00:00:01 GMT", {f"{LIST}/x-sunset"}),
    ],
)
def test_deprecation_is_announced_by_every_answer(
    report: Report, api: httpx.Client, since: str, sunset: str, found: set[str]
) -> None:
    document = changed(DOCUMENT, f"{LIST}/deprecated", True)
    document["paths"]["/authors"]["get"] |= {
        "x-deprecated-since": "2026-11-01",
        "x-sunset": "2027-11-01",
    }
    headers = {"deprecation": since, "sunset": sunset}
    answered = [
        replace(each, headers=each.headers | headers)
        if (each.method, each.path) == ("GET", "/authors")
        else each
        for each in report.exchanges
    ]

    again = check(
        Contract(document),
        api,
        facts=FACTS,
        restore=lambda: None,
        only=lambda _: False,
        answered=answered,
    )

    assert again.pointers == found, "\n".join(map(str, again.findings))
