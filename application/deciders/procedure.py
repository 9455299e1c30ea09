"""Procedures: proposed by one person, decided on by another; the system alone publishes at once.

The version that callers name and receive is the procedure's own version, not the number of its events.
"""

from typing import Final

from application.context import Permit
from application.deciders.decider import Decider, Decision, DecisionInputs
from application.ports import Reply
from application.stream_cache import StreamKind, StreamRef, by_event
from domain.aggregates import procedure as procedures
from domain.aggregates.procedure import Procedure
from domain.commands.procedure import ApproveProcedure, ProposeProcedure, PublishProcedure, RejectProcedure
from domain.events.procedure import ProcedureEvent, ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.events.streams import procedure_stream

ProcedureCommand = PublishProcedure | ProposeProcedure | ApproveProcedure | RejectProcedure
PROCEDURES: Final = StreamKind(
    "procedure",
    procedure_stream,
    by_event(procedures.evolve),
    (ProcedureProposed, ProcedurePublished, ProcedureRejected),
)


def _id(command: ProcedureCommand) -> str:
    return command.procedure if isinstance(command, ApproveProcedure | RejectProcedure) else command.ladder.id


def _stream(command: ProcedureCommand) -> StreamRef:
    return PROCEDURES.ref(_id(command))


def _check(command: ProcedureCommand, inputs: DecisionInputs, permit: Permit) -> None:
    """Refuse a decision on a version that does not exist; raises UnknownProcedureVersion."""
    if isinstance(command, ApproveProcedure | RejectProcedure):
        procedures.find(command, inputs.states.get(PROCEDURES, command.procedure))
    permit(None)


def _latest(command: ProcedureCommand, inputs: DecisionInputs) -> int:
    present = inputs.states.get(PROCEDURES, _id(command))
    return present.latest if present else 0


def _decide(command: ProcedureCommand, inputs: DecisionInputs) -> Decision:
    present = inputs.states.get(PROCEDURES, _id(command))
    facts = procedures.decide(command, present, inputs.actor, inputs.now)
    numbers = (fact.event.version for fact in facts if isinstance(fact.event, ProcedureEvent))
    version = next(numbers, _unchanged(command, present))
    return Decision(
        facts, Reply(id=_id(command), version=version, events=tuple(fact.event.TOPIC for fact in facts))
    )


def _unchanged(command: ProcedureCommand, present: Procedure | None) -> int:
    """The version in which the ladder stands already, where nothing had to be recorded."""
    match command:
        case PublishProcedure():
            return present.in_force.version if present and present.versions else 0
        case ProposeProcedure():
            return (present and present.version_of(command.ladder)) or 0
        case ApproveProcedure() | RejectProcedure():
            return command.version


DECIDER: Final[Decider[ProcedureCommand]] = Decider(
    commands=(PublishProcedure, ProposeProcedure, ApproveProcedure, RejectProcedure),
    events=PROCEDURES.events,
    stream=_stream,
    check=_check,
    decide=_decide,
    expected_version=_latest,
)
