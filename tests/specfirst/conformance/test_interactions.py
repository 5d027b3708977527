"""The requests made without hints: resources by links, credentials by a hook, pages by `Link`."""

from dataclasses import replace

import httpx
import pytest

from specfirst.conformance import interactions
from specfirst.conformance.interactions import SHAPE, Service, accepts, nobody
from specfirst.conformance.validator import Exchange, ResponseValidator
from specfirst.contract.model import Contract

THING = {"type": "object", "properties": {"id": {"type": "integer"}}}
PROBLEM = {"type": "object", "required": ["oops"], "properties": {"oops": {"type": "string"}}}
CREATED = {
    "content": {"application/json": {"schema": THING}},
    "links": {
        "get_thing": {"operationId": "get_thing", "parameters": {"thing_id": "$response.body#/id"}}
    },
}
CONTRACT = Contract(
    {
        "openapi": "3.1.0",
        "security": [{"token": []}],
        "paths": {
            "/things": {
                "get": {
                    "operationId": "list_things",
                    "responses": {"200": {"description": "All."}},
                },
                "post": {
                    "operationId": "create_thing",
                    "requestBody": {"content": {"application/json": {"example": {"name": "one"}}}},
                    "responses": {"201": CREATED},
                },
            },
            "/things/{thing_id}": {
                "get": {
                    "operationId": "get_thing",
                    "parameters": [
                        {"name": "thing_id", "in": "path", "schema": {"type": "integer"}}
                    ],
                    "responses": {
                        "404": {"content": {"application/problem+json": {"schema": PROBLEM}}}
                    },
                }
            },
        },
    }
)


def client(*, pages: int = 3) -> httpx.Client:
    """Return a client of a service that has things on so many pages, and takes one token."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            is_allowed = request.headers.get("authorization") == "Bearer secret"
            return httpx.Response(201 if is_allowed else 401, json={"id": 7})
        if request.url.path != "/things":
            return httpx.Response(200, json={"id": request.url.path.rpartition("/")[2]})
        number = int(request.url.params.get("after", 0)) + 1
        following = {"Link": f'</things?after={number}>; rel="next"'}
        return httpx.Response(200, json=[], headers=following if number < pages else {})

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://service")


def test_what_a_path_names_is_made_as_the_links_say_with_the_credentials_of_the_hook() -> None:
    service = Service(
        CONTRACT, client(), live={}, log_in=lambda _: {"Authorization": "Bearer secret"}
    )

    request = service.request(CONTRACT.by_id["get_thing"])

    assert request.path == {"thing_id": 7}
    assert service.send(request).json() == {"id": "7"}


def test_hook_wins_over_the_links() -> None:
    service = Service(CONTRACT, client(), live={"thing_id": lambda _: 8}, log_in=nobody)

    assert service.request(CONTRACT.by_id["get_thing"]).path == {"thing_id": 8}


def test_request_without_credentials_has_none() -> None:
    service = Service(
        CONTRACT, client(), live={}, log_in=lambda _: {"Authorization": "Bearer secret"}
    )
    request = service.request(CONTRACT.by_id["create_thing"])

    statuses = [
        service.send(each).status_code for each in (request, replace(request, is_logged_in=False))
    ]

    assert statuses == [201, 401]


@pytest.mark.parametrize(
    ("pages", "asked"), [(1, 1), (3, 3), (100, 6)], ids=["one", "all", "no end"]
)
def test_list_is_followed_to_its_end_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, pages: int, asked: int
) -> None:
    monkeypatch.setattr(interactions, "MOST_PAGES", 5)
    service = Service(CONTRACT, client(pages=pages), live={}, log_in=nobody)

    service.send_to_the_last_page(service.request(CONTRACT.by_id["list_things"]))

    assert len(service.exchanges) == asked


@pytest.mark.parametrize(
    ("type_", "is_accepted"),
    [
        ("about:blank", False),
        ("https://example.com/bad-request", False),
        ("https://example.com/name-taken", True),
    ],
)
def test_problem_with_the_shape_of_a_request_is_told_by_its_type(
    type_: str, is_accepted: bool
) -> None:
    answer = httpx.Response(
        400, json={"type": type_}, headers={"content-type": "application/problem+json"}
    )

    assert accepts(answer, shape=SHAPE) is is_accepted


def test_problem_where_there_is_no_operation_has_the_schema_of_the_documented_ones() -> None:
    headers = {"content-type": "application/problem+json"}
    wrong = Exchange(method="GET", path="/nowhere", status=404, headers=headers, body=b"{}")

    _, violations = ResponseValidator(CONTRACT).validate(wrong)
    _, none = ResponseValidator(CONTRACT).validate(replace(wrong, body=b'{"oops":"no such path"}'))

    assert ['"oops" is a required property' in each.wrong for each in violations] == [True]
    assert none == []
