"""Who the parties are, as it is found out."""

from typing import ClassVar

from domain.events.dispute.filing import Party
from domain.events.envelope import Event
from domain.vocabulary import Moment, Personal


class PartyAdded(Event):
    """One more party takes part in the dispute."""

    TOPIC: ClassVar[str] = "dispute.party_added.v1"

    party: Party
    reason: Personal[str] | None
    occurred_at: Moment


class PartyAmended(Event):
    """What is known of a party was put right; the whole of it is told anew (PIPL 46)."""

    TOPIC: ClassVar[str] = "dispute.party_amended.v1"

    party: Party
    reason: Personal[str]
    occurred_at: Moment
