"""Whether days make a calendar: days off from Monday to Friday, workdays on Saturdays and Sundays, all of one year."""

from collections.abc import Iterator
from datetime import date

from domain.commands.calendar import ProposeCalendar, PublishCalendar
from domain.errors import CalendarFlawed
from domain.errors.documents import Flaw
from domain.messages import Message, message

_SATURDAY = 5


def check(command: PublishCalendar | ProposeCalendar) -> None:
    """Find days that do not make a calendar of that year; raises CalendarFlawed with all of them."""
    flaws = [*_flaws(command, "days_off"), *_flaws(command, "workdays")]
    if flaws:
        raise CalendarFlawed(flaws)


def _flaws(command: PublishCalendar | ProposeCalendar, name: str) -> Iterator[Flaw]:
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
