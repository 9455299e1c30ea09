"""Reads a workbook in a process of its own: `python -m store.spreadsheets.xlsx_child DESCRIPTOR`.

A damaged or malicious workbook can then neither crash the service nor fill its memory, and the rows are read while
the parent processes them. It writes one JSON text a line: first every sheet with its name and first rows, then, for
each number of a sheet that it reads from standard input, that sheet's rows and an empty line.
"""

import json
import os
import re
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
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from store.spreadsheets import TOO_LARGE
from store.spreadsheets.shared_strings import SharedStrings

ROWS: Final = 1_048_576
"""Rows that a sheet can have."""
HEAD_ROWS: Final = 10
_EXACT: Final = 10**15
"""Of a larger number such a program keeps fewer digits than it has."""
_UNPACKED: Final = 2 << 30
_MEMORY: Final = 768 << 20
_PIECE: Final = 1 << 20
_MOST_MERGED: Final = 100_000
_MOST_HIDDEN: Final = 1_000
"""Hidden rows of a sheet that are counted."""
_TAG: Final = re.compile(rb"<(?:\w+:)?(?:row|mergeCell)\s[^>]*>")
_MERGED: Final = re.compile(rb"mergeCell\s[^>]*ref=[\"']([A-Z0-9:]+)[\"']")
_HIDDEN: Final = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")
_NUMBER: Final = re.compile(rb"\sr=[\"'](\d+)[\"']")
_STRINGS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


class _Reader(ExcelReader):
    """The library's reader, with a table of strings that does not fill the memory."""

    def read_strings(self) -> None:
        for part in self.package.Override:
            if part.ContentType == _STRINGS:
                with self.archive.open(part.PartName[1:]) as source:
                    self.shared_strings = cast(
                        "list[str]", SharedStrings(source)
                    )  # only ever indexed by number


def main(descriptor: int) -> None:
    """Write the names and first rows of the sheets, then the rows of the sheets that are requested."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    warnings.simplefilter("ignore")
    try:
        with os.fdopen(descriptor, "rb") as file:
            _serve(_opened(file))
    except MemoryError:
        sys.exit(TOO_LARGE)


def _serve(workbook: Workbook) -> None:
    hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    names = [sheet.title for sheet in workbook.worksheets if sheet.title not in hidden]
    _write_line(hidden)
    _write_line(
        [[name, list(islice(_rows(workbook, name), HEAD_ROWS)), *_layout(workbook, name)] for name in names]
    )
    sys.stdout.flush()
    for line in sys.stdin:
        for row in _rows(workbook, names[int(line)]):
            _write_line(row)
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
            yield number, [_plain(cell) for cell in cells]


def _plain(cell: object) -> object:
    """A cell as it is sent: a number that the program rounded, as such a program shows it."""
    if isinstance(cell, str):
        return _unescaped(cell)
    if isinstance(cell, int | float) and abs(cell) > _EXACT:
        return f"{cell:.14E}"
    return cell


def _layout(workbook: Workbook, name: str) -> tuple[list[list[int]], list[int]]:
    """The cells of a sheet that are merged over several rows (column, first and last row), and its first hidden rows.

    The library's reader of large sheets leaves both out.
    """
    merged: list[list[int]] = []
    hidden: list[int] = []
    for tag in _tags(workbook, name):
        if found := _MERGED.search(tag):
            first, low, last, high = range_boundaries(found[1].decode())
            if low is not None and high is not None and high > low and first is not None and last is not None:
                merged.append([first, low, high])
        elif _HIDDEN.search(tag) and (number := _NUMBER.search(tag)):
            hidden.append(int(number[1]))
        if len(merged) > _MOST_MERGED:
            sys.exit(TOO_LARGE)
    return merged, hidden[:_MOST_HIDDEN]


def _tags(workbook: Workbook, name: str) -> Iterator[bytes]:
    """The tags of a sheet's rows and merged cells, as they stand in its XML."""
    path: str = workbook[name]._worksheet_path  # type: ignore[attr-defined]  # noqa: SLF001 - the library reads it from there
    with workbook._archive.open(path) as source:  # type: ignore[attr-defined]  # noqa: SLF001 - as above
        rest = b""
        while piece := source.read(_PIECE):
            text = rest + piece
            end = text.rfind(b">") + 1
            yield from _TAG.findall(text[:end])
            rest = text[end:]


def _unescaped(text: str) -> str:
    """A text with the characters that the format writes by their numbers."""
    return unescape(text) if "_x" in text else text


def _write_line(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_as_json, separators=(",", ":")))
    sys.stdout.write("\n")


def _as_json(cell: object) -> object:
    """A date as a marked object; a formula over several cells as a text that begins like a formula."""
    if isinstance(cell, date):
        return {"day": (cell.date() if isinstance(cell, datetime) else cell).isoformat()}
    return "=" if isinstance(cell, ArrayFormula | DataTableFormula) else str(cell)


if __name__ == "__main__":
    main(int(sys.argv[1]))
