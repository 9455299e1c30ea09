"""The history of cases by days: their states from day to day, and the milestones that the indicators count."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Final, cast
from uuid import UUID

from cachetools import LRUCache

from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from domain.vocabulary import day_of
from projections.case_history.intervals import only_appends
from projections.case_history.milestones import next_milestones
from projections.case_history.tables import (
    INTERVALS,
    MILESTONES,
    CaseHistory,
    HistoryUpdate,
    rows_of,
    update_from,
    write,
)
from projections.runtime.case_cache import CACHED_CASES, CASE_TOPICS, CaseCache, CaseTransition
from projections.runtime.projection import Connection, ReadModelTable, Row
from store.event_log.log_reader import whole_streams
from store.postgres.typed import typed

_RECKONED: Final = """
SELECT DISTINCT dispute FROM case_spells
WHERE provisional
   OR EXISTS (SELECT FROM jsonb_to_recordset(deadlines) AS d (due_on date) WHERE d.due_on >= %(first)s)
"""


class CaseHistoryProjection:
    """Writes intervals and milestones: a later event adds rows, one that reaches back rewrites its case."""

    NAME: ClassVar[str] = "lifelines"
    TABLES: ClassVar[tuple[ReadModelTable, ...]] = (INTERVALS, MILESTONES)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASE_TOPICS

    def __init__(self, cases: CaseCache | None = None) -> None:
        self._cases = cases or CaseCache()
        self._policies = self._cases.policies
        self._written: LRUCache[UUID, HistoryUpdate] = LRUCache(CACHED_CASES)

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the rows of the cases that the batch touches to its end."""
        changes = await self._cases.advanced(connection, batch)
        rewritten: set[UUID] = set()
        if years := [item.event.year for item in batch if isinstance(item.event, CalendarPublished)]:
            self._policies.forget()
            rewritten |= await _reckoned(connection, min(years))
        updates: dict[UUID, HistoryUpdate] = {}
        for item in changes.transitions:
            case = item.recorded.stream
            if case not in rewritten:
                known = updates.get(case) or self._written.get(case)
                update = await self._extended(connection, known, item)
                if update is None:
                    rewritten.add(case)
                else:
                    updates[case] = update
        updates |= await self._rewritten(connection, rewritten, batch[-1].position)
        await write(connection, updates, self._policies)
        self._written.update({case: update.written for case, update in updates.items()})

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the intervals and the milestones of a case by its whole history."""
        self._policies.until = until
        update = await update_from(connection, cast("CaseHistory", history), self._policies)
        return await rows_of(connection, history[0].stream, update, self._policies)

    async def _extended(
        self, connection: Connection, known: HistoryUpdate | None, transition: CaseTransition
    ) -> HistoryUpdate | None:
        """The update of a case with one more event; None where the case must be rewritten."""
        item, before, after = transition.recorded, transition.before, transition.after.dispute
        if known is None and item.version > 1:
            return None
        if known is not None and (
            known.case.version != item.version - 1 or not only_appends(known.day, item)
        ):
            return None
        ladder = await self._policies.ladder(connection, after.procedure)
        taken = tuple(next_milestones(item, before.dispute if before else None, after, ladder))
        return (known or HistoryUpdate()).extended(day_of(item.event.happened_at), after, taken)

    async def _rewritten(
        self, connection: Connection, cases: set[UUID], last: int
    ) -> dict[UUID, HistoryUpdate]:
        if not cases:
            return {}
        found = cast("dict[UUID, CaseHistory]", await whole_streams(connection, list(cases)))
        until_last = {
            case: [recorded for recorded in history if recorded.position <= last]
            for case, history in found.items()
        }
        return {
            case: await update_from(connection, history, self._policies)
            for case, history in until_last.items()
            if history
        }


async def _reckoned(connection: Connection, year: int) -> set[UUID]:
    """The cases with a day that may lie otherwise by the calendar of a year: a provisional one, or one from it on."""
    found = await connection.execute(_RECKONED, {"first": date(year, 1, 1)})
    return {typed(UUID, row[0]) for row in await found.fetchall()}
