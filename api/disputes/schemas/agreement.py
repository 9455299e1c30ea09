"""The agreements of a case and their judicial confirmation, as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel, Field

from application.case_reader import CaseSnapshot
from domain.aggregates.dispute.agreement import AgreementState, AgreementStatus, Confirmation
from domain.aggregates.dispute.obligation import Obligation, TermState
from domain.events.dispute import AgreementSigned, TermBreached, TermPerformed
from domain.events.dispute.agreement import Form
from domain.events.dispute.confirmation import CourtOutcome
from domain.vocabulary import Personal


class PerformanceView(BaseModel):
    """A performance of a term: in part where it has an amount. One that was taken back stays, and counts no more."""

    performed_on: date
    amount_fen: int | None
    retracted: bool = False


class BreachView(BaseModel):
    """A day on which a term was found unperformed or broken; it stays where that was taken back."""

    found_on: date
    retracted: bool = False


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
    breaches: list[BreachView]


class SignatureView(BaseModel):
    """A signature or a seal: `by` is a party's id, mediator or committee. One that was taken back stays, and is none."""

    by: str
    mediator: str | None
    unit: str | None
    signed_at: datetime
    retracted: bool = False


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


def agreement_view(agreement: AgreementState, file: CaseSnapshot) -> AgreementView:
    """Present an agreement of a case, with what was recorded of it and taken back."""
    draft, recorded = agreement.draft, tuple(_recorded_of(agreement, file))
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
        terms=[_term(item, place, recorded) for place, item in enumerate(agreement.obligations, start=1)],
        signatures=_signatures(agreement, recorded),
        confirmations=[confirmation_view(confirmation) for confirmation in agreement.confirmations],
    )


def confirmation_view(confirmation: Confirmation) -> ConfirmationView:
    """Present an application to a court."""
    return ConfirmationView(
        **confirmation.request.model_dump(include={"filed_on", "applicants", "court"}),
        outcome=confirmation.outcome,
        decided_on=confirmation.decided_on,
    )


_About = AgreementSigned | TermPerformed | TermBreached
_Recorded = Sequence[tuple[_About, bool]]
"""What was recorded of an agreement, each with whether it was taken back."""
_ViewT = TypeVar("_ViewT", bound=SignatureView | PerformanceView)


def _recorded_of(agreement: AgreementState, file: CaseSnapshot) -> Iterator[tuple[_About, bool]]:
    """Yield the facts that name the agreement; those of the first one name none."""
    for item in file.history:
        if isinstance(item.event, _About) and (item.event.agreement or 1) == agreement.number:
            yield item.event, item.version in file.dispute.retracted


def _with_taken_back(standing: list[_ViewT], recorded: list[_ViewT]) -> list[_ViewT]:
    """Return what stands with what was taken back, as it was recorded; what stands without a record goes first."""
    taken_back = [item for item in recorded if item.retracted]
    every_one_is_recorded = len(standing) + len(taken_back) == len(recorded)
    return recorded if every_one_is_recorded else [*standing, *taken_back]


def _signatures(agreement: AgreementState, recorded: _Recorded) -> list[SignatureView]:
    return _with_taken_back(
        [_signature(signed) for signed in agreement.signatures],
        [_signature(event, retracted=back) for event, back in recorded if isinstance(event, AgreementSigned)],
    )


def _term(obligation: Obligation, place: int, recorded: _Recorded) -> TermView:
    performed = [PerformanceView(**asdict(item)) for item in obligation.performances]
    parts = [
        PerformanceView(performed_on=event.performed_on, amount_fen=event.amount_fen, retracted=back)
        for event, back in recorded
        if isinstance(event, TermPerformed) and event.term == place
    ]
    breaches = [
        BreachView(found_on=event.found_on, retracted=back)
        for event, back in recorded
        if isinstance(event, TermBreached) and event.term == place
    ]
    return TermView(
        **obligation.term.model_dump(),
        state=obligation.state,
        performed_on=obligation.performed_on,
        performed_fen=obligation.performed_fen,
        performances=_with_taken_back(performed, parts),
        breached_on=obligation.breached_on,
        breaches=breaches,
    )


def _signature(signed: AgreementSigned, *, retracted: bool = False) -> SignatureView:
    return SignatureView(
        by=signed.party or ("mediator" if signed.mediator else "committee"),
        mediator=signed.mediator,
        unit=signed.unit,
        signed_at=signed.signed_at,
        retracted=retracted,
    )
