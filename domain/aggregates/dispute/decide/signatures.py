"""Signatures and seals; with the last one needed a written agreement takes effect (PML 29; rule 9)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import later_number, open_draft
from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.decide.agreement import taking_effect
from domain.aggregates.dispute.decide.seals import bodies, seal, seals_needed
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_be_accepted, must_not_go_backwards, must_take_part
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import SignAgreement
from domain.errors import AlreadySigned, MediatorNotAssigned, NoAgreementReached, NotTheOffice
from domain.events.dispute import AgreementSigned, AgreementTookEffect
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.counted_stay import latest_session
from domain.vocabulary import HELD, SessionOutcome, Status, day_of, is_same_subject, start_of


def decide_sign_agreement(command: SignAgreement, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record a signature or a seal; with the last one needed the agreement takes effect (PML 29)."""
    agreement = _draft(dispute)
    must_follow(command.signed_at, day_of(agreement.draft.reached_at))
    must_take_part(dispute, command.by, *agreement.draft.parties)
    signed = _signature(command, dispute, agreement, world)
    after = open_draft(evolve(dispute, signed).agreements)
    if after is None or not _complete(after, dispute, world):
        return (Fact(signed),)
    effective_on = max(day_of(signature.signed_at) for signature in after.signatures)
    must_not_go_backwards(dispute, start_of(effective_on))
    effect = AgreementTookEffect(effective_on=effective_on)
    return (Fact(signed), *taking_effect(agreement.draft, effect))


def _draft(dispute: Dispute) -> AgreementState:
    """The draft that may still be signed: of this stay, and not overtaken by a session that failed.

    While an agreement is in effect only a change of it is signed.
    """
    draft = open_draft(dispute.agreements)
    if dispute.status is Status.AGREED and draft is not None and draft.draft.changes is not None:
        return draft
    must_be_accepted(dispute)
    if draft is None or draft.stay_index != dispute.stay_index:
        raise NoAgreementReached(message("there is no agreement to sign"))
    latest = latest_session(
        tuple(session for session in dispute.counted_stay.sessions if session.outcome in HELD)
    )
    if latest is None or latest.outcome is not SessionOutcome.AGREED:
        raise NoAgreementReached(message("the parties no longer agree: the latest session failed"))
    return draft


def _signature(
    command: SignAgreement, dispute: Dispute, agreement: AgreementState, world: World
) -> AgreementSigned:
    if command.by == "committee":
        return seal(command, dispute, agreement, world)
    if command.by == "mediator":
        return _mediators(command, dispute, agreement, world)
    if command.by in agreement.parties_signed:
        raise AlreadySigned(message("party {party} has signed", party=command.by))
    number = later_number(agreement.number)
    return AgreementSigned(party=command.by, signed_at=command.signed_at, agreement=number)


def _mediators(
    command: SignAgreement, dispute: Dispute, agreement: AgreementState, world: World
) -> AgreementSigned:
    """The signature of a mediator assigned on the day: the actor's own, or one on paper that the office records."""
    day = day_of(command.signed_at)
    named = command.who or world.actor.sub
    if not is_same_subject(named, world.actor.sub) and not _records_for_others(dispute, world):
        raise NotTheOffice(
            message(
                "only the convener or a clerk of a platform that handles the case records a mediator's signature"
            )
        )
    assigned = dispute.stay.assigned_on(day) if dispute.stay else ()
    mediator = next((item for item in sorted(assigned) if is_same_subject(item, named)), None)
    if mediator is None:
        raise MediatorNotAssigned(message("only a mediator assigned to the case signs as its mediator"))
    if agreement.mediator_signed:
        raise AlreadySigned(message("a mediator has signed; one signature is enough"))
    must_serve((mediator,), dispute, world, day)
    number = later_number(agreement.number)
    return AgreementSigned(mediator=mediator, signed_at=command.signed_at, agreement=number)


def _records_for_others(dispute: Dispute, world: World) -> bool:
    """Whether the actor is the convener or a clerk of a platform that handles the case, or of its committee."""
    own = bodies(dispute, world)
    return any(
        body.is_convened_by(world.actor) or body.has_clerk(world.actor)
        for body in (*own, *(world.committee_of(body) for body in own))
    )


def _complete(agreement: AgreementState, dispute: Dispute, world: World) -> bool:
    parties = {party.id for party in dispute.present_parties}
    return (
        parties <= agreement.parties_signed
        and agreement.mediator_signed
        and seals_needed(dispute, world).keys() <= agreement.sealed_by
    )
