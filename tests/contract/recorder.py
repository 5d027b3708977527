"""The service as the tests run it: `python -m app`, with a recorder around it."""

import os
import sys
from pathlib import Path
from typing import Any

from starlette.routing import Route

from specfirst.conformance.mutants import CONTROL, Switchable, mutants_of
from specfirst.conformance.recorder import RECORD, Record, Recorder
from specfirst.conformance.validator import ResponseValidator
from specfirst.contract.reading import read

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run a command of `python -m app`, and record the application that it serves."""
    import app.__main__ as command_line
    import app.main

    contract = read(ROOT / "openapi" / "openapi.yaml")
    record = Record(Path(os.environ[RECORD]))
    create_app = app.main.create_app

    def create_recorded_app() -> Any:
        app: Any = create_app()
        pages = [route.path for route in app.routes if isinstance(route, Route)]
        if CONTROL in os.environ:
            app = Switchable(
                app, mutants_of(contract), Path(os.environ[CONTROL]), on_switch=record.forget
            )
        return Recorder(app, validator=ResponseValidator(contract, pages=pages), record=record)

    # imported when it is called
    app.main.create_app = create_recorded_app  # type: ignore[assignment]
    return command_line.main()


if __name__ == "__main__":
    sys.exit(main())
