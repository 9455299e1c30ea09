"""Ending mediation."""

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Moment, PartyId


class PartyStatement(Command):
    """What a party declared: that it refuses mediation, or that it withdraws the application."""

    party: PartyId
    occurred_at: Moment
    note: LongText | None = None


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
