"""Working days and due days on the official calendar (CPL 85, rule 8).

The first day is not counted; a last day on a day off moves to the next working day. The government publishes
each year's days off and make-up workdays once; a year not yet published counts Monday to Friday and every
day that depends on it is marked provisional.
"""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from domain.procedures.durations import Days, Months, TimeLimit, WorkingDays
from domain.vocabulary import SHANGHAI

_DAY = timedelta(days=1)
LONGEST_YEARS: Final = 10
"""How long a time limit may be."""


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """Where a year differs from Monday to Friday: weekdays that are off, weekend days that are worked."""

    days_off: frozenset[date]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a time limit; provisional while it rests on an unpublished year."""

    on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The published years."""

    years: Mapping[int, PublishedYear] = field(default_factory=lambda: MappingProxyType({}))

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`."""
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < 5
        return day in year.workdays or (day.weekday() < 5 and day not in year.days_off)

    def due(self, start: datetime, limit: TimeLimit) -> DueDay:
        """Return the last day of `limit` counted from `start`, whose own day does not count."""
        first = start.astimezone(SHANGHAI).date()
        match limit:
            case WorkingDays(working_days=count):
                last = self._after_workdays(first, count)
            case Days(days=count):
                last = self._next_workday(first + count * _DAY)
            case Months(months=count):
                last = self._next_workday(_after_months(first, count))
        return DueDay(on=last, provisional=not self._published(first, last))

    def _after_workdays(self, day: date, count: int) -> date:
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def _next_workday(self, day: date) -> date:
        while not self.is_workday(day):
            day += _DAY
        return day

    def _published(self, first: date, last: date) -> bool:
        return all(year in self.years for year in range(first.year, last.year + 1))


def years_around(*moments: date | datetime) -> range:
    """Return the years in which a time limit that runs from one of these moments may end, which is ten years at most."""
    years = [moment.year for moment in moments]
    return range(min(years) - 1, max(years) + LONGEST_YEARS + 2)


def _after_months(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


NOTHING_PUBLISHED: Final = Calendar()
"""The calendar as long as no year is published."""
