"""Whether a recorded fact has a place in a dispute that stands otherwise: what an earlier fact can take away (rule 19)."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.aggregates.dispute import agreement_places
from domain.aggregates.dispute.parties_named import parties_named
from domain.aggregates.dispute.party_places import (
    appointment_stands,
    extension_place,
    leaving_place,
)
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.procedures.rules import BYPASS_RULES, Because
from domain.vocabulary import Outcome, Status, day_of

_Place = Callable[..., bool]  # type: ignore[explicit-any]  # each takes its own event


def has_place(dispute: Dispute, event: DisputeEvent, because: Because | None) -> bool:
    """Say whether a fact can be recorded of a dispute that stands like this; `because` is the rule that caused it."""
    if isinstance(event, events.Escalated):
        return _moves_up(dispute, because)
    parties = {party.id for party in dispute.parties}
    return PLACES[type(event)](dispute, event) and parties.issuperset(parties_named(event))


def _has_status(*statuses: Status) -> _Place:
    return lambda dispute, _: dispute.status in statuses


def _is_open(dispute: Dispute, _: DisputeEvent) -> bool:
    return dispute.status is not Status.CLOSED


def _is_undecided(dispute: Dispute, _: DisputeEvent) -> bool:
    return dispute.status not in {Status.CLOSED, Status.AGREED}


def _moves_up(dispute: Dispute, because: Because | None) -> bool:
    """A count or a time limit moves it whatever becomes of a session (rule 12); a bypass rests on its proposal, with which a rejection goes."""
    bypass = because is not None and because.rule in BYPASS_RULES.values()
    return not bypass or BYPASS in dispute.proposals


def _session_place(dispute: Dispute, event: events.SessionRecorded) -> bool:
    mediators = {item.who for item in event.attendance if item.as_ == "mediator"}
    stay = dispute.stay if event.stay is None else dispute.stays[event.stay - 1]
    return stay is None or mediators <= stay.assigned_on(day_of(event.held_at))


def _session_exists(
    dispute: Dispute, event: events.CorrectionProposed | events.SessionCorrected | events.MinutesAmended
) -> bool:
    session = dispute.session(event.session)
    return session is not None and not session.retracted


def _closing_place(dispute: Dispute, event: events.Closed) -> bool:
    return event.outcome is not Outcome.AGREED_UNPERFORMED or dispute.status is Status.AGREED


PLACES: Final[Mapping[type[DisputeEvent], _Place]] = {
    **dict.fromkeys(
        (
            events.Filed,
            events.Imported,
            events.PartyAmended,
            events.CorrectionRejected,
            events.RetractionProposed,
            events.FactRetracted,
            events.RetractionRejected,
            events.ProposalWithdrawn,
            events.ClosureVoided,
            events.AgreementEffectVoided,
            events.EscalationVoided,
            events.Escalated,
            events.DuplicateFound,
            events.DuplicateVoided,
            events.PoliceReported,
            events.AttachmentAdded,
            events.AgreementTookEffect,
            events.AgreementReplaced,
            events.RemediesNotified,
            events.ProcedureMigrated,
            events.EscalationEndorsed,
            events.EscalationRejected,
        ),
        lambda *_: True,
    ),
    **dict.fromkeys((events.Declined, events.Accepted), lambda dispute, _: dispute.awaits_acceptance),
    **dict.fromkeys((events.Returned,), _has_status(Status.ESCALATED)),
    events.EscalationProposed: _has_status(Status.ACCEPTED),
    **dict.fromkeys((events.MediatorsReplaced, events.RiskAssessed, events.OpinionGiven), _is_open),
    **dict.fromkeys(
        (
            events.PartyAdded,
            events.AppointmentMade,
            events.PartyRefused,
            events.Withdrawn,
            events.Terminated,
            events.Transferred,
        ),
        _is_undecided,
    ),
    **dict.fromkeys(
        (events.MinutesAmended, events.CorrectionProposed, events.SessionCorrected), _session_exists
    ),
    **dict.fromkeys(
        (events.TermPerformed, events.TermBreached, events.TermSupervised), agreement_places.term_place
    ),
    **dict.fromkeys((events.AppointmentMoved, events.AppointmentCancelled), appointment_stands),
    events.PartyLeft: leaving_place,
    events.TimeExtended: extension_place,
    events.FollowedUp: _has_status(Status.AGREED, Status.CLOSED),
    events.Reopened: _has_status(Status.CLOSED),
    events.SessionRecorded: _session_place,
    events.AgreementDrafted: agreement_places.draft_place,
    events.AgreementSigned: agreement_places.signature_place,
    events.AgreementRescinded: agreement_places.rescission_place,
    events.ConfirmationRequested: agreement_places.request_place,
    events.ConfirmationDecided: agreement_places.court_place,
    events.Closed: _closing_place,
}
"""Every fact of a dispute, and what has to hold of the dispute for it to be recorded."""
