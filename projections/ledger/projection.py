"""The ledger (台账) by unit and year: one row a case that has a number."""

from collections.abc import Sequence
from typing import ClassVar

from application.ledger import row_of
from domain.events.envelope import Event, Recorded
from projections.ledger.tables import LEDGER, columns_of
from projections.runtime.case_cache import CASE_TOPICS, CaseCache, fold_case
from projections.runtime.projection import Connection, ReadModelTable, Row
from projections.runtime.row_writer import put


class LedgerProjection:
    """Writes the ledger; the rows come from the same fold as decisions, so that they cannot disagree."""

    NAME: ClassVar[str] = "ledger"
    TABLES: ClassVar[tuple[ReadModelTable, ...]] = (LEDGER,)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASE_TOPICS

    def __init__(self, cases: CaseCache | None = None) -> None:
        self._cases = cases or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the cases of a batch that have a number."""
        touched = (await self._cases.advanced(connection, batch)).touched
        found = ((dispute, row_of(held.dispute, held.imported)) for dispute, held in touched.items())
        rows = [columns_of(dispute, row) for dispute, row in found if row is not None]
        await put(connection, LEDGER, rows)

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - a row of the ledger rests on its case alone
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history, where it has one."""
        held = fold_case(history)
        row = row_of(held.dispute, held.imported)
        return ([columns_of(history[0].stream, row)] if row else [],)
