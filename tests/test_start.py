"""What the log of a service says of its database when it starts."""

from pathlib import Path

import pytest

from tests.conftest import running_service
from tests.servers import HOST, free_port, postgresql, wait_until

pytestmark = pytest.mark.slow


def test_database_that_cannot_be_reached_is_logged_at_once_and_tried_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    nowhere = f"postgresql://blog:s3cret@{HOST}:{free_port()}/blog"

    with running_service(log_file=log, BLOG_DATABASE_URL=nowhere):
        # nobody asks for anything but /livez
        wait_until(
            lambda: log.read_text().count("database unavailable: ConnectionRefusedError") >= 2
        )

    assert "s3cret" not in log.read_text()


def test_database_that_can_be_reached_is_logged(tmp_path: Path, database_url: str) -> None:
    log = tmp_path / "log"

    with running_service(log_file=log, BLOG_DATABASE_URL=database_url):
        wait_until(lambda: "the database can be reached" in log.read_text())


def test_database_in_another_encoding_is_reported(tmp_path: Path) -> None:
    log = tmp_path / "log"

    with (
        postgresql(encoding="LATIN1") as server,
        running_service(log_file=log, BLOG_DATABASE_URL=server.url()),
    ):
        wait_until(
            lambda: "cannot use this database: the database is encoded in LATIN1" in log.read_text()
        )
