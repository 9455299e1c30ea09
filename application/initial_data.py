"""What is in force from the first day: the three-tier ladder and the official calendars."""

from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final
from uuid import UUID, uuid5

import chinese_calendar

from application.command_handler import CommandHandler
from application.context import Context
from application.ladder_validation import checked_ladder
from application.structured_text.yaml_text import read_yaml
from domain.commands.calendar import PublishCalendar
from domain.commands.procedure import PublishProcedure
from domain.errors import CalendarPublishedOtherwise
from domain.events.envelope import Actor
from domain.procedures.ladder import Ladder
from domain.vocabulary import Role

SYSTEM_ACTOR: Final = Actor(sub="founding", role=Role.SYSTEM)
DEFAULT: Final = "three-tier"
"""The one procedure that is in force from the start."""
FIRST_YEAR: Final = 2004
"""The first year for which the calendar's source has the official days off."""
COMMANDS: Final = UUID("c3f4c1b8-9a3e-5d0e-8f63-0d8f0a1a7d52")


async def publish_initial_data(handler: CommandHandler, years: range) -> tuple[int, ...]:
    """Publish the default ladder and the calendars of `years`, each once; return the years now published.

    A year that the source does not know is left unpublished: days in it are provisional (rule 8). One that somebody
    published with other days stays as they published it.
    """
    await handler.handle(PublishProcedure(ladder=default_ladder()), _context(DEFAULT))
    published = []
    for year in years:
        calendar = official_calendar(year)
        if calendar is not None:
            with suppress(CalendarPublishedOtherwise):
                await handler.handle(calendar, _context(f"calendar:{year}"))
            published.append(year)
    return tuple(published)


def default_ladder() -> Ladder:
    """Return the three-tier ladder of S0 with the time limits of Rules 33."""
    return shipped_ladder(DEFAULT)


def official_calendar(year: int) -> PublishCalendar | None:
    """Return a year's days off and make-up workdays as published; None where the source does not know it."""
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    days = [day for day in days if day.year == year]
    try:
        worked = {day: chinese_calendar.is_workday(day) for day in days}
    except NotImplementedError:
        return None
    return PublishCalendar(
        year=year,
        days_off=tuple(day for day in days if day.weekday() < 5 and not worked[day]),
        workdays=tuple(day for day in days if day.weekday() >= 5 and worked[day]),
        basis="chinesecalendar",
    )


def _context(name: str) -> Context:
    return Context(actor=SYSTEM_ACTOR, command_id=uuid5(COMMANDS, name), fingerprint=b"founding")


@cache
def shipped_ladders() -> tuple[Ladder, ...]:
    """Return every ladder that ships, by id."""
    folder = resources.files("application").joinpath("ladders")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return tuple(checked_ladder(read_yaml(shipped_text(name)), name.removesuffix(".yaml")) for name in names)


def shipped_ladder(called: str) -> Ladder:
    """Return the ladder of an id; raises KeyError where none ships."""
    return {ladder.id: ladder for ladder in shipped_ladders()}[called]


def shipped_text(name: str) -> str:
    """Return a file as it ships, with its remarks."""
    return resources.files("application").joinpath("ladders", name).read_text(encoding="utf-8")
