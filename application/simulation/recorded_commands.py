"""A recorded history command by command: the facts that people stated, with those that rules caused."""

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

RecordedFact = Recorded[DisputeEvent]
_BY_PEOPLE: Final = frozenset({Rule.BYPASS_RISK, Rule.BYPASS_COMPLEXITY})
"""Rules that name a decision of two people: the explanation stands with a fact that people stated."""
_COUNTED: Final = (SessionRecorded, SessionCorrected)


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """Facts of one command in order: those that people stated, then those that rules caused; either may be empty.

    A command of which nobody stated anything is an expired time limit.
    """

    stated: Sequence[RecordedFact]
    caused: Sequence[RecordedFact] = ()

    @property
    def first(self) -> RecordedFact:
        """The command's first fact."""
        return (self.stated or self.caused)[0]

    def __len__(self) -> int:
        """Return how many facts it has."""
        return len(self.stated) + len(self.caused)


def caused_by_rule(recorded: RecordedFact) -> bool:
    """Say whether a rule or an expired time limit caused a recorded fact; if not, people stated it."""
    because = recorded.because
    if because is None:
        return isinstance(recorded.event, EscalationVoided)
    return not (isinstance(recorded.event, Escalated) and because.rule in _BY_PEOPLE)


def recorded_commands(history: Iterable[RecordedFact]) -> Iterator[RecordedCommand]:
    """Yield a history command by command."""
    stated: list[RecordedFact] = []
    caused: list[RecordedFact] = []
    for recorded in history:
        by_rule = caused_by_rule(recorded)
        if (stated or caused) and _begins(
            recorded, (stated or caused)[0], restated=bool(caused) and not by_rule
        ):
            yield RecordedCommand(stated, caused)
            stated, caused = [], []
        (caused if by_rule else stated).append(recorded)
    if stated or caused:
        yield RecordedCommand(stated, caused)


def _begins(recorded: RecordedFact, first: RecordedFact, *, restated: bool) -> bool:
    """Say whether a fact begins another command, or states something more that is counted."""
    return recorded.command_id != first.command_id or restated or isinstance(recorded.event, _COUNTED)
