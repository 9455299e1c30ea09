"""A case from before the system is imported (rule 17)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.events.dispute.agreement import Form, Term
from domain.events.dispute.filing import Filed
from domain.events.envelope import Event
from domain.vocabulary import NamedFreely, Outcome, RecordedMoment, RecordedText, Status, Value


class ImportedAgreement(Value):
    """An agreement that took effect before the system knew of it."""

    form: Form
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    effective_on: date


class Imported(Event):
    """A case from before the system was brought in as it stood: no rule looks at it, its old number stays (rule 17).

    `sessions` is how many were held; the papers do not list them. `occurred_at` is the latest time on the papers.
    """

    TOPIC: ClassVar[str] = "dispute.imported.v1"

    filed: Filed
    number: RecordedText
    mediators: tuple[NamedFreely, ...]
    accepted_at: RecordedMoment
    sessions: Annotated[int, Field(ge=0)]
    agreement: ImportedAgreement | None
    status: Status
    outcome: Outcome | None
    closed_at: RecordedMoment | None
    occurred_at: RecordedMoment
