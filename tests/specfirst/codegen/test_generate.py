"""`make generate`: what it writes, what it leaves alone, and what it refuses."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the generator."""
    command = [sys.executable, "-m", "specfirst.codegen.generate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, str]:
    """Return the files of a package."""
    files = sorted(path for path in folder.rglob("*.*") if path.suffix != ".pyc")
    return {str(path.relative_to(folder)): path.read_text() for path in files}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A package made from the contract."""
    folder = tmp_path / "generated"
    assert generate("--spec", CONTRACT, "--out", folder).returncode == 0
    return folder


def test_generated_code_is_what_the_contract_says(out: Path) -> None:
    assert contents(out) == contents(ROOT / "generated")


def test_paths_and_format_are_those_of_the_project_in_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "openapi").mkdir()
    shutil.copy(CONTRACT, tmp_path / "openapi")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nindent-width = 2\n")
    command = [sys.executable, "-m", "specfirst.codegen.generate"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "openapi")}

    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)

    assert contents(tmp_path / "generated").keys() == contents(ROOT / "generated").keys()
    assert "\n  id: " in (tmp_path / "generated" / "models.py").read_text()


def test_what_was_done_is_told_in_a_line(out: Path) -> None:
    again = generate("--spec", CONTRACT, "--out", out)
    models = out / "models.py"
    models.write_text(models.read_text() + "# edited\n")
    renewed = generate("--spec", CONTRACT, "--out", out)

    assert re.fullmatch(r"generated/: \d+ files, up to date \(\d+\.\d s\)\n", again.stdout)
    assert re.fullmatch(r"generated/: \d+ files, 1 changed \(\d+\.\d s\)\n", renewed.stdout)


def test_generating_again_changes_nothing(out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.py")}

    assert generate("--spec", CONTRACT, "--out", out).returncode == 0

    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.py")} == before


@pytest.mark.parametrize("damage", ["edited", "removed", "added"])
def test_check_finds_what_is_not_generated_and_generate_mends_it(out: Path, damage: str) -> None:
    good = contents(out)
    if damage == "edited":
        (out / "models.py").write_text(good["models.py"] + "\n# by hand\n")
    elif damage == "removed":
        (out / "responses.py").unlink()
    else:
        (out / "routers" / "old_tag.py").write_text(good["routers/health.py"])

    checked = generate("--spec", CONTRACT, "--out", out, "--check")
    mended = generate("--spec", CONTRACT, "--out", out)

    assert checked.returncode == 1
    assert checked.stderr.count("\n") == 1
    assert checked.stderr.endswith("run make generate\n")
    assert mended.returncode == 0
    assert contents(out) == good


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("openapi: 3.1.0", "openapi: [", "cannot be read"),
        ("openapi: 3.1.0", "openapi: 2.0.0", "this is OpenAPI 2.0.0"),
        ("'#/components/schemas/AuthorPage'", "'#/components/schemas/Nothing'", "leads nowhere"),
        (
            "'#/components/schemas/AuthorPage'",
            "'other.yaml#/AuthorPage'",
            "/schema/$ref: other.yaml#/AuthorPage: there is no such file",
        ),
    ],
)
def test_refused_document_gives_one_line_and_leaves_the_old_code(
    out: Path, tmp_path: Path, old: str, new: str, refusal: str
) -> None:
    before = contents(out)
    broken = tmp_path / "broken.yaml"
    broken.write_text(CONTRACT.read_text().replace(old, new))

    refused = generate("--spec", broken, "--out", out)

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert re.match(rf"\S*broken\.yaml(:\d+)?: .*{re.escape(refusal)}", refused.stderr)
    assert contents(out) == before
    assert not list(tmp_path.glob(".generating-*"))


def test_bounds_of_the_contract_stand_in_models_and_parameters(out: Path) -> None:
    code = contents(out)

    assert (
        r'title: Annotated[StrictStr, Field(min_length=1, max_length=200), excludes("\x00")]'
        in code["models.py"]
    )
    assert "type=Annotated[StrictInt, Field(ge=1, le=100)]" in code["routers/articles.py"]


def test_every_operation_has_its_name_method_and_path_in_the_interface(out: Path) -> None:
    code = "".join(contents(out).values())

    for name, place in [
        ("list_authors", "GET /authors"),
        ("update_article", "PATCH /articles/{article_id}"),
        ("get_readiness", "GET /readyz"),
    ]:
        assert re.search(rf'async def {name}\([^"]*"""[^"`]*\(`{re.escape(place)}`\)', code)


def test_words_that_are_booleans_in_old_yaml_only_stay_text(tmp_path: Path) -> None:
    spec = tmp_path / "answers.yaml"
    spec.write_text("""
        openapi: 3.1.0
        info: {title: Answers, version: '1'}
        paths:
          /answers:
            get:
              parameters:
                - {name: answer, in: query, schema: {type: string, enum: [yes, no, on, off, NO]}}
              responses: {'204': {description: Taken.}}
    """)

    generated = generate("--spec", spec, "--out", tmp_path / "answers")

    assert generated.returncode == 0
    assert (
        'answer: Literal["yes", "no", "on", "off", "NO"]'
        in contents(tmp_path / "answers")["routers/default.py"]
    )
