"""Settings: the environment wins, unknown names are reported, and no test reads the file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import InvalidSettings, load_settings, token_keys, unknown_settings
from tests.conftest import ROOT, without_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with settings that is read."""
    path = tmp_path / ".env"
    path.touch()
    monkeypatch.setenv("BLOG_ENV_FILE", str(path))
    return path


def test_setting_in_the_file_is_read(file: Path) -> None:
    file.write_text("# of this machine\nBLOG_PORT=9000\nexport BLOG_HOST='::1'\nOTHER=1\n")

    settings = load_settings()

    assert (settings.port, settings.host) == (9000, "::1")
    assert list(unknown_settings()) == []


def test_environment_wins_over_the_file_unless_it_is_empty(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("BLOG_PORT=9000\nBLOG_WORKERS=2\n")
    monkeypatch.setenv("BLOG_PORT", "9001")
    monkeypatch.setenv("BLOG_WORKERS", "")

    settings = load_settings()

    assert (settings.port, settings.workers) == (9001, 2)


def test_invalid_setting_of_the_file_is_reported_with_the_file(file: Path) -> None:
    file.write_text("BLOG_PORT=eighty\n")

    with pytest.raises(InvalidSettings) as error:
        load_settings()

    assert str(error.value).startswith("BLOG_PORT: Input should be a valid integer")
    assert str(error.value).endswith(f"({file})")
    assert "eighty" not in str(error.value)


def test_file_that_cannot_be_read_is_reported(file: Path) -> None:
    file.write_bytes(b"BLOG_HOST=\xff\n")

    with pytest.raises(InvalidSettings, match=r"^cannot read "):
        load_settings()


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("BLOG_PROT", "BLOG_PORT"),
        ("BLOG_DATABASE_POOLSIZE", "BLOG_DATABASE_POOL_SIZE"),
        ("blog_hots", "BLOG_HOST"),
        ("BLOG_DB_URL", "BLOG_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_unknown_setting_is_told_with_the_nearest(
    file: Path, monkeypatch: pytest.MonkeyPatch, where: str, name: str, nearest: str
) -> None:
    if where == "file":
        file.write_text(f"{name}=x\n")
    else:
        monkeypatch.setenv(name, "x")

    [line] = unknown_settings()

    assert line.startswith(f"{name} is not a setting; the nearest is {nearest}")
    assert line.endswith(f"({file})") is (where == "file")


OF_KUBERNETES = {
    "BLOG_SERVICE_HOST": "10.0.0.1",
    "BLOG_SERVICE_PORT": "80",
    "BLOG_SERVICE_PORT_HTTP": "80",
    "BLOG_PORT": "tcp://10.0.0.1:80",
    "BLOG_PORT_80_TCP": "tcp://10.0.0.1:80",
    "BLOG_PORT_80_TCP_PROTO": "tcp",
    "BLOG_PORT_80_TCP_PORT": "80",
    "BLOG_PORT_80_TCP_ADDR": "10.0.0.1",
    "BLOG_DB_PORT": "tcp://10.0.0.2:5432",
    "BLOG_DB_SERVICE_HOST": "10.0.0.2",
    "BLOG_DB_PORT_5432_TCP_ADDR": "10.0.0.2",
}


def test_what_kubernetes_sets_for_a_service_named_blog_is_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in OF_KUBERNETES.items():
        monkeypatch.setenv(name, value)

    assert load_settings().port == 8000
    assert list(unknown_settings()) == []


def test_port_of_the_file_stands_where_kubernetes_sets_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("BLOG_PORT=9000\n")
    monkeypatch.setenv("BLOG_PORT", "tcp://10.0.0.1:80")

    assert load_settings().port == 9000


def test_unknown_setting_is_logged_and_does_not_stop_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "seed"]
    environment = without_settings() | {"BLOG_PORT": "1", "BLOG_PROT": "1"}

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert "BLOG_PROT is not a setting; the nearest is BLOG_PORT" in done.stderr
    assert "No usable answer from http://127.0.0.1:1" in done.stderr


TESTS = [
    "tests/handlers/test_health.py",
    "tests/database/test_migrate.py::test_revision_that_is_unknown_is_reported",
    "tests/migrations/test_migrations.py::test_four_replicas_that_migrate_together_all_succeed",
    "tests/test_logs.py::test_console_log_is_readable",
    "tests/test_start.py::test_database_that_can_be_reached_is_logged",
]


@pytest.mark.slow
def test_tests_and_gates_never_read_the_file_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(
        ROOT, project, ignore=shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build")
    )
    names = ("BLOG_PORT", "BLOG_DATABASE_URL", "BLOG_LOG_FORMAT", "BLOG_MAX_BODY_BYTES")
    (project / ".env").write_text("".join(f"{name}=garbage\n" for name in names))
    environment = {
        name: value for name, value in without_settings(project).items() if name != "BLOG_ENV_FILE"
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    tests = run("-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS)
    drift = run("-m", "specfirst.codegen.generate", "--check")
    served = run("-m", "app", "seed")

    assert (tests.returncode, drift.returncode) == (0, 0), tests.stdout + drift.stderr
    assert "BLOG_PORT: " in served.stderr  # it is read by what people run


@pytest.mark.parametrize("key", ["secret", "0" * 62, f"{'0' * 64},", "hunter2" * 9 + "!"])
def test_key_of_tokens_that_cannot_be_used_is_refused_without_being_shown(
    file: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("BLOG_TOKEN_KEY", key)

    with pytest.raises(InvalidSettings, match=r"^BLOG_TOKEN_KEY: ") as refused:
        load_settings()

    assert key not in str(refused.value)


def test_key_of_tokens_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_TOKEN_KEY", "ab" * 32)

    settings = load_settings()

    assert "abab" not in repr(settings) + str(settings.model_dump())
    assert token_keys(settings).first.secret == b"\xab" * 32


def test_key_of_tokens_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BLOG_TOKEN_KEY")

    with pytest.raises(InvalidSettings, match=r"^BLOG_TOKEN_KEY: required with BLOG_DATABASE_URL"):
        token_keys(load_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BLOG_SHUTDOWN_DELAY", "-1"),
        ("BLOG_SHUTDOWN_DELAY", "soon"),
        ("BLOG_SHUTDOWN_TIMEOUT", "0"),
        ("BLOG_SHUTDOWN_TIMEOUT", "inf"),
    ],
)
def test_time_of_the_shutdown_that_cannot_be_used_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(InvalidSettings, match=f"^{name}: "):
        load_settings()


def test_times_of_the_shutdown_may_be_fractions(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_SHUTDOWN_DELAY", "0.5")
    monkeypatch.setenv("BLOG_SHUTDOWN_TIMEOUT", "1.5")

    settings = load_settings()

    assert (settings.shutdown_delay, settings.shutdown_timeout) == (0.5, 1.5)
