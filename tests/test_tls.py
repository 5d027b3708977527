"""The service on a PostgreSQL that wants TLS, as Debian packages it: the wheel's has none."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import migrate_for_tests, running_service
from tests.problems import problem
from tests.servers import Certificates, PostgreSQL, postgresql
from tests.tokens import ADMIN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[PostgreSQL]:
    """A migrated server that lets nobody in without TLS."""
    with postgresql(tls=certificates) as server:
        migrate_for_tests(
            server.url(sslmode="verify-full", sslrootcert=certificates.authority, host="localhost")
        )
        yield server


def test_service_works_over_tls_and_names_itself_to_the_server(
    server: PostgreSQL, certificates: Certificates
) -> None:
    url = server.url(
        host="localhost",
        sslmode="verify-full",
        sslrootcert=certificates.authority,
        application_name="the blog",
    )
    with (
        running_service(BLOG_DATABASE_URL=url) as base_url,
        httpx.Client(base_url=base_url, headers=ADMIN, timeout=30) as client,
    ):
        ready = client.get("/readyz")
        created = client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"})
        read = client.get(created.headers["Location"])
        sessions = server.execute(
            "SELECT FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND "
            "application_name = 'the blog'"
        )

    assert (ready.status_code, created.status_code, read.json()) == (200, 201, created.json())
    assert sessions != "SELECT 0"


@pytest.mark.parametrize(
    "parameters", [{"sslmode": "disable"}, {"sslmode": "verify-ca", "sslrootcert": "client"}]
)
def test_service_without_tls_or_trust_answers_503(
    server: PostgreSQL, certificates: Certificates, parameters: dict[str, str]
) -> None:
    url = server.url(
        **{name: str(getattr(certificates, value, value)) for name, value in parameters.items()}
    )

    with running_service(BLOG_DATABASE_URL=url) as base_url:
        answers = [httpx.get(f"{base_url}{path}", timeout=30) for path in ("/readyz", "/authors")]

    for answer in answers:
        problem(answer, 503)
