"""A closed case is followed up, or reopened."""

from typing import Final

from domain.aggregates.dispute.guards import must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import FollowUp, ReopenDispute
from domain.errors import HandlerMayNotVerify, NotClosed, NotReopenable
from domain.events.dispute import FollowedUp, Reopened
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import Outcome, Status, is_same_subject, start_of

_FINAL: Final = frozenset({Outcome.DECLINED, Outcome.DUPLICATE})


def decide_follow_up(command: FollowUp, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record a visit by somebody who was never assigned to the case (S3, S4; rule 4)."""
    if dispute.status not in {Status.AGREED, Status.CLOSED}:
        raise NotClosed(message("a visit follows an agreement or the end of a case"))
    if any(is_same_subject(world.actor.sub, handler) for handler in dispute.handlers):
        raise HandlerMayNotVerify(message("whoever was assigned to the case does not verify it"))
    must_follow(start_of(command.visited_on), dispute.moved_on)
    return (Fact(FollowedUp(**command.model_dump(exclude={"dispute"}))),)


def decide_reopen(command: ReopenDispute, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Take the case up again in the status in which it was closed; sessions count anew (rule 2)."""
    if dispute.status is not Status.CLOSED:
        raise NotClosed(message("the case is not closed"))
    if dispute.outcome in _FINAL:
        raise NotReopenable(
            message("a case closed as {outcome} is not taken up again", outcome=dispute.outcome or "")
        )
    if dispute.outcome is Outcome.TRANSFERRED and command.referred_by is None:
        raise NotReopenable(message("a transferred case comes back by a referral; say who refers it"))
    must_not_go_backwards(dispute, command.occurred_at)
    details = command.model_dump(exclude={"dispute"})
    return (Fact(Reopened(status=_status_restored(dispute), **details)),)


def _status_restored(dispute: Dispute) -> Status:
    """The status before; but where everything agreed was performed, mediation begins anew."""
    performed = dispute.agreement is not None and dispute.agreement.performed
    if dispute.closed_from is Status.AGREED and performed:
        return Status.ACCEPTED
    return dispute.closed_from or Status.ACCEPTED
