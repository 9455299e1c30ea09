"""Whether a fact about an agreement has a place in a dispute that stands otherwise (rule 19)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import binds, last_confirmation, numbered, open_draft
from domain.aggregates.dispute.party_places import all_agree
from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.procedures.counted_stay import latest_session
from domain.vocabulary import SessionOutcome, Status, day_of


def draft_place(dispute: Dispute, event: events.AgreementDrafted) -> bool:
    """Say whether the latest session of the stay ended in agreement, or the agreement that it changes is in effect."""
    if event.changes is not None:
        return binds(dispute.agreements, event.changes)
    latest = latest_session(dispute.counted_stay.sessions)
    agreed = latest is not None and latest.outcome is SessionOutcome.AGREED
    return agreed and dispute.status not in {Status.CLOSED, Status.AGREED}


def signature_place(dispute: Dispute, event: events.AgreementSigned) -> bool:
    """Say whether the draft that was signed waits for signatures, and a mediator who signed was assigned that day."""
    draft = open_draft(dispute.agreements)
    if draft is None or event.agreement not in {None, draft.number}:
        return False
    assigned = dispute.stay.assigned_on(day_of(event.signed_at)) if dispute.stay else frozenset()
    return event.mediator is None or event.mediator in assigned


def rescission_place(dispute: Dispute, event: events.AgreementRescinded) -> bool:
    """Say whether the agreement that was rescinded is in effect, and all parties that stayed consent."""
    return binds(dispute.agreements, event.agreement) and all_agree(dispute, event.consents)


def term_place(
    dispute: Dispute, event: events.TermPerformed | events.TermBreached | events.TermSupervised
) -> bool:
    """Say whether the agreement is in effect and has the term."""
    agreement = _named(dispute, event.agreement)
    return agreement is not None and agreement.in_effect and event.term <= len(agreement.obligations)


def request_place(dispute: Dispute, event: events.ConfirmationRequested) -> bool:
    """Say whether the agreement is in effect, all parties that stayed apply, and no application waits (rule 10)."""
    agreement = _named(dispute, event.agreement)
    in_effect = agreement is not None and agreement.in_effect
    return in_effect and all_agree(dispute, event.applicants) and not _is_pending(dispute)


def court_place(dispute: Dispute, _: events.ConfirmationDecided) -> bool:
    """Say whether an application waits for the court."""
    return _is_pending(dispute)


def _is_pending(dispute: Dispute) -> bool:
    latest = last_confirmation(dispute.agreements)
    return latest is not None and latest[1].outcome is None


def _named(dispute: Dispute, number: int | None) -> AgreementState | None:
    return dispute.agreement if number is None else numbered(dispute.agreements, number)
