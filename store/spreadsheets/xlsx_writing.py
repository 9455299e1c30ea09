"""Writing XLSX: the same rows give the same bytes, and a text is never a formula or a link."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from application.i18n import Language
from application.tables.kinds import COLUMNS_OF, Column, ColumnType, TableKind
from application.tables.writing import Written, guarded, heading, sheet_name

LONGEST_CELL: Final = 32_767
"""UTF-16 code units that Excel keeps in one cell; what is longer is cut, and says so at its end."""
CUT_MARKS: Final[dict[Language, str]] = {
    "en": "…[cut here: a cell of a workbook holds no more]",
    "zh": "…【超出表格单元格上限，以下内容已截去】",
}
_EXACT_DIGITS: Final = 15
"""Digits of a number that Excel keeps; a number with more is written as text, so that none is lost."""
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FIRST_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
_WIDTHS: Final = {ColumnType.TEXT: 24, ColumnType.NAMES: 18, ColumnType.KEYS: 24}


class XlsxSheet:
    """A sheet to which rows are written one after the other; nothing of them stays in memory."""

    def __init__(
        self, workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], language: Language
    ) -> None:
        """`cut` counts the cells that were too long."""
        self.sheet = sheet
        self.columns = columns
        self.cut = 0
        self._mark = CUT_MARKS[language]
        self._day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._yuan: Format = workbook.add_format({"num_format": "0.00"})
        self._next = 1

    def write(self, row: Sequence[Written]) -> None:
        """Write the next row."""
        for place, cell in enumerate(row):
            self._write_cell(place, cell)
        self._next += 1

    def _write_cell(self, place: int, cell: Written) -> None:
        match cell:
            case str():
                self.sheet.write_string(self._next, place, self._short(guarded(cell)))
            case Decimal() | int() if not _is_exact(cell):
                self.sheet.write_string(self._next, place, str(cell))
            case Decimal():
                self.sheet.write_number(self._next, place, float(cell), self._yuan)
            case int():
                self.sheet.write_number(self._next, place, cell)
            case date() if cell >= _FIRST_DAY:
                self.sheet.write_datetime(self._next, place, cell, self._day)
            case date():
                self.sheet.write_string(self._next, place, cell.isoformat())
            case None:
                pass

    def _short(self, text: str) -> str:
        if 2 * len(text) <= LONGEST_CELL:  # also where each character takes two code units
            return text
        encoded = text.encode("utf-16-le")
        if len(encoded) <= 2 * LONGEST_CELL:
            return text
        self.cut += 1
        kept = LONGEST_CELL - len(self._mark)
        return encoded[: 2 * kept].decode("utf-16-le", "ignore") + self._mark


def new_workbook(file: BinaryIO) -> Workbook:
    """Begin a workbook that keeps no rows in memory and says nothing of when it was written."""
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(file, settings)
    workbook.set_properties({"created": _CREATED})
    return workbook


def new_sheet(workbook: Workbook, kind: TableKind, language: Language) -> XlsxSheet:
    """Begin the sheet of a kind of table with its headings."""
    sheet, columns = workbook.add_worksheet(sheet_name(kind, language)), COLUMNS_OF[kind]
    bold = workbook.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column.holds, 13))
        sheet.write_string(0, place, heading(column, language), bold)
    return XlsxSheet(workbook, sheet, columns, language)


def write_xlsx(
    file: BinaryIO, kind: TableKind, rows: Iterable[Sequence[Written]], language: Language
) -> None:
    """Write a workbook of one sheet."""
    workbook = new_workbook(file)
    sheet = new_sheet(workbook, kind, language)
    for row in rows:
        sheet.write(row)
    workbook.close()


def _is_exact(number: Decimal | int) -> bool:
    digits = str(number).replace(".", "").strip("0")
    return len(digits) <= _EXACT_DIGITS


def is_cut(text: str) -> bool:
    """Say whether a cell is as long as a cell may be, or says that it was cut."""
    return text.endswith(tuple(CUT_MARKS.values())) or len(text.encode("utf-16-le")) >= 2 * LONGEST_CELL
