"""Agreements: reached at a session, changed, rescinded (rule 9)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import later_number, next_number
from domain.aggregates.dispute.guards import (
    must_be_accepted,
    must_be_agreed,
    must_not_go_backwards,
    must_take_part,
)
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ChangeAgreement, ReachAgreement, RescindAgreement
from domain.errors import ConsentMissing, NoAgreementReached, NotInWriting
from domain.events.dispute import (
    AgreementDrafted,
    AgreementReplaced,
    AgreementRescinded,
    AgreementTookEffect,
    Term,
)
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.counted_stay import latest_session
from domain.vocabulary import SessionOutcome, day_of


def decide_reach_agreement(command: ReachAgreement, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record what was agreed at the latest session; an oral agreement is in effect at once (PML 30)."""
    must_be_accepted(dispute)
    latest = latest_session(dispute.counted_stay.sessions)
    if latest is None or latest.outcome is not SessionOutcome.AGREED:
        raise NoAgreementReached(message("the latest session did not end in agreement"))
    must_follow(command.reached_at, day_of(latest.held_at))
    return _drafted(command, dispute)


def decide_change_agreement(command: ChangeAgreement, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Draft what is to replace the agreement in effect; a written one is changed in writing alone."""
    agreement = must_be_agreed(dispute)
    if agreement.draft.form == "written" and command.form == "oral":
        raise NotInWriting(message("a written agreement is changed in writing, signed as the first was"))
    must_follow(command.reached_at, agreement.effective_on or day_of(agreement.draft.reached_at))
    return _drafted(command, dispute, agreement)


def decide_rescind_agreement(command: RescindAgreement, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """End the agreement in effect by the consent of all its parties; mediation goes on where it was."""
    agreement = must_be_agreed(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    if missing := sorted({party.id for party in dispute.present_parties} - set(command.consents)):
        raise ConsentMissing(
            message("these parties have not consented: {parties}", parties=", ".join(missing))
        )
    rescinded = AgreementRescinded(
        agreement=agreement.number,
        consents=command.consents,
        reason=command.reason,
        occurred_at=command.occurred_at,
    )
    return (Fact(rescinded),)


def taking_effect(draft: AgreementDrafted, effect: AgreementTookEffect) -> tuple[Fact, ...]:
    """Return the effect of a draft, and the end of the agreement that it replaces, where it replaces one."""
    if draft.changes is None or draft.number is None:
        return (Fact(effect),)
    replaced = AgreementReplaced(agreement=draft.changes, by=draft.number, replaced_on=effect.effective_on)
    return (Fact(effect), Fact(replaced))


def _drafted(
    command: ReachAgreement | ChangeAgreement, dispute: Dispute, changes: AgreementState | None = None
) -> tuple[Fact, ...]:
    must_take_part(dispute, *(party for _, party in command.parties_named()))
    number = next_number(dispute.agreements)
    drafted = AgreementDrafted(
        form=command.form,
        terms=tuple(Term(**term.model_dump()) for term in command.terms),
        record=command.record,
        reached_at=command.reached_at,
        number=later_number(number),
        changes=changes.number if changes else None,
        reason=command.reason if isinstance(command, ChangeAgreement) else None,
    )
    if command.form == "written":
        return (Fact(drafted),)
    must_not_go_backwards(dispute, command.reached_at)
    return (
        Fact(drafted),
        *taking_effect(drafted, AgreementTookEffect(effective_on=day_of(command.reached_at))),
    )
