"""Request budgets: how many requests a minute a token may make, or an address without a token.

Budgets are in memory, one for each process, and for a limited number of callers. A budget that all
processes share belongs in the proxy; docs/proxies.md shows one.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from itertools import islice
from math import ceil

from starlette.requests import Request

from app.security import Principal
from generated.runtime.rejections import RequestRejected

SECONDS = 60
"""How long a window is."""

MAX_CALLERS = 100_000
"""How many callers each budget remembers; about 20 MB. One caller more replaces the one whose
window is the first to end.
"""


@dataclass(slots=True)
class Window:
    """The requests of one caller until a time of the clock."""

    ends: float
    used: int = 0


class Budget:
    """A number of requests a minute for each caller.

    The minute of a caller begins with its first request, so callers do not all return at the same
    moment.
    """

    def __init__(
        self,
        name: str,
        quota: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_callers: int = MAX_CALLERS,
    ) -> None:
        self._name = name
        self._quota = quota
        self._clock = clock
        self._max_callers = max_callers
        self._windows: OrderedDict[Hashable, Window] = OrderedDict()  # the first to end is first

    @property
    def callers(self) -> int:
        """The number of callers that are remembered."""
        return len(self._windows)

    def charge(self, caller: Hashable) -> Window:
        """Count a request of a caller, and return its window for `refund` and `fields`.

        Raises `RequestRejected` with 429 if the caller has used up its budget.
        """
        now = self._clock()
        window = self._windows.get(caller)
        if window is None or window.ends <= now:
            window = self._open(caller, now)
        if window.used >= self._quota:
            raise too_many_requests(
                self._name, quota=self._quota, seconds=self._seconds_left(window)
            )
        window.used += 1
        return window

    def refund(self, window: Window) -> None:
        """Take back a request that another budget counts."""
        window.used -= 1

    def fields(self, window: Window) -> dict[str, str]:
        """Return the header fields of a response about a window."""
        remaining, seconds = self._quota - window.used, self._seconds_left(window)
        return _fields(self._name, quota=self._quota, remaining=remaining, seconds=seconds)

    def _open(self, caller: Hashable, now: float) -> Window:
        self._windows.pop(caller, None)
        self._forget(now)
        self._windows[caller] = window = Window(now + SECONDS)
        return window

    def _forget(self, now: float) -> None:
        """Forget up to two windows that have ended: no request shall wait until all are gone."""
        for window in list(islice(self._windows.values(), 2)):
            if window.ends <= now or len(self._windows) >= self._max_callers:
                self._windows.popitem(last=False)

    def _seconds_left(self, window: Window) -> int:
        return max(1, ceil(window.ends - self._clock()))  # the clock does not wait


def too_many_requests(name: str, *, quota: int, seconds: int) -> RequestRejected:
    """Return the refusal (429) for a caller whose budget is used up for so many seconds."""
    return RequestRejected(
        429,
        f"This {name} has used up its requests for this minute.",
        headers={
            "Retry-After": str(seconds),
            **_fields(name, quota=quota, remaining=0, seconds=seconds),
        },
    )


def _fields(name: str, *, quota: int, remaining: int, seconds: int) -> dict[str, str]:
    """Return the header fields about a budget (draft-ietf-httpapi-ratelimit-headers-11)."""
    return {
        "RateLimit": f'"{name}";r={remaining};t={seconds}',
        "RateLimit-Policy": f'"{name}";q={quota};w={SECONDS}',
    }


class Budgets:
    """Charges the token of a request, or its address if it has none.

    The address pays first, which limits the guessing of tokens, and gets the request back when its
    token is known.
    """

    def __init__(
        self, *, per_token: int, per_address: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Create budgets of so many requests a minute; 0 for no limit."""
        self._tokens = Budget("token", per_token, clock=clock) if per_token else None
        self._addresses = Budget("address", per_address, clock=clock) if per_address else None

    async def charge_address(self, request: Request) -> None:
        """Charge the address of a request. Raises `RequestRejected` with 429."""
        if self._addresses is not None:
            client = request.scope.get("client")
            window = self._addresses.charge(caller_at(client[0]) if client else None)
            request.scope["state"]["address_window"] = window

    async def charge_token(self, request: Request, principal: Principal | None) -> None:
        """Charge the token of a request instead of its address, if it has one; the response then
        says what remains. Raises `RequestRejected` with 429.
        """
        if principal is None:
            return
        state = request.scope["state"]
        if self._addresses is not None:
            self._addresses.refund(state["address_window"])
        if self._tokens is not None:
            window = self._tokens.charge(principal.token_id)
            state["response_headers"] = [
                (name.lower().encode(), value.encode())
                for name, value in self._tokens.fields(window).items()
            ]


@lru_cache(4096)
def caller_at(address: str) -> Hashable:
    """Return what counts as one address: an IPv4 address, or a network of 64 bits in IPv6, which
    one customer usually has as a whole.
    """
    if ":" not in address:
        return address
    parsed = IPv6Address(address)
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else parsed.packed[:8]
