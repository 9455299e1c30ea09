"""Parties are added or amended, or leave."""

from typing import ClassVar, Literal

from domain.events.dispute.filing import Party
from domain.events.envelope import Event
from domain.vocabulary import PartyId, Personal, RecordedMoment

Leaving = Literal["refused", "withdrawn"]


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


class PartyLeft(Event):
    """A party refused or withdrew for itself alone; the others go on without it (rule 21).

    `settled`: it settled its part with the others by itself.
    """

    TOPIC: ClassVar[str] = "dispute.party_left.v1"

    party: PartyId
    how: Leaving
    settled: bool
    note: Personal[str] | None
    occurred_at: RecordedMoment
