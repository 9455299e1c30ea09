"""The directory: units and platforms."""

from typing import Final

from domain.events.envelope import Event, Recorded
from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.events.unit import UnitEstablished, UnitRenamed
from projections.directory.tables import PLATFORMS, UNITS
from projections.runtime.event_rows import EventRows, RowChange


def row_of(recorded: Recorded[Event]) -> RowChange | None:
    """Return the row that an event of a unit or a platform leaves; None where it leaves none."""
    event = recorded.event
    match event:
        case UnitEstablished() | UnitRenamed():
            return UNITS, (event.unit, event.title, event.kind)
        case PlatformEstablished() | PlatformReorganised():
            columns = (event.unit, event.tier, event.title, event.number_pattern, event.convener)
            return PLATFORMS, (*columns, list(event.panel), list(event.groups))
        case _:
            return None


DIRECTORY: Final = EventRows((UNITS, PLATFORMS), ("unit.", "platform."), row_of)
