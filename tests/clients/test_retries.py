"""The functions of docs/retries.md create an article once, though responses are lost."""

import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from specfirst.checks import clients
from specfirst.checks.node import NodeTools
from tests.conftest import ROOT
from tests.tokens import ADMIN_TOKEN

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"
DOCUMENT = (ROOT / "docs" / "retries.md").read_text("utf-8")
PROGRAMS = ROOT / "tests" / "clients" / "retries"
TOOLS = NodeTools(ROOT / "tests" / "node_modules")
KINDS = {kind.name: kind for kind in clients.kinds(PROGRAMS.parent, TOOLS)}


class Losing:
    """A proxy that passes requests on, and loses the first responses to POST /articles."""

    def __init__(self, base_url: str, *, losses: int) -> None:
        address = urlsplit(base_url)
        self._service = address.hostname or "", address.port or 80
        self._losses = losses
        self.lost = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._service) as service, suppress(OSError):
            sent = bytearray()
            threading.Thread(target=_upload, args=(client, service, sent), daemon=True).start()
            while answer := service.recv(65536):
                if sent.startswith(b"POST /articles ") and self.lost < self._losses:
                    self.lost += 1
                    break
                sent.clear()
                client.sendall(answer)
            client.shutdown(socket.SHUT_RDWR)  # closing it alone would wait for the other thread


def _upload(client: socket.socket, service: socket.socket, sent: bytearray) -> None:
    with suppress(OSError):
        while piece := client.recv(65536):
            sent += piece
            service.sendall(piece)


@pytest.fixture
def losing(service: str, database_url: str) -> Iterator[Losing]:
    """The service behind a proxy that loses two responses."""
    proxy = Losing(service, losses=2)
    yield proxy
    proxy.close()


@pytest.mark.parametrize(
    ("kind", "compilation", "run"),
    [
        (
            "python",
            [sys.executable, "-m", "mypy", "--strict", "--config-file=", "retries.py"],
            [sys.executable, "retries.py"],
        ),
        ("typescript", [*TOOLS.command("tsc"), "--project", "."], ["node", "retries.mjs"]),
    ],
)
def test_a_function_of_the_document_creates_an_article_once(
    kind: str, compilation: list[str], run: list[str], losing: Losing, tmp_path: Path
) -> None:
    client = replace(KINDS[kind], program=PROGRAMS / kind, compile=[compilation], drive=run)
    if reason := client.missing():
        pytest.skip(reason)
    seen = client.driven(client.build(tmp_path / kind, CONTRACT), losing.base_url, ADMIN_TOKEN)

    assert seen == {"created": "Note G", "stored": ["Note G"]}
    assert losing.lost == 2


@pytest.mark.parametrize(
    ("language", "program"),
    [("python", "python/retries.py"), ("typescript", "typescript/retries.mts")],
)
def test_the_document_shows_the_function_that_is_tried(language: str, program: str) -> None:
    [shown] = re.findall(rf"```{language}\n(.+?)```", DOCUMENT, re.DOTALL)

    assert shown in (PROGRAMS / program).read_text("utf-8")
