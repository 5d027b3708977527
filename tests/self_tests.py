"""A plugin of pytest: the self-tests of a gate are skipped where the gate itself has failed.

They break what the gate has found to be right; where it is not, all of them would fail for that one
reason.
"""

from collections.abc import Generator
from pathlib import Path

import pytest

_FAILED: set[tuple[Path, str]] = set()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "self_test_of(names): tests a gate, which is what tests of these names run"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the self-tests of a module be its last ones."""
    order = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(
        key=lambda item: (order[item.path], item.get_closest_marker("self_test_of") is not None)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a self-test whose gate has failed."""
    for mark in item.iter_markers("self_test_of"):
        failed = [name for name in mark.args if (item.path, name) in _FAILED]
        if failed:
            pytest.skip(f"{', '.join(failed)} failed; its self-tests wait until it passes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests have failed."""
    report = yield
    if report.failed:
        _FAILED.add((item.path, item.originalname))
    return report
