"""A dispute moves up."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Key, Moment, UnitId


class Escalated(Event):
    """The dispute was referred to the next tier, which has yet to accept it. The envelope says because of what."""

    TOPIC: ClassVar[str] = "dispute.escalated.v1"

    from_tier: Key
    to_tier: Key
    platform: UnitId
    occurred_at: Moment
