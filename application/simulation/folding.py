"""A case on its way: its state as fact after fact is folded, with the moves noted down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from application.simulation.recorded_commands import Told, recorded_commands
from application.simulation.trajectory import Move, Trajectory, move_of, sessions_by_platform
from domain.aggregates.dispute import Dispute, evolve
from domain.events.dispute import Closed, DisputeEvent, Escalated, EscalationVoided, Filed, Returned
from domain.procedures.rules import Because

_MOVES: Final = frozenset({Escalated, EscalationVoided, Returned, Closed})


class CaseFold:
    """Folds facts, recorded or not, into one dispute; `step` is the place in the record at which they belong."""

    def __init__(self, filed: Filed, recorded_at: datetime | None) -> None:
        self.dispute: Dispute = evolve(None, filed, None, recorded_at)
        self._moves: list[Move] = []
        self._note(filed, None, None, 0)

    def fold(
        self,
        event: DisputeEvent,
        because: Because | None,
        recorded_at: datetime | None,
        step: int,
    ) -> Dispute:
        """Fold one fact; return the dispute with it."""
        before = self.dispute
        self.dispute = evolve(before, event, because, recorded_at)
        if type(event) in _MOVES:
            self._note(event, because, before, step)
        return self.dispute

    def course(self, told: int = 0, made: int = 0, dropped: int = 0, *, left: bool = False) -> Trajectory:
        """Return the way so far."""
        dispute = self.dispute
        sittings = sessions_by_platform(dispute)
        return Trajectory(tuple(self._moves), sittings, dispute.outcome, left, told, made, dropped)

    def _note(
        self,
        event: DisputeEvent,
        because: Because | None,
        before: Dispute | None,
        step: int,
    ) -> None:
        move = move_of(event, because, before, self.dispute, step)
        self._moves += [move] if move else []


def recorded_course(history: Sequence[Told]) -> Trajectory:
    """Return the course that a case took; its history begins with its filing."""
    first = history[0]
    journey = CaseFold(cast("Filed", first.event), first.recorded_at)
    for place, step in enumerate(recorded_commands(history[1:]), start=1):
        for item in (*step.told, *step.made):
            journey.fold(item.event, item.because, item.recorded_at, 2 * place)
    return journey.course()
