"""The official calendar: the system publishes a year once, and only days that make one are a calendar."""

from datetime import date

import pytest

from application.initial_data import FIRST_YEAR, SYSTEM_ACTOR, official_calendar
from domain.aggregates.calendar import CalendarYear, decide, evolve
from domain.aggregates.calendar_days import check
from domain.commands.calendar import PublishCalendar
from domain.errors import CalendarFlawed, CalendarPublishedOtherwise
from domain.events.calendar import CalendarPublished
from domain.procedures.workdays import PublishedYear
from tests.support.world import NOW

NEW_YEAR, MONDAY, SATURDAY = date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 9)


def calendar(
    days_off: tuple[date, ...] = (NEW_YEAR,), workdays: tuple[date, ...] = (SATURDAY,)
) -> PublishCalendar:
    return PublishCalendar(year=2027, days_off=days_off, workdays=workdays, basis="样例")


def test_the_system_publishes_a_year_once() -> None:
    command = official_calendar(2026)
    assert command is not None
    (fact,) = decide(command, None, SYSTEM_ACTOR, NOW)
    assert isinstance(fact.event, CalendarPublished)
    year = evolve(None, fact.event)
    assert year == CalendarYear(published=fact.event)
    assert year.days == PublishedYear(frozenset(command.days_off), frozenset(command.workdays))
    assert decide(command, year, SYSTEM_ACTOR, NOW) == ()
    with pytest.raises(CalendarPublishedOtherwise):
        decide(command.model_copy(update={"workdays": ()}), year, SYSTEM_ACTOR, NOW)


@pytest.mark.parametrize("year", range(FIRST_YEAR, 2027))
def test_every_official_calendar_is_one(year: int) -> None:
    found = official_calendar(year)
    assert found is not None
    check(found)


@pytest.mark.parametrize(
    ("days_off", "workdays", "wrong"),
    [
        ((date(2026, 1, 1),), (), [("days_off.0", "is not a day of 2027")]),
        ((NEW_YEAR, SATURDAY), (), [("days_off.1", "is a Saturday or Sunday, which is off anyway")]),
        ((), (MONDAY,), [("workdays.0", "is no Saturday or Sunday, so that people work anyway")]),
        ((NEW_YEAR, NEW_YEAR), (), [("days_off.1", "stands twice")]),
        (
            (MONDAY,),
            (MONDAY,),
            [
                ("days_off.0", "stands twice"),
                ("workdays.0", "is no Saturday or Sunday, so that people work anyway"),
                ("workdays.0", "stands twice"),
            ],
        ),
        ((), (date(2028, 1, 1), SATURDAY, MONDAY), [("workdays.0", "is not a day of 2027"), ("workdays.2", "is no Saturday or Sunday, so that people work anyway")]),
    ],
)  # fmt: skip
def test_days_that_make_no_calendar_are_told_all_at_once(
    days_off: tuple[date, ...], workdays: tuple[date, ...], wrong: list[tuple[str, str]]
) -> None:
    with pytest.raises(CalendarFlawed) as caught:
        check(calendar(days_off, workdays))
    assert [(flaw.field, str(flaw.detail)) for flaw in caught.value.flaws] == wrong


def test_days_of_the_year_make_a_calendar() -> None:
    check(calendar())
