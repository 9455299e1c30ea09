"""The official calendar: a year is published once, as one event (rule 8)."""

from collections.abc import Iterator
from datetime import date, datetime

from domain.commands.calendar import PublishCalendar
from domain.errors import CalendarFlawed, CalendarPublishedOtherwise
from domain.errors.documents import Flaw
from domain.events.calendar import CalendarPublished
from domain.events.envelope import Fact
from domain.messages import Message, message
from domain.procedures.workdays import PublishedYear

_SATURDAY = 5


def evolve(year: PublishedYear | None, event: CalendarPublished) -> PublishedYear:  # noqa: ARG001
    """Fold one fact into the year."""
    return PublishedYear(days_off=frozenset(event.days_off), workdays=frozenset(event.workdays))


def check(command: PublishCalendar) -> None:
    """Find days that do not make a calendar of that year; raises CalendarFlawed with all of them."""
    flaws = [*_flaws(command, "days_off"), *_flaws(command, "workdays")]
    if flaws:
        raise CalendarFlawed(flaws)


def decide(command: PublishCalendar, year: PublishedYear | None, now: datetime) -> tuple[Fact, ...]:
    """Return the fact that the year is published; none when it was with these days.

    Raises CalendarPublishedOtherwise where it was with other days.
    """
    published = PublishedYear(days_off=frozenset(command.days_off), workdays=frozenset(command.workdays))
    if year == published:
        return ()
    if year is not None:
        raise CalendarPublishedOtherwise(
            message("the calendar of {year} is published once and stays", year=command.year)
        )
    return (Fact(CalendarPublished(**command.model_dump(), occurred_at=now)),)


def _flaws(command: PublishCalendar, name: str) -> Iterator[Flaw]:
    days: tuple[date, ...] = getattr(command, name)
    others = command.days_off if name == "workdays" else command.workdays
    for place, day in enumerate(days):
        for wrong in _against(command.year, day, name, twice=day in days[:place] or day in others):
            yield Flaw((name, place), wrong)


def _against(year: int, day: date, name: str, *, twice: bool) -> Iterator[Message]:
    if day.year != year:
        yield message("is not a day of {year}", year=year)
    elif name == "days_off" and day.weekday() >= _SATURDAY:
        yield message("is a Saturday or Sunday, which is off anyway")
    elif name == "workdays" and day.weekday() < _SATURDAY:
        yield message("is no Saturday or Sunday, so that people work anyway")
    if twice:
        yield message("stands twice")
