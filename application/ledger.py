"""The ledger (台账): one row a case that has a number, in the columns in which offices keep it and hand it on.

A row can be taken from a case and a case can be brought in from a row (rule 17), so that what was exported comes back
as the same rows but for the mark that says so.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import Field, model_validator

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.agreement import AgreementState
from domain.commands.dispute.imported import ImportedCaseDetails
from domain.events.dispute import Imported, Party, Term
from domain.events.dispute.agreement import Form
from domain.vocabulary import (
    Category,
    Difficulty,
    Erased,
    Fen,
    Key,
    LongText,
    Outcome,
    PartyRole,
    Personal,
    PositiveInt,
    ShortText,
    Source,
    Status,
    UnitId,
    Value,
    day_of,
    limits,
    start_of,
)

BETWEEN: Final = "；"
"""What stands between several names, or several obligations, in one cell."""
ORGANISATION: Final = "（单位）"
"""What follows the name of a party that is no person."""
_ORGANISATION: Final = re.compile(r"\s*[（(﹙]\s*单位\s*[)）﹚]\s*$")
"""The same, with either bracket."""
ERASED: Final = "（已删除）"
"""What stands where somebody had their data deleted (PIPL 47)."""


class LedgerRow(Value):
    """A case in the ledger. Amounts are in fen; days are those of Asia/Shanghai.

    It sets no limits: whatever commands accepted, the ledger holds (rule 26).
    """

    number: str
    unit: str
    co_units: tuple[str, ...] = ()
    tier: str
    category: Category
    difficulty: Difficulty | None = None
    source: Source
    referred_by: str | None = None
    title: str
    facts: str
    requests: str | None = None
    amount_fen: int | None = None
    applicants: tuple[str, ...]
    respondents: tuple[str, ...]
    people_involved: int | None = None
    filed_on: date
    accepted_on: date
    mediators: tuple[str, ...] = ()
    sessions: int = 0
    status: Status
    agreement_form: Form | None = None
    agreed_on: date | None = None
    obligations: str | None = None
    agreed_fen: int | None = None
    due_on: date | None = None
    outcome: Outcome | None = None
    closed_on: date | None = None
    imported: bool = False


class ImportedRow(LedgerRow):
    """A row from which a case is to be imported. It keeps the limits of the command that records the case."""

    number: ShortText
    unit: UnitId
    co_units: tuple[UnitId, ...] = ()
    tier: Key
    referred_by: ShortText | None = None
    title: ShortText
    facts: LongText
    requests: LongText | None = None
    amount_fen: Fen | None = None
    applicants: Annotated[tuple[LongText, ...], Field(min_length=1, max_length=limits.PARTIES)]
    respondents: Annotated[tuple[LongText, ...], Field(min_length=1, max_length=limits.PARTIES)]
    people_involved: PositiveInt | None = None
    mediators: tuple[ShortText, ...] = ()
    sessions: Annotated[int, Field(ge=0, le=limits.IMPORTED_SESSIONS)] = 0
    obligations: LongText | None = None
    agreed_fen: Fen | None = None

    @model_validator(mode="after")
    def _status_follows(self) -> "ImportedRow":
        if (self.status is Status.CLOSED) != (self.outcome is not None):
            raise ValueError("a closed case has an outcome, and only a closed one")
        if self.status is Status.FILED:
            raise ValueError("a case that has a number was accepted")
        if (self.agreement_form is None) != (self.agreed_on is None):
            raise ValueError("an agreement has a form and a day")
        return self


COLUMNS: Final = tuple(LedgerRow.model_fields)
PERSONAL: Final = frozenset(
    {"referred_by", "title", "facts", "requests", "applicants", "respondents", "mediators", "obligations"}
)
"""The columns that hold personal data."""


def row_of(dispute: Dispute, imported: Imported | None = None) -> LedgerRow | None:
    """Return the row of a case; None while it has no number. `imported` is the event that brought the case in, if one did."""
    if dispute.number is None or not dispute.stays:
        return None
    filed = dispute.filed
    settlements = _settlements(dispute)
    settlement = settlements[-1] if settlements else None
    held = sum(session.is_held for session in dispute.sessions)
    return LedgerRow.model_construct(
        number=dispute.number,
        unit=filed.unit,
        co_units=filed.co_units,
        tier=dispute.tier,
        category=filed.category,
        difficulty=filed.difficulty,
        source=filed.source,
        referred_by=filed.referred_by,
        title=_shown(filed.title),
        facts=_shown(filed.facts),
        requests=_shown(filed.requests) if filed.requests is not None else None,
        amount_fen=filed.amount_fen,
        applicants=_names(dispute.parties, "applicant"),
        respondents=_names(dispute.parties, "respondent"),
        people_involved=filed.people_involved,
        filed_on=day_of(filed.occurred_at),
        accepted_on=day_of(dispute.stays[0].accepted_at),
        mediators=dispute.stays[-1].mediators,
        sessions=held + (imported.sessions if imported else 0),
        status=dispute.status,
        outcome=dispute.outcome,
        closed_on=dispute.moved_on if dispute.status is Status.CLOSED else None,
        imported=imported is not None,
        agreement_form=settlement.draft.form if settlement else None,
        agreed_on=settlement.effective_on if settlement else None,
        obligations=_obligations(settlements),
        agreed_fen=_amount(settlements),
        due_on=_last_due(settlements),
    )


def imported_case_of(row: ImportedRow) -> ImportedCaseDetails:
    """Return the case that a row describes; raises ValidationError where the row contradicts itself."""
    return ImportedCaseDetails.model_validate(case_fields(row))


def case_fields(row: ImportedRow) -> dict[str, object]:
    """Return the fields of the `ImportedCaseDetails` that a row describes, not yet validated."""
    return {
        **{name: getattr(row, name) for name in _SAME_FIELDS},
        "occurred_at": start_of(row.filed_on),
        "accepted_at": start_of(row.accepted_on),
        "closed_at": start_of(row.closed_on) if row.closed_on else None,
        "parties": [*_parties(row.applicants, "applicant"), *_parties(row.respondents, "respondent")],
        "agreement": _imported_agreement(row),
        "waiting": row.status is Status.ESCALATED,
        "resumed": row.agreed_on is not None and row.status in {Status.ACCEPTED, Status.ESCALATED},
    }


_SAME_FIELDS: Final = (
    "number",
    "unit",
    "co_units",
    "tier",
    "category",
    "difficulty",
    "source",
    "referred_by",
    "title",
    "facts",
    "requests",
    "amount_fen",
    "people_involved",
    "mediators",
    "sessions",
    "outcome",
)
"""Fields that a row and the case have in common."""


def _shown(text: Personal[str]) -> str:
    return ERASED if isinstance(text, Erased) else text


def _names(parties: Iterable[Party], role: PartyRole) -> tuple[str, ...]:
    return tuple(
        _shown(party.name) + (ORGANISATION if party.kind == "organisation" else "")
        for party in parties
        if party.role == role
    )


def _parties(names: Sequence[str], role: PartyRole) -> list[dict[str, object]]:
    return [
        {
            "role": role,
            "kind": "organisation" if _ORGANISATION.search(name) else "person",
            "name": _ORGANISATION.sub("", name),
        }
        for name in names
    ]


def _settlements(dispute: Dispute) -> tuple[AgreementState, ...]:
    """The agreements of the row: all that took effect and still stand, or else the last that took effect."""
    took_effect = tuple(item for item in dispute.agreements if item.effective_on is not None)
    return tuple(item for item in took_effect if item.in_effect) or took_effect[-1:]


def _terms(settlements: tuple[AgreementState, ...]) -> tuple[Term, ...]:
    return tuple(term for item in settlements for term in item.draft.terms)


def _obligations(settlements: tuple[AgreementState, ...]) -> str | None:
    return BETWEEN.join(_shown(term.obligation) for term in _terms(settlements)) or None


def _amount(settlements: tuple[AgreementState, ...]) -> int | None:
    amounts = [term.amount_fen for term in _terms(settlements) if term.amount_fen is not None]
    return sum(amounts) if amounts else None


def _last_due(settlements: tuple[AgreementState, ...]) -> date | None:
    return max((term.due_on for term in _terms(settlements) if term.due_on is not None), default=None)


def _imported_agreement(row: ImportedRow) -> dict[str, object] | None:
    """Put all that was agreed into one term: the first respondent owes it to the first applicant."""
    if row.agreed_on is None:
        return None
    term = {
        "debtor": f"p{len(row.applicants) + 1}",
        "creditor": "p1",
        "obligation": row.obligations or row.title,
        "amount_fen": row.agreed_fen,
        "due_on": row.due_on,
    }
    return {"form": row.agreement_form, "terms": [term], "effective_on": row.agreed_on}
