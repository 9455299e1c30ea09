"""What a case holds beside its sessions: the agreement, the court, danger, proposals, files."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from application.case_reader import CaseSnapshot
from domain.aggregates.dispute.agreement import AgreementState, Obligation, TermState
from domain.aggregates.dispute.state import Proposal
from domain.events.dispute import AgreementSigned, AttachmentAdded, EscalationProposed, RiskAssessed
from domain.events.dispute.agreement import Form
from domain.events.dispute.confirmation import CourtOutcome
from domain.vocabulary import Personal, RiskLevel


class TermView(BaseModel):
    """A term of the agreement and what became of it."""

    debtor: str
    creditor: str
    obligation: Personal[str]
    amount_fen: int | None
    due_on: date
    state: TermState
    performed_on: date | None


class SignatureView(BaseModel):
    """A signature or a seal: `by` is a party's id, mediator or committee."""

    by: str
    mediator: str | None
    unit: str | None
    signed_at: datetime


class AgreementView(BaseModel):
    """The latest agreement; in effect once `effective_on` is there."""

    form: Form
    reached_at: datetime
    effective_on: date | None
    record: Personal[str] | None
    terms: list[TermView]
    signatures: list[SignatureView]


class ConfirmationView(BaseModel):
    """The application for judicial confirmation, and its outcome once there is one."""

    filed_on: date
    applicants: tuple[str, ...]
    court: Personal[str]
    outcome: CourtOutcome | None
    decided_on: date | None


class RiskView(BaseModel):
    """The latest judgement of how dangerous the case is."""

    level: RiskLevel
    grounds: Personal[str]


class PendingView(BaseModel):
    """What waits for a second person."""

    kind: Literal["escalation", "correction"]
    session: int | None
    proposed_by: str
    occurred_at: datetime


class AttachmentView(BaseModel):
    """A file of the case; its bytes lie at `attachments/{id}`."""

    id: UUID
    kind: str
    title: Personal[str]
    filename: Personal[str]
    media_type: str
    size: int
    sha256: str


def agreement_view(settlement: AgreementState | None) -> AgreementView | None:
    """Present the agreement, where there is one."""
    if settlement is None:
        return None
    return AgreementView(
        form=settlement.draft.form,
        reached_at=settlement.draft.reached_at,
        effective_on=settlement.effective_on,
        record=settlement.draft.record,
        terms=[_term(obligation) for obligation in settlement.obligations],
        signatures=[_signature(signature) for signature in settlement.signatures],
    )


def confirmation_view(settlement: AgreementState | None) -> ConfirmationView | None:
    """Present the application to a court, where there is one."""
    confirmation = settlement.confirmation if settlement else None
    if confirmation is None:
        return None
    return ConfirmationView(
        **confirmation.request.model_dump(include={"filed_on", "applicants", "court"}),
        outcome=confirmation.outcome,
        decided_on=confirmation.decided_on,
    )


def risk_view(file: CaseSnapshot) -> RiskView | None:
    """Present the latest judgement of danger, where there is one."""
    judged = [recorded.event for recorded in file.history if isinstance(recorded.event, RiskAssessed)]
    return RiskView(level=judged[-1].level, grounds=judged[-1].grounds) if judged else None


def pending_views(file: CaseSnapshot) -> list[PendingView]:
    """Present what waits for a second person."""
    return [_pending(proposal) for proposal in file.dispute.proposals.values()]


def attachment_views(file: CaseSnapshot) -> list[AttachmentView]:
    """Present the files of the case in the order in which they were put in."""
    return [
        AttachmentView(
            id=recorded.event.attachment,
            **recorded.event.model_dump(
                include={"kind", "title", "filename", "media_type", "size", "sha256"}
            ),
        )
        for recorded in file.history
        if isinstance(recorded.event, AttachmentAdded)
    ]


def _term(obligation: Obligation) -> TermView:
    return TermView(
        **obligation.term.model_dump(), state=obligation.state, performed_on=obligation.performed_on
    )


def _signature(signed: AgreementSigned) -> SignatureView:
    return SignatureView(
        by=signed.party or ("mediator" if signed.mediator else "committee"),
        mediator=signed.mediator,
        unit=signed.unit,
        signed_at=signed.signed_at,
    )


def _pending(proposal: Proposal) -> PendingView:
    escalation = isinstance(proposal, EscalationProposed)
    return PendingView(
        kind="escalation" if escalation else "correction",
        session=None if isinstance(proposal, EscalationProposed) else proposal.session,
        proposed_by=proposal.proposed_by,
        occurred_at=proposal.occurred_at,
    )
