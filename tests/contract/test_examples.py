"""The examples of the contract are true; and one that is not is found out, at the right place."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from app.database.embedded import EmbeddedPostgres
from app.settings import Settings
from specfirst.conformance.assertions import Finding
from specfirst.conformance.examples import check
from specfirst.conformance.false_contracts import changed
from specfirst.contract.json_pointer import REMOVE
from specfirst.contract.model import Contract
from tests.conftest import run_sql
from tests.contract import story
from tests.contract.files import told
from tests.contract.live import LIVE
from tests.contract.refusing import Others, refusing
from tests.contract.story import JSON
from tests.problems import CONTRACT, DOCUMENT
from tests.tokens import ADMIN, NO_SCOPES

pytestmark = pytest.mark.timeout(400)  # seconds; the first test asks about the whole contract

OPERATIONS = list(CONTRACT.by_id)
LARGEST_BODY = Settings.model_fields["max_body_bytes"].default


def tell(url: str, operation: str) -> JSON:
    """Make the data for the examples of an operation; return values for bare parameters."""
    asyncio.run(run_sql(url, story.before(operation)))
    return story.BARE


@pytest.fixture(scope="module")
def others(postgres: EmbeddedPostgres) -> Iterator[Others]:
    """Clients of services that only refuse."""
    with refusing(postgres.url) as clients:
        yield clients


@pytest.fixture(scope="module")
def api(service: str) -> Iterator[httpx.Client]:
    """A client of the running service, for all tests of this module."""
    with httpx.Client(base_url=service, headers=ADMIN, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def findings(api: httpx.Client, others: Others, postgres: EmbeddedPostgres) -> list[Finding]:
    """What the service says to all examples, once."""
    return check(
        CONTRACT,
        api,
        others=others,
        lacking=lambda _: NO_SCOPES,
        story=partial(tell, postgres.url),
        largest_body=LARGEST_BODY,
        live=LIVE,
        hint=story.hint,
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_examples_of_an_operation_are_true(operation: str, findings: list[Finding]) -> None:
    found = [told(finding) for finding in findings if finding.operation == operation]

    if found:
        pytest.fail("\n".join(found), pytrace=False)


@dataclass(frozen=True, kw_only=True)
class FalseContract:
    """A document with one example that is not true, and where that has to be found."""

    title: str
    contract: Contract
    through: str
    """The operation to ask."""
    found: set[str]


def false_contract(
    title: str, through: str, pointer: str, value: object, *found: str
) -> FalseContract:
    """Return a document with one other value; it is found there unless told otherwise."""
    return FalseContract(
        title=title,
        contract=Contract(changed(DOCUMENT, pointer, value)),
        through=through,
        found=set(found) or {pointer},
    )


AUTHORS, AUTHOR = "/paths/~1authors", "/paths/~1authors~1{author_id}"
LIST, CREATE, GET, DELETE = f"{AUTHORS}/get", f"{AUTHORS}/post", f"{AUTHOR}/get", f"{AUTHOR}/delete"
PARAMETERS, SCHEMAS, RESPONSES = (
    f"/components/{kind}" for kind in ("parameters", "schemas", "responses")
)
JSON_BODY, PROBLEM = "content/application~1json", "content/application~1problem+json/example"
LISTED, CREATED, GOT = f"{LIST}/responses/200", f"{CREATE}/responses/201", f"{GET}/responses/200"
SORT = f"{LIST}/parameters/2"
CURSOR_OF_ARTICLES = DOCUMENT["paths"]["/articles"]["get"]["parameters"][1]["example"]

FALSE_CONTRACTS = [
    false_contract(
        "a cursor of another list",
        "list_authors",
        f"{LIST}/parameters/1/example",
        CURSOR_OF_ARTICLES,
    ),
    false_contract(
        "an order of another cursor",
        "list_authors",
        f"{SORT}/example",
        "created_at",
        f"{LIST}/parameters/1/example",
    ),
    false_contract(
        "no order with the cursor",
        "list_authors",
        f"{SORT}/example",
        REMOVE,
        f"{LIST}/parameters/1/example",
    ),
    false_contract("a limit that is refused", "list_authors", f"{PARAMETERS}/Limit/example", 101),
    false_contract(
        "a default that is refused", "list_authors", f"{PARAMETERS}/Limit/schema/default", 0
    ),
    false_contract(
        "a limit of another page",
        "list_authors",
        f"{PARAMETERS}/Limit/example",
        5,
        "/components/headers/AuthorsLink/example",
    ),
    false_contract("an id of nobody", "get_author", f"{PARAMETERS}/AuthorId/example", 99),
    false_contract(
        "an id of somebody else",
        "get_author",
        f"{PARAMETERS}/AuthorId/example",
        2,
        f"{GOT}/{JSON_BODY}/example",
    ),
    false_contract(
        "a deletion that is refused", "delete_author", f"{DELETE}/parameters/1/example", "yes"
    ),
    false_contract(
        "a body that is refused",
        "create_author",
        f"{CREATE}/requestBody/{JSON_BODY}/example/first_name",
        "",
        f"{CREATE}/requestBody/{JSON_BODY}/example",
    ),
    false_contract(
        "a body that is answered otherwise",
        "create_author",
        f"{CREATE}/requestBody/{JSON_BODY}/example/first_name",
        "Augusta",
        f"{CREATED}/{JSON_BODY}/example",
    ),
    false_contract(
        "a property that is refused",
        "create_author",
        f"{SCHEMAS}/AuthorCreate/properties/first_name/examples",
        ["Ada", ""],
        f"{SCHEMAS}/AuthorCreate/properties/first_name/examples/1",
    ),
    false_contract(
        "a page of something else",
        "list_authors",
        f"{LISTED}/{JSON_BODY}/example/items/0/id",
        2,
        f"{LISTED}/{JSON_BODY}/example",
        f"{SCHEMAS}/AuthorPage/properties/items/examples/0",
    ),
    false_contract(
        "a page that is not the last",
        "list_authors",
        f"{LISTED}/{JSON_BODY}/example/next_cursor",
        CURSOR_OF_ARTICLES,
        f"{LISTED}/{JSON_BODY}/example",
        f"{SCHEMAS}/AuthorPage/properties/next_cursor/examples/0",
    ),
    false_contract(
        "a property that is not answered",
        "get_author",
        f"{GOT}/{JSON_BODY}/example/born",
        1815,
        f"{GOT}/{JSON_BODY}/example",
    ),
    false_contract(
        "a creation that is a change",
        "create_author",
        f"{CREATED}/{JSON_BODY}/example/updated_at",
        "2026-01-06T10:30:00Z",
        f"{CREATED}/{JSON_BODY}/example",
    ),
    false_contract(
        "a place of something else",
        "create_author",
        "/components/headers/AuthorLocation/example",
        "/authors/2",
    ),
    false_contract(
        "a link to no next page",
        "list_authors",
        "/components/headers/AuthorsLink/example",
        '</authors?cursor=e30>; rel="next"',
    ),
    false_contract(
        "another time to wait", "get_readiness", "/components/headers/RetryAfter/example", 2
    ),
    false_contract(
        "a link to nobody",
        "create_author",
        f"{CREATED}/links/get_author/parameters/author_id",
        99,
        f"{CREATED}/links/get_author",
    ),
    false_contract(
        "a name that no answer shows",
        "get_author",
        f"{SCHEMAS}/Author/properties/first_name/examples",
        ["Grace"],
        f"{SCHEMAS}/Author/properties/first_name/examples/0",
    ),
    false_contract(
        "a problem of another operation",
        "create_author",
        f"{CREATE}/responses/400",
        {"$ref": f"#{RESPONSES}/BadPageRequest"},
        f"{RESPONSES}/BadPageRequest/{PROBLEM}",
    ),
    false_contract(
        "a problem in other words",
        "delete_author",
        f"{RESPONSES}/Conflict/{PROBLEM}/detail",
        "Ada writes.",
        f"{RESPONSES}/Conflict/{PROBLEM}",
    ),
    false_contract(
        "a problem of another type",
        "delete_author",
        f"{RESPONSES}/Conflict/{PROBLEM}/type",
        "/problems/conflict",
        f"{RESPONSES}/Conflict/{PROBLEM}",
    ),
    false_contract(
        "a problem of another status",
        "delete_author",
        f"{RESPONSES}/Conflict/{PROBLEM}/status",
        404,
        f"{RESPONSES}/Conflict/{PROBLEM}",
    ),
    false_contract(
        "a problem with another path",
        "delete_author",
        f"{RESPONSES}/Conflict/{PROBLEM}/instance",
        "/articles/1",
        f"{RESPONSES}/Conflict/{PROBLEM}",
    ),
    false_contract(
        "a problem at another place",
        "create_article",
        f"{RESPONSES}/UnknownAuthor/{PROBLEM}/errors/0/pointer",
        "/title",
        f"{RESPONSES}/UnknownAuthor/{PROBLEM}",
    ),
    false_contract(
        "a place in other words",
        "create_author",
        f"{RESPONSES}/UnprocessableAuthor/{PROBLEM}/errors/0/detail",
        "Too long",
        f"{RESPONSES}/UnprocessableAuthor/{PROBLEM}",
    ),
    false_contract(
        "a problem with one place more",
        "create_author",
        f"{RESPONSES}/UnprocessableAuthor/{PROBLEM}/errors/1",
        {"in": "body", "pointer": "/first_name", "detail": "Field required"},
        f"{RESPONSES}/UnprocessableAuthor/{PROBLEM}",
    ),
]


@pytest.mark.self_test_of("test_the_examples_of_an_operation_are_true")
@pytest.mark.parametrize(
    "false_contract", FALSE_CONTRACTS, ids=[each.title for each in FALSE_CONTRACTS]
)
def test_false_example_is_found(
    false_contract: FalseContract, api: httpx.Client, others: Others, postgres: EmbeddedPostgres
) -> None:
    told = partial(tell, postgres.url)

    found = check(
        false_contract.contract,
        api,
        others=others,
        lacking=lambda _: NO_SCOPES,
        story=told,
        largest_body=LARGEST_BODY,
        live=LIVE,
        only={false_contract.through},
    )

    assert {each.pointer for each in found} == false_contract.found, "\n".join(map(str, found))


@pytest.mark.self_test_of("test_the_examples_of_an_operation_are_true")
@pytest.mark.parametrize(("charles", "found"), [("Charles", False), ("Ada", True)])
def test_examples_of_one_name_belong_together(
    charles: str, found: bool, api: httpx.Client, others: Others, postgres: EmbeddedPostgres
) -> None:
    document = changed(DOCUMENT, f"{PARAMETERS}/AuthorId/example", REMOVE)
    document["components"]["parameters"]["AuthorId"]["examples"] = {
        "ada": {"value": 1},
        "charles": {"value": 2},
    }
    media = document["paths"]["/authors/{author_id}"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]
    ada = media.pop("example")
    other = story.authors()[1] | {"first_name": charles}
    media["examples"] = {"ada": {"value": ada}, "charles": {"value": other}}
    told = partial(tell, postgres.url)

    findings = check(
        Contract(document),
        api,
        others=others,
        lacking=lambda _: NO_SCOPES,
        story=told,
        largest_body=LARGEST_BODY,
        live=LIVE,
        only={"get_author"},
    )

    assert {each.pointer for each in findings} == (
        {f"{GOT}/{JSON_BODY}/examples/charles/value"} if found else set()
    )


@pytest.mark.self_test_of("test_the_examples_of_an_operation_are_true")
def test_a_problem_with_two_wrong_places_is_provoked(
    api: httpx.Client, others: Others, postgres: EmbeddedPostgres
) -> None:
    place = f"{RESPONSES}/UnprocessableAuthor/{PROBLEM}"
    [last_name] = DOCUMENT["components"]["responses"]["UnprocessableAuthor"]["content"][
        "application/problem+json"
    ]["example"]["errors"]
    both = changed(DOCUMENT, f"{place}/errors", [last_name | {"pointer": "/first_name"}, last_name])
    both["components"]["responses"]["UnprocessableAuthor"]["content"]["application/problem+json"][
        "example"
    ]["detail"] = "The request does not fit its description in 2 places."
    told = partial(tell, postgres.url)

    found = check(
        Contract(both),
        api,
        others=others,
        lacking=lambda _: NO_SCOPES,
        story=told,
        largest_body=LARGEST_BODY,
        live=LIVE,
        only={"create_author"},
    )

    assert [each for each in found if each.pointer == place] == []
