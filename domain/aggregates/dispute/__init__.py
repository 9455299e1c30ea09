"""A dispute: its state, how facts change it, and which facts a command brings about."""

from domain.aggregates.dispute.decide import check, decide, find
from domain.aggregates.dispute.evolve import evolve, replay, states_of
from domain.aggregates.dispute.panel_names import check_panel_names
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World

__all__ = [
    "Dispute",
    "World",
    "check",
    "check_panel_names",
    "decide",
    "evolve",
    "find",
    "replay",
    "states_of",
]
