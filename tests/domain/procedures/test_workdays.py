"""Working days and due days on the official calendar."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from application.initial_data import official_calendar
from domain.procedures.durations import Days, Months, TimeLimit, WorkingDays
from domain.procedures.workdays import Calendar, DueDay, PublishedYear
from tests.support.examples import steadily
from tests.support.specification import moment


@cache
def official(*years: int) -> Calendar:
    """The calendar with these years published."""
    published: dict[int, PublishedYear] = {}
    for year in years:
        command = official_calendar(year)
        assert command is not None
        published[year] = PublishedYear(frozenset(command.days_off), frozenset(command.workdays))
    return Calendar(published)


def due(start: str, limit: TimeLimit, calendar: Calendar | None = None) -> str:
    """The due day of a limit, on the official calendar of 2025 and 2026 unless another is given."""
    return (calendar or official(2025, 2026)).due(moment(start), limit).on.isoformat()


def working_days(count: int) -> WorkingDays:
    """So many working days."""
    return WorkingDays(working_days=count)


# --- working days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-04-30", True),
        ("2026-05-01", False),
        ("2026-05-05", False),
        ("2026-05-06", True),
        ("2026-05-08", True),
        ("2026-05-09", True),
        ("2026-05-10", False),
        ("2026-05-16", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
    ],
)
def test_the_official_calendar_says_who_works_when(day: str, *, worked: bool) -> None:
    assert official(2026).is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("day", "worked"), [("2027-01-01", True), ("2027-01-02", False), ("2027-01-03", False)]
)
def test_an_unpublished_year_is_monday_to_friday(day: str, *, worked: bool) -> None:
    assert official(2026).is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-05-08", 2, "2026-05-11"),
        ("2026-05-09", 1, "2026-05-11"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2025-12-31", 2, "2026-01-05"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, count: int, expected: str) -> None:
    assert due(start, working_days(count)) == expected


@pytest.mark.parametrize("time", ["00:00", "23:59"])
def test_the_hour_of_the_first_day_does_not_matter(time: str) -> None:
    assert due(f"2026-05-08 {time}", working_days(2)) == "2026-05-11"


def test_the_first_day_is_that_of_shanghai() -> None:
    friday_evening = datetime(2026, 5, 8, 15, 59, tzinfo=UTC)
    calendar = official(2026)
    assert calendar.due(friday_evening, working_days(1)).on == date(2026, 5, 9)
    assert calendar.due(friday_evening + timedelta(minutes=1), working_days(1)).on == date(2026, 5, 11)


# --- days and months -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-02", 30, "2026-04-01"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-02", 6, "2026-03-09"),
        ("2026-03-02", 7, "2026-03-09"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-05-08", 2, "2026-05-11"),
    ],
)
def test_a_last_day_that_is_off_moves_to_the_next_working_day(start: str, days: int, expected: str) -> None:
    assert due(start, Days(days=days)) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-03-03", 1, "2026-04-03"),
        ("2026-03-05", 1, "2026-04-07"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-04-30", 1, "2026-06-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-11-30", 1, "2025-12-30"),
        ("2025-12-05", 1, "2026-01-05"),
        ("2025-11-10", 2, "2026-01-12"),
        ("2025-01-15", 12, "2026-01-15"),
        ("2024-12-10", 24, "2026-12-10"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last_there_is(start: str, months: int, expected: str) -> None:
    assert due(start, Months(months=months), official(2024, 2025, 2026)) == expected


# --- provisional ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "years", "provisional"),
    [
        ("2026-12-30", working_days(1), (2026,), False),
        ("2026-12-30", working_days(2), (2026,), True),
        ("2026-12-30", working_days(1), (), True),
        ("2025-12-31", working_days(1), (2025, 2026), False),
        ("2025-12-31", working_days(1), (2026,), True),
        ("2025-12-31", working_days(1), (2025,), True),
        ("2024-12-10", Months(months=24), (2024, 2026), True),
        ("2026-12-01", Months(months=1), (2026,), True),
        ("2026-12-01", Days(days=30), (2026,), False),
    ],
)
def test_a_day_is_provisional_while_it_rests_on_an_unpublished_year(
    start: str, limit: TimeLimit, years: tuple[int, ...], *, provisional: bool
) -> None:
    assert official(*years).due(moment(start), limit).provisional is provisional


def test_publishing_the_year_may_move_the_day() -> None:
    start = moment("2026-04-30")
    assert Calendar().due(start, working_days(1)) == DueDay(date(2026, 5, 1), provisional=True)
    assert official(2026).due(start, working_days(1)) == DueDay(date(2026, 5, 6), provisional=False)


# --- against a recount with a pencil -------------------------------------------------------------------------

MONDAY = date(2026, 1, 5)
SHIFTS = st.dictionaries(st.integers(0, 120), st.booleans(), max_size=60)


def with_shifts(shifts: Mapping[int, bool]) -> tuple[Calendar, set[date]]:
    """A calendar in which some days are worked or off against the rule, and the set of days worked."""
    days = {MONDAY + timedelta(offset): worked for offset, worked in shifts.items()}
    published = PublishedYear(
        frozenset(day for day, worked in days.items() if not worked and day.weekday() < 5),
        frozenset(day for day, worked in days.items() if worked and day.weekday() >= 5),
    )
    usual = [MONDAY + timedelta(offset) for offset in range(355)]
    worked = {day for day in usual if days.get(day, day.isoweekday() not in {6, 7})}
    return Calendar({2026: published}), worked


def at_noon(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return moment(f"{day.isoformat()} 12:00")


@steadily
@generated(shifts=SHIFTS, offset=st.integers(0, 60), count=st.integers(1, 40))
def test_working_days_agree_with_a_recount(shifts: dict[int, bool], offset: int, count: int) -> None:
    calendar, worked = with_shifts(shifts)
    start = MONDAY + timedelta(offset)
    expected = sorted(day for day in worked if day > start)[count - 1]
    assert calendar.due(at_noon(start), working_days(count)) == DueDay(expected, provisional=False)


@steadily
@generated(shifts=SHIFTS, offset=st.integers(0, 60), count=st.integers(1, 60))
def test_days_agree_with_a_recount(shifts: dict[int, bool], offset: int, count: int) -> None:
    calendar, worked = with_shifts(shifts)
    start = MONDAY + timedelta(offset)
    expected = min(day for day in worked if day >= start + timedelta(count))
    assert calendar.due(at_noon(start), Days(days=count)).on == expected


@steadily
@generated(start=st.dates(date(2004, 1, 1), date(2026, 12, 31)), count=st.integers(1, 30))
def test_months_agree_with_a_recount(start: date, count: int) -> None:
    month = start.month + count
    year = start.year + (month - 1) // 12
    for day in range(start.day, 0, -1):
        try:
            expected = date(year, (month - 1) % 12 + 1, day)
        except ValueError:
            continue
        break
    while expected.isoweekday() in {6, 7}:
        expected += timedelta(1)
    assert Calendar().due(at_noon(start), Months(months=count)) == DueDay(expected, provisional=True)
