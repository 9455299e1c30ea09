"""The only writer of decisions: it handles a command to any aggregate through the aggregate's decider."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from application.context import Context
from application.deciders import DECIDERS, AnyDecider
from application.deciders.decider import Decision, DecisionInputs
from application.ports import Append, Conflict, EventLog, Reply, StoredOutcome, Unavailable, Write
from application.stream_cache import StreamCache, StreamRef, StreamStates, stream_id
from domain.commands.base import Command
from domain.commands.times import check_times
from domain.errors import Contended, KeyReused
from domain.events.envelope import Fact
from domain.events.streams import stream_of
from domain.messages import message

RETRY_SECONDS: Final = 1.0
"""Seconds for which a lost race is run again."""
QUEUE_SECONDS: Final = 2.0
"""Seconds for which a lost race waits behind others; it takes so long only where the store does not answer."""
_T = TypeVar("_T")
Clock = Callable[[], datetime]


class CommandHandler:
    """Handles commands: load what the decision needs, decide, append."""

    def __init__(
        self, log: EventLog, cache: StreamCache, clock: Clock, deciders: Iterable[AnyDecider] = DECIDERS
    ) -> None:
        self._log = log
        self._cache = cache
        self._clock = clock
        self._deciders = {command: decider for decider in deciders for command in decider.commands}
        self._lost_races = asyncio.Lock()

    async def handle(self, command: Command, context: Context) -> Reply:
        """Carry a command out, or raise the `DomainError` that says why not; raises Unavailable.

        A lost race is run again from the start; with a version named by the caller that ends in `Stale`.
        """
        check_times(command, self._clock())
        decider = self._deciders[type(command)]
        return await retry_lost_races(lambda: self._attempt(decider, command, context), self._lost_races)

    async def _attempt(self, decider: AnyDecider, command: Command, context: Context) -> Reply:
        now, ref = self._clock(), decider.stream(command)
        states = StreamStates(self._cache)
        await states.read(self._log, lambda: (ref, *decider.needs(command, states)), context.command_id)
        inputs = DecisionInputs(states, context.actor, now)
        decider.check(command, inputs, context.permit)
        if states.outcome and not context.dry_run:
            return await self._repeat(decider, command, inputs, stored_reply(states.outcome, context))
        version = decider.expected_version(command, inputs)
        if version is not None:
            context.must_expect(version)
        decision = decider.decide(command, inputs)
        if context.dry_run or not decision.facts:
            return decision.reply
        writes = _writes(decision, ref, states)
        outcome = await self._append(decision, writes, context)
        reply = stored_reply(outcome, context)
        if outcome.recorded_at is None:  # the same command was faster, on a state that may have been another
            return await self._repeat(decider, command, inputs, reply)
        own = next((write for write in writes if write.stream == stream_id(ref)), None)
        if decision.state_recorded_at is not None and own is not None:
            self._cache.keep_decided(ref, own.version, decision.state_recorded_at(outcome.recorded_at))
        return reply.with_reasons_of(decision.reply)

    async def _repeat(
        self, decider: AnyDecider, command: Command, inputs: DecisionInputs, reply: Reply
    ) -> Reply:
        """Return the reply of a command that was carried out, with what follows from its events as it did then."""
        if decider.repeat is None:
            return reply
        stream = stream_id(decider.stream(command))
        history = (await self._log.load({stream: 0})).streams.get(stream, ())
        return decider.repeat(command, inputs, reply, history)

    async def _append(self, decision: Decision, writes: tuple[Write, ...], context: Context) -> StoredOutcome:
        """Write the facts, each to its stream, under the versions on which the decision rests."""
        return await self._log.append(
            Append(context.command_id, context.fingerprint, context.actor, writes, decision.reply)
        )


def _writes(decision: Decision, ref: StreamRef, states: StreamStates) -> tuple[Write, ...]:
    """Return the facts by stream, with the versions on which the decision rests."""
    own = stream_id(ref)
    grouped: dict[UUID, list[Fact]] = {}
    for fact in decision.facts:
        grouped.setdefault(stream_of(fact.event, own), []).append(fact)
    versions = states.versions()
    return tuple(Write(stream, versions.get(stream, 0), tuple(facts)) for stream, facts in grouped.items())


async def retry_lost_races(attempt: Callable[[], Awaitable[_T]], lost_races: asyncio.Lock) -> _T:
    """Run an attempt again while it loses its race, for as long as `RETRY_SECONDS`; raises Contended, Unavailable.

    Lost races are run again one after the other, so that those for one register or one case do not starve each other.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        return await attempt()
    except Conflict:
        async with lost_races:
            if loop.time() > began + QUEUE_SECONDS:
                raise Unavailable("the race could not be run again in time") from None
            while True:
                try:
                    return await attempt()
                except Conflict:
                    if loop.time() > began + RETRY_SECONDS:
                        raise Contended(message("others were faster each time; try again")) from None


def stored_reply(outcome: StoredOutcome, context: Context) -> Reply:
    """Return the reply of a command that was carried out; raises KeyReused where it was another request."""
    if outcome.fingerprint != context.fingerprint:
        raise KeyReused(message("this key belongs to another request; use a new one"))
    return outcome.reply
