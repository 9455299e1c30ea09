"""Platforms and the mediators appointed there."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import (
    Added,
    Key,
    MediatorKind,
    Personal,
    PersonKey,
    RecordedMoment,
    RecordedText,
    UnitId,
)


class PlatformEstablished(Event):
    """A mediation body was set up for a unit."""

    TOPIC: ClassVar[str] = "platform.established.v1"

    unit: UnitId
    tier: Key
    title: RecordedText
    number_pattern: RecordedText | None
    convener: PersonKey
    panel: tuple[Key, ...]
    groups: tuple[Key, ...]
    occurred_at: RecordedMoment


class PlatformReorganised(Event):
    """A platform's tier, title, numbering, convener, panel or groups changed; the event holds all of them.

    `effective_on` is the day from which on they count; the day of `occurred_at` where it is not said.
    """

    TOPIC: ClassVar[str] = "platform.reorganised.v1"

    unit: UnitId
    tier: Key
    title: RecordedText
    number_pattern: RecordedText | None
    convener: PersonKey
    panel: tuple[Key, ...]
    groups: tuple[Key, ...]
    occurred_at: RecordedMoment
    effective_on: Added[date | None] = None


class MediatorAppointed(Event):
    """Somebody was appointed mediator of a platform, or appointed anew with another term or kind (PML 9)."""

    TOPIC: ClassVar[str] = "platform.mediator_appointed.v1"

    unit: UnitId
    mediator: PersonKey
    name: Personal[str]
    kind: MediatorKind
    appointed_on: date
    term_ends_on: date
    occurred_at: RecordedMoment
    effective_on: Added[date | None] = None


class MediatorDismissed(Event):
    """Somebody is no longer a mediator of a platform, from `effective_on` on."""

    TOPIC: ClassVar[str] = "platform.mediator_dismissed.v1"

    unit: UnitId
    mediator: PersonKey
    occurred_at: RecordedMoment
    effective_on: Added[date | None] = None


PlatformEvent = PlatformEstablished | PlatformReorganised | MediatorAppointed | MediatorDismissed
