"""Reading a cell: whatever an office writes for a day, an amount, a word or several names, as the value it means."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from application.i18n import word
from application.tables.kinds import Cell, Column, ColumnType
from application.tables.writing import ERRORS, SCIENTIFIC, SEPARATORS, TAKEN, TRUTHS
from domain.messages import Message, message
from domain.vocabulary import limits

Read = Callable[[Cell], object]
"""Turns a cell into a value; None where the cell is blank. Raises `CellFault`."""

_GUARDED: Final = re.compile(f"'+{TAKEN}")
_SEPARATORS: Final = re.compile(rf"[{SEPARATORS}]")
_PART: Final = re.compile(rf"(?:\\[\\{SEPARATORS}]|[^{SEPARATORS}])+")
_MARKED: Final = re.compile(rf"\\([\\{SEPARATORS}])")
_SPOILT: Final = re.compile(SCIENTIFIC)
_EXACT: Final = 10**15
"""Of a larger number a spreadsheet keeps fewer digits than it has."""
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_COUNT: Final = re.compile(r"(\d{1,10})(?:\.0+)?\s*[人名次]?")
_AMOUNT: Final = re.compile(r"[¥￥]?\s*(\d{1,18}|\d{1,3}(?:[,]\d{3})+)(\.\d+)?\s*元?")
_SPACE: Final = " \t\n\r\x0b\x0c\x85\xa0\u2002\u2003\u2009\u3000"
"""What may surround a text. Not what Python strips besides: a row that was written is read back as it was."""
_YES: Final = frozenset({"yes", "true", "1", "是"})

FORMULA: Final = message("holds a formula; put its value there instead")
BROKEN: Final = message("holds an error of the spreadsheet")
NUL: Final = message("holds a NUL character")
DAY_FOR_TEXT: Final = message(
    "holds a day where a text belongs; the spreadsheet may have turned the text into one"
)
SPOILT: Final = message(
    "the spreadsheet has rounded a number of more than 15 digits; format the cell as text and enter it anew"
)
TRUTH_FOR_TEXT: Final = message("holds TRUE or FALSE where something else belongs")
NOT_PLAIN: Final = message("must be a plain text or number")
DAY: Final = message("must be a day, such as 2026-03-02 or 2026年3月2日")
WHOLE: Final = message("must be a whole number")
FEN: Final = message("must be an amount in whole fen, such as 120050")
YUAN: Final = message("must be an amount in yuan with at most two decimals, such as 1200.50")


class CellFault(Exception):
    """A cell does not hold what its column wants."""

    def __init__(self, detail: Message) -> None:
        super().__init__(str(detail))
        self.detail = detail


def reader(column: Column, *, yuan: bool) -> Read:
    """Return what reads the cells of a column; `yuan` where its heading says that amounts are in yuan."""
    if column.holds is ColumnType.MONEY:
        return yuan_in_fen if yuan else fen
    if column.holds is ColumnType.WORD:
        return _closed_list(column.words)
    if column.holds in {ColumnType.KEY, ColumnType.KEYS}:
        one = _open_list(column.words)
        return one if column.holds is ColumnType.KEY else _several(one)
    return _SIMPLE[column.holds]


def plain(cell: Cell) -> str | None:
    """Return a cell's text without the guard that the export put before what looks like a formula."""
    if not isinstance(cell, str):
        return _number_as_text(cell)
    text = cell.strip(_SPACE)
    if not text:
        return None
    if "\0" in text:
        raise CellFault(NUL)
    first = text[0]
    if first == "'" and _GUARDED.match(text):
        return text[1:]
    if first == "=":
        raise CellFault(FORMULA)
    if first == "#" and text in ERRORS:
        raise CellFault(BROKEN)
    if text in TRUTHS:
        raise CellFault(TRUTH_FOR_TEXT)
    if text[-1].isdigit() and _SPOILT.fullmatch(text):
        raise CellFault(SPOILT)
    return text


def names(cell: Cell) -> tuple[str, ...] | None:
    """Return the texts of a cell that stand apart by 、，, ；; or a line break; with a backslash before it one belongs to a name."""
    if isinstance(cell, list):
        return tuple(text for item in cell if (text := plain(item)))
    text = plain(cell)
    if text is None:
        return None
    if "\\" not in text:  # nothing is marked, as nearly always
        return tuple(part for item in _SEPARATORS.split(text) if (part := item.strip(_SPACE)))
    parts = (_MARKED.sub(r"\1", part).strip(_SPACE) for part in _PART.findall(text))
    return tuple(part for part in parts if part)


def day(cell: Cell) -> date | None:
    """Return a day: a real one, or 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日; a time of day is left out."""
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = plain(cell)
    return None if text is None else _day(text)


def count(cell: Cell) -> int | None:
    """Return a whole number."""
    text = plain(cell)
    if text is None:
        return None
    found = _COUNT.fullmatch(normalize("NFKC", text))
    if not found:
        raise CellFault(WHOLE)
    return int(found[1])


def fen(cell: Cell) -> int | None:
    """Return an amount that is given in fen."""
    amount = _amount(cell, FEN)
    if amount is None:
        return None
    if amount != int(amount):
        raise CellFault(FEN)
    return int(amount)


def yuan_in_fen(cell: Cell) -> int | None:
    """Return an amount that is given in yuan, in fen."""
    amount = _amount(cell, YUAN)
    if amount is None:
        return None
    hundredfold = amount.scaleb(2)
    if hundredfold != int(hundredfold):
        raise CellFault(YUAN)
    if hundredfold > limits.AMOUNT_FEN:
        raise CellFault(message("must be at most {limit}", limit=limits.AMOUNT_FEN // 100))
    return int(hundredfold)


def _number_as_text(cell: Cell) -> str | None:
    match cell:
        case None:
            return None
        case bool():
            raise CellFault(TRUTH_FOR_TEXT)
        case float() if abs(cell) > _EXACT:
            raise CellFault(SPOILT)
        case float():
            return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
        case int():
            return str(cell)
        case date():
            raise CellFault(DAY_FOR_TEXT)
        case _:
            raise CellFault(NOT_PLAIN)


@lru_cache(10_000)
def _day(text: str) -> date:
    found = _DAY.fullmatch(normalize("NFKC", text))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise CellFault(DAY)


def _amount(cell: Cell, fault: Message) -> Decimal | None:
    text = plain(cell)
    if text is None:
        return None
    found = _AMOUNT.fullmatch(normalize("NFKC", text))
    if not found:
        raise CellFault(fault)
    return Decimal(found[1].replace(",", "") + (found[2] or ""))


def _meanings(words: tuple[str, ...]) -> Mapping[str, str]:
    """The words of a list as they may be written: as code, in Chinese, and in Chinese with what often follows it."""
    chinese = {word(item, "zh"): item for item in words}
    longer = {f"{item}纠纷": code for item, code in chinese.items()}
    return {**longer, **chinese, **{item: item for item in words}}


def _closed_list(words: tuple[str, ...]) -> Read:
    meanings = _meanings(words)
    fault = message("must be one of: {choices}", choices=", ".join(words))

    def read(cell: Cell) -> str | None:
        text = plain(cell)
        if text is None:
            return None
        found = meanings.get(text) or meanings.get(text.casefold())
        if found is None:
            raise CellFault(fault)
        return found

    return read


def _open_list(words: tuple[str, ...]) -> Read:
    meanings = _meanings(words)

    def read(cell: Cell) -> str | None:
        text = plain(cell)
        return None if text is None else meanings.get(text, text)

    return read


def _several(read: Read) -> Read:
    def read_names(cell: Cell) -> tuple[object, ...] | None:
        found = names(cell)
        return None if found is None else tuple(read(item) for item in found)

    return read_names


def _mark(cell: Cell) -> bool:
    return str(cell).strip(_SPACE).casefold() in _YES


_SIMPLE: Final[Mapping[ColumnType, Read]] = {
    ColumnType.TEXT: plain,
    ColumnType.NAMES: names,
    ColumnType.DAY: day,
    ColumnType.COUNT: count,
    ColumnType.MARK: _mark,
}
