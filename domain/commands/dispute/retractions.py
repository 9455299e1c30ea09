"""Taking back what was recorded and never happened: one person proposes, a second one decides (rule 19)."""

from typing import Annotated

from pydantic import Field

from domain.commands.base import Command, DisputeCommand, Verdict
from domain.vocabulary import LongText, Moment, PositiveInt

EventVersion = Annotated[PositiveInt, Field(description="the version of the event in this case")]


class Retraction(Command):
    """Why the fact is taken back."""

    reason: LongText
    occurred_at: Moment


class ProposalWithdrawal(Command):
    """When a proposal is taken back by whoever made it."""

    occurred_at: Moment


class ProposeRetraction(DisputeCommand, Retraction):
    """Propose to take a fact back; its recorder alone takes back a file or an appointment at once (rule 19)."""

    version: EventVersion


class ApproveRetraction(DisputeCommand, Verdict):
    """Approve a proposed retraction, as a second person; what rules caused because of the fact is undone."""

    version: EventVersion


class RejectRetraction(DisputeCommand, Verdict):
    """Reject a proposed retraction, as a second person."""

    version: EventVersion


class WithdrawRetraction(DisputeCommand, ProposalWithdrawal):
    """Take back one's own proposal of a retraction."""

    version: EventVersion
