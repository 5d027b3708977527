"""A failing test shows what the service logged, and one mistake fails one test of a gate."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from specfirst.contract.lines import located
from tests import service_logs
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONTRACT = ROOT / "openapi" / "openapi.yaml"


def run(folder: Path, suite: str) -> str:
    """Run a suite with the plugins of this project; return what pytest prints."""
    (folder / "test_suite.py").write_text(dedent(suite))
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -ra --import-mode=importlib\n")
    plugins = ["-p", "tests.service_logs", "-p", "tests.self_tests", "-p", "no:cacheprovider"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "openapi")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_failing_test_shows_the_log_of_the_request_that_it_names(tmp_path: Path) -> None:
    suite = """
        import httpx
        from tests.conftest import running_service

        def test_list():
            with running_service(command="mock") as url:
                httpx.get(f"{url}/nowhere")
                answer = httpx.get(f"{url}/authors?limit=0")
            assert answer.status_code == 200, answer.text
    """

    output = run(tmp_path, suite)

    assert "log of the service" in output
    assert "info request method=GET path=/authors status=422" in output
    assert "path=/nowhere" not in output


def test_failing_test_that_names_no_request_shows_what_went_wrong_meanwhile(tmp_path: Path) -> None:
    suite = """
        from pathlib import Path
        from tests import service_logs

        def test_quiet():
            with service_logs.log_file().open("w") as log:
                print('{"level": "error", "event": "of another test"}', file=log)

        def test_loud():
            with service_logs.log_file().open("w") as log:
                print('{"level": "info", "event": "request", "status": 200}', file=log)
                print('{"level": "info", "event": "request", "status": 503}', file=log)
                print('{"level": "error", "event": "cannot connect", "error": "OSError"}', file=log)
                print("a line that is no JSON", file=log)
            service_logs.log_file(Path("/dev/full"))
            assert False
    """

    output = run(tmp_path, suite)

    shown = output.partition("log of the service")[2].splitlines()[1:4]
    assert shown == [
        "info request status=503",
        "error cannot connect error=OSError",
        "error a line that is no JSON",
    ]


def test_stack_is_shown_without_the_frames_of_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_logs, "_FILES", [])
    stack = (
        '  File "/x/site-packages/a.py", line 1, in a\n    a()\n'
        '  File "/x/app/b.py", line 2, in b\n    b()\n'
    )
    line = {
        "level": "error",
        "event": "request failed",
        "request_id": "1",
        "error": "KeyError: 'x'",
        "stack": stack,
    }
    service_logs.log_file(tmp_path / "log").write_text(json.dumps(line))

    [shown] = service_logs.of_requests(["1"])

    assert shown == (
        "error request failed request_id=1 error=KeyError: 'x'\n"
        + '  File "/x/app/b.py", line 2, in b\n    b()'
    )


@pytest.mark.parametrize(
    ("gate", "result"), [("assert False", "1 failed, 3 skipped"), ("pass", "4 passed")]
)
def test_self_tests_of_a_gate_that_fails_are_skipped_in_one_line(
    tmp_path: Path, gate: str, result: str
) -> None:
    suite = f"""
        import pytest

        @pytest.mark.self_test_of("test_gate")
        @pytest.mark.parametrize("defect", [1, 2, 3])
        def test_defect(defect):
            pass

        def test_gate():
            {gate}
    """

    output = run(tmp_path, suite)

    assert f"{result} in " in output
    assert output.count("test_gate failed; its self-tests wait until it passes") == (gate != "pass")


def test_finding_names_the_line_of_its_pointer() -> None:
    lines = CONTRACT.read_text().splitlines()

    def line(pointer: str) -> str:
        file, _, number = located(CONTRACT, pointer).rpartition(":")
        assert file == "openapi/openapi.yaml" or Path(file) == CONTRACT
        return lines[int(number) - 1].strip()

    assert line("/info/version").startswith("version: ")
    assert line("/paths/~1authors~1{author_id}/get/responses/404") == "'404':"
    assert line("/components/schemas/Author/properties/id") == "id:"
    assert line("/tags/1") == "- name: articles"
    assert line("/components/schemas/Author/nowhere") == "Author:"
    assert line("") == "openapi: 3.1.0"
