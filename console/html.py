"""Writing HTML: a text is escaped wherever it is put, what is markup already is not."""

from collections.abc import Iterable
from html import escape
from typing import Final

_EMPTY: Final = frozenset({"link", "meta"})


class Html(str):
    """A piece of markup."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str) -> Html:
    """Return an element with what is inside it; texts are escaped. `class_` is written without its stroke."""
    told = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{joined(inside)}</{name}>")


def joined(pieces: Iterable[str]) -> Html:
    """Return pieces one after the other."""
    return Html("".join(piece if isinstance(piece, Html) else escape(piece) for piece in pieces))


def listed(items: Iterable[str]) -> Html:
    """Return a list of points; nothing where there is none."""
    points = [tag("li", item) for item in items]
    return tag("ul", *points) if points else Html("")


def page(title: str, language: str, body: Iterable[str]) -> str:
    """Return a whole page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/style.css"),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', *body), lang=language)}\n"
