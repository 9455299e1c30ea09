"""Folding facts: total over whatever history holds, and deaf to everything but the facts."""

from copy import copy
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.aggregates.dispute.evolve import states_of
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS
from domain.aggregates.dispute.stays import Escalation
from domain.events.dispute import (
    Closed,
    ClosureVoided,
    DisputeEvent,
    FactRetracted,
    OpeningEvent,
    Reopened,
)
from domain.vocabulary import Status
from tests.support.examples import steadily
from tests.support.samples import EVENTS
from tests.support.specification import (
    PLATFORMS,
    accepted,
    advised,
    closed,
    declined,
    escalated,
    failed,
    filed,
    filed_at,
    given,
    moment,
    refused,
    returned,
    sat,
    terminated,
    told,
    told_of_remedies,
    withdrawn,
)

TIERS = st.sampled_from(list(PLATFORMS))
DAYS = st.integers(1, 28).map(lambda day: f"2026-03-{day:02d}")
EXAMPLES = tuple(event for event in EVENTS if isinstance(event, DisputeEvent))
LATER: st.SearchStrategy[DisputeEvent] = st.one_of(
    st.sampled_from([example for example in EXAMPLES if not isinstance(example, OpeningEvent)]),
    st.builds(declined, DAYS),
    st.builds(lambda tier, at: accepted(tier, at=at), TIERS, DAYS),
    st.builds(lambda start, end, at: returned(start, end, at=at), TIERS, TIERS, DAYS),
    st.builds(
        lambda number, outcome, tier, at: sat(number, outcome, tier, at=at),
        st.integers(1, 30),
        st.sampled_from(["agreed", "failed", "adjourned", "no_show"]),
        TIERS,
        DAYS,
    ),
    st.builds(advised, DAYS),
    st.builds(lambda start, end, at: escalated(start, end, at=at), TIERS, TIERS, DAYS),
    st.builds(refused, st.sampled_from(["p1", "p2"]), DAYS),
    st.builds(withdrawn, st.just("p1"), DAYS),
    st.builds(terminated, DAYS),
    st.builds(told_of_remedies, DAYS),
    st.builds(closed, st.sampled_from(["failed", "refused", "withdrawn", "declined"]), DAYS),
)
HISTORIES = st.builds(lambda tier, rest: [filed_at(tier), *rest], TIERS, st.lists(LATER, max_size=25))


def test_the_generated_histories_know_every_fact() -> None:
    assert {type(example) for example in EXAMPLES} == set(get_args(DisputeEvent))


def test_every_fact_has_its_evolution() -> None:
    assert set(EVOLUTIONS) == set(get_args(DisputeEvent))


@steadily
@generated(history=HISTORIES)
def test_whatever_happened_can_be_folded(history: list[DisputeEvent]) -> None:
    case = given(*history).case
    assert case.version == len(history)
    assert len(case.sessions) == sum(recorded.TOPIC == "dispute.session_recorded.v1" for recorded in history)


@steadily
@generated(history=HISTORIES, cut=st.integers(0, 26))
def test_folding_in_two_parts_is_folding_at_once(history: list[DisputeEvent], cut: int) -> None:
    facts = told(history)
    assert replay(facts[cut:], replay(facts[:cut])) == replay(facts)


@steadily
@generated(history=HISTORIES)
def test_folding_what_was_written_down_is_folding_what_happened(history: list[DisputeEvent]) -> None:
    read_back = [type(recorded).model_validate_json(recorded.model_dump_json()) for recorded in history]
    assert replay(told(read_back)) == replay(told(history))


@steadily
@generated(history=HISTORIES)
def test_the_outcome_is_that_of_the_last_closing(history: list[DisputeEvent]) -> None:
    retracted = {item.at_version for item in history if isinstance(item, FactRetracted)}
    outcome = None
    for version, item in enumerate(history, start=1):
        if isinstance(item, Closed) and version not in retracted:
            outcome = item.outcome
        if isinstance(item, Reopened | ClosureVoided) and version not in retracted:
            outcome = None
    assert given(*history).case.outcome == outcome


@steadily
@generated(history=HISTORIES)
def test_a_state_stays_as_it_was_when_facts_are_added_to_it(history: list[DisputeEvent]) -> None:
    states = [state for _, state in states_of(told(history))]
    remembered = [(state, copy(state)) for state in states]
    for state in states:
        for item in history[1:]:
            evolve(state, item)
    assert all(state == as_it_was for state, as_it_was in remembered)


def test_of_nothing_there_is_nothing() -> None:
    assert replay([]) is None


def test_a_history_begins_with_a_filing() -> None:
    with pytest.raises(LookupError, match=r"dispute\.accepted\.v1"):
        evolve(None, accepted())


@pytest.mark.parametrize("event", [declined(), withdrawn(), terminated(), told_of_remedies(), advised()])
def test_some_facts_change_nothing_but_the_version(event: DisputeEvent) -> None:
    before = given(filed(), accepted()).case
    assert evolve(before, event) == replace(before, version=3)


# --- stays ---------------------------------------------------------------------------------------------------


def test_a_new_acceptance_at_the_same_tier_begins_a_new_stay() -> None:
    again = given(filed(), accepted(), *failed(4), accepted("community", "li", at="2026-03-19")).case
    assert (again.failures_at("community"), again.mediators) == (0, ("li",))
    assert again.stay is not None
    assert again.stay.accepted_at == moment("2026-03-19")
    assert given(
        *(filed(), accepted(), *failed(4), accepted(at="2026-03-19")), sat(5)
    ).case.counted_stay.failures == (given(filed(), accepted(), sat(5)).case.counted_stay.failures)


def test_a_later_acceptance_without_a_number_keeps_the_number() -> None:
    assert given(filed(), accepted(number="一"), accepted(number=None)).case.number == "一"


def test_a_case_that_waits_has_neither_tenure_nor_mediators_nor_stay() -> None:
    case = given(filed(), accepted(), *failed(5), escalated()).case
    assert (case.stay, case.mediators, case.counted_stay.sessions) == (None, (), ())
    assert (case.failures_at("community"), case.failures_at("street"), case.counted_stay.tier) == (
        5,
        0,
        "street",
    )


def test_a_session_of_a_tier_that_never_accepted_is_kept_but_counts_nowhere() -> None:
    case = given(filed(), sat(1)).case
    assert (len(case.sessions), case.failures_at("community")) == (1, 0)
    assert (case.sessions[0].tier, case.sessions[0].counted.number) == ("community", 1)


# --- moves ---------------------------------------------------------------------------------------------------


def test_each_escalation_is_kept_with_the_version_of_its_event() -> None:
    case = given(filed(), accepted(), *failed(5), escalated(), returned(), sat(6), escalated()).case
    assert case.escalations == (
        Escalation("community", "street", stay_index=0, at_version=8),
        Escalation("community", "street", stay_index=0, at_version=11),
    )


def test_a_platform_where_the_case_was_twice_is_listed_once() -> None:
    case = given(filed(), accepted(), *failed(5), escalated(), returned(), sat(6), escalated()).case
    assert case.platforms == ("dongguang.c01", "dongguang")


@pytest.mark.parametrize(
    ("event", "day"),
    [
        (accepted(at="2026-03-24"), 24),
        (escalated(at="2026-03-24"), 24),
        (returned(at="2026-03-24"), 24),
        (closed("withdrawn", at="2026-03-24"), 24),
        (sat(1, at="2026-03-24"), 3),
        (advised(at="2026-03-24"), 3),
        (refused(at="2026-03-24"), 3),
    ],
)
def test_the_day_of_the_last_step_follows_status_changes_only(event: DisputeEvent, day: int) -> None:
    assert given(filed(), accepted(), event).case.moved_on.day == day


@pytest.mark.parametrize(("time", "day"), [("23:59", 24), ("00:00", 24)])
def test_a_day_is_a_day_in_shanghai(time: str, day: int) -> None:
    assert given(filed(), accepted(at=f"2026-03-24 {time}")).case.moved_on.day == day


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((filed(),), Status.FILED),
        ((filed(), accepted()), Status.ACCEPTED),
        ((filed(), accepted(), escalated()), Status.ESCALATED),
        ((filed(), accepted(), escalated(), returned()), Status.ACCEPTED),
        ((filed(), accepted(), escalated(), accepted("street", "zhao")), Status.ACCEPTED),
        ((filed(), closed("withdrawn")), Status.CLOSED),
    ],
)
def test_a_status_follows_from_the_last_step(history: tuple[DisputeEvent, ...], status: Status) -> None:
    case = replay(told(history))
    assert isinstance(case, Dispute)
    assert case.status is status
