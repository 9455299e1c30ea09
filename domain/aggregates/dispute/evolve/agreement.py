"""An agreement is drafted and signed, takes effect, is replaced or rescinded."""

from domain.aggregates.dispute.agreement import AgreementEnd, AgreementState
from domain.aggregates.dispute.agreements import binds, open_draft, with_agreement, with_drafts_overtaken
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.obligation import Obligation
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import (
    AgreementDrafted,
    AgreementReplaced,
    AgreementRescinded,
    AgreementSigned,
    AgreementTookEffect,
)
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_agreement_drafted(dispute: Dispute, event: AgreementDrafted, _: Because | None) -> Dispute:
    """Add the draft; it overtakes one that still waited for signatures."""
    earlier = with_drafts_overtaken(dispute.agreements, day_of(event.reached_at), len(dispute.sessions))
    obligations = tuple(Obligation(term) for term in event.terms)
    number = event.number or len(earlier) + 1
    drafted = AgreementState(event, dispute.stay_index, obligations, number)
    return changed(dispute, agreements=(*earlier, drafted))


def evolve_agreement_signed(dispute: Dispute, event: AgreementSigned, _: Because | None) -> Dispute:
    """Add the signature or seal to the draft."""
    draft = open_draft(dispute.agreements)
    if draft is None or event.agreement not in {None, draft.number}:
        return dispute
    signed = changed(draft, signatures=(*draft.signatures, event))
    return changed(dispute, agreements=with_agreement(dispute.agreements, signed))


def evolve_agreement_took_effect(dispute: Dispute, event: AgreementTookEffect, _: Because | None) -> Dispute:
    """Put the draft into effect; mediation has ended."""
    draft = open_draft(dispute.agreements)
    if draft is None:
        return dispute
    in_effect = changed(draft, effective_on=event.effective_on, effect_version=dispute.version + 1)
    agreements = with_agreement(dispute.agreements, in_effect)
    ended = stay_periods.paused(dispute, event.effective_on)
    return changed(ended, agreements=agreements, status=Status.AGREED, moved_on=event.effective_on)


def evolve_agreement_replaced(dispute: Dispute, event: AgreementReplaced, _: Because | None) -> Dispute:
    """End the agreement that was changed, where the change is in effect."""
    if not binds(dispute.agreements, event.by):
        return dispute
    agreements = tuple(
        changed(item, ended="replaced", ended_on=event.replaced_on, replaced_by=event.by)
        if item.number == event.agreement
        else item
        for item in dispute.agreements
    )
    return changed(dispute, agreements=agreements)


def evolve_agreement_rescinded(dispute: Dispute, event: AgreementRescinded, _: Because | None) -> Dispute:
    """End the agreement, and with it a change that waits for signatures; the stay runs again."""
    day, sessions = day_of(event.occurred_at), len(dispute.sessions)
    end: AgreementEnd = "rescinded"
    agreements = tuple(
        changed(item, ended=end, ended_on=day, sessions_before_end=sessions)
        if item.number == event.agreement
        else item
        for item in with_drafts_overtaken(dispute.agreements, day, sessions)
    )
    resumed = stay_periods.resumed(dispute, event.occurred_at)
    return changed(resumed, agreements=agreements, status=Status.ACCEPTED, moved_on=day, dormant=False)
