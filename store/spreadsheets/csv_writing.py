"""Writing CSV as spreadsheets open it right: UTF-8 with a byte order mark, lines that end in CR LF."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

from application.language import Language
from application.tables.kinds import Kind
from application.tables.writing import Written, guarded, headings

_PIECE: Final = 200
"""Rows that are handed out at a time."""


def csv_pieces(kind: Kind, rows: Iterable[Sequence[Written]], language: Language) -> Iterator[bytes]:
    """Yield a table piece by piece: the headings, then the rows as they come."""
    piece = StringIO(newline="")
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow(headings(kind, language))
    for count, row in enumerate(rows, start=1):
        writer.writerow([_text(cell) for cell in row])
        if count % _PIECE == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def _text(cell: Written) -> str:
    return "" if cell is None else guarded(cell) if isinstance(cell, str) else str(cell)
