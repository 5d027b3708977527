"""Where `make generate` writes: it replaces what it wrote itself, and touches nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from specfirst.codegen.output import NotOurs, check_replaceable, different, replace
from tests.conftest import ROOT
from tests.specfirst.codegen.test_generate import generate

pytestmark = pytest.mark.slow

SPEC = """
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things: {get: {tags: [%s], responses: {'204': {description: Done.}}}}
"""
MARKED = (
    "# Generated from things.yaml by `make generate`. Do not edit: change the contract instead.\n"
)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A small contract, in a folder of its own."""
    path = tmp_path / "contract" / "things.yaml"
    path.parent.mkdir()
    path.write_text(SPEC % "things")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A package that an earlier version generated, with what Python leaves in it."""
    folder = tmp_path / "package"
    shutil.copytree(ROOT / "generated", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for inside in (folder, folder / "routers", folder / "runtime"):
        (inside / "__pycache__").mkdir()
        (inside / "__pycache__" / "models.cpython-311.pyc").write_bytes(b"")
    return folder


def tree(folder: Path) -> dict[str, object]:
    """Return all that is in a folder, links and empty folders included, and when it was changed."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        content = (
            os.readlink(path)
            if path.is_symlink()
            else path.read_bytes()
            if path.is_file()
            else None
        )
        found[str(path.relative_to(folder))] = path.lstat().st_mtime_ns, content
    return found


def assert_refused(done: subprocess.CompletedProcess[str], path: Path) -> None:
    """See that a run was refused, in one line that begins with the path of what is in the way."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}: "), done.stderr
    assert (done.stderr.count("\n"), "Traceback" in done.stderr) == (1, False)


def put_file(name: str, text: str = "mine\n") -> Callable[[Path], Path]:
    def put(out: Path) -> Path:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return put


def put_folder(out: Path) -> Path:
    (out / "drafts").mkdir(parents=True)
    return out / "drafts"


def put_package(out: Path) -> Path:
    shutil.copytree(ROOT / "generated", out / "inner")
    return out / "inner"


def put_link(name: str, *, to: str) -> Callable[[Path], Path]:
    def put(out: Path) -> Path:
        out.mkdir(exist_ok=True)
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(to)
        return path

    return put


def put_pipe(out: Path) -> Path:
    out.mkdir(exist_ok=True)
    os.mkfifo(out / "pipe.py")  # who opens it waits for ever
    return out / "pipe.py"


WORK = {
    "notes": put_file("notes.txt"),
    "module": put_file("helpers.py", "x = 1\n"),
    "module beside routers": put_file("routers/helpers.py", "x = 1\n"),
    "module that is empty": put_file("py.py", ""),
    "module named like ours": put_file("models.py", "x = 1\n"),
    "package of their own": put_file("__init__.py", "import this\n"),
    "module that quotes the mark": put_file("quoting.py", f"'''\n{MARKED}'''\n"),
    "notes that begin with the mark": put_file("notes.md", MARKED),
    "data beside routers": put_file("routers/openapi.json", "{}"),
    "hidden file": put_file(".gitkeep", ""),
    "repository": put_file(".git/HEAD", "ref: refs/heads/main\n"),
    "file in a folder": put_file("notes/today.txt"),
    "marked module in a folder": put_file("more/models.py", MARKED),
    "file that is called like what Python keeps": put_file("sub/__pycache__", ""),
    "empty folder": put_folder,
    "package that is generated": put_package,
    "link to a file": put_link("models.py", to="/etc/hostname"),
    "link to a folder": put_link("runtime", to="/etc"),
    "link to nowhere": put_link("broken.py", to="nowhere.py"),
    "link that is called like what Python keeps": put_link("__pycache__", to="/etc"),
    "pipe": put_pipe,
    "name of two lines": put_file("a\nb.txt"),
}


@pytest.mark.parametrize("work", WORK)
def test_work_of_somebody_else_beside_generated_code_is_refused(
    out: Path, spec: Path, work: str
) -> None:
    path = WORK[work](out)
    before = tree(out.parent)

    with pytest.raises(NotOurs) as refused:
        check_replaceable(out, spec=spec)

    inside = [str(each) for each in (path, *path.parents) if out in each.parents]
    assert str(refused.value).partition(": was")[0] in [*inside, ascii(str(path))]
    assert "\n" not in str(refused.value)
    assert tree(out.parent) == before


@pytest.mark.parametrize("work", [*WORK, "data without modules"])
def test_folder_that_holds_only_work_of_somebody_else_is_refused(
    tmp_path: Path, spec: Path, work: str
) -> None:
    out = tmp_path / "package"
    (WORK | {"data without modules": put_file("openapi.json", "{}")})[work](out)
    before = tree(tmp_path)

    with pytest.raises(NotOurs):
        check_replaceable(out, spec=spec)

    assert tree(tmp_path) == before


@pytest.mark.parametrize("check", [[], ["--check"]], ids=["generate", "check"])
def test_command_names_what_is_in_the_way_and_changes_nothing(
    out: Path, spec: Path, check: list[str]
) -> None:
    (out / "notes.txt").write_text("mine\n")
    before = tree(out.parent)

    refused = generate("--spec", spec, "--out", out, *check)

    assert_refused(refused, out / "notes.txt")
    assert tree(out.parent) == before


@pytest.mark.parametrize(
    "given", [".", "..", "../contract", "../contract/../contract", "../contract/things.yaml", "/"]
)
def test_folder_of_the_contract_is_refused(
    spec: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(spec.parent)

    with pytest.raises(
        NotOurs, match=rf"^{re.escape(given if given.endswith('.yaml') else str(spec))}: "
    ):
        check_replaceable(Path(given), spec=spec)


@pytest.mark.parametrize("given", [".", "openapi", "app", "tests", "openapi/specfirst/codegen"])
def test_folder_of_the_project_is_refused(given: str) -> None:
    before = tree(ROOT / "openapi")

    with pytest.raises(NotOurs):
        check_replaceable(ROOT / given, spec=ROOT / "openapi" / "openapi.yaml")

    assert tree(ROOT / "openapi") == before


def test_contract_called_like_generated_data_stays(out: Path) -> None:
    with pytest.raises(NotOurs, match=r"/openapi\.json: is in the folder"):
        check_replaceable(out, spec=out / "openapi.json")


def test_file_in_the_place_of_the_folder_is_refused(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "package").write_text("no folder\n")

    assert_refused(generate("--spec", spec, "--out", tmp_path / "package"), tmp_path / "package")

    assert (tmp_path / "package").read_text() == "no folder\n"


@pytest.mark.parametrize("target", ["package", "empty", "nowhere"])
def test_link_in_the_place_of_the_folder_is_refused(
    out: Path, spec: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(target)
    before = tree(tmp_path)

    with pytest.raises(NotOurs, match=r"/link: is a symbolic link"):
        check_replaceable(tmp_path / "link", spec=spec)

    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["routers", "new"])
def test_folder_inside_a_generated_package_is_refused(out: Path, spec: Path, name: str) -> None:
    with pytest.raises(NotOurs, match=rf"/{name}: is inside a generated package"):
        check_replaceable(out / name, spec=spec)


def test_place_that_cannot_be_written_is_told_in_one_line_and_nothing_is_left(
    spec: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder\n")
    before = tree(tmp_path)

    failed = generate("--spec", spec, "--out", tmp_path / "file" / "package")

    assert (failed.returncode, failed.stderr.count("\n"), "Traceback" in failed.stderr) == (
        1,
        1,
        False,
    )
    assert str(tmp_path / "file") in failed.stderr
    assert tree(tmp_path) == before


def test_folder_in_which_nothing_may_be_written_stays_as_it_is(spec: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "place" / "package"
        shutil.copytree(ROOT / "generated", out)
        before = tree(Path(folder))
        os.chmod(folder, 0o755)
        os.chmod(out.parent, 0o555)
        if os.geteuid() == 0:  # root may write everywhere
            os.seteuid(65534)
        try:
            with pytest.raises(PermissionError):
                replace(ROOT / "generated", out, spec=spec)
        finally:
            os.seteuid(os.getuid())
        os.chmod(out.parent, 0o755)
        assert tree(Path(folder)) == before


@pytest.mark.parametrize("check", [[], ["--check"]], ids=["refused", "check"])
def test_run_that_writes_nothing_leaves_no_folders(
    spec: Path, tmp_path: Path, check: list[str]
) -> None:
    if not check:
        spec.write_text("openapi: 2.0.0\n")
    before = tree(tmp_path)

    failed = generate("--spec", spec, "--out", tmp_path / "new" / "deep" / "package", *check)

    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "change", ["none", "edited", "first line only", "Windows", "without data", "data edited"]
)
def test_package_of_an_earlier_run_is_replaced_whole(
    out: Path, spec: Path, tmp_path: Path, change: str
) -> None:
    models, new = out / "models.py", tmp_path / "made"
    shutil.copytree(out, new)
    (new / "routers" / "authors.py").rename(new / "routers" / "writers.py")
    if change == "edited":
        models.write_text(models.read_text() + "\nMINE = 1\n")
    elif change == "first line only":
        models.write_text(models.read_text().partition("\n")[0] + "\n")
    elif change == "Windows":
        models.write_bytes(models.read_bytes().replace(b"\n", b"\r\n"))
    elif change == "without data":
        (out / "openapi.json").unlink()
    elif change == "data edited":
        (out / "openapi.json").write_text("{}")

    replace(new, out, spec=spec)

    assert list(different(new, out)) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contract", "made", "package"]


def test_command_replaces_the_package_of_another_contract(out: Path, spec: Path) -> None:
    done = generate("--spec", spec, "--out", out)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (out / "routers").iterdir()) == ["__init__.py", "things.py"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["contract", "package"]


def test_empty_folder_and_one_that_is_not_there_are_filled(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    for folder in (tmp_path / "empty", tmp_path / "new" / "deep"):
        assert generate("--spec", spec, "--out", folder).returncode == 0
        assert (folder / "routers" / "things.py").is_file()


def test_file_that_arrives_while_the_code_is_made_is_not_lost(
    out: Path, spec: Path, tmp_path: Path
) -> None:
    new = tmp_path / "made"
    shutil.copytree(out, new)
    check_replaceable(out, spec=spec)
    (out / "late.txt").write_text("mine\n")
    before = tree(tmp_path)

    with pytest.raises(NotOurs, match=r"late\.txt"):
        replace(new, out, spec=spec)

    assert tree(tmp_path) == before


def test_failure_to_put_the_new_code_in_place_leaves_the_old(
    out: Path, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "made"
    shutil.copytree(out, new)
    before, rename = tree(out), Path.rename

    def rename_but_the_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_but_the_new)
    with pytest.raises(OSError, match="No space"):
        replace(new, out, spec=spec)

    assert tree(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contract", "made", "package"]


def test_of_runs_at_the_same_time_one_wins_whole(tmp_path: Path) -> None:
    out, runs = tmp_path / "package", []
    for number in range(3):
        spec = tmp_path / f"things{number}.yaml"
        spec.write_text(SPEC % f"tag{number}")
        command = [sys.executable, "-m", "specfirst.codegen.generate", "--spec", str(spec)]
        runs.append(
            subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.PIPE, text=True)
        )

    failures = [run.communicate(timeout=120)[1] for run in runs]

    assert failures == [""] * 3
    first_lines = {path.read_text().partition("\n")[0] for path in out.rglob("*.py")}
    assert len(first_lines) == 1  # of one contract
    assert len(list((out / "routers").glob("tag?.py"))) == 1
    assert not list(tmp_path.glob(".generating-*"))


def test_packages_that_are_put_in_one_place_at_the_same_time_do_not_mix(
    out: Path, spec: Path, tmp_path: Path
) -> None:
    for number in range(8):
        shutil.copytree(out, tmp_path / f"made{number}")
        (tmp_path / f"made{number}" / "routers" / f"tag{number}.py").write_text(MARKED)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            list(
                pool.map(
                    lambda number: replace(tmp_path / f"made{number}", out, spec=spec), range(8)
                )
            )

    [tag] = (out / "routers").glob("tag?.py")
    assert list(different(tmp_path / f"made{tag.stem[-1]}", out)) == []
    assert not list(tmp_path.glob(".generating-*"))
