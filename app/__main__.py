"""The operator's command line: `python -m app serve|mock|migrate|migration|seed`."""

import signal

if __name__ == "__main__":  # what is imported here takes a second, and has nothing yet that would have to be closed
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from app import logs, mock, signals
from app.database import migrate
from app.database.embedded import DataFolderInUse, EmbeddedPostgres, EmbeddedPostgresError
from app.database.migrate import MigrationError
from app.main import create_app
from app.mock import NoExample
from app.problems import IncompleteProblems
from app.proxies import Proxies
from app.seed import SeedError, seed
from app.server import configuration
from app.settings import InvalidSettings, Settings, load_settings
from generated.runtime.handlers import IncompleteHandlers


def main() -> int:
    """Run one command; 0 when all went well, 1 with a line or a few on stderr otherwise."""
    arguments = _arguments()
    signals.end_once(status=0 if arguments.command in _SERVING else None)  # whoever stops a service gets what they want
    try:
        settings = load_settings()
        logs.configure(settings.log_format)
        return _COMMANDS[arguments.command](settings, arguments)
    except _REPORTED as error:
        print(error, file=sys.stderr)
    finally:
        signals.ignore()
    return 1


class _Unusable(Exception):
    """A command cannot do its work; the text says why."""


# Their messages say all that an operator needs.
_REPORTED = (
    DataFolderInUse,
    EmbeddedPostgresError,
    IncompleteHandlers,
    IncompleteProblems,
    InvalidSettings,
    MigrationError,
    NoExample,
    SeedError,
    _Unusable,
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app", description="The blog API.")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser(
        "serve", help="serve the API; starts and migrates a database without BLOG_DATABASE_URL"
    )
    serving.add_argument("--reload", action="store_true", help="start again when the code changes")
    mocking = commands.add_parser("mock", help="serve the examples of the contract, without a database")
    for each in (serving, mocking):
        each.add_argument("--exit-with-parent", action="store_true", help="stop when the parent process is gone")
    commands.add_parser("migrate", help="migrate the database to the newest revision")
    revision = commands.add_parser("migration", help="write a migration for what has changed in the models")
    revision.add_argument("message", help="what it does, in a few words")
    commands.add_parser("seed", help="load the demo data into the running service and read it back")
    return parser.parse_args()


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.exit_with_parent:
        _exit_with_parent()
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(settings))
        where = "where BLOG_DATABASE_URL points"
        if settings.database_url is None:
            url, where = stack.enter_context(_embedded(settings))
            migrate.upgrade(url)
            os.environ["BLOG_DATABASE_URL"] = url  # for the application, also in processes of its own
        if arguments.reload:
            config = configuration("app.__main__:worker", proxies=_proxies(settings), reload=True)
            _tell(listener, where)
            signals.Reloader(config, target=uvicorn.Server(config).run, sockets=[listener]).run()
            return 0
        app = create_app()  # a handler that lacks an operation is found here, not in each worker
        _tell(listener, where)
        return _run(app, listener, settings) if settings.workers == 1 else _run_workers(listener, settings)


def worker() -> FastAPI:
    """Return the application of a process that the command line has started, and with which it ends."""
    manager = multiprocessing.parent_process()
    _exit_with_parent(manager.pid if manager else None)  # which may be gone by now
    logs.configure(Settings().log_format)
    return create_app()


def _proxies(settings: Settings) -> Proxies:
    return Proxies.of(settings.trusted_proxies, settings.root_path)


def _run(app: FastAPI, listener: socket.socket, settings: Settings) -> int:
    server = uvicorn.Server(configuration(app, proxies=_proxies(settings)))
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _run_workers(listener: socket.socket, settings: Settings) -> int:
    """Let uvicorn start the processes, watch them, and replace those that die or hang."""
    config = configuration("app.__main__:worker", proxies=_proxies(settings), workers=settings.workers)
    manager = signals.Workers(config, sockets=[listener])
    manager.run()
    return int(any(process.exitcode == STARTUP_FAILURE for process in manager.processes))


def _mock(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.exit_with_parent:
        _exit_with_parent()
    with _listen(settings) as listener:
        app = mock.create_app(settings)
        _tell(listener, "the examples of the contract; nothing is stored")
        return _run(app, listener, settings)


@contextmanager
def _listen(settings: Settings) -> Iterator[socket.socket]:
    """Take the port first: nothing else is started when it is in use."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise _Unusable(f"cannot listen on {place}: {error.strerror}; set BLOG_HOST or BLOG_PORT") from None
    listener.set_inheritable(True)
    with listener:
        yield listener


@contextmanager
def _embedded(settings: Settings) -> Iterator[tuple[str, str]]:
    with EmbeddedPostgres(settings.data_dir.absolute()) as postgres:
        yield postgres.url, str(postgres.cluster)


def _tell(listener: socket.socket, data: str) -> None:
    host, port = listener.getsockname()[:2]
    base = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    print(f"API    {base}\nDocs   {base}/docs\nData   {data}\nStop   Ctrl-C", flush=True)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    with _database_url(settings) as url:
        migrate.upgrade(url)
    return 0


def _migration(settings: Settings, arguments: argparse.Namespace) -> int:
    with _database_url(settings) as url:
        migrate.upgrade(url)
        migrate.create_revision(url, message=arguments.message)
    return 0


@contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with _embedded(settings) as (url, _):
            yield url


def _seed(settings: Settings, _: argparse.Namespace) -> int:
    report = seed(f"http://{settings.host}:{settings.port}")
    print(f"{report.authors} authors and {report.articles} articles are stored, and read back unchanged")
    return 0


def _exit_with_parent(parent: int | None = None) -> None:
    """Stop like on SIGTERM when the parent is gone: `make` may be killed, and nothing may stay behind."""
    parent = parent or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


_COMMANDS = {"serve": _serve, "mock": _mock, "migrate": _migrate, "migration": _migration, "seed": _seed}
_SERVING = ("serve", "mock")

if __name__ == "__main__":
    sys.exit(main())
