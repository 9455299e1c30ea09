"""Cases folded event by event for read models that keep one row a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from cachetools import LRUCache
from pydantic import AwareDatetime

from domain.aggregates.dispute import Dispute, evolve
from domain.events.dispute import DisputeEvent, Imported
from domain.events.envelope import Event, Recorded
from projections.projection import Connection
from store.following import before

_HELD: Final = 20_000


@dataclass(frozen=True, slots=True)
class Folded:
    """A case folded so far: where it begins in the log, when it last changed, how it was brought in if it was."""

    dispute: Dispute
    opened: int
    moved_at: AwareDatetime
    told: Imported | None


class Folds:
    """The cases that were touched last, each folded up to where the read model has followed the log."""

    def __init__(self) -> None:
        self._held: LRUCache[UUID, Folded] = LRUCache(_HELD)

    async def advanced(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> dict[UUID, Folded]:
        """Return the cases that the batch touches, folded to its end; they are not kept yet."""
        touched: dict[UUID, Folded] = {}
        for recorded in batch:
            if recorded.topic.startswith("dispute."):
                held = touched.get(recorded.stream) or await self._before(connection, recorded)
                touched[recorded.stream] = _after(held, cast("Recorded[DisputeEvent]", recorded))
        return touched

    def keep(self, touched: dict[UUID, Folded]) -> None:
        """Keep what was advanced, once its rows are written."""
        self._held.update(touched)

    async def read(self, connection: Connection, stream: UUID, version: int) -> Folded | None:
        """Fold a case anew, up to but without an event's version."""
        folded: Folded | None = None
        for each in await before(connection, stream, version):
            folded = _after(folded, cast("Recorded[DisputeEvent]", each))
        return folded

    async def _before(self, connection: Connection, recorded: Recorded[Event]) -> Folded | None:
        """The case before this event: as held, or folded anew where something else is held, or nothing."""
        held = self._held.get(recorded.stream)
        if held is not None and held.dispute.version == recorded.version - 1:
            return held
        return await self.read(connection, recorded.stream, recorded.version)


def _after(folded: Folded | None, recorded: Recorded[DisputeEvent]) -> Folded:
    event = recorded.event
    if folded is None:
        told = event if isinstance(event, Imported) else None
        return Folded(evolve(None, event, recorded.because), recorded.position, recorded.recorded_at, told)
    dispute = evolve(folded.dispute, event, recorded.because)
    return Folded(dispute, folded.opened, recorded.recorded_at, folded.told)
