"""Official calendars, year by year: proposed by one person, published or amended by another (rule 8)."""

from collections.abc import Iterable
from typing import Final

from application.context import Permit
from application.deciders.decider import Decider, Decision, DecisionInputs, decided, version_of
from application.stream_cache import StreamKind, StreamRef, StreamStates, by_event
from domain.aggregates import calendar
from domain.aggregates.calendar_days import check
from domain.commands.calendar import (
    ApproveCalendar,
    CalendarCommand,
    ProposeCalendar,
    PublishCalendar,
    RejectCalendar,
    WithdrawCalendar,
)
from domain.events.calendar import CalendarProposed, CalendarPublished, CalendarRejected, CalendarWithdrawn
from domain.events.streams import calendar_stream
from domain.procedures.workdays import Calendar

CALENDARS: Final = StreamKind(
    "calendar",
    calendar_stream,
    by_event(calendar.evolve),
    (CalendarPublished, CalendarProposed, CalendarRejected, CalendarWithdrawn),
)


def calendar_of(states: StreamStates, years: Iterable[int]) -> Calendar:
    """Return the calendar of the years that are published among some that were read."""
    found = states.all(CALENDARS, years)
    return Calendar({year: state.days for year, state in found.items() if state.days is not None})


def _stream(command: CalendarCommand) -> StreamRef:
    return CALENDARS.ref(command.year)


def _check(command: CalendarCommand, _: DecisionInputs, permit: Permit) -> None:
    """Refuse days that make no calendar; raises CalendarFlawed."""
    if isinstance(command, PublishCalendar | ProposeCalendar):
        check(command)
    permit(None)


def _decide(command: CalendarCommand, inputs: DecisionInputs) -> Decision:
    year = inputs.states.get(CALENDARS, command.year)
    facts = calendar.decide(command, year, inputs.actor, inputs.now)
    return decided(str(command.year), _stream(command), facts, inputs)


DECIDER: Final[Decider[CalendarCommand]] = Decider(
    commands=(PublishCalendar, ProposeCalendar, ApproveCalendar, RejectCalendar, WithdrawCalendar),
    events=CALENDARS.events,
    stream=_stream,
    check=_check,
    decide=_decide,
    expected_version=version_of(_stream),
)
