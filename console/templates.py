"""Renders pages: each page is one Jinja2 template and one dataclass, whose fields are all that the template may name."""

from dataclasses import dataclass, fields
from functools import lru_cache, partial
from pathlib import Path
from typing import ClassVar, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from application.i18n import LANGUAGES, Language, text

FOLDER: Final = Path(__file__).parent
"""Templates are named by their path below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every template may name. A page's own dataclass descends from it and adds its fields."""

    TEMPLATE: ClassVar[str]
    """The path of the page's template below `console/`."""

    language: Language
    """The language of the page."""


def render_page(page: Page) -> str:
    """Return a page as HTML. Raises UndefinedError where its template names a field that the page lacks."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return environment(page.language).get_template(page.TEMPLATE).render(values)


def page_response(page: Page) -> HTMLResponse:
    """Return the answer with a page whose language follows Accept-Language."""
    headers = {"Content-Language": LANGUAGES[page.language], "Vary": "Accept-Language"}
    return HTMLResponse(render_page(page), headers=headers)


@lru_cache
def environment(language: Language) -> Environment:
    """Return the template environment of a language: texts are escaped, `_` and `trans` look up the catalogue."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate = partial(_translate, language)
    templates.globals.update(_=translate, gettext=translate)
    templates.filters["language_tag"] = LANGUAGES.__getitem__
    return templates


def _translate(language: Language, sentence: str) -> str:
    return text(sentence, language)
