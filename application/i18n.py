"""The reader's language: catalogues of sentences, and choosing between them.

Sentences stand in the code in English; `locale/<language>/LC_MESSAGES/tiaochu.po` has them in the others. Words of
the vocabulary that fill a place (a tier, an outcome) stand there under the context `word`.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from pydantic import BaseModel

from domain.messages import Argument, Message, message
from domain.procedures.tier import Titled, Titles

Language = Literal["zh", "en"]
LANGUAGES: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en"}
DEFAULT: Final[Language] = "zh"
UNTITLED: Final[Titled] = {}
_WORDS: Final = frozenset({"tier", "usual", "outcome", "status", "role", "level", "seat", "event"})
"""The places that words of the vocabulary fill; what people named themselves stays as they named it."""
_LISTS: Final = frozenset({"choices", "seats"})
"""The places that several words fill, one after the other."""
_CODES: Final = "words"
"""The place that several words fill of which one is to be sent: each with the word as it is sent."""
MEANT: Final[Mapping[str, Mapping[str, str]]] = {
    "claims, identity, title": {"title": "title to property"},
    "general, special, guardian": {"general": "general authority"},
    "confirmed, refused": {"refused": "not confirmed"},
    "filed, due": {"filed": "day of filing"},
}
"""By a list of words of which one is to be sent: what those mean there that mean something else in other lists."""
_NUMBERED: Final = message("item {place}", place=1)
FOLDER: Final = Path(__file__).parents[1] / "locale"


@lru_cache
def catalogue() -> Catalog:
    """Return the Chinese catalogue, read once."""
    with (FOLDER / "zh_CN/LC_MESSAGES/tiaochu.po").open("rb") as file:
        return read_po(file, locale="zh_CN", domain="tiaochu")


def render(sentence: Message, language: Language, titles: Titled = UNTITLED) -> str:
    """Return a sentence in a language, its places filled; what the catalogue lacks stays English.

    A word that a ladder gives a title is called by it, in either language.
    """
    arguments = {
        name: _filling(name, value, language, titles.get(name, {}))
        for name, value in sentence.arguments.items()
    }
    return text(sentence.template, language).format_map(arguments)


class BilingualText(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str


def bilingual_text(sentence: Message, titles: Titled = UNTITLED) -> BilingualText:
    """Return a sentence in both languages, with the titles that a ladder gives."""
    return BilingualText(zh=render(sentence, "zh", titles), en=render(sentence, "en", titles))


def text(template: str, language: Language) -> str:
    """Return a sentence without places in a language."""
    return template if language == "en" else _translated(template) or template


def word(name: str, language: Language) -> str:
    """Return a word of the vocabulary, or a column's heading, as people of a language write it."""
    return name if language == "en" else _translated(name, "word") or name


def field_name(path: str, language: Language) -> str:
    """Return a field by its dotted path as people call it; places in lists count from 1."""
    if language == "en":
        return path
    name = ""
    for part in path.split("."):
        if part.isdecimal():
            name += render(Message(_NUMBERED.template, {"place": int(part) + 1}), language)
        else:
            name += ("的" if name else "") + (_translated(part, "field") or part)
    return name


def preferred(accept_language: str | None) -> Language:
    """Return which of our languages an Accept-Language header likes best; Chinese where it says nothing."""
    weights: dict[Language, float] = {}
    for part in (accept_language or "").lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        language: Language | None = "zh" if tag.startswith("zh") else "en" if tag.startswith("en") else None
        if language is not None:
            weights[language] = max(weights.get(language, 0.0), _weight(parameter))
    return max(weights, key=lambda item: weights[item]) if any(weights.values()) else DEFAULT


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def _filling(place: str, value: Argument, language: Language, titles: Mapping[str, Titles]) -> Argument:
    if not isinstance(value, str) or place not in _WORDS | _LISTS | {_CODES}:
        return value
    if place in _WORDS:
        return _called(value, language, titles)
    separator, parts = "、" if language == "zh" else ", ", value.split(", ")
    if place == _CODES and language == "zh":
        meant = MEANT.get(value, {})
        return separator.join(_with_code(part, meant.get(part, part)) for part in parts)
    return separator.join(_called(part, language, titles) for part in parts)


def _with_code(name: str, meant: str) -> str:
    translated = _translated(meant, "word")
    return f"{translated}（{name}）" if translated else name


def _called(name: str, language: Language, titles: Mapping[str, Titles]) -> str:
    if name in titles:
        return titles[name].zh if language == "zh" else titles[name].en
    return word(name, language)


@lru_cache(maxsize=4_096)
def _translated(msgid: str, context: str | None = None) -> str | None:
    found = catalogue().get(msgid, context)
    return str(found.string) if found and found.string else None
