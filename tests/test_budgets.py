"""Each token, or address without one, may make so many requests a minute; then it gets 429."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from app.budgets import SECONDS, Budget, Budgets, Window, caller_at
from app.database.embedded import EmbeddedPostgres
from app.security import Principal
from generated.runtime.rejections import RequestRejected
from tests.conftest import ROOT, run_sql, running_service
from tests.problems import CONTRACT, problem
from tests.servers import HOST, free_port, nginx
from tests.tokens import SCOPES, bearer, insertion, token


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def caller(token_id: int) -> Principal:
    """Return the caller with a token."""
    return Principal(token_id, frozenset(), None)


def request_from(address: str | None) -> Request:
    """Return a request from an address; None on a Unix socket."""
    client = (address, 5000) if address else None
    return Request({"type": "http", "client": client, "headers": [], "state": {}})


def use_up(budget: Budget, caller: str, count: int) -> Window:
    """Make this many requests, all of which have to be allowed; return the caller's window."""
    return [budget.charge(caller) for _ in range(count)][-1]


# --- One budget -----------------------------------------------------------------------------------


def test_request_beyond_the_quota_is_a_429_that_says_when_to_come_back() -> None:
    clock = Clock()
    budget = Budget("token", 3, clock=clock)
    use_up(budget, "a", 3)
    clock.now += 17.5

    with pytest.raises(RequestRejected) as caught:
        budget.charge("a")

    assert caught.value.status == 429
    assert caught.value.headers == {
        "Retry-After": "43",
        "RateLimit": '"token";r=0;t=43',
        "RateLimit-Policy": '"token";q=3;w=60',
    }
    assert caught.value.detail == "This token has used up its requests for this minute."


def test_fields_count_down_from_the_first_request() -> None:
    clock = Clock()
    budget = Budget("address", 10, clock=clock)

    first = budget.fields(budget.charge("a"))["RateLimit"]
    clock.now += 59.9
    second = budget.fields(budget.charge("a"))["RateLimit"]

    assert (first, second) == ('"address";r=9;t=60', '"address";r=8;t=1')


def test_whole_quota_is_back_a_minute_after_the_first_request() -> None:
    clock = Clock()
    budget = Budget("token", 2, clock=clock)
    budget.charge("a")
    clock.now += SECONDS - 1
    budget.charge("a")
    with pytest.raises(RequestRejected):
        budget.charge("a")

    clock.now += 1
    window = use_up(budget, "a", 2)

    assert budget.fields(window)["RateLimit"] == '"token";r=0;t=60'


def test_refused_requests_prolong_nothing() -> None:
    clock = Clock()
    budget = Budget("token", 1, clock=clock)
    budget.charge("a")

    for _ in range(SECONDS - 1):
        clock.now += 1
        with pytest.raises(RequestRejected):
            budget.charge("a")
    clock.now += 1

    budget.charge("a")


def test_callers_do_not_pay_for_each_other() -> None:
    budget = Budget("token", 1, clock=Clock())

    for caller in ("a", "b", 1, None):
        budget.charge(caller)

        with pytest.raises(RequestRejected):
            budget.charge(caller)


def test_number_of_callers_is_limited_and_the_first_to_end_goes() -> None:
    clock = Clock()
    budget = Budget("address", 1, clock=clock, max_callers=3)
    for caller in range(1000):
        clock.now += 0.001
        budget.charge(caller)

    assert budget.callers == 3
    for caller in (997, 998, 999):
        with pytest.raises(RequestRejected):
            budget.charge(caller)
    budget.charge(996)


def test_callers_whose_minute_is_over_are_forgotten() -> None:
    clock = Clock()
    budget = Budget("address", 1, clock=clock)
    for caller in range(100):
        budget.charge(caller)
    clock.now += SECONDS

    for caller in range(100, 150):
        budget.charge(caller)

    assert budget.callers == 50


def test_caller_that_returns_is_not_the_next_to_be_forgotten() -> None:
    clock = Clock()
    budget = Budget("address", 1, clock=clock, max_callers=4)
    for name in ("a", "b", "returns"):
        budget.charge(name)
    clock.now += SECONDS / 2
    budget.charge("first to end")
    clock.now += SECONDS / 2

    for name in ("returns", "c", "d", "e"):
        budget.charge(name)

    with pytest.raises(RequestRejected):
        budget.charge("returns")
    budget.charge("first to end")


# --- Tokens and addresses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:0:0:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_network_of_64_bits_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (caller_at(one) == caller_at(other)) is same


async def test_address_pays_for_requests_without_a_token() -> None:
    budgets = Budgets(per_token=10, per_address=2, clock=Clock())

    for _ in range(2):
        request = request_from("192.0.2.1")
        await budgets.charge_address(request)
        await budgets.charge_token(request, None)

        assert "response_headers" not in request.scope["state"]
    with pytest.raises(RequestRejected, match="This address"):
        await budgets.charge_address(request_from("192.0.2.1"))
    await budgets.charge_address(request_from("192.0.2.2"))


async def test_guessing_of_tokens_is_paid_by_the_address() -> None:
    budgets = Budgets(per_token=10, per_address=2, clock=Clock())

    for _ in range(2):  # what is refused with 401 or 403 never comes to the second call
        await budgets.charge_address(request_from("192.0.2.1"))

    with pytest.raises(RequestRejected, match="address"):
        await budgets.charge_address(request_from("192.0.2.1"))


async def test_token_pays_wherever_it_comes_from_and_its_address_does_not() -> None:
    budgets = Budgets(per_token=6, per_address=2, clock=Clock())

    for turn in range(6):
        request = request_from(f"192.0.2.{turn % 2}")
        await budgets.charge_address(request)
        await budgets.charge_token(request, caller(7))

        headers = dict(request.scope["state"]["response_headers"])
        assert headers[b"ratelimit"] == b'"token";r=%d;t=60' % (5 - turn)
        assert headers[b"ratelimit-policy"] == b'"token";q=6;w=60'
    for _ in range(3):
        request = request_from("192.0.2.1")
        await budgets.charge_address(request)
        with pytest.raises(RequestRejected, match="This token"):
            await budgets.charge_token(request, caller(7))
        assert "response_headers" not in request.scope["state"]


async def test_tokens_at_one_address_do_not_pay_for_each_other() -> None:
    budgets = Budgets(per_token=1, per_address=1, clock=Clock())

    for token_id in range(5):
        request = request_from("192.0.2.1")
        await budgets.charge_address(request)
        await budgets.charge_token(request, caller(token_id))


async def test_peers_without_an_address_are_one_caller() -> None:
    budgets = Budgets(per_token=1, per_address=1, clock=Clock())
    await budgets.charge_address(request_from(None))

    with pytest.raises(RequestRejected):
        await budgets.charge_address(request_from(None))


@pytest.mark.parametrize(("per_token", "per_address"), [(0, 0), (0, 1), (1, 0)])
async def test_budget_of_zero_is_no_limit(per_token: int, per_address: int) -> None:
    budgets = Budgets(per_token=per_token, per_address=per_address, clock=Clock())
    allowed = {"token": 0, "address": 0}

    for paying, principal in (("address", None), ("token", caller(7))):
        with suppress(RequestRejected):
            for _ in range(3):
                request = request_from("192.0.2.1" if principal else "192.0.2.2")
                await budgets.charge_address(request)
                await budgets.charge_token(request, principal)
                allowed[paying] += 1

    assert allowed == {"token": per_token or 3, "address": per_address or 3}


def test_fields_are_structured_fields() -> None:
    budget = Budget("token", 10**9, clock=Clock())

    fields = budget.fields(budget.charge("a"))

    # A List of one String with Integers of at most 15 digits as parameters (RFC 9651).
    item = re.compile(r'"[ -~]+"(;[a-z]+=\d{1,15})+')
    assert fields.keys() == {"RateLimit", "RateLimit-Policy"}
    assert all(item.fullmatch(value) for value in fields.values())


# --- The service ----------------------------------------------------------------------------------

PER_TOKEN, PER_ADDRESS = 4, 3
_numbers = count(1)


@pytest.fixture(scope="module")
def strict(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The base URL of a service with small budgets behind a proxy on this machine."""
    with running_service(
        BLOG_DATABASE_URL=postgres.url,
        BLOG_TOKEN_BUDGET=str(PER_TOKEN),
        BLOG_ADDRESS_BUDGET=str(PER_ADDRESS),
        BLOG_TRUSTED_PROXIES=HOST,
    ) as base_url:
        yield base_url


@pytest.fixture
def stranger(strict: str) -> Iterator[httpx.Client]:
    """A client at an address from which nobody has asked before, without a token."""
    address = f"198.51.100.{next(_numbers)}"
    with httpx.Client(base_url=strict, headers={"X-Forwarded-For": address}) as client:
        yield client


def headers_of_a_new_token(url: str, *scopes: str) -> dict[str, str]:
    """Store a token with which nobody has asked before; return the headers that show it."""
    number = next(_numbers)
    new = token(f"budget {number}")
    row = insertion(new, id=5_000_000_000_000_000_000 + number, scopes=scopes)
    asyncio.run(run_sql(url, row))
    return bearer(new)


def remaining(answer: httpx.Response) -> tuple[str, int]:
    """Return the name and the rest of the budget that a response has, once its fields are right."""
    limit = re.fullmatch(r'"([a-z]+)";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    policy = re.fullmatch(r'"([a-z]+)";q=(\d+);w=60', answer.headers["RateLimit-Policy"])
    assert limit is not None
    assert policy is not None
    assert limit[1] == policy[1]
    assert int(policy[2]) == {"token": PER_TOKEN, "address": PER_ADDRESS}[policy[1]]
    assert 1 <= int(limit[3]) <= SECONDS
    return limit[1], int(limit[2])


def refused(answer: httpx.Response, name: str) -> None:
    """Check that a response is the 429 of a budget."""
    found = problem(answer, 429)
    assert found["type"] == "/problems/too-many-requests"
    assert found["detail"] == f"This {name} has used up its requests for this minute."
    assert remaining(answer) == (name, 0)
    assert answer.headers["RateLimit"].endswith(f";t={answer.headers['Retry-After']}")


def test_address_is_served_until_its_budget_is_used_up(stranger: httpx.Client) -> None:
    answers = [stranger.get("/authors") for _ in range(PER_ADDRESS)]

    assert [answer.status_code for answer in answers] == [200] * PER_ADDRESS
    assert not any("RateLimit" in answer.headers for answer in answers)
    refused(stranger.get("/authors"), "address")
    other = stranger.get("/authors", headers={"X-Forwarded-For": "203.0.113.77"})
    assert other.status_code == 200


def test_token_is_told_what_remains_with_every_response_and_then_refused(
    stranger: httpx.Client, database_url: str
) -> None:
    stranger.headers.update(headers_of_a_new_token(database_url, "authors:write"))
    asked = [
        stranger.get("/authors"),
        stranger.get("/authors/1"),
        stranger.post("/authors", json={}),
        stranger.post("/authors", content="Ada"),
    ]

    assert [answer.status_code for answer in asked] == [200, 404, 422, 415]
    assert [remaining(answer) for answer in asked] == [("token", left) for left in (3, 2, 1, 0)]
    refused(stranger.get("/authors"), "token")
    del stranger.headers["Authorization"]
    assert stranger.get("/authors").status_code == 200  # the token has paid, not the address


@pytest.mark.parametrize(
    "credentials", ["Bearer garbage", f"Bearer {token('of nobody')}", "Basic eA=="]
)
def test_credentials_that_are_refused_count_for_the_address(
    stranger: httpx.Client, database_url: str, credentials: str
) -> None:
    for _ in range(PER_ADDRESS):
        answer = stranger.post("/authors", json={}, headers={"Authorization": credentials})
        assert problem(answer, 401)

    refused(stranger.post("/authors", json={}, headers={"Authorization": credentials}), "address")


def test_missing_scope_is_told_before_the_budget_of_the_token(
    stranger: httpx.Client, database_url: str
) -> None:
    stranger.headers.update(headers_of_a_new_token(database_url))
    for _ in range(PER_TOKEN):
        assert stranger.get("/authors").status_code == 200

    refused(stranger.get("/authors"), "token")
    problem(stranger.post("/authors", json={}), 403)


BUDGETED = [operation for operation in CONTRACT.operations if "429" in operation.responses]


def test_every_operation_but_the_probes_has_a_budget() -> None:
    others = {operation.id for operation in CONTRACT.operations} - {each.id for each in BUDGETED}

    assert others == {"get_liveness", "get_readiness"}


@pytest.mark.parametrize("name", ["address", "token"])
def test_every_operation_is_refused_before_anything_else_is_looked_at(
    stranger: httpx.Client, database_url: str, name: str
) -> None:
    if name == "token":
        stranger.headers.update(headers_of_a_new_token(database_url, *SCOPES))
    for _ in range(PER_TOKEN if name == "token" else PER_ADDRESS):
        stranger.get("/authors").raise_for_status()

    for operation in BUDGETED:
        path = re.sub("{.+?}", "none", operation.path)
        answer = stranger.request(operation.method, f"{path}?colour=red", content=b"\xff")
        refused(answer, name)


def test_what_is_no_operation_and_the_probes_have_no_budget(stranger: httpx.Client) -> None:
    for _ in range(PER_ADDRESS):
        stranger.get("/authors").raise_for_status()
    refused(stranger.get("/authors"), "address")

    assert stranger.get("/livez").status_code == 200
    assert stranger.get("/readyz").status_code == 200
    assert stranger.get("/openapi.json").status_code == 200
    assert stranger.options("/authors").status_code == 204
    problem(stranger.get("/nowhere"), 404)
    problem(stranger.put("/authors"), 405)


def test_address_is_not_what_anybody_claims(postgres: EmbeddedPostgres) -> None:
    with (
        running_service(
            BLOG_DATABASE_URL=postgres.url, BLOG_ADDRESS_BUDGET=str(PER_ADDRESS)
        ) as base_url,
        httpx.Client(base_url=base_url) as client,
    ):
        for number in range(PER_ADDRESS):
            header = {"X-Forwarded-For": f"192.0.2.{number}"}
            assert client.get("/authors", headers=header).status_code == 200

        refused(client.get("/authors", headers={"X-Forwarded-For": "192.0.2.99"}), "address")


# --- In nginx -------------------------------------------------------------------------------------


@contextmanager
def limited(folder: Path, server: str) -> Iterator[str]:
    """Run nginx with the limits in the documentation in front of a server, but slower, so that
    nobody gets more while a test runs; yield its base URL.
    """
    page = (ROOT / "docs" / "proxies.md").read_text("utf-8")
    documented = page.partition("### A shared budget")[2].split("```")[1]
    port = free_port()
    documented = re.sub(r"rate=\d+r/s", "rate=1r/m", documented)
    proxied = f"proxy_pass http://{server}/; proxy_set_header Host $http_host;"
    documented = documented.replace("# proxy_pass and the headers as above", proxied)
    documented = documented.replace("server {", f"server {{ listen {HOST}:{port};")
    with nginx(folder, documented, port=port):
        yield f"http://{HOST}:{port}/apis/blog"


def test_nginx_counts_for_all_processes_and_refuses_as_the_service_does(
    service: str, tmp_path: Path
) -> None:
    with (
        limited(tmp_path, service.removeprefix("http://")) as base_url,
        httpx.Client(base_url=base_url) as client,
    ):

        def statuses(number: int, **headers: str) -> list[int]:
            answers = [client.get("/livez", headers=headers) for _ in range(number)]
            for answer in answers:
                if answer.status_code == 429:
                    problem(answer, 429)
                    assert answer.headers.keys() >= {"retry-after", "ratelimit", "ratelimit-policy"}
            return [answer.status_code for answer in answers]

        by_token = statuses(130, Authorization="Bearer one")
        by_another = statuses(20, Authorization="Bearer another")
        by_address = statuses(200)

    assert by_token == [200] * 101 + [429] * 29
    assert by_another == [200] * 20
    assert by_address == [200] * 180 + [429] * 20  # 301 together
