"""A court confirms an agreement, on the joint application of its parties (PML 33; CPL 205)."""

from datetime import date
from typing import ClassVar, Literal

from domain.events.envelope import Event
from domain.vocabulary import Added, PartyId, Personal, PositiveInt

CourtOutcome = Literal["confirmed", "refused"]


class ConfirmationRequested(Event):
    """All parties together applied to a court."""

    TOPIC: ClassVar[str] = "dispute.confirmation_requested.v1"
    WHEN: ClassVar[str] = "filed_on"

    filed_on: date
    applicants: tuple[PartyId, ...]
    court: Personal[str]
    agreement: Added[PositiveInt | None] = None


class ConfirmationDecided(Event):
    """The court decided."""

    TOPIC: ClassVar[str] = "dispute.confirmation_decided.v1"
    WHEN: ClassVar[str] = "decided_on"

    outcome: CourtOutcome
    decided_on: date
    reference: Personal[str] | None
