"""Asking the case list: pages of cases as they are, or as they were on a past day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Final, LiteralString, cast
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import AwareDatetime, BaseModel

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.hindsight import Versioned, as_of
from domain.procedures.deadlines import Deadline
from domain.vocabulary import Category, Difficulty, Outcome, Source, Status
from projections.caseload import Caseload
from projections.policies import Policies
from projections.reading import ReadModel
from store.columns import a
from store.database import connection_of
from store.following import histories


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
    due_on: date | None
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
    overdue: bool | None = None
    q: str | None = None

    def given(self) -> dict[str, object]:
        """Return what matters."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in named if value is not None}

    def holds(self, item: CaseItem, day: date) -> bool:
        """Say whether a case as it stood that day is one of those wanted, as far as it may have changed since."""
        late = item.due_on is not None and item.due_on < day
        return (
            self.overdue in {None, late}
            and self.status in {None, item.status.value}
            and self.tier in {None, item.tier}
            and (self.mediator is None or self.mediator in item.mediators)
        )


_COLUMNS: Final = """
SELECT dispute AS id, number, unit, platform, tier, status, outcome, category, difficulty, source, title, mediators,
       filed_at, due_on, version, opened
FROM caseload
"""
_FILTERS: Final[dict[str, LiteralString]] = {
    "unit": "(unit = %(unit)s OR unit LIKE %(below)s)",
    "status": "status = %(status)s",
    "tier": "tier = %(tier)s",
    "category": "category = %(category)s",
    "mediator": "mediators @> ARRAY[%(mediator)s::text]",
    "overdue": "coalesce(due_on < %(today)s, false) = %(overdue)s",
    "q": "(number = %(q)s OR title ILIKE ALL (%(words)s))",
}
_STEADY: Final = frozenset({"unit", "category", "q"})
"""What stays true of a case through its life, so that it may be asked of a past day in the same way."""
_ALIKE: Final = """
SELECT dispute AS id, number, title, filed_at FROM caseload
WHERE status <> 'closed' AND unit = %(unit)s AND category = %(category)s AND persons && %(persons)s
  AND dispute <> %(dispute)s
ORDER BY opened DESC LIMIT 5
"""
_CHUNK: Final = 200


class Lookalike(BaseModel):
    """An open case of the same unit and category that shares a person."""

    id: UUID
    number: str | None
    title: str
    filed_at: AwareDatetime


class CaseList(ReadModel):
    """Asks the case list."""

    NAME: ClassVar[str] = Caseload.NAME

    async def page(self, wanted: Wanted, limit: int, cursor: int | None, today: date) -> CasePage:
        """Return a page of the cases wanted, the latest filed first; `cursor` is the `next` of the page before."""
        found = await self._rows(wanted.given(), limit + 1, cursor, {"today": today})
        items = [CaseItem.model_validate(row) for row in found[:limit]]
        return CasePage(items=items, next=str(found[limit - 1]["opened"]) if len(found) > limit else None)

    async def page_as_of(self, wanted: Wanted, limit: int, cursor: int | None, day: date) -> CasePage:
        """Return a page of the cases wanted as they stood on a past day; each is folded from its own history."""
        given = wanted.given()
        steady = {name: value for name, value in given.items() if name in _STEADY}
        kept: list[tuple[CaseItem, int]] = []
        while len(kept) <= limit:
            rows = await self._rows(steady, _CHUNK, cursor, {"filed_by": day})
            if not rows:
                break
            cursor = a(int, rows[-1]["opened"])
            kept += [found for found in await self._on(rows, day) if wanted.holds(found[0], day)]
        items = [item for item, _ in kept[:limit]]
        return CasePage(items=items, next=str(kept[limit - 1][1]) if len(kept) > limit else None)

    async def alike(
        self, dispute: UUID, unit: str, category: Category, persons: Sequence[UUID]
    ) -> list[Lookalike]:
        """Return open cases that look like this one: same unit and category, and a shared person."""
        values = {"dispute": dispute, "unit": unit, "category": category.value, "persons": list(persons)}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(_ALIKE, values)
            return [Lookalike.model_validate(row) for row in await rows.fetchall()]

    async def _rows(
        self, given: Mapping[str, object], limit: int, cursor: int | None, more: Mapping[str, object]
    ) -> list[dict[str, object]]:
        conditions: list[LiteralString] = [_FILTERS[name] for name in given]
        if cursor is not None:
            conditions.append("opened < %(cursor)s")
        if "filed_by" in more:
            conditions.append("filed_at < (%(filed_by)s + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'")
        where = SQL("WHERE ") + SQL(" AND ").join(SQL(each) for each in conditions) if conditions else SQL("")
        query = SQL(_COLUMNS) + where + SQL(" ORDER BY opened DESC LIMIT %(limit)s")
        patterns = {
            "below": f"{_literally(str(given.get('unit')))}.%",
            "words": [f"%{_literally(word)}%" for word in str(given.get("q", "")).split()],
        }
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, {**given, **more, **patterns, "cursor": cursor, "limit": limit})
            return await rows.fetchall()

    async def _on(self, rows: Sequence[dict[str, object]], day: date) -> list[tuple[CaseItem, int]]:
        async with connection_of(self._pool) as connection:
            found = await histories(connection, [a(UUID, row["id"]) for row in rows])
            policies, items = Policies(), []
            for row in rows:
                dispute = as_of(cast("list[Versioned]", found.get(a(UUID, row["id"]), [])), day)
                if dispute:
                    due = await policies.first_due(connection, dispute)
                    items.append((_item(row, dispute, due), a(int, row["opened"])))
        return items


def _item(row: Mapping[str, object], dispute: Dispute, due: Deadline | None) -> CaseItem:
    """A case as it stood; what never changes is taken from its present row."""
    then = {
        "number": dispute.number,
        "platform": dispute.platform,
        "tier": dispute.tier,
        "status": dispute.status,
        "outcome": dispute.outcome,
        "mediators": list(dispute.mediators),
        "due_on": due.due_on if due else None,
        "version": dispute.version,
    }
    return CaseItem.model_validate({**row, **then})


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
