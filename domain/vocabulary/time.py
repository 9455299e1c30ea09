"""Days and moments: as people give them (RFC 3339), and as events hold them."""

import re
from datetime import date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from domain.vocabulary.limits import FIRST_BIRTH_YEAR, FIRST_YEAR, LAST_YEAR

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Days are counted on this clock (rule 8)."""
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_TEXT: Final = re.compile(_DAY)
_MOMENT_TEXT: Final = re.compile(
    _DAY + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_NO_OFFSET: Final = re.compile(_DAY + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")


def start_of(day: date) -> datetime:
    """Return when a day begins on the clock by which days are counted."""
    return datetime.combine(day, time(), SHANGHAI)


def day_of(moment: datetime) -> date:
    """Return the day of a moment on the clock by which days are counted."""
    return moment.astimezone(SHANGHAI).date()


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; the 1st of March for a 29th of February that does not come."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


def _moment_text(value: object) -> object:
    """Let a moment or its text pass; a number, or a text that is not RFC 3339, is none."""
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT_TEXT.fullmatch(value)):
        return value
    if isinstance(value, str) and _NO_OFFSET.fullmatch(value):
        raise PydanticCustomError("timezone_aware", "must carry its offset")
    raise PydanticCustomError("datetime_parsing", "is not a date and time as RFC 3339 writes it")


def _day_text(value: object) -> object:
    """Let a day or its text pass; a number, or a text that is not RFC 3339, is none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY_TEXT.fullmatch(value):
        return value
    raise PydanticCustomError("date_parsing", "is not a date as RFC 3339 writes it")


def _within_the_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range()
    return day


def _moment_within_the_years(moment: datetime) -> datetime:
    if FIRST_YEAR < moment.year < LAST_YEAR:
        return moment
    if not FIRST_YEAR - 1 <= moment.year <= LAST_YEAR + 1:  # beyond them no offset can be reckoned
        raise _out_of_range()
    _within_the_years(day_of(moment))
    return moment


def _within_a_life(day: date) -> date:
    if not FIRST_BIRTH_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(FIRST_BIRTH_YEAR)
    return day


def _out_of_range(first: int = FIRST_YEAR) -> PydanticCustomError:
    years = {"first": first, "last": LAST_YEAR}
    return PydanticCustomError("year_out_of_range", "must lie in the years {first} to {last}", years)


Moment = Annotated[AwareDatetime, BeforeValidator(_moment_text), AfterValidator(_moment_within_the_years)]
"""A point in time as a person gives it: RFC 3339 text with its offset, within the years that commands accept."""
Day = Annotated[date, BeforeValidator(_day_text), AfterValidator(_within_the_years)]
"""A day as a person gives it: RFC 3339 text, within the years that commands accept."""
BirthDay = Annotated[date, BeforeValidator(_day_text), AfterValidator(_within_a_life)]
"""The day on which a person was born: RFC 3339 text, not before anybody who lives."""
RecordedMoment = AwareDatetime
"""A point in time as an event holds it. It has no limits: what was recorded stays readable."""
