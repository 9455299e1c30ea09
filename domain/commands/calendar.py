"""Publishing official calendars."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.commands.base import Command
from domain.vocabulary import Day, PositiveInt, ShortText, limits


class CalendarDescription(Command):
    """Where a year differs from Monday to Friday."""

    WHEN: ClassVar[tuple[str, ...]] = ()

    days_off: Annotated[
        tuple[Day, ...],
        Field(max_length=limits.CALENDAR_DAYS, description="days from Monday to Friday that are off"),
    ]
    workdays: Annotated[
        tuple[Day, ...],
        Field(max_length=limits.CALENDAR_DAYS, description="Saturdays and Sundays on which people work"),
    ]
    basis: Annotated[ShortText, Field(description="what it rests on, such as the State Council's notice")]


class PublishCalendar(CalendarDescription):
    """Publish a year's days off and make-up workdays; a year is published once (rule 8)."""

    year: PositiveInt
