"""A dispute is escalated, by a rule or by two people, or its escalation is voided."""

from typing import ClassVar, Literal

from domain.events.envelope import Event
from domain.vocabulary import Key, Personal, PositiveInt, RecordedMoment, Subject, UnitId

BypassCause = Literal["risk", "complexity"]


class EscalationProposed(Event):
    """One official wants to lift the dispute past its tier before any count is reached (rule 7)."""

    TOPIC: ClassVar[str] = "dispute.escalation_proposed.v1"

    grounds: BypassCause
    to_tier: Key
    platform: UnitId
    reason: Personal[str]
    proposed_by: Subject
    occurred_at: RecordedMoment


class EscalationEndorsed(Event):
    """One more person agreed to the proposal; the procedure wants yet another (rule 7)."""

    TOPIC: ClassVar[str] = "dispute.escalation_endorsed.v1"

    endorsed_by: Subject
    note: Personal[str] | None
    occurred_at: RecordedMoment


class EscalationRejected(Event):
    """A second official did not agree; the dispute stays where it is."""

    TOPIC: ClassVar[str] = "dispute.escalation_rejected.v1"

    note: Personal[str] | None
    occurred_at: RecordedMoment


class Escalated(Event):
    """The dispute was referred to the next tier, which has yet to accept it. The envelope says because of what."""

    TOPIC: ClassVar[str] = "dispute.escalated.v1"

    from_tier: Key
    to_tier: Key
    platform: UnitId
    occurred_at: RecordedMoment


class EscalationVoided(Event):
    """A correction took away what an escalation rested on: the dispute is accepted again where it was (rule 12)."""

    TOPIC: ClassVar[str] = "dispute.escalation_voided.v1"

    at_version: PositiveInt
    from_tier: Key
    to_tier: Key
    platform: UnitId
    occurred_at: RecordedMoment
