"""Every command to a dispute. This list is the whole of it."""

from domain.commands.dispute.acceptance import AcceptDispute, ReturnDispute
from domain.commands.dispute.aftercare import FollowUp, ReopenDispute
from domain.commands.dispute.agreement import (
    ChangeAgreement,
    ReachAgreement,
    RescindAgreement,
    SignAgreement,
)
from domain.commands.dispute.appointments import CancelAppointment, MakeAppointment, MoveAppointment
from domain.commands.dispute.confirmation import DecideConfirmation, RequestConfirmation
from domain.commands.dispute.corrections import (
    ApproveCorrection,
    CorrectSession,
    RejectCorrection,
    WithdrawCorrection,
)
from domain.commands.dispute.ending import (
    CloseUnperformed,
    RefuseMediation,
    TerminateMediation,
    TransferDispute,
    WithdrawDispute,
)
from domain.commands.dispute.escalation import (
    ApproveEscalation,
    ProposeEscalation,
    RejectEscalation,
    WithdrawEscalation,
)
from domain.commands.dispute.filing import DeclineDispute, FileDispute
from domain.commands.dispute.handling import ExtendTime, ReplaceMediators
from domain.commands.dispute.imported import ImportDispute
from domain.commands.dispute.parties import AddParty, AmendParty
from domain.commands.dispute.performance import BreachTerm, PerformTerm, SuperviseTerm
from domain.commands.dispute.procedure import ExpireTimeLimit, MigrateDispute
from domain.commands.dispute.records import AddAttachment, AssessRisk, GiveOpinion, ReportToPolice
from domain.commands.dispute.retractions import (
    ApproveRetraction,
    ProposeRetraction,
    RejectRetraction,
    WithdrawRetraction,
)
from domain.commands.dispute.sessions import RecordSession

ExistingDisputeCommand = (
    DeclineDispute
    | AcceptDispute
    | ReturnDispute
    | ReplaceMediators
    | ExtendTime
    | AddParty
    | AmendParty
    | MakeAppointment
    | MoveAppointment
    | CancelAppointment
    | RecordSession
    | CorrectSession
    | ApproveCorrection
    | RejectCorrection
    | WithdrawCorrection
    | ProposeRetraction
    | ApproveRetraction
    | RejectRetraction
    | WithdrawRetraction
    | ProposeEscalation
    | ApproveEscalation
    | RejectEscalation
    | WithdrawEscalation
    | AssessRisk
    | ReportToPolice
    | GiveOpinion
    | AddAttachment
    | ReachAgreement
    | SignAgreement
    | ChangeAgreement
    | RescindAgreement
    | PerformTerm
    | BreachTerm
    | SuperviseTerm
    | RequestConfirmation
    | DecideConfirmation
    | RefuseMediation
    | WithdrawDispute
    | TerminateMediation
    | TransferDispute
    | CloseUnperformed
    | FollowUp
    | ReopenDispute
    | ExpireTimeLimit
    | MigrateDispute
)
OpeningCommand = FileDispute | ImportDispute
AnyDisputeCommand = OpeningCommand | ExistingDisputeCommand

__all__ = [
    "AcceptDispute",
    "AddAttachment",
    "AddParty",
    "AmendParty",
    "AnyDisputeCommand",
    "ApproveCorrection",
    "ApproveEscalation",
    "ApproveRetraction",
    "AssessRisk",
    "BreachTerm",
    "CancelAppointment",
    "ChangeAgreement",
    "CloseUnperformed",
    "CorrectSession",
    "DecideConfirmation",
    "DeclineDispute",
    "ExistingDisputeCommand",
    "ExpireTimeLimit",
    "ExtendTime",
    "FileDispute",
    "FollowUp",
    "GiveOpinion",
    "ImportDispute",
    "MakeAppointment",
    "MigrateDispute",
    "MoveAppointment",
    "OpeningCommand",
    "PerformTerm",
    "ProposeEscalation",
    "ProposeRetraction",
    "ReachAgreement",
    "RecordSession",
    "RefuseMediation",
    "RejectCorrection",
    "RejectEscalation",
    "RejectRetraction",
    "ReopenDispute",
    "ReplaceMediators",
    "ReportToPolice",
    "RequestConfirmation",
    "RescindAgreement",
    "ReturnDispute",
    "SignAgreement",
    "SuperviseTerm",
    "TerminateMediation",
    "TransferDispute",
    "WithdrawCorrection",
    "WithdrawDispute",
    "WithdrawEscalation",
    "WithdrawRetraction",
]
