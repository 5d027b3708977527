"""`make migration`: a revision does all that the models say, or what it does not do is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readme import copy as copy
from tests.test_readme import run

pytestmark = pytest.mark.slow

LAST_NAME = "last_name: Mapped[str] = mapped_column(_text(100))"
PYTHON = sys.executable


def changed(project: Path, old: str, new: str) -> None:
    """Change the models."""
    models = project / "app" / "database" / "models.py"
    text = models.read_text("utf-8")
    assert old in text
    models.write_text(text.replace(old, new, 1), "utf-8")


def migration(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make migration`."""
    return run(project, PYTHON, "-m", "app", "migration", "a change", *arguments)


def written(project: Path) -> str:
    """Return what was written, formatted as the project is."""
    [file] = (project / "migrations" / "versions").glob("*_a_change.py")
    formatted = run(project, PYTHON, "-m", "ruff", "format", "--check", str(file))
    linted = run(project, PYTHON, "-m", "ruff", "check", "--config", "pyproject.toml", str(file))
    assert (formatted.returncode, linted.returncode) == (0, 0), linted.stdout
    return file.read_text("utf-8")


EMAIL = (
    "email: Mapped[str | None] = mapped_column("
    """_text(99), CheckConstraint("email > 'a'", name="e"), unique=True)"""
)

WRITTEN = {
    "column, its constraint and its check": (
        LAST_NAME,
        f"{LAST_NAME}\n    {EMAIL}",
        [
            "op.add_column(",
            "op.create_unique_constraint(",
            'op.create_check_constraint(op.f("ck_authors_e")',
        ],
    ),
    "check that has changed": (
        "char_length(last_name) >= 1",
        "char_length(last_name) >= 2",
        [
            'op.drop_constraint(op.f("ck_authors_last_name_not_empty"), "authors", type_="check")',
            "op.create_check_constraint(",
            'op.f("ck_authors_last_name_not_empty"), "authors", "char_length(last_name) >= 2"',
        ],
    ),
    "check that is gone": (
        '        CheckConstraint("char_length(last_name) >= 1", name="last_name_not_empty"),\n',
        "",
        ['op.drop_constraint(op.f("ck_authors_last_name_not_empty"), "authors", type_="check")'],
    ),
    "default": (
        LAST_NAME,
        LAST_NAME.replace("100)", '100), server_default="x"'),
        ['server_default="x"'],
    ),
    "comment": (
        LAST_NAME,
        LAST_NAME.replace("100)", '100), comment="family"'),
        ['comment="family"'],
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_change_of_the_models_is_written_formatted_and_complete(copy: Path, name: str) -> None:
    old, new, expected = WRITTEN[name]
    changed(copy, old, new)
    # nothing but the models is imported
    (copy / "app" / "handlers" / "authors.py").write_text("this is no Python")

    first = migration(copy)
    second = run(copy, PYTHON, "-m", "app", "migration", "nothing more")

    assert first.returncode == 0, first.stderr
    text = written(copy)
    assert [each for each in expected if each not in text] == []
    assert "\n    pass\n" not in text
    assert second.returncode == 0
    assert second.stdout == "nothing to write: the migrations match app/database/models.py\n"
    assert not list((copy / "migrations" / "versions").glob("*_nothing_more.py"))


def test_what_alembic_does_not_find_is_named(copy: Path) -> None:
    changed(
        copy,
        'Index(None, "last_name", "id")',
        'Index(None, "last_name", "id", postgresql_with={"fillfactor": 70})',
    )

    done = migration(copy)

    assert done.returncode == 1
    assert (
        "left to do by hand: authors ix_authors_last_name_id: the models say CREATE INDEX"
        in done.stderr
    )
    assert not list((copy / "migrations" / "versions").glob("*_a_change.py"))


def test_column_that_rows_cannot_have_is_named(copy: Path) -> None:
    changed(copy, LAST_NAME, f"{LAST_NAME}\n    slug: Mapped[str] = mapped_column(_text(9))")

    done = migration(copy)

    assert done.returncode == 1
    assert (
        "authors.slug is NOT NULL without a default, which fails if the table has rows"
        in done.stderr
    )
    assert "op.add_column(" in written(copy)


def test_empty_migration_is_written_when_it_is_asked_for(copy: Path) -> None:
    done = migration(copy, "--empty")

    assert done.returncode == 0, done.stderr
    [file] = (copy / "migrations" / "versions").glob("*_a_change.py")
    assert f"wrote {file.relative_to(copy)};" in done.stdout
    assert 'down_revision: str | None = "2026' in file.read_text("utf-8")
