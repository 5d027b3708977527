"""The last released version serves on the newest schema: deploys need no break (expand, contract).

The code of the release is in this folder (`dump.py`). Its dependencies are those of today.
"""

import asyncio
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app.database import migrate
from app.database.embedded import EmbeddedPostgres
from tests.conftest import run_sql, without_settings
from tests.migrations.dump import FOLDER
from tests.reliability.harness import check, hammering, serving, settle
from tests.tokens import ADMIN, STORE_ADMIN

pytestmark = pytest.mark.slow

HEADERS = {**ADMIN, "If-Match": "*"}  # which 0.1.0 ignores
PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it was released."""
    [archive] = FOLDER.glob("*.tar.xz")
    project = tmp_path_factory.mktemp("release")
    with tarfile.open(archive) as members:
        members.extractall(project, filter="data")
    return project


@pytest.fixture
def url(postgres: EmbeddedPostgres, release: Path) -> Iterator[str]:
    """A database with the schema of the release."""
    asyncio.run(run_sql(postgres.url, "CREATE DATABASE released"))
    url = postgres.url.replace("/blog?", "/released?")
    environment = without_settings(release) | {"BLOG_DATABASE_URL": url}
    command = [sys.executable, "-m", "app", "migrate"]
    subprocess.run(command, cwd=release, env=environment, check=True, capture_output=True)
    with suppress(asyncpg.UndefinedTableError):  # before 0.2.0 there were no tokens
        asyncio.run(run_sql(url, STORE_ADMIN))
    yield url
    asyncio.run(run_sql(postgres.url, "DROP DATABASE released WITH (FORCE)"))


def test_released_version_goes_on_while_and_after_the_database_is_migrated(
    release: Path, url: str, record_property: Any
) -> None:
    with (
        serving(url, project=release) as service,
        hammering(service.base_url, record_property=record_property) as writers,
    ):
        migrate.upgrade(url)
        writers.ledger.faults += 1
        writers.wait_for_success(20)

        with httpx.Client(base_url=service.base_url, headers=HEADERS, timeout=30) as client:
            statuses = story(client)

    check(settle(writers, url), statuses=(), slowest=3)
    migrate.check(url)
    assert statuses == [200, 201, 201, 200, 200, 200, 200, 200, 409, 204, 404, 204]


def story(client: httpx.Client) -> list[int]:
    """Use every operation; return the statuses."""
    author = client.post("/authors", json={"first_name": "Ada", "last_name": "Lovelace"})
    mine, name = author.headers["Location"], {"author_id": author.json()["id"]}
    article = client.post("/articles", json={"title": "t", "content": "c", **name})
    its = article.headers["Location"]
    answers = [
        client.get("/readyz"),
        author,
        article,
        client.get("/authors?sort=last_name"),
        client.get("/articles", params=name),
        client.get(mine),
        client.patch(mine, json={"last_name": "King"}, headers=PATCH),
        client.patch(its, json={"title": "u"}, headers=PATCH),
        client.delete(mine),
        client.delete(its),
        client.get(its),
        client.delete(mine),
    ]
    return [answer.status_code for answer in answers]
