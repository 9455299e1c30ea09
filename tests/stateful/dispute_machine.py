"""Several disputes, any commands in any order, under clocks that jump: decided by the domain, kept with a pencil."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, cast
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.aggregates import register
from domain.aggregates.dispute import Dispute, World, check, decide, evolve, replay
from domain.aggregates.dispute.decide import check_times
from domain.aggregates.dispute.evolve import Explained
from domain.aggregates.platform import Platform
from domain.aggregates.register import Register
from domain.commands.dispute import AnyDisputeCommand, FileDispute
from domain.errors import DomainError
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Fact
from domain.events.register import NumberIssued
from domain.procedures.rules import Because
from domain.vocabulary import Role, SessionOutcome
from tests.stateful.ledger import Ledger, day_of, entry
from tests.support.specification import (
    THREE_TIER,
    accept,
    advise,
    decline,
    established,
    file_dispute,
    hold,
    ladder,
    refuse,
    send_back,
    steadily,
    term,
    terminate,
    withdraw,
)

UNITS: Final = {
    "dong.c01.y01": {"compound": "dong.c01.y01", "community": "dong.c01", "street": "dong"},
    "dong.c01": {"community": "dong.c01", "street": "dong"},
    "dong.c02.y01": {"compound": "dong.c02.y01", "street": "dong"},
    "xi.c01": {"community": "xi.c01"},
}
"""Units whose ladders differ: one has all tiers, one no compound, one no community, one no street."""
KEEPERS: Final = {
    "dong": "dong",
    "dong.c01": "dong.c01",
    "dong.c01.y01": "dong.c01",
    "dong.c02.y01": "dong",
    "xi.c01": "xi.c01",
}
"""Whose register numbers the cases of a platform."""
_LONG: Final = (date(2026, 1, 1), date(2028, 12, 31))
TERMS: Final = {
    "dong": {"zhao": _LONG, "qian": (date(2027, 1, 3), date(2028, 12, 31))},
    "dong.c01": {"sun": _LONG, "li": (date(2026, 1, 1), date(2026, 12, 31))},
    "dong.c01.y01": {"wu": _LONG},
    "dong.c02.y01": {"wang": _LONG},
    "xi.c01": {"he": _LONG},
}
_TIER_OF: Final = {platform: tier for tiers in UNITS.values() for tier, platform in tiers.items()}
PEOPLE: Final = sorted(each for terms in TERMS.values() for each in terms)
_IDS: Final = UUID("0d15b07e-0000-4000-8000-0000000000ff")
NEW_YEAR: Final = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)

MACHINE: Final = settings(
    steadily,
    max_examples=200,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    print_blob=False,
)
HUNTING: Final = settings(MACHINE, max_examples=1000, phases=[Phase.generate], report_multiple_bugs=False)
"""The same, for a machine that is to fail: as soon as it does, without making the example small."""


def _platform(unit: str) -> Platform:
    return established(
        unit=unit,
        tier=_TIER_OF[unit],
        title=unit,
        number_pattern="{year}/" + unit + "/{n}" if KEEPERS[unit] == unit else None,
        convener=next(iter(TERMS[unit])),
        mediators=[
            term(each, begins=begins.isoformat(), ends=ends.isoformat())
            for each, (begins, ends) in TERMS[unit].items()
        ],
    )


def written_down(fact: Fact) -> Fact:
    """The fact as it is read back from the paper on which it was written."""
    event, because = fact.event, fact.because
    return Fact(
        type(event).model_validate_json(event.model_dump_json()),
        because and Because.model_validate_json(because.model_dump_json()),
    )


@dataclass
class Case:
    """One dispute: folded fact by fact, its history, and the pencilled ledger."""

    ledger: Ledger
    live: Dispute | None = None
    history: list[Fact] = field(default_factory=list)


CASES = st.integers(0, 5)
CLOCKS = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=9))])
BACK = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(minutes=-9), timedelta(hours=1)),
    st.timedeltas(timedelta(0), timedelta(days=4)),
)
"""How long ago somebody says that it happened; below nothing it lies ahead."""
OUTCOMES = st.sampled_from(["failed", "failed", "failed", "no_show", "adjourned", "agreed"])


class DisputeMachine(RuleBasedStateMachine):
    """Asks, foretells what will come of it, and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NEW_YEAR
        self.cases: list[Case] = []
        self.registers: dict[tuple[str, int], Register] = {}
        self.numbers: dict[tuple[str, int], list[str]] = {}
        self.platforms = {unit: _platform(unit) for unit in TERMS}

    # --- rules -----------------------------------------------------------------------------------------------

    @initialize(units=st.lists(st.sampled_from(list(UNITS)), min_size=1, max_size=3), accepted=st.booleans())
    def begin(self, units: list[str], *, accepted: bool) -> None:
        for place, unit in enumerate(units):
            self._file(unit, "simple", self.now)
            if accepted:
                self.the_platform_accepts(place, UTC, second=False)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: len(self.cases) < 6)
    @rule(
        unit=st.sampled_from(list(UNITS)),
        difficulty=st.sampled_from(["simple", "general", None, "major"]),
        ago=BACK,
        clock=CLOCKS,
    )
    def somebody_files(self, unit: str, difficulty: str | None, ago: timedelta, clock: timezone) -> None:
        self._file(unit, difficulty, self._when(ago, clock))

    @rule(place=CASES, clock=CLOCKS, second=st.booleans())
    def the_platform_accepts(self, place: int, clock: timezone, *, second: bool) -> None:
        own = self._own_people(place)
        self._ask(place, accept(*own[: 1 + second]), own[0], self.now.astimezone(clock))

    @rule(place=CASES, ago=BACK, actor=st.sampled_from(PEOPLE), mediator=st.sampled_from(PEOPLE))
    def anybody_accepts(self, place: int, ago: timedelta, actor: str, mediator: str) -> None:
        self._ask(place, accept(mediator), actor, self.now - ago)

    @rule(place=CASES, times=st.integers(2, 5), clock=CLOCKS)
    def sessions_fail(self, place: int, times: int, clock: timezone) -> None:
        for _ in range(times):
            self._ask(place, hold(), "sun", self.now.astimezone(clock))

    @rule(place=CASES, outcome=OUTCOMES, ago=BACK, clock=CLOCKS)
    def a_session_is_entered_late(self, place: int, outcome: str, ago: timedelta, clock: timezone) -> None:
        self._ask(place, hold(outcome), "sun", self._when(ago, clock))

    @rule(place=CASES)
    def a_case_climbs(self, place: int) -> None:
        """As far as failures carry it, and one failure short of ending there."""
        self.the_platform_accepts(place, UTC, second=False)
        self.sessions_fail(place, 4, UTC)

    @rule(place=CASES, outcome=st.sampled_from(list(SessionOutcome)))
    def a_case_climbs_and_is_sent_back(self, place: int, outcome: str) -> None:
        self.a_case_climbs(place)
        self.the_platform_sends_it_back(place, timedelta(0), outcome)

    @rule(
        place=CASES,
        outcome=OUTCOMES,
        ago=BACK,
        mediators=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    )
    def a_session_is_held(self, place: int, outcome: str, ago: timedelta, mediators: list[str]) -> None:
        self._ask(place, hold(outcome, mediators=tuple(mediators)), "sun", self.now - ago)

    @rule(place=CASES, outcome=OUTCOMES, ago=BACK)
    def the_assigned_hold_a_session(self, place: int, outcome: str, ago: timedelta) -> None:
        own = self._own_people(place)
        self._ask(place, hold(outcome, mediators=tuple(own[:1])), own[0], self.now - ago)

    @rule(place=CASES, ago=BACK, outcome=st.sampled_from(list(SessionOutcome)))
    def the_platform_sends_it_back(self, place: int, ago: timedelta, outcome: str) -> None:
        for at in (self.now - ago, self.now):
            self._ask(place, send_back(), self._own_people(place)[0], at)
        self._ask(place, hold(outcome), "sun", self.now)

    @rule(
        place=CASES,
        ask=st.sampled_from([refuse, withdraw, terminate, decline, advise, advise]),
        ago=BACK,
        party=st.sampled_from(["p1", "p2"]),
    )
    def something_else_is_asked(
        self, place: int, ask: Callable[..., AnyDisputeCommand], ago: timedelta, party: str
    ) -> None:
        command = ask(party) if ask in {refuse, withdraw} else ask()
        self._ask(place, command, "sun", self.now - ago)

    # --- what holds always -----------------------------------------------------------------------------------

    @invariant()
    def the_fold_agrees_with_the_ledger(self) -> None:
        for case in self.cases:
            live, ledger = case.live, case.ledger
            assert live is not None
            folded, entered = ((each.status, each.tier, each.number) for each in (live, ledger))
            assert folded == entered, f"the fold does not agree: {folded} is not {entered}"
            assert live.outcome == (ledger.outcome if ledger.status == "closed" else None)
            for tier, failed_on in ledger.failed_on.items():
                assert live.failures_at(tier) == len(failed_on), f"the count at the {tier} drifted"
            assert (live.version, len(live.sessions)) == (len(case.history), ledger.sessions)

    @invariant()
    def numbers_have_no_gap_and_no_repeat(self) -> None:
        for (keeper, year), numbers in self.numbers.items():
            expected = [f"{year}/{keeper}/{place}" for place in range(1, len(numbers) + 1)]
            assert numbers == expected, "a register has a gap or a repeat"
        held = [case.live.number for case in self.cases if case.live and case.live.number]
        issued = [each for numbers in self.numbers.values() for each in numbers]
        assert sorted(held) == sorted(issued), "the cases do not hold the numbers that were issued"

    # --- asking ----------------------------------------------------------------------------------------------

    def _when(self, ago: timedelta, clock: timezone) -> datetime:
        return (self.now - ago).astimezone(clock)

    def _own_people(self, place: int) -> list[str]:
        ledger = self.cases[place % len(self.cases)].ledger
        return list(TERMS[ledger.platforms[ledger.tier]])

    def _file(self, unit: str, difficulty: str | None, at: datetime) -> None:
        command = file_dispute(unit=unit, difficulty=difficulty, occurred_at=at)
        command = command.model_copy(update={"dispute": uuid5(_IDS, str(len(self.cases)))})
        case = Case(Ledger(UNITS[unit], TERMS))
        possible = entry(difficulty, UNITS[unit]) is not None and at <= self.now + timedelta(minutes=5)
        if self._decide(case, command, "sun", expected=possible):
            self.cases.append(case)

    def _ask(self, place: int, command: AnyDisputeCommand, actor: str, at: datetime) -> None:
        place %= len(self.cases)
        case = self.cases[place]
        update = {command.WHEN[0]: at, "dispute": uuid5(_IDS, str(place))}
        command = command.model_copy(update=update)
        self._decide(case, command, actor, expected=case.ledger.allows(command, actor, self.now))

    def _decide(self, case: Case, command: AnyDisputeCommand, actor: str, *, expected: bool) -> bool:
        facts, refusal = self._facts(case.live, command, actor)
        self._enter(case, facts)
        done, name = refusal is None, type(command).__name__
        assert done == expected, f"{name} should be {'carried out' if expected else 'refused'}: {refusal!r}"
        return done

    def _facts(
        self, live: Dispute | None, command: AnyDisputeCommand, actor: str
    ) -> tuple[tuple[Fact, ...], DomainError | None]:
        who = Actor(sub=actor, role=Role.MEDIATOR)
        world = World(self.now, who, THREE_TIER, ladder(), self.platforms, self.registers)
        try:
            check_times(command, self.now)
            if live is not None and not isinstance(command, FileDispute):
                check(command, live)
            return decide(command, live, world), None
        except DomainError as refusal:
            return (), refusal

    def _enter(self, case: Case, facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            if isinstance(fact.event, NumberIssued):
                self._number(fact.event, case)
                continue
            event = cast("DisputeEvent", fact.event)
            case.ledger.enter(event, fact.because)
            case.history.append(written_down(fact))
            case.live = evolve(case.live, event, fact.because)
        case.ledger.must_be_complete()
        assert replay(cast("list[Explained]", case.history)) == case.live, (
            "what was written down folds to something else"
        )

    def _number(self, event: NumberIssued, case: Case) -> None:
        key = event.register_of, event.year
        expected = KEEPERS[case.ledger.platforms[case.ledger.tier]], day_of(event.occurred_at).year
        assert key == expected, "numbered in the wrong register"
        self.numbers.setdefault(key, []).append(event.number)
        self.registers[key] = register.evolve(self.registers.get(key), event)
