"""Cases folded event by event for read models that keep one row a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from pydantic import AwareDatetime

from domain.aggregates.dispute import Dispute, evolve
from domain.events.dispute import DisputeEvent, Imported
from domain.events.envelope import Event, Recorded
from projections.runtime.lru import Held
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from store.event_log.log_reader import streams_before

CASES = ("dispute.",)
"""How the topics of cases begin."""


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


class CaseCache:
    """The cases that were touched last, folded once for all read models that follow the log side by side.

    What is held of a case may be ahead of a read model whose batch did not come to be, or behind it: its version tells,
    and then the case is read from the log anew.
    """

    def __init__(self) -> None:
        self.policies = PolicyCache()
        self._held: Held[Folded] = Held()
        self._last: tuple[tuple[int, ...], Advance] | None = None

    async def advanced(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> Advance:
        """Fold the cases that the batch touches to its end, unless another read model has just done so."""
        span = tuple([item.position for item in batch])
        if self._last is not None and self._last[0] == span:
            return self._last[1]
        cases = [cast("Recorded[DisputeEvent]", item) for item in batch if item.topic.startswith(CASES)]
        touched = await self._before(connection, cases)
        lived: list[Lived] = []
        for recorded in cases:
            before_it = touched.get(recorded.stream)
            after_it = touched[recorded.stream] = after(before_it, recorded)
            lived.append(Lived(recorded, before_it, after_it))
        advance = Advance(tuple(lived), touched)
        self._held.update(touched)
        self._last = (span, advance)
        return advance

    async def read(self, connection: Connection, ends: Mapping[UUID, int]) -> dict[UUID, Folded]:
        """Fold cases anew, each up to but without an event's version; those without an event are left out."""
        found = await streams_before(connection, ends) if ends else {}
        return {stream: folded(history) for stream, history in found.items()}

    async def _before(
        self, connection: Connection, cases: Iterable[Recorded[DisputeEvent]]
    ) -> dict[UUID, Folded]:
        """The cases as they were before the batch: as held, or folded anew where something else is held."""
        first: dict[UUID, int] = {}
        for item in cases:
            first.setdefault(item.stream, item.version)
        known: dict[UUID, Folded] = {}
        missing: dict[UUID, int] = {}
        for stream, version in first.items():
            held = self._held.get(stream)
            if held is not None and held.dispute.version == version - 1:
                known[stream] = held
            elif version > 1:
                missing[stream] = version
        return known | await self.read(connection, missing)


def case_of(row: Mapping[str, object]) -> UUID:
    """Return the case that a row tells of."""
    return UUID(str(row["dispute"]))


def folded(history: Iterable[Recorded[Event]]) -> Folded:
    """Fold a case's whole history; raises LookupError where there is none."""
    so_far: Folded | None = None
    for recorded in history:
        so_far = after(so_far, cast("Recorded[DisputeEvent]", recorded))
    if so_far is None:
        raise LookupError("a case without a history")
    return so_far


def after(folded: Folded | None, recorded: Recorded[DisputeEvent]) -> Folded:
    """Return a case after one more event."""
    event = recorded.event
    if folded is None:
        told = event if isinstance(event, Imported) else None
        return Folded(
            evolve(None, event, recorded.because, recorded.recorded_at),
            recorded.position,
            recorded.recorded_at,
            told,
        )
    dispute = evolve(folded.dispute, event, recorded.because, recorded.recorded_at)
    return Folded(dispute, folded.opened, recorded.recorded_at, folded.told)
