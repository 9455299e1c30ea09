"""A case is closed, looked after, taken up again."""

from typing import assert_never

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment, TierStay
from domain.events.dispute import (
    Closed,
    EndingEvent,
    FollowedUp,
    Refused,
    RemediesNotified,
    Reopened,
    Terminated,
    Transferred,
    Withdrawn,
)
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def ended(dispute: Dispute, event: EndingEvent, because: Because | None) -> Dispute:
    """Fold a fact of a dispute's end, and of what comes after."""
    match event:
        case Refused():
            return changed(dispute, refused_by=event.party)
        case Closed():
            return _closed(dispute, event, because)
        case FollowedUp():
            return changed(dispute, visits=dispute.visits + 1)
        case Reopened():
            return _reopened(dispute, event)
        case Withdrawn() | Terminated() | Transferred() | RemediesNotified():
            return dispute
        case _:
            assert_never(event)


def _closed(dispute: Dispute, event: Closed, because: Because | None) -> Dispute:
    return changed(
        dispute,
        status=Status.CLOSED,
        outcome=event.outcome,
        closed_from=dispute.status,
        closed_because=because,
        moved_on=day_of(event.occurred_at),
        proposals={},
        visits=0,
    )


def _reopened(dispute: Dispute, event: Reopened) -> Dispute:
    again = changed(
        dispute,
        status=event.status,
        outcome=None,
        closed_from=None,
        closed_because=None,
        refused_by=None,
        visits=0,
        bygone=False,
        moved_on=day_of(event.occurred_at),
    )
    if event.status is Status.ACCEPTED and dispute.tenure is not None:
        return _in_a_new_stay(again, dispute.tenure, event)
    return changed(again, waiting_since=event.occurred_at)


def _in_a_new_stay(dispute: Dispute, before: TierStay, event: Reopened) -> Dispute:
    assigned = Assignment(before.mediators, event.occurred_at)
    tenure = TierStay(before.tier, before.platform, event.occurred_at, (assigned,))
    return changed(dispute, tenures=(*dispute.tenures, tenure), present=len(dispute.tenures), settlement=None)
