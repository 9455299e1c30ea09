"""Tables to be filled in: the headings, an example, and in a workbook the lists to choose from and a note a column."""

from decimal import Decimal
from io import BytesIO
from typing import Final

import yaml

from application.i18n import Language, word
from application.initial_data import default_ladder
from application.tables.examples import example
from application.tables.kinds import Column, ColumnType, TableKind
from application.tables.notes import note
from application.tables.writing import Written, headings, sheet_name
from store.spreadsheets.csv_writing import csv_pieces
from store.spreadsheets.xlsx_writing import XlsxSheet, new_sheet, new_workbook

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}
_ROWS: Final = 10_000
"""Rows for which lists are offered."""


def template(kind: TableKind, file_format: str, language: Language) -> bytes | None:
    """Return an empty table with an example; None where there is none, as of ladders but in YAML."""
    if file_format == "yaml":
        return _yaml(kind, language)
    if kind is TableKind.LADDERS:
        return None
    if file_format == "csv":
        return b"".join(csv_pieces(kind, [example(kind, language)], language))
    return _xlsx(kind, language)


def _yaml(kind: TableKind, language: Language) -> bytes:
    if kind is TableKind.LADDERS:
        items: list[object] = [default_ladder().model_dump(mode="json")]
    else:
        pairs = zip(headings(kind, language), example(kind, language), strict=True)
        items = [{heading: _scalar(cell) for heading, cell in pairs if cell is not None}]
    text: str = yaml.safe_dump({sheet_name(kind, language): items}, allow_unicode=True, sort_keys=False)
    return text.encode()


def _xlsx(kind: TableKind, language: Language) -> bytes:
    file = BytesIO()
    workbook = new_workbook(file)
    sheet = new_sheet(workbook, kind, language)
    as_text = workbook.add_format({"num_format": "@"})
    for place, column in enumerate(sheet.columns):
        _guide(sheet, place, column, language)
        if column.holds is ColumnType.TEXT:  # or the program makes a day of a number such as 2019-12
            sheet.sheet.set_column(place, place, 24, as_text)
    sheet.write(example(kind, language))
    workbook.close()
    return file.getvalue()


def _guide(sheet: XlsxSheet, place: int, column: Column, language: Language) -> None:
    sheet.sheet.write_comment(0, place, note(column, language))
    if column.words and column.holds in {ColumnType.WORD, ColumnType.KEY, ColumnType.MARK}:
        words = [word(item, language) for item in column.words]
        strict = "stop" if column.holds is ColumnType.WORD else "information"
        choice = {"validate": "list", "source": words, "error_type": strict}
        sheet.sheet.data_validation(1, place, _ROWS, place, choice)


def _scalar(cell: Written) -> object:
    return float(cell) if isinstance(cell, Decimal) else cell
