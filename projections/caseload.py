"""The case list: one row a dispute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, cast
from uuid import UUID

from cachetools import LRUCache
from pydantic import AwareDatetime

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.events.policy import CalendarPublished
from domain.procedures.deadlines import Deadline
from projections.policies import Policies
from projections.projection import Connection
from store.columns import a
from store.following import before

_HELD: Final = 20_000
_UPSERT: Final = """
INSERT INTO caseload (dispute, number, unit, platform, platforms, tier, status, outcome, category, difficulty,
                      source, title, mediators, procedure, filed_at, moved_at, version, opened, persons, due_on,
                      provisional)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (dispute) DO UPDATE SET
    number = excluded.number, platform = excluded.platform, platforms = excluded.platforms, tier = excluded.tier,
    status = excluded.status, outcome = excluded.outcome, mediators = excluded.mediators,
    moved_at = excluded.moved_at, version = excluded.version, persons = excluded.persons,
    due_on = excluded.due_on, provisional = excluded.provisional
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """A dispute folded so far, with where its filing stands in the log and when it last changed."""

    dispute: Dispute
    opened: int
    moved_at: AwareDatetime


class Caseload:
    """Keeps the case list. The rows are views of the same fold that decides, so they cannot disagree with it."""

    NAME: ClassVar[str] = "caseload"

    def __init__(self) -> None:
        self._held: LRUCache[UUID, _Held] = LRUCache(_HELD)
        self._policies = Policies()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the disputes that the batch touches."""
        touched: dict[UUID, _Held] = {}
        for recorded in batch:
            if recorded.topic.startswith("dispute."):
                held = touched.get(recorded.stream) or await self._before(connection, recorded)
                touched[recorded.stream] = _after(held, cast("Recorded[DisputeEvent]", recorded))
        if any(isinstance(each.event, CalendarPublished) for each in batch):
            self._policies = Policies()
            touched = await self._provisional(connection) | touched
        rows = [_row(stream, held, await self._due(connection, held)) for stream, held in touched.items()]
        async with connection.cursor() as cursor:
            await cursor.executemany(_UPSERT, rows)
        self._held.update(touched)

    async def _due(self, connection: Connection, held: _Held) -> Deadline | None:
        return await self._policies.first_due(connection, held.dispute)

    async def _provisional(self, connection: Connection) -> dict[UUID, _Held]:
        """The disputes whose due day rests on a calendar that was not published when it was reckoned."""
        found = await connection.execute("SELECT dispute, version FROM caseload WHERE provisional")
        held = {}
        for row in await found.fetchall():
            dispute, version = a(UUID, row[0]), a(int, row[1])
            before_now = await self._folded(connection, dispute, version + 1)
            if before_now is not None:
                held[dispute] = before_now
        return held

    async def _before(self, connection: Connection, recorded: Recorded[Event]) -> _Held | None:
        """The dispute before this event: as held, or folded anew where something else is held, or nothing."""
        held = self._held.get(recorded.stream)
        if held is not None and held.dispute.version == recorded.version - 1:
            return held
        return await self._folded(connection, recorded.stream, recorded.version)

    async def _folded(self, connection: Connection, stream: UUID, version: int) -> _Held | None:
        earlier = await before(connection, stream, version)
        dispute = replay(cast("list[Recorded[DisputeEvent]]", earlier))
        return _Held(dispute, earlier[0].position, earlier[-1].recorded_at) if dispute else None


def _after(held: _Held | None, recorded: Recorded[DisputeEvent]) -> _Held:
    return _Held(
        evolve(held.dispute if held else None, recorded.event, recorded.because),
        held.opened if held else recorded.position,
        recorded.recorded_at,
    )


def _row(stream: UUID, held: _Held, due: Deadline | None) -> tuple[object, ...]:
    dispute, filed = held.dispute, held.dispute.filed
    return (
        stream,
        dispute.number,
        filed.unit,
        dispute.platform,
        list(dispute.platforms),
        dispute.tier,
        dispute.status.value,
        dispute.outcome.value if dispute.outcome else None,
        filed.category.value,
        filed.difficulty.value if filed.difficulty else None,
        filed.source.value,
        filed.title if isinstance(filed.title, str) else "",
        list(dispute.mediators),
        filed.procedure.id,
        filed.occurred_at,
        held.moved_at,
        dispute.version,
        held.opened,
        [each.person for each in dispute.parties],
        due.due_on if due else None,
        due is not None and due.provisional,
    )
