"""Handles the descriptions of units and platforms, and the publication of procedures and calendars."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from application.context import Context
from application.engine import Clock, append, persist, repeated
from application.ports import EventLog, Loaded, Reply
from application.references import References, joined
from domain.aggregates import platform, policy, unit
from domain.commands.reference import DescribePlatform, DescribeUnit, PublishCalendar, PublishProcedure
from domain.errors import UnknownUnit
from domain.events import streams
from domain.events.envelope import Fact
from domain.messages import message


class ReferenceData:
    """Brings reference data to what is described; what is so already is left alone and nothing is recorded."""

    def __init__(self, log: EventLog, references: References, clock: Clock) -> None:
        self._log = log
        self._references = references
        self._clock = clock
        self._turns = asyncio.Lock()

    async def describe_unit(self, command: DescribeUnit, context: Context) -> Reply:
        """Establish or rename a unit; raises UnknownUnit where the unit above does not exist."""
        return await persist(lambda: self._describe_unit(command, context), self._turns)

    async def describe_platform(self, command: DescribePlatform, context: Context) -> Reply:
        """Establish or reorganise a platform and appoint its mediators; raises UnknownUnit."""
        return await persist(lambda: self._describe_platform(command, context), self._turns)

    async def publish_procedure(self, command: PublishProcedure, context: Context) -> Reply:
        """Put a ladder in force."""
        return await persist(lambda: self._publish_procedure(command, context), self._turns)

    async def publish_calendar(self, command: PublishCalendar, context: Context) -> Reply:
        """Publish a year's calendar."""
        return await persist(lambda: self._publish_calendar(command, context), self._turns)

    async def _describe_unit(self, command: DescribeUnit, context: Context) -> Reply:
        parent = unit.parent_of(command.unit)
        asked = self._references.units.ask([command.unit, *([parent] if parent else [])])
        loaded = await self._log.load(asked.after, context.command_id)
        known = asked.take(loaded)
        if parent and parent not in known:
            raise UnknownUnit(message("there is no unit {unit}", unit=parent), field="parent")
        version = self._references.units.version(command.unit)
        context.permit(None)
        return await self._settle(
            lambda: unit.decide(command, known.get(command.unit), self._clock()),
            (command.unit, streams.unit_stream(command.unit), version),
            loaded,
            context,
        )

    async def _describe_platform(self, command: DescribePlatform, context: Context) -> Reply:
        units = self._references.units.ask([command.unit])
        platforms = self._references.platforms.ask([command.unit])
        mediators = self._references.mediators.ask([each.id for each in command.mediators])
        loaded = await self._log.load(
            joined(units.after, platforms.after, mediators.after), context.command_id
        )
        if command.unit not in units.take(loaded):
            raise UnknownUnit(message("there is no unit {unit}", unit=command.unit), field="unit")
        present, known = platforms.take(loaded).get(command.unit), frozenset(mediators.take(loaded))
        version = self._references.platforms.version(command.unit)
        context.permit(None)
        return await self._settle(
            lambda: platform.decide(command, present, known, self._clock()),
            (command.unit, streams.platform_stream(command.unit), version),
            loaded,
            context,
        )

    async def _publish_procedure(self, command: PublishProcedure, context: Context) -> Reply:
        key = command.ladder.id
        asked = self._references.procedures.ask([key])
        loaded = await self._log.load(asked.after, context.command_id)
        procedure = asked.take(loaded).get(key)
        version = self._references.procedures.version(key)
        return await self._settle(
            lambda: policy.decide_publish_procedure(command, procedure, self._clock()),
            (key, streams.procedure_stream(key), version),
            loaded,
            context,
        )

    async def _publish_calendar(self, command: PublishCalendar, context: Context) -> Reply:
        asked = self._references.calendars.ask([command.year])
        loaded = await self._log.load(asked.after, context.command_id)
        year = asked.take(loaded).get(command.year)
        version = self._references.calendars.version(command.year)
        return await self._settle(
            lambda: policy.decide_publish_calendar(command, year, self._clock()),
            (str(command.year), streams.calendar_stream(command.year), version),
            loaded,
            context,
        )

    async def _settle(
        self,
        decide: Callable[[], tuple[Fact, ...]],
        target: tuple[str, UUID, int],
        loaded: Loaded,
        context: Context,
    ) -> Reply:
        name, stream, version = target
        if loaded.done:
            return repeated(loaded.done, context)
        context.must_expect(version)
        facts = decide()
        own = [fact for fact in facts if streams.stream_of(fact.event, stream) == stream]
        reply = Reply(id=name, version=version + len(own), events=tuple(fact.event.TOPIC for fact in own))
        if not facts:
            return reply
        return await append(self._log, facts, stream, {stream: version}, reply, context)
