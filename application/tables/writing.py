"""A row of the ledger as cells, in either language; `application.tables.cells` reads them back as the same row."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from application.i18n import Language, word
from application.ledger import BETWEEN, LedgerRow
from application.tables.kinds import COLUMNS_OF, Column, ColumnType, TableKind

Written = str | int | Decimal | date | None
"""What a cell is written as: text, a number, an amount in yuan, a day, or nothing."""
ERRORS: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
"""What a spreadsheet shows where a formula fails."""
TRUTHS: Final = ("TRUE", "FALSE")
SCIENTIFIC: Final = r"-?\d(?:\.\d+)?[Ee]\+?(?:1[1-9]|[2-9]\d|\d{3})"
"""How a spreadsheet shows a long number, of which it keeps 15 digits."""
TAKEN: Final = rf"(?:[=+\-@\t\r]|(?:{'|'.join(map(re.escape, (*ERRORS, *TRUTHS)))}|{SCIENTIFIC})\Z)"
"""How a text begins that a spreadsheet, or the import, would take for a formula, a failed one, or a spoilt number."""
_LARGE: Final = 10**15
"""From here on a spreadsheet shows a number in powers of ten, and the import takes it for spoilt."""
_CALLS: Final = re.compile(f"'*{TAKEN}")
"""Such a text, or one that was guarded before."""
SEPARATORS: Final = r"；;﹔、､﹑，,﹐\r\n"
"""What stands between several names in a cell, for a class of characters in a pattern."""
_PARTS: Final = re.compile(rf"[\\{SEPARATORS}]")


def headings(kind: TableKind, language: Language) -> list[str]:
    """Return the headings of a kind of table."""
    return [heading(column, language) for column in COLUMNS_OF[kind]]


def heading(column: Column, language: Language) -> str:
    """Return what a column is called."""
    return column.name if language == "en" else word(column.heading, language)


def sheet_name(kind: TableKind, language: Language) -> str:
    """Return what the sheet of a kind of table is called."""
    return kind.value if language == "en" else word(f"table_{kind}", language)


def cells_of(row: LedgerRow, language: Language) -> list[Written]:
    """Return a row's cells in the order of the columns; a text is not yet guarded."""
    return [written(column, getattr(row, column.name), language) for column in COLUMNS_OF[TableKind.LEDGER]]


def written(column: Column, value: object, language: Language) -> Written:
    """Return the cell of a value."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if column.holds is ColumnType.MONEY and language == "zh":
        return _exact(Decimal(str(value)).scaleb(-2))
    if isinstance(value, tuple):
        return joined(_said(column, str(item), language) for item in value)
    if isinstance(value, int):
        return _exact(value)
    return value if isinstance(value, date) else _said(column, str(value), language)


def _exact(number: int | Decimal) -> Written:
    """Return a number as it is written: as a text where a spreadsheet would not keep all of its digits."""
    kept = Decimal(f"{float(number):.15g}") == number and -_LARGE < number < _LARGE
    return number if kept else str(number)


def _said(column: Column, name: str, language: Language) -> str:
    """A word as people of a language write it; what an office named itself stays as it is."""
    return word(name, language) if name in column.words else name


def joined(parts: Iterable[str]) -> str:
    """Put several texts into one cell; a separator inside a text is marked, so that reading finds the same texts."""
    return BETWEEN.join(_PARTS.sub(r"\\\g<0>", part) for part in parts)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{text}" if _CALLS.match(text) else text
