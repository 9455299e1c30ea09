"""The result of an import, as the HTTP interface and the command line show it."""

from typing import Annotated

from pydantic import BaseModel, Field

from application.i18n import BilingualText, bilingual_text
from application.importing.plan import ImportPlan
from application.tables.kinds import TableKind
from application.tables.table import TableNotice


class RowCounts(BaseModel):
    """How many rows were new, changed something, or were recorded already."""

    new: int = 0
    changed: int = 0
    same: int = 0


class AdditionCounts(BaseModel):
    """How many rows were new, or were recorded already."""

    new: int = 0
    same: int = 0


class TableWarning(BaseModel):
    """What whoever handed a table in should know of it: hidden sheets and rows, cells that were cut."""

    kind: str
    file: str
    sheet: str
    line: int | None = None
    column: str | None = None
    text: BilingualText


class ImportResult(BaseModel):
    """What an import recorded, and the position of its last event, where it recorded any."""

    units: RowCounts
    platforms: RowCounts
    mediators: RowCounts
    ladders: Annotated[AdditionCounts, Field(description="what is new is proposed, not in force")]
    ledger: AdditionCounts
    position: int | None = None
    proposed: Annotated[
        list[str] | None,
        Field(description="procedures that this import proposed; a second person puts each in force"),
    ] = None
    warnings: list[TableWarning] | None = None


def import_result(plan: ImportPlan, position: int | None) -> ImportResult:
    """Return the result of an import: its plan, and the position of its last event."""
    return ImportResult.model_validate(
        {
            **{kind.value: dict(plan.counts.get(kind.value, {})) for kind in TableKind},
            "position": position,
            "proposed": [ladder.id for ladder in plan.ladders] if plan.ladders and position else None,
            "warnings": [_warning(notice) for notice in plan.notices] or None,
        }
    )


def _warning(notice: TableNotice) -> TableWarning:
    return TableWarning(
        kind=notice.kind,
        file=notice.file,
        sheet=notice.sheet,
        line=notice.line or None,
        column=notice.column or None,
        text=bilingual_text(notice.detail),
    )
