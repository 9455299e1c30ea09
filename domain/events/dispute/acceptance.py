"""A platform accepts a dispute, or returns it to the tier below."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Key, Personal, PersonKey, RecordedMoment, RecordedText, UnitId


class Accepted(Event):
    """The platform where the dispute waited accepted it; the first acceptance brings its number (rule 3)."""

    TOPIC: ClassVar[str] = "dispute.accepted.v1"

    tier: Key
    platform: UnitId
    number: RecordedText | None
    mediators: tuple[PersonKey, ...]
    chosen_by_parties: bool
    occurred_at: RecordedMoment


class Returned(Event):
    """The next tier sent the dispute back; it goes on there, in the same stay, with the same mediators (rule 6)."""

    TOPIC: ClassVar[str] = "dispute.returned.v1"

    from_tier: Key
    to_tier: Key
    platform: UnitId
    reason: Personal[str]
    occurred_at: RecordedMoment
