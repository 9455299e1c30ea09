"""The list of sessions that were called, over all cases."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.decision import Action, must
from access.scope import Scope
from api.http.query_params import Day, MinPosition, must_be_fresh, period_ends_too_early, readable_as
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from domain.vocabulary import PersonKey, UnitId
from projections.case_list.appointments import AppointmentCursor, AppointmentFilter, AppointmentPage

router = APIRouter(prefix="/v1/appointments", tags=["disputes: reading"], route_class=CheckedRoute)
Cursor = Annotated[
    str, Field(pattern=r"^-?\d{1,16}_[0-9a-f-]{36}_\d{1,9}$"), readable_as(AppointmentCursor.read)
]


class AppointmentsQuery(BaseModel):
    """Which appointments to list; a unit stands for its whole subtree, a period includes both days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    unit: UnitId | None = None
    mediator: PersonKey | None = None
    since: Annotated[Day | None, Field(alias="from", description="the first day")] = None
    until: Annotated[Day | None, Field(alias="to", description="the last day")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Cursor | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "AppointmentsQuery":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise period_ends_too_early()
        return self


@router.get("")
async def list_appointments(
    query: Annotated[AppointmentsQuery, Query()], caller: Caller, services: ServicesDependency
) -> AppointmentPage:
    """List the sessions that were called, the earliest first; cancelled and lapsed ones are marked."""
    await services.known_units.must_include(query.unit)
    must(caller, Action.LIST_CASES)
    await must_be_fresh(query.min_position, services.appointments)
    criteria = AppointmentFilter(query.unit, query.mediator, query.since, query.until)
    after = AppointmentCursor.read(query.cursor) if query.cursor else None
    return await services.appointments.page(Scope.of(caller), criteria, query.limit, after)
