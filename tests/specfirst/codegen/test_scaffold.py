"""`make handlers`: first handler modules, which run and are left alone ever after."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

import app.security
from generated.routers import build_routes
from generated.runtime.rejections import RequestRejected
from generated.security import SecurityHandlers
from specfirst.codegen.scaffold import Principal, scaffold
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handler modules of the contract, as first written."""
    folder = tmp_path_factory.mktemp("handlers")
    caller = Principal.parse("app.security:Principal")
    scaffold(CONTRACT, package="generated", folder=folder, principal=caller)
    return folder


def test_each_tag_gets_a_module_with_every_operation(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "articles.py",
        "authors.py",
        "health.py",
        "tokens.py",
    ]
    articles = " ".join((folder / "articles.py").read_text().split())
    assert "class ArticlesHandlers(api.ArticlesHandlers[Principal]):" in articles
    assert (
        "async def update_article( self, *, principal: Principal, article_id: int, "
        "body: models.ArticleUpdate )"
    ) in articles
    assert "principal: Principal | None, article_id: int" in articles


def test_modules_pass_mypy_strict(folder: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(folder.iterdir()))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


class Nobody(SecurityHandlers[app.security.Principal]):
    """Knows no token."""

    async def bearer_token(self, credentials: str) -> None:
        return None


async def test_every_operation_answers_501_until_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    articles, authors, health, tokens = map(__import__, ("articles", "authors", "health", "tokens"))
    routes = build_routes(
        articles=articles.ArticlesHandlers(),
        authors=authors.AuthorsHandlers(),
        tokens=tokens.TokensHandlers(),
        health=health.HealthHandlers(),
        security=Nobody(),
        max_body_bytes=1000,
    )

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRejected)
        return PlainTextResponse(error.detail, error.status)

    service = Starlette(routes=[*routes], exception_handlers={RequestRejected: refused})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service), base_url="http://service"
    ) as client:
        for path, name in [
            ("/authors", "list_authors"),
            ("/articles/1", "get_article"),
            ("/readyz", "get_readiness"),
        ]:
            answer = await client.get(path)
            assert (answer.status_code, answer.text) == (
                501,
                f"The operation {name} is not written yet.",
            )


def test_module_that_exists_is_not_touched(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "authors.py").write_text("# mine\n")

    written = scaffold(CONTRACT, package="generated", folder=tmp_path)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert (tmp_path / "authors.py").read_text() == "# mine\n"


def test_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    handlers = tmp_path / "handlers"
    handlers.mkdir()
    (handlers / "authors.py").symlink_to(tmp_path / "elsewhere.py")

    written = scaffold(CONTRACT, package="generated", folder=handlers)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert not (tmp_path / "elsewhere.py").exists()


def test_module_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tidy(_: Path) -> None:
        (tmp_path / "authors.py").write_text("# mine\n")

    monkeypatch.setattr("specfirst.codegen.scaffold.tidy", tidy)

    written = scaffold(CONTRACT, package="generated", folder=tmp_path)

    assert [path.name for path in written] == ["articles.py", "tokens.py", "health.py"]
    assert (tmp_path / "authors.py").read_text() == "# mine\n"


def test_file_in_the_place_of_the_folder_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "handlers").write_text("no folder\n")
    command = [
        sys.executable,
        "-m",
        "specfirst.codegen.scaffold",
        "--folder",
        str(tmp_path / "handlers"),
    ]

    failed = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert failed.stderr.startswith(str(tmp_path / "handlers"))
    assert (tmp_path / "handlers").read_text() == "no folder\n"
