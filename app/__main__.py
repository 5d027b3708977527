"""The command line: `python -m app serve|mock|migrate|migration|seed|token`.

Each command imports only what it needs, so `migrate`, for example, works while the handlers are
unfinished.
"""

import signal

if __name__ == "__main__":  # the imports take a second, and there is nothing to clean up yet
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import logging
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import signals, token_commands
from app.database import migrate
from app.database.embedded import (
    DataFolderInUse,
    EmbeddedPostgres,
    EmbeddedPostgresError,
    running_url,
)
from app.database.migrate import MigrationError
from app.errors import BlogError
from app.seed import SCOPES, SeedError, seed
from app.settings import (
    PROJECT,
    InvalidSettings,
    Settings,
    load_settings,
    token_keys,
    unknown_settings,
)

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.workers import Config

logger = logging.getLogger(__name__)


def main() -> int:
    """Run one command. Return 0, or 1 with the reason on stderr."""
    arguments = _arguments()
    # Stopping a server is not a failure.
    signals.exit_once(status=0 if arguments.command in _SERVERS else None)
    try:
        settings = load_settings()
        if arguments.command != "migration":  # it only needs the models
            from app import logs

            logs.configure(settings.log_format)
        for line in unknown_settings():
            logger.warning(line)
        return _COMMANDS[arguments.command](settings, arguments)
    except _EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
    finally:
        signals.ignore()
    return 1


class _CommandError(Exception):
    """A command cannot be carried out; the message says why."""


# Errors whose message is enough for an operator, without a traceback.
_EXPECTED_ERRORS = (
    BlogError,
    DataFolderInUse,
    EmbeddedPostgresError,
    InvalidSettings,
    MigrationError,
    SeedError,
    _CommandError,
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app", description="The blog API.")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser(
        "serve", help="serve the API; starts and migrates a database without BLOG_DATABASE_URL"
    )
    serving.add_argument(
        "--reload", action="store_true", help="generate and restart when files change"
    )
    mocking = commands.add_parser("mock", help="serve the contract's examples, without a database")
    for each in (serving, mocking):
        each.add_argument(
            "--exit-with-parent", action="store_true", help="stop when the parent process ends"
        )
    commands.add_parser("migrate", help="migrate the database to the newest revision")
    revision = commands.add_parser("migration", help="write a migration for changes in the models")
    revision.add_argument("message", help="what it does, in a few words")
    revision.add_argument(
        "--empty",
        action="store_true",
        help="write a migration without operations, to change data by hand",
    )
    commands.add_parser("seed", help="load the demo data into the running service and read it back")
    tokens = commands.add_parser("token", help="create, list and revoke tokens")
    token_commands.add_arguments(tokens)
    return parser.parse_args()


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.exit_with_parent:
        _exit_with_parent()
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(settings))
        where, url = "where BLOG_DATABASE_URL points", None
        if settings.database_url is None:
            url, where = stack.enter_context(_embedded(settings))
            settings = _prepare(settings, url)
        token_keys(settings)  # refuses to start without a key, before anything is served
        if arguments.reload:
            from app import reload

            config = _configuration("app.__main__:worker", settings)
            _print_banner(listener, where, *_first_token(settings, url))
            reload.serve(config, listener, migrates=url is not None)
            return 0
        app = application()  # reports an incomplete application once, not in each worker
        _print_banner(listener, where, *_first_token(settings, url))
        return (
            _run(app, settings, listener, delay=settings.shutdown_delay)
            if settings.workers == 1
            else _run_workers(settings, listener)
        )


def _prepare(settings: Settings, url: str) -> Settings:
    """Migrate the embedded database, and return the settings with a key for tokens.

    Both are put where the application finds them, also in worker processes.
    """
    migrate.upgrade(url)
    settings = token_commands.with_key(settings)
    assert settings.token_key is not None
    os.environ["BLOG_DATABASE_URL"] = url
    os.environ["BLOG_TOKEN_KEY"] = settings.token_key.get_secret_value()
    return settings


def _first_token(settings: Settings, url: str | None) -> list[str]:
    """Return the line of the banner for the first token of an embedded database, once."""
    token = token_commands.first_token(settings, url) if url is not None else None
    return [] if token is None else [token_commands.shown_once(token, settings.data_dir.absolute())]


def application() -> "FastAPI":
    """Return the application, or exit with a message that lists what is missing in it."""
    from app.main import create_app
    from app.problems import IncompleteProblems
    from generated.runtime.handlers import IncompleteHandlers

    try:
        return create_app()
    except (IncompleteHandlers, IncompleteProblems) as error:
        sys.exit(str(error))


def worker() -> "FastAPI":
    """Return the application of a worker process, which exits together with its parent."""
    from app import logs

    manager = multiprocessing.parent_process()
    _exit_with_parent(manager.pid if manager else None)  # it may already be gone
    logs.configure(Settings().log_format)
    return application()


def _configuration(app: "FastAPI | str", settings: Settings) -> "Config":
    from app.limits import Limits
    from app.proxies import Proxies
    from app.server import configuration

    return configuration(
        app,
        proxies=Proxies.of(settings.trusted_proxies, settings.root_path),
        limits=Limits.of(settings),
        workers=settings.workers,
        shutdown_delay=settings.shutdown_delay,
        shutdown_timeout=settings.shutdown_timeout,
    )


def _run(app: "FastAPI", settings: Settings, listener: socket.socket, *, delay: float = 0) -> int:
    from app.shutdown import Server

    server = Server(_configuration(app, settings), delay=delay)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _run_workers(settings: Settings, listener: socket.socket) -> int:
    """Run several workers; uvicorn watches them and replaces those that die or hang."""
    from uvicorn.config import STARTUP_FAILURE

    from app.workers import Workers

    manager = Workers(_configuration("app.__main__:worker", settings), sockets=[listener])
    manager.run()
    return int(any(process.exitcode == STARTUP_FAILURE for process in manager.processes))


def _mock(settings: Settings, arguments: argparse.Namespace) -> int:
    from app import mock
    from app.problems import IncompleteProblems

    if arguments.exit_with_parent:
        _exit_with_parent()
    with _listen(settings) as listener:
        try:
            app = mock.create_app(settings)
        except (mock.NoExample, IncompleteProblems) as error:
            raise _CommandError(str(error)) from None
        _print_banner(listener, "the contract's examples; nothing is stored")
        return _run(app, settings, listener)


@contextmanager
def _listen(settings: Settings) -> Iterator[socket.socket]:
    """Bind the port before anything else is started, in case it is in use."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise _CommandError(
            f"cannot listen on {place}: {error.strerror}; set BLOG_HOST or BLOG_PORT"
        ) from None
    listener.set_inheritable(True)
    with listener:
        yield listener


@contextmanager
def _embedded(settings: Settings) -> Iterator[tuple[str, str]]:
    with EmbeddedPostgres(settings.data_dir.absolute()) as postgres:
        yield postgres.url, str(postgres.cluster)


def _print_banner(listener: socket.socket, data: str, *more: str) -> None:
    host, port = listener.getsockname()[:2]
    base = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    lines = [f"API    {base}", f"Docs   {base}/docs", f"Data   {data}", *more, "Stop   Ctrl-C"]
    print("\n".join(lines), flush=True)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    with _database_url(settings) as url:
        migrate.upgrade(url)
    return 0


def _migration(_: Settings, arguments: argparse.Namespace) -> int:
    from app.database import revisions

    with _scratch_database() as url:
        migrate.upgrade(url)
        written = revisions.write(url, message=arguments.message, empty=arguments.empty)
    if written.file is not None:
        print(f"wrote {written.file.relative_to(PROJECT)}; review it before you commit it")
    elif not written.left:
        print("nothing to write: the migrations match app/database/models.py")
    for line in written.left:
        print(f"left to do by hand: {line}", file=sys.stderr)
    return int(bool(written.left))


@contextmanager
def _scratch_database() -> Iterator[str]:
    """Yield the URL of an empty database that exists only during the block."""
    with tempfile.TemporaryDirectory(prefix="blog-migration-") as folder:
        # as root, PostgreSQL runs as nobody, who must be able to enter the folder
        os.chmod(folder, 0o755)
        with EmbeddedPostgres(Path(folder) / "data") as postgres:
            yield postgres.url


@contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with _embedded(settings) as (url, _):
            yield url


@contextmanager
def _served_database(settings: Settings) -> Iterator[tuple[Settings, str]]:
    """Yield the settings with a key for tokens, and the URL of the database: your own, the embedded
    one of a running service, or else that one, started.
    """
    if settings.database_url is not None:
        yield settings, settings.database_url.get_secret_value()
        return
    with ExitStack() as stack:
        try:
            url, _ = stack.enter_context(_embedded(settings))
        except DataFolderInUse:
            running = running_url(settings.data_dir.absolute())
            if running is None:  # it is only just starting
                raise
            yield token_commands.with_key(settings), running
        else:
            migrate.upgrade(url)
            yield token_commands.with_key(settings), url


def _token(settings: Settings, arguments: argparse.Namespace) -> int:
    with _served_database(settings) as (with_key, url):
        token_commands.run(with_key, url, arguments)
    return 0


def _seed(settings: Settings, _: argparse.Namespace) -> int:
    with (
        _served_database(settings) as (with_key, url),
        token_commands.temporary(with_key, url, name="seed", scopes=SCOPES) as token,
    ):
        report = seed(f"http://{settings.host}:{settings.port}", token=token)
    print(
        f"stored {report.authors} authors and {report.articles} articles, and read them back "
        "unchanged"
    )
    return 0


def _exit_with_parent(parent: int | None = None) -> None:
    """Send SIGTERM to this process when its parent is gone, in case `make` is killed."""
    parent = parent or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


_COMMANDS = {
    "serve": _serve,
    "mock": _mock,
    "migrate": _migrate,
    "migration": _migration,
    "seed": _seed,
    "token": _token,
}
_SERVERS = ("serve", "mock")

if __name__ == "__main__":
    sys.exit(main())
