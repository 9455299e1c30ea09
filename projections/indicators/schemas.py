"""What the indicators are asked for, and what they answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.messages import Message
from domain.procedures.ladder import ProcedureRef

By = Literal["tier", "category", "unit", "month", "mediator"]


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """Of which cases and days a figure is asked. Days include both ends; `day` is the one as of which it is told."""

    day: date
    since: date
    until: date
    unit: str | None = None
    known_at: datetime | None = None
    by: By | None = None


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One figure of one group, of one tier where it is told by tiers; `value` is None where nothing is divided by."""

    key: str
    group: str | None
    tier: str | None
    numerator: int
    denominator: int | None
    value: float | None
    meaning: Message


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """What was asked for, and the versions of procedures to which the cases counted are pinned."""

    items: tuple[IndicatorValue, ...]
    procedures: tuple[ProcedureRef, ...]
