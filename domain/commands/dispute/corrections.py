"""Correcting the record of a session: one person proposes, a second one decides (rule 12)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.commands.base import Command, DisputeCommand, Verdict
from domain.commands.dispute.retractions import ProposalWithdrawal
from domain.commands.dispute.sessions import (
    AttendanceList,
    mediators_in,
    parties_in,
    path_of_mediator,
    seats_in,
)
from domain.vocabulary import Key, LongText, Moment, PartyId, PersonKey, PositiveInt, SessionOutcome

SessionNumber = Annotated[PositiveInt, Field(description="the session's number in this case")]


class Correction(Command):
    """How the session really was; what is left out stays. Minutes alone need no second person."""

    WHEN: ClassVar[tuple[str, ...]] = ("occurred_at", "held_at")

    outcome: SessionOutcome | None = None
    held_at: Moment | None = None
    attendance: AttendanceList | None = None
    minutes: LongText | None = None
    reason: LongText
    occurred_at: Moment

    @property
    def concerns_minutes_alone(self) -> bool:
        """Whether nothing but the wording of the minutes is to change."""
        return self.outcome is None and self.held_at is None and self.attendance is None

    @property
    def is_official_act(self) -> bool:
        """Whether it proposes something: minutes alone are put right without a proposal."""
        return not self.concerns_minutes_alone

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.concerns_minutes_alone and self.minutes is None:
            raise ValueError("say what is to be corrected")
        return self

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return those who are said to have attended as mediators."""
        return mediators_in(self.attendance or ())

    def path_of_mediator(self, mediator: str) -> str:
        """Return where a mediator stands."""
        return path_of_mediator(self.attendance or (), mediator)

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the parties who are said to have been called."""
        return parties_in(self.attendance or ())

    def seats_named(self) -> Iterator[tuple[str, Key]]:
        """Yield the seats for which somebody is said to have been called."""
        return seats_in(self.attendance or ())


class CorrectSession(DisputeCommand, Correction):
    """Propose to correct a session; a correction of the minutes alone is in effect at once (rule 12)."""

    session: SessionNumber


class ApproveCorrection(DisputeCommand, Verdict):
    """Approve a proposed correction, as a second person; what rested on the wrong record follows."""

    session: SessionNumber


class RejectCorrection(DisputeCommand, Verdict):
    """Reject a proposed correction, as a second person."""

    session: SessionNumber


class WithdrawCorrection(DisputeCommand, ProposalWithdrawal):
    """Take back one's own proposal of a correction."""

    session: SessionNumber
