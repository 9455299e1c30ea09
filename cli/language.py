"""The command line's sentences in the language of the terminal."""

import os
from typing import Final

from application.i18n import Language, render
from domain.messages import Argument, message

_NO_LANGUAGE: Final = frozenset({"C", "POSIX"})
"""Locales of programs: whoever sets them names no language."""


def _terminal_language() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and value.partition(".")[0] not in _NO_LANGUAGE:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


LANGUAGE: Final = _terminal_language()


def translate(template: str, /, **arguments: Argument) -> str:
    """Return a sentence in the language of the terminal, its places filled."""
    return render(message(template, **arguments), LANGUAGE)
