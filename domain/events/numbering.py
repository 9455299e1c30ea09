"""Which register a pattern of case numbers belongs to."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import RecordedMoment, RecordedText, UnitId


class PatternAssigned(Event):
    """A pattern of case numbers was given to the register of a unit, to which it belongs from then on (rule 25)."""

    TOPIC: ClassVar[str] = "numbering.pattern_assigned.v1"

    register_of: UnitId
    pattern: RecordedText
    occurred_at: RecordedMoment
