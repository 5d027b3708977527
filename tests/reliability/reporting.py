"""A plugin of pytest: the figures of the tests of faults stand in the summary."""

from typing import Any

_REPORTS = ("passed", "failed")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line for each test that has counted what was acknowledged and lost."""
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for outcome in _REPORTS
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call"
        for name, value in report.user_properties
        if name == "reliability"
    ]
    if lines:
        terminalreporter.section("reliability")
        for line in lines:
            terminalreporter.write_line(line)
