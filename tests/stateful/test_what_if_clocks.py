"""What-if over cases whose time limits act: a clock that stood still is no difference, and nothing makes it stumble."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.divergence import divergence
from application.simulation.simulator import simulate
from application.simulation.trajectory import recorded_trajectory
from domain.commands.dispute import AnyDisputeCommand
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Expiry
from domain.vocabulary import SHANGHAI
from tests.stateful.test_clocks import ACTION, DOING, TIERS, Acting, Happening, Life, Pencil, asked
from tests.stateful.test_what_if import ladders
from tests.support.examples import examples
from tests.support.specification import THREE_TIER, calendar, filed_at, ladder, street
from tests.support.stories_told import TRIED, essence

DOINGS = st.lists(st.tuples(DOING, st.integers(1, 300)), max_size=12)
ACTIONS = st.tuples(*[st.tuples(ACTION, ACTION)] * 3)


@dataclass
class Recorded(Life):
    """A case whose commands are told apart, as the log tells them."""

    commands: int = 0

    def ask(self, command: AnyDisputeCommand, now: datetime) -> bool:
        self.commands += 1
        return super().ask(command, now)

    def record(self, event: object, now: datetime, because: object = None) -> None:
        super().record(event, now, because)
        last = self.history[-1]
        self.history[-1] = replace(last, command_id=UUID(int=self.commands), position=last.position + 100)


def acting(actions: tuple[tuple[Acting, Acting], ...]) -> Ladder:
    """The ladder of the first day with clocks that act."""
    told = dict(zip(TIERS, actions, strict=True))
    tiers = tuple(
        tier.model_copy(update={"on_expiry": Expiry(accept=told[tier.name][0], mediate=told[tier.name][1])})
        for tier in ladder().tiers
    )
    return ladder().model_copy(update={"tiers": tiers})


def lived(tier: str, ladder_in_force: Ladder, doings: list[Happening], looks: int) -> Recorded:
    """What people and a clock that looks every so many hours leave of a case."""
    now = datetime(2025, 3, 3, 9, tzinfo=SHANGHAI)
    life = Recorded(ladder_in_force)
    life.record(filed_at(tier, "2025-03-03").model_copy(update={"occurred_at": now}), now)
    for doing, hours in doings:
        end = now + timedelta(hours=hours)
        while now < end:
            now = min(end, now + timedelta(hours=looks))
            life.strike(now)
        where = Pencil(
            {}, life.case.tier, now.date(), now, _status(life), stays=[(0, "", now.date(), 0, None, True)]
        )
        command = asked("fail" if doing == "hurry" else doing, where, now)
        if command is not None:
            life.ask(command, now)
    return life


def _status(life: Life) -> str:
    return {"filed": "waiting", "escalated": "waiting"}.get(life.case.status.value, life.case.status.value)


def ground(life: Life, pinned: Ladder, days: int = 0) -> SimulationContext:
    """What surrounds the case; the log goes on for some days after its last event."""
    charted = [
        PlatformVersion(place, datetime(2025, 1, 1, tzinfo=SHANGHAI), item.about)
        for place, item in enumerate(street().values(), 1)
    ]
    horizon = life.history[-1].recorded_at + timedelta(days=days)
    return SimulationContext(
        PlatformHistory(charted), {(THREE_TIER.id, THREE_TIER.version): pinned}, calendar(), horizon
    )


@examples(60, more=7)
@drawn(
    tier=st.sampled_from(TIERS),
    actions=ACTIONS,
    doings=DOINGS,
    looks=st.sampled_from([1, 7, 100, 2000]),
    tried=ladders(),
    days=st.sampled_from([0, 3, 400]),
)
def test_a_clock_that_came_late_or_never_is_no_difference(
    tier: str,
    actions: tuple[tuple[Acting, Acting], ...],
    doings: list[Happening],
    looks: int,
    tried: Ladder,
    days: int,
) -> None:
    ladder_in_force = acting(actions)
    life = lived(tier, ladder_in_force, doings, looks)
    around, base = ground(life, ladder_in_force, days), recorded_trajectory(life.history)
    same = simulate(life.history, LadderVersion(TRIED, ladder_in_force), around)
    assert essence(same) == essence(base)
    assert (same.diverged, same.replayed, same.caused, same.dropped) == (False, 0, 0, 0)
    other = simulate(life.history, LadderVersion(TRIED, tried), around)
    assert essence(other) == essence(simulate(life.history, LadderVersion(TRIED, tried), around))
    assert other.unplaced or divergence(base, other) is not None or essence(other) == essence(base)


@examples(50, more=6)
@drawn(tier=st.sampled_from(TIERS), actions=ACTIONS, waits=st.integers(1, 60))
def test_the_candidates_clock_is_the_clock_of_the_product(
    tier: str, actions: tuple[tuple[Acting, Acting], ...], waits: int
) -> None:
    """A case that nobody touches: what the product's clock does when it is asked all the time, what-if does too."""
    ladder_in_force = acting(actions)
    doings: list[Happening] = [("nothing", 24 * waits)]
    fired = recorded_trajectory(lived(tier, ladder_in_force, doings, looks=1).history)
    untouched = lived(tier, ladder(), doings, looks=1)
    around = replace(
        ground(untouched, ladder()), horizon=datetime(2025, 3, 3, 9, tzinfo=SHANGHAI) + timedelta(days=waits)
    )
    course = simulate(untouched.history, LadderVersion(TRIED, ladder_in_force), around)
    told = [[(move.kind, move.tier, move.day, move.rule) for move in one.moves] for one in (course, fired)]
    assert told[0] == told[1]
    assert all(move.day > date(2025, 3, 3) for move in course.moves[1:])
