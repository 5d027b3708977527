"""`make handlers`: a first handler module for each tag of the contract that has none.

    python -m specfirst.codegen.scaffold [--spec other.yaml --package package --folder handlers]
                                         [--principal app.security:Principal]

Every method raises `NotWritten`, which the service answers with 501, until you write it. Existing
files are never touched, broken links included.
"""

import argparse
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from specfirst.codegen.canonical import canonical
from specfirst.codegen.generate import SPEC, parsed, template_environment, tidy
from specfirst.codegen.visitor import visit
from specfirst.contract.errors import UnsupportedContract
from specfirst.contract.reading import read

_PRINCIPAL = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*)")


@dataclass(frozen=True)
class Principal:
    """The application's class for a caller, and its module; "" for that of a built-in one."""

    module: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "Principal":
        """Return the class for `module:Class`. Raises `ArgumentTypeError`."""
        if found := _PRINCIPAL.fullmatch(text):
            return cls(*found.groups())
        raise argparse.ArgumentTypeError(f"{text!r} is no class; give app.security:Principal")


def main() -> int:
    """Write the modules and print their paths. Returns 0, or 1 with one line on stderr."""
    parser = argparse.ArgumentParser(
        description="Write a first handler module for each tag that has none."
    )
    parser.add_argument("--spec", type=Path, default=SPEC, help="the OpenAPI document")
    parser.add_argument(
        "--package", default="generated", help="the package that was generated from it"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("app", "handlers"), help="where the handlers are"
    )
    parser.add_argument(
        "--principal",
        type=Principal.parse,
        help="the class for a caller, as in app.security:Principal",
    )
    arguments = parser.parse_args()
    try:
        written = scaffold(
            arguments.spec,
            package=arguments.package,
            folder=arguments.folder,
            principal=arguments.principal,
        )
    except UnsupportedContract as refused:
        print(f"{arguments.spec.name}: {refused}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(
        *(f"wrote {path}" for path in written),
        sep="\n" if written else "",
        end="\n" if written else "",
    )
    return 0


def scaffold(
    spec: Path, *, package: str, folder: Path, principal: Principal | None = None
) -> list[Path]:
    """Write the missing modules in `folder` and return their paths.

    Without a `principal`, callers have the widest type that fits the contract. Raises
    `UnsupportedContract`.
    """
    form, _ = canonical(read(spec))
    template = template_environment().get_template("handlers.jinja2")
    context = visit(form, parsed(form))
    tags = context["tags"]
    if principal is None and context["needs_scopes"]:
        principal = Principal(f"{package}.runtime.security", "HasScopes")
    principal = principal or Principal("", "object")
    missing = [tag for tag in tags if not os.path.lexists(folder / f"{tag.name}.py")]
    with tempfile.TemporaryDirectory() as scratch:
        for tag in missing:
            (Path(scratch) / f"{tag.name}.py").write_text(
                template.render(tag=tag, package=package, principal=principal), encoding="utf-8"
            )
        tidy(Path(scratch))
        folder.mkdir(parents=True, exist_ok=True)
        return [
            path
            for tag in missing
            if _added(path := folder / f"{tag.name}.py", (Path(scratch) / path.name))
        ]


def _added(path: Path, source: Path) -> bool:
    """Write a file unless it exists, and return whether it was written.

    Another process may have been faster.
    """
    try:
        with path.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
