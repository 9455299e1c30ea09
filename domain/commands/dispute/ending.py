"""Ending mediation."""

from collections.abc import Iterator

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Moment, PartyId, ShortText


class PartyStatement(Command):
    """What a party declared: that it refuses mediation, or that it withdraws the application."""

    party: PartyId
    occurred_at: Moment
    note: LongText | None = None

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the party that declared it."""
        yield "party", self.party


class RefuseMediation(DisputeCommand, PartyStatement):
    """Record that a party refuses mediation, which ends it at once (PML 17, 26)."""


class WithdrawDispute(DisputeCommand, PartyStatement):
    """Record that an applicant withdraws."""


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
    """Why the case is closed though not everything was performed."""

    reason: LongText
    occurred_at: Moment


class CloseUnperformed(DisputeCommand, Closure):
    """Close a case whose agreement was not wholly performed."""
