"""Reading XLSX through a child process, `store.spreadsheets.xlsx_child`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from json import JSONDecoder
from pathlib import Path
from typing import BinaryIO, Final, Literal

from application.tables.headings import head_of, letter
from application.tables.kinds import Cell
from application.tables.table import NotATable, Row, TableHead, TableNotice
from domain.messages import Message, message
from store.spreadsheets import TOO_LARGE
from store.spreadsheets.xlsx_writing import LONGEST_CELL, is_cut

_ROOT: Final = Path(__file__).parents[2]
_DAMAGED: Final = message("the workbook is damaged or protected; open it and save it anew")
_LARGE: Final = message("the workbook is too large")
_HIDDEN_SHEET: Final = message("the sheet is hidden and was not read")
_CELL_CUT: Final = message("the cell is as long as a cell may be; something may be missing at its end")
_Kind = Literal["hidden_sheet", "hidden_rows", "cell_cut"]


class Workbook:
    """A workbook that a child reads. Its sheets can be read one after the other, each once."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Start the child and look at the sheets; raises NotATable."""
        self.name = name
        file.seek(0)
        descriptor = os.dup(file.fileno())
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "store.spreadsheets.xlsx_child", str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(descriptor,),
                cwd=_ROOT,
                text=True,
                encoding="utf-8",
            )
        finally:
            os.close(descriptor)
        self.tables = list(self._look())

    def close(self) -> None:
        """End the child."""
        self._child.kill()
        self._child.communicate()

    def rows(self, place: int, sheet: str) -> Iterator[Row]:
        """Yield the rows of a sheet; raises NotATable where the workbook turns out to be damaged."""
        requests, output = self._child.stdin, self._child.stdout
        if requests is None or output is None:
            raise RuntimeError("the child has no pipes")
        requests.write(f"{place}\n")
        requests.flush()
        for line in output:
            if line == "\n":
                return
            yield _DECODER.decode(line)
        raise self._broken(sheet)

    def _look(self) -> Iterator["XlsxTable"]:
        output = self._child.stdout
        lines = [output.readline() if output else "" for _ in range(2)]
        if not all(lines):
            fault = self._broken()
            self.close()
            raise fault
        hidden, sheets = map(_DECODER.decode, lines)
        notices = [self._notice("hidden_sheet", sheet, 0, _HIDDEN_SHEET) for sheet in hidden]
        for place, (sheet, rows, merged, hidden_rows) in enumerate(sheets):
            found = head_of((number, cells) for number, cells in rows)
            if found is None:
                continue
            head = TableHead(self.name, sheet, *found)
            below = [line for line in hidden_rows if line > head.line]
            if below:
                detail = message("{count} hidden rows were read as well, from this one on", count=len(below))
                notices.append(self._notice("hidden_rows", sheet, below[0], detail))
            yield XlsxTable(self, place, head, merged, notices)
            notices = []
        if notices:
            self.close()
            raise NotATable(message("the sheets that hold something are hidden"), self.name)

    def _notice(self, kind: _Kind, sheet: str, line: int, detail: Message) -> TableNotice:
        return TableNotice(kind, self.name, sheet, line, "", detail)

    def _broken(self, sheet: str = "") -> NotATable:
        sentence: Message = _LARGE if self._child.wait() == TOO_LARGE else _DAMAGED
        return NotATable(sentence, self.name, sheet)


class XlsxTable:
    """A sheet of a workbook."""

    def __init__(
        self,
        workbook: Workbook,
        place: int,
        head: TableHead,
        merged: Sequence[tuple[int, int, int]],
        notices: Sequence[TableNotice],
    ) -> None:
        """`merged` are cells over several rows: the column from 1, the first and the last row."""
        self._workbook = workbook
        self._place = place
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for column, first, last in merged:
            if first > head.line:
                self._merged.setdefault(first, []).append((column - 1, last))
        self.head = head
        self.notices = list(notices)

    def rows(self) -> Iterator[Row]:
        """Read the rows below the headings; the value of a merged cell counts for all its rows. Raises NotATable."""
        values: dict[int, tuple[Cell, int]] = {}
        for number, cells in self._workbook.rows(self._place, self.head.sheet):
            if number <= self.head.line:
                continue
            values = {index: value for index, value in values.items() if value[1] >= number}
            row = _filled(cells, values) if values else cells
            for index, last in self._merged.get(number, ()):
                values[index] = (row[index] if index < len(row) else None, last)
            self._look_for_cuts(number, row)
            yield number, row

    def _look_for_cuts(self, line: int, row: Sequence[Cell]) -> None:
        for index, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > LONGEST_CELL // 2 and is_cut(cell):
                notice = TableNotice(
                    "cell_cut", self.head.file, self.head.sheet, line, letter(index), _CELL_CUT
                )
                self.notices.append(notice)


def _filled(cells: Sequence[Cell], values: Mapping[int, tuple[Cell, int]]) -> list[Cell]:
    """A row with the values of cells that were merged into it from above."""
    row = list(cells)
    for index, (value, _) in values.items():
        row += [None] * (index + 1 - len(row))
        row[index] = value if row[index] is None else row[index]
    return row


def _day(marked: dict[str, str]) -> date:
    return date.fromisoformat(marked["day"])


_DECODER: Final = JSONDecoder(object_hook=_day)
