"""The functions of docs/optimistic-locking.md are those that the clients' programs run."""

import re

import pytest

from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "optimistic-locking.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "program"), [("python", "python/drive.py"), ("typescript", "typescript/drive.mts")]
)
def test_the_document_shows_the_function_that_is_tried(language: str, program: str) -> None:
    [shown] = re.findall(rf"```{language}\n(.+?)```", DOCUMENT, re.DOTALL)

    assert shown in (ROOT / "tests" / "clients" / program).read_text("utf-8")
