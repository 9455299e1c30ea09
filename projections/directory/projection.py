"""The directory: units, platforms, and the mediators who serve there."""

from typing import Final

from domain.events.envelope import Event, Recorded
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.events.unit import UnitEstablished, UnitRenamed
from projections.directory.tables import MEDIATORS, PLATFORMS, UNITS
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
        case MediatorAppointed():
            name = event.name if isinstance(event.name, str) else ""
            term = (event.kind, event.appointed_on, event.term_ends_on)
            return MEDIATORS, (event.unit, event.mediator, name, *term)
        case MediatorDismissed():
            return MEDIATORS, (event.unit, event.mediator)
        case _:
            return None


DIRECTORY: Final = EventRows((UNITS, PLATFORMS, MEDIATORS), ("unit.", "platform."), row_of)
