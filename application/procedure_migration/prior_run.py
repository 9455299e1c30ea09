"""What a request to move disputes has moved before: found by the ids of its commands, and told as it stood then."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast
from uuid import UUID, uuid5

from application.command_handler import stored_reply
from application.context import Context
from application.ports import EventLog, StoredOutcome
from domain.aggregates.dispute import Dispute, replay
from domain.errors import UnknownDispute
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.messages import message


class CommandOutcomes(Protocol):
    """Tells which commands were carried out."""

    async def since(self, position: int, fingerprint: bytes) -> Mapping[UUID, StoredOutcome]:
        """Return, in order, the outcomes of commands of a fingerprint from a position of the log on."""
        ...


@dataclass(frozen=True, slots=True)
class PriorRun:
    """The disputes that a request moved before, the ids under which it did, and up to where in the log it looked."""

    moved: tuple[UUID, ...] = ()
    ids: frozenset[UUID] = frozenset()
    until: int = sys.maxsize


FRESH: Final = PriorRun()
"""A request that has moved nothing yet."""


def own_id(context: Context, case: UUID) -> UUID:
    """Return the id under which a request moves a dispute that is not its first."""
    return uuid5(context.command_id, str(case))


async def find_prior_run(log: EventLog, outcomes: CommandOutcomes, context: Context) -> PriorRun:
    """Return what the same request moved before; raises KeyReused where its key was that of another one."""
    first = (await log.load({}, context.command_id)).done
    if first is None:
        return FRESH
    began = stored_reply(first, context).position or 0
    found = await outcomes.since(began, context.fingerprint)
    own = {
        command: case
        for command, done in found.items()
        if command in {context.command_id, own_id(context, case := UUID(done.reply.id))}
    }
    return PriorRun(tuple(own.values()), frozenset(own), began)


def as_it_was(history: Sequence[Recorded[Event]], commands: frozenset[UUID]) -> Dispute:
    """Return a dispute as it stood before the first of the commands that concern it."""
    moved = next((place for place, item in enumerate(history) if item.command_id in commands), len(history))
    found = replay(cast("Sequence[Recorded[DisputeEvent]]", history[:moved]))
    if found is None:
        raise UnknownDispute(message("there is no such case"))
    return found
