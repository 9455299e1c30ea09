"""Importing a case from before the system (rule 17)."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from domain.commands.base import DisputeCommand
from domain.commands.dispute.agreement import TermGiven
from domain.commands.dispute.filing import Filing
from domain.errors.documents import FieldFlaws, Flaw
from domain.events.dispute.agreement import Form
from domain.messages import message
from domain.vocabulary import Day, Moment, Outcome, ShortText, Status, Value, day_of, limits, start_of

AGREED = frozenset({Outcome.PERFORMED, Outcome.AGREED_UNPERFORMED})
"""Outcomes that rest on an agreement."""


class ImportedAgreementDetails(Value):
    """What the parties had agreed. Parties without an id are `p1`, `p2` … in the order given."""

    form: Form
    terms: Annotated[tuple[TermGiven, ...], Field(min_length=1, max_length=limits.TERMS)]
    effective_on: Day


class ImportedCaseDetails(Filing):
    """A case from before the system: its old number, who mediated, how often it was heard, and how it stands.

    With an outcome and the day it is closed; with an agreement alone it is agreed; otherwise it is open, at its tier
    or waiting there, as is a case that was `resumed` after its agreement.
    """

    WHEN: ClassVar[tuple[str, ...]] = ("occurred_at", "accepted_at", "closed_at")

    number: ShortText
    accepted_at: Moment
    mediators: Annotated[tuple[ShortText, ...], Field(max_length=limits.MEDIATORS)] = ()
    sessions: Annotated[int, Field(strict=True, ge=0, le=limits.IMPORTED_SESSIONS)] = 0
    agreement: ImportedAgreementDetails | None = None
    waiting: Annotated[bool, Field(description="moved up and not yet accepted there")] = False
    resumed: Annotated[bool, Field(description="mediated again after the agreement")] = False
    outcome: Outcome | None = None
    closed_at: Moment | None = None

    @field_validator("referred_by")
    @classmethod
    def _goes_with_a_referral(
        cls, referred_by: ShortText | None, _: ValidationInfo[object]
    ) -> ShortText | None:
        return referred_by  # paper does not always say

    @property
    def status(self) -> Status:
        """How the case stands."""
        if self.outcome is not None:
            return Status.CLOSED
        if self.agreement is not None and not self.resumed:
            return Status.AGREED
        return Status.ESCALATED if self.waiting else Status.ACCEPTED

    def moments(self) -> Iterator[tuple[str, datetime]]:
        """Yield each time that was given, that of the agreement too."""
        yield from super().moments()
        if self.agreement is not None:
            yield "agreement.effective_on", start_of(self.agreement.effective_on)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.outcome is None) != (self.closed_at is None):
            raise ValueError("an outcome and the day of closing go together")
        if self.outcome is Outcome.DECLINED:
            raise ValueError("a case that has a number was not declined")
        if self.outcome is Outcome.DUPLICATE:
            raise ValueError("a duplicate is closed in the system, where its other case is known")
        if self.outcome in AGREED and self.agreement is None:
            raise ValueError("this outcome rests on an agreement, of which nothing is said")
        if self.waiting and self.status is not Status.ESCALATED:
            raise ValueError("a case that waits for acceptance has neither an agreement nor an outcome")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for (_, earlier), (field, later) in pairwise(self._days()):
            if later < earlier:
                sentence = message("filing, acceptance, agreement and closing follow each other by day")
                raise FieldFlaws(Flaw((field,), sentence))
        return self

    def _days(self) -> Iterator[tuple[str, date]]:
        yield "occurred_at", day_of(self.occurred_at)
        yield "accepted_at", day_of(self.accepted_at)
        if self.agreement is not None:
            yield "agreement", self.agreement.effective_on
        if self.closed_at is not None:
            yield "closed_at", day_of(self.closed_at)


class ImportDispute(DisputeCommand, ImportedCaseDetails):
    """Bring in a case from before the system; no rule fires and nothing is due in it (rule 17)."""
