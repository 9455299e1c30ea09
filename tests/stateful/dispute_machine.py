"""Several disputes, any commands in any order, under clocks that jump: decided by the domain, kept with a pencil.

Whoever asks is drawn, and so are the days off and the make-up workdays of the calendar, and which years of it were
published. People enter late, from other time zones, and sometimes ahead.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import AnyDisputeCommand
from domain.vocabulary import SessionOutcome
from tests.stateful import asking
from tests.stateful.ledger import day_of
from tests.stateful.taking_back import TakingBack
from tests.stateful.town import (
    APPLICANTS,
    BACK,
    CASES,
    CLOCKS,
    CONVENERS,
    DAY,
    KEEPERS,
    OFF,
    OUTCOMES,
    PEOPLE,
    SIGNATURES,
    UNITS,
    WALLS,
    WHO,
    Wall,
)
from tests.support.examples import SOAK, steadily
from tests.support.specification import (
    accept,
    advise,
    decline,
    hold,
    refuse,
    send_back,
    terminate,
    withdraw,
)

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


RECORDS: Final = [
    asking.assess,
    asking.report,
    asking.attach,
    asking.call,
    asking.add_party,
    asking.rename,
]


class DisputeMachine(TakingBack):
    """Asks for anything, and holds the domain's state against the ledger's."""

    # --- rules -----------------------------------------------------------------------------------------------

    @initialize(
        units=st.lists(st.sampled_from(list(UNITS)), min_size=1, max_size=3),
        accepted=st.booleans(),
        wall=WALLS,
    )
    def begin(self, units: list[str], wall: Wall, *, accepted: bool) -> None:
        self.hang_up(wall)
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
        done=st.booleans(),
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
        done: bool,
    ) -> None:
        """A draft that replaces the agreement, signed by all or not by all; then perhaps performed, or given up."""
        place = self._agreed(place)
        command = asking.change(form, terms=terms, due=day_of(self.now) + DAY, promise=promise)
        self._ask(place, command, "sun", self.now - ago)
        self._sign(place, signatures[:count], UTC)
        self._ask(place, asking.pay(terms + promise), "sun", self.now)
        for term in range(1, terms + promise + 1) if done else ():
            self._ask(place, asking.perform(term), "sun", self.now)

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
            assert live.moved_on == ledger.moved, "the day of the last move drifted"
            assert live.retracted == ledger.retracted
            for tier, failed_on in ledger.failed_on.items():
                assert live.failures_at(tier) == len(failed_on), f"the count at the {tier} drifted"
            assert (live.version, len(live.sessions)) == (len(case.history), len(ledger.sat))
            assert live.version == ledger.version

    @invariant()
    def parties_calls_and_twins_are_those_of_the_ledger(self) -> None:
        for case in self.cases:
            live, ledger = case.live, case.ledger
            assert live is not None
            there = {party.id: party.name for party in live.parties}
            assert there == ledger.parties, "other parties"
            assert {party.id for party in live.present_parties} == ledger.staying, "a party left, or did not"
            assert [item.state for item in live.appointments] == ledger.calls, (
                "an appointment is something else"
            )
            assert live.duplicate_of == ledger.duplicate_of, "a duplicate of another case"
            twins = [item.id for item in self.cases if item.ledger.duplicate_of == case.id]
            assert sorted(live.duplicates) == sorted(twins), "two cases do not name each other"

    @invariant()
    def stays_are_where_the_ledger_has_them(self) -> None:
        for case in self.cases:
            live, ledger = case.live, case.ledger
            assert live is not None
            assert (len(live.stays), live.stay_index) == (len(ledger.stays), ledger.present), "another stay"
            assigned = [(stay.tier, set(stay.mediators)) for stay in live.stays]
            assert assigned == [(stay.tier, stay.assigned[-1][1]) for stay in ledger.stays], "other mediators"
            clocks = [(day_of(stay.accepted_at), stay.extended_until) for stay in live.stays]
            assert clocks == [(stay.since, stay.longer) for stay in ledger.stays], "another time limit"
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
            assert told == [(item.number, item.state, item.effective) for item in papers], (
                "an agreement vanished, or is something else"
            )
            shown = [item.number for item in live.agreements if item is live.agreement]
            assert shown == [item.number for item in papers if item is case.ledger.paper]
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
