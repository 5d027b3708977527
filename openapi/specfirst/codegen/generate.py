"""`make generate`: openapi/openapi.yaml becomes generated/.

    python -m specfirst.codegen.generate [--check] [--spec other.yaml --out folder]

The new code is written to a temporary folder, formatted, imported, and only then put in the place
of the old code; any failure leaves the old code in place. A folder with other files than generated
ones is refused (`output.py`). `--check` writes nothing and fails if the code is out of date.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import warnings
from pathlib import Path

import jinja2
from datamodel_code_generator import LiteralType
from datamodel_code_generator.format import PythonVersion
from datamodel_code_generator.model import DataModel
from datamodel_code_generator.types import DataType
from fastapi_code_generator.parser import OpenAPIParser

from specfirst.codegen import naming
from specfirst.codegen.canonical import canonical, strip_ref_siblings
from specfirst.codegen.output import DATA, MARK, NotOurs, check_replaceable, different, replace
from specfirst.codegen.visitor import visit
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.model import Contract
from specfirst.contract.reading import read

SPEC = Path("openapi", "openapi.yaml")  # below the working directory, as all defaults
TEMPLATES = Path(__file__).parent / "templates"


class Parser(OpenAPIParser):
    """The parser of fastapi-code-generator; it would inline named scalars where they are used."""

    def _collapse_root_model(self, data_type: DataType) -> DataType:
        return data_type


def main() -> int:
    """Generate, or check with `--check`. Returns 0, or 1 with one line on stderr."""
    arguments = _arguments()
    try:
        return _generated(arguments.spec.resolve(), arguments.out, check=arguments.check)
    except NotOurs as refused:
        return _failed(str(refused))
    except UnsupportedContract as refused:
        return _failed(f"{refused.location or arguments.spec.name}: {refused}")
    except Exception as error:
        if arguments.traceback:
            raise
        return _failed(
            f"{arguments.spec.name}: cannot be generated: {reason(error)}; --traceback shows where"
        )


def _generated(spec: Path, out: Path, *, check: bool) -> int:
    started = time.monotonic()
    check_replaceable(out, spec=spec)
    out = out.resolve()
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / out.name
        contract = read(spec)
        try:
            notes = generate(contract, new, source=spec.name)
        except UnsupportedContract as error:
            raise error.at(contract.locate) from None
        for note in notes:
            where = contract.locate(note.partition(": ")[0]) or spec.name
            print(f"{where}: note: {note}", file=sys.stderr)
        stale = sorted(different(new, out))
        if check and stale:
            return _failed(
                f"{out.name}/ is not what the contract says ({', '.join(stale)}): run make generate"
            )
        if stale:
            replace(new, out, spec=spec)
        print(_summary(new, stale, name=out.name, seconds=time.monotonic() - started))
    return 0


def _summary(new: Path, stale: list[str], *, name: str, seconds: float) -> str:
    count = len([*new.rglob("*.py"), *new.rglob(DATA)])
    changed = f"{len(stale)} changed" if stale else "up to date"
    return f"{name}/: {count} files, {changed} ({seconds:.1f} s)"


def _failed(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Generate models, handler interfaces and routing from a contract."
    )
    parser.add_argument("--spec", type=Path, default=SPEC, help="the OpenAPI document")
    parser.add_argument("--out", type=Path, default="generated", help="the package to write")
    parser.add_argument(
        "--check", action="store_true", help="only check whether the package is up to date"
    )
    parser.add_argument(
        "--traceback", action="store_true", help="show where an unexpected failure comes from"
    )
    return parser.parse_args()


def reason(error: Exception) -> str:
    """Return an error in one line: the last of a command's stderr, the first of an exception."""
    if isinstance(error, subprocess.CalledProcessError):
        return str(error.stderr or error).strip().splitlines()[-1]
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def generate(contract: Contract, folder: Path, *, source: str) -> list[str]:
    """Write the code for a contract to the new package `folder`, and check that it imports.

    Returns notes about what is not supported. Raises `UnsupportedContract`.
    """
    (folder / "routers").mkdir(parents=True)
    # For an application that serves it: JSON loads fast, and is the document as it was read here.
    (folder / DATA).write_text(
        json.dumps(contract.document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    form, notes = canonical(contract)
    context = visit(form, parsed(form))
    environment = template_environment()
    shutil.copytree(
        TEMPLATES / "runtime", folder / "runtime", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "__init__.py").write_text('"""Code generated from the contract."""\n')
    targets = {"models": "models", "responses": "responses", "routers": "routers/__init__"}
    if context["schemes"]:
        targets["security"] = "security"
    for name, target in targets.items():
        text = environment.get_template(f"{name}.jinja2").render(context)
        (folder / f"{target}.py").write_text(text, encoding="utf-8")
    for tag in context["tags"]:
        text = environment.get_template("router.jinja2").render(context, tag=tag)
        (folder / "routers" / f"{tag.name}.py").write_text(text, encoding="utf-8")
    finish(folder, mark=MARK.format(source=source))
    return notes


def parsed(form: Contract) -> list[DataModel]:
    """Return what fastapi-code-generator makes of the schemas of a contract in canonical form."""
    parser = Parser(
        json.dumps(strip_ref_siblings(form.document)),
        enum_field_as_literal=LiteralType.All,
        strict_nullable=True,
        use_annotated=True,
        target_python_version=PythonVersion.PY_311,
        allow_remote_refs=False,
    )
    with warnings.catch_warnings(action="ignore"):  # about unknown formats, which stay strings
        parser.parse(format_=False)
    return parser.results


def template_environment() -> jinja2.Environment:
    """Return the environment of our templates."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined
    )
    environment.filters.update(pascal=naming.pascal, docstring=docstring, tojson=quoted)
    return environment


def quoted(value: object) -> str:
    """Return a value as a Python literal."""
    return repr(value)


def docstring(text: str) -> str:
    """Return `text` escaped for a docstring, with long lines wrapped."""
    wrapper = textwrap.TextWrapper(108, break_long_words=False, break_on_hyphens=False)
    lines = [wrapper.fill(line) for line in text.strip().splitlines()]
    whole = (
        "\n".join(line.rstrip() for line in lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    )
    return f"{whole} " if whole.endswith('"') else whole


def tidy(folder: Path) -> None:
    """Drop unused imports, sort the others, and format, as the project does."""
    check = ["check", "--fix", "--quiet", "--select"]
    for command in ([*check, "F401"], [*check, "I"], ["format", "--quiet"]):
        run("-m", "ruff", *command, *_configuration(), "--no-cache", str(folder))


def _configuration() -> list[str]:
    """Return Ruff's option for the nearest pyproject.toml, from the working directory upwards."""
    here = Path.cwd()
    files = (folder / "pyproject.toml" for folder in (here, *here.parents))
    return next((["--config", str(file)] for file in files if file.is_file()), [])


def finish(folder: Path, *, mark: str) -> None:
    """Tidy up, mark as generated, and import every module."""
    tidy(folder)
    files = sorted(folder.rglob("*.py"))
    for file in files:
        file.write_text(mark + file.read_text(encoding="utf-8"), encoding="utf-8")
    modules = [".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in files]
    code = f"import importlib; [importlib.import_module(name) for name in {modules!r}]"
    run("-B", "-c", code, cwd=folder.parent)


def run(*arguments: str, cwd: Path | None = None) -> None:
    """Run Python with these arguments. Raises `CalledProcessError` with what it wrote to stderr."""
    subprocess.run(
        [sys.executable, *arguments], check=True, cwd=cwd, capture_output=True, text=True
    )


if __name__ == "__main__":
    sys.exit(main())
