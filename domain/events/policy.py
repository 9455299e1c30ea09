"""What the procedures and the official calendar say, from when they were published."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.procedures.ladder import Ladder
from domain.vocabulary import Moment, PositiveInt, ShortText


class ProcedurePublished(Event):
    """A version of a procedure came into force for disputes filed from then on."""

    TOPIC: ClassVar[str] = "procedure.published.v3"

    version: PositiveInt
    ladder: Ladder
    occurred_at: Moment


class CalendarPublished(Event):
    """The days off and the make-up workdays of one year were published (CPL 85)."""

    TOPIC: ClassVar[str] = "calendar.published.v1"

    year: PositiveInt
    days_off: tuple[date, ...]
    workdays: tuple[date, ...]
    basis: ShortText
    occurred_at: Moment
