"""Days and moments."""

from datetime import date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime

from domain.vocabulary.limits import FIRST_YEAR, LAST_YEAR

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Days are counted on this clock (rule 8)."""


def start_of(day: date) -> datetime:
    """Return when a day begins on the clock by which days are counted."""
    return datetime.combine(day, time(), SHANGHAI)


def day_of(moment: datetime) -> date:
    """Return the day of a moment on the clock by which days are counted."""
    return moment.astimezone(SHANGHAI).date()


def _within_the_calendar(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_the_calendar)]
"""A point in time with its offset, as a person gave it."""
