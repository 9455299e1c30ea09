"""Reference data: units and platforms."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from access.decision import Action, must
from api.disputes.schemas.command_reply import CommandReply
from api.http.command_sender import Sender
from api.http.query_params import must_be_fresh
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.reference_data.schemas import PageQuery, PlatformItem, PlatformPage, PlatformReply, warning_view
from application.ports import Reply
from domain.commands.platform import DescribePlatform, PlatformDescription
from domain.commands.unit import DescribeUnit, UnitDescription
from domain.vocabulary import UnitId, day_of
from projections.directory.schemas import UnitPage

router = APIRouter(prefix="/v1", tags=["reference data"], route_class=CheckedRoute)

Paging = Annotated[PageQuery, Query()]


@router.get("/units")
async def list_units(query: Paging, caller: Caller, services: ServicesDependency) -> UnitPage:
    """List units, all or a unit's subtree, by id."""
    await services.known_units.must_include(query.unit)
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(query.min_position, services.directory)
    return await services.directory.units(query.unit, query.limit, query.cursor)


@router.put("/units/{unit}", response_model_exclude_none=True)
async def describe_unit(unit: UnitId, body: UnitDescription, sender: Sender) -> CommandReply:
    """Establish a unit, or change its title or kind; what is so already is left alone."""
    reply = await sender.describe(DescribeUnit(unit=unit, **dict(body)), Action.DESCRIBE_REFERENCE)
    _mark_what_is_new(reply, sender.response)
    return CommandReply.of(reply)


@router.get("/platforms")
async def list_platforms(query: Paging, caller: Caller, services: ServicesDependency) -> PlatformPage:
    """List platforms with their mediators as they are today, all or those of a unit's subtree, by unit.

    What takes effect later shows from its day on.
    """
    await services.known_units.must_include(query.unit)
    must(caller, Action.READ_REFERENCE)
    await must_be_fresh(query.min_position, services.directory)
    units, after = await services.directory.units_with_platform(query.unit, query.limit, query.cursor)
    today = day_of(services.clock())
    platforms = await services.platforms.platforms(units)
    return PlatformPage(items=[PlatformItem.of(platform, today) for platform in platforms], next=after)


@router.put("/platforms/{unit}", response_model_exclude_none=True)
async def describe_platform(
    unit: UnitId,
    body: PlatformDescription,
    sender: Sender,
    dry_run: Annotated[bool, Query(description="say what would happen and record nothing")] = False,
) -> PlatformReply:
    """Establish a unit's platform, or bring it and its mediators to what is described, from a day on.

    Whoever is left out serves no longer from `effective_on` on. What happened before is judged as of its own day.
    """
    command = DescribePlatform(unit=unit, **dict(body))
    warnings = await sender.services.platform_warnings.of(command)
    reply = await sender.describe(command, Action.DESCRIBE_REFERENCE, dry_run=dry_run)
    _mark_what_is_new(reply, sender.response)
    return PlatformReply.of(reply, warnings=[warning_view(item) for item in warnings] or None)


def _mark_what_is_new(reply: Reply, response: Response) -> None:
    if reply.position is not None and reply.version == len(reply.events):
        response.status_code = status.HTTP_201_CREATED
