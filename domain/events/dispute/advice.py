"""What groups and experts say about a dispute."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Key, Moment, Personal


class OpinionGiven(Event):
    """A working group or an expert gave an opinion (S0: the street's four groups)."""

    TOPIC: ClassVar[str] = "dispute.opinion_given.v1"

    group: Key | None
    by: Personal[str]
    opinion: Personal[str]
    occurred_at: Moment
