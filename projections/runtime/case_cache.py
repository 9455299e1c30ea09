"""A cache of cases, folded event by event for the projections that write rows of cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast
from uuid import UUID

from cachetools import LRUCache
from pydantic import AwareDatetime

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.events.dispute import DisputeEvent, FactRetracted, Imported, PartyAdded, PartyAmended
from domain.events.envelope import Event, Recorded
from projections.runtime.case_people import CasePeople
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from store.event_log.log_reader import streams_before

CASE_TOPICS = ("dispute.",)
"""How the topics of cases begin."""
CACHED_CASES: Final = 20_000
"""Cases that a cache holds, so that memory stays bounded."""


class FoldedCase(NamedTuple):
    """A case folded so far: the position of its first event, when it last changed, and its import where it was imported."""

    dispute: Dispute
    opened: int
    moved_at: AwareDatetime
    imported: Imported | None
    people: CasePeople


class CaseTransition(NamedTuple):
    """One event of a case in a batch, with the case before and after it."""

    recorded: Recorded[DisputeEvent]
    before: FoldedCase | None
    after: FoldedCase


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """How a batch changes cases: event by event, and the cases at its end."""

    transitions: tuple[CaseTransition, ...]
    touched: dict[UUID, FoldedCase]


class CaseCache:
    """The cases changed last, folded once for all projections that follow the log together.

    A cached case may be ahead of a projection whose batch was rolled back, or behind it: where its version is not the
    expected one, the case is read from the log again.
    """

    def __init__(self) -> None:
        self.policies = PolicyCache()
        self._cached: LRUCache[UUID, FoldedCase] = LRUCache(CACHED_CASES)
        self._last: tuple[tuple[int, ...], CaseChanges] | None = None

    async def advanced(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> CaseChanges:
        """Fold the cases of the batch to its end, unless another projection has just done so."""
        span = tuple([item.position for item in batch])
        if self._last is not None and self._last[0] == span:
            return self._last[1]
        cases = [cast("Recorded[DisputeEvent]", item) for item in batch if item.topic.startswith(CASE_TOPICS)]
        touched = await self._before(connection, cases)
        transitions: list[CaseTransition] = []
        for recorded in cases:
            before_it = touched.get(recorded.stream)
            if isinstance(recorded.event, FactRetracted):
                whole = await self.read(connection, {recorded.stream: recorded.version + 1})
                after_it = whole[recorded.stream]
            else:
                after_it = fold_event(before_it, recorded)
            touched[recorded.stream] = after_it
            transitions.append(CaseTransition(recorded, before_it, after_it))
        changes = CaseChanges(tuple(transitions), touched)
        self._cached.update(touched)
        self._last = (span, changes)
        return changes

    async def read(self, connection: Connection, ends: Mapping[UUID, int]) -> dict[UUID, FoldedCase]:
        """Fold cases from the log, each up to but without a version; those without an event are left out."""
        found = await streams_before(connection, ends) if ends else {}
        return {stream: fold_case(history) for stream, history in found.items()}

    async def _before(
        self, connection: Connection, cases: Iterable[Recorded[DisputeEvent]]
    ) -> dict[UUID, FoldedCase]:
        """The cases as they were before the batch: from the cache, or folded from the log where it holds another version."""
        first: dict[UUID, int] = {}
        for item in cases:
            first.setdefault(item.stream, item.version)
        known: dict[UUID, FoldedCase] = {}
        missing: dict[UUID, int] = {}
        for stream, version in first.items():
            cached = self._cached.get(stream)
            if cached is not None and cached.dispute.version == version - 1:
                known[stream] = cached
            elif version > 1:
                missing[stream] = version
        return known | await self.read(connection, missing)


def case_of(row: Mapping[str, object]) -> UUID:
    """Return the case of a row."""
    return UUID(str(row["dispute"]))


def fold_case(history: Iterable[Recorded[Event]]) -> FoldedCase:
    """Fold a case's whole history; raises LookupError where there is none."""
    facts = cast("tuple[Recorded[DisputeEvent], ...]", tuple(history))
    dispute = replay(facts)
    if dispute is None:
        raise LookupError("a case without a history")
    opening, latest = facts[0], facts[-1]
    imported = opening.event if isinstance(opening.event, Imported) else None
    later = [fact.event.party for fact in facts if isinstance(fact.event, PartyAdded | PartyAmended)]
    ever = CasePeople.of((*dispute.filed.parties, *later))
    people = CasePeople.of(dispute.parties, ever.past_keys)
    return FoldedCase(dispute, opening.position, latest.recorded_at, imported, people)


def fold_event(case: FoldedCase | None, recorded: Recorded[DisputeEvent]) -> FoldedCase:
    """Return a case after one more event; one that takes a fact back asks for the whole history (`fold_case`)."""
    event = recorded.event
    if case is None:
        imported = event if isinstance(event, Imported) else None
        opened = evolve(None, event, recorded.because, recorded.recorded_at)
        people = CasePeople.of(opened.parties)
        return FoldedCase(opened, recorded.position, recorded.recorded_at, imported, people)
    dispute = evolve(case.dispute, event, recorded.because, recorded.recorded_at)
    people = case.people.become(dispute.parties)
    return FoldedCase(dispute, case.opened, recorded.recorded_at, case.imported, people)
