"""Units of the jurisdiction tree."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Key, RecordedMoment, RecordedText, UnitId


class UnitEstablished(Event):
    """A unit was established."""

    TOPIC: ClassVar[str] = "unit.established.v1"

    unit: UnitId
    title: RecordedText
    kind: Key
    occurred_at: RecordedMoment


class UnitRenamed(Event):
    """A unit got another title or is now of another kind."""

    TOPIC: ClassVar[str] = "unit.renamed.v1"

    unit: UnitId
    title: RecordedText
    kind: Key
    occurred_at: RecordedMoment


UnitEvent = UnitEstablished | UnitRenamed
