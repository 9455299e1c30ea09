"""What a projection needs of ladders and calendars: read from the log, and kept."""

from typing import cast
from uuid import UUID

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.outlook import deadlines, first_due
from domain.aggregates.policy import Procedure, evolve_calendar, evolve_procedure
from domain.events import streams
from domain.events.envelope import Event, Recorded
from domain.events.policy import CalendarPublished, ProcedurePublished
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar, PublishedYear
from projections.projection import Connection
from store.following import before

_ALL = 2**31
_END = 2**63 - 1


class Policies:
    """Ladders never change once published; a calendar that is published later wants a new one of these.

    What stands in the log beyond the position `until` is not published yet.
    """

    def __init__(self) -> None:
        self.until = _END
        self._ladders: dict[ProcedureRef, Ladder] = {}
        self._years: dict[int, PublishedYear | None] = {}

    async def first_due(self, connection: Connection, dispute: Dispute) -> Deadline | None:
        """Return what must be done first in a dispute."""
        ladder = await self.ladder(connection, dispute.filed.procedure)
        calendar = await self.calendar(connection, dispute.moved_on.year)
        return first_due(deadlines(dispute, ladder, calendar))

    async def ladder(self, connection: Connection, ref: ProcedureRef) -> Ladder:
        """Return the ladder to which a dispute is pinned."""
        if ref not in self._ladders:
            procedure: Procedure | None = None
            for each in await self._published(connection, streams.procedure_stream(ref.id)):
                procedure = evolve_procedure(procedure, cast("ProcedurePublished", each.event))
            for version, ladder in (procedure.versions if procedure else {}).items():
                self._ladders[ProcedureRef(id=ref.id, version=version)] = ladder
        return self._ladders[ref]

    async def calendar(self, connection: Connection, year: int) -> Calendar:
        """Return the published calendars around a year."""
        found = {each: await self._year(connection, each) for each in range(year - 1, year + 3)}
        return Calendar({each: published for each, published in found.items() if published is not None})

    async def _year(self, connection: Connection, year: int) -> PublishedYear | None:
        if year not in self._years:
            published: PublishedYear | None = None
            for each in await self._published(connection, streams.calendar_stream(year)):
                published = evolve_calendar(published, cast("CalendarPublished", each.event))
            self._years[year] = published
        return self._years[year]

    async def _published(self, connection: Connection, stream: UUID) -> list[Recorded[Event]]:
        return [each for each in await before(connection, stream, _ALL) if each.position <= self.until]
