"""Every command to a dispute. This list is the whole of it."""

from domain.commands.dispute.acceptance import AcceptDispute, ReturnDispute
from domain.commands.dispute.advice import GiveOpinion
from domain.commands.dispute.ending import RefuseMediation, TerminateMediation, WithdrawDispute
from domain.commands.dispute.filing import DeclineDispute, FileDispute
from domain.commands.dispute.sessions import RecordSession

ExistingDisputeCommand = (
    DeclineDispute
    | AcceptDispute
    | ReturnDispute
    | RecordSession
    | GiveOpinion
    | RefuseMediation
    | WithdrawDispute
    | TerminateMediation
)
AnyDisputeCommand = FileDispute | ExistingDisputeCommand

__all__ = [
    "AcceptDispute",
    "AnyDisputeCommand",
    "DeclineDispute",
    "ExistingDisputeCommand",
    "FileDispute",
    "GiveOpinion",
    "RecordSession",
    "RefuseMediation",
    "ReturnDispute",
    "TerminateMediation",
    "WithdrawDispute",
]
