"""What the command line says, in the language of the terminal."""

import os
from typing import Final

from application.i18n import Language, render, text
from domain.messages import Argument, message


def _of_the_terminal() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


LANGUAGE: Final = _of_the_terminal()


def told(template: str) -> str:
    """Return a sentence without places."""
    return text(template, LANGUAGE)


def say(template: str, /, **arguments: Argument) -> str:
    """Return a sentence with its places filled."""
    return render(message(template, **arguments), LANGUAGE)
