"""The project's Markdown: links resolve, and the paths and targets that they name exist."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Return the links of a page to files and headings of the project that do not exist."""
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    assert broken_links(page) == []


def test_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One `two`\n[a](#one-two) [b](page.md#one-two) [c](#two) [d](gone.md) "
        "[e](https://example.org)\n"
    )

    assert broken_links(page) == ["#two", "gone.md"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_paths_and_targets_that_a_page_names_exist(name: str) -> None:
    quoted = re.findall(r"`([^`\n]+)`", prose(ROOT / name))
    folders = {each.name for each in ROOT.iterdir() if each.is_dir()}
    paths = {
        each
        for each in quoted
        if "/" in each and each.partition("/")[0] in folders and "<" not in each
    }
    targets = {each for text in quoted for each in re.findall(r"^make ([a-z-]+)", text)}

    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert (
        targets
        - set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
        == set()
    )
    assert paths
    assert targets
