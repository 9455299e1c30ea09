"""The demonstration street on the map of a database, without anything that happened on it."""

from api.http.services import Services
from cli.bootstrap import open_services, put_initial_data
from cli.demo.demonstration import street
from cli.settings import Settings
from domain.commands.platform import DescribePlatform
from domain.commands.unit import DescribeUnit
from tests.support.world import ADMIN, context


async def lay_street(settings: Settings, url: str) -> None:
    """Lay the foundations and describe the street, past HTTP."""
    async with open_services(settings, url) as services:
        await describe_street(services)


async def describe_street(services: Services) -> None:
    """The same, with services that are open."""
    await put_initial_data(services)
    described = street()
    for unit in described["units"]:
        await services.command_handler.handle(DescribeUnit.model_validate(unit), context(ADMIN))
    for platform in described["platforms"]:
        command = DescribePlatform.model_validate(platform)
        await services.command_handler.handle(command, context(ADMIN))
