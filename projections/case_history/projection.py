"""Keeps the life of each case by days, and the steps that figures count: what every question of a past day rests on."""

from collections.abc import Sequence
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
from projections.runtime.projection import Connection, Row, Table
from store.event_log.log_reader import whole_streams
from store.postgres.typed import typed

_PROVISIONAL: Final = "SELECT DISTINCT dispute FROM case_spells WHERE provisional"


class CaseHistoryProjection:
    """Writes spells and steps: what follows in time is added, what reaches back makes a case be told anew."""

    NAME: ClassVar[str] = "lifelines"
    TABLES: ClassVar[tuple[Table, ...]] = (INTERVALS, MILESTONES)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASE_TOPICS

    def __init__(self, cases: CaseCache | None = None) -> None:
        self._cases = cases or CaseCache()
        self._policies = self._cases.policies
        self._written: LRUCache[UUID, HistoryUpdate] = LRUCache(CACHED_CASES)

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the rows of the cases that the batch touches to its end."""
        advance = await self._cases.advanced(connection, batch)
        anew: set[UUID] = set()
        if any(isinstance(item.event, CalendarPublished) for item in batch):
            self._policies.forget()
            anew |= await _provisional(connection)
        touched: dict[UUID, HistoryUpdate] = {}
        for item in advance.transitions:
            case = item.recorded.stream
            if case not in anew:
                held = touched.get(case) or self._written.get(case)
                further = await self._further(connection, held, item)
                if further is None:
                    anew.add(case)
                else:
                    touched[case] = further
        touched |= await self._rebuilt(connection, anew, batch[-1].position)
        await write(connection, touched, self._policies)
        self._written.update({case: told.written for case, told in touched.items()})

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the spells and the steps of a case by its whole history."""
        self._policies.until = until
        told = await update_from(connection, cast("CaseHistory", history), self._policies)
        return await rows_of(connection, history[0].stream, told, self._policies)

    async def _further(
        self, connection: Connection, held: HistoryUpdate | None, transitions: CaseTransition
    ) -> HistoryUpdate | None:
        """What is told of a case with one more event; None where it has to be told anew."""
        item, before, after = transitions.recorded, transitions.before, transitions.after.dispute
        if held is None and item.version > 1:
            return None
        if held is not None and (held.case.version != item.version - 1 or not only_appends(held.day, item)):
            return None
        ladder = await self._policies.ladder(connection, after.procedure)
        taken = tuple(next_milestones(item, before.dispute if before else None, after, ladder))
        return (held or HistoryUpdate()).further(day_of(item.event.happened_at), after, taken)

    async def _rebuilt(
        self, connection: Connection, cases: set[UUID], last: int
    ) -> dict[UUID, HistoryUpdate]:
        if not cases:
            return {}
        found = cast("dict[UUID, CaseHistory]", await whole_streams(connection, list(cases)))
        known = {
            case: [recorded for recorded in history if recorded.position <= last]
            for case, history in found.items()
        }
        return {
            case: await update_from(connection, history, self._policies)
            for case, history in known.items()
            if history
        }


async def _provisional(connection: Connection) -> set[UUID]:
    """The cases with a due day that rests on a calendar which was not published when it was reckoned."""
    found = await connection.execute(_PROVISIONAL)
    return {typed(UUID, row[0]) for row in await found.fetchall()}
