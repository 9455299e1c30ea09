"""What reading a case answers, as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, Field

from api.disputes.schemas.agreement import AgreementView, ConfirmationView, agreement_view, confirmation_view
from api.disputes.schemas.appointments import AppointmentView, appointment_views
from api.disputes.schemas.parties import PartyView, party_views
from application.case_reader import CaseSnapshot
from domain.aggregates.dispute.agreements import last_confirmation
from domain.aggregates.dispute.state import Proposal
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.events.dispute import (
    AttachmentAdded,
    CorrectionProposed,
    EscalationProposed,
    RetractionProposed,
    RiskAssessed,
)
from domain.events.dispute.retractions import ProposalKind
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import (
    Category,
    Difficulty,
    Outcome,
    Personal,
    RiskLevel,
    SessionOutcome,
    Source,
    Status,
)

_KINDS: Final[Mapping[type[Proposal], ProposalKind]] = {
    EscalationProposed: "escalation",
    CorrectionProposed: "correction",
    RetractionProposed: "retraction",
}


class SessionView(BaseModel):
    """A session in short."""

    number: int
    tier: str
    held_at: datetime
    outcome: SessionOutcome
    corrected: bool
    retracted: bool


class EscalationView(BaseModel):
    """A move to a higher tier."""

    from_tier: str = Field(serialization_alias="from")
    to_tier: str = Field(serialization_alias="to")
    rule: str | None
    at_version: int
    voided: bool
    basis_corrected: bool


class DeadlineView(BaseModel):
    """What is due by when; provisional while it rests on a calendar that is not published."""

    kind: str
    due_on: date
    overdue: bool
    provisional: bool


class RiskView(BaseModel):
    """The latest judgement of how dangerous the case is."""

    level: RiskLevel
    grounds: Personal[str]


class ProposalView(BaseModel):
    """What waits for a second person."""

    kind: ProposalKind
    session: int | None
    version: int | None = Field(description="of the event that is to be taken back")
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


class CaseView(BaseModel):
    """A case as it stands, as it stood at a version, or as it was known at a time."""

    id: UUID
    number: str | None
    version: int
    status: Status
    outcome: Outcome | None
    duplicate_of: UUID | None = Field(description="the case in favour of which this one was closed")
    duplicates: tuple[UUID, ...] = Field(description="the cases that were closed in favour of this one")
    settled: bool = Field(description="whether it was withdrawn because the parties had settled")
    tier: str
    unit: str
    platform: str
    platforms: tuple[str, ...] = Field(description="every platform the case has been at: whose case it is")
    procedure: ProcedureRef
    category: Category
    difficulty: Difficulty | None
    source: Source
    referred_by: str | None
    title: Personal[str]
    facts: Personal[str]
    requests: Personal[str] | None
    amount_fen: int | None
    people_involved: int | None
    co_units: tuple[str, ...]
    occurred_at: datetime
    parties: list[PartyView]
    mediators: tuple[str, ...]
    sessions: list[SessionView]
    appointments: list[AppointmentView]
    failed_sessions: dict[str, int]
    escalations: list[EscalationView]
    agreement: AgreementView | None = Field(description="the one in effect, or the latest")
    agreements: list[AgreementView] = Field(description="every agreement the case ever had, by number")
    confirmation: ConfirmationView | None = Field(
        description="the application that is pending, or the latest"
    )
    risk: RiskView | None
    pending: list[ProposalView]
    attachments: list[AttachmentView]
    deadlines: list[DeadlineView]


_OF_THE_CASE: Final = (
    *("number", "version", "status", "outcome", "settled", "duplicate_of", "duplicates"),
    *("tier", "platform", "platforms", "procedure", "mediators"),
)
_OF_THE_FILING: Final = (
    *("unit", "category", "difficulty", "source", "referred_by", "title", "facts", "requests"),
    *("amount_fen", "people_involved", "co_units", "occurred_at"),
)
"""The fields that a case shows as they stand in its state, and as they were filed."""


def case_view(file: CaseSnapshot) -> CaseView:
    """Present a case."""
    dispute, filed = file.dispute, file.dispute.filed
    return CaseView(
        id=file.id,
        **{name: getattr(dispute, name) for name in _OF_THE_CASE},
        **{name: getattr(filed, name) for name in _OF_THE_FILING},
        parties=party_views(dispute),
        sessions=_sessions(file),
        appointments=appointment_views(dispute),
        failed_sessions={name: dispute.failures_at(name) for name in file.ladder.tier_names},
        escalations=_escalations(file),
        agreement=agreement_view(dispute.agreement, file) if dispute.agreement else None,
        agreements=[agreement_view(agreement, file) for agreement in dispute.agreements],
        confirmation=_confirmation(file),
        risk=risk_view(file),
        pending=proposal_views(file),
        attachments=attachment_views(file),
        deadlines=_deadlines(file),
    )


def _sessions(file: CaseSnapshot) -> list[SessionView]:
    return [
        SessionView(
            number=session.counted.number,
            tier=session.tier,
            held_at=session.counted.held_at,
            outcome=session.counted.outcome,
            corrected=session.corrected,
            retracted=session.retracted,
        )
        for session in file.dispute.sessions
    ]


def _escalations(file: CaseSnapshot) -> list[EscalationView]:
    return [
        EscalationView(
            from_tier=escalation.from_tier,
            to_tier=escalation.to_tier,
            rule=escalation.because.rule if escalation.because else None,
            at_version=escalation.at_version,
            voided=escalation.voided,
            basis_corrected=not escalation.voided and has_lost_basis(file.dispute, escalation.because),
        )
        for escalation in file.dispute.escalations
    ]


def _confirmation(file: CaseSnapshot) -> ConfirmationView | None:
    latest = last_confirmation(file.dispute.agreements)
    return confirmation_view(latest[1]) if latest else None


def _deadlines(file: CaseSnapshot) -> list[DeadlineView]:
    return [
        DeadlineView(
            kind=deadline.kind,
            due_on=deadline.due_on,
            overdue=deadline.overdue(file.today),
            provisional=deadline.provisional,
        )
        for deadline in file.deadlines
    ]


def risk_view(file: CaseSnapshot) -> RiskView | None:
    """Present the latest judgement of danger, where there is one."""
    judged = [
        recorded.event
        for recorded in file.history
        if isinstance(recorded.event, RiskAssessed) and recorded.version not in file.dispute.retracted
    ]
    return RiskView(level=judged[-1].level, grounds=judged[-1].grounds) if judged else None


def proposal_views(file: CaseSnapshot) -> list[ProposalView]:
    """Present what waits for a second person."""
    return [_proposal(proposal) for proposal in file.dispute.proposals.values()]


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
        if isinstance(recorded.event, AttachmentAdded) and recorded.version not in file.dispute.retracted
    ]


def _proposal(proposal: Proposal) -> ProposalView:
    return ProposalView(
        kind=_KINDS[type(proposal)],
        session=None if isinstance(proposal, EscalationProposed) else proposal.session,
        version=proposal.at_version if isinstance(proposal, RetractionProposed) else None,
        proposed_by=proposal.proposed_by,
        occurred_at=proposal.occurred_at,
    )
