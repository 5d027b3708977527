"""Clients generated from the contract compile and work against the running service.

`make clients` runs these tests and writes the table of docs/client-generators.md. Otherwise they
check it.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from specfirst.checks import clients
from specfirst.checks.clients import Kind
from specfirst.checks.node import NodeTools
from tests.conftest import ROOT
from tests.tokens import ADMIN_TOKEN

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"
BUILD = ROOT / "build" / "clients"
KINDS = clients.kinds(ROOT / "tests" / "clients", NodeTools(ROOT / "tests" / "node_modules"))
DOCUMENT = ROOT / "docs" / "client-generators.md"
HEADER = (
    "| Client | Generator | Create | Read | Page | Patch: absent, value, null "
    "| Errors: 401, 422, 404, 409 | Delete |"
)

SEEN = {
    "create": ["Note G", "Note A", "Note B"],
    "read": ["Note B", True],
    "page": ["Note A", "Note B", "Note G"],
    "patch absent": ["Note B, revised", "A note."],
    "patch value": ["Note B, revised", "In short."],
    "patch null": ["Note B, revised", None],
    "error 401": ["/problems/unauthorized", 401],
    "error 422": ["/problems/unprocessable-content", 422, "/title"],
    "error 404": ["/problems/article-not-found", 404],
    "error 409": ["/problems/author-has-articles", 409],
    "delete": ["/problems/author-not-found", 404],
}
"""What each program receives, step by step: a response each, read as the generated type."""


@pytest.fixture(scope="session")
def builds(request: pytest.FixtureRequest) -> Iterator[dict[str, "Future[Path]"]]:
    """The clients of the selected tests, which are built two at a time."""
    selected = {item.name for item in request.session.items}
    named = {f"test_a_generated_client_works[{kind.name}]": kind for kind in KINDS}
    with ThreadPoolExecutor(max_workers=2) as pool:
        kinds = [kind for name, kind in named.items() if name in selected and not kind.missing()]
        yield {kind.name: pool.submit(kind.build, BUILD / kind.name, CONTRACT) for kind in kinds}


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])
@pytest.mark.usefixtures("database_url")
def test_a_generated_client_works(
    kind: Kind, service: str, builds: dict[str, "Future[Path]"]
) -> None:
    if reason := kind.missing():
        pytest.skip(reason)

    seen = kind.driven(builds[kind.name].result(), service, ADMIN_TOKEN)

    assert seen == SEEN
    assert row(kind, seen) == documented(kind, seen), "the table is out of date: run make clients"


def row(kind: Kind, seen: dict[str, object]) -> str:
    """Return the row of a client in the table."""
    works = {step: "yes" if seen.get(step) == SEEN[step] else "no" for step in SEEN}
    groups = ["create"], ["read"], ["page"], ["patch absent", "patch value", "patch null"]
    errors = ["error 401", "error 422", "error 404", "error 409"]
    generators = ", ".join(f"{name} {version}" for name, version in kind.generators.items())
    cells = [", ".join(works[step] for step in group) for group in (*groups, errors, ["delete"])]
    return f"| {kind.name} | {generators} | {' | '.join(cells)} |"


def documented(kind: Kind, seen: dict[str, object]) -> str:
    """Return the row of a client in the document. `make clients` writes it first."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, header, table = text.partition(HEADER)
    table, _, after = table.partition("\n\n")
    old = next(line for line in table.splitlines() if line.startswith(f"| {kind.name} |"))
    if os.environ.get("CLIENTS_WRITE"):
        table = table.replace(old, row(kind, seen))
        DOCUMENT.write_text(f"{before}{header}{table}\n\n{after}", encoding="utf-8")
        return row(kind, seen)
    return old


def test_a_contract_that_no_longer_fits_its_consumers_fails(tmp_path: Path) -> None:
    contract = CONTRACT.read_text(encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(contract.replace("  first_name:", "  given_name:"), encoding="utf-8")
    [python] = [kind for kind in KINDS if kind.name == "python"]

    with pytest.raises(
        clients.Failed, match='Unexpected keyword argument "first_name" for "AuthorCreate"'
    ):
        python.build(tmp_path / "python", changed)


def test_a_new_warning_of_a_generator_is_found() -> None:
    output = [
        "[main] INFO  o.o.codegen.DefaultGenerator - OpenAPI Generator: java (client)",
        "[main] WARN  o.o.codegen.DefaultCodegen - OpenAPI 3.1 support is still in beta. To report "
        "an issue",
        "[main] WARN  o.o.codegen.DefaultCodegen - Unknown type found in the schema: null",
    ]

    assert list(clients.warnings("\n".join(output))) == output[2:]


def test_a_toolchain_that_is_missing_or_too_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [go] = [kind for kind in KINDS if kind.name == "go"]
    monkeypatch.setenv("PATH", str(tmp_path))

    assert go.missing() == "no go 1.26"

    (tmp_path / "go").write_text("#!/bin/sh\necho go version go1.19.8 linux/amd64\n")
    (tmp_path / "go").chmod(0o755)

    assert go.missing() == "no go 1.26, but 1.19"
