"""Mediators' ids, each registered once."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import PersonKey, RecordedMoment


class MediatorRegistered(Event):
    """A mediator's id was used for the first time, at any platform."""

    TOPIC: ClassVar[str] = "mediator.registered.v1"

    mediator: PersonKey
    occurred_at: RecordedMoment
