"""Accepting a dispute at a tier, and returning it to the tier below."""

from typing import Annotated

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Moment, PersonKey, limits


class Acceptance(Command):
    """Who will mediate, and whether the parties chose them (PML 19)."""

    mediators: Annotated[tuple[PersonKey, ...], Field(min_length=1, max_length=limits.MEDIATORS)]
    chosen_by_parties: bool = False
    occurred_at: Moment

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the mediators to be assigned."""
        return self.mediators


class AcceptDispute(DisputeCommand, Acceptance):
    """Accept a dispute at the tier where it waits."""


class ReturnDetails(Command):
    """Why the tier sends the dispute back."""

    reason: LongText
    occurred_at: Moment


class ReturnDispute(DisputeCommand, ReturnDetails):
    """Send an escalated dispute back to the tier it came from (rule 6)."""
