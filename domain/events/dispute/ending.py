"""How mediation ends."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Moment, Outcome, PartyId, Personal, Remedy


class Refused(Event):
    """A party refused mediation in so many words (PML 17, 26). A closed door is a no-show, not this."""

    TOPIC: ClassVar[str] = "dispute.refused.v1"

    party: PartyId
    note: Personal[str] | None
    occurred_at: Moment


class Withdrawn(Event):
    """An applicant withdrew the application."""

    TOPIC: ClassVar[str] = "dispute.withdrawn.v1"

    party: PartyId
    note: Personal[str] | None
    occurred_at: Moment


class Terminated(Event):
    """The platform ended mediation without an agreement (PML 26)."""

    TOPIC: ClassVar[str] = "dispute.terminated.v1"

    reason: Personal[str]
    occurred_at: Moment


class RemediesNotified(Event):
    """The parties were told which other ways are open to them (PML 26; Rules 22)."""

    TOPIC: ClassVar[str] = "dispute.remedies_notified.v1"

    remedies: tuple[Remedy, ...]
    occurred_at: Moment


class Closed(Event):
    """The case was closed."""

    TOPIC: ClassVar[str] = "dispute.closed.v1"

    outcome: Outcome
    occurred_at: Moment
