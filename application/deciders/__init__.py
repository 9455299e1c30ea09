"""Every aggregate by its decider. A new aggregate is a module here and a line in `AGGREGATES`."""

from typing import Final, cast

from application.deciders import calendar, dispute, platform, procedure, register, unit
from application.deciders.decider import Decider
from application.stream_cache import AnyStreamKind
from domain.commands.base import Command
from domain.events.envelope import Event

AnyDecider = Decider[Command]
DECIDERS: Final = cast(
    "tuple[AnyDecider, ...]",
    (dispute.DECIDER, unit.DECIDER, platform.DECIDER, procedure.DECIDER, calendar.DECIDER),
)
"""What handles commands."""
STREAM_KINDS: Final = cast(
    "tuple[AnyStreamKind, ...]",
    (
        dispute.DISPUTES,
        unit.UNITS,
        platform.PLATFORMS,
        platform.MEDIATORS,
        register.REGISTERS,
        procedure.PROCEDURES,
        calendar.CALENDARS,
    ),
)
"""Every kind of stream that the log holds."""
EVENTS: Final[tuple[type[Event], ...]] = tuple(event for kind in STREAM_KINDS for event in kind.events)
"""Every event class of the product, the newest version of each."""
