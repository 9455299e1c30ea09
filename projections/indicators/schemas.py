"""The criteria and the values of the indicators."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.messages import Message
from domain.procedures.ladder import ProcedureRef

IndicatorGrouping = Literal["tier", "category", "unit", "month", "mediator"]


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """Which cases and days count: from `since` to `until`, both included, as things stood on `day`."""

    day: date
    since: date
    until: date
    unit: str | None = None
    known_at: datetime | None = None
    by: IndicatorGrouping | None = None


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
