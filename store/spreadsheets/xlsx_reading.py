"""Reading XLSX through a child process, `store.spreadsheets.xlsx_child`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from json import JSONDecoder
from pathlib import Path
from typing import BinaryIO, Final

from application.tables.headings import head_of
from application.tables.table import NotATable, Row, TableHead
from domain.messages import Message, message
from store.spreadsheets import TOO_LARGE

_ROOT: Final = Path(__file__).parents[2]
_DAMAGED: Final = message("the workbook is damaged or protected; open it and save it anew")
_LARGE: Final = message("the workbook is too large")


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
        self.tables = [table for table in self._look() if table]

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

    def _look(self) -> Iterator["XlsxTable | None"]:
        output = self._child.stdout
        line = output.readline() if output else ""
        if not line:
            fault = self._broken()
            self.close()
            raise fault
        for place, (sheet, rows) in enumerate(_DECODER.decode(line)):
            found = head_of((number, cells) for number, cells in rows)
            yield XlsxTable(self, place, TableHead(self.name, sheet, *found)) if found else None

    def _broken(self, sheet: str = "") -> NotATable:
        sentence: Message = _LARGE if self._child.wait() == TOO_LARGE else _DAMAGED
        return NotATable(sentence, self.name, sheet)


class XlsxTable:
    """A sheet of a workbook."""

    def __init__(self, workbook: Workbook, place: int, head: TableHead) -> None:
        self._workbook = workbook
        self._place = place
        self.head = head

    def rows(self) -> Iterator[Row]:
        """Read the rows below the headings; raises NotATable."""
        rows = self._workbook.rows(self._place, self.head.sheet)
        return (row for row in rows if row[0] > self.head.line)


def _day(marked: dict[str, str]) -> date:
    return date.fromisoformat(marked["day"])


_DECODER: Final = JSONDecoder(object_hook=_day)
