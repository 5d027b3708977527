"""Finds CHECK constraints whose text has changed; Alembic's own plugin only compares names.

PostgreSQL stores a constraint in its own form. So the constraints of the models are created on a
temporary table, and PostgreSQL's text for them is compared with its text for the constraints in the
database.
"""

import sys
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AddConstraintOp, DropConstraintOp, ModifyTableOps
from alembic.runtime.plugins import Plugin
from alembic.util import PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

CHANGED_CHECKS = "migrations.checks"
"""The name of the plugin."""

_DEFINITIONS = text(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'c' AND conrelid = to_regclass(CAST(:table AS text))"
)


def setup(plugin: Plugin) -> None:
    """Register the comparison with Alembic."""
    plugin.add_autogenerate_comparator(_compare, "table", "changed_checks")


def _compare(
    autogen: AutogenContext,
    changes: ModifyTableOps,
    _schema: str | None,
    name: str,
    in_database: Table | None,
    in_models: Table | None,
) -> PriorityDispatchResult:
    if in_database is not None and in_models is not None:
        assert autogen.connection is not None
        stored = _definitions(autogen.connection, name)
        old = {each.name: each for each in _checks(in_database)}
        for check in _checks(in_models):
            wanted = _as_stored(autogen.connection, in_models, check)
            if check.name in old and wanted not in (None, stored.get(str(check.name))):
                changes.ops.append(DropConstraintOp.from_constraint(old[check.name]))
                changes.ops.append(AddConstraintOp.from_constraint(check))
    return PriorityDispatchResult.CONTINUE


def _checks(table: Table) -> list[CheckConstraint]:
    found = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    return sorted(found, key=lambda each: str(each.name))


def _as_stored(connection: Connection, table: Table, check: CheckConstraint) -> str | None:
    """Return PostgreSQL's text for a constraint, or None if something it needs is missing."""
    columns: list[Column[Any]] = [Column(each.name, each.type) for each in table.columns]
    options = {"literal_binds": True, "include_table": False}
    condition = str(check.sqltext.compile(dialect=connection.dialect, compile_kwargs=options))
    constraint = CheckConstraint(condition, name="wanted")
    trial = Table("migration_trial", MetaData(), *columns, constraint, prefixes=["TEMPORARY"])
    savepoint = connection.begin_nested()
    try:
        trial.create(connection)
        return _definitions(connection, trial.name)["wanted"]
    except DBAPIError:
        return None
    finally:
        savepoint.rollback()


def _definitions(connection: Connection, table: str) -> dict[str, str]:
    return {
        name: definition for name, definition in connection.execute(_DEFINITIONS, {"table": table})
    }


Plugin.setup_plugin_from_module(sys.modules[__name__], CHANGED_CHECKS)
