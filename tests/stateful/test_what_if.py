"""Over histories that come of any commands in any order: the ladder in force finds no difference, fewer failures never
move a case later, and no ladder whatever makes a simulation stumble or answer twice in two ways.
"""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.recorded_commands import RecordedFact
from application.simulation.request import Candidate, CaseSelection, SimulationRequest
from application.simulation.result import result_json
from application.simulation.runner import run_case
from application.simulation.simulator import simulate
from application.simulation.tally import Tally
from application.simulation.trajectory import Trajectory, recorded_trajectory
from domain.procedures.ladder import Ladder
from tests.stateful.dispute_machine import MACHINE, DisputeMachine
from tests.stateful.town import NEW_YEAR
from tests.support.specification import THREE_TIER, ladder
from tests.support.stories_told import TRIED, essence, with_rules

FEWER: Final = {"compound": 2, "community": 4, "street": 4}
_TIERS: Final = ("compound", "community", "street")
ACTIONS: Final = st.sampled_from(["mark", "escalate", "terminate"])
LIMITS: Final = st.one_of(
    st.builds(lambda days: {"days": days}, st.integers(1, 40)),
    st.builds(lambda days: {"working_days": days}, st.integers(1, 10)),
)


def _tier(
    name: str, failures: int | None, accept: object, mediate: object, limit: object, lift: object
) -> object:
    return {
        "name": name,
        "failed_sessions": failures,
        "accept_within": limit,
        "mediate_within": limit,
        "on_expiry": {"accept": accept, "mediate": mediate},
        "lift_at": lift,
    }


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders of any tiers in any order, among them one that no platform has."""
    names = draw(st.lists(st.sampled_from([*_TIERS, "village"]), min_size=1, max_size=4, unique=True))
    item = {
        "failures": st.one_of(st.none(), st.integers(1, 7)),
        "accept": ACTIONS,
        "mediate": ACTIONS,
        "limit": LIMITS,
        "lift": st.sampled_from([None, {"risk": "medium"}, {"headcount": 2}]),
    }
    tiers = [_tier(name, **{key: draw(value) for key, value in item.items()}) for name in names]  # type: ignore[arg-type]
    entry = {how: draw(st.sampled_from(names)) for how in ("simple", "general", "complex", "major")}
    bypass = {
        "grounds": draw(st.sampled_from([(), ("risk",), ("complexity",), ("risk", "complexity")])),
        "approvals": draw(st.integers(1, 3)),
    }
    return with_rules(tiers=tiers, entry=entry, bypass=bypass)


def fewer() -> Ladder:
    """The ladder in force with a failure less at each tier."""
    tiers = [tier.model_dump() | {"failed_sessions": FEWER[tier.name]} for tier in ladder().tiers]
    return with_rules(tiers=tiers)


class WhatIf(DisputeMachine):
    """Remembers what was recorded, and asks at the end what would have come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[Ladder] = []

    @initialize(tried=st.lists(ladders(), min_size=2, max_size=3))
    def somebody_wonders(self, tried: list[Ladder]) -> None:
        self.tried = tried

    def teardown(self) -> None:
        super().teardown()
        for case in self.cases:
            self._ask_of(case.history)

    def _ask_of(self, history: list[RecordedFact]) -> None:
        ground = self._ground()
        base = recorded_trajectory(history)
        same = simulate(history, LadderVersion(TRIED, ladder()), ground)
        assert essence(same) == essence(base), "the ladder in force finds a difference"
        assert (same.diverged, same.replayed, same.caused, same.dropped) == (False, 0, 0, 0)
        mistaken = replace(ground, versions={(THREE_TIER.id, THREE_TIER.version): fewer()})
        by_the_record = simulate(history, LadderVersion(TRIED, ladder()), mistaken)
        assert essence(by_the_record) == essence(base), "it is only the pinned ladder that finds none"
        never_later(base, simulate(history, LadderVersion(TRIED, fewer()), ground))
        for item in self.tried:
            self._is_told_alike(history, item, ground)

    def _is_told_alike(self, history: list[RecordedFact], tried: Ladder, ground: SimulationContext) -> None:
        candidate = Candidate(LadderVersion(TRIED, tried))
        question = SimulationRequest(CaseSelection(THREE_TIER.id), (candidate,), self.position)
        told = []
        for _ in range(2):
            tally = Tally()
            run_case(history, question, ground, [tally])
            assert tally.events == len(history)
            assert tally.candidate.cases == tally.base.cases == 1
            course = simulate(history, candidate.ladder_version, ground)
            assert bool(tally.differences) == (essence(course)[0] != essence(recorded_trajectory(history))[0])
            told.append(result_json(question, candidate, tally))
        assert told[0] == told[1]
        again = replace(question, base=candidate)
        tally = Tally()
        run_case(history, again, ground, [tally])
        assert not tally.differences, "a ladder differs from itself"

    def _ground(self) -> SimulationContext:
        charted = [
            PlatformVersion(place, NEW_YEAR, item.about)
            for place, item in enumerate(self.platforms.values(), start=1)
        ]
        versions = {(THREE_TIER.id, THREE_TIER.version): ladder()}
        return SimulationContext(PlatformHistory(charted), versions, self.calendar, self.now)


def never_later(base: Trajectory, course: Trajectory) -> None:
    """Whatever escalated escalates, and not at a later step of the record."""
    first, sooner = base.first_escalation, course.first_escalation
    if first is not None:
        assert sooner is not None, "a case that moved up with more failures does not with fewer"
        assert sooner.step <= first.step, "fewer failures moved a case later"


@pytest.mark.hypothesis
def test_what_if_holds_over_any_history() -> None:
    run_state_machine_as_test(WhatIf, settings=MACHINE)
