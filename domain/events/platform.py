"""Platforms and the mediators appointed there."""

from datetime import date
from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Key, MediatorKind, Moment, Personal, PersonKey, RecordedText, UnitId


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
    occurred_at: Moment


class PlatformReorganised(Event):
    """A platform's tier, title, numbering, convener, panel or groups changed; the event holds all of them."""

    TOPIC: ClassVar[str] = "platform.reorganised.v1"

    unit: UnitId
    tier: Key
    title: RecordedText
    number_pattern: RecordedText | None
    convener: PersonKey
    panel: tuple[Key, ...]
    groups: tuple[Key, ...]
    occurred_at: Moment


class MediatorAppointed(Event):
    """Somebody was appointed mediator of a platform, or appointed anew with another term or kind (PML 9)."""

    TOPIC: ClassVar[str] = "platform.mediator_appointed.v1"

    unit: UnitId
    mediator: PersonKey
    name: Personal[str]
    kind: MediatorKind
    appointed_on: date
    term_ends_on: date
    occurred_at: Moment


class MediatorDismissed(Event):
    """Somebody is no longer a mediator of a platform."""

    TOPIC: ClassVar[str] = "platform.mediator_dismissed.v1"

    unit: UnitId
    mediator: PersonKey
    occurred_at: Moment


PlatformEvent = PlatformEstablished | PlatformReorganised | MediatorAppointed | MediatorDismissed
