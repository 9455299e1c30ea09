"""What-if over histories in which facts were taken back, and sessions recorded late (rules 19, 20)."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.runner import is_duplicate
from application.simulation.simulator import simulate
from application.simulation.trajectory import recorded_trajectory
from domain.commands.base import DisputeCommand
from domain.commands.dispute import CloseUnperformed
from domain.errors import DomainError
from domain.events.dispute import SessionRecorded, Terminated
from domain.vocabulary import Outcome, Status
from tests.support.any_commands import COMMANDS, approve, played, propose
from tests.support.examples import examples
from tests.support.later import ask
from tests.support.played import Played
from tests.support.specification import THREE_TIER, accept, calendar, hold, ladder, street, terminate
from tests.support.stories_told import TRIED, essence, with_rules
from tests.support.world import NOW, SUN, ZHAO

_CONTEXT: Final = SimulationContext(
    PlatformHistory(
        [
            PlatformVersion(place, datetime(2026, 1, 1, tzinfo=UTC), item.about)
            for place, item in enumerate(street().values(), start=1)
        ]
    ),
    {(THREE_TIER.id, THREE_TIER.version): ladder()},
    calendar(),
    NOW,
)
_FAILURE = st.integers(10, 28).map(lambda day: hold(at=f"2026-03-{day}"))
_ACCEPTANCE = st.integers(10, 28).map(lambda day: accept("qian", at=f"2026-03-{day}"))
_STEPS = st.one_of(_FAILURE, _FAILURE, _FAILURE, _ACCEPTANCE, COMMANDS)
_RETRACTIONS = st.lists(st.integers(0, 20), min_size=1, max_size=3)


def _same_as_recorded(case: Played) -> None:
    base = recorded_trajectory(case.history)
    same = simulate(case.history, LadderVersion(TRIED, ladder()), _CONTEXT)
    assert essence(same) == essence(base)
    assert (same.diverged, same.dropped) == (False, 0)


def _take_back(case: Played, version: int) -> None:
    case.play(propose(version))
    case.play(approve(version), by=ZHAO)


@examples(60)
@given(st.lists(_STEPS, min_size=4, max_size=14), _RETRACTIONS, st.lists(_STEPS, max_size=3))
def test_the_ladder_in_force_finds_no_difference(
    steps: list[DisputeCommand], retractions: list[int], later: list[DisputeCommand]
) -> None:
    case = played()
    for command in steps:
        case.tries(command, by=ZHAO if type(command).__name__ == "AcceptDispute" else SUN)
    for place in retractions:
        facts = [
            item.version for item in case.history if isinstance(item.event, SessionRecorded | Terminated)
        ]
        version = facts[place % len(facts)] if facts else 3
        if not isinstance(case.tries(propose(version)), DomainError):
            case.tries(approve(version), by=ZHAO)
    for command in later:
        case.tries(command)
    _same_as_recorded(case)
    for failed in (1, 2, 7):
        tiers = [tier.model_dump() | {"failed_sessions": failed} for tier in ladder().tiers]
        simulate(case.history, LadderVersion(TRIED, with_rules(tiers=tiers)), _CONTEXT)


def test_a_session_taken_back_moves_nothing_under_fewer_failures_either() -> None:
    case = played(*(hold(at=f"2026-03-{day}") for day in (10, 11, 12)))
    _take_back(case, 5)
    tiers = [tier.model_dump() | {"failed_sessions": 3} for tier in ladder().tiers]
    found = simulate(case.history, LadderVersion(TRIED, with_rules(tiers=tiers)), _CONTEXT)
    assert [move.kind for move in found.moves] == ["filed", "escalated", "voided"]


def test_an_end_taken_back_is_no_end_under_another_ladder() -> None:
    case = played(*(hold(at=f"2026-03-{day}") for day in (10, 11)), terminate(at="2026-03-13"))
    _take_back(case, 5)
    assert case.case.status is Status.ACCEPTED
    tiers = [tier.model_dump() | {"failed_sessions": 2} for tier in ladder().tiers]
    found = simulate(case.history, LadderVersion(TRIED, with_rules(tiers=tiers)), _CONTEXT)
    assert found.outcome is not Outcome.FAILED


def test_a_case_that_was_no_duplicate_after_all_is_run_like_others() -> None:
    as_duplicate = {"duplicate_of": UUID(int=7), "reason": "同一纠纷", "occurred_at": "2026-03-12"}
    case = played(hold(at="2026-03-10"), ask(CloseUnperformed, **as_duplicate))
    assert is_duplicate(case.history)
    _take_back(case, 4)
    assert case.case.status is Status.ACCEPTED
    assert not is_duplicate(case.history)
    _same_as_recorded(case)


def test_an_acceptance_that_a_session_implied_stays_when_the_session_is_taken_back() -> None:
    case = played(*(hold(at=f"2026-03-{day}") for day in (10, 11, 12, 13)))
    _take_back(case, 5)
    tiers = [tier.model_dump() | {"failed_sessions": 2} for tier in ladder().tiers]
    found = simulate(case.history, LadderVersion(TRIED, with_rules(tiers=tiers)), _CONTEXT)
    assert [platform for platform, _ in found.sessions] == ["dongguang.c01", "dongguang.c01", "dongguang"]
