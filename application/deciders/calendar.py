"""Official calendars, year by year."""

from typing import Final

from application.context import Permit
from application.deciders.decider import Decider, Decision, DecisionInputs, decided, version_of
from application.stream_cache import StreamKind, StreamRef, by_event
from domain.aggregates import calendar
from domain.commands.calendar import PublishCalendar
from domain.events.calendar import CalendarPublished
from domain.events.streams import calendar_stream

CALENDARS: Final = StreamKind("calendar", calendar_stream, by_event(calendar.evolve), (CalendarPublished,))


def _stream(command: PublishCalendar) -> StreamRef:
    return CALENDARS.ref(command.year)


def _check(command: PublishCalendar, _: DecisionInputs, permit: Permit) -> None:
    """Refuse days that make no calendar; raises CalendarFlawed."""
    calendar.check(command)
    permit(None)


def _decide(command: PublishCalendar, inputs: DecisionInputs) -> Decision:
    published = inputs.states.get(CALENDARS, command.year)
    facts = calendar.decide(command, published, inputs.now)
    return decided(str(command.year), _stream(command), facts, inputs)


DECIDER: Final[Decider[PublishCalendar]] = Decider(
    commands=(PublishCalendar,),
    events=CALENDARS.events,
    stream=_stream,
    check=_check,
    decide=_decide,
    expected_version=version_of(_stream),
)
