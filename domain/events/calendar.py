"""Official calendars, year by year."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import PositiveInt, RecordedMoment, RecordedText


class CalendarPublished(Event):
    """The days off and the make-up workdays of one year were published (CPL 85)."""

    TOPIC: ClassVar[str] = "calendar.published.v1"

    year: PositiveInt
    days_off: tuple[date, ...]
    workdays: tuple[date, ...]
    basis: RecordedText
    occurred_at: RecordedMoment
