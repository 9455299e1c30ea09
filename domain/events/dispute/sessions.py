"""Sittings."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import AttendedAs, Key, Method, Moment, Personal, PositiveInt, SessionOutcome, Value


class Attendee(Value):
    """Who was called to a session, as what, and whether they came. `who` is a party's or mediator's id or a name."""

    who: Personal[str]
    as_: Annotated[AttendedAs, Field(alias="as")]
    seat: Key | None = None
    present: bool


class SessionRecorded(Event):
    """A sitting took place, or was called and failed to take place. Sessions are numbered within the dispute."""

    TOPIC: ClassVar[str] = "dispute.session_recorded.v1"
    WHEN: ClassVar[str] = "held_at"

    number: PositiveInt
    tier: Key
    held_at: Moment
    place: Personal[str] | None
    method: Method
    attendance: tuple[Attendee, ...]
    outcome: SessionOutcome
    minutes: Personal[str]
