"""Reads a dispute with its history: now, at a version, as known at a time, or as of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from access.decision import must_include
from access.scope import Scope
from application.deciders.calendar import CALENDARS, calendar_of
from application.deciders.dispute import DISPUTES, HISTORIES
from application.deciders.platform import PLATFORMS
from application.deciders.procedure import PROCEDURES
from application.ports import EventLog, Loaded
from application.stream_cache import StreamCache, StreamStates, read_states
from domain.aggregates.calendar import days_of
from domain.aggregates.dispute import Dispute, World, replay
from domain.aggregates.dispute.as_of import as_of, in_effect_on
from domain.aggregates.dispute.deadlines import calendar_years, deadlines
from domain.aggregates.dispute.pending_moves import PendingMove, pending_moves
from domain.errors import UnknownDispute, UnknownProcedure, UnknownVersion
from domain.events.calendar import CalendarPublished
from domain.events.dispute import DisputeEvent, Filed, Imported
from domain.events.envelope import Actor, Recorded
from domain.events.streams import calendar_stream
from domain.jurisdiction.units import with_ancestors
from domain.messages import message
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from domain.procedures.rules import Because
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import Role, day_of

_READER = Actor(sub="reader", role=Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class PointInTime:
    """Up to where a history is read (a version, a time of recording, or its end), and as of which day."""

    version: int | None = None
    known_at: datetime | None = None
    as_of: date | None = None

    def includes(self, recorded: Recorded[DisputeEvent]) -> bool:
        """Say whether an event was recorded by this point."""
        return (self.version is None or recorded.version <= self.version) and (
            self.known_at is None or recorded.recorded_at <= self.known_at
        )


NOW = PointInTime()


@dataclass(frozen=True, slots=True)
class RuleDecision:
    """An event that a rule caused: its version and the explanation."""

    version: int
    because: Because


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """A dispute as it stood, the events from which that follows, its ladder, platforms and calendar.

    `today` is the day by which overdue is judged.
    """

    id: UUID
    history: tuple[Recorded[DisputeEvent], ...]
    dispute: Dispute
    world: World
    calendar: Calendar
    today: date

    @property
    def ladder(self) -> Ladder:
        """The ladder to which the dispute is pinned."""
        return self.world.ladder

    @property
    def decisions(self) -> tuple[RuleDecision, ...]:
        """What rules have decided, in order; the several facts of one decision count once, as its last."""
        last = {
            (recorded.command_id, recorded.because.rule): RuleDecision(recorded.version, recorded.because)
            for recorded in self.history
            if recorded.because is not None
        }
        return tuple(last.values())

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """What is due."""
        return deadlines(self.dispute, self.ladder, self.calendar)

    @property
    def pending_moves(self) -> tuple[PendingMove, ...]:
        """What is missing before a rule moves the dispute."""
        onward = self.world.first_platform(self.dispute.filed.unit, self.ladder.above(self.dispute.tier))
        return pending_moves(self.dispute, self.ladder, self.calendar, last_tier=onward is None)


class CaseReader:
    """Reads disputes from their streams: always current, however far the read models lag."""

    def __init__(self, log: EventLog, cache: StreamCache) -> None:
        self._log = log
        self._cache = cache

    async def history(self, dispute: UUID) -> tuple[Recorded[DisputeEvent], ...]:
        """Return every event of a dispute; raises UnknownDispute where there is none."""
        return _history(dispute, await self._log.load({dispute: 0}))

    async def read(
        self, scope: Scope, dispute: UUID, now: datetime, moment: PointInTime = NOW
    ) -> CaseSnapshot:
        """Read a dispute in a scope.

        Raises UnknownDispute, or UnknownVersion where the point lies before or beyond its history.
        """
        stream = (DISPUTES.ref(dispute), HISTORIES.ref(dispute))
        states = await read_states(self._log, self._cache, stream)
        present, whole = states.get(DISPUTES, dispute), states.get(HISTORIES, dispute)
        if present is None or whole is None:
            raise UnknownDispute(message("there is no such case"))
        if present.version != len(whole):  # between two readings of the log the case went on
            present = replay(whole) or present
        must_include(scope, present)
        known = tuple(item for item in whole if moment.includes(item))
        state = present if moment == NOW else replay(known)
        if moment.as_of is not None:
            state = as_of(known, moment.as_of)
        if state is None or (moment.version is not None and moment.version > len(whole)):
            raise UnknownVersion(message("the case has no such version"))
        history = known if moment.as_of is None else tuple(in_effect_on(known, moment.as_of))
        world, calendar = await self._around(state, now, states.reference_position)
        if (until := _known(whole, moment, now)) < now:
            calendar = await self._calendar_known(state, until)
        return CaseSnapshot(dispute, history, state, world, calendar, _today(whole, moment, now))

    async def _around(self, state: Dispute, now: datetime, references: int | None) -> tuple[World, Calendar]:
        units = {item for unit in (state.filed.unit, *state.filed.co_units) for item in with_ancestors(unit)}
        years = calendar_years(state)
        needed = (
            PROCEDURES.ref(state.procedure.id),
            *(PLATFORMS.ref(unit) for unit in units),
            *(CALENDARS.ref(year) for year in years),
        )
        states = StreamStates(self._cache, references)
        await states.read(self._log, lambda: needed)
        pinned = states.get(PROCEDURES, state.procedure.id)
        if pinned is None:
            raise UnknownProcedure(message("the procedure of this case is not in the log"))
        ladder = pinned.versions[state.procedure.version]
        world = World(now, _READER, state.procedure, ladder, states.all(PLATFORMS, units))
        return world, calendar_of(states, years)

    async def _calendar_known(self, state: Dispute, until: datetime) -> Calendar:
        """Return the calendar by which days were reckoned at a past time: as far as it was published then (rule 8)."""
        years = {calendar_stream(year): year for year in calendar_years(state)}
        loaded = await self._log.load(dict.fromkeys(years, 0))
        found: dict[int, PublishedYear] = {}
        for stream, events in loaded.streams.items():
            for item in events:
                if isinstance(item.event, CalendarPublished) and item.recorded_at <= until:
                    found[years[stream]] = days_of(item.event)
        return Calendar(found)


def _today(whole: Sequence[Recorded[DisputeEvent]], moment: PointInTime, now: datetime) -> date:
    """Return the day by which the state is judged: a past version stood until the next one was recorded."""
    return min(day_of(_known(whole, moment, now)), moment.as_of or date.max)


def _known(whole: Sequence[Recorded[DisputeEvent]], moment: PointInTime, now: datetime) -> datetime:
    """Return until when what was recorded counts: a past version stood until the next one was recorded."""
    following = None if moment.version is None else next(iter(whole[moment.version :]), None)
    return min(now, moment.known_at or now, following.recorded_at if following else now)


def _history(dispute: UUID, loaded: Loaded) -> tuple[Recorded[DisputeEvent], ...]:
    recorded = cast("Sequence[Recorded[DisputeEvent]]", loaded.streams.get(dispute, ()))
    if not recorded or not isinstance(recorded[0].event, Filed | Imported):
        raise UnknownDispute(message("there is no such case"))
    return tuple(recorded)
