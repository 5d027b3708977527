"""Classifies database failures: try again later, rejected value, or bug.

The decision is made only here, by SQLSTATE where there is one (PostgreSQL documentation, appendix
A).
"""

import ssl

import asyncpg
from sqlalchemy.connectors.asyncio import AsyncAdapt_Error
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

SQLALCHEMY_ERRORS = (AsyncAdapt_Error, StatementError, PoolTimeoutError)
DATABASE_ERRORS = (
    *SQLALCHEMY_ERRORS,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""Errors of the driver and SQLAlchemy. Their messages may quote user data."""
ANY = (*DATABASE_ERRORS, OSError)  # DNS, TLS and TimeoutError included
"""Errors of the driver, SQLAlchemy and the network."""

VIOLATIONS = (asyncpg.IntegrityConstraintViolationError, IntegrityError)
"""Constraint violations, as the driver and as a session raise them."""

REJECTED_VALUE = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)
"""A value cannot be read as its type (class 22, or the driver's error) or is too large (54)."""

_UNAVAILABLE = (
    "08",  # connection exceptions
    "28",  # invalid authorization, for example while a password is changed
    "40",  # transaction rollback: serialization failures, deadlocks
    "53",  # insufficient resources: too many connections, disk full
    "57P0",  # shutdown, crash, starting up, database dropped, idle session
    "57014",  # query canceled: a timeout
    "58030",  # I/O error
    "55P03",  # lock not available
    "25006",  # read-only transaction: a standby, or a primary that was just promoted
    "25P03",  # idle in transaction timeout
    "25P04",  # transaction timeout
    "3D000",  # no such database: not created yet, or being restored
)
_ROLLED_BACK = ("40001", "40P01")  # serialization failure, deadlock
_SERVER_CHANGED = ("08", "57P0", "25006", "25P03", "25P04", "58030")
_REJECTED = ("22001", "22003", "22021")  # too long, out of range, not in the encoding
# a schema object is missing or of another kind than the statement expects
_SCHEMA = ("42", "3F000")
_UNAVAILABLE_WITHOUT_SQLSTATE = (
    OSError,
    PoolTimeoutError,
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


class StatementFailed(Exception):
    """A bug: the database rejects a statement, and neither a client nor an operator can fix it.

    The text has the name of the driver's error and its SQLSTATE, but not its message, which may
    quote user data.
    """


def driver_error(error: BaseException) -> BaseException:
    """Return the driver's own error, without SQLAlchemy's wrapper."""
    if isinstance(error, StatementError) and error.orig is not None:
        return driver_error(error.orig)
    if isinstance(error, AsyncAdapt_Error) and error.__cause__ is not None:
        return driver_error(error.__cause__)
    return error


def is_unavailable(error: BaseException, *, closed: bool) -> bool:
    """Return whether trying again may help; `closed` says whether the connection is closed."""
    error = driver_error(error)
    if isinstance(error, _UNAVAILABLE_WITHOUT_SQLSTATE):
        return True
    if isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return closed
    return sqlstate(error).startswith(_UNAVAILABLE)


def is_rolled_back(error: BaseException) -> bool:
    """Return whether the server says that it has rolled back a transaction because of others.

    Only the server can know that: after a lost connection nobody knows what has happened.
    """
    return sqlstate(driver_error(error)) in _ROLLED_BACK


def is_rejected_value(error: BaseException) -> bool:
    """Return whether the server or the driver rejected a value for its type."""
    error = driver_error(error)
    if type(error) is asyncpg.DataError and getattr(error, "severity", None) is None:
        return True  # from the driver itself, before anything is sent
    return sqlstate(error) in _REJECTED


def may_lack_migrations(error: BaseException) -> bool:
    """Return whether a missing migration could be the reason."""
    return sqlstate(driver_error(error)).startswith(_SCHEMA)


def invalidates_connection(error: BaseException) -> bool:
    """Return whether the server of this connection has changed its role, or is shutting down."""
    return sqlstate(driver_error(error)).startswith(_SERVER_CHANGED)


def explanation(error: BaseException) -> str | None:
    """Return in one line why a connection failed, or None if the error has another cause.

    This is for operators: the line may quote names of users, databases and hosts, but never a
    password.
    """
    error = driver_error(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return "no host has the role that target_session_attrs asks for"
    return " ".join(str(error).split()) if isinstance(error, ANY) else None


def constraint_name(error: BaseException) -> str | None:
    """Return the name of the violated constraint."""
    return getattr(driver_error(error), "constraint_name", None)


def sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of an error, or an empty string."""
    return getattr(error, "sqlstate", None) or ""


def reason(error: BaseException) -> str:
    """Return what happened, without the driver's message, which may quote user data."""
    error = driver_error(error)
    words = [
        type(error).__name__,
        sqlstate(error),
        constraint_name(error),
        getattr(error, "strerror", None),
    ]
    return " ".join(word for word in words if word)
