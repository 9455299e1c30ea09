"""Planting a fault, and having it found."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, Protocol
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS
from domain.events.dispute import DisputeEvent
from tests.stateful.dispute_machine import HUNTING, DisputeMachine

QUICKLY: Final = settings(HUNTING, max_examples=100)
_SETTINGS: Final = "_hypothesis_internal_use_settings"
"""Where a property keeps how its examples are drawn."""


class Planting(Protocol):
    """`setattr` of a monkeypatch."""

    def __call__(self, target: object, name: str, value: object) -> None: ...


def plant_evolution(plant: Planting, event: type[DisputeEvent], evolve: Callable[..., Dispute]) -> None:
    """Let facts of one kind be folded otherwise."""
    package = import_module("domain.aggregates.dispute.evolve")  # `dispute` has a function of that name
    plant(package, "EVOLUTIONS", {**EVOLUTIONS, event: evolve})


def the_machine_finds(complaint: str) -> None:
    """Run the machine, which has to object in these words."""
    with pytest.raises(AssertionError, match=rf"\A[^\n]*(?:{complaint})"):
        run_state_machine_as_test(DisputeMachine, settings=HUNTING)


def is_found_by(*properties: Callable[[], None]) -> None:
    """Run properties, each of which has to fail; the first example that does is enough, however large."""
    for item in properties:
        with pytest.raises(AssertionError), patch.object(item, _SETTINGS, QUICKLY, create=True):
            item()
