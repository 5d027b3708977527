"""The service runs with what requirements/run.txt installs."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from tests.conftest import ROOT

# Models are complete only with all that their checks need.
CODE = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())

import app.__main__
import app.main
import generated.models
import generated.routers

for each in vars(generated.models).values():
    if isinstance(each, type) and issubclass(each, generated.models.Model):
        each.model_rebuild(force=True)
"""


def test_service_needs_nothing_that_its_requirements_do_not_install() -> None:
    lock = (ROOT / "requirements" / "run.txt").read_text()
    installed = {_normal(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    missing = [
        module
        for module, owners in packages_distributions().items()
        if not installed & {*map(_normal, owners)}
    ]

    done = subprocess.run(
        [sys.executable, "-c", CODE, *missing], cwd=ROOT, capture_output=True, text=True
    )

    assert "pytest" in missing
    assert done.returncode == 0, done.stderr


def _normal(name: str) -> str:
    """Return the name of a distribution as pip compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
