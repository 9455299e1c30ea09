"""Which facts a command to a dispute brings about. Pure: the same command, state and world, the same facts."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from domain.aggregates.dispute.acceptance import decide_accept, decide_return
from domain.aggregates.dispute.advice import decide_give_opinion
from domain.aggregates.dispute.ending import decide_refuse, decide_terminate, decide_withdraw
from domain.aggregates.dispute.filing import decide_decline, decide_file
from domain.aggregates.dispute.guards import party_of
from domain.aggregates.dispute.sessions import check_attendance, decide_record_session
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.base import Command
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    DeclineDispute,
    ExistingDisputeCommand,
    FileDispute,
    GiveOpinion,
    RecordSession,
    RefuseMediation,
    ReturnDispute,
    TerminateMediation,
    WithdrawDispute,
)
from domain.errors import AlreadyFiled, TimeInFuture, UnknownDispute
from domain.events.envelope import Fact
from domain.messages import message

FORWARD: Final = timedelta(minutes=5)
"""How far ahead of the system's clock a person's clock may run (rule 13)."""


def check_times(command: Command, now: datetime) -> None:
    """Find a time that lies in the future; raises TimeInFuture."""
    for field, moment in command.moments():
        if moment > now + FORWARD:
            raise TimeInFuture(message("what has not happened yet cannot be recorded"), field=field)


def check(command: ExistingDisputeCommand, dispute: Dispute) -> None:
    """Find parties that the command names and the case does not have; raises UnknownParty."""
    match command:
        case RecordSession():
            check_attendance(command, dispute)
        case RefuseMediation() | WithdrawDispute():
            party_of(dispute, command.party, field="party")
        case _:
            pass


def decide(command: AnyDisputeCommand, dispute: Dispute | None, world: World) -> tuple[Fact, ...]:
    """Return the facts that the command brings about, or raise the `DomainError` that says why not."""
    if isinstance(command, FileDispute):
        if dispute is not None:
            raise AlreadyFiled(message("a case with this id exists already"))
        return decide_file(command, world)
    if dispute is None:
        raise UnknownDispute(message("there is no such case"))
    return _decide_existing(command, dispute, world)


def _decide_existing(  # noqa: PLR0911 - one arm a command
    command: ExistingDisputeCommand, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    match command:
        case DeclineDispute():
            return decide_decline(command, dispute)
        case AcceptDispute():
            return decide_accept(command, dispute, world)
        case ReturnDispute():
            return decide_return(command, dispute, world)
        case RecordSession():
            return decide_record_session(command, dispute, world)
        case GiveOpinion():
            return decide_give_opinion(command, dispute)
        case RefuseMediation():
            return decide_refuse(command, dispute)
        case WithdrawDispute():
            return decide_withdraw(command, dispute)
        case TerminateMediation():
            return decide_terminate(command, dispute)
        case _:
            assert_never(command)
