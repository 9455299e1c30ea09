"""Writing CSV as spreadsheets open it right: UTF-8 with a byte order mark, lines that end in CR LF."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from application.i18n import Language
from application.tables.kinds import TableKind
from application.tables.writing import Written, guarded, headings

_PIECE: Final = 200
"""Rows that are handed out at a time."""


def csv_pieces(kind: TableKind, rows: Iterable[Sequence[Written]], language: Language) -> Iterator[bytes]:
    """Yield a table piece by piece: the headings, then the rows as they come."""
    yield csv_head(kind, language)
    left = iter(rows)
    while piece := list(islice(left, _PIECE)):
        yield csv_rows(piece)


def csv_head(kind: TableKind, language: Language) -> bytes:
    """Return how the file of a kind of table begins: the byte order mark and the headings."""
    return b"\xef\xbb\xbf" + csv_rows([headings(kind, language)])


def csv_rows(rows: Iterable[Sequence[Written]]) -> bytes:
    """Return rows as lines."""
    piece = StringIO(newline="")
    csv.writer(piece).writerows([_text(cell) for cell in row] for row in rows)
    return piece.getvalue().encode()


def _text(cell: Written) -> str:
    return "" if cell is None else guarded(cell) if isinstance(cell, str) else str(cell)
