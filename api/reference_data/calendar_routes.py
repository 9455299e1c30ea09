"""The official calendars: proposed by one admin, published or amended, rejected or withdrawn by another (rule 8)."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, status

from access.decision import Action, must
from api.disputes.schemas.command_reply import CommandReply
from api.http.command_sender import Sender
from api.http.query_params import Freshness, must_be_fresh
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.reference_data.schemas import CalendarView
from domain.commands.base import Verdict
from domain.commands.calendar import (
    ApproveCalendar,
    CalendarDescription,
    CalendarWithdrawal,
    ProposeCalendar,
    RejectCalendar,
    WithdrawCalendar,
)
from domain.vocabulary import limits
from projections.procedures.schemas import CalendarPage

router = APIRouter(prefix="/v1/calendars", tags=["reference data"], route_class=CheckedRoute)

Year = Annotated[int, Path(ge=limits.FIRST_YEAR, le=limits.LAST_YEAR)]
_KeyHeader = Annotated[str | None, Header(description="of your own choice; the same key makes a retry safe")]


@router.get("")
async def list_calendars(
    query: Annotated[Freshness, Query()], caller: Caller, services: ServicesDependency
) -> CalendarPage:
    """List the published years; days of any other year are provisional."""
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(query.min_position, services.procedure_queries)
    return await services.procedure_queries.calendars()


@router.get("/{year}", response_model_exclude_none=True)
async def read_calendar(year: Year, caller: Caller, services: ServicesDependency) -> CalendarView:
    """Return the days of a year as they are published, and those that are proposed."""
    must(caller, Action.READ_REFERENCE)
    return CalendarView.of(year, await services.calendars.read(year))


@router.put("/{year}", response_model_exclude_none=True)
async def propose_calendar(year: Year, body: CalendarDescription, sender: Sender) -> CommandReply:
    """Propose what differs from Monday to Friday in a year, or an amendment of a published one.

    A second admin publishes it. What is published or proposed already is left alone.
    """
    reply = await sender.describe(ProposeCalendar(year=year, **dict(body)), Action.DESCRIBE_REFERENCE)
    sender.response.status_code = status.HTTP_201_CREATED if reply.events else status.HTTP_200_OK
    return CommandReply.of(reply)


@router.post("/{year}/approval", response_model_exclude_none=True)
async def approve_calendar(
    year: Year,
    body: Verdict,
    sender: Sender,
    idempotency_key: _KeyHeader = None,  # noqa: ARG001 - read earlier; stands here for the documentation
) -> CommandReply:
    """Publish the proposed days, as a second person; days that are due follow them from now on."""
    command = ApproveCalendar(year=year, **dict(body))
    return CommandReply.of(await sender.decide(command, Action.DESCRIBE_REFERENCE))


@router.post("/{year}/rejection", response_model_exclude_none=True)
async def reject_calendar(
    year: Year,
    body: Verdict,
    sender: Sender,
    idempotency_key: _KeyHeader = None,  # noqa: ARG001
) -> CommandReply:
    """Reject the proposed days, as a second person; what is published stays."""
    command = RejectCalendar(year=year, **dict(body))
    return CommandReply.of(await sender.decide(command, Action.DESCRIBE_REFERENCE))


@router.post("/{year}/withdrawal", response_model_exclude_none=True)
async def withdraw_calendar(
    year: Year,
    body: CalendarWithdrawal,
    sender: Sender,
    idempotency_key: _KeyHeader = None,  # noqa: ARG001
) -> CommandReply:
    """Take back one's own proposal."""
    command = WithdrawCalendar(year=year, **dict(body))
    return CommandReply.of(await sender.decide(command, Action.DESCRIBE_REFERENCE))
