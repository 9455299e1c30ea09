"""The agreements of a case and their judicial confirmation, as JSON."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from domain.aggregates.dispute.agreement import AgreementState, AgreementStatus, Confirmation
from domain.aggregates.dispute.obligation import Obligation, TermState
from domain.events.dispute import AgreementSigned
from domain.events.dispute.agreement import Form
from domain.events.dispute.confirmation import CourtOutcome
from domain.vocabulary import Personal


class PerformanceView(BaseModel):
    """A performance of a term: in part where it has an amount."""

    performed_on: date
    amount_fen: int | None


class TermView(BaseModel):
    """A term of the agreement and what became of it."""

    debtor: str
    creditor: str
    obligation: Personal[str]
    amount_fen: int | None
    due_on: date | None = Field(description="null for a standing term, which never falls due")
    state: TermState
    performed_on: date | None
    performed_fen: int = Field(description="how much of the amount was paid in parts")
    performances: list[PerformanceView]
    breached_on: date | None


class SignatureView(BaseModel):
    """A signature or a seal: `by` is a party's id, mediator or committee."""

    by: str
    mediator: str | None
    unit: str | None
    signed_at: datetime


class ConfirmationView(BaseModel):
    """The application for judicial confirmation, and its outcome once there is one."""

    filed_on: date
    applicants: tuple[str, ...]
    court: Personal[str]
    outcome: CourtOutcome | None
    decided_on: date | None


class AgreementView(BaseModel):
    """An agreement; in effect once `effective_on` is there, until it is replaced or rescinded."""

    number: int
    state: AgreementStatus
    changes: int | None = Field(description="the number of the agreement that this one changes")
    reason: Personal[str] | None = Field(description="why it changes that one")
    form: Form
    reached_at: datetime
    effective_on: date | None
    ended_on: date | None = Field(description="the day on which it was replaced or rescinded")
    record: Personal[str] | None
    terms: list[TermView]
    signatures: list[SignatureView]
    confirmations: list[ConfirmationView]


def agreement_view(agreement: AgreementState | None) -> AgreementView | None:
    """Present an agreement, where there is one."""
    if agreement is None:
        return None
    draft = agreement.draft
    return AgreementView(
        number=agreement.number,
        state=agreement.status,
        changes=draft.changes,
        reason=draft.reason,
        form=draft.form,
        reached_at=draft.reached_at,
        effective_on=agreement.effective_on,
        ended_on=agreement.ended_on,
        record=draft.record,
        terms=[_term(obligation) for obligation in agreement.obligations],
        signatures=[_signature(signature) for signature in agreement.signatures],
        confirmations=[confirmation_view(confirmation) for confirmation in agreement.confirmations],
    )


def confirmation_view(confirmation: Confirmation) -> ConfirmationView:
    """Present an application to a court."""
    return ConfirmationView(
        **confirmation.request.model_dump(include={"filed_on", "applicants", "court"}),
        outcome=confirmation.outcome,
        decided_on=confirmation.decided_on,
    )


def _term(obligation: Obligation) -> TermView:
    return TermView(
        **obligation.term.model_dump(),
        state=obligation.state,
        performed_on=obligation.performed_on,
        performed_fen=obligation.performed_fen,
        performances=[
            PerformanceView(performed_on=item.performed_on, amount_fen=item.amount_fen)
            for item in obligation.performances
        ],
        breached_on=obligation.breached_on,
    )


def _signature(signed: AgreementSigned) -> SignatureView:
    return SignatureView(
        by=signed.party or ("mediator" if signed.mediator else "committee"),
        mediator=signed.mediator,
        unit=signed.unit,
        signed_at=signed.signed_at,
    )
