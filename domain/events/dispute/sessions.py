"""Sessions are recorded; minutes are amended."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.events.envelope import Event
from domain.vocabulary import (
    Added,
    AttendedAs,
    Key,
    Method,
    PartyId,
    Personal,
    PositiveInt,
    RecordedMoment,
    SessionOutcome,
    Value,
)


class Attendee(Value):
    """Who was called to a session, as what, and whether they came. `who` is a party's or mediator's id or a name.

    `for` is the party for which an agent comes.
    """

    who: Personal[str]
    as_: Annotated[AttendedAs, Field(alias="as")]
    for_: Annotated[Added[PartyId | None], Field(alias="for")] = None
    seat: Key | None = None
    present: bool


class SessionRecorded(Event):
    """A session was held, or was called and not held. Sessions are numbered within the dispute.

    `stay` is the place, from 1, of the stay to which a session belongs that was recorded after the dispute had moved on;
    None means the present one.
    """

    TOPIC: ClassVar[str] = "dispute.session_recorded.v1"
    WHEN: ClassVar[str] = "held_at"

    number: PositiveInt
    tier: Key
    held_at: RecordedMoment
    place: Personal[str] | None
    method: Method
    attendance: tuple[Attendee, ...]
    outcome: SessionOutcome
    minutes: Personal[str]
    stay: Added[PositiveInt | None] = None


class MinutesAmended(Event):
    """A typing error in the minutes of a session was put right; nothing that counts changed (rule 12)."""

    TOPIC: ClassVar[str] = "dispute.minutes_amended.v1"

    session: PositiveInt
    minutes: Personal[str]
    reason: Personal[str]
    occurred_at: RecordedMoment
