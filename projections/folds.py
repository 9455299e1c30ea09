"""Cases folded event by event for read models that keep one row a case."""

from collections.abc import Iterable, Mapping, Sequence
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

CASES: Final = ("dispute.",)
"""How the topics of cases begin."""
_HELD: Final = 20_000


@dataclass(frozen=True, slots=True)
class Folded:
    """A case folded so far: where it begins in the log, when it last changed, how it was brought in if it was."""

    dispute: Dispute
    opened: int
    moved_at: AwareDatetime
    told: Imported | None


@dataclass(frozen=True, slots=True)
class Lived:
    """One event of a case in a batch, with the case before and after it."""

    recorded: Recorded[DisputeEvent]
    before: Folded | None
    after: Folded


@dataclass(frozen=True, slots=True)
class Advance:
    """What a batch does to the cases that it touches: event by event, and in the end."""

    lived: tuple[Lived, ...]
    touched: dict[UUID, Folded]


class Advances:
    """The advance of the batch that was folded last, for all read models that follow the log side by side."""

    def __init__(self) -> None:
        self._last: tuple[tuple[int, ...], Advance] | None = None

    def of(self, batch: Sequence[Recorded[Event]]) -> Advance | None:
        """Return the advance of this batch, where it is the last one."""
        return self._last[1] if self._last and self._last[0] == _span(batch) else None

    def note(self, batch: Sequence[Recorded[Event]], advance: Advance) -> None:
        """Remember the advance of a batch in place of the one before."""
        self._last = (_span(batch), advance)


class Folds:
    """The cases that were touched last, each folded up to where one read model has followed the log."""

    def __init__(self, advances: Advances | None = None) -> None:
        self._held: LRUCache[UUID, Folded] = LRUCache(_HELD)
        self._advances = advances or Advances()

    async def advanced(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> Advance:
        """Fold the cases that the batch touches to its end, unless another read model has just done so.

        They are not kept yet.
        """
        known = self._advances.of(batch)
        if known is not None:
            return known
        touched: dict[UUID, Folded] = {}
        lived: list[Lived] = []
        for recorded in batch:
            if recorded.topic.startswith("dispute."):
                before_it = touched.get(recorded.stream) or await self._before(connection, recorded)
                told = cast("Recorded[DisputeEvent]", recorded)
                after_it = touched[recorded.stream] = _after(before_it, told)
                lived.append(Lived(told, before_it, after_it))
        advance = Advance(tuple(lived), touched)
        self._advances.note(batch, advance)
        return advance

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


def case_of(row: Mapping[str, object]) -> UUID:
    """Return the case that a row tells of."""
    return UUID(str(row["dispute"]))


def folded(history: Iterable[Recorded[Event]]) -> Folded:
    """Fold a case's whole history; raises LookupError where there is none."""
    so_far: Folded | None = None
    for each in history:
        so_far = _after(so_far, cast("Recorded[DisputeEvent]", each))
    if so_far is None:
        raise LookupError("a case without a history")
    return so_far


def _after(folded: Folded | None, recorded: Recorded[DisputeEvent]) -> Folded:
    event = recorded.event
    if folded is None:
        told = event if isinstance(event, Imported) else None
        return Folded(evolve(None, event, recorded.because), recorded.position, recorded.recorded_at, told)
    dispute = evolve(folded.dispute, event, recorded.because)
    return Folded(dispute, folded.opened, recorded.recorded_at, folded.told)


def _span(batch: Sequence[Recorded[Event]]) -> tuple[int, ...]:
    return tuple(each.position for each in batch)
