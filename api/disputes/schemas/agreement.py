"""The agreement of a case and its judicial confirmation, as JSON."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.aggregates.dispute.agreement import AgreementState, Obligation, TermState
from domain.events.dispute import AgreementSigned
from domain.events.dispute.agreement import Form
from domain.events.dispute.confirmation import CourtOutcome
from domain.vocabulary import Personal


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
