"""Whatever is asked, in whatever order: the domain and the pencil agree."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.dispute_machine import MACHINE, DisputeMachine


@pytest.mark.hypothesis
def test_any_order_of_commands_leaves_counts_numbers_and_history_in_order() -> None:
    run_state_machine_as_test(DisputeMachine, settings=MACHINE)
