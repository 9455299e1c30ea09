"""Figures and deadlines: now, as of any past day, as known at any time."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from access.decision import Action, must
from access.scope import Scope
from api.http.query_params import must_be_fresh, past_moment
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.indicators.schemas import DeadlinesQuery, IndicatorsQuery, IndicatorsView, indicator_view
from domain.vocabulary import day_of
from projections.case_history.schemas import DueCursor, DueFilter, DuePage
from projections.indicators.schemas import IndicatorFilter

router = APIRouter(prefix="/v1", tags=["figures"], route_class=CheckedRoute)


@router.get("/indicators")
async def read_indicators(
    query: Annotated[IndicatorsQuery, Query()], caller: Caller, services: ServicesDependency
) -> IndicatorsView:
    """Read the indicators of a period: their numerators, denominators, values and definitions."""
    await services.known_units.must_include(query.unit)
    must(caller, Action.READ_FIGURES)
    await must_be_fresh(query.min_position, services.indicators, services.case_list)
    today = day_of(services.clock())
    day = min(query.as_of or today, today)
    criteria = IndicatorFilter(
        day=day,
        since=query.since,
        until=min(query.until or day, day),
        unit=query.unit,
        known_at=query.known_at,
        by=query.by,
    )
    found = await services.indicators.compute(Scope.of(caller), criteria)
    return IndicatorsView(
        items=[indicator_view(item, day, found.procedures) for item in found.items],
        unit=criteria.unit,
        since=None if criteria.since == date.min else criteria.since,
        until=criteria.until,
        as_of=day,
        known_at=criteria.known_at,
    )


@router.get("/deadlines")
async def list_deadlines(
    query: Annotated[DeadlinesQuery, Query()], caller: Caller, services: ServicesDependency
) -> DuePage:
    """List what is due, the earliest first: to be accepted, mediated, performed, confirmed or visited."""
    await services.known_units.must_include(query.unit)
    must(caller, Action.READ_FIGURES)
    await must_be_fresh(query.min_position, services.deadlines, services.case_list)
    moment = past_moment(services.clock(), query.as_of, query.known_at)
    criteria = DueFilter(
        query.as_of or moment.judged_on, unit=query.unit, kind=query.kind, overdue=query.overdue
    )
    past = None if query.known_at is None else moment.past
    after = DueCursor.read(query.cursor) if query.cursor else None
    return await services.deadlines.page(Scope.of(caller), criteria, past, query.limit, after)
