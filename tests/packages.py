"""Packages that are generated in a test, on the runtime of this application."""

import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from specfirst.contract.reading import read

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    # imports fastapi-code-generator, which is older than Pydantic
    from specfirst.codegen.generate import generate


@contextmanager
def package(name: str, document: dict[str, Any], folder: Path) -> Iterator[ModuleType]:
    """Generate a package from a document, and import its routers while the block runs.

    It has the runtime of `generated`, so that the application handles its errors as its own.
    """
    spec = folder / f"{name}.yaml"
    spec.write_text(yaml.safe_dump(document, sort_keys=False))
    generate(read(spec), folder / name, source=spec.name)
    for file in (folder / name).glob("**/*.py"):
        file.write_text(re.sub(r"from \.+runtime\.", "from generated.runtime.", file.read_text()))
    sys.path.insert(0, str(folder))
    yield importlib.import_module(f"{name}.routers")
    sys.path.remove(str(folder))
