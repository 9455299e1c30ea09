"""A platform takes a dispute on, changes who mediates, or sends it back to where it came from."""

from datetime import date
from typing import ClassVar, Literal

from domain.events.envelope import Event
from domain.vocabulary import Key, Moment, PartyId, Personal, PersonKey, ShortText, UnitId

Replacing = Literal["objection", "absence", "workload", "other"]


class Accepted(Event):
    """The platform where the dispute waited accepted it; the first acceptance brings its number (rule 3)."""

    TOPIC: ClassVar[str] = "dispute.accepted.v1"

    tier: Key
    platform: UnitId
    number: ShortText | None
    mediators: tuple[PersonKey, ...]
    chosen_by_parties: bool
    occurred_at: Moment


class Returned(Event):
    """The next tier sent the dispute back; it goes on there, in the same stay, with the same mediators (rule 6)."""

    TOPIC: ClassVar[str] = "dispute.returned.v1"

    from_tier: Key
    to_tier: Key
    platform: UnitId
    reason: Personal[str]
    occurred_at: Moment


class MediatorsReplaced(Event):
    """From now on these mediate: a party objected, or somebody cannot go on (PML 19, 23; rule 4)."""

    TOPIC: ClassVar[str] = "dispute.mediators_replaced.v1"

    mediators: tuple[PersonKey, ...]
    reason: Replacing
    note: Personal[str] | None
    occurred_at: Moment


class TimeExtended(Event):
    """With every party's consent the tier may mediate until a later day (Rules 33)."""

    TOPIC: ClassVar[str] = "dispute.time_extended.v1"

    tier: Key
    until: date
    consents: tuple[PartyId, ...]
    occurred_at: Moment
