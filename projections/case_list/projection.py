"""The case list: one row a dispute, and one for each session that was called in it."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from projections.case_list.tables import APPOINTMENTS, CASELOAD, appointment_rows, case_row
from projections.runtime.case_cache import CASE_TOPICS, CaseCache, CaseChanges, FoldedCase, fold_case
from projections.runtime.projection import Connection, ReadModelTable, Row
from projections.runtime.row_writer import copy_into, put
from store.postgres.typed import typed

_DELETE_APPOINTMENTS: Final = "DELETE FROM appointments WHERE dispute = ANY(%s)"
_RECKONED: Final = """
SELECT dispute, version FROM caseload
WHERE provisional OR due_on >= %(first)s OR last_day >= %(first)s
"""


class CaseListProjection:
    """Writes the case list; the rows come from the same fold as decisions, so that they cannot disagree."""

    NAME: ClassVar[str] = "caseload"
    TABLES: ClassVar[tuple[ReadModelTable, ...]] = (CASELOAD, APPOINTMENTS)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASE_TOPICS

    def __init__(self, cases: CaseCache | None = None) -> None:
        self._cases = cases or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the disputes of a batch."""
        changes = await self._cases.advanced(connection, batch)
        touched = changes.touched
        await _write_appointments(connection, changes)
        if years := [item.event.year for item in batch if isinstance(item.event, CalendarPublished)]:
            self._cases.policies.forget()
            touched = await self._reckoned(connection, min(years)) | touched
        rows = [await self._row(connection, stream, held) for stream, held in touched.items()]
        await put(connection, CASELOAD, rows)

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history."""
        self._cases.policies.until = until
        held = fold_case(history)
        stream = history[0].stream
        return [await self._row(connection, stream, held)], appointment_rows(stream, held.dispute)

    async def _row(self, connection: Connection, stream: UUID, held: FoldedCase) -> Row:
        policies = self._cases.policies
        due = await policies.first_due(connection, held.dispute)
        return case_row(stream, held, due, await policies.expiring(connection, held.dispute))

    async def _reckoned(self, connection: Connection, year: int) -> dict[UUID, FoldedCase]:
        """The disputes with a day that may lie otherwise by the calendar of a year: a provisional one, or one from it on."""
        found = await connection.execute(_RECKONED, {"first": date(year, 1, 1)})
        ends = {typed(UUID, row[0]): typed(int, row[1]) + 1 for row in await found.fetchall()}
        return await self._cases.read(connection, ends)


async def _write_appointments(connection: Connection, changes: CaseChanges) -> None:
    """Write the sessions called in the cases of a batch that has, or had, one; in place of what was written before."""
    cases = {
        item.recorded.stream
        for item in changes.transitions
        if item.after.dispute.appointments or (item.before and item.before.dispute.appointments)
    }
    if not cases:
        return
    await connection.execute(_DELETE_APPOINTMENTS, (list(cases),))
    rows = [row for case in cases for row in appointment_rows(case, changes.touched[case].dispute)]
    await copy_into(connection, APPOINTMENTS, rows)
