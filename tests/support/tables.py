"""Files of tables for tests, and importing them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import uuid4

import xlsxwriter

from api.http.services import Services
from application.i18n import Language
from application.importing.importer import Progress
from application.importing.plan import ImportPlan
from application.ledger import LedgerRow
from application.tables.kinds import TableKind
from application.tables.writing import cells_of
from domain.events.envelope import Actor
from store.spreadsheets.csv_writing import csv_pieces
from store.spreadsheets.opening import all_opened
from store.spreadsheets.xlsx_writing import write_xlsx
from tests.support.world import ADMIN

CASE: Mapping[str, object] = {
    "number": "（2019）东光一社民调字第7号",
    "unit": "dongguang.c01.y01",
    "tier": "community",
    "category": "neighbour",
    "source": "application",
    "title": "楼道堆物",
    "facts": "楼道里堆放旧家具",
    "applicants": "甲",
    "respondents": "乙",
    "filed_on": "2019-03-02",
    "accepted_on": "2019-03-04",
    "mediators": "老张",
    "sessions": "2",
    "status": "closed",
    "outcome": "failed",
    "closed_on": "2019-03-20",
}
AGREED: Mapping[str, object] = {
    "outcome": "performed",
    "agreement_form": "oral",
    "agreed_on": "2019-03-18",
    "obligations": "清理",
    "due_on": "2019-03-31",
}
OPEN: Mapping[str, object] = {"status": "accepted", "outcome": "", "closed_on": ""}


def case(n: int = 7, **changes: object) -> dict[str, object]:
    """A row of the ledger; `n` is its place in the register of the first community."""
    return {**CASE, "number": f"（2019）东光一社民调字第{n}号", **changes}


def as_csv(rows: Sequence[Mapping[str, object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as CSV, with a column for every key."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def as_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Sheets as a workbook as Excel would write it, with a table of strings; what begins with = is a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy/m/d", "remove_timezone": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def as_file(content: bytes) -> BinaryIO:
    """Content as a file that a child can read."""
    file = TemporaryFile("w+b")  # noqa: SIM115 - whoever asked closes it
    file.write(content)
    file.flush()
    return file


@dataclass(frozen=True)
class Given:
    """A file to import: its name and what it holds."""

    name: str
    content: bytes


def ledger_of(*rows: Mapping[str, object]) -> Given:
    """A CSV file of cases."""
    return Given("ledger.csv", as_csv(rows))


async def bring_in(
    services: Services,
    *files: Given,
    dry_run: bool = False,
    by: Actor = ADMIN,
    progress: Progress = lambda *_: None,
) -> tuple[ImportPlan, int | None]:
    """Import files."""
    handles = [(as_file(item.content), item.name) for item in files]
    try:
        with all_opened(handles) as (tables, unreadable):
            return await services.importer.bring_in(
                tables, by, uuid4(), unreadable=unreadable, dry_run=dry_run, progress=progress
            )
    finally:
        for file, _ in handles:
            file.close()


def ledger_csv(rows: Iterable[LedgerRow], language: Language) -> bytes:
    """The ledger as CSV."""
    return b"".join(csv_pieces(TableKind.LEDGER, (cells_of(row, language) for row in rows), language))


def ledger_xlsx(rows: Iterable[LedgerRow], file: BinaryIO, language: Language) -> None:
    """The ledger as a workbook."""
    write_xlsx(file, TableKind.LEDGER, (cells_of(row, language) for row in rows), language)
