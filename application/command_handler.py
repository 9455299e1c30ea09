"""The only writer: load, decide, append."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar, cast
from uuid import UUID

from application.context import Context
from application.decision_inputs import DecisionInputs, Named
from application.ports import Append, Conflict, EventLog, Reply, StoredOutcome, Unavailable, Write
from application.stream_cache import StreamCaches
from domain.aggregates.dispute import Dispute, World, check, decide, find, replay
from domain.aggregates.dispute.evolve import Explained
from domain.aggregates.dispute.notices import notices
from domain.commands.dispute import AnyDisputeCommand, OpeningCommand
from domain.commands.times import check_times
from domain.errors import Contended, KeyReused, UnknownDispute
from domain.events.envelope import Event, Fact
from domain.events.streams import stream_of
from domain.messages import message

PATIENCE: Final = 1.0
"""Seconds for which a lost race is run again."""
TURN_PATIENCE: Final = 2.0
"""Seconds for which somebody waits for a turn; it takes so long only where the store does not answer."""
_T = TypeVar("_T")
Clock = Callable[[], datetime]


class CommandHandler:
    """Handles commands to disputes."""

    def __init__(self, log: EventLog, references: StreamCaches, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._surroundings = DecisionInputs(log, references)
        self._turns = asyncio.Lock()

    async def handle(self, command: AnyDisputeCommand, context: Context) -> Reply:
        """Carry a command out, or raise the `DomainError` that says why not; raises Unavailable.

        A lost race is run again from the start; with a version named by the caller that ends in `Stale`.
        """
        check_times(command, self._clock())
        return await retry_lost_races(lambda: self._attempt(command, context), self._turns)

    async def _attempt(self, command: AnyDisputeCommand, context: Context) -> Reply:
        now = self._clock()
        named = await self._surroundings.named(command, context.command_id)
        dispute = named.dispute
        self._check(command, dispute, context)
        if named.done and not context.dry_run:
            return await self._told_again(command, named, named.done, context)
        if dispute:
            context.must_expect(dispute.version)
        return await self._decide(command, dispute, named, context, now)

    async def _told_again(
        self, command: AnyDisputeCommand, named: Named, done: StoredOutcome, context: Context
    ) -> Reply:
        """The reply of a command that was carried out, with what follows from its events as it did then."""
        reply = stored_reply(done, context)
        history = (await self._log.load({command.dispute: 0})).streams.get(command.dispute, ())
        own = tuple(
            Fact(recorded.event, recorded.because)
            for recorded in history
            if recorded.command_id == context.command_id
        )
        world = await self._surroundings.world(command, named.dispute, named, context.actor, self._clock())
        then = replay(
            cast(
                "tuple[Explained, ...]",
                tuple(recorded for recorded in history if recorded.version <= reply.version),
            )
        )
        return _with_reasons(reply, own, then, world)

    async def _decide(
        self,
        command: AnyDisputeCommand,
        dispute: Dispute | None,
        named: Named,
        context: Context,
        now: datetime,
    ) -> Reply:
        world = await self._surroundings.world(command, dispute, named, context.actor, now)
        facts = decide(command, dispute, world)
        own = tuple(fact for fact in facts if _belongs(fact.event))
        after = replay(cast("tuple[Explained, ...]", own), dispute)
        if after is None:
            raise UnknownDispute(message("there is no such case"))
        reply = Reply(
            id=str(command.dispute),
            version=after.version,
            status=after.status,
            tier=after.tier,
            events=tuple(fact.event.TOPIC for fact in own),
        )
        if context.dry_run:
            return _with_reasons(reply, own, after, world)
        versions = {
            command.dispute: dispute.version if dispute else 0,
            **self._surroundings.versions(facts, world),
        }
        done = await append(self._log, facts, command.dispute, versions, reply, context)
        return _with_reasons(done, own, after, world)

    def _check(self, command: AnyDisputeCommand, dispute: Dispute | None, context: Context) -> None:
        if isinstance(command, OpeningCommand):
            context.permit(None)
            return
        if dispute is None:
            raise UnknownDispute(message("there is no such case"))
        find(command, dispute)
        context.permit(dispute)
        check(command, dispute)


async def retry_lost_races(attempt: Callable[[], Awaitable[_T]], turns: asyncio.Lock) -> _T:
    """Run an attempt again while it loses its race, for as long as `PATIENCE`; raises Contended, Unavailable.

    Whoever lost waits for a turn, so that those who race for one register or one case do not starve each other.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        return await attempt()
    except Conflict:
        async with turns:
            if loop.time() > began + TURN_PATIENCE:
                raise Unavailable("the turn did not come in time") from None
            while True:
                try:
                    return await attempt()
                except Conflict:
                    if loop.time() > began + PATIENCE:
                        raise Contended(message("others were faster each time; try again")) from None


async def append(
    log: EventLog,
    facts: tuple[Fact, ...],
    main: UUID,
    versions: dict[UUID, int],
    reply: Reply,
    context: Context,
) -> Reply:
    """Write facts, each to its stream, under the versions on which the decision rests."""
    grouped: dict[UUID, list[Fact]] = {}
    for fact in facts:
        grouped.setdefault(stream_of(fact.event, main), []).append(fact)
    writes = tuple(Write(stream, versions.get(stream, 0), tuple(group)) for stream, group in grouped.items())
    request = Append(context.command_id, context.fingerprint, context.actor, writes, reply)
    return stored_reply(await log.append(request), context)


def stored_reply(done: StoredOutcome, context: Context) -> Reply:
    """Return the reply of a command that was carried out; raises KeyReused where it was another request."""
    if done.fingerprint != context.fingerprint:
        raise KeyReused(message("this key belongs to another request; use a new one"))
    return done.reply


def _with_reasons(reply: Reply, facts: tuple[Fact, ...], after: Dispute | None, world: World) -> Reply:
    """The reply with what whoever asked should know, and with what rules did and why."""
    noticed = notices(facts, after, world) if after else ()
    caused = tuple(dict.fromkeys(fact.because for fact in facts if fact.because))
    if not noticed and not caused:
        return reply
    told = {"notices": noticed or None, "caused": caused or None, "titles": world.ladder.titles}
    return reply.model_copy(update=told)


def _belongs(event: Event) -> bool:
    return event.TOPIC.startswith("dispute.")
