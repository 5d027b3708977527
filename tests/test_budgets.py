"""Each token, or address without one, may make so many requests a minute; then it gets 429."""

import re
from contextlib import suppress

import pytest
from starlette.requests import Request

from app.budgets import SECONDS, Budget, Budgets, Window, caller_at
from app.security import Principal
from generated.runtime.rejections import RequestRejected


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
    assert "3 requests" in caught.value.detail
    assert "43 seconds" in caught.value.detail


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
    budget = Budget("address", 1, clock=clock, max_callers=2)
    budget.charge("returns")
    clock.now += SECONDS
    budget.charge("other")
    budget.charge("returns")

    budget.charge("third")

    with pytest.raises(RequestRejected):
        budget.charge("returns")


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
    with pytest.raises(RequestRejected, match="This address may make 2 requests"):
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
        with pytest.raises(RequestRejected, match="This token may make 6 requests"):
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
