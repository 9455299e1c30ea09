"""Seats of a panel and working groups that a command names: those that are known where the dispute is."""

from collections.abc import Callable, Iterator
from typing import Final

from domain.aggregates.dispute.world import World
from domain.commands.dispute import ExistingDisputeCommand
from domain.errors import UnknownGroup, UnknownSeat
from domain.messages import message
from domain.vocabulary import Key, Seat

_EVERYWHERE: Final = frozenset(Seat)


def check_panel_names(command: ExistingDisputeCommand, world: Callable[[], World]) -> None:
    """Find a seat or a group that is neither a common one nor named by the ladder or a platform of the dispute.

    `world` is asked only where that is needed. Raises UnknownSeat, UnknownGroup.
    """
    for field, seat in command.seats_named():
        if seat not in _EVERYWHERE and seat not in _seats(world()):
            raise UnknownSeat(message("no panel has a seat {seat}", seat=seat), field=field)
    for field, group in command.groups_named():
        if group not in _groups(world()):
            raise UnknownGroup(message("no platform has a group {group}", group=group), field=field)


def _seats(world: World) -> Iterator[Key]:
    yield from world.ladder.seats
    for tier in world.ladder.tiers:
        yield from tier.panel
    for platform in world.platforms.values():
        yield from platform.about.panel


def _groups(world: World) -> Iterator[Key]:
    for tier in world.ladder.tiers:
        yield from tier.groups
    for platform in world.platforms.values():
        yield from platform.about.groups
