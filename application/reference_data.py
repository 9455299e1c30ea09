"""Handles the descriptions of units and platforms, and the publication of calendars."""

import asyncio

from application.command_handler import Clock, retry_lost_races
from application.context import Context
from application.ports import EventLog, Reply
from application.settling import settle
from application.stream_cache import StreamCaches, merged
from domain.aggregates import calendar, platform, unit
from domain.commands.calendar import PublishCalendar
from domain.commands.platform import DescribePlatform
from domain.commands.unit import DescribeUnit
from domain.errors import UnknownUnit
from domain.events import streams
from domain.jurisdiction.units import parent_of
from domain.messages import message


class ReferenceData:
    """Brings reference data to what is described; what is so already is left alone and nothing is recorded."""

    def __init__(self, log: EventLog, references: StreamCaches, clock: Clock) -> None:
        self._log = log
        self._references = references
        self._clock = clock
        self._turns = asyncio.Lock()

    async def describe_unit(self, command: DescribeUnit, context: Context) -> Reply:
        """Establish or rename a unit; raises UnknownUnit where the unit above does not exist."""
        return await retry_lost_races(lambda: self._describe_unit(command, context), self._turns)

    async def describe_platform(self, command: DescribePlatform, context: Context) -> Reply:
        """Establish or reorganise a platform and appoint its mediators; raises UnknownUnit."""
        return await retry_lost_races(lambda: self._describe_platform(command, context), self._turns)

    async def publish_calendar(self, command: PublishCalendar, context: Context) -> Reply:
        """Publish a year's calendar, once; raises CalendarFlawed, CalendarPublishedOtherwise."""
        calendar.check(command)
        return await retry_lost_races(lambda: self._publish_calendar(command, context), self._turns)

    async def _describe_unit(self, command: DescribeUnit, context: Context) -> Reply:
        parent = parent_of(command.unit)
        asked = self._references.units.ask([command.unit, *([parent] if parent else [])])
        loaded = await self._log.load(asked.after, context.command_id)
        known = asked.take(loaded)
        if parent and parent not in known:
            raise UnknownUnit(message("there is no unit {unit}", unit=parent), field="parent")
        version = self._references.units.version(command.unit)
        context.permit(None)
        return await settle(
            self._log,
            lambda: unit.decide(command, known.get(command.unit), self._clock()),
            (command.unit, streams.unit_stream(command.unit), version),
            loaded,
            context,
        )

    async def _describe_platform(self, command: DescribePlatform, context: Context) -> Reply:
        units = self._references.units.ask([command.unit])
        platforms = self._references.platforms.ask([command.unit])
        mediators = self._references.mediators.ask([mediator.id for mediator in command.mediators])
        loaded = await self._log.load(
            merged(units.after, platforms.after, mediators.after), context.command_id
        )
        if command.unit not in units.take(loaded):
            raise UnknownUnit(message("there is no unit {unit}", unit=command.unit), field="unit")
        present, known = platforms.take(loaded).get(command.unit), frozenset(mediators.take(loaded))
        version = self._references.platforms.version(command.unit)
        context.permit(None)
        return await settle(
            self._log,
            lambda: platform.decide(command, present, known, self._clock()),
            (command.unit, streams.platform_stream(command.unit), version),
            loaded,
            context,
        )

    async def _publish_calendar(self, command: PublishCalendar, context: Context) -> Reply:
        asked = self._references.calendars.ask([command.year])
        loaded = await self._log.load(asked.after, context.command_id)
        year = asked.take(loaded).get(command.year)
        version = self._references.calendars.version(command.year)
        context.permit(None)
        return await settle(
            self._log,
            lambda: calendar.decide(command, year, self._clock()),
            (str(command.year), streams.calendar_stream(command.year), version),
            loaded,
            context,
        )
