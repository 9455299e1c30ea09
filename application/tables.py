"""Cells of tables that people keep in spreadsheets: what stands in them, and how it is read back.

Under an English heading stand the codes of the interface and whole fen; under a Chinese one the words that people use
and yuan. Either is understood in any column.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast

from application.language import Language, word
from domain.messages import Message, message

Cell = str | int | float | Decimal | date | datetime | bool | None
"""What a file holds in one cell."""
BETWEEN: Final = "；"
"""What stands between several things in one cell."""
LONGEST: Final = 32_767
"""Characters that a cell of a spreadsheet may have."""
Form = Literal["text", "several", "word", "day", "whole", "money", "flag"]
_YES: Final = {"zh": "是", "en": "yes"}
_NO: Final = frozenset({"", "no", "false", "0", "否"})
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r")


class CellError(ValueError):
    """A cell that cannot be read; `detail` says why."""

    def __init__(self, detail: Message) -> None:
        super().__init__(str(detail))
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, what its cells hold, the list that its words come from, whether it must be filled.

    An `open` list has words of its own for some things and takes any other.
    """

    key: str
    form: Form = "text"
    words: tuple[str, ...] = ()
    required: bool = False
    open: bool = False

    def heading(self, language: Language) -> str:
        """Return what stands above it."""
        return word(self.key, language)

    def write(self, value: object, language: Language) -> Cell:
        """Return what stands in a cell; None where it stays empty."""
        if value is None or value == ():
            return None
        return _WRITERS[self.form](value, language)

    def read(self, cell: Cell, language: Language) -> object:
        """Return what a cell says, None where it is empty; raises CellError. `language` is that of the heading."""
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        return _READERS[self.form](self, cell, language)


def guarded(text: str) -> str:
    """Return a text as it may stand in a file that a spreadsheet opens: never as a formula."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """Take off what keeps a text from being a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_GUARDED) else text


def _text(_: Column, cell: Cell, __: Language) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
    if len(text) > LONGEST:
        raise CellError(message("a cell holds at most {limit} characters", limit=LONGEST))
    return text.strip()


def _several(column: Column, cell: Cell, language: Language) -> tuple[str, ...]:
    parts = re.split("[；;]", _text(column, cell, language))
    return tuple(part.strip() for part in parts if part.strip())


def _word(column: Column, cell: Cell, language: Language) -> str:
    told = _text(column, cell, language)
    for each in column.words:
        if told in {each, word(each, "zh")}:
            return each
    if column.open:
        return told
    known = "、".join(word(each, "zh") for each in column.words)
    raise CellError(
        message(
            "“{told}” is none of: {words} ({known})",
            told=told[:40],
            words=", ".join(column.words),
            known=known,
        )
    )


def _day(_: Column, cell: Cell, __: Language) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.fullmatch(str(cell).strip())
    try:
        year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise CellError(message("“{told}” is no day, such as 2026-03-02", told=str(cell)[:40])) from None


def _whole(_: Column, cell: Cell, __: Language) -> int:
    number = _decimal(cell)
    if number is None or number != number.to_integral_value():
        raise CellError(message("“{told}” is no whole number", told=str(cell)[:40]))
    return int(number)


def _money(_: Column, cell: Cell, language: Language) -> int:
    number = _decimal(cell)
    fen = number.scaleb(2) if number is not None and language == "zh" else number
    if fen is None or fen != fen.to_integral_value() or fen < 0:
        unit = message("yuan") if language == "zh" else message("fen")
        raise CellError(
            message("“{told}” is no amount of money in {unit}", told=str(cell)[:40], unit=str(unit))
        )
    return int(fen)


def _flag(column: Column, cell: Cell, language: Language) -> bool:
    return _text(column, cell, language).lower() not in _NO


def _decimal(cell: Cell) -> Decimal | None:
    """A number as people write it: with separators of thousands, in full-width digits, with a sign of currency."""
    if isinstance(cell, bool):
        return None
    text = str(cell).strip().replace(",", "").replace("，", "").lstrip("¥￥").removesuffix("元").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def _as_several(value: object, _: Language) -> Cell:
    return BETWEEN.join(cast("tuple[str, ...]", value))


def _as_word(value: object, language: Language) -> Cell:
    return word(str(value), language)


def _as_flag(value: object, language: Language) -> Cell:
    return _YES[language] if value else None


def _as_money(value: object, language: Language) -> Cell:
    fen = cast("int", value)
    return fen if language == "en" else Decimal(fen).scaleb(-2)


def _as_text(value: object, _: Language) -> Cell:
    return str(value)


def _as_it_is(value: object, _: Language) -> Cell:
    return cast("Cell", value)


_READERS: Final[Mapping[Form, Callable[[Column, Cell, Language], object]]] = {
    "text": _text,
    "several": _several,
    "word": _word,
    "day": _day,
    "whole": _whole,
    "money": _money,
    "flag": _flag,
}
_WRITERS: Final[Mapping[Form, Callable[[object, Language], Cell]]] = {
    "text": _as_text,
    "several": _as_several,
    "word": _as_word,
    "day": _as_it_is,
    "whole": _as_it_is,
    "money": _as_money,
    "flag": _as_flag,
}
