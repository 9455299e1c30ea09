"""The ledger (台账) by unit and year: one row a case that has a number."""

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from application.ledger import LedgerRow, row_of
from domain.events.envelope import Event, Recorded
from projections.runtime.case_cache import CASES, CaseCache, case_of, folded
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.read_model import ReadModel, below
from projections.runtime.row_writer import put
from store.postgres.connections import connection_of

_TABLE: Final = Table(
    "ledger", ("dispute", "unit", "year", "accepted_on", "number", "entry"), ("dispute",), case_of
)
_PAGE: Final = """
SELECT accepted_on, length(number), number, dispute, entry FROM ledger
WHERE year = %(year)s AND (%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)
  AND (accepted_on, length(number), number, dispute) > (%(day)s, %(length)s, %(number)s, %(dispute)s)
ORDER BY accepted_on, length(number), number, dispute LIMIT %(limit)s
"""
_CHUNK: Final = 1_000


class LedgerProjection:
    """Keeps the ledger. A row is taken from the fold that decides, so it cannot disagree with it."""

    NAME: ClassVar[str] = "ledger"
    TABLES: ClassVar[tuple[Table, ...]] = (_TABLE,)
    OPENINGS: ClassVar[tuple[str, ...]] = CASES

    def __init__(self, folds: CaseCache | None = None) -> None:
        self._folds = folds or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the cases that the batch touches and that have a number."""
        touched = (await self._folds.advanced(connection, batch)).touched
        found = ((dispute, row_of(held.dispute, held.told)) for dispute, held in touched.items())
        rows = [_columns(dispute, row) for dispute, row in found if row is not None]
        await put(connection, _TABLE, rows)

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - a row of the ledger rests on its case alone
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history, where it has one."""
        held = folded(history)
        row = row_of(held.dispute, held.told)
        return ([_columns(history[0].stream, row)] if row else [],)


class LedgerQueries(ReadModel):
    """Asks the ledger."""

    NAME: ClassVar[str] = LedgerProjection.NAME

    async def rows(self, unit: str | None, year: int) -> AsyncIterator[LedgerRow]:
        """Yield the rows of a unit and all below it in a year, by the day of acceptance and then by number."""
        place: dict[str, object] = {"day": "-infinity", "length": 0, "number": "", "dispute": UUID(int=0)}
        asked = {"unit": unit, "below": below(unit or ""), "year": year, "limit": _CHUNK}
        while True:
            async with connection_of(self._pool) as connection:
                found = await (await connection.execute(_PAGE, {**asked, **place})).fetchall()
            for row in found:
                yield LedgerRow.model_validate(row[4])
            if len(found) < _CHUNK:
                return
            place = dict(zip(("day", "length", "number", "dispute"), found[-1][:4], strict=True))


def _columns(dispute: UUID, row: LedgerRow) -> Row:
    entry = Jsonb(row.model_dump(mode="json", exclude_none=True))
    return (dispute, row.unit, row.accepted_on.year, row.accepted_on, row.number, entry)
