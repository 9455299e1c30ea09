"""The mediators of an accepted dispute are replaced, or its time limit is extended."""

from datetime import date
from typing import ClassVar, Literal

from domain.events.envelope import Event
from domain.vocabulary import Key, PartyId, Personal, PersonKey, RecordedMoment

Replacing = Literal["objection", "absence", "workload", "other"]


class MediatorsReplaced(Event):
    """From now on these mediate: a party objected, or somebody cannot go on (PML 19, 23; rule 4)."""

    TOPIC: ClassVar[str] = "dispute.mediators_replaced.v1"

    mediators: tuple[PersonKey, ...]
    reason: Replacing
    note: Personal[str] | None
    occurred_at: RecordedMoment


class TimeExtended(Event):
    """With every party's consent the tier may mediate until a later day (Rules 33)."""

    TOPIC: ClassVar[str] = "dispute.time_extended.v1"

    tier: Key
    until: date
    consents: tuple[PartyId, ...]
    occurred_at: RecordedMoment
