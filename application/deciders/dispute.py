"""Disputes: what a decision on one needs to know, and the reply with its reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, cast, get_args
from uuid import UUID

from access.decision import must_include
from access.scope import Scope
from application.context import Permit
from application.deciders.calendar import CALENDARS, calendar_of
from application.deciders.case_numbers import next_numbers, register_key
from application.deciders.decider import Decider, Decision, DecisionInputs, own_facts
from application.deciders.platform import MEDIATORS, PLATFORMS
from application.deciders.procedure import PROCEDURES
from application.deciders.register import REGISTERS
from application.deciders.unit import UNITS
from application.ports import Reply
from application.stream_cache import Explained, StreamKind, StreamRef, StreamStates
from domain.aggregates import dispute as disputes
from domain.aggregates.dispute import Dispute, World, replay
from domain.aggregates.dispute.deadlines import calendar_years
from domain.aggregates.dispute.evolve import Explained as ExplainedFact
from domain.aggregates.dispute.notices import notices
from domain.aggregates.procedure import Procedure
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    ApproveRetraction,
    ExpireTimeLimit,
    ExtendTime,
    MigrateDispute,
    OpeningCommand,
    ProposeRetraction,
    RequestConfirmation,
)
from domain.errors import (
    UnknownDispute,
    UnknownMediator,
    UnknownOtherCase,
    UnknownProcedure,
    UnknownUnit,
)
from domain.events.dispute import DisputeEvent, FactRetracted, Filed, Imported
from domain.events.envelope import Event, Fact, Recorded
from domain.jurisdiction.units import with_ancestors
from domain.messages import message

History = tuple[Recorded[DisputeEvent], ...]
DEFAULT_PROCEDURE: Final = "three-tier"
_DECIDED_BY_HISTORY: Final = (ProposeRetraction, ApproveRetraction)
_DECIDED_BY_WORKING_DAYS: Final = (ExtendTime, RequestConfirmation, ExpireTimeLimit, MigrateDispute)


def _own_id(dispute: UUID) -> UUID:
    return dispute


def _evolve(dispute: Dispute | None, fact: Explained) -> Dispute | None:
    """Fold a fact; nothing comes of a stream that is not a dispute's."""
    event = cast("DisputeEvent", fact.event)
    if dispute is None and not isinstance(event, Filed | Imported):
        return None
    return disputes.evolve(dispute, event, fact.because, fact.recorded_at)


def _replay(history: Iterable[Explained]) -> Dispute | None:
    return replay(cast("tuple[ExplainedFact, ...]", tuple(history)))


def _takes_back(facts: Iterable[Explained]) -> bool:
    return any(isinstance(fact.event, FactRetracted) for fact in facts)


def _appended(history: History | None, fact: Explained) -> History:
    return (*(history or ()), cast("Recorded[DisputeEvent]", fact))


DISPUTES: Final = StreamKind(
    "dispute",
    _own_id,
    _evolve,
    get_args(DisputeEvent),
    capacity=5_000,
    reference=False,
    replay=_replay,
    is_whole=_takes_back,
)
"""Some 35 MB of a process, with disputes of 10 to 20 events."""


HISTORIES: Final = StreamKind("history", _own_id, _appended, (), capacity=500, reference=False)
"""All facts of a dispute, for whoever reads it and for the few decisions that ask what rests on which; some 40 MB."""


def _stream(command: AnyDisputeCommand) -> StreamRef:
    return DISPUTES.ref(command.dispute)


def _needs(command: AnyDisputeCommand, states: StreamStates) -> list[StreamRef]:
    dispute = states.get(DISPUTES, command.dispute)
    needed = [MEDIATORS.ref(mediator) for mediator in command.mediators_named()]
    needed += [UNITS.ref(unit) for _, unit in command.units_named()]
    needed += [DISPUTES.ref(other) for other in command.cases_named()]
    needed += [PLATFORMS.ref(unit) for unit in _units_around(command, dispute)]
    needed += [PROCEDURES.ref(procedure) for procedure in _procedure_id(command, dispute)]
    if dispute and isinstance(command, _DECIDED_BY_WORKING_DAYS):
        needed += [CALENDARS.ref(year) for year in calendar_years(dispute)]
    if dispute and isinstance(command, AcceptDispute):
        needed += [REGISTERS.ref(key) for key in register_key(command, dispute, states)]
        needed += [DISPUTES.ref(case) for _, case in next_numbers(command, dispute, states, DISPUTES)]
    if dispute and dispute.duplicate_of and isinstance(command, ApproveRetraction):
        needed.append(DISPUTES.ref(dispute.duplicate_of))
    if isinstance(command, _DECIDED_BY_HISTORY):
        needed.append(HISTORIES.ref(command.dispute))
    return needed


def _check(command: AnyDisputeCommand, inputs: DecisionInputs, permit: Permit) -> None:
    """Refuse unknown names, a missing dispute, session or term, a forbidden act, and parties of another dispute.

    Raises UnknownMediator, UnknownUnit, UnknownOtherCase, UnknownProcedure, UnknownDispute, UnknownSession, UnknownTerm,
    UnknownParty, UnknownSeat, UnknownGroup.
    """
    _check_mediators(command, inputs.states)
    _check_units(command, inputs.states)
    _check_cases(command, inputs)
    dispute = inputs.states.get(DISPUTES, command.dispute)
    if isinstance(command, OpeningCommand):
        _check_procedure(command, dispute, inputs.states)
        permit(None)
        return
    if dispute is None:
        raise UnknownDispute(message("there is no such case"))
    if not isinstance(command, MigrateDispute):  # whoever moves cases to another version moves all of them
        must_include(Scope.of(inputs.actor), dispute)
    disputes.find(command, dispute)
    permit(dispute)
    disputes.check(command, dispute)
    disputes.check_panel_names(command, lambda: _world(command, dispute, inputs))


def _decide(command: AnyDisputeCommand, inputs: DecisionInputs) -> Decision:
    dispute = inputs.states.get(DISPUTES, command.dispute)
    world = _world(command, dispute, inputs)
    facts = disputes.decide(command, dispute, world)
    own = own_facts(facts, _stream(command))
    after = _after(own, dispute, world)
    if after is None:
        raise UnknownDispute(message("there is no such case"))
    reply = Reply(
        id=str(command.dispute),
        version=after.version,
        status=after.status,
        tier=after.tier,
        events=tuple(fact.event.TOPIC for fact in own),
    )
    return Decision(facts, _with_reasons(reply, own, after, world), after.recorded)


def _after(own: tuple[Fact, ...], dispute: Dispute | None, world: World) -> Dispute | None:
    """Return the dispute with the facts decided on; folded from its beginning where one is taken back."""
    if _takes_back(own):
        return _replay((*world.history, *own))
    for fact in own:
        dispute = _evolve(dispute, fact)
    return dispute


def _repeat(
    command: AnyDisputeCommand, inputs: DecisionInputs, reply: Reply, history: Sequence[Recorded[Event]]
) -> Reply:
    """Tell again the reasons that follow from the command's events."""
    until = tuple(recorded for recorded in history if recorded.version <= reply.version)
    own = until[len(until) - len(reply.events) :]
    world = _world(command, inputs.states.get(DISPUTES, command.dispute), inputs)
    after = replay(cast("tuple[ExplainedFact, ...]", until))
    return _with_reasons(
        reply, tuple(Fact(recorded.event, recorded.because) for recorded in own), after, world
    )


def _with_reasons(reply: Reply, facts: tuple[Fact, ...], after: Dispute | None, world: World) -> Reply:
    """Complete a reply with what the sender should notice, and with what rules did and why."""
    noticed = notices(facts, after, world) if after else ()
    caused = tuple(dict.fromkeys(fact.because for fact in facts if fact.because))
    if not noticed and not caused:
        return reply
    return reply.model_copy(
        update={"notices": noticed or None, "caused": caused or None, "titles": world.ladder.titles}
    )


def _world(command: AnyDisputeCommand, dispute: Dispute | None, inputs: DecisionInputs) -> World:
    """Return what surrounds the dispute, as the decision needs it; raises UnknownProcedure."""
    states = inputs.states
    procedure = _procedure(command, dispute, states)
    if procedure is None or not procedure.versions:
        raise UnknownProcedure(message("the procedure of this case is not in the log"))
    ref = dispute.procedure if dispute else procedure.in_force
    platforms = states.all(PLATFORMS, _units_around(command, dispute))
    world = World(inputs.now, inputs.actor, ref, procedure.versions[ref.version], platforms)
    if world.varies:
        world = world.on(command.happened_on(inputs.now))
    if others := command.cases_named():
        return replace(world, other=states.get(DISPUTES, others[0]))
    if dispute and isinstance(command, AcceptDispute):
        numbers = next_numbers(command, dispute, states, DISPUTES)
        taken = tuple(n for n, case in numbers if states.get(DISPUTES, case) is not None)
        registers = states.all(REGISTERS, register_key(command, dispute, states))
        return replace(world, registers=registers, taken=taken)
    if isinstance(command, _DECIDED_BY_HISTORY):
        return replace(world, history=states.get(HISTORIES, command.dispute) or ())
    if isinstance(command, MigrateDispute):
        world = replace(world, target=procedure.versions.get(command.to_version))
    if dispute and isinstance(command, _DECIDED_BY_WORKING_DAYS):
        return replace(world, calendar=calendar_of(states, calendar_years(dispute)))
    return world


def _procedure(command: AnyDisputeCommand, dispute: Dispute | None, states: StreamStates) -> Procedure | None:
    return next(iter(states.all(PROCEDURES, _procedure_id(command, dispute)).values()), None)


def _procedure_id(command: AnyDisputeCommand, dispute: Dispute | None) -> tuple[str, ...]:
    if dispute:
        return (dispute.procedure.id,)
    return (command.procedure or DEFAULT_PROCEDURE,) if isinstance(command, OpeningCommand) else ()


def _units_named(command: AnyDisputeCommand) -> tuple[str, ...]:
    return (command.unit, *command.co_units) if isinstance(command, OpeningCommand) else ()


def _units_around(command: AnyDisputeCommand, dispute: Dispute | None) -> tuple[str, ...]:
    """The dispute's units and those above them."""
    named = _units_named(command) if dispute is None else (dispute.filed.unit, *dispute.filed.co_units)
    if len(named) == 1:
        return with_ancestors(named[0])
    return tuple(dict.fromkeys(above for unit in named for above in with_ancestors(unit)))


def _check_mediators(command: AnyDisputeCommand, states: StreamStates) -> None:
    for mediator in command.mediators_named():
        if states.get(MEDIATORS, mediator) is None:
            raise UnknownMediator(
                message("nobody with the id {mediator} is a mediator anywhere", mediator=mediator),
                field=command.path_of_mediator(mediator),
            )


def _check_units(command: AnyDisputeCommand, states: StreamStates) -> None:
    for field, unit in command.units_named():
        if states.get(UNITS, unit) is None:
            raise UnknownUnit(message("there is no unit {unit}", unit=unit), field=field)


def _check_cases(command: AnyDisputeCommand, inputs: DecisionInputs) -> None:
    scope = Scope.of(inputs.actor)
    for other in command.cases_named():
        if other == command.dispute:
            raise UnknownOtherCase(message("a case is no duplicate of itself"), field="duplicate_of")
        known = inputs.states.get(DISPUTES, other)
        if known is None or not scope.includes(known):
            raise UnknownOtherCase(
                message("there is no other case {dispute}", dispute=str(other)), field="duplicate_of"
            )


def _check_procedure(command: OpeningCommand, dispute: Dispute | None, states: StreamStates) -> None:
    procedure = _procedure(command, dispute, states)
    if procedure is None or not procedure.versions:
        name = command.procedure or DEFAULT_PROCEDURE
        raise UnknownProcedure(
            message("no procedure {procedure} is in force", procedure=name), field="procedure"
        )


DECIDER: Final[Decider[AnyDisputeCommand]] = Decider(
    commands=get_args(AnyDisputeCommand),
    events=(*DISPUTES.events, *REGISTERS.events),
    stream=_stream,
    needs=_needs,
    check=_check,
    decide=_decide,
    repeat=_repeat,
    expected_version=lambda command, inputs: inputs.states.version(_stream(command)) or None,
)
