"""What every operation of the contract refuses; an operation that is added is asked by itself."""

from collections.abc import Iterator

import httpx
import pytest

from specfirst.conformance.samples import Sample, samples
from tests.problems import CONTRACT, problem
from tests.tokens import ADMIN

LARGEST = 2 * 1024 * 1024  # bytes; the default of BLOG_MAX_BODY_BYTES

SAMPLES = samples(CONTRACT)

every = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
with_body = pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if each.media_type], ids=lambda sample: sample.name
)
with_id = pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if each.path.endswith("/1")], ids=lambda sample: sample.name
)


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[httpx.Client]:
    """A client of the running service; nothing here minds what is stored, so nothing is emptied."""
    with httpx.Client(base_url=service, headers=ADMIN, timeout=30) as client:
        yield client


@every
def test_query_parameter_that_is_not_described_is_a_400(
    client: httpx.Client, sample: Sample
) -> None:
    problem(sample.send(client, query={"undescribed": "1"}), 400)


@with_body
def test_media_type_that_is_not_described_is_a_415(client: httpx.Client, sample: Sample) -> None:
    problem(sample.send(client, media_type="text/plain"), 415)


@with_body
def test_body_over_the_limit_is_a_413(client: httpx.Client, sample: Sample) -> None:
    problem(sample.send(client, body=sample.body.ljust(LARGEST + 1)), 413)


@with_body
def test_body_that_is_cut_off_is_a_400(client: httpx.Client, sample: Sample) -> None:
    problem(sample.send(client, body=sample.body[:-1]), 400)


@with_body
def test_body_that_is_no_object_is_a_422(client: httpx.Client, sample: Sample) -> None:
    problem(sample.send(client, body=b"[]"), 422)


@with_id
@pytest.mark.usefixtures("database_url")
def test_id_of_nothing_is_a_404(client: httpx.Client, sample: Sample) -> None:
    problem(sample.send(client), 404)
