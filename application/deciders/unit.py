"""Units of the jurisdiction tree."""

from collections.abc import Iterable
from typing import Final

from application.context import Permit
from application.deciders.decider import Decider, Decision, DecisionInputs, decided, version_of
from application.stream_cache import StreamKind, StreamRef, StreamStates, by_event
from domain.aggregates import unit
from domain.commands.unit import DescribeUnit
from domain.errors import UnknownUnit
from domain.events.streams import unit_stream
from domain.events.unit import UnitEstablished, UnitRenamed
from domain.jurisdiction.units import parent_of
from domain.messages import message

UNITS: Final = StreamKind("unit", unit_stream, by_event(unit.evolve), (UnitEstablished, UnitRenamed))


def _stream(command: DescribeUnit) -> StreamRef:
    return UNITS.ref(command.unit)


def _needs(command: DescribeUnit, _: StreamStates) -> Iterable[StreamRef]:
    parent = parent_of(command.unit)
    return (UNITS.ref(parent),) if parent else ()


def _check(command: DescribeUnit, inputs: DecisionInputs, permit: Permit) -> None:
    """Refuse a unit whose parent does not exist; raises UnknownUnit."""
    parent = parent_of(command.unit)
    if parent and inputs.states.get(UNITS, parent) is None:
        raise UnknownUnit(message("there is no unit {unit}", unit=parent), field="parent")
    permit(None)


def _decide(command: DescribeUnit, inputs: DecisionInputs) -> Decision:
    present = inputs.states.get(UNITS, command.unit)
    return decided(command.unit, _stream(command), unit.decide(command, present, inputs.now), inputs)


DECIDER: Final[Decider[DescribeUnit]] = Decider(
    commands=(DescribeUnit,),
    events=UNITS.events,
    stream=_stream,
    needs=_needs,
    check=_check,
    decide=_decide,
    expected_version=version_of(_stream),
)
