"""Which facts a command to a dispute brings about. Pure: the same command, state and world, the same facts."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.aggregates.dispute.decide import (
    acceptance,
    aftercare,
    agreement,
    appointments,
    confirmation,
    corrections,
    ending,
    escalation,
    filing,
    handling,
    parties,
    performance,
    procedure,
    records,
    retractions,
    sessions,
    signatures,
    withdrawals,
)
from domain.aggregates.dispute.guards import party_of
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands import dispute as commands
from domain.commands.base import DisputeCommand
from domain.commands.dispute import AnyDisputeCommand, ExistingDisputeCommand, OpeningCommand
from domain.errors import AlreadyFiled, UnknownDispute
from domain.events.envelope import Fact
from domain.messages import message

_Decision = Callable[..., tuple[Fact, ...]]  # type: ignore[explicit-any]  # each takes its own command
DECISIONS: Final[Mapping[type[DisputeCommand], _Decision]] = {
    commands.DeclineDispute: filing.decide_decline,
    commands.AcceptDispute: acceptance.decide_accept,
    commands.ReturnDispute: acceptance.decide_return,
    commands.ReplaceMediators: handling.decide_replace_mediators,
    commands.ExtendTime: handling.decide_extend_time,
    commands.AddParty: parties.decide_add_party,
    commands.AmendParty: parties.decide_amend_party,
    commands.MakeAppointment: appointments.decide_make_appointment,
    commands.MoveAppointment: appointments.decide_move_appointment,
    commands.CancelAppointment: appointments.decide_cancel_appointment,
    commands.RecordSession: sessions.decide_record_session,
    commands.CorrectSession: corrections.decide_correct_session,
    commands.ApproveCorrection: corrections.decide_approve_correction,
    commands.RejectCorrection: corrections.decide_reject_correction,
    commands.WithdrawCorrection: withdrawals.decide_withdraw_correction,
    commands.ProposeRetraction: retractions.decide_propose_retraction,
    commands.ApproveRetraction: retractions.decide_approve_retraction,
    commands.RejectRetraction: retractions.decide_reject_retraction,
    commands.WithdrawRetraction: withdrawals.decide_withdraw_retraction,
    commands.ProposeEscalation: escalation.decide_propose_escalation,
    commands.ApproveEscalation: escalation.decide_approve_escalation,
    commands.RejectEscalation: escalation.decide_reject_escalation,
    commands.WithdrawEscalation: withdrawals.decide_withdraw_escalation,
    commands.AssessRisk: records.decide_assess_risk,
    commands.ReportToPolice: records.decide_report_to_police,
    commands.GiveOpinion: records.decide_give_opinion,
    commands.AddAttachment: records.decide_add_attachment,
    commands.ReachAgreement: agreement.decide_reach_agreement,
    commands.SignAgreement: signatures.decide_sign_agreement,
    commands.ChangeAgreement: agreement.decide_change_agreement,
    commands.RescindAgreement: agreement.decide_rescind_agreement,
    commands.PerformTerm: performance.decide_perform_term,
    commands.BreachTerm: performance.decide_breach_term,
    commands.SuperviseTerm: performance.decide_supervise_term,
    commands.RequestConfirmation: confirmation.decide_request_confirmation,
    commands.DecideConfirmation: confirmation.decide_decide_confirmation,
    commands.RefuseMediation: ending.decide_refuse,
    commands.WithdrawDispute: ending.decide_withdraw,
    commands.TerminateMediation: ending.decide_terminate,
    commands.TransferDispute: ending.decide_transfer,
    commands.CloseUnperformed: ending.decide_close_unperformed,
    commands.FollowUp: aftercare.decide_follow_up,
    commands.ReopenDispute: aftercare.decide_reopen,
    commands.ExpireTimeLimit: procedure.decide_expire,
    commands.MigrateDispute: procedure.decide_migrate,
}
"""Every command to a dispute that was filed, and what decides it: of the command, the dispute and the world."""


def find(command: ExistingDisputeCommand, dispute: Dispute) -> None:
    """Find what the command is about; raises UnknownSession, UnknownTerm, UnknownAppointment, UnknownEvent."""
    match command:
        case (
            commands.CorrectSession()
            | commands.ApproveCorrection()
            | commands.RejectCorrection()
            | commands.WithdrawCorrection()
        ):
            corrections.session_of(dispute, command.session)
        case (
            commands.ProposeRetraction()
            | commands.ApproveRetraction()
            | commands.RejectRetraction()
            | commands.WithdrawRetraction()
        ):
            retractions.event_at(dispute, command.version)
        case commands.PerformTerm() | commands.BreachTerm() | commands.SuperviseTerm():
            performance.obligation_of(dispute, command.term)
        case commands.MoveAppointment() | commands.CancelAppointment():
            appointments.appointment_of(dispute, command.appointment)
        case _:
            pass


def check(command: ExistingDisputeCommand, dispute: Dispute) -> None:
    """Find parties that the command names and the case does not have; raises UnknownParty."""
    for field, party in command.parties_named():
        party_of(dispute, party, field=field)


def decide(command: AnyDisputeCommand, dispute: Dispute | None, world: World) -> tuple[Fact, ...]:
    """Return the facts that the command brings about, or raise the `DomainError` that says why not."""
    if isinstance(command, OpeningCommand):
        if dispute is not None:
            raise AlreadyFiled(message("a case with this id exists already"))
        return filing.decide_open(command, world)
    if dispute is None:
        raise UnknownDispute(message("there is no such case"))
    return DECISIONS[type(command)](command, dispute, world)
