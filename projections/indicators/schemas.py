"""The criteria and the values of the indicators."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.messages import Message
from domain.procedures.ladder import ProcedureRef

IndicatorGrouping = Literal["tier", "category", "unit", "quarter", "month", "mediator"]


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """Which cases and days count: from `since` to `until`, both included, as things stood on `day`."""

    day: date
    since: date
    until: date
    unit: str | None = None
    known_at: datetime | None = None
    by: IndicatorGrouping | None = None

    @property
    def ends_before_its_day(self) -> bool:
        """Whether values are grouped by periods, and `day` lies in none of them."""
        return self.by in {"quarter", "month"} and not self.since <= self.day <= self.until


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """A value of an indicator, for a group, for a tier where it has one; `value` is None where the denominator is 0."""

    key: str
    group: str | None
    tier: str | None
    numerator: int
    denominator: int | None
    value: float | None
    meaning: Message


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """The values, and the procedure versions of the cases that count."""

    items: tuple[IndicatorValue, ...]
    procedures: tuple[ProcedureRef, ...]
