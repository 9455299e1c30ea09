"""Official calendars, year by year: proposed, published, amended, rejected."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Added, Personal, PositiveInt, RecordedMoment, RecordedText, Subject


class CalendarPublished(Event):
    """The days off and the make-up workdays of one year were published (CPL 85), or amended: the newest counts."""

    TOPIC: ClassVar[str] = "calendar.published.v1"

    year: PositiveInt
    days_off: tuple[date, ...]
    workdays: tuple[date, ...]
    basis: RecordedText
    announced_on: Added[date | None] = None
    occurred_at: RecordedMoment


class CalendarProposed(Event):
    """Somebody proposed the days of a year, or other days for a published one; a second person decides (rule 8)."""

    TOPIC: ClassVar[str] = "calendar.proposed.v1"

    year: PositiveInt
    days_off: tuple[date, ...]
    workdays: tuple[date, ...]
    basis: RecordedText
    announced_on: date | None
    proposed_by: Subject
    occurred_at: RecordedMoment


class CalendarRejected(Event):
    """A second person did not agree with the days that were proposed; what is published stays."""

    TOPIC: ClassVar[str] = "calendar.rejected.v1"

    year: PositiveInt
    note: Personal[str] | None
    occurred_at: RecordedMoment


class CalendarWithdrawn(Event):
    """Whoever had proposed the days took the proposal back."""

    TOPIC: ClassVar[str] = "calendar.withdrawn.v1"

    year: PositiveInt
    occurred_at: RecordedMoment


CalendarEvent = CalendarPublished | CalendarProposed | CalendarRejected | CalendarWithdrawn
