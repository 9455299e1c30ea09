"""Rule 10 over ten years of official calendars: the last day on which a court may be asked to confirm an agreement.

Reckoned here by walking the calendar day by day, as a clerk would with a finger on it.
"""

from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from application.initial_data import official_calendar
from domain.aggregates.dispute import deadlines as outlook
from domain.errors import (
    ConfirmationPending,
    GoesBackwards,
    NotConfirmable,
    OneSided,
    OutOfTime,
    TimeInFuture,
)
from domain.jurisdiction.platform import Platform
from domain.procedures.deadlines import confirm_by
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import SHANGHAI
from tests.stateful.asking import SUN_CONVENES, apply_jointly, reach, rule_on_it, sign
from tests.support.examples import examples
from tests.support.specification import Given, accept, established, file_dispute, hold, moment, term
from tests.support.world import SUN

YEARS = range(2017, 2027)
DAY = timedelta(days=1)
DAYS = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
steady = examples(60, more=7)


@cache
def official() -> Calendar:
    """The calendars of the ten years."""
    found = {year: official_calendar(year) for year in YEARS}
    return Calendar(
        {
            year: PublishedYear(frozenset(item.days_off), frozenset(item.workdays))
            for year, item in found.items()
            if item is not None
        }
    )


def is_off(day: date) -> bool:
    """Whether nobody works; a year that is not published knows weekends alone."""
    if day.year > YEARS[-1]:
        return day.isoweekday() > 5
    return not chinese_calendar.is_workday(day)


def last_day(effective: date) -> date:
    """The thirtieth day after that of the effect, or the first working day after it."""
    day = effective
    for _ in range(30):
        day += DAY
    while is_off(day):
        day += DAY
    return day


def body_of(day: date) -> Platform:
    """A community whose mediator and convener serves on the day."""
    serving = term("sun", begins=(day - 400 * DAY).isoformat(), ends=(day + 400 * DAY).isoformat())
    described = {"unit": "dongguang.c01", "tier": "community", "title": "东光一社"}
    return established(**described, number_pattern="{year}/{n}", convener="sun", mediators=[serving])


def agreed_on(effective: date, calendar: Calendar) -> Given:
    """An agreement in effect from a day: the others sign before, the committee seals in that day's last minute."""
    day = [(effective - back * DAY).isoformat() for back in range(9)]
    noon = datetime(effective.year, effective.month, effective.day, 12, tzinfo=SHANGHAI)
    so_far = Given(platforms={"dongguang.c01": body_of(effective)}, now=noon + 90 * DAY, calendar=calendar)
    for command, by in (
        (file_dispute(occurred_at=noon - 8 * DAY), SUN),
        (accept(at=day[7]), SUN),
        (hold("agreed", at=day[3]), SUN),
        (reach("written", at=day[3], due=effective + 99 * DAY), SUN),
        (sign("p1", at=day[2]), SUN),
        (sign("p2", at=day[0]), SUN),
        (sign("mediator", at=day[1]), SUN),
        (sign("committee", at=f"{day[0]} 23:59"), SUN_CONVENES),
    ):
        so_far = so_far.when(command, by).after
    assert so_far.case.status == "agreed"
    return so_far


def refusal_of(so_far: Given, filed_on: date, applicants: tuple[str, ...] = ("p1", "p2")) -> type | None:
    """As what an application is refused; None where it is carried out."""
    done = so_far.when(apply_jointly(filed_on.isoformat(), applicants=applicants))
    assert done.refusal or [event.TOPIC for event in done.events] == ["dispute.confirmation_requested.v1"]
    return type(done.refusal) if done.refusal else None


def must_end_on(so_far: Given, effective: date, last: date) -> None:
    """From the day of the effect to the last one, and on no other."""
    assert [refusal_of(so_far, item) for item in (effective, last)] == [None, None]
    assert [refusal_of(so_far, item) for item in (effective - DAY, last + DAY)] == [GoesBackwards, OutOfTime]
    deadlines = outlook.deadlines(so_far.case, so_far.rungs, so_far.calendar)
    assert [deadline.due_on for deadline in deadlines if deadline.kind == "confirm"] == [last]


@steady
@generated(DAYS)
def test_the_last_day_is_the_thirtieth_or_the_next_on_which_people_work(effective: date) -> None:
    must_end_on(agreed_on(effective, official()), effective, last_day(effective))


def test_every_day_of_ten_years_ends_where_the_clerk_says() -> None:
    for offset in range((date(YEARS[-1], 12, 31) - date(YEARS[0], 1, 1)).days + 1):
        effective = date(YEARS[0], 1, 1) + offset * DAY
        assert confirm_by(effective, official()).due_on == last_day(effective)


@pytest.mark.parametrize(
    ("effective", "last", "about"),
    [
        ("2026-03-02", "2026-04-01", "a Wednesday"),
        ("2026-03-06", "2026-04-07", "Qingming and the weekend"),
        ("2026-01-16", "2026-02-24", "the Spring Festival"),
        ("2026-01-15", "2026-02-14", "a Saturday that is worked before the festival"),
        ("2025-09-01", "2025-10-09", "the eight days of October"),
        ("2026-12-03", "2027-01-04", "a weekend of a year not yet published"),
    ],
)
def test_known_days_end_where_the_calendar_on_the_wall_says(effective: str, last: str, about: str) -> None:
    from_day, to_day = date.fromisoformat(effective), date.fromisoformat(last)
    must_end_on(agreed_on(from_day, official()), from_day, to_day)


@steady
@generated(DAYS, st.integers(0, 60), st.sampled_from([("p1",), ("p2",), ("p1", "p1")]))
def test_one_side_alone_is_never_enough(effective: date, after: int, applicants: tuple[str, ...]) -> None:
    refused = refusal_of(agreed_on(effective, official()), effective + after * DAY, applicants)
    assert refused is (OneSided if effective + after * DAY <= last_day(effective) else OutOfTime)


@steady
@generated(DAYS, st.integers(0, 60))
def test_what_was_agreed_by_word_of_mouth_is_never_confirmed(agreed: date, after: int) -> None:
    noon = datetime(agreed.year, agreed.month, agreed.day, 12, tzinfo=SHANGHAI)
    so_far = Given(platforms={"dongguang.c01": body_of(agreed)}, now=noon + 90 * DAY, calendar=official())
    for command in (
        file_dispute(occurred_at=noon - 2 * DAY),
        accept(at=(agreed - DAY).isoformat()),
        hold("agreed", at=agreed.isoformat()),
        reach("oral", at=agreed.isoformat()),
    ):
        so_far = so_far.when(command).after
    assert so_far.case.status == "agreed"
    assert refusal_of(so_far, agreed + after * DAY) is NotConfirmable


@steady
@generated(
    effective=DAYS,
    off=st.sets(st.integers(0, 60)),
    worked=st.sets(st.integers(0, 60)),
    published=st.booleans(),
)
def test_any_calendar_moves_the_last_day_to_where_people_work(
    effective: date, off: set[int], worked: set[int], *, published: bool
) -> None:
    days_off = {item for item in (effective + at * DAY for at in off) if item.isoweekday() < 6}
    workdays = {item for item in (effective + at * DAY for at in worked) if item.isoweekday() > 5}
    year = PublishedYear(frozenset(days_off), frozenset(workdays))
    years = {effective.year: year, effective.year + 1: year} if published else {}
    last = effective + 30 * DAY
    while (last.isoweekday() > 5 and not (published and last in workdays)) or (
        published and last in days_off
    ):
        last += DAY
    must_end_on(agreed_on(effective, Calendar(years)), effective, last)


@steady
@generated(DAYS, st.sampled_from(["confirmed", "refused"]))
def test_a_second_application_waits_for_the_court(effective: date, outcome: str) -> None:
    once = agreed_on(effective, official()).when(apply_jointly(effective.isoformat())).after
    assert refusal_of(once, effective) is ConfirmationPending
    decided = once.when(rule_on_it(outcome, on=effective.isoformat())).after
    assert decided.case.agreement is not None
    assert decided.case.agreement.confirmation is not None
    assert decided.case.agreement.confirmation.outcome == outcome


def test_nobody_applies_tomorrow() -> None:
    so_far = agreed_on(date(2026, 3, 2), official()).at(moment("2026-03-20"))
    assert [refusal_of(so_far, date(2026, 3, day)) for day in (20, 21)] == [None, TimeInFuture]
