"""Large bodies do not hold up other requests, and the number of their values is limited."""

import asyncio
import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from generated.runtime import bodies
from generated.runtime.bodies import SMALL, Content, Json, ReceivedBody
from generated.runtime.json import has_more_values
from generated.runtime.rejections import ErrorDetail
from specfirst.conformance.strategies import reproducible
from tests.conftest import running_service
from tests.problems import problem
from tests.test_hostile import ADA, author, exchange, post

HEADERS = Headers()


def values_in(value: Any) -> int:
    """Count the values of JSON as the contract does."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    is_empty = value in ([], {}) and not isinstance(value, bool)
    return 1 + is_empty + sum(map(values_in, inside))


_texts = st.text(st.sampled_from('[{,"\\ax'), max_size=6)
_values = st.recursive(
    st.none() | st.integers() | _texts,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(_texts, values, max_size=4),
    max_leaves=20,
)


@given(value=_values, spaces=st.booleans())
@reproducible
def test_values_are_counted_without_what_is_in_texts(value: Any, spaces: bool) -> None:
    raw = json.dumps(value, indent=1 if spaces else None).encode()
    count = values_in(value)

    assert not has_more_values(raw, count)
    assert has_more_values(raw, count - 1)


@pytest.mark.parametrize("raw", [b'"', b'"[[[[', b'"\\', b'""""""', b'"\\"', b"", b"\\", b'"[[[["'])
def test_what_is_no_json_is_counted_too(raw: bytes) -> None:
    assert not has_more_values(raw, 4)


def test_texts_that_are_no_values_are_counted_to_a_bound() -> None:
    assert has_more_values(b'""' * 100 + b"[" * 5, 4)


@pytest.mark.parametrize(("size", "is_aside"), [(SMALL, False), (SMALL + 1, True)])
def test_large_body_is_parsed_and_validated_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch, size: int, is_aside: bool
) -> None:
    threads: list[threading.Thread] = []

    def seeing(*_: object) -> object:
        threads.append(threading.current_thread())
        return []

    monkeypatch.setattr(bodies, "parse_json", seeing)
    monkeypatch.setattr(bodies, "validated", seeing)
    content: Content = Json(list[int])
    body = ReceivedBody(content, b"1" * size)
    errors: list[ErrorDetail] = []

    async def read() -> None:
        await body.validated(await body.decode(HEADERS), errors)

    asyncio.run(read())

    assert [thread is not threading.main_thread() for thread in threads] == [is_aside] * 2


def test_event_loop_goes_on_while_a_large_body_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    has_gone_on = threading.Event()
    monkeypatch.setattr(bodies, "parse_json", lambda _: has_gone_on.wait(20))

    async def read() -> object:
        asyncio.get_running_loop().call_later(0.01, has_gone_on.set)
        return await Json(Any).decode(b"1" * (SMALL + 1), HEADERS)

    assert asyncio.run(read()) is True


@pytest.mark.parametrize("padding", [0, SMALL])
def test_limit_of_values_is_a_setting(padding: int) -> None:
    with running_service(command="mock", BLOG_MAX_BODY_VALUES="1000") as url:
        few = exchange(url, post(ADA.ljust(padding)))
        fitting = exchange(url, post(author(b"[%s]" % b",".join([b"1"] * 997)).ljust(padding)))
        many = exchange(url, post(author(b"[%s]" % b",".join([b"1"] * 998)).ljust(padding)))

        unreadable = exchange(
            url, post((b"[" + b"1," * 1000).ljust(padding), target=b"/authors?unknown=1")
        )

    assert (few.status_code, fitting.status_code) == (201, 422)
    problem(unreadable, 413)  # which comes before all that is a 400
    told = problem(many, 413)
    assert (told["type"], told["detail"]) == (
        "/problems/content-too-large",
        "A body may have at most 1000 values.",
    )
