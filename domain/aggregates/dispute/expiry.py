"""Time limits that do something by themselves when they run out: which, when, and what comes of it (rule 8).

Being overdue is derived and moves nothing. Only where the ladder says so does a time limit that ran out move or end a
case; the clock that fires it, *why not yet* and what-if all ask here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from domain.aggregates.dispute.consequences import escalate_or_close
from domain.aggregates.dispute.deadlines import deadlines
from domain.aggregates.dispute.guards import closing, must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.events.envelope import Fact
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from domain.procedures.rules import time_limit_expired
from domain.procedures.tier import TierClock
from domain.procedures.workdays import Calendar
from domain.vocabulary import Outcome, SessionOutcome, Status, start_of

GRACE: Final = timedelta(hours=24)
"""How long after a case's last recorded event no time limit fires: people may be entering late records (rule 8)."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A time limit that moves or ends the case when it has run out."""

    clock: TierClock
    deadline: Deadline
    action: Literal["escalate", "terminate"]

    def fires_at(self, last_recorded_at: datetime | None) -> datetime | None:
        """Return from when on it may fire in a case whose last event was recorded then.

        None while the last day rests on a calendar that is not published: nothing moves on a guess.
        """
        if self.deadline.provisional:
            return None
        over = start_of(self.deadline.due_on + _DAY)
        return over if last_recorded_at is None else max(over, last_recorded_at + GRACE)


def expiring(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> Expiring | None:
    """Return the time limit of a dispute that will do something by itself; None where none will.

    An agreement on the way stops the clock of mediation: it waits for signatures, not for the next tier.
    """
    tier = ladder.tier(dispute.tier)
    if tier.only_marks or dispute.dormant:
        return None
    clock: TierClock = "accept" if dispute.awaits_acceptance else "mediate"
    action = tier.on_expiry_of(clock)
    if action == "mark" or _agreeing(dispute):
        return None
    due = (deadline for deadline in deadlines(dispute, ladder, calendar) if deadline.kind == clock)
    return next((Expiring(clock, item, action) for item in due if not _spent(dispute, item)), None)


def consequences_of_expiry(dispute: Dispute, due: Expiring, world: World, at: datetime) -> tuple[Fact, ...]:
    """Return the move or the end that a time limit causes which ran out; at the moment `at`, when it is fired.

    Nothing where a case waits at the last tier and should move on: it stays overdue, for nobody has heard it yet.
    """
    because = time_limit_expired(due.deadline, world.ladder.tier(dispute.tier), world.procedure)
    if because is None:
        return ()
    if due.action == "terminate":
        must_not_go_backwards(dispute, at)
        return closing(Outcome.FAILED, at, notify=True, because=because)
    if due.clock == "accept" and not world.has_platform_above(dispute.filed.unit, dispute.tier):
        return ()
    return escalate_or_close(dispute, world, because, at)


def _spent(dispute: Dispute, due: Deadline) -> bool:
    """Whether this very time limit moved the case before: sent back, the case is overdue there, and waits for people."""
    return any(
        escalation.stay_index == dispute.stay_index
        and escalation.from_tier == dispute.tier
        and escalation.because is not None
        and escalation.because.ran_out is not None
        and escalation.because.ran_out.last_day == due.due_on
        for escalation in dispute.escalations
    )


def _agreeing(dispute: Dispute) -> bool:
    """Whether the latest session of the stay ended in agreement, so that what is left is to write and sign it.

    What was agreed and rescinded since is not on the way any more.
    """
    latest = next((session for session in reversed(dispute.sessions) if not session.retracted), None)
    if dispute.status is not Status.ACCEPTED or latest is None:
        return False
    agreement = dispute.agreement
    if (
        agreement
        and agreement.ended == "rescinded"
        and agreement.sessions_before_end >= latest.counted.number
    ):
        return False
    return latest.stay_index == dispute.stay_index and latest.counted.outcome is SessionOutcome.AGREED
