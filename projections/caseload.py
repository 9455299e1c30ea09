"""The case list: one row a dispute."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar, Final, LiteralString, cast
from uuid import UUID

from cachetools import LRUCache
from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import AwareDatetime, BaseModel

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.vocabulary import Category, Difficulty, Outcome, Source, Status
from projections.projection import Connection
from projections.reading import ReadModel
from store.database import connection_of
from store.following import before

_HELD: Final = 20_000
_UPSERT: Final = """
INSERT INTO caseload (dispute, number, unit, platform, platforms, tier, status, outcome, category, difficulty,
                      source, title, mediators, procedure, filed_at, moved_at, version, opened)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (dispute) DO UPDATE SET
    number = excluded.number, platform = excluded.platform, platforms = excluded.platforms, tier = excluded.tier,
    status = excluded.status, outcome = excluded.outcome, mediators = excluded.mediators,
    moved_at = excluded.moved_at, version = excluded.version
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

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the disputes that the batch touches."""
        touched: dict[UUID, _Held] = {}
        for recorded in batch:
            if recorded.topic.startswith("dispute."):
                held = touched.get(recorded.stream) or await self._before(connection, recorded)
                touched[recorded.stream] = _after(held, cast("Recorded[DisputeEvent]", recorded))
        async with connection.cursor() as cursor:
            await cursor.executemany(_UPSERT, [_row(stream, held) for stream, held in touched.items()])
        self._held.update(touched)

    async def _before(self, connection: Connection, recorded: Recorded[Event]) -> _Held | None:
        """The dispute before this event: as held, or folded anew where something else is held, or nothing."""
        held = self._held.get(recorded.stream)
        if held is not None and held.dispute.version == recorded.version - 1:
            return held
        earlier = await before(connection, recorded.stream, recorded.version)
        dispute = replay(cast("list[Recorded[DisputeEvent]]", earlier))
        return _Held(dispute, earlier[0].position, earlier[-1].recorded_at) if dispute else None


def _after(held: _Held | None, recorded: Recorded[DisputeEvent]) -> _Held:
    return _Held(
        evolve(held.dispute if held else None, recorded.event, recorded.because),
        held.opened if held else recorded.position,
        recorded.recorded_at,
    )


def _row(stream: UUID, held: _Held) -> tuple[object, ...]:
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
    )


class CaseItem(BaseModel):
    """A case in the list."""

    id: UUID
    number: str | None
    unit: str
    platform: str
    tier: str
    status: Status
    outcome: Outcome | None
    category: Category
    difficulty: Difficulty | None
    source: Source
    title: str
    mediators: list[str]
    filed_at: AwareDatetime
    version: int


class CasePage(BaseModel):
    """A page of the case list; `next` is the `cursor` of the following page."""

    items: list[CaseItem]
    next: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list; what is None does not matter."""

    unit: str | None = None
    status: str | None = None
    tier: str | None = None
    category: str | None = None
    mediator: str | None = None


_COLUMNS: Final = """
SELECT dispute AS id, number, unit, platform, tier, status, outcome, category, difficulty, source, title, mediators,
       filed_at, version, opened
FROM caseload
"""
_FILTERS: Final[dict[str, LiteralString]] = {
    "unit": "(unit = %(unit)s OR unit LIKE %(unit)s || '.%%')",
    "status": "status = %(status)s",
    "tier": "tier = %(tier)s",
    "category": "category = %(category)s",
    "mediator": "mediators @> ARRAY[%(mediator)s::text]",
}


class CaseList(ReadModel):
    """Asks the case list."""

    NAME: ClassVar[str] = Caseload.NAME

    async def page(self, wanted: Wanted, limit: int, cursor: int | None) -> CasePage:
        """Return a page of the cases wanted, the latest filed first; `cursor` is the `next` of the page before."""
        given = {name: value for name, value in asdict(wanted).items() if value is not None}
        conditions: list[LiteralString] = [_FILTERS[name] for name in given]
        if cursor is not None:
            conditions.append("opened < %(cursor)s")
        where = SQL("WHERE ") + SQL(" AND ").join(SQL(each) for each in conditions) if conditions else SQL("")
        query = SQL(_COLUMNS) + where + SQL(" ORDER BY opened DESC LIMIT %(limit)s")
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, {**given, "cursor": cursor, "limit": limit + 1})
            found = await rows.fetchall()
        items = [CaseItem.model_validate(row) for row in found[:limit]]
        return CasePage(items=items, next=str(found[limit - 1]["opened"]) if len(found) > limit else None)
