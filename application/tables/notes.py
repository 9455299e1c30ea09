"""What is said of a column to those who fill it in."""

from collections.abc import Mapping
from typing import Final

from application.i18n import Language, render
from application.tables.kinds import Column, ColumnType
from domain.messages import Message, message

_NEEDED: Final = message("Every row needs it.")
_NOTES: Final[Mapping[ColumnType, Message]] = {
    ColumnType.TEXT: message("Text."),
    ColumnType.NAMES: message(
        "One or several, with ； 、 ， or a line break between them; （单位） after the name of an organisation."
    ),
    ColumnType.WORD: message("One of the words of the list, or its English code."),
    ColumnType.KEY: message("One of the words of the list, or a name of your own in small Latin letters."),
    ColumnType.KEYS: message("One or several words, with ； between them."),
    ColumnType.DAY: message("A day, such as 2026-03-02."),
    ColumnType.COUNT: message("A whole number."),
    ColumnType.MONEY: message("An amount: fen under the English heading, yuan under the Chinese one."),
    ColumnType.MARK: message("Read and left aside."),
}


def note(column: Column, language: Language) -> str:
    """Return what a column wants."""
    said = render(_NOTES[column.holds], language)
    return f"{said} {render(_NEEDED, language)}" if column.required else said
