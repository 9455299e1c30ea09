"""A sentence in both languages of the interface."""

from pydantic import BaseModel

from application.i18n import UNTITLED, render
from domain.messages import Message
from domain.procedures.tier import Titled


class BilingualText(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str


def bilingual_text(sentence: Message, titles: Titled = UNTITLED) -> BilingualText:
    """Present a sentence in both languages, with the titles that a ladder gives."""
    return BilingualText(zh=render(sentence, "zh", titles), en=render(sentence, "en", titles))
