"""Each page is a template and a dataclass: a name that the dataclass lacks is found, a text is escaped."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from jinja2 import DictLoader, UndefinedError

from console import routes, templates
from console.pages.procedures.view import ProceduresPage
from console.pages.welcome.view import WelcomePage
from console.templates import FOLDER, Page, environment, render_page
from tests.support.templates import pages, unknown_names

assert routes.router  # whose import brings in all pages
SOURCE = (FOLDER / ProceduresPage.TEMPLATE).read_text(encoding="utf-8")
SHARED = FOLDER / "components"


@pytest.mark.parametrize("page", pages())
def test_a_template_names_only_what_its_page_has(page: type[Page]) -> None:
    assert unknown_names(page) == []


@pytest.mark.parametrize(
    ("written", "instead", "found"),
    [
        ("in procedures %}", "in procedure_list %}", ["procedure_list"]),
        ("procedure.title", "procedure.name", ["ProcedureSection.name"]),
        ("tier.sentences", "tier.text", ["TierSection.text"]),
        ("version.changes is none", "version.change is none", ["VersionSection.change"]),
    ],
)
def test_a_name_that_a_page_lacks_is_found(written: str, instead: str, found: list[str]) -> None:
    assert written in SOURCE
    assert unknown_names(ProceduresPage, SOURCE.replace(written, instead)) == found


def test_every_template_belongs_to_a_page() -> None:
    of_pages = {FOLDER / page.TEMPLATE for page in pages()}
    assert of_pages == {path for path in FOLDER.rglob("*.html") if SHARED not in path.parents}
    assert {WelcomePage, ProceduresPage} <= set(pages())


@pytest.mark.parametrize("page", pages())
def test_a_page_is_a_documented_frozen_dataclass(page: type[Page]) -> None:
    assert is_dataclass(page)
    assert page.__dataclass_params__.frozen
    assert not (page.__doc__ or "").startswith(f"{page.__name__}(")  # which is what dataclasses make up
    assert Path(page.TEMPLATE).suffix == ".html"
    assert {field.name for field in fields(Page)} <= {field.name for field in fields(page)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note(Page):
    """A page of these tests."""

    TEMPLATE: ClassVar = "note.html"

    text: str


@pytest.fixture(name="note")
def _note(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a test write the template of `_Note`."""
    own = environment.__wrapped__("en")
    monkeypatch.setattr(templates, "environment", lambda language: own)
    return lambda source: monkeypatch.setattr(own, "loader", DictLoader({"note.html": source}))


def test_what_people_wrote_is_escaped(note: Callable[[str], None]) -> None:
    note('<p title="{{ text }}">{{ text }}</p>')
    shown = render_page(_Note(language="en", text="<script>\"'&"))
    assert shown == '<p title="&lt;script&gt;&#34;&#39;&amp;">&lt;script&gt;&#34;&#39;&amp;</p>'


def test_a_name_that_nobody_gave_is_an_error_and_not_an_empty_text(note: Callable[[str], None]) -> None:
    note("{{ texts }}")
    with pytest.raises(UndefinedError):
        render_page(_Note(language="en", text=""))
