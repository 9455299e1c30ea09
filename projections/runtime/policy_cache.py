"""A cache of ladders, calendars and the deadlines computed by them, read from the log."""

from datetime import datetime
from typing import Final, cast
from uuid import UUID

from cachetools import LRUCache

from domain.aggregates import calendar
from domain.aggregates import procedure as procedures
from domain.aggregates.calendar import CalendarYear
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.deadlines import calendar_years, deadlines, first_due
from domain.aggregates.dispute.expiry import Expiring, expiring
from domain.aggregates.procedure import Procedure
from domain.events import streams
from domain.events.calendar import CalendarEvent
from domain.events.envelope import Event, Recorded
from domain.events.procedure import ProcedureEvent
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar, PublishedYear
from projections.runtime.projection import Connection
from store.event_log.log_reader import stream_before

_ALL = 2**31
_END = 2**63 - 1
_CACHED_STATES: Final = 20_000
"""States of cases whose deadlines are cached."""


class PolicyCache:
    """Published ladders never change; after the publication of a calendar the cache must be cleared.

    Events beyond the position `until`, and those recorded after `known_at`, count as not yet published.
    """

    def __init__(self, known_at: datetime | None = None) -> None:
        self.until = _END
        self._known_at = known_at
        self._forget()

    def forget(self) -> None:
        """Clear the cache."""
        self._forget()

    async def first_due(self, connection: Connection, dispute: Dispute) -> Deadline | None:
        """Return what must be done first in a dispute."""
        return first_due(await self.deadlines(connection, dispute))

    async def deadlines(self, connection: Connection, dispute: Dispute) -> tuple[Deadline, ...]:
        """Return the deadlines of a dispute, cached by the identity of the state."""
        cached = self._due.get(id(dispute))
        if cached is not None and cached[0] is dispute:
            return cached[1]
        ladder = await self.ladder(connection, dispute.procedure)
        found = deadlines(dispute, ladder, await self.calendar(connection, calendar_years(dispute)))
        self._due[id(dispute)] = (dispute, found)
        return found

    async def expiring(self, connection: Connection, dispute: Dispute) -> Expiring | None:
        """Return the time limit of a dispute that fires by itself, None where there is none."""
        ladder = await self.ladder(connection, dispute.procedure)
        if ladder.only_marks:
            return None
        return expiring(dispute, ladder, await self.calendar(connection, calendar_years(dispute)))

    async def ladder(self, connection: Connection, ref: ProcedureRef) -> Ladder:
        """Return the ladder to which a dispute is pinned."""
        key = (ref.id, ref.version)
        if key not in self._ladders:
            procedure: Procedure | None = None
            for item in await self._published(connection, streams.procedure_stream(ref.id)):
                procedure = procedures.evolve(procedure, cast("ProcedureEvent", item.event))
            for version, ladder in (procedure.versions if procedure else {}).items():
                self._ladders[ref.id, version] = ladder
        return self._ladders[key]

    async def calendar(self, connection: Connection, years: range) -> Calendar:
        """Return the published calendars of some years."""
        if years not in self._calendars:
            found = {year: await self._year(connection, year) for year in years}
            published = {item: known for item, known in found.items() if known is not None}
            self._calendars[years] = Calendar(published)
        return self._calendars[years]

    def _forget(self) -> None:
        self._ladders: dict[tuple[str, int], Ladder] = {}
        self._years: dict[int, PublishedYear | None] = {}
        self._calendars: dict[range, Calendar] = {}
        self._due: LRUCache[int, tuple[Dispute, tuple[Deadline, ...]]] = LRUCache(_CACHED_STATES)

    async def _year(self, connection: Connection, year: int) -> PublishedYear | None:
        if year not in self._years:
            known: CalendarYear | None = None
            for item in await self._published(connection, streams.calendar_stream(year)):
                known = calendar.evolve(known, cast("CalendarEvent", item.event))
            self._years[year] = known.days if known else None
        return self._years[year]

    async def _published(self, connection: Connection, stream: UUID) -> list[Recorded[Event]]:
        return [
            item
            for item in await stream_before(connection, stream, _ALL)
            if item.position <= self.until and (self._known_at is None or item.recorded_at <= self._known_at)
        ]
