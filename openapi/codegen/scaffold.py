"""`make handlers`: a first handler module for each tag of the contract that has none.

    python openapi/codegen/scaffold.py [--spec other.yaml --package package --folder handlers]

Every method raises `NotWritten`, which the service answers with 501, until somebody writes it. A module that exists is
never touched.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from canonical import canonical
from document import Refused, read
from generate import ROOT, parsed, template_environment, tidy
from visitor import visit


def main() -> int:
    """Write the modules, naming each; 0 when all is well, 1 with one line on stderr otherwise."""
    parser = argparse.ArgumentParser(description="Write a first handler module for each tag that has none.")
    parser.add_argument("--spec", type=Path, default=ROOT / "openapi" / "openapi.yaml", help="the OpenAPI document")
    parser.add_argument("--package", default="generated", help="the package that was generated from it")
    parser.add_argument("--folder", type=Path, default=ROOT / "app" / "handlers", help="where the handlers are")
    arguments = parser.parse_args()
    try:
        written = scaffold(arguments.spec, package=arguments.package, folder=arguments.folder)
    except Refused as refused:
        print(f"{arguments.spec.name}: {refused}", file=sys.stderr)
        return 1
    print(*(f"wrote {path}" for path in written), sep="\n" if written else "", end="\n" if written else "")
    return 0


def scaffold(spec: Path, *, package: str, folder: Path) -> list[Path]:
    """Write the modules that are missing in `folder`; return their paths. Raises `Refused`."""
    form, _ = canonical(read(spec))
    template = template_environment().get_template("handlers.jinja2")
    tags = visit(parsed(form), Path("models.py"))["tags"]
    missing = [tag for tag in tags if not (folder / f"{tag.name}.py").exists()]
    with tempfile.TemporaryDirectory() as scratch:
        for tag in missing:
            (Path(scratch) / f"{tag.name}.py").write_text(template.render(tag=tag, package=package), encoding="utf-8")
        tidy(Path(scratch))
        folder.mkdir(parents=True, exist_ok=True)
        for tag in missing:
            (folder / f"{tag.name}.py").write_bytes((Path(scratch) / f"{tag.name}.py").read_bytes())
    return [folder / f"{tag.name}.py" for tag in missing]


if __name__ == "__main__":
    sys.exit(main())
