"""Reading disputes: one case at any point in time, its history, why it moved; and the list of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from access.decision import Action, may, must
from access.scope import Scope
from api.disputes.list_query import ListQuery
from api.disputes.schemas.case import CaseView, case_view
from api.disputes.schemas.difference import DifferenceView, difference_view
from api.disputes.schemas.explanation import ExplanationView, explanation_view
from api.disputes.schemas.history import HistoryView, event_view
from api.http.entity_tags import not_modified
from api.http.query_params import Day, KnownAt, must_be_fresh, past_moment, point_in_time
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.reads.reading import CaseReadingDependency
from application.case_reader import NOW, PointInTime
from projections.case_list.schemas import CaseCursor, CasePage

router = APIRouter(prefix="/v1/disputes", tags=["disputes: reading"], route_class=CheckedRoute)


@router.get("")
async def list_disputes(
    query: Annotated[ListQuery, Query()],
    caller: Caller,
    services: ServicesDependency,
    reading: CaseReadingDependency,
) -> CasePage:
    """List cases, the latest filed first or what is due first. A joint case is listed for each of its units."""
    for unit in query.unit:
        await services.known_units.must_include(unit)
    must(caller, Action.LIST_CASES)
    await must_be_fresh(query.min_position, services.case_list)
    moment = past_moment(services.clock(), query.as_of, query.known_at)
    if moment.past is not None:
        await must_be_fresh(query.min_position, services.indicators)
    after = CaseCursor.read(query.cursor) if query.cursor else None
    if query.pending == "mine" and not may(caller, Action.DECIDE):
        return CasePage(items=[], next=None)
    page = await services.case_list.page(
        Scope.of(caller),
        query.filter(caller),
        query.limit,
        moment.judged_on,
        past=moment.past,
        sort=query.sort,
        after=after,
    )
    if query.party is not None or query.person is not None:
        await reading.record([item.id for item in page.items], "search")
    return page if may(caller, Action.SEE_PEOPLE) else page.without_people()


@router.get("/{dispute}", response_model=CaseView)
async def read_dispute(
    dispute: UUID,
    reading: CaseReadingDependency,
    request: Request,
    response: Response,
    version: Annotated[int | None, Query(ge=1, le=2**31, description="the case after so many events")] = None,
    known_at: Annotated[KnownAt | None, Query(description="what was recorded until then")] = None,
    as_of: Annotated[Day | None, Query(description="as it stood at the end of that day")] = None,
) -> CaseView | Response:
    """Read a case: as it is, at a version, as it was known at a time, as it stood on a day.

    The ETag is the version: `If-None-Match` with it is answered 304 where nothing was recorded since.
    """
    file = await reading.snapshot(dispute, "state", PointInTime(version, known_at, as_of))
    tag = response.headers["ETag"] = f'"{file.dispute.version}"'
    return not_modified(request, tag) or case_view(file)


@router.get("/{dispute}/events")
async def read_history(
    dispute: UUID,
    reading: CaseReadingDependency,
    after: Annotated[int, Query(ge=0, le=2**31, description="events beyond this version")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> HistoryView:
    """Read a case's events in order."""
    file = await reading.snapshot(dispute, "history")
    items = file.history[after : after + limit]
    more = len(file.history) > after + limit
    return HistoryView(
        items=[event_view(item, file.dispute.retracted) for item in items],
        next=str(items[-1].version) if more and items else None,
    )


@router.get("/{dispute}/diff")
async def read_difference(
    dispute: UUID,
    reading: CaseReadingDependency,
    since: Annotated[str, Query(alias="from", description="a version, or a time of recording")],
    until: Annotated[str | None, Query(alias="to", description="the same; now when left out")] = None,
) -> DifferenceView:
    """Read what changed in a case between two versions, or between two moments of knowledge."""
    begin, end = point_in_time("from", since), NOW if until is None else point_in_time("to", until)
    first, last = await reading.snapshots(dispute, "diff", (begin, end))
    return difference_view(first, last)


@router.get("/{dispute}/why")
async def read_why(dispute: UUID, reading: CaseReadingDependency) -> ExplanationView:
    """Read why a case moved, and what is missing before it moves further."""
    return explanation_view(await reading.snapshot(dispute, "why"))
