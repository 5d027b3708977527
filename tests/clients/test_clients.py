"""What consumers generate from the contract works: both clients have no errors of type and are driven live."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import clients
import node

SEEN = {
    "read": ["Note B", True],
    "titles": ["Note A", "Note B", "Note G"],
    "kept by absent": ["Note B, revised", "A note."],
    "removed by null": ["Note B, revised", None],
    "refused": ["/problems/unprocessable-content", 422, "/title"],
    "missing": ["/problems/article-not-found", 404],
    "deleted": [409, 204, 404],
}

needs_node = pytest.mark.skipif(bool(node.missing()), reason=node.missing() or "there")


def driven(*command: str | Path, **environment: str) -> object:
    """Return what a driver prints."""
    settings = os.environ | environment
    return json.loads(subprocess.run(command, env=settings, stdout=subprocess.PIPE, text=True, check=True).stdout)


@pytest.mark.usefixtures("database_url")
def test_the_python_client_works(service: str, tmp_path: Path) -> None:
    folder = clients.python(tmp_path / "python")

    assert driven(sys.executable, clients.DRIVERS / "drive.py", service, PYTHONPATH=str(folder)) == SEEN


@needs_node
@pytest.mark.usefixtures("database_url")
def test_the_typescript_client_works(service: str, tmp_path: Path) -> None:
    folder = clients.typescript(tmp_path / "typescript")

    assert driven("node", folder / "drive.mjs", service) == SEEN


def test_a_contract_that_no_longer_fits_its_consumers_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = clients.CONTRACT.read_text(encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(contract.replace("  first_name:", "  given_name:"), encoding="utf-8")
    monkeypatch.setattr(clients, "CONTRACT", changed)

    with pytest.raises(clients.Failed, match='Unexpected keyword argument "first_name" for "AuthorCreate"'):
        clients.python(tmp_path / "python")
