"""Every aggregate by its decider. A new aggregate is a module here and a line in `DECIDERS`."""

from typing import Final, cast

from application.deciders import calendar, dispute, platform, procedure, unit
from application.deciders.decider import Decider
from domain.commands.base import Command
from domain.events.envelope import Event

AnyDecider = Decider[Command]
DECIDERS: Final = cast(
    "tuple[AnyDecider, ...]",
    (dispute.DECIDER, unit.DECIDER, platform.DECIDER, procedure.DECIDER, calendar.DECIDER),
)
EVENTS: Final[tuple[type[Event], ...]] = tuple(event for decider in DECIDERS for event in decider.events)
"""Every event class of the product, the newest version of each."""
