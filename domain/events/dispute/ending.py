"""How mediation ends."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Outcome, PartyId, Personal, RecordedMoment, Remedy


class PartyRefused(Event):
    """A party refused mediation in so many words (PML 17, 26). A closed door is a no-show, not this."""

    TOPIC: ClassVar[str] = "dispute.refused.v1"

    party: PartyId
    note: Personal[str] | None
    occurred_at: RecordedMoment


class Withdrawn(Event):
    """An applicant withdrew the application."""

    TOPIC: ClassVar[str] = "dispute.withdrawn.v1"

    party: PartyId
    note: Personal[str] | None
    occurred_at: RecordedMoment


class Terminated(Event):
    """The platform ended mediation without an agreement (PML 26)."""

    TOPIC: ClassVar[str] = "dispute.terminated.v1"

    reason: Personal[str]
    occurred_at: RecordedMoment


class Transferred(Event):
    """The dispute was handed to another body."""

    TOPIC: ClassVar[str] = "dispute.transferred.v1"

    to: Personal[str]
    reason: Personal[str]
    occurred_at: RecordedMoment


class RemediesNotified(Event):
    """The parties were notified of other remedies (PML 26; Rules 22)."""

    TOPIC: ClassVar[str] = "dispute.remedies_notified.v1"

    remedies: tuple[Remedy, ...]
    occurred_at: RecordedMoment


class Closed(Event):
    """The case was closed; the reason stands here where no other event states it. Version 1 had no reason."""

    TOPIC: ClassVar[str] = "dispute.closed.v2"

    outcome: Outcome
    reason: Personal[str] | None = None
    occurred_at: RecordedMoment
