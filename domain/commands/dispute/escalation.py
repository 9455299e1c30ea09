"""Lifting a dispute past its tier: one official proposes, a second one decides (rule 7)."""

from typing import Annotated

from pydantic import Field

from domain.commands.base import Command, DisputeCommand, Verdict
from domain.commands.dispute.retractions import ProposalWithdrawal
from domain.events.dispute.escalation import BypassCause
from domain.vocabulary import Key, LongText, Moment


class BypassDetails(Command):
    """Why the dispute should go up at once, and how far."""

    grounds: BypassCause
    to: Annotated[Key | None, Field(description="the tier to go to; the next one when left out")] = None
    reason: LongText
    occurred_at: Moment

    @property
    def is_official_act(self) -> bool:
        """Whether it proposes: it does."""
        return True


class ProposeEscalation(DisputeCommand, BypassDetails):
    """Propose to lift the dispute to a higher tier before any count is reached."""


class ApproveEscalation(DisputeCommand, Verdict):
    """Approve the proposed escalation, as a second person."""


class RejectEscalation(DisputeCommand, Verdict):
    """Reject the proposed escalation, as a second person."""


class WithdrawEscalation(DisputeCommand, ProposalWithdrawal):
    """Take back one's own proposal to lift the dispute."""
