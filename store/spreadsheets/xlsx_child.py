"""Reads a workbook in a process of its own: `python -m store.spreadsheets.xlsx_child DESCRIPTOR`.

A damaged or spiteful workbook can then neither crash the service nor fill its memory, and reading goes on beside
whatever is done with the rows. It writes one JSON text a line: first every sheet with its name and first rows, then,
for each number of a sheet that it is told on standard input, that sheet's rows and an empty line.
"""

import json
import os
import resource
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, Final, cast
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from store.spreadsheets import TOO_LARGE
from store.spreadsheets.shared_strings import SharedStrings

ROWS: Final = 1_048_576
"""Rows that a sheet can have."""
LOOKED_AT: Final = 10
_UNPACKED: Final = 2 << 30
_MEMORY: Final = 768 << 20
_STRINGS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


class _Reader(ExcelReader):
    """The library's reader, with a table of strings that does not fill the memory."""

    def read_strings(self) -> None:
        for part in self.package.Override:
            if part.ContentType == _STRINGS:
                with self.archive.open(part.PartName[1:]) as source:
                    self.shared_strings = cast("list[str]", SharedStrings(source))  # asked by number alone


def main(descriptor: int) -> None:
    """Tell of the sheets, then read those that are asked for."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    warnings.simplefilter("ignore")
    try:
        with os.fdopen(descriptor, "rb") as file:
            _serve(_opened(file))
    except MemoryError:
        sys.exit(TOO_LARGE)


def _serve(workbook: Workbook) -> None:
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    names = [sheet.title for sheet in sheets]
    _say([[name, list(islice(_rows(workbook, name), LOOKED_AT))] for name in names])
    sys.stdout.flush()
    for line in sys.stdin:
        for row in _rows(workbook, names[int(line)]):
            _say(row)
        sys.stdout.write("\n")
        sys.stdout.flush()


def _opened(file: BinaryIO) -> Workbook:
    with ZipFile(file) as archive:
        if sum(item.file_size for item in archive.infolist()) > _UNPACKED:
            sys.exit(TOO_LARGE)
    file.seek(0)
    reader = _Reader(file, read_only=True)
    reader.read()
    return reader.wb


def _rows(workbook: Workbook, name: str) -> Iterator[tuple[int, Sequence[object]]]:
    sheet = workbook[name]
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > ROWS:
            sys.exit(TOO_LARGE)
        if any(cell is not None for cell in cells):
            yield number, [_as_meant(cell) if isinstance(cell, str) else cell for cell in cells]


def _as_meant(text: str) -> str:
    """A text with the characters that the format writes by their numbers."""
    return unescape(text) if "_x" in text else text


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, default=_told, separators=(",", ":")))
    sys.stdout.write("\n")


def _told(cell: object) -> object:
    """A day marked as one; a formula of several cells as something that begins like one."""
    if isinstance(cell, date):
        return {"day": (cell.date() if isinstance(cell, datetime) else cell).isoformat()}
    return "=" if isinstance(cell, ArrayFormula | DataTableFormula) else str(cell)


if __name__ == "__main__":
    main(int(sys.argv[1]))
