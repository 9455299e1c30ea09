"""Links between pages lead somewhere, and the index names every page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.shell_blocks import ROOT

PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
INDEX: Final = ROOT / "docs/README.md"
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to, each with the heading that is meant, if any."""
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            path, _, heading = target.partition("#")
            yield (page.parent / path).resolve() if path else page, heading


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(page.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_to_what_exists(page: Path) -> None:
    for path, heading in links(page):
        assert path.exists(), path
        assert not heading or heading in anchors(path), (path, heading)


def test_the_index_names_every_page() -> None:
    named = {path for path, _ in links(INDEX)}
    decisions = ROOT / "docs/adr"
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs") and page != INDEX}
    assert {page for page in pages if page.parent != decisions} <= named
    assert decisions / "README.md" in named
    listed = {path for path, _ in links(decisions / "README.md")}
    assert {page for page in pages if page.parent == decisions} - {decisions / "README.md"} <= listed


DESCRIBING: Final = [ROOT / "CONTRIBUTING.md", *(ROOT / "docs/explanation").glob("*.md")]


@pytest.mark.parametrize("page", DESCRIBING, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_paths_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[\w./<>-]*)`", page.read_text(encoding="utf-8"))
    paths = [path for path in named if (ROOT / path.split("/")[0]).exists()]
    assert [path for path in paths if not list(ROOT.glob(re.sub("<[a-z]+>", "*", path)))] == []
