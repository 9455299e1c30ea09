"""The candidate's clock: what it would have fired by itself, and what it makes of a time limit that was fired (rule 8)."""

from datetime import datetime

from application.simulation.context import LadderVersions, SimulationContext
from application.simulation.recorded_commands import Told
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.expiry import Expiring, consequences_of_expiry, expiring
from domain.errors import DomainError
from domain.events.envelope import Fact
from domain.procedures.ladder import Ladder

Fired = tuple[datetime, tuple[Fact, ...]]
"""When a clock fired, and what came of it."""


class TimeLimits:
    """Asks the same functions as the clock of the product, of the case as the candidate has it."""

    def __init__(self, candidate: LadderVersions, ground: SimulationContext) -> None:
        self._candidate = candidate
        self._ground = ground
        self.act = not candidate.ladder.only_marks
        """Whether any time limit of the candidate does something by itself."""

    def fired(self, dispute: Dispute, until: datetime, *, alone: bool) -> Fired | None:
        """Return what the candidate's clock would have fired by a moment; None where nothing.

        Unless the case stands `alone`, having left the record, the record is followed wherever the ladder pinned to it
        would have done the same on the same day: that a clock stood still, or came late, is no difference.
        """
        due = self._due(dispute, self._candidate.ladder)
        if due is None or (not alone and _same(due, self._pinned(dispute))):
            return None
        at = due.fires_at(dispute.last_recorded_at)
        if at is None or at > until:
            return None
        facts = self._made(dispute, due, self._candidate, at)
        return (at, facts) if facts else None

    def answer(self, dispute: Dispute, rungs: LadderVersions, fired: Told) -> tuple[Fact, ...]:
        """Return what a ladder makes of a time limit that a clock fired in the record; nothing where it has another."""
        due = self._due(dispute, rungs.ladder)
        ran_out = fired.because.ran_out if fired.because else None
        if due is None or ran_out is None or ran_out.last_day != due.deadline.due_on:
            return ()
        return self._made(dispute, due, rungs, fired.event.happened_at)

    def _made(self, dispute: Dispute, due: Expiring, rungs: LadderVersions, at: datetime) -> tuple[Fact, ...]:
        try:
            return consequences_of_expiry(dispute, due, self._ground.at(rungs, at), at)
        except DomainError:
            return ()

    def _pinned(self, dispute: Dispute) -> Expiring | None:
        pinned = self._ground.pinned(dispute.procedure)
        return None if pinned is None else self._due(dispute, pinned.ladder)

    def _due(self, dispute: Dispute, ladder: Ladder) -> Expiring | None:
        if dispute.tier not in ladder.tier_names:
            return None
        return expiring(dispute, ladder, self._ground.calendar)


def _same(due: Expiring, other: Expiring | None) -> bool:
    """Whether two ladders have the same clock do the same after the same last day."""
    return other is not None and (due.clock, due.deadline, due.action) == (
        other.clock,
        other.deadline,
        other.action,
    )
