"""The ledger as a file, row by row as the rows come: JSON for programs, CSV and XLSX for people in either language."""

from collections.abc import AsyncIterator, Callable
from typing import BinaryIO, Final, Literal

from application.i18n import Language
from application.ledger import LedgerRow
from application.tables.kinds import TableKind
from application.tables.writing import cells_of
from store.spreadsheets.csv_writing import csv_head, csv_rows
from store.spreadsheets.xlsx_writing import new_sheet, new_workbook

FileFormat = Literal["json", "csv", "xlsx"]
Rows = AsyncIterator[LedgerRow]


async def ledger_json(rows: Rows, _: Language) -> AsyncIterator[bytes]:
    """Yield the ledger as one JSON document."""
    before = b'{"items":['
    async for row in rows:
        yield before + row.model_dump_json().encode()
        before = b","
    yield (b"" if before == b"," else before) + b'],"next":null}'


async def ledger_csv(rows: Rows, language: Language) -> AsyncIterator[bytes]:
    """Yield the ledger as CSV."""
    yield csv_head(TableKind.LEDGER, language)
    async for row in rows:
        yield csv_rows([cells_of(row, language)])


async def ledger_xlsx(rows: Rows, file: BinaryIO, language: Language) -> int:
    """Write the ledger as XLSX; the same rows give the same bytes. Returns how many cells were cut."""
    book = new_workbook(file)
    sheet = new_sheet(book, TableKind.LEDGER, language)
    async for row in rows:
        sheet.write(cells_of(row, language))
    book.close()
    return sheet.cut


async def write_ledger(rows: Rows, file: BinaryIO, form: FileFormat, language: Language) -> int:
    """Write the ledger in any form; returns how many cells were cut, which only a workbook needs."""
    if form == "xlsx":
        return await ledger_xlsx(rows, file, language)
    async for piece in STREAMED[form](rows, language):
        file.write(piece)
    return 0


STREAMED: Final[dict[Literal["json", "csv"], Callable[[Rows, Language], AsyncIterator[bytes]]]] = {
    "json": ledger_json,
    "csv": ledger_csv,
}
"""The forms that need not be whole before they are sent."""
