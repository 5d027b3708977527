"""What a failure of the database means: try again later, a value that it rejects, or a bug (PostgreSQL, appendix A).

Which errors are which is decided here, from SQLSTATE where there is one, and nowhere else.
"""

import ssl

import asyncpg
from sqlalchemy.connectors.asyncio import AsyncAdapt_Error
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

SQLALCHEMY_ERRORS = (AsyncAdapt_Error, StatementError, PoolTimeoutError)
DATABASE_ERRORS = (*SQLALCHEMY_ERRORS, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Whatever the driver and SQLAlchemy raise. Their messages may quote what people wrote."""
ANY = (*DATABASE_ERRORS, OSError)  # DNS, TLS and TimeoutError included
"""Whatever the driver, SQLAlchemy and the network raise."""

VIOLATIONS = (asyncpg.IntegrityConstraintViolationError, IntegrityError)
"""A statement broke a constraint: as the driver says it, and as a session does."""

REJECTED_VALUE = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)
"""The driver, or the server (class 22), cannot read a value as one of its type, or it is too large (class 54)."""

_UNAVAILABLE = (
    "08",  # connection exceptions
    "28",  # invalid authorization: a password that is being changed, say
    "40",  # transaction rollback: serialization failures, deadlocks
    "53",  # insufficient resources: too many connections, disk full
    "57P0",  # shutdown, crash, starting up, database dropped, idle session
    "57014",  # query canceled: a timeout
    "58030",  # I/O error
    "55P03",  # lock not available
    "25006",  # read-only transaction: a standby, or a primary that was one
    "25P03",  # idle in transaction timeout
    "25P04",  # transaction timeout
    "3D000",  # no such database: not created yet, or being restored
)
_SERVER_CHANGED = ("08", "57P0", "25006", "25P03", "25P04", "58030")
_REJECTED = ("22001", "22003", "22021")  # too long, out of range, not in the encoding
_SCHEMA = ("42", "3F000")  # what is missing or of another kind than the statement says
_UNAVAILABLE_WITHOUT_SQLSTATE = (
    OSError,
    PoolTimeoutError,
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


class StatementFailed(Exception):
    """A bug: the database refuses a statement for a reason that no client and no operator can remove.

    The text names the driver's error and its SQLSTATE, not its words, which may quote what people wrote.
    """


def driver_error(error: BaseException) -> BaseException:
    """Return the driver's own error, from whatever SQLAlchemy wrapped around it."""
    if isinstance(error, StatementError) and error.orig is not None:
        return driver_error(error.orig)
    if isinstance(error, AsyncAdapt_Error) and error.__cause__ is not None:
        return driver_error(error.__cause__)
    return error


def is_unavailable(error: BaseException, *, closed: bool) -> bool:
    """Tell whether trying again may help; `closed` says whether the connection is."""
    error = driver_error(error)
    if isinstance(error, _UNAVAILABLE_WITHOUT_SQLSTATE):
        return True
    if isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return closed
    return sqlstate(error).startswith(_UNAVAILABLE)


def is_rejected_value(error: BaseException) -> bool:
    """Tell whether the server or the driver rejects a value for its type."""
    error = driver_error(error)
    if type(error) is asyncpg.DataError and getattr(error, "severity", None) is None:
        return True  # the driver's own, before anything is sent
    return sqlstate(error) in _REJECTED


def may_lack_migrations(error: BaseException) -> bool:
    """Tell whether a schema that is not migrated could be the reason."""
    return sqlstate(driver_error(error)).startswith(_SCHEMA)


def invalidates_connection(error: BaseException) -> bool:
    """Tell whether the server behind the connection is not, or soon will not be, what it was."""
    return sqlstate(driver_error(error)).startswith(_SERVER_CHANGED)


def explanation(error: BaseException) -> str | None:
    """Return in one line what network, TLS or server has against a connection; None where it is something else.

    For operators: servers quote names of users, databases and hosts, but no password.
    """
    error = driver_error(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the server is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return "no host is what target_session_attrs asks for"
    return " ".join(str(error).split()) if isinstance(error, ANY) else None


def constraint_name(error: BaseException) -> str | None:
    """Return the name of the constraint that a statement broke."""
    return getattr(driver_error(error), "constraint_name", None)


def sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of an error, an empty text where it has none."""
    return getattr(error, "sqlstate", None) or ""


def reason(error: BaseException) -> str:
    """Return what happened, without the words of the driver: they may quote what people wrote."""
    error = driver_error(error)
    words = [type(error).__name__, sqlstate(error), constraint_name(error), getattr(error, "strerror", None)]
    return " ".join(word for word in words if word)
