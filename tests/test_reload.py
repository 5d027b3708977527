"""`make dev`: changes are served at once; what cannot start is shown, and the old one goes on."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import without_settings
from tests.servers import wait_until
from tests.test_readme import copy as copy

pytestmark = pytest.mark.slow

CONTRACT = Path("openapi") / "openapi.yaml"
HANDLERS = Path("app") / "handlers" / "authors.py"

NEWEST = """
  /authors/newest:
    get:
      operationId: get_newest
      tags: [authors]
      responses:
        '204':
          description: Nobody.
"""


class Developed:
    """A service that is being developed, and what it says."""

    def __init__(self, folder: Path, output: Path) -> None:
        self._folder = folder
        self._output = output

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self._output.read_text()

    @property
    def title(self) -> str:
        """The title of the contract that is served."""
        found = re.search(r"^API +(\S+)$", self.output, re.MULTILINE)
        assert found is not None
        title: str = httpx.get(f"{found[1]}/openapi.json", timeout=60).json()["info"]["title"]
        return title

    def save(self, path: Path, text: str) -> None:
        """Save a file as editors do: another one takes its place."""
        new = self._folder / path.with_suffix(".new")
        new.write_text(text)
        new.replace(self._folder / path)

    def read(self, path: Path) -> str:
        """Return what is in a file."""
        return (self._folder / path).read_text()

    def says(self, text: str, *, times: int = 1) -> None:
        """Wait until it has said something so often."""
        wait_until(lambda: self.output.count(text) >= times)


@pytest.fixture
def developed(copy: Path, database_url: str, tmp_path: Path) -> Iterator[Developed]:
    """A service on a copy of the project, that looks for changes."""
    output = tmp_path / "output"
    environment = without_settings(copy) | {
        "BLOG_PORT": "0",
        "BLOG_DATABASE_URL": database_url,
        "BLOG_LOG_FORMAT": "json",
    }
    command = [sys.executable, "-m", "app", "serve", "--reload"]
    with output.open("w") as file:
        process = subprocess.Popen(
            command, cwd=copy, env=environment, stdout=file, stderr=file, start_new_session=True
        )
        try:
            service = Developed(copy, output)
            service.says("Application startup complete")
            # it looks once whether the contract has changed before it started
            service.says("up to date")
            yield service
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


def test_changes_are_served_unless_the_service_would_not_start(developed: Developed) -> None:
    contract, handlers = developed.read(CONTRACT), developed.read(HANDLERS)

    developed.save(CONTRACT, contract)  # the same
    developed.save(CONTRACT, contract.replace("title: Blog API", "title: A blog"))
    developed.says("Reloading")
    developed.says("Application startup complete", times=2)
    assert developed.title == "A blog"

    developed.save(CONTRACT, contract + "\n  - nonsense\n")
    developed.says("the contract is invalid; the running service stays as it is")
    assert developed.title == "A blog"

    developed.save(CONTRACT, contract.replace("  /articles:\n", f"{NEWEST}  /articles:\n", 1))
    developed.says("the service would not start; the running service stays as it is")
    assert "app.handlers.authors.AuthorsHandlers lacks get_newest. Write:" in developed.output
    assert developed.title == "A blog"

    developed.save(HANDLERS, handlers + "\nthis is no Python\n")
    developed.says("the service would not start", times=2)
    assert "SyntaxError" in developed.output
    assert developed.title == "A blog"

    developed.save(HANDLERS, handlers)
    developed.save(CONTRACT, contract)
    developed.says("Application startup complete", times=3)
    assert developed.title == "Blog API"
    assert developed.output.count("Reloading") == 2
