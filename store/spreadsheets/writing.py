"""Tables as files: the same rows give the same bytes, and no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from application.tables import LONGEST, Cell, guarded

BOM: Final = b"\xef\xbb\xbf"
"""Without it Excel takes a CSV file for one in the code page of the machine."""
_MADE_ON: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed sign for "not told": XLSX has no offsets here
_WIDTH: Final = 16
_FORMATS: Final[Mapping[str, dict[str, object]]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd"},
    "money": {"num_format": "#,##0.00"},
    "whole": {"num_format": "0"},
}
Row = Sequence[Cell]


def csv_line(row: Row) -> bytes:
    """Return a row as a line of a CSV file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_in_csv(cell) for cell in row])
    return line.getvalue().encode()


def csv_file(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a CSV file in pieces, as Excel opens it right: UTF-8 with its mark, lines ended as on Windows."""
    yield BOM + csv_line(headings)
    for row in rows:
        yield csv_line(row)


class XlsxTable:
    """An XLSX file of one sheet that is written row by row to a path, without holding the rows."""

    def __init__(self, path: Path, sheet: str, headings: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, "in_memory": False})
        self._book.set_properties({"created": _MADE_ON})
        self._formats = {name: self._book.add_format(dict(each)) for name, each in _FORMATS.items()}
        self._sheet: Worksheet = self._book.add_worksheet(sheet)
        self._sheet.set_column(0, len(headings) - 1, _WIDTH)
        self._sheet.freeze_panes(1, 1)
        self._next = 1
        for place, heading in enumerate(headings):
            self._sheet.write_string(0, place, heading, self._formats["heading"])

    def add(self, row: Row) -> None:
        """Write the next row."""
        for place, cell in enumerate(row):
            _put(self._sheet, (self._next, place), cell, self._formats)
        self._next += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


def _put(sheet: Worksheet, place: tuple[int, int], cell: Cell, formats: Mapping[str, Format]) -> None:
    match cell:
        case None:
            pass
        case datetime() | date():
            sheet.write_datetime(*place, cell, formats["day"])
        case Decimal():
            sheet.write_number(*place, float(cell), formats["money"])
        case bool() | str():
            sheet.write_string(*place, str(cell)[:LONGEST])
        case _:
            sheet.write_number(*place, cell, formats["whole"])


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return guarded(cell) if isinstance(cell, str) else str(cell)
