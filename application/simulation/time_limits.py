"""Time limits under a candidate: which would have expired, and what comes of one that expired in the record (rule 8)."""

from datetime import datetime

from application.simulation.context import LadderVersion, SimulationContext
from application.simulation.recorded_commands import RecordedFact
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.expiry import Expiring, consequences_of_expiry, expiring
from domain.errors import DomainError
from domain.events.envelope import Fact
from domain.procedures.ladder import Ladder

Expired = tuple[datetime, tuple[Fact, ...]]
"""When a time limit expired, and what came of it."""


class TimeLimits:
    """Applies the functions of the deadline scheduler to the case as it stands under the candidate."""

    def __init__(self, candidate: LadderVersion, context: SimulationContext) -> None:
        self._candidate = candidate
        self._context = context
        self.act = not candidate.ladder.only_marks
        """Whether any time limit of the candidate does something by itself."""

    def expired(self, dispute: Dispute, until: datetime, *, diverged: bool) -> Expired | None:
        """Return the time limit that would have expired by a moment under the candidate; None where none.

        Unless the case has diverged, the record is followed wherever its own ladder would have done the same on the
        same day: a scheduler that stood still or came late makes no difference.
        """
        due = self._due(dispute, self._candidate.ladder)
        if due is None or (not diverged and _same(due, self._pinned(dispute))):
            return None
        at = due.fires_at(dispute.last_recorded_at)
        if at is None or at > until:
            return None
        facts = self._caused(dispute, due, self._candidate, at)
        return (at, facts) if facts else None

    def repeated(
        self, dispute: Dispute, ladder_version: LadderVersion, recorded: RecordedFact
    ) -> tuple[Fact, ...]:
        """Return what a ladder makes of a time limit that expired in the record; nothing where its own ends otherwise."""
        due = self._due(dispute, ladder_version.ladder)
        ran_out = recorded.because.ran_out if recorded.because else None
        if due is None or ran_out is None or ran_out.last_day != due.deadline.due_on:
            return ()
        return self._caused(dispute, due, ladder_version, recorded.event.happened_at)

    def _caused(
        self, dispute: Dispute, due: Expiring, ladder_version: LadderVersion, at: datetime
    ) -> tuple[Fact, ...]:
        try:
            return consequences_of_expiry(dispute, due, self._context.world_at(at, ladder_version), at)
        except DomainError:
            return ()

    def _pinned(self, dispute: Dispute) -> Expiring | None:
        pinned = self._context.pinned(dispute.procedure)
        return None if pinned is None else self._due(dispute, pinned.ladder)

    def _due(self, dispute: Dispute, ladder: Ladder) -> Expiring | None:
        if dispute.tier not in ladder.tier_names:
            return None
        return expiring(dispute, ladder, self._context.calendar)


def _same(due: Expiring, other: Expiring | None) -> bool:
    """Say whether two ladders have the same time limit do the same after the same last day."""
    return other is not None and (due.clock, due.deadline, due.action) == (
        other.clock,
        other.deadline,
        other.action,
    )
