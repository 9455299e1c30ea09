"""Figures and deadlines: now, as of any past day, as known at any time."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from access.decision import Action, must
from api.cursors import read_by
from api.disputes.schemas.case import TextView, text_view
from api.freshness import MinPosition, must_be_fresh
from api.http.query_params import Day, Time
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import Given
from domain.messages import message
from domain.procedures.deadlines import Kind
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import UnitId, day_of
from projections.case_history.queries import DueCursor, DuePage
from projections.indicators.queries import By, IndicatorScope, IndicatorValue

router = APIRouter(prefix="/v1", tags=["figures"], route_class=CheckedRoute)
_BACKWARDS: Final = message("the period ends before it begins")
_UNIT = Annotated[UnitId | None, Field(description="a unit with all below it; all units when left out")]


class IndicatorsQuery(BaseModel):
    """Of what figures are asked; days include both ends."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    unit: _UNIT = None
    since: Annotated[Day, Field(alias="from", description="the first day of the period")] = date.min
    until: Annotated[
        Day | None, Field(alias="to", description="the last day of the period; `as_of` when left out")
    ] = None
    as_of: Annotated[Day | None, Field(description="as things stood at the end of that day")] = None
    known_at: Annotated[Time | None, Field(description="by what was recorded until then")] = None
    by: Annotated[By | None, Field(description="`unit` tells of the units one level below")] = None
    min_position: MinPosition = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "IndicatorsQuery":
        if self.until is not None and self.until < self.since:
            raise PydanticCustomError("value_error", "{error}", {"error": str(_BACKWARDS)})
        return self


class IndicatorView(BaseModel):
    """A figure: what was counted of what, and what that means. `group` is what `by` asked for."""

    key: str
    group: str | None
    tier: str | None
    numerator: int
    denominator: int | None
    value: float | None
    as_of: date
    procedures: tuple[ProcedureRef, ...]
    definition: TextView


class IndicatorsView(BaseModel):
    """All figures of a scope."""

    items: list[IndicatorView]
    next: None = None
    unit: str | None
    since: Annotated[date | None, Field(serialization_alias="from")]
    until: Annotated[date, Field(serialization_alias="to")]
    as_of: date
    known_at: datetime | None


@router.get("/indicators")
async def read_indicators(
    query: Annotated[IndicatorsQuery, Query()], caller: Caller, given: Given
) -> IndicatorsView:
    """Read the indicators of a period: their numerators, denominators, values and definitions."""
    must(caller, Action.READ_FIGURES)
    await must_be_fresh(given.figures, query.min_position)
    today = day_of(given.clock())
    day = min(query.as_of or today, today)
    scope = IndicatorScope(
        day=day,
        since=query.since,
        until=min(query.until or day, day),
        unit=query.unit,
        known_at=query.known_at,
        by=query.by,
    )
    found = await given.figures.figures(scope)
    return IndicatorsView(
        items=[_view(item, day, found.procedures) for item in found.items],
        unit=scope.unit,
        since=None if scope.since == date.min else scope.since,
        until=scope.until,
        as_of=day,
        known_at=scope.known_at,
    )


class DeadlinesQuery(BaseModel):
    """Which deadlines to list."""

    model_config = ConfigDict(extra="forbid")

    unit: _UNIT = None
    as_of: Annotated[Day | None, Field(description="what was due as things stood at the end of that day")] = (
        None
    )
    kind: Kind | None = None
    overdue: Annotated[bool | None, Field(description="whether the day had passed")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[
        Annotated[str, Field(max_length=100), read_by(DueCursor.read)] | None,
        Field(description="`next` of the page before"),
    ] = None
    min_position: MinPosition = None


@router.get("/deadlines")
async def list_deadlines(query: Annotated[DeadlinesQuery, Query()], caller: Caller, given: Given) -> DuePage:
    """List what is due, the earliest first: to be accepted, mediated, performed, confirmed or visited."""
    must(caller, Action.READ_FIGURES)
    await must_be_fresh(given.agenda, query.min_position)
    return await given.agenda.page(
        query.as_of or day_of(given.clock()),
        unit=query.unit,
        kind=query.kind,
        overdue=query.overdue,
        limit=query.limit,
        after=DueCursor.read(query.cursor) if query.cursor else None,
    )


def _view(figure: IndicatorValue, day: date, procedures: tuple[ProcedureRef, ...]) -> IndicatorView:
    return IndicatorView(
        key=figure.key,
        group=figure.group,
        tier=figure.tier,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=figure.value,
        as_of=day,
        procedures=procedures,
        definition=text_view(figure.meaning),
    )
