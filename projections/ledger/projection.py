"""The ledger (台账) by unit and year: one row a case that has a number."""

from collections.abc import Sequence
from typing import ClassVar

from application.ledger import row_of
from domain.events.envelope import Event, Recorded
from projections.ledger.tables import LEDGER, columns_of
from projections.runtime.case_cache import CASES, CaseCache, folded
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.row_writer import put


class LedgerProjection:
    """Keeps the ledger. A row is taken from the fold that decides, so it cannot disagree with it."""

    NAME: ClassVar[str] = "ledger"
    TABLES: ClassVar[tuple[Table, ...]] = (LEDGER,)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASES

    def __init__(self, folds: CaseCache | None = None) -> None:
        self._folds = folds or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the cases that the batch touches and that have a number."""
        touched = (await self._folds.advanced(connection, batch)).touched
        found = ((dispute, row_of(held.dispute, held.told)) for dispute, held in touched.items())
        rows = [columns_of(dispute, row) for dispute, row in found if row is not None]
        await put(connection, LEDGER, rows)

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - a row of the ledger rests on its case alone
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history, where it has one."""
        held = folded(history)
        row = row_of(held.dispute, held.told)
        return ([columns_of(history[0].stream, row)] if row else [],)
