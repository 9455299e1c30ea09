"""What an interrupted or repeated migration request has migrated before: found by the ids of its commands."""

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
    """Finds the commands that were carried out."""

    async def since(self, position: int, fingerprint: bytes) -> Mapping[UUID, StoredOutcome]:
        """Return, in order, the outcomes of commands of a fingerprint from a position of the log on."""
        ...


@dataclass(frozen=True, slots=True)
class PriorRun:
    """The disputes that a request migrated before, the command ids that did it, and the log position of its start."""

    migrated: tuple[UUID, ...] = ()
    command_ids: frozenset[UUID] = frozenset()
    until: int = sys.maxsize


NO_PRIOR_RUN: Final = PriorRun()
"""The prior run of a request that is new."""


def command_id_for(context: Context, dispute: UUID) -> UUID:
    """Return the command id under which a request migrates a dispute that is not its first."""
    return uuid5(context.command_id, str(dispute))


async def find_prior_run(log: EventLog, outcomes: CommandOutcomes, context: Context) -> PriorRun:
    """Return what the same request migrated before; raises KeyReused where its key belongs to another request."""
    first = (await log.load({}, context.command_id)).done
    if first is None:
        return NO_PRIOR_RUN
    began = stored_reply(first, context).position or 0
    found = await outcomes.since(began, context.fingerprint)
    own = {
        command: case
        for command, done in found.items()
        if command in {context.command_id, command_id_for(context, case := UUID(done.reply.id))}
    }
    return PriorRun(tuple(own.values()), frozenset(own), began)


def state_before(history: Sequence[Recorded[Event]], commands: frozenset[UUID]) -> Dispute:
    """Return a dispute's state before the first of the commands that concern it."""
    end = next((place for place, item in enumerate(history) if item.command_id in commands), len(history))
    found = replay(cast("Sequence[Recorded[DisputeEvent]]", history[:end]))
    if found is None:
        raise UnknownDispute(message("there is no such case"))
    return found
