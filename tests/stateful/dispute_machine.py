"""Several disputes, any commands in any order, under clocks that jump: decided by the domain, kept with a pencil.

Whoever asks is drawn, and so are the days off and the make-up workdays of the calendar, and which years of it were
published. People enter late, from other time zones, and sometimes ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, cast
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.aggregates import register
from domain.aggregates.dispute import Dispute, World, check, decide, evolve, find, replay
from domain.aggregates.dispute.evolve import Explained
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import AnyDisputeCommand, FileDispute, MakeAppointment
from domain.commands.times import check_times
from domain.errors import DomainError
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Fact
from domain.events.register import NumberIssued
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.procedures.rules import Because
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import Role, SessionOutcome
from tests.stateful import asking
from tests.stateful.foretelling import foretell
from tests.stateful.ledger import Around, Ledger, day_of, entry
from tests.support.examples import SOAK, steadily
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
PEOPLE: Final = sorted(item for terms in TERMS.values() for item in terms)
CONVENERS: Final = {platform: next(iter(terms)) for platform, terms in TERMS.items()}
_IDS: Final = UUID("0d15b07e-0000-4000-8000-0000000000ff")
NEW_YEAR: Final = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)

MACHINE: Final = settings(
    steadily,
    max_examples=300 if SOAK else 20,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    print_blob=False,
)
HUNTING: Final = settings(
    MACHINE, derandomize=True, max_examples=1000, phases=[Phase.generate], report_multiple_bugs=False
)
"""The same, for a machine that is to fail: as soon as it does, without making the example small."""


def _platform(unit: str) -> Platform:
    return established(
        unit=unit,
        tier=_TIER_OF[unit],
        title=unit,
        number_pattern="{year}/" + unit + "/{n}" if KEEPERS[unit] == unit else None,
        convener=CONVENERS[unit],
        mediators=[
            term(item, begins=begins.isoformat(), ends=ends.isoformat())
            for item, (begins, ends) in TERMS[unit].items()
        ],
    )


def written_down(fact: Fact) -> Fact:
    """The fact as it is read back from the paper on which it was written."""
    event, because = fact.event, fact.because
    return Fact(
        type(event).model_validate_json(event.model_dump_json()),
        because and Because.model_validate_json(because.model_dump_json()),
    )


RECORDS: Final = [
    asking.assess,
    asking.report,
    asking.attach,
    asking.call,
    asking.add_party,
    asking.rename,
]


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
WHO = st.sampled_from([*PEOPLE, "auditor"])
OFF = st.sampled_from([-40, -1, 0, 0, 1])
"""By how many days an application misses the last one; the first is before the effect."""
APPLICANTS = st.sampled_from([("p1", "p2"), ("p1", "p2", "p3"), ("p2",)])
SIGNATURES = st.permutations(["p1", "p2", "mediator", "committee"])
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Wall:
    """The calendar on the wall: where it differs from Monday to Friday, and which years hang there at all."""

    off: frozenset[date]
    worked: frozenset[date]
    published: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether people work."""
        if day.year in self.published:
            if day in self.off:
                return False
            if day in self.worked:
                return True
        return day.isoweekday() < 6

    def as_published(self) -> Calendar:
        """The same, as the domain keeps it."""
        return Calendar(
            {
                year: PublishedYear(
                    frozenset(item for item in self.off if item.year == year),
                    frozenset(item for item in self.worked if item.year == year),
                )
                for year in self.published
            }
        )


def _wall(off: set[int], worked: set[int], published: set[int]) -> Wall:
    days_off = {NEW_YEAR.date() + item * DAY for item in off}
    days_worked = {NEW_YEAR.date() + item * DAY for item in worked}
    return Wall(
        frozenset(item for item in days_off if item.isoweekday() < 6),
        frozenset(item for item in days_worked if item.isoweekday() > 5),
        frozenset(published),
    )


WALLS = st.builds(
    _wall,
    st.sets(st.integers(0, 150), max_size=60),
    st.sets(st.integers(0, 150), max_size=30),
    st.sets(st.sampled_from([2026, 2027, 2028])),
)


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

    @initialize(
        units=st.lists(st.sampled_from(list(UNITS)), min_size=1, max_size=3),
        accepted=st.booleans(),
        wall=WALLS,
    )
    def begin(self, units: list[str], wall: Wall, *, accepted: bool) -> None:
        self.calendar = wall.as_published()
        self.around = Around(TERMS, CONVENERS, KEEPERS, wall.works)
        for place, unit in enumerate(units):
            self._file(unit, "simple", self.now)
            if accepted:
                self.the_platform_accepts(place, UTC, second=False)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: any(item.ledger.status == "agreed" for item in self.cases))
    @rule(days=st.integers(5, 35))
    def weeks_pass(self, days: int) -> None:
        self.now += days * DAY

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
        self._ask(place, accept(self._own_people(place)[0]), actor, self.now)

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
        ask=st.sampled_from([refuse, withdraw]),
        ago=BACK,
        party=st.sampled_from(["p1", "p2", "p2", "p3"]),
        scope=st.sampled_from(["case", "case", "self"]),
    )
    def a_party_has_had_enough(
        self, place: int, ask: Callable[..., AnyDisputeCommand], ago: timedelta, party: str, scope: str
    ) -> None:
        self._ask(place, ask(party, scope=scope), "sun", self.now - ago)
        self._ask(place, hold(), "sun", self.now)

    @rule(place=CASES, party=st.sampled_from(["p2", "p3"]), ago=BACK)
    def one_of_three_leaves(self, place: int, party: str, ago: timedelta) -> None:
        """Once with a third there, once more when nobody else is left on its side."""
        self._ask(place, asking.add_party(), "sun", self.now)
        for _ in range(2):
            self._ask(place, refuse(party, scope="self"), "sun", self.now - ago)

    @rule(place=CASES, ask=st.sampled_from([terminate, decline, advise, advise]), ago=BACK)
    def something_else_is_asked(
        self, place: int, ask: Callable[[], AnyDisputeCommand], ago: timedelta
    ) -> None:
        self._ask(place, ask(), "sun", self.now - ago)

    @rule(place=CASES, ask=st.sampled_from(RECORDS), actor=WHO, ago=BACK, clock=CLOCKS)
    def something_is_put_on_record(
        self, place: int, ask: Callable[[], AnyDisputeCommand], actor: str, ago: timedelta, clock: timezone
    ) -> None:
        self._ask(place, ask(), actor, self._when(ago, clock))

    @rule(place=CASES, mediators=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2), ago=BACK)
    def mediators_are_replaced(self, place: int, mediators: list[str], ago: timedelta) -> None:
        own = self._own_people(place)
        for item in (mediators, own, own[:1]):
            self._ask(place, asking.replace_mediators(*item), "sun", self.now - ago)

    @rule(
        place=CASES,
        days=st.integers(1, 140),
        consents=st.sampled_from([("p1", "p2"), ("p1", "p2", "p3"), ("p1",)]),
    )
    def more_time_is_asked_for(self, place: int, days: int, consents: tuple[str, ...]) -> None:
        self._ask(place, asking.extend(day_of(self.now) + days * DAY, consents=consents), "sun", self.now)

    @rule(
        place=CASES,
        session=st.integers(1, 12),
        outcome=st.sampled_from([None, *SessionOutcome]),
        held=st.one_of(st.none(), BACK.filter(lambda ago: ago >= timedelta(0))),
        two=st.tuples(WHO, WHO),
        convening=st.booleans(),
        ago=BACK,
    )
    def a_session_is_corrected(
        self,
        place: int,
        session: int,
        outcome: str | None,
        held: timedelta | None,
        two: tuple[str, str],
        ago: timedelta,
        *,
        convening: bool,
    ) -> None:
        held_at = None if held is None else self.now - held
        minutes = "双方均到场" if outcome is None and held is None else None
        correction = asking.correct(self._session(place, session), outcome, held_at=held_at, minutes=minutes)
        self._ask(place, correction, two[0], self.now - ago)
        self.the_correction_is_decided(place, session, two[1], ago, approved=True, convening=convening)

    @rule(
        place=CASES,
        session=st.integers(1, 12),
        actor=WHO,
        ago=BACK,
        approved=st.booleans(),
        convening=st.booleans(),
    )
    def the_correction_is_decided(
        self, place: int, session: int, actor: str, ago: timedelta, *, approved: bool, convening: bool
    ) -> None:
        ask = asking.approve_correction if approved else asking.reject_correction
        command = ask(self._session(place, session))
        self._ask(place, command, actor, self.now - ago, convening=convening)

    @rule(place=CASES, session=st.integers(1, 12), outcome=st.sampled_from(list(SessionOutcome)), actor=WHO)
    def a_correction_is_proposed(self, place: int, session: int, outcome: str, actor: str) -> None:
        self._ask(place, asking.correct(self._session(place, session), outcome), actor, self.now)

    @rule(
        place=CASES, accepted=st.booleans(), heard=OUTCOMES, session=st.integers(1, 12), again=st.booleans()
    )
    def a_case_climbs_on_a_wrong_record(
        self, place: int, heard: str, session: int, *, accepted: bool, again: bool
    ) -> None:
        """Up, perhaps accepted and heard there; then one of the failures turns out to have been none."""
        self.a_case_climbs(place)
        if accepted:
            self.the_platform_accepts(place, UTC, second=False)
            self._ask(place, hold(heard), "sun", self.now)
        for outcome in ("no_show", "failed")[: 1 + again]:
            self._ask(place, asking.correct(self._session(place, session), outcome), "li", self.now)
            approval = asking.approve_correction(self._session(place, session))
            for actor in ("li", self._own_people(place)[0]):
                self._ask(place, approval, actor, self.now, convening=True)

    @rule(
        place=CASES,
        grounds=st.sampled_from(["risk", "complexity"]),
        to=st.sampled_from([None, "compound", "community", "street"]),
        actor=WHO,
        ago=BACK,
    )
    def somebody_wants_it_lifted(
        self, place: int, grounds: str, to: str | None, actor: str, ago: timedelta
    ) -> None:
        self._ask(place, asking.propose_bypass(grounds, to), actor, self.now - ago)

    @rule(place=CASES, two=st.tuples(WHO, WHO), ago=BACK, accepted=st.booleans())
    def two_lift_it(self, place: int, two: tuple[str, str], ago: timedelta, *, accepted: bool) -> None:
        """Or one alone, when the same is drawn twice; and what was approved is approved no second time."""
        self.the_platform_accepts(place, UTC, second=False)
        self._ask(place, asking.propose_bypass(), two[0], self.now - ago)
        for actor in (*two, "auditor"):
            self._ask(place, asking.approve_bypass(), actor, self.now)
        if accepted:
            self.the_platform_accepts(place, UTC, second=False)
            self._ask(place, asking.approve_bypass(), two[1], self.now)

    @rule(place=CASES, actor=WHO, ago=BACK, approved=st.sampled_from([True, True, False]))
    def it_is_lifted_or_not(self, place: int, actor: str, ago: timedelta, *, approved: bool) -> None:
        command = asking.approve_bypass() if approved else asking.reject_bypass()
        self._ask(place, command, actor, self.now - ago)

    @rule(
        place=CASES,
        form=st.sampled_from(["written", "oral"]),
        terms=st.integers(1, 2),
        ago=BACK,
        days=st.integers(0, 40),
        promise=st.booleans(),
    )
    def they_agree(
        self, place: int, form: str, terms: int, ago: timedelta, days: int, *, promise: bool
    ) -> None:
        command = asking.reach(form, terms=terms, due=day_of(self.now) + days * DAY, promise=promise)
        self._ask(place, command, "sun", self.now - ago)

    @precondition(lambda self: any(item.ledger.status == "agreed" for item in self.cases))
    @rule(
        place=CASES,
        form=st.sampled_from(["written", "written", "oral"]),
        terms=st.integers(1, 2),
        ago=BACK,
        signatures=SIGNATURES,
        count=st.integers(2, 4),
        promise=st.booleans(),
    )
    def they_change_what_they_agreed(
        self,
        place: int,
        form: str,
        terms: int,
        ago: timedelta,
        signatures: list[str],
        count: int,
        *,
        promise: bool,
    ) -> None:
        """A draft that replaces the agreement, signed by all or not by all; then perhaps performed, or given up."""
        place = self._agreed(place)
        command = asking.change(form, terms=terms, due=day_of(self.now) + DAY, promise=promise)
        self._ask(place, command, "sun", self.now - ago)
        self._sign(place, signatures[:count], UTC)
        self._ask(place, asking.pay(terms + promise), "sun", self.now)

    @rule(place=CASES, term_=st.integers(1, 2), terms=st.integers(1, 2))
    def a_promise_is_made_and_what_is_owed_is_performed(self, place: int, term_: int, terms: int) -> None:
        """The promise is broken at once; it is not waited for."""
        self.the_platform_accepts(place, UTC, second=False)
        self._ask(place, hold("agreed"), "sun", self.now)
        agreed = asking.reach("oral", terms=terms, due=day_of(self.now), promise=True)
        for ask in (agreed, asking.breach(1), asking.perform(1 + term_)):
            self._ask(place, ask, "sun", self.now)

    @precondition(lambda self: any(item.ledger.status == "agreed" for item in self.cases))
    @rule(place=CASES, ago=BACK, consents=APPLICANTS, then=OUTCOMES)
    def they_rescind_what_they_agreed(
        self, place: int, ago: timedelta, consents: tuple[str, ...], then: str
    ) -> None:
        place = self._agreed(place)
        self._ask(place, asking.rescind(consents=consents), "sun", self.now - ago)
        self._ask(place, hold(then), "sun", self.now)

    @rule(
        place=CASES,
        by=st.sampled_from(["p1", "p2", "mediator", "committee"]),
        actor=WHO,
        ago=BACK,
        convening=st.booleans(),
    )
    def somebody_signs(self, place: int, by: str, actor: str, ago: timedelta, *, convening: bool) -> None:
        unit = KEEPERS[self._platform(place)] if by == "committee" else None
        self._ask(place, asking.sign(by, unit=unit), actor, self.now - ago, convening=convening)

    @rule(
        place=CASES,
        form=st.sampled_from(["written", "written", "oral"]),
        signatures=SIGNATURES,
        count=st.integers(3, 4),
        back=st.integers(0, 3),
        clock=CLOCKS,
    )
    def a_case_is_settled(
        self, place: int, form: str, signatures: list[str], count: int, back: int, clock: timezone
    ) -> None:
        """Accepted, heard, agreed and signed, in any order, by all or all but one; then another session."""
        self.the_platform_accepts(place, clock, second=False)
        self._ask(place, hold("agreed"), "sun", self._when(timedelta(hours=1), clock))
        self._ask(
            place,
            asking.reach(form, due=day_of(self.now) + back * DAY),
            "sun",
            self._when(timedelta(0), clock),
        )
        self._sign(place, signatures[:count], clock)
        self._ask(place, hold("failed"), "sun", self._when(timedelta(0), clock))

    @rule(
        place=CASES,
        ask=st.sampled_from([asking.perform, asking.pay, asking.breach, asking.supervise]),
        term_=st.integers(1, 3),
        ago=BACK,
    )
    def a_term_is_looked_at(
        self, place: int, ask: Callable[[int], AnyDisputeCommand], term_: int, ago: timedelta
    ) -> None:
        self._ask(self._agreed(place), ask(term_), "sun", self.now - ago)

    @precondition(lambda self: any(item.ledger.status == "agreed" for item in self.cases))
    @rule(place=CASES, off=OFF, applicants=APPLICANTS)
    def they_apply_to_the_court(self, place: int, off: int, applicants: tuple[str, ...]) -> None:
        """Around the last day, once it has come."""
        place = self._agreed(place)
        on = self.cases[place].ledger.last_to_apply() + off * DAY
        noon = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
        if off > -40:
            self.now = max(self.now, noon)
        self._ask(place, asking.apply_jointly(applicants=applicants), "sun", noon)
        self.the_court_decides(place, "confirmed" if off else "refused", timedelta(0))

    @rule(place=CASES, off=OFF, applicants=APPLICANTS)
    def a_case_is_settled_and_brought_to_court(
        self, place: int, off: int, applicants: tuple[str, ...]
    ) -> None:
        self.a_case_is_settled(place, "written", ["p2", "mediator", "p1", "committee"], 4, 0, UTC)
        if any(item.ledger.status == "agreed" for item in self.cases):
            self.they_apply_to_the_court(place, off, applicants)

    @rule(place=CASES, outcome=st.sampled_from(["confirmed", "refused"]), ago=BACK)
    def the_court_decides(self, place: int, outcome: str, ago: timedelta) -> None:
        self._ask(place, asking.rule_on_it(outcome), "sun", self.now - ago)

    @rule(
        place=CASES,
        ask=st.sampled_from([asking.transfer, asking.close_unperformed, asking.visit]),
        actor=WHO,
        ago=BACK,
    )
    def it_ends_or_is_visited(
        self, place: int, ask: Callable[[], AnyDisputeCommand], actor: str, ago: timedelta
    ) -> None:
        self._ask(place, ask(), actor, self.now - ago)

    @rule(place=CASES, ago=BACK, then=OUTCOMES)
    def it_is_taken_up_again(self, place: int, ago: timedelta, then: str) -> None:
        for at in (self.now - ago, self.now):
            self._ask(place, asking.reopen(), "sun", at)
        self._ask(place, hold(then), "sun", self.now)

    # --- what holds always -----------------------------------------------------------------------------------

    @invariant()
    def the_fold_agrees_with_the_ledger(self) -> None:
        for case in self.cases:
            live, ledger = case.live, case.ledger
            assert live is not None
            folded, entered = ((item.status, item.tier, item.number) for item in (live, ledger))
            assert folded == entered, f"the fold does not agree: {folded} is not {entered}"
            assert live.outcome == (ledger.outcome if ledger.status == "closed" else None)
            for tier, failed_on in ledger.failed_on.items():
                assert live.failures_at(tier) == len(failed_on), f"the count at the {tier} drifted"
            assert (live.version, len(live.sessions)) == (len(case.history), len(ledger.sat))
            assert live.version == ledger.version

    @invariant()
    def stays_are_where_the_ledger_has_them(self) -> None:
        for case in self.cases:
            live, ledger = case.live, case.ledger
            assert live is not None
            assert (len(live.stays), live.stay_index) == (len(ledger.stays), ledger.present), "another stay"
            assigned = [(stay.tier, set(stay.mediators)) for stay in live.stays]
            assert assigned == [(stay.tier, stay.assigned[-1][1]) for stay in ledger.stays], "other mediators"
            marked = [
                (escalation.voided, has_lost_basis(live, escalation.because))
                for escalation in live.escalations
            ]
            assert marked == [
                (item.voided, bool(item.counted) and ledger.has_lost_basis(item)) for item in ledger.went
            ]
            assert set(live.proposals) == set(ledger.proposals), "a proposal survived, or vanished"

    @invariant()
    def what_was_agreed_is_what_the_ledger_holds(self) -> None:
        for case in self.cases:
            live, papers = case.live, case.ledger.papers
            assert live is not None
            told = [(item.number, item.status, item.effective_on) for item in live.agreements]
            assert told == [(at, item.state, item.effective) for at, item in enumerate(papers, 1)], (
                "an agreement vanished, or is something else"
            )
            shown = [item.number for item in live.agreements if item is live.agreement]
            assert shown == [at for at, item in enumerate(papers, 1) if item is case.ledger.paper]
            for agreement, paper in zip(live.agreements, papers, strict=True):
                assert [obligation.state for obligation in agreement.obligations] == paper.states
                asked = agreement.confirmation
                assert (asked and asked.request.filed_on) == paper.asked
                assert ((asked and asked.outcome) or "") == paper.decided

    @invariant()
    def numbers_have_no_gap_and_no_repeat(self) -> None:
        for (keeper, year), numbers in self.numbers.items():
            expected = [f"{year}/{keeper}/{place}" for place in range(1, len(numbers) + 1)]
            assert numbers == expected, "a register has a gap or a repeat"
        held = [case.live.number for case in self.cases if case.live and case.live.number]
        issued = [number for numbers in self.numbers.values() for number in numbers]
        assert sorted(held) == sorted(issued), "the cases do not hold the numbers that were issued"

    # --- asking ----------------------------------------------------------------------------------------------

    def _sign(self, place: int, signatures: list[str], clock: timezone) -> None:
        for by in signatures:
            platform = KEEPERS[self._platform(place)]
            unit = platform if by == "committee" else None
            actor = CONVENERS[platform] if unit else self._own_people(place)[0]
            self._ask(
                place,
                asking.sign(by, unit=unit),
                actor,
                self._when(timedelta(0), clock),
                convening=bool(unit),
            )

    def _when(self, ago: timedelta, clock: timezone) -> datetime:
        return (self.now - ago).astimezone(clock)

    def _platform(self, place: int) -> str:
        ledger = self.cases[place % len(self.cases)].ledger
        return ledger.platforms[ledger.tier]

    def _own_people(self, place: int) -> list[str]:
        return list(TERMS[self._platform(place)])

    def _agreed(self, place: int) -> int:
        """A case with an agreement in effect, when there is one."""
        agreed = [at for at, item in enumerate(self.cases) if item.ledger.status == "agreed"]
        return agreed[place % len(agreed)] if agreed else place % len(self.cases)

    def _session(self, place: int, session: int) -> int:
        """One of the sessions of the case, or one that it does not have."""
        count = len(self.cases[place % len(self.cases)].ledger.sat)
        return session if session > 11 or not count else 1 + session % count

    def _file(self, unit: str, difficulty: str | None, at: datetime) -> None:
        command = file_dispute(unit=unit, difficulty=difficulty, occurred_at=at)
        command = command.model_copy(update={"dispute": uuid5(_IDS, str(len(self.cases)))})
        case = Case(Ledger(UNITS[unit], self.around))
        possible = entry(difficulty, UNITS[unit]) is not None and at <= self.now + timedelta(minutes=5)
        if self._decide(case, command, Actor(sub="sun", role=Role.MEDIATOR), expected=possible):
            self.cases.append(case)

    def _ask(
        self, place: int, command: AnyDisputeCommand, actor: str, at: datetime, *, convening: bool = False
    ) -> None:
        place %= len(self.cases)
        case = self.cases[place]
        name = "at" if isinstance(command, MakeAppointment) else command.WHEN[0]
        told = at if isinstance(getattr(command, name), datetime) else day_of(at)
        command = command.model_copy(update={name: told, "dispute": uuid5(_IDS, str(place))})
        who = Actor(sub=actor, role=Role.CONVENER if convening else Role.MEDIATOR)
        self._decide(case, command, who, expected=foretell(case.ledger, command, who, self.now))

    def _decide(self, case: Case, command: AnyDisputeCommand, who: Actor, *, expected: bool | None) -> bool:
        facts, refusal = self._facts(case.live, command, who)
        self._enter(case, facts, who)
        done, name = refusal is None, type(command).__name__
        if expected is not None:
            assert done == expected, (
                f"{name} should be {'carried out' if expected else 'refused'}: {refusal!r}"
            )
        return done

    def _facts(
        self, live: Dispute | None, command: AnyDisputeCommand, who: Actor
    ) -> tuple[tuple[Fact, ...], DomainError | None]:
        world = World(self.now, who, THREE_TIER, ladder(), self.platforms, self.registers, self.calendar)
        try:
            check_times(command, self.now)
            if live is not None and not isinstance(command, FileDispute):
                find(command, live)
                check(command, live)
            return decide(command, live, world), None
        except DomainError as refusal:
            return (), refusal

    def _enter(self, case: Case, facts: tuple[Fact, ...], who: Actor) -> None:
        for fact in facts:
            if isinstance(fact.event, NumberIssued):
                self._number(fact.event, case)
                continue
            event = cast("DisputeEvent", fact.event)
            case.ledger.enter(event, fact.because, who)
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
