"""Sentences for people, kept apart from their language.

The domain says *what* it means in English with named places (`{tier}`); outer layers look the sentence up in
the catalogue of the reader's language and fill the places in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Argument = str | int


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in the source language and what fills its places.

    `template` is the catalogue's msgid; `arguments` never holds personal data, because a message may be logged.
    An argument that is itself a word of the vocabulary (a tier, an outcome) is translated too.
    """

    template: str
    arguments: Mapping[str, Argument] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Return the sentence in the source language."""
        return self.template.format_map(self.arguments)


def message(template: str, /, **arguments: Argument) -> Message:
    """Build a `Message`; the name is also the keyword by which the catalogue's extractor finds sentences."""
    return Message(template, MappingProxyType(arguments))
