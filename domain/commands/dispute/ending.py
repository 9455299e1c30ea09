"""Ending mediation."""

from collections.abc import Iterator
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Moment, PartyId, ShortText

StatementScope = Annotated[
    Literal["case", "self"],
    Field(description="`case` ends mediation; with `self` the party leaves and the others go on"),
]


class PartyStatement(Command):
    """What a party declared: that it refuses mediation. It speaks for the case, or for itself alone (rule 21)."""

    party: PartyId
    scope: StatementScope = "case"
    occurred_at: Moment
    note: LongText | None = None

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the party that declared it."""
        yield "party", self.party


class RefuseMediation(DisputeCommand, PartyStatement):
    """Record that a party refuses mediation, which ends it at once (PML 17, 26), or that it leaves alone (rule 21)."""


class Withdrawal(PartyStatement):
    """What an applicant declared: that it withdraws, and whether the matter was settled without the platform (rule 22)."""

    settled: Annotated[bool, Field(description="the parties settled by themselves")] = False


class WithdrawDispute(DisputeCommand, Withdrawal):
    """Record that an applicant withdraws the case, or that it leaves alone (rule 21)."""


class Termination(Command):
    """Why the platform ends mediation without an agreement."""

    reason: LongText
    occurred_at: Moment


class TerminateMediation(DisputeCommand, Termination):
    """End mediation without an agreement (PML 26)."""


class Handover(Command):
    """To whom the dispute is handed, and why."""

    to: ShortText
    reason: LongText
    occurred_at: Moment


class TransferDispute(DisputeCommand, Handover):
    """Transfer the dispute to another body; the case is closed and not reopened."""


class Closure(Command):
    """Why the case is closed: its agreement was not wholly performed, or the dispute has another case (rule 22)."""

    duplicate_of: Annotated[
        UUID | None, Field(description="the case that the dispute already has; this one is a duplicate")
    ] = None
    reason: LongText
    occurred_at: Moment

    def cases_named(self) -> tuple[UUID, ...]:
        """Return the other case, where one is named."""
        return () if self.duplicate_of is None else (self.duplicate_of,)


class CloseUnperformed(DisputeCommand, Closure):
    """Close a case whose agreement was not wholly performed, or one that is a duplicate and not agreed."""
