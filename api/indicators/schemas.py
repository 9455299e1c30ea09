"""Parameters and replies of the indicators and of the deadlines."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.query_params import Day, KnownAt, MinPosition, period_ends_too_early, readable_as
from application.i18n import BilingualText, bilingual_text
from domain.procedures.deadlines import DeadlineKind
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import UnitId
from projections.case_history.schemas import DueCursor
from projections.indicators.schemas import IndicatorGrouping, IndicatorValue

_UNIT = Annotated[UnitId | None, Field(description="a unit with all below it; all units when left out")]


class IndicatorsQuery(BaseModel):
    """Which cases the indicators count, and how they are grouped; a period includes both days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    unit: _UNIT = None
    since: Annotated[Day, Field(alias="from", description="the first day of the period")] = date.min
    until: Annotated[
        Day | None, Field(alias="to", description="the last day of the period; `as_of` when left out")
    ] = None
    as_of: Annotated[Day | None, Field(description="as things stood at the end of that day")] = None
    known_at: Annotated[KnownAt | None, Field(description="by what was recorded until then")] = None
    by: Annotated[
        IndicatorGrouping | None, Field(description="`unit` groups by the units one level below")
    ] = None
    min_position: MinPosition = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "IndicatorsQuery":
        if self.until is not None and self.until < self.since:
            raise period_ends_too_early()
        return self


class IndicatorView(BaseModel):
    """An indicator: its counts, its value and its definition. `group` is the value of the dimension in `by`."""

    key: str
    group: str | None
    tier: str | None
    numerator: int
    denominator: int | None
    value: float | None
    as_of: date
    procedures: tuple[ProcedureRef, ...]
    definition: BilingualText


class IndicatorsView(BaseModel):
    """All indicators of a scope."""

    items: list[IndicatorView]
    next: None = None
    unit: str | None
    since: Annotated[date | None, Field(serialization_alias="from")]
    until: Annotated[date, Field(serialization_alias="to")]
    as_of: date
    known_at: datetime | None


class DeadlinesQuery(BaseModel):
    """Which deadlines to list."""

    model_config = ConfigDict(extra="forbid")

    unit: _UNIT = None
    as_of: Annotated[Day | None, Field(description="what was due as things stood at the end of that day")] = (
        None
    )
    known_at: Annotated[KnownAt | None, Field(description="by what was recorded until then")] = None
    kind: DeadlineKind | None = None
    overdue: Annotated[bool | None, Field(description="whether the day had passed")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[
        Annotated[str, Field(max_length=100), readable_as(DueCursor.read)] | None,
        Field(description="`next` of the page before"),
    ] = None
    min_position: MinPosition = None


def indicator_view(figure: IndicatorValue, day: date, procedures: tuple[ProcedureRef, ...]) -> IndicatorView:
    """Present a figure of a day, with the procedures that the cases followed."""
    return IndicatorView(
        key=figure.key,
        group=figure.group,
        tier=figure.tier,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=figure.value,
        as_of=day,
        procedures=procedures,
        definition=bilingual_text(figure.meaning),
    )
