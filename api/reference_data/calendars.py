"""The official calendars: years, each published once."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response, status

from access.decision import Action, must
from api.disputes.schemas.replies import CommandReply
from api.freshness import Freshness, must_be_fresh
from api.http.request_checks import Caller, CheckedRoute, context_of_put
from api.http.services import Given
from domain.commands.calendar import CalendarDescription, PublishCalendar
from projections.procedures.queries import CalendarPage

router = APIRouter(prefix="/v1/calendars", tags=["reference data"], route_class=CheckedRoute)
Year = Annotated[int, Path(ge=1900, le=8999)]


@router.get("")
async def list_calendars(query: Annotated[Freshness, Query()], caller: Caller, given: Given) -> CalendarPage:
    """List the published years; days of any other year are provisional."""
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(given.policies, query.min_position)
    return await given.policies.calendars()


@router.put("/{year}", response_model_exclude_none=True)
async def publish_calendar(
    year: Year, body: CalendarDescription, request: Request, response: Response, caller: Caller, given: Given
) -> CommandReply:
    """Publish a year, once: what differs from Monday to Friday. The same again changes nothing, other days are refused."""
    context = context_of_put(request, caller, lambda _: must(caller, Action.DESCRIBE_REFERENCE))
    command = PublishCalendar(year=year, **dict(body))
    reply = await given.command_handler.handle(command, context)
    response.status_code = status.HTTP_201_CREATED if reply.events else status.HTTP_200_OK
    response.headers["ETag"] = f'"{reply.version}"'
    return CommandReply.of(reply)
