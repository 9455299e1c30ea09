"""Reading disputes: one case at any point in time, its history, why it moved; and the list of cases."""

from dataclasses import fields
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from access.decision import Action, must
from access.scope import Scope
from api.disputes.schemas.case import CaseView, case_view
from api.disputes.schemas.difference import DifferenceView, difference_view
from api.disputes.schemas.explanation import ExplanationView, explanation_view
from api.disputes.schemas.history import HistoryView, event_view
from api.http.entity_tags import not_modified
from api.http.query_params import Day, KnownAt, MinPosition, must_be_fresh, point_in_time, readable_as
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from application.case_reader import NOW, PointInTime
from application.validation_messages import NO_NUL
from domain.vocabulary import Category, Key, PersonKey, Status, UnitId, day_of
from projections.case_list.schemas import CaseCursor, CaseFilter, CasePage, Sort

router = APIRouter(prefix="/v1/disputes", tags=["disputes: reading"], route_class=CheckedRoute)


Cursor = Annotated[str, Field(pattern=r"^\d{1,18}(_\d{4}-\d\d-\d\d)?$"), readable_as(CaseCursor.read)]


class ListQuery(BaseModel):
    """Which cases to list; a unit stands for its whole subtree."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitId | None = None
    status: Status | None = None
    tier: Key | None = None
    category: Category | None = None
    mediator: PersonKey | None = None
    overdue: Annotated[bool | None, Field(description="whether something must have been done by now")] = None
    q: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            pattern=NO_NUL,
            description="a case number, or words of the title",
        ),
    ] = None
    party: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            pattern=NO_NUL,
            description="a party's name, telephone or identity number, whole",
        ),
    ] = None
    person: Annotated[UUID | None, Field(description="the identity of a party")] = None
    as_of: Annotated[Day | None, Field(description="the cases as they stood at the end of that day")] = None
    sort: Annotated[Sort, Field(description="the latest filed first, or what is due first")] = "filed"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Cursor | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None

    def filter(self) -> CaseFilter:
        """Return the filter of the read model."""
        return CaseFilter(**{field.name: getattr(self, field.name) for field in fields(CaseFilter)})


@router.get("")
async def list_disputes(
    query: Annotated[ListQuery, Query()], caller: Caller, services: ServicesDependency
) -> CasePage:
    """List cases, the latest filed first or what is due first."""
    await services.known_units.must_include(query.unit)
    must(caller, Action.LIST_CASES)
    await must_be_fresh(services.case_list, query.min_position)
    today = day_of(services.clock())
    past = query.as_of is not None and query.as_of < today
    if past:
        await must_be_fresh(services.indicators, query.min_position)
    after = CaseCursor.read(query.cursor) if query.cursor else None
    day = query.as_of if past and query.as_of else today
    return await services.case_list.page(
        Scope.of(caller), query.filter(), query.limit, day, past=past, sort=query.sort, after=after
    )


@router.get("/{dispute}", response_model=CaseView)
async def read_dispute(
    dispute: UUID,
    caller: Caller,
    services: ServicesDependency,
    request: Request,
    response: Response,
    version: Annotated[int | None, Query(ge=1, le=2**31, description="the case after so many events")] = None,
    known_at: Annotated[KnownAt | None, Query(description="what was recorded until then")] = None,
    as_of: Annotated[Day | None, Query(description="as it stood at the end of that day")] = None,
) -> CaseView | Response:
    """Read a case: as it is, at a version, as it was known at a time, as it stood on a day.

    The ETag is the version: `If-None-Match` with it is answered 304 where nothing was recorded since.
    """
    file = await services.case_reader.read(dispute, services.clock(), PointInTime(version, known_at, as_of))
    must(caller, Action.READ_CASE, file.dispute)
    tag = response.headers["ETag"] = f'"{file.dispute.version}"'
    return not_modified(request, tag) or case_view(file)


@router.get("/{dispute}/events")
async def read_history(
    dispute: UUID,
    caller: Caller,
    services: ServicesDependency,
    after: Annotated[int, Query(ge=0, le=2**31, description="events beyond this version")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> HistoryView:
    """Read a case's events in order."""
    file = await services.case_reader.read(dispute, services.clock())
    must(caller, Action.READ_CASE, file.dispute)
    items = file.history[after : after + limit]
    more = len(file.history) > after + limit
    return HistoryView(
        items=[event_view(item, file.dispute.retracted) for item in items],
        next=str(items[-1].version) if more and items else None,
    )


@router.get("/{dispute}/diff")
async def read_difference(
    dispute: UUID,
    caller: Caller,
    services: ServicesDependency,
    since: Annotated[str, Query(alias="from", description="a version, or a time of recording")],
    until: Annotated[str | None, Query(alias="to", description="the same; now when left out")] = None,
) -> DifferenceView:
    """Read what changed in a case between two versions, or between two moments of knowledge."""
    begin, end = point_in_time("from", since), NOW if until is None else point_in_time("to", until)
    first = await services.case_reader.read(dispute, services.clock(), begin)
    last = await services.case_reader.read(dispute, services.clock(), end)
    must(caller, Action.READ_CASE, last.dispute)
    return difference_view(first, last)


@router.get("/{dispute}/why")
async def read_why(dispute: UUID, caller: Caller, services: ServicesDependency) -> ExplanationView:
    """Read why a case moved, and what is missing before it moves further."""
    file = await services.case_reader.read(dispute, services.clock())
    must(caller, Action.READ_CASE, file.dispute)
    return explanation_view(file)
