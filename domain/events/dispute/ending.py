"""How mediation ends."""

from typing import ClassVar
from uuid import UUID

from domain.events.envelope import Event
from domain.vocabulary import Added, Outcome, PartyId, Personal, RecordedMoment, Remedy


class PartyRefused(Event):
    """A party refused mediation in so many words (PML 17, 26). A closed door is a no-show, not this."""

    TOPIC: ClassVar[str] = "dispute.refused.v1"

    party: PartyId
    note: Personal[str] | None
    occurred_at: RecordedMoment


class Withdrawn(Event):
    """An applicant withdrew the application; `settled`: the parties had settled by themselves (rule 22)."""

    TOPIC: ClassVar[str] = "dispute.withdrawn.v1"

    party: PartyId
    settled: Added[bool] = False
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
    """The parties were notified of other remedies (PML 26; Rules 22); only `party` where one is named (rule 21)."""

    TOPIC: ClassVar[str] = "dispute.remedies_notified.v1"

    remedies: tuple[Remedy, ...]
    party: Added[PartyId | None] = None
    occurred_at: RecordedMoment


class Closed(Event):
    """The case was closed; the reason stands here where no other event states it.

    A duplicate says of which case it is one.
    A version 2 was recorded for a while; it differs in nothing.
    """

    TOPIC: ClassVar[str] = "dispute.closed.v1"

    outcome: Outcome
    reason: Added[Personal[str] | None] = None
    duplicate_of: Added[UUID | None] = None
    occurred_at: RecordedMoment


class DuplicateFound(Event):
    """Another case was closed as a duplicate of this one: it stands in the stream of `dispute`, this one (rule 22)."""

    TOPIC: ClassVar[str] = "dispute.duplicate_found.v1"

    dispute: UUID
    duplicate: UUID
    occurred_at: RecordedMoment


class DuplicateVoided(Event):
    """The other case is no duplicate of this one after all: its closing was taken back (rule 19)."""

    TOPIC: ClassVar[str] = "dispute.duplicate_voided.v1"

    dispute: UUID
    duplicate: UUID
    occurred_at: RecordedMoment
