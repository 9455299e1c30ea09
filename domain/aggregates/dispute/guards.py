"""What several decisions check or bring about alike."""

from datetime import datetime
from typing import Final

from domain.aggregates.dispute.state import Dispute, day
from domain.aggregates.platform import Platform
from domain.errors import (
    AlreadyClosed,
    GoesBackwards,
    MediationRefused,
    NotAccepted,
    NotThisPlatform,
    UnknownParty,
)
from domain.events.dispute import Closed, Party, RemediesNotified
from domain.events.envelope import Actor, Fact
from domain.messages import message
from domain.procedures.rules import Because
from domain.vocabulary import Outcome, Remedy, Status

REMEDIES: Final = tuple(Remedy)
"""The ways that every notice names (PML 26)."""


def must_be_open(dispute: Dispute) -> None:
    """Refuse where mediation has ended; a refusal is named as what it is (PML 17)."""
    if dispute.refused_by is not None:
        raise MediationRefused(
            message("party {party} refused mediation; it stopped at once", party=dispute.refused_by)
        )
    if dispute.status is Status.CLOSED:
        raise AlreadyClosed(message("the case was closed as {outcome}", outcome=dispute.outcome or ""))


def must_be_accepted(dispute: Dispute) -> None:
    """Refuse where no platform has accepted the dispute at its present tier."""
    must_be_open(dispute)
    if dispute.awaits_acceptance:
        raise NotAccepted(message("the {tier} has not accepted the case yet", tier=dispute.tier))


def must_act_for(platform: Platform | None, actor: Actor) -> None:
    """Refuse whoever does not act for the platform where the dispute waits: a referral is taken by who gets it."""
    if platform is None or not platform.is_own_to(actor):
        raise NotThisPlatform(message("only the platform where the case waits may accept it or send it back"))


def must_not_go_backwards(dispute: Dispute, moment: datetime) -> None:
    """Refuse a status-changing fact dated before the last one, counted by day (rule 13)."""
    if day(moment) < dispute.moved_on:
        raise GoesBackwards(
            message(
                "{day} lies before {last}, the day of the last step of this case",
                day=day(moment).isoformat(),
                last=dispute.moved_on.isoformat(),
            )
        )


def party_of(dispute: Dispute, party: str, *, field: str) -> Party:
    """Return a party of the dispute; raises UnknownParty where the case has none of that id."""
    for each in dispute.parties:
        if each.id == party:
            return each
    raise UnknownParty(message("the case has no party {party}", party=party), field=field)


def closing(
    outcome: Outcome, at: datetime, *, notify: bool, because: Because | None = None
) -> tuple[Fact, ...]:
    """Return the closing of the case, preceded by the notice of other remedies where the law wants one."""
    closed = Fact(Closed(outcome=outcome, occurred_at=at), because)
    if not notify:
        return (closed,)
    return (Fact(RemediesNotified(remedies=REMEDIES, occurred_at=at), because), closed)
