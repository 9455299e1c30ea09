"""Parties are added or amended."""

from typing import ClassVar

from domain.events.dispute.filing import Party
from domain.events.envelope import Event
from domain.vocabulary import Personal, RecordedMoment


class PartyAdded(Event):
    """One more party takes part in the dispute."""

    TOPIC: ClassVar[str] = "dispute.party_added.v1"

    party: Party
    reason: Personal[str] | None
    occurred_at: RecordedMoment


class PartyAmended(Event):
    """The data of a party was corrected; `party` is all of it, not only what changed (PIPL 46)."""

    TOPIC: ClassVar[str] = "dispute.party_amended.v1"

    party: Party
    reason: Personal[str]
    occurred_at: RecordedMoment
