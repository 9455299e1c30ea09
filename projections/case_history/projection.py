"""Keeps the life of each case by days, and the steps that figures count: what every question of a past day rests on."""

from collections.abc import Sequence
from typing import ClassVar, Final, cast
from uuid import UUID

from domain.events.calendar import CalendarPublished
from domain.events.envelope import Event, Recorded
from domain.vocabulary import day_of
from projections.case_history.intervals import follows
from projections.case_history.milestones import next_milestones
from projections.case_history.tables import SPELLS, STEPS, CaseHistory, Told, rows_of, told_from, write
from projections.runtime.case_cache import CASES, CaseCache, Lived
from projections.runtime.lru import Held
from projections.runtime.projection import Connection, Row, Table
from store.event_log.log_reader import whole_streams
from store.postgres.typed import typed

_PROVISIONAL: Final = "SELECT DISTINCT dispute FROM case_spells WHERE provisional"


class CaseHistoryProjection:
    """Writes spells and steps: what follows in time is added, what reaches back makes a case be told anew."""

    NAME: ClassVar[str] = "lifelines"
    TABLES: ClassVar[tuple[Table, ...]] = (SPELLS, STEPS)
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = CASES

    def __init__(self, folds: CaseCache | None = None) -> None:
        self._folds = folds or CaseCache()
        self._policies = self._folds.policies
        self._held: Held[Told] = Held()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the rows of the cases that the batch touches to its end."""
        advance = await self._folds.advanced(connection, batch)
        anew: set[UUID] = set()
        if any(isinstance(item.event, CalendarPublished) for item in batch):
            self._policies.forget()
            anew |= await _provisional(connection)
        touched: dict[UUID, Told] = {}
        for item in advance.lived:
            case = item.recorded.stream
            if case not in anew:
                held = touched.get(case) or self._held.get(case)
                further = await self._further(connection, held, item)
                if further is None:
                    anew.add(case)
                else:
                    touched[case] = further
        touched |= await self._told_anew(connection, anew, batch[-1].position)
        await write(connection, touched, self._policies)
        self._held.update({case: told.written for case, told in touched.items()})

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the spells and the steps of a case by its whole history."""
        self._policies.until = until
        told = await told_from(connection, cast("CaseHistory", history), self._policies)
        return await rows_of(connection, history[0].stream, told, self._policies)

    async def _further(self, connection: Connection, held: Told | None, lived: Lived) -> Told | None:
        """What is told of a case with one more event; None where it has to be told anew."""
        item, before, after = lived.recorded, lived.before, lived.after.dispute
        if held is None and item.version > 1:
            return None
        if held is not None and (held.case.version != item.version - 1 or not follows(held.day, item)):
            return None
        ladder = await self._policies.ladder(connection, after.procedure)
        taken = tuple(next_milestones(item, before.dispute if before else None, after, ladder))
        return (held or Told()).further(day_of(item.event.happened_at), after, taken)

    async def _told_anew(self, connection: Connection, cases: set[UUID], last: int) -> dict[UUID, Told]:
        if not cases:
            return {}
        found = cast("dict[UUID, CaseHistory]", await whole_streams(connection, list(cases)))
        known = {
            case: [recorded for recorded in history if recorded.position <= last]
            for case, history in found.items()
        }
        return {
            case: await told_from(connection, history, self._policies)
            for case, history in known.items()
            if history
        }


async def _provisional(connection: Connection) -> set[UUID]:
    """The cases with a due day that rests on a calendar which was not published when it was reckoned."""
    found = await connection.execute(_PROVISIONAL)
    return {typed(UUID, row[0]) for row in await found.fetchall()}
