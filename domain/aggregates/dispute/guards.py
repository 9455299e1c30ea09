"""Checks and facts that several decisions share."""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.state import Dispute, Proposal
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    GoesBackwards,
    MediationRefused,
    NoAgreementInEffect,
    NotAccepted,
    NothingProposed,
    NotThisPlatform,
    OwnProposal,
    PartyHasLeft,
    UnknownParty,
)
from domain.events.dispute import Closed, Party, RemediesNotified
from domain.events.envelope import Actor, Fact
from domain.jurisdiction.platform import Platform
from domain.messages import message
from domain.procedures.rules import Because
from domain.vocabulary import Outcome, Remedy, Status, day_of, is_same_subject

REMEDIES: Final = tuple(Remedy)
"""The remedies that every notice names (PML 26)."""


def must_be_open(dispute: Dispute) -> None:
    """Refuse where mediation has ended; the error names a party's refusal as such (PML 17)."""
    if dispute.refused_by is not None:
        raise MediationRefused(
            message("party {party} refused mediation; it stopped at once", party=dispute.refused_by)
        )
    if dispute.status is Status.CLOSED:
        raise AlreadyClosed(message("the case was closed as {outcome}", outcome=dispute.outcome or ""))


def must_be_undecided(dispute: Dispute) -> None:
    """Refuse where mediation has ended, in whatever way: also by an agreement in effect (rule 9)."""
    must_be_open(dispute)
    if dispute.status is Status.AGREED:
        raise AgreementInEffect(message("an agreement is in effect; mediation has ended"))


def must_be_accepted(dispute: Dispute) -> None:
    """Refuse where no platform has accepted the dispute at its present tier, or mediation has ended."""
    must_be_undecided(dispute)
    if dispute.awaits_acceptance:
        raise NotAccepted(message("the {tier} has not accepted the case yet", tier=dispute.tier))


def must_be_agreed(dispute: Dispute) -> AgreementState:
    """Return the agreement in effect in an open case; refuse where there is none."""
    must_be_open(dispute)
    if dispute.status is not Status.AGREED or dispute.agreement is None:
        raise NoAgreementInEffect(message("no agreement is in effect in this case"))
    return dispute.agreement


def must_act_for(platform: Platform | None, actor: Actor) -> None:
    """Refuse an actor who does not act for the platform where the dispute waits."""
    if platform is None or not platform.is_own_to(actor):
        raise NotThisPlatform(message("only the platform where the case waits may accept it or send it back"))


def must_not_go_backwards(dispute: Dispute, moment: datetime) -> None:
    """Refuse a status-changing fact dated before the last one, counted by day (rule 13)."""
    if day_of(moment) < dispute.moved_on:
        raise GoesBackwards(
            message(
                "{day} lies before {last}, the day of the last step of this case",
                day=day_of(moment).isoformat(),
                last=dispute.moved_on.isoformat(),
            )
        )


def proposal_for(dispute: Dispute, subject: int, actor: Actor) -> Proposal:
    """Return what is proposed, for a second person to decide on; raises NothingProposed, OwnProposal (rule 7)."""
    proposal = dispute.proposals.get(subject)
    if proposal is None:
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
    if is_same_subject(proposal.proposed_by, actor.sub):
        raise OwnProposal(message("whoever proposed it cannot decide on it; a second person must"))
    return proposal


def party_of(dispute: Dispute, party: str, *, field: str) -> Party:
    """Return a party of the dispute; raises UnknownParty where the case has none of that id."""
    for item in dispute.parties:
        if item.id == party:
            return item
    raise UnknownParty(message("the case has no party {party}", party=party), field=field)


def must_take_part(dispute: Dispute, *parties: str) -> None:
    """Refuse a party that left for itself; raises PartyHasLeft (rule 21)."""
    for party in parties:
        if (left := dispute.departures.get(party)) is not None:
            day = day_of(left.occurred_at).isoformat()
            raise PartyHasLeft(message("party {party} left the case on {day}", party=party, day=day))


def closing(
    outcome: Outcome,
    at: datetime,
    *,
    notify: bool,
    because: Because | None = None,
    reason: str | None = None,
    duplicate_of: UUID | None = None,
) -> tuple[Fact, ...]:
    """Return the closing of the case, preceded by the notice of other remedies where the law wants one."""
    closed = Fact(Closed(outcome=outcome, reason=reason, duplicate_of=duplicate_of, occurred_at=at), because)
    if not notify:
        return (closed,)
    return (Fact(RemediesNotified(remedies=REMEDIES, occurred_at=at), because), closed)
