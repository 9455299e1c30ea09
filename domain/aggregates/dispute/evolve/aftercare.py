"""A closed case is followed up, or reopened."""

from dataclasses import replace

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment, Period, Stay
from domain.events.dispute import FollowedUp, Reopened
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_followed_up(dispute: Dispute, _: FollowedUp, __: Because | None) -> Dispute:
    """Count the visit."""
    return changed(dispute, visits=dispute.visits + 1)


def evolve_reopened(dispute: Dispute, event: Reopened, _: Because | None) -> Dispute:
    """Restore the status; an accepted case begins a new stay, in which sessions count anew (rule 2).

    The escalations of before stand: the case was closed (rule 12).
    """
    again = changed(
        dispute,
        status=event.status,
        outcome=None,
        closed_from=None,
        closed_because=None,
        refused_by=None,
        settled=False,
        visits=0,
        dormant=False,
        moved_on=day_of(event.occurred_at),
        escalations=tuple(replace(escalation, stands=True) for escalation in dispute.escalations),
    )
    if event.status is Status.ACCEPTED and dispute.stay is not None:
        return _in_new_stay(again, dispute.stay, event)
    return changed(again, waiting_since=event.occurred_at)


def _in_new_stay(dispute: Dispute, before: Stay, event: Reopened) -> Dispute:
    assigned = Assignment(before.mediators, event.occurred_at)
    periods = (Period(event.occurred_at),)
    stay = Stay(before.tier, before.platform, event.occurred_at, (assigned,), periods=periods)
    return changed(dispute, stays=(*dispute.stays, stay), stay_index=len(dispute.stays))
