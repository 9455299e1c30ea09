"""The counting rule by itself, and how it explains what it found."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain.procedures.counted_stay import CountedSession, CountedStay
from domain.procedures.durations import WorkingDays
from domain.procedures.explanations import why
from domain.procedures.rules import Count, count_failures, exhausted, threshold_reached
from domain.procedures.tier import Tier
from domain.vocabulary import Rule, SessionOutcome
from tests.support.examples import steadily
from tests.support.specification import THREE_TIER, because, failed, moment, sat

FAILED, NO_SHOW = SessionOutcome.FAILED, SessionOutcome.NO_SHOW


def tier(threshold: int) -> Tier:
    """A tier with a threshold."""
    limit = WorkingDays(working_days=1)
    return Tier(name="hall", failed_sessions=threshold, accept_within=limit, mediate_within=limit)


def stay(*outcomes: SessionOutcome) -> CountedStay:
    """A stay with one session a day."""
    return CountedStay(
        "hall",
        tuple(
            CountedSession(place, moment(f"2026-03-{place:02d}"), item)
            for place, item in enumerate(outcomes, 1)
        ),
    )


@pytest.mark.parametrize(("have", "remaining"), [(0, 5), (4, 1), (5, 1), (6, 1)])
def test_at_least_one_further_failure_is_always_missing(have: int, remaining: int) -> None:
    assert Count(have, need=5).remaining == remaining


def test_an_empty_stay_has_spent_nothing() -> None:
    assert threshold_reached(stay(), tier(1), THREE_TIER, latest=1) is None


def test_a_count_is_spent_by_the_failure_that_completes_it() -> None:
    assert threshold_reached(stay(FAILED), tier(2), THREE_TIER, latest=1) is None
    assert threshold_reached(stay(FAILED, FAILED), tier(2), THREE_TIER, latest=2) is not None
    assert threshold_reached(stay(FAILED, FAILED, NO_SHOW), tier(2), THREE_TIER, latest=3) is None
    assert threshold_reached(stay(FAILED, FAILED, NO_SHOW, FAILED), tier(2), THREE_TIER, latest=4) is not None


def test_a_spent_count_is_spent_again_only_by_a_session_after_those_counted() -> None:
    again = replace(stay(FAILED, FAILED, FAILED), last_counted=2)
    assert threshold_reached(again, tier(2), THREE_TIER, latest=2) is None
    assert threshold_reached(again, tier(2), THREE_TIER, latest=3) is not None


@steadily
@generated(outcomes=st.lists(st.sampled_from(SessionOutcome), max_size=12), threshold=st.integers(1, 6))
def test_the_rule_agrees_with_a_recount(outcomes: list[SessionOutcome], threshold: int) -> None:
    numbers = [place for place, item in enumerate(outcomes, 1) if item == "failed"]
    found = threshold_reached(stay(*outcomes), tier(threshold), THREE_TIER, latest=len(outcomes))
    assert count_failures(stay(*outcomes), tier(threshold)) == Count(len(numbers), threshold)
    assert (found is not None) == (len(numbers) >= threshold and outcomes[-1:] == [FAILED])
    if found is not None:
        assert [item.session for item in found.counted] == numbers
        assert (found.tier, found.threshold, found.rule) == ("hall", threshold, Rule.FAILED_SESSIONS)


def test_it_is_complete_when_the_latest_of_the_counted_was_held() -> None:
    late = because(Rule.FAILED_SESSIONS, "hall", 2, sat(1, at="2026-03-09"), sat(2, at="2026-03-05"))
    assert late.complete_at == moment("2026-03-09")


def test_exhaustion_is_the_same_count_under_another_name() -> None:
    spent = because(Rule.FAILED_SESSIONS, "street", 5, *failed(5))
    assert exhausted(spent) == because(Rule.EXHAUSTED, "street", 5, *failed(5))


# --- as sentences --------------------------------------------------------------------------------------------


def test_why_a_case_moved_names_the_days_counted() -> None:
    sentence = str(why(because(Rule.FAILED_SESSIONS, "compound", 2, *failed(3))))
    assert sentence == (
        "3 sessions failed at the compound (2026-03-04, 2026-03-05, 2026-03-06); "
        "the procedure moves the case on after 2"
    )


def test_why_mediation_ended_says_that_there_is_no_further_tier() -> None:
    sentence = str(why(because(Rule.EXHAUSTED, "street", 2, *failed(2))))
    assert sentence == (
        "2 sessions failed at the street (2026-03-04, 2026-03-05); the procedure ends mediation after 2, "
        "because there is no further tier"
    )


def test_the_days_named_are_those_of_shanghai() -> None:
    late = sat(1).model_copy(update={"held_at": datetime(2026, 3, 4, 16, 0, tzinfo=UTC)})
    assert "(2026-03-05)" in str(why(because(Rule.FAILED_SESSIONS, "compound", 1, late)))


def test_a_rule_without_a_threshold_can_be_explained_too() -> None:
    bare = because(Rule.FAILED_SESSIONS, "compound", 1).model_copy(update={"threshold": None})
    assert why(bare).arguments["threshold"] == 0
