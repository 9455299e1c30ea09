"""The case list: one row a dispute."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from projections.case_list.tables import CASELOAD, case_row
from projections.runtime.case_cache import CASES, CaseCache, Folded, folded
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.row_writer import put
from store.postgres.typed import typed


class CaseListProjection:
    """Keeps the case list. The rows are views of the same fold that decides, so they cannot disagree with it."""

    NAME: ClassVar[str] = "caseload"
    TABLES: ClassVar[tuple[Table, ...]] = (CASELOAD,)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASES

    def __init__(self, folds: CaseCache | None = None) -> None:
        self._folds = folds or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the disputes that the batch touches."""
        touched = (await self._folds.advanced(connection, batch)).touched
        if any(isinstance(item.event, CalendarPublished) for item in batch):
            self._folds.policies.forget()
            touched = await self._provisional(connection) | touched
        rows = [await self._row(connection, stream, held) for stream, held in touched.items()]
        await put(connection, CASELOAD, rows)

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history."""
        self._folds.policies.until = until
        held = folded(history)
        return ([await self._row(connection, history[0].stream, held)],)

    async def _row(self, connection: Connection, stream: UUID, held: Folded) -> Row:
        policies = self._folds.policies
        due = await policies.first_due(connection, held.dispute)
        return case_row(stream, held, due, await policies.expiring(connection, held.dispute))

    async def _provisional(self, connection: Connection) -> dict[UUID, Folded]:
        """The disputes whose due day rests on a calendar that was not published when it was reckoned."""
        found = await connection.execute("SELECT dispute, version FROM caseload WHERE provisional")
        ends = {typed(UUID, row[0]): typed(int, row[1]) + 1 for row in await found.fetchall()}
        return await self._folds.read(connection, ends)
