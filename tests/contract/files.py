"""The files to open for a finding: the contract at its line, and the handler at its own."""

import inspect
from functools import cache
from pathlib import Path

from app.errors import subclasses
from generated.runtime.handlers import Handlers
from specfirst.conformance.assertions import Finding
from specfirst.contract.lines import located

_ROOT = Path(__file__).resolve().parents[2]
_CONTRACT = _ROOT / "openapi" / "openapi.yaml"


def where(operation: str, pointer: str) -> str:
    """Return the line of the contract, and the one of the handler of an operation."""
    places = [located(_CONTRACT, pointer), *_handler(operation)]
    return ", ".join(place.removeprefix(f"{_ROOT}/") for place in places)


def told(finding: Finding) -> str:
    """Return a finding behind the lines to open for it."""
    return f"{where(finding.operation, finding.pointer)}\n    {finding}"


@cache
def _handler(operation: str) -> tuple[str, ...]:
    # so that the handlers are there; if they cannot be imported, other tests run
    import app.main  # noqa: F401

    methods = [vars(kind).get(operation) for kind in subclasses(Handlers)]
    found = [
        (inspect.getsourcefile(method), inspect.getsourcelines(method)[1])
        for method in methods
        if method
    ]
    return tuple(
        f"{file}:{line}" for file, line in found if str(file).startswith(f"{_ROOT}/app/handlers/")
    )
