"""The last steps of a command to reference data: done before, another version, or decided and appended."""

from collections.abc import Callable
from uuid import UUID

from application.command_handler import append, stored_reply
from application.context import Context
from application.ports import EventLog, Loaded, Reply
from domain.events import streams
from domain.events.envelope import Fact


async def settle(
    log: EventLog,
    decide: Callable[[], tuple[Fact, ...]],
    target: tuple[str, UUID, int],
    loaded: Loaded,
    context: Context,
    numbered: tuple[int, Callable[[tuple[Fact, ...]], int]] | None = None,
) -> Reply:
    """Decide and append, unless it was done before; return the reply.

    `target` is a name, its stream and the stream's version. That version is what a caller names and is told, unless
    the thing has numbers of its own: `numbered` are the one that it has, and what says which one
    the facts gave it.
    """
    name, stream, version = target
    if loaded.done:
        return stored_reply(loaded.done, context)
    context.must_expect(numbered[0] if numbered else version)
    facts = decide()
    own = [fact for fact in facts if streams.stream_of(fact.event, stream) == stream]
    told = numbered[1](facts) if numbered else version + len(own)
    reply = Reply(id=name, version=told, events=tuple(fact.event.TOPIC for fact in own))
    if not facts:
        return reply
    return await append(log, facts, stream, {stream: version}, reply, context)
