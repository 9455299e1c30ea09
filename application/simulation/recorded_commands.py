"""A recorded history in steps: what people told in one command, with what the rules made of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.events.dispute import (
    DisputeEvent,
    Escalated,
    EscalationVoided,
    SessionCorrected,
    SessionRecorded,
)
from domain.events.envelope import Recorded
from domain.vocabulary import Rule

Told = Recorded[DisputeEvent]
_BY_PEOPLE: Final = frozenset({Rule.BYPASS_RISK, Rule.BYPASS_COMPLEXITY})
"""Rules that name a decision of two people: the explanation stands with a fact that they told."""
_COUNTED: Final = (SessionRecorded, SessionCorrected)


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """Facts of one command in order: those that people told, then those that the rules made; either may be empty.

    A step of which nobody told anything is a clock's.
    """

    told: Sequence[Told]
    made: Sequence[Told] = ()

    @property
    def first(self) -> Told:
        """The step's first fact."""
        return (self.told or self.made)[0]

    def __len__(self) -> int:
        """Return how many facts it has."""
        return len(self.told) + len(self.made)


def made_by_rules(recorded: Told) -> bool:
    """Say whether a recorded fact followed from another one, or from a clock, and was not told by people."""
    because = recorded.because
    if because is None:
        return isinstance(recorded.event, EscalationVoided)
    return not (isinstance(recorded.event, Escalated) and because.rule in _BY_PEOPLE)


def recorded_commands(history: Iterable[Told]) -> Iterator[RecordedCommand]:
    """Yield the history step by step."""
    told: list[Told] = []
    made: list[Told] = []
    for recorded in history:
        from_rules = made_by_rules(recorded)
        if (told or made) and _begins(recorded, (told or made)[0], after_made=bool(made) and not from_rules):
            yield RecordedCommand(told, made)
            told, made = [], []
        (made if from_rules else told).append(recorded)
    if told or made:
        yield RecordedCommand(told, made)


def _begins(recorded: Told, first: Told, *, after_made: bool) -> bool:
    """Say whether a fact begins a step: another command, or something more that is counted."""
    return recorded.command_id != first.command_id or after_made or isinstance(recorded.event, _COUNTED)
