"""What lies ahead of a case: its deadlines, and what is missing before a rule moves it."""

from datetime import date

import pytest

from application.initial_data import official_calendar
from domain.aggregates.dispute.deadlines import deadlines
from domain.aggregates.dispute.pending_moves import PendingMove, pending_moves
from domain.events.dispute import DisputeEvent
from domain.procedures.deadlines import Deadline
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import Rule
from tests.support.later import BOUND
from tests.support.specification import (
    accepted,
    closed,
    escalated,
    failed,
    filed,
    filed_at,
    given,
    ladder,
    returned,
    sat,
)

ACCEPTED = (filed(), accepted())
ESCALATED = (*ACCEPTED, *failed(5), escalated())
MEDIATE = ("mediate", date(2026, 4, 3))


def due(*history: DisputeEvent) -> list[tuple[str, date]]:
    """What is due in a case."""
    found = deadlines(given(*history).case, ladder(), Calendar())
    assert all(item.provisional for item in found)
    return [(item.kind, item.due_on) for item in found]


def missing(*history: DisputeEvent, last_tier: bool = False) -> tuple[PendingMove, ...]:
    """What has not moved a case yet."""
    return pending_moves(given(*history).case, ladder(), Calendar(), last_tier=last_tier)


# --- deadlines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "day"),
    [("compound", date(2026, 3, 3)), ("community", date(2026, 3, 4)), ("street", date(2026, 3, 5))],
)
def test_each_tier_has_its_own_time_to_accept(tier: str, day: date) -> None:
    assert due(filed_at(tier)) == [("accept", day)]


def test_the_official_calendar_moves_the_day() -> None:
    published = official_calendar(2026)
    assert published is not None
    year = PublishedYear(frozenset(published.days_off), frozenset(published.workdays))
    before_a_worked_saturday = given(filed("2026-05-08 16:30")).case
    assert deadlines(before_a_worked_saturday, ladder(), Calendar({2026: year})) == (
        Deadline("accept", date(2026, 5, 11), provisional=False),
    )


def test_after_acceptance_there_is_a_month_to_mediate() -> None:
    assert due(*ACCEPTED) == [MEDIATE]


def test_sessions_do_not_put_the_time_limit_off() -> None:
    assert due(*ACCEPTED, *failed(4)) == [MEDIATE]


def test_an_escalated_case_is_to_be_accepted_within_the_next_tiers_time() -> None:
    assert due(*ESCALATED) == [("accept", date(2026, 3, 25))]


def test_a_returned_case_goes_on_under_its_old_time_limit() -> None:
    assert due(*ESCALATED, returned()) == [MEDIATE]


def test_the_next_tier_has_a_month_of_its_own() -> None:
    at_the_street = accepted("street", "zhao", at="2026-03-24", number=None)
    assert due(*ESCALATED, at_the_street) == [("mediate", date(2026, 4, 24))]


def test_nothing_is_due_in_a_closed_case() -> None:
    assert due(*ACCEPTED, closed("withdrawn")) == []


@pytest.mark.parametrize(("today", "overdue"), [(3, False), (4, False), (5, True)])
def test_a_deadline_is_overdue_from_the_day_after(today: int, *, overdue: bool) -> None:
    deadline = Deadline("accept", date(2026, 3, 4), provisional=False)
    assert deadline.overdue(date(2026, 3, today)) is overdue


# --- why not yet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "remaining"), [(0, 5), (1, 4), (4, 1)])
def test_it_says_how_many_failures_are_missing(count: int, remaining: int) -> None:
    counted, clock = missing(*ACCEPTED, *failed(count), sat(count + 1, "no_show"))
    assert (counted.rule, counted.have, counted.need, counted.by) == (Rule.FAILED_SESSIONS, count, 5, None)
    verb = "session at the community moves" if remaining == 1 else "sessions at the community move"
    assert str(counted.text) == f"{remaining} more failed {verb} the case to the next tier"
    assert clock.rule is Rule.MEDIATE_LIMIT


def test_after_a_return_one_further_failure_is_enough() -> None:
    counted, _ = missing(*ESCALATED, returned())
    assert (counted.have, counted.need, counted.text.arguments["remaining"]) == (5, 5, 1)


def test_at_the_last_tier_it_says_that_mediation_would_end() -> None:
    at_the_street = (*ESCALATED, accepted("street", "zhao", at="2026-03-24", number=None))
    counted, _ = missing(*at_the_street, sat(6, tier="street"), last_tier=True)
    assert (counted.have, counted.need) == (1, 5)
    assert str(counted.text) == (
        "4 more failed sessions at the street end mediation, because there is no further tier"
    )


def test_it_says_until_when_the_tier_has_to_mediate() -> None:
    _, clock = missing(*ACCEPTED)
    assert (clock.have, clock.need, clock.by) == (None, None, date(2026, 4, 3))
    assert (
        str(clock.text)
        == "the time limit for mediation at the community is 2026-04-03; after that the case is only marked as overdue"
    )


@pytest.mark.parametrize(
    ("history", "tier", "need", "day"),
    [((filed(),), "community", 5, date(2026, 3, 4)), (ESCALATED, "street", 5, date(2026, 3, 25))],
)
def test_a_case_that_waits_counts_nothing_and_has_until_a_day_to_be_accepted(
    history: tuple[DisputeEvent, ...], tier: str, need: int, day: date
) -> None:
    counted, clock = missing(*history)
    assert (counted.have, counted.need) == (0, need)
    assert (clock.rule, clock.by) == (Rule.ACCEPT_LIMIT, day)
    assert (
        str(clock.text)
        == f"the {tier} has until {day.isoformat()} to accept the case; after that it is only marked as overdue"
    )


def test_of_a_closed_case_nothing_more_is_expected() -> None:
    assert missing(*ACCEPTED, closed("withdrawn")) == ()


def test_an_agreement_in_effect_waits_for_its_terms() -> None:
    (owed,) = missing(*BOUND)
    assert (owed.rule, owed.have, owed.need, owed.by) == (Rule.PERFORMED, 0, 1, date(2026, 4, 10))
    assert str(owed.text).endswith("before the case is closed: 1, the last by 2026-04-10")
