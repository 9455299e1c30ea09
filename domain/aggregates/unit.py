"""A unit of the jurisdiction tree."""

from dataclasses import dataclass
from datetime import datetime

from domain.commands.unit import DescribeUnit
from domain.errors import UnitMisplaced
from domain.events.envelope import Fact
from domain.events.unit import UnitEstablished, UnitEvent, UnitRenamed
from domain.jurisdiction.units import parent_of
from domain.messages import message


@dataclass(frozen=True, slots=True)
class Unit:
    """What decisions need to know of a unit."""

    title: str
    kind: str
    version: int


def evolve(unit: Unit | None, event: UnitEvent) -> Unit:
    """Fold one fact into the unit."""
    return Unit(event.title, event.kind, version=unit.version + 1 if unit else 1)


def decide(command: DescribeUnit, unit: Unit | None, now: datetime) -> tuple[Fact, ...]:
    """Return the facts that bring the unit to its description; none when it is so already."""
    parent = parent_of(command.unit)
    if command.parent is not None and command.parent != parent:
        raise UnitMisplaced(
            message(
                "the id {unit} spells another parent than {parent}", unit=command.unit, parent=command.parent
            ),
            field="parent",
        )
    if unit is not None and (unit.title, unit.kind) == (command.title, command.kind):
        return ()
    event = UnitEstablished if unit is None else UnitRenamed
    return (Fact(event(unit=command.unit, title=command.title, kind=command.kind, occurred_at=now)),)
