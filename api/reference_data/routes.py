"""Reference data: units and platforms."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from access.decision import Action, must
from api.disputes.schemas.replies import CommandReply
from api.freshness import MinPosition, must_be_fresh
from api.http.request_checks import Caller, CheckedRoute, context_of_put
from api.http.services import Given
from application.context import Context
from application.ports import Reply
from domain.commands.platform import DescribePlatform, PlatformDescription
from domain.commands.unit import DescribeUnit, UnitDescription
from domain.events.envelope import Actor
from domain.vocabulary import UnitId
from projections.directory.projection import PlatformPage, UnitPage

router = APIRouter(prefix="/v1", tags=["reference data"], route_class=CheckedRoute)


class PageQuery(BaseModel):
    """Which page of a collection."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitId | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[UnitId | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None


Paging = Annotated[PageQuery, Query()]


@router.get("/units")
async def list_units(query: Paging, caller: Caller, given: Given) -> UnitPage:
    """List units, all or a unit's subtree, by id."""
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(given.directory, query.min_position)
    return await given.directory.units(query.unit, query.limit, query.cursor)


@router.put("/units/{unit}", response_model_exclude_none=True)
async def describe_unit(
    unit: UnitId, body: UnitDescription, request: Request, response: Response, caller: Caller, given: Given
) -> CommandReply:
    """Establish a unit, or change its title or kind; what is so already is left alone."""
    command = DescribeUnit(unit=unit, **dict(body))
    reply = await given.command_handler.handle(command, _context(request, caller))
    return _answered(reply, response)


@router.get("/platforms")
async def list_platforms(query: Paging, caller: Caller, given: Given) -> PlatformPage:
    """List platforms with their mediators, all or those of a unit's subtree, by unit."""
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(given.directory, query.min_position)
    return await given.directory.platforms(query.unit, query.limit, query.cursor)


@router.put("/platforms/{unit}", response_model_exclude_none=True)
async def describe_platform(
    unit: UnitId,
    body: PlatformDescription,
    request: Request,
    response: Response,
    caller: Caller,
    given: Given,
) -> CommandReply:
    """Establish a unit's platform, or bring it and its mediators to what is described."""
    command = DescribePlatform(unit=unit, **dict(body))
    reply = await given.command_handler.handle(command, _context(request, caller))
    return _answered(reply, response)


def _context(request: Request, caller: Actor) -> Context:
    return context_of_put(request, caller, lambda _: must(caller, Action.DESCRIBE_REFERENCE))


def _answered(reply: Reply, response: Response) -> CommandReply:
    response.headers["ETag"] = f'"{reply.version}"'
    if reply.version and reply.events and reply.version == len(reply.events):
        response.status_code = status.HTTP_201_CREATED
    return CommandReply.of(reply)
