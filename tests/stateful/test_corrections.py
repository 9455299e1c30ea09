"""Rule 12 after any history: what falls when a failure that was counted turns out not to have been one.

A history is drawn: sessions of all outcomes, entered late or not, mediators replaced, the case perhaps sent back once
and failed again. It ends where a count moved the case, and goes on above in one of the rule's cases. Then a counted
failure is corrected. What must follow is reckoned here from the drawn history alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import AnyDisputeCommand
from domain.errors import TimeInFuture
from domain.events.envelope import Actor
from tests.stateful.asking import (
    QIAN,
    SUN_CONVENES,
    approve_bypass,
    approve_correction,
    close_unperformed,
    correct,
    propose_bypass,
    reach,
    reject_correction,
    reopen,
    replace_mediators,
    transfer,
)
from tests.support.examples import examples
from tests.support.specification import (
    Given,
    accept,
    file_dispute,
    given,
    hold,
    refuse,
    send_back,
    terminate,
    withdraw,
)
from tests.support.world import LI, SUN, WU, ZHAO

NEEDED = {"compound": 3, "community": 5, "street": 5}
ABOVE = {"compound": "community", "community": "street"}
ENTERS = {"compound": "simple", "community": "general", "street": "complex"}
OWN = {"compound": [WU], "community": [SUN, LI], "street": [ZHAO, QIAN]}
CONVENES = {"community": SUN_CONVENES, "street": ZHAO}
PEOPLE = [SUN, LI, WU, ZHAO, QIAN, SUN_CONVENES]
OTHERWISE = ["no_show", "adjourned", "agreed"]
LATER = "2026-03-25"
steady = examples(25, more=7)


@dataclass
class Story:
    """What happened so far, and a pencilled list of the outcomes of the sessions at the old tier."""

    so_far: Given
    tier: str
    outcomes: list[str]
    mediators: tuple[str, ...]

    @property
    def case(self) -> Dispute:
        return self.so_far.case

    @property
    def failures(self) -> list[int]:
        """The numbers of the failures at the old tier."""
        return [place for place, item in enumerate(self.outcomes, start=1) if item == "failed"]

    def goes_on(self, command: AnyDisputeCommand, by: Actor = SUN) -> "Story":
        self.so_far = self.so_far.when(command, by).after
        return self

    def is_corrected(self, session: int, outcome: str, by: tuple[Actor, Actor]) -> list[str]:
        """Propose and approve; return the names of what follows the approval."""
        self.goes_on(correct(session, outcome, at=LATER), by[0])
        done = self.so_far.when(approve_correction(session, at=LATER), by[1])
        topics = [event.TOPIC.split(".")[1] for event in done.events]
        self.so_far = done.after
        self.outcomes[session - 1] = outcome
        assert topics.pop(0) == "session_corrected"
        return topics


def topics_of(story: Story, command: AnyDisputeCommand, by: Actor = SUN) -> list[str]:
    return [event.TOPIC.split(".")[1] for event in story.so_far.when(command, by).events]


def accepted_above(story: Story, tier: str) -> Story:
    first, *_ = OWN[tier]
    return story.goes_on(accept(first.sub, at="2026-03-22"), first)


@st.composite
def begun(draw: st.DrawFn, tiers: Sequence[str]) -> Story:
    """Accepted at a tier."""
    tier = draw(st.sampled_from(tiers))
    first, *_ = OWN[tier]
    so_far = given().when(file_dispute(difficulty=ENTERS[tier])).after
    story = Story(so_far.when(accept(first.sub), first).after, tier, [], (first.sub,))
    if tier == "community" and draw(st.booleans()):
        story.mediators = ("sun", "li")
        story.goes_on(replace_mediators("sun", "li", at="2026-03-04"))
    return story


def sits(story: Story, outcome: str, day: int) -> None:
    story.outcomes.append(outcome)
    story.goes_on(hold(outcome, at=f"2026-03-{day:02d}"))


@st.composite
def one_short(draw: st.DrawFn, tiers: Sequence[str] = ("compound", "community", "street")) -> Story:
    """One failure short of the count, with other sessions among the failures."""
    story = draw(begun(tiers))
    others = draw(st.lists(st.sampled_from(OTHERWISE), max_size=3))
    failures = ["failed"] * (NEEDED[story.tier] - 1)
    for outcome in draw(st.permutations([*failures, *others])):
        sits(story, outcome, draw(st.integers(3, 15)))
    if draw(st.booleans()):
        story.goes_on(correct(1, "adjourned" if story.outcomes[0] != "adjourned" else "no_show", at=LATER))
        story.goes_on(reject_correction(1, at=LATER), LI)
    return story


@st.composite
def moved_up(draw: st.DrawFn) -> Story:
    """The count was completed, and the case waits above; perhaps it was sent back once and failed again."""
    story = draw(one_short(("compound", "community")))
    sits(story, "failed", 16)
    if draw(st.integers(0, 3)) == 0:
        story.goes_on(send_back(at="2026-03-17"), ZHAO if story.tier == "community" else SUN)
        for outcome in [*draw(st.lists(st.sampled_from(OTHERWISE), max_size=2)), "failed"]:
            sits(story, outcome, 18)
    assert story.case.status == "escalated"
    return story


TWO = st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique_by=lambda item: item.sub).map(tuple)
"""Who proposes, and who approves."""


def basis_is_gone(story: Story) -> bool:
    return len(story.failures) < NEEDED[story.tier]


def must_be_back(story: Story, stays: int) -> None:
    """At the old tier: the same stay, the same mediators, one failure fewer, and the escalation voided."""
    case = story.case
    assert (case.status, case.tier) == ("accepted", story.tier)
    assert case.mediators == story.mediators
    assert (case.stay_index, len(case.stays)) == (0, stays), "the stay is another"
    assert case.failures_at(story.tier) == len(story.failures)
    assert case.escalations[-1].voided


def must_stand(story: Story, before: Dispute) -> None:
    """Where it was, with nothing voided, and marked when its basis is gone."""
    case = story.case
    same = [(item.status, item.tier, item.outcome, item.stay_index, item.stays) for item in (before, case)]
    assert same[0] == same[1]
    last = case.escalations[-1]
    assert not last.voided
    assert has_lost_basis(case, last.because) == basis_is_gone(story)


@steady
@generated(moved_up(), st.data(), TWO)
def test_what_nobody_has_accepted_yet_is_voided(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    before = story.case
    wrong = data.draw(st.sampled_from(story.failures))
    followed = story.is_corrected(wrong, data.draw(st.sampled_from(OTHERWISE)), two)
    if basis_is_gone(story):
        assert followed == ["escalation_voided"]
        must_be_back(story, stays=1)
    else:
        assert followed == []
        must_stand(story, before)


@steady
@generated(moved_up(), st.data(), TWO)
def test_what_was_voided_goes_up_again_with_the_next_failure_and_begins_a_stay_there(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", two)
    if not basis_is_gone(story):
        return
    assert topics_of(story, hold("failed", at=LATER)) == ["session_recorded", "escalated"]
    wrong = data.draw(st.integers(1, len(story.outcomes)))
    if story.outcomes[wrong - 1] != "failed":
        assert story.is_corrected(wrong, "failed", (LI, ZHAO)) == ["escalated"]
        assert story.case.escalations[-1].stay_index == 0


@steady
@generated(moved_up(), st.data(), TWO, st.lists(st.sampled_from(["no_show", "adjourned"]), max_size=3))
def test_what_was_accepted_but_not_yet_heard_is_voided_by_the_convener_alone(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor], called: list[str]
) -> None:
    above = ABOVE[story.tier]
    accepted_above(story, above)
    for outcome in called:
        story.goes_on(hold(outcome, at="2026-03-23"), OWN[above][0])
    before = story.case
    pair = (
        (two[0], CONVENES[above]) if data.draw(st.booleans()) and two[0].sub != CONVENES[above].sub else two
    )
    followed = story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", pair)
    if basis_is_gone(story) and pair[1] == CONVENES[above]:
        assert followed == ["escalation_voided"]
        must_be_back(story, stays=2)
    else:
        assert followed == []
        must_stand(story, before)


HELD = [
    [hold("failed", at="2026-03-23")],
    [hold("agreed", at="2026-03-23")],
    [hold("agreed", at="2026-03-23"), hold("no_show", at="2026-03-24")],
    [hold("agreed", at="2026-03-23"), reach("written", at="2026-03-23")],
    [hold("agreed", at="2026-03-23"), reach("oral", at="2026-03-23")],
    [hold("agreed", at="2026-03-23"), reach("oral", at="2026-03-23"), close_unperformed(at="2026-03-24")],
    [refuse(at="2026-03-23")],
    [withdraw(at="2026-03-23")],
    [terminate(at="2026-03-23")],
    [transfer(at="2026-03-23")],
]
CLOSED = [[refuse(at="2026-03-23")], [withdraw(at="2026-03-23")], [transfer(at="2026-03-23")]]


@steady
@generated(moved_up(), st.data(), TWO, st.one_of(st.sampled_from(HELD), st.sampled_from(CLOSED)))
def test_what_was_heard_agreed_or_closed_stands(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor], then: list[AnyDisputeCommand]
) -> None:
    above = ABOVE[story.tier]
    if then not in CLOSED or data.draw(st.booleans()):
        accepted_above(story, above)
    for command in then:
        story.goes_on(command, OWN[above][0])
    before = story.case
    pair = (two[0], CONVENES[above]) if two[0].sub != CONVENES[above].sub else two
    assert story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", pair) == []
    must_stand(story, before)


@steady
@generated(moved_up(), st.data(), TWO)
def test_what_was_sent_back_stands(story: Story, data: st.DataObject, two: tuple[Actor, Actor]) -> None:
    story.goes_on(send_back(at="2026-03-19"), ZHAO if story.tier == "community" else SUN)
    before = story.case
    assert story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", two) == []
    must_stand(story, before)
    assert story.case.mediators == story.mediators


@steady
@generated(moved_up(), st.data(), TWO)
def test_what_two_people_lifted_rests_on_no_session(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    if story.tier != "compound":
        return
    accepted_above(story, "community")
    story.goes_on(propose_bypass(at="2026-03-23"), SUN).goes_on(approve_bypass(at="2026-03-23"), ZHAO)
    before = story.case
    assert story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", two) == []
    same = [(item.status, item.tier, item.stay_index, item.escalations) for item in (before, story.case)]
    assert same[0] == same[1]


@steady
@generated(one_short(), st.data(), TWO)
def test_a_correction_that_completes_a_count_moves_or_ends_the_case(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    others = [place for place, item in enumerate(story.outcomes, start=1) if item != "failed"]
    if not others:
        sits(story, "no_show", 16)
        others = [len(story.outcomes)]
    followed = story.is_corrected(data.draw(st.sampled_from(others)), "failed", two)
    case = story.case
    assert len(story.failures) == NEEDED[story.tier]
    if story.tier == "street":
        assert followed == ["remedies_notified", "closed"]
        assert (case.status, case.outcome) == ("closed", "failed")
        because = case.closed_because
    else:
        assert followed == ["escalated"]
        assert (case.status, case.tier) == ("escalated", ABOVE[story.tier])
        because = case.escalations[-1].because
    assert because is not None
    assert [item.session for item in because.counted] == story.failures


@steady
@generated(one_short(), st.data(), TWO)
def test_a_correction_that_completes_nothing_moves_nothing(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    before = story.case
    wrong = data.draw(st.integers(1, len(story.outcomes)))
    outcome = data.draw(st.sampled_from([item for item in OTHERWISE if item != story.outcomes[wrong - 1]]))
    assert story.is_corrected(wrong, outcome, two) == []
    assert (story.case.status, story.case.tier, story.case.stay_index) == (
        "accepted",
        before.tier,
        before.stay_index,
    )
    assert story.case.failures_at(story.tier) == len(story.failures)


@steady
@generated(one_short(["street"]), st.data(), TWO)
def test_what_was_exhausted_stays_closed_and_is_marked(
    story: Story, data: st.DataObject, two: tuple[Actor, Actor]
) -> None:
    sits(story, "failed", 16)
    assert (story.case.status, story.case.outcome) == ("closed", "failed")
    assert not has_lost_basis(story.case, story.case.closed_because)
    assert story.is_corrected(data.draw(st.sampled_from(story.failures)), "no_show", two) == []
    assert (story.case.status, story.case.outcome) == ("closed", "failed")
    assert has_lost_basis(story.case, story.case.closed_because)
    story.goes_on(reopen(at=LATER), ZHAO)
    assert (story.case.status, story.case.tier, story.case.failures_at("street")) == ("accepted", "street", 0)


@pytest.mark.parametrize("tier", list(NEEDED))
def test_the_count_needs_exactly_the_number_that_is_written(tier: str) -> None:
    story = Story(given().when(file_dispute(difficulty=ENTERS[tier])).after, tier, [], ())
    story.goes_on(accept(OWN[tier][0].sub), OWN[tier][0])
    for _ in range(NEEDED[tier] - 1):
        sits(story, "failed", 16)
        assert story.case.status == "accepted"
    sits(story, "failed", 16)
    assert story.case.status == ("closed" if tier == "street" else "escalated")


def test_a_session_is_not_corrected_into_the_future() -> None:
    story = Story(given().when(file_dispute()).after, "community", [], ())
    sits(story.goes_on(accept()), "failed", 16)
    tomorrow = story.so_far.now + timedelta(days=1)
    asked = story.so_far.when(correct(1, None, at=LATER, held_at=tomorrow), LI)
    assert isinstance(asked.refusal, TimeInFuture), "a session counts as held on a day that has not come"
