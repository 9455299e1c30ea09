"""Reading CSV as offices save it: UTF-8 or GB18030, with commas, semicolons or tabs."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO, Final

from application.tables.headings import LOOKED_AT, head_of, recognised
from application.tables.table import NotATable, Row, TableHead, TableNotice
from domain.messages import message

LONGEST: Final = 131_072
"""Characters of one cell; more are taken for a quotation mark that was never closed."""
_PIECE: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = (",", "\t", ";")


class CsvTable:
    """The one table of a CSV file."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Look at the headings; raises NotATable."""
        self.notices: Sequence[TableNotice] = ()
        self._file = file
        self._name = name
        self._encoding = _encoding(file, name)
        beginning = self._beginning()
        self._delimiter = max(_DELIMITERS, key=lambda item: _recognised(beginning, item))
        found = head_of(self._rows())
        if found is None:
            raise NotATable(message("the file holds no table"), name)
        self.head = TableHead(name, "", *found)

    def rows(self) -> Iterator[Row]:
        """Read the rows below the headings; raises NotATable."""
        return (row for row in self._rows() if row[0] > self.head.line)

    def _rows(self) -> Iterator[Row]:
        lines, number = self._lines(), 0
        csv.field_size_limit(LONGEST)
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=self._delimiter), start=1):
                yield number, cells
        except csv.Error:
            sentence = message(
                "a cell has more than {limit} characters; a quotation mark may be missing", limit=LONGEST
            )
            raise NotATable(sentence, self._name, line=number + 1) from None
        finally:
            lines.detach()

    def _lines(self) -> TextIOWrapper:
        self._file.seek(0)
        return TextIOWrapper(self._file, self._encoding, newline="")

    def _beginning(self) -> list[str]:
        lines = self._lines()
        found = [line for _ in range(LOOKED_AT) if (line := lines.readline(LONGEST))]
        lines.detach()
        return found


def _recognised(lines: Sequence[str], delimiter: str) -> int:
    rows = (next(csv.reader([line], delimiter=delimiter), []) for line in lines)
    return max(map(recognised, rows), default=0)


def _encoding(file: BinaryIO, name: str) -> str:
    """The encoding in which the whole file can be read."""
    file.seek(0)
    beginning = file.read(4)
    marked = [encoding for mark, encoding in _MARKS if beginning.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        if _readable(_pieces(file), encoding):
            return encoding
    raise NotATable(message("the file is neither UTF-8 nor GB18030"), name)


def _readable(pieces: Iterable[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
