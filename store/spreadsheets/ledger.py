"""The ledger as a file for people and their spreadsheets, in either language; `tiaochu import` reads it back."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from application.language import Language
from application.ledger import LedgerRow
from application.tables.kinds import Kind
from application.tables.writing import cells_of
from store.spreadsheets.csv_writing import csv_pieces
from store.spreadsheets.xlsx_writing import write_xlsx


def ledger_csv(rows: Iterable[LedgerRow], language: Language) -> Iterator[bytes]:
    """Yield the ledger as CSV, piece by piece as the rows come."""
    return csv_pieces(Kind.LEDGER, (cells_of(row, language) for row in rows), language)


def ledger_xlsx(rows: Iterable[LedgerRow], file: BinaryIO, language: Language) -> None:
    """Write the ledger as XLSX; the rows are not held in memory, and the same rows give the same bytes."""
    write_xlsx(file, Kind.LEDGER, (cells_of(row, language) for row in rows), language)
