"""Asking the case list: pages of cases as they are, or as they stood on a past day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Final, Literal, LiteralString
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import AwareDatetime, BaseModel

from domain.vocabulary import Category, Difficulty, Outcome, Source, Status
from projections.case_list.projection import CaseListProjection
from projections.runtime.read_model import ReadModel, below, literally
from store.postgres.connections import connection_of

Sort = Literal["filed", "due"]


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
class CaseFilter:
    """Which cases to list; what is None does not matter."""

    unit: str | None = None
    status: str | None = None
    tier: str | None = None
    category: str | None = None
    mediator: str | None = None
    overdue: bool | None = None
    party: str | None = None
    person: UUID | None = None
    q: str | None = None

    def given(self) -> dict[str, object]:
        """Return what matters."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in named if value is not None}


class CaseCursor(BaseModel):
    """Where a page ended: by the order of filing, or by the day that is due first."""

    opened: int
    due_on: date | None = None

    def __str__(self) -> str:
        """Return it as a cursor."""
        return f"{self.opened}" if self.due_on is None else f"{self.opened}_{self.due_on.isoformat()}"

    @classmethod
    def read(cls, cursor: str) -> "CaseCursor":
        """Read a cursor; raises ValueError."""
        opened, _, due_on = cursor.partition("_")
        return cls(opened=int(opened), due_on=date.fromisoformat(due_on) if due_on else None)


_NOW: Final = "SELECT * FROM caseload"
_THEN: Final = """
SELECT c.dispute, s.number, c.unit, s.platform, s.tier, s.status, s.outcome, c.category, c.difficulty, c.source,
       c.title, s.mediators, c.filed_at, s.due_on, s.case_version AS version, c.opened, c.persons, c.party_keys
FROM caseload c JOIN case_spells s USING (dispute)
WHERE s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s)
"""
_PAGE: Final = SQL("""
SELECT dispute AS id, number, unit, platform, tier, status, outcome, category, difficulty, source, title, mediators,
       filed_at, due_on, version, opened
FROM ({rows}) AS listed {where} ORDER BY {order} LIMIT %(limit)s
""")
_FILTERS: Final[dict[str, LiteralString]] = {
    "unit": "(unit = %(unit)s OR unit LIKE %(below)s)",
    "status": "status = %(status)s",
    "tier": "tier = %(tier)s",
    "category": "category = %(category)s",
    "mediator": "mediators @> ARRAY[%(mediator)s::text]",
    "overdue": "coalesce(due_on < %(day)s, false) = %(overdue)s",
    "party": "party_keys @> ARRAY[%(party)s::text]",
    "person": "persons @> ARRAY[%(person)s::uuid]",
    "q": "(number = %(q)s OR title ILIKE ALL (%(words)s))",
}
_ORDERS: Final[dict[Sort, LiteralString]] = {"filed": "opened DESC", "due": "due_on, opened DESC"}
"""What is not due at all comes last, as PostgreSQL has it."""
_BEHIND: Final = "opened < %(opened)s"
_BEHIND_THE_UNDUE: Final = "due_on IS NULL AND opened < %(opened)s"
_BEHIND_THE_DUE: Final = (
    "(due_on > %(due_on)s OR due_on IS NULL OR due_on = %(due_on)s AND opened < %(opened)s)"
)
_ALIKE: Final = """
SELECT dispute AS id, number, title, filed_at FROM caseload
WHERE status <> 'closed' AND unit = %(unit)s AND category = %(category)s AND persons && %(persons)s
  AND dispute <> %(dispute)s
ORDER BY opened DESC LIMIT 5
"""


class SimilarCase(BaseModel):
    """An open case of the same unit and category that shares a person."""

    id: UUID
    number: str | None
    title: str
    filed_at: AwareDatetime


class CaseListQueries(ReadModel):
    """Asks the case list."""

    NAME: ClassVar[str] = CaseListProjection.NAME

    async def page(
        self,
        wanted: CaseFilter,
        limit: int,
        day: date,
        *,
        past: bool,
        sort: Sort = "filed",
        after: CaseCursor | None = None,
    ) -> CasePage:
        """Return a page of the cases wanted: as they are, `day` being today, or as they stood at the end of that day."""
        given = wanted.given()
        conditions: list[LiteralString] = [_FILTERS[name] for name in given]
        conditions += [_behind(after, sort)] if after else []
        where = SQL("WHERE ") + SQL(" AND ").join(map(SQL, conditions)) if conditions else SQL("")
        query = _PAGE.format(rows=SQL(_THEN if past else _NOW), where=where, order=SQL(_ORDERS[sort]))
        values = {**given, **_patterns(wanted), "day": day, "limit": limit + 1}
        values |= after.model_dump() if after else {}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, values)
            found = await rows.fetchall()
        items = [CaseItem.model_validate(row) for row in found[:limit]]
        more = len(found) > limit
        return CasePage(items=items, next=str(_place(found[limit - 1], sort)) if more else None)

    async def alike(
        self, dispute: UUID, unit: str, category: Category, persons: Sequence[UUID]
    ) -> list[SimilarCase]:
        """Return open cases that look like this one: same unit and category, and a shared person."""
        values = {"dispute": dispute, "unit": unit, "category": category.value, "persons": list(persons)}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(_ALIKE, values)
            return [SimilarCase.model_validate(row) for row in await rows.fetchall()]


def _patterns(wanted: CaseFilter) -> dict[str, object]:
    words = [f"%{literally(part)}%" for part in (wanted.q or "").split()]
    return {"below": below(wanted.unit or ""), "words": words}


def _behind(place: CaseCursor, sort: Sort) -> LiteralString:
    if sort == "filed":
        return _BEHIND
    return _BEHIND_THE_UNDUE if place.due_on is None else _BEHIND_THE_DUE


def _place(row: Mapping[str, object], sort: Sort) -> CaseCursor:
    return CaseCursor.model_validate(
        {"opened": row["opened"], "due_on": row["due_on"] if sort == "due" else None}
    )
