"""Agreements: reached and signed (rule 9)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.decide.seals import seal, seals_needed
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_be_accepted, must_not_go_backwards, must_take_part
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ReachAgreement, SignAgreement
from domain.errors import AlreadySigned, MediatorNotAssigned, NoAgreementReached
from domain.events.dispute import AgreementDrafted, AgreementSigned, AgreementTookEffect, Term
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.counted_stay import CountedSession
from domain.vocabulary import SessionOutcome, day_of, start_of


def decide_reach_agreement(command: ReachAgreement, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record what was agreed at the latest session; an oral agreement is in effect at once (PML 30)."""
    must_be_accepted(dispute)
    latest = _latest(dispute.counted_stay.sessions)
    if latest is None or latest.outcome is not SessionOutcome.AGREED:
        raise NoAgreementReached(message("the latest session did not end in agreement"))
    must_follow(command.reached_at, day_of(latest.held_at))
    must_take_part(dispute, *(party for _, party in command.parties_named()))
    drafted = AgreementDrafted(
        form=command.form,
        terms=tuple(Term(**term.model_dump()) for term in command.terms),
        record=command.record,
        reached_at=command.reached_at,
    )
    if command.form == "written":
        return (Fact(drafted),)
    must_not_go_backwards(dispute, command.reached_at)
    return (Fact(drafted), Fact(AgreementTookEffect(effective_on=day_of(command.reached_at))))


def decide_sign_agreement(command: SignAgreement, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record a signature or a seal; with the last one needed the agreement takes effect (PML 29)."""
    must_be_accepted(dispute)
    agreement = _draft(dispute)
    must_follow(command.signed_at, day_of(agreement.draft.reached_at))
    must_take_part(dispute, command.by, *agreement.draft.parties)
    signed = _signature(command, dispute, agreement, world)
    after = evolve(dispute, signed).agreement
    if after is None or not _complete(after, dispute, world):
        return (Fact(signed),)
    effective_on = max(day_of(signature.signed_at) for signature in after.signatures)
    must_not_go_backwards(dispute, start_of(effective_on))
    return (Fact(signed), Fact(AgreementTookEffect(effective_on=effective_on)))


def _latest(sessions: tuple[CountedSession, ...]) -> CountedSession | None:
    return max(sessions, key=lambda item: (item.held_at, item.number), default=None)


def _draft(dispute: Dispute) -> AgreementState:
    """The draft that may still be signed: of this stay, and not overtaken by a session that failed."""
    agreement = dispute.agreement
    if agreement is None or agreement.stay_index != dispute.stay_index:
        raise NoAgreementReached(message("there is no agreement to sign"))
    held = tuple(
        session
        for session in dispute.counted_stay.sessions
        if session.outcome in {SessionOutcome.AGREED, SessionOutcome.FAILED}
    )
    latest = _latest(held)
    if latest is None or latest.outcome is not SessionOutcome.AGREED:
        raise NoAgreementReached(message("the parties no longer agree: the latest session failed"))
    return agreement


def _signature(
    command: SignAgreement, dispute: Dispute, agreement: AgreementState, world: World
) -> AgreementSigned:
    if command.by == "committee":
        return seal(command, dispute, agreement, world)
    if command.by == "mediator":
        return _mediators(command, dispute, agreement, world)
    if command.by in agreement.parties_signed:
        raise AlreadySigned(message("party {party} has signed", party=command.by))
    return AgreementSigned(party=command.by, signed_at=command.signed_at)


def _mediators(
    command: SignAgreement, dispute: Dispute, agreement: AgreementState, world: World
) -> AgreementSigned:
    mediator = world.actor.sub
    if mediator not in dispute.mediators:
        raise MediatorNotAssigned(message("only a mediator assigned to the case signs as its mediator"))
    if agreement.mediator_signed:
        raise AlreadySigned(message("a mediator has signed; one signature is enough"))
    must_serve((mediator,), dispute, world, day_of(command.signed_at))
    return AgreementSigned(mediator=mediator, signed_at=command.signed_at)


def _complete(agreement: AgreementState, dispute: Dispute, world: World) -> bool:
    parties = {party.id for party in dispute.present_parties}
    return (
        parties <= agreement.parties_signed
        and agreement.mediator_signed
        and seals_needed(dispute, world).keys() <= agreement.sealed_by
    )
