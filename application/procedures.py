"""Handles procedures: proposed by one person, decided by another, and put in force at once by the founding alone."""

import asyncio
from collections.abc import Callable
from functools import partial

from application.command_handler import Clock, retry_lost_races
from application.context import Context
from application.ports import EventLog, Loaded, Reply
from application.settling import settle
from application.stream_cache import StreamCaches
from domain.aggregates import procedure as policy
from domain.aggregates.procedure import Procedure
from domain.commands.procedure import ApproveProcedure, ProposeProcedure, PublishProcedure, RejectProcedure
from domain.commands.times import check_times
from domain.events import streams
from domain.events.envelope import Fact
from domain.events.procedure import ProcedureEvent

_Decide = Callable[[], tuple[Fact, ...]]


class Procedures:
    """Brings procedures in force. A reply's version is the procedure's own: which text, not how many events."""

    def __init__(self, log: EventLog, references: StreamCaches, clock: Clock) -> None:
        self._log = log
        self._references = references
        self._clock = clock
        self._turns = asyncio.Lock()

    async def publish(self, command: PublishProcedure, context: Context) -> Reply:
        """Put a ladder in force without anybody's approval."""
        return await retry_lost_races(lambda: self._publish(command, context), self._turns)

    async def propose(self, command: ProposeProcedure, context: Context) -> Reply:
        """Propose a version; one that is in force or proposed already is left alone. Raises AlreadyProposed."""
        return await retry_lost_races(lambda: self._propose(command, context), self._turns)

    async def decide(self, command: ApproveProcedure | RejectProcedure, context: Context) -> Reply:
        """Approve or reject a version; raises TimeInFuture, UnknownProcedureVersion, and what the decision refuses."""
        check_times(command, self._clock())
        return await retry_lost_races(lambda: self._decide(command, context), self._turns)

    async def _publish(self, command: PublishProcedure, context: Context) -> Reply:
        procedure, loaded = await self._read(command.ladder.id, context)
        decide = partial(policy.decide, command, procedure, context.actor, self._clock())
        latest = command.ladder.id, procedure.latest if procedure else 0
        same = procedure.in_force.version if procedure and procedure.versions else 0
        return await self._settle(latest, decide, same, loaded, context)

    async def _propose(self, command: ProposeProcedure, context: Context) -> Reply:
        procedure, loaded = await self._read(command.ladder.id, context)
        context.permit(None)
        decide = partial(policy.decide, command, procedure, context.actor, self._clock())
        latest = command.ladder.id, procedure.latest if procedure else 0
        same = (procedure and procedure.version_of(command.ladder)) or 0
        return await self._settle(latest, decide, same, loaded, context)

    async def _decide(self, command: ApproveProcedure | RejectProcedure, context: Context) -> Reply:
        found, loaded = await self._read(command.procedure, context)
        procedure = policy.find(command, found)
        context.permit(None)
        decide = partial(policy.decide, command, procedure, context.actor, self._clock())
        return await self._settle(
            (command.procedure, procedure.latest), decide, command.version, loaded, context
        )

    async def _read(self, key: str, context: Context) -> tuple[Procedure | None, Loaded]:
        asked = self._references.procedures.ask([key])
        loaded = await self._log.load(asked.after, context.command_id)
        return asked.take(loaded).get(key), loaded

    async def _settle(
        self, latest: tuple[str, int], decide: _Decide, same: int, loaded: Loaded, context: Context
    ) -> Reply:
        """Settle with the last number given; `same` is the reply's number where nothing had to be done."""
        key, number = latest
        target = (key, streams.procedure_stream(key), self._references.procedures.version(key))
        numbered = (number, partial(_number, same))
        return await settle(self._log, decide, target, loaded, context, numbered)


def _number(same: int, facts: tuple[Fact, ...]) -> int:
    """The version that the facts are about."""
    found = (fact.event.version for fact in facts if isinstance(fact.event, ProcedureEvent))
    return next(found, same)
