"""What every operation of the contract refuses; an operation that is added is asked by itself."""

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.examples import EXAMPLES, Example
from tests.problems import problem

LARGEST = 2 * 1024 * 1024  # bytes; the default of BLOG_MAX_BODY_BYTES

every = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
with_body = pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if each.media_type], ids=lambda example: example.name
)
with_id = pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if each.path.endswith("/1")], ids=lambda example: example.name
)


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[httpx.Client]:
    """A client of the running service; nothing here minds what is stored, so nothing is emptied."""
    with httpx.Client(base_url=service, timeout=30) as client:
        yield client


@every
def test_query_parameter_that_is_not_described_is_a_400(client: httpx.Client, example: Example) -> None:
    problem(example.send(client, query={"undescribed": "1"}), 400)


@with_body
def test_media_type_that_is_not_described_is_a_415(client: httpx.Client, example: Example) -> None:
    problem(example.send(client, media_type="text/plain"), 415)


@with_body
def test_body_over_the_limit_is_a_413(client: httpx.Client, example: Example) -> None:
    problem(example.send(client, body=example.body.ljust(LARGEST + 1)), 413)


@with_body
def test_body_that_is_cut_off_is_a_400(client: httpx.Client, example: Example) -> None:
    problem(example.send(client, body=example.body[:-1]), 400)


@with_body
def test_body_that_is_no_object_is_a_422(client: httpx.Client, example: Example) -> None:
    problem(example.send(client, body=b"[]"), 422)


@with_id
@pytest.mark.usefixtures("database_url")
def test_id_of_nothing_is_a_404(client: httpx.Client, example: Example) -> None:
    problem(example.send(client), 404)
