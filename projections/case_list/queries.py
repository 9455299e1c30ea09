"""Asking the case list: pages of cases as they are, or as they stood on a past day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Final, LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row
from psycopg.sql import SQL

from access.scope import Scope
from application.deadline_scheduler import ExpiredTimeLimit
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import folded, folded_number
from projections.case_list.schemas import (
    SIMILAR_WITHIN,
    CaseCursor,
    CaseFilter,
    CaseItem,
    CasePage,
    LookedFor,
    SimilarCase,
    Sort,
)
from projections.runtime.queries import ReadModelQueries, below, literally, visible
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_NOW: Final = "SELECT * FROM caseload"
_THEN: Final = """
SELECT c.dispute, s.number, c.unit, s.platform, s.tier, s.status, s.outcome, c.category, c.difficulty, c.source,
       c.title, s.mediators, c.filed_at, s.due_on, s.case_version AS version, c.opened, c.persons, c.party_keys,
       CASE WHEN s.number IS NOT NULL THEN c.number_key END AS number_key, c.title_key
FROM caseload c JOIN case_spells s USING (dispute)
WHERE s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s)
"""
_PAGE: Final = SQL("""
SELECT dispute AS id, number, unit, platform, tier, status, outcome, category, difficulty, source, title, mediators,
       filed_at, due_on, version, opened
FROM ({rows}) AS listed WHERE {where} ORDER BY {order} LIMIT %(limit)s
""")
_FILTERS: Final[dict[str, LiteralString]] = {
    "unit": "(unit = %(unit)s OR unit LIKE %(below)s)",
    "status": "status = %(status)s",
    "tier": "tier = %(tier)s",
    "category": "category = %(category)s",
    "mediator": "mediators @> ARRAY[%(mediator)s::text]",
    "overdue": "coalesce(due_on < %(day)s, false) = %(overdue)s",
    "party": "party_keys && %(party_keys)s::text[]",
    "person": "persons @> ARRAY[%(person)s::uuid]",
    "q": "(number_key LIKE %(number)s OR title_key LIKE ALL (%(words)s::text[]))",
}
_ORDERS: Final[dict[Sort, LiteralString]] = {"filed": "opened DESC", "due": "due_on, opened DESC"}
"""PostgreSQL sorts NULL last: cases without a due day come last."""
_AFTER: Final = "opened < %(opened)s"
_AFTER_UNDUE: Final = "due_on IS NULL AND opened < %(opened)s"
_AFTER_DUE: Final = "(due_on > %(due_on)s OR due_on IS NULL OR due_on = %(due_on)s AND opened < %(opened)s)"
_SIMILAR: Final = SQL("""
SELECT dispute AS id, number, title, filed_at FROM caseload
WHERE {visible} AND outcome IS DISTINCT FROM 'duplicate' AND unit = %(unit)s AND category = %(category)s
  AND (persons && %(persons)s::uuid[] OR party_keys && %(numbers)s::text[])
  AND filed_at BETWEEN %(since)s AND %(until)s AND dispute <> %(dispute)s
ORDER BY opened DESC LIMIT 5
""")


class CaseListQueries(ReadModelQueries):
    """Queries of the case list."""

    NAME: ClassVar[str] = "caseload"

    async def page(
        self,
        scope: Scope,
        criteria: CaseFilter,
        limit: int,
        day: date,
        *,
        past: bool,
        sort: Sort = "filed",
        after: CaseCursor | None = None,
    ) -> CasePage:
        """Return a page of the cases that meet the criteria: as they are, `day` being today, or as they stood at the end of that day."""
        given = criteria.given()
        conditions: list[LiteralString] = [_FILTERS[name] for name in given]
        conditions += [_after(after, sort)] if after else []
        where = SQL(" AND ").join([visible(scope), *map(SQL, conditions)])
        query = _PAGE.format(rows=SQL(_THEN if past else _NOW), where=where, order=SQL(_ORDERS[sort]))
        values = {**given, **_patterns(criteria), "day": day, "limit": limit + 1}
        values |= after.model_dump() if after else {}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, values)
            found = await rows.fetchall()
        items = [CaseItem.model_validate(row) for row in found[:limit]]
        more = len(found) > limit
        return CasePage(items=items, next=str(_place(found[limit - 1], sort)) if more else None)

    async def numbered(self, number: str) -> UUID | None:
        """Return the case that has a number; None where none has."""
        async with connection_of(self._pool) as connection:
            found = await connection.execute(
                "SELECT dispute FROM caseload WHERE number_key = %s", (folded(number),)
            )
            row = await found.fetchone()
        return typed(UUID, row[0]) if row else None

    async def alike(self, scope: Scope, case: LookedFor) -> list[SimilarCase]:
        """Return cases that look like this one: same unit and category, near days, a shared person or identity number."""
        values = {
            "dispute": case.dispute,
            "unit": case.unit,
            "category": case.category.value,
            "persons": list(case.persons),
            "numbers": list(case.numbers),
            "since": case.filed_at - SIMILAR_WITHIN,
            "until": case.filed_at + SIMILAR_WITHIN,
        }
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(_SIMILAR.format(visible=visible(scope)), values)
            return [SimilarCase.model_validate(row) for row in await rows.fetchall()]


def _patterns(criteria: CaseFilter) -> dict[str, object]:
    """Return the values of conditions that compare folded: a part of a number, words of the title, a whole party key."""
    words = [folded(part) for part in (criteria.q or "").split()]
    number, party = "".join(words), criteria.party or ""
    return {
        "below": below(criteria.unit or ""),
        "number": _anywhere(number) if number else None,
        "words": [_anywhere(word) for word in words if word] or [None],
        "party_keys": [folded(party), folded_number(party)],
    }


def _anywhere(text: str) -> str:
    return f"%{literally(text)}%"


def _after(place: CaseCursor, sort: Sort) -> LiteralString:
    if sort == "filed":
        return _AFTER
    return _AFTER_UNDUE if place.due_on is None else _AFTER_DUE


def _place(row: Mapping[str, object], sort: Sort) -> CaseCursor:
    return CaseCursor.model_validate(
        {"opened": row["opened"], "due_on": row["due_on"] if sort == "due" else None}
    )


_UNDER: Final = """
SELECT dispute, opened FROM caseload
WHERE procedure = %(id)s AND procedure_version = %(version)s AND status <> 'closed' AND opened > %(after)s
  AND (%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)
ORDER BY opened LIMIT %(limit)s
"""


_ASSIGNED: Final = """
SELECT mediator, dispute FROM caseload, unnest(mediators) AS mediator
WHERE status <> 'closed' AND mediators && %(mediators)s::text[] AND mediator = ANY(%(mediators)s::text[])
ORDER BY opened
"""


class OpenDisputeQueries(ReadModelQueries):
    """Queries of the open disputes: those under a version of a procedure, and those of mediators."""

    NAME: ClassVar[str] = "caseload"

    async def under(
        self, procedure: ProcedureRef, unit: str | None, after: int, limit: int
    ) -> Sequence[tuple[UUID, int]]:
        """Return up to `limit` open disputes under a version, in the order of their filing, beyond a place."""
        values = {"unit": unit, "below": below(unit or ""), "after": after, "limit": limit}
        async with connection_of(self._pool) as connection:
            found = await connection.execute(_UNDER, {**values, **procedure.model_dump()})
            return [(typed(UUID, row[0]), typed(int, row[1])) for row in await found.fetchall()]

    async def of_mediators(self, mediators: Sequence[str]) -> Sequence[tuple[str, UUID]]:
        """Return the open disputes to which one of the mediators is assigned, each with the mediator."""
        async with connection_of(self._pool) as connection:
            found = await connection.execute(_ASSIGNED, {"mediators": list(mediators)})
            return [(typed(str, row[0]), typed(UUID, row[1])) for row in await found.fetchall()]


_DUE: Final = """
SELECT dispute, version, fires_clock AS clock, last_day, fires_at FROM caseload
WHERE fires_at <= %(now)s AND (%(at)s::timestamptz IS NULL OR (fires_at, dispute) > (%(at)s, %(dispute)s))
ORDER BY fires_at, dispute LIMIT %(limit)s
"""


_WAITING: Final = "SELECT count(*) FROM caseload WHERE fires_at <= %s"


class ExpiredTimeLimitQueries(ReadModelQueries):
    """Queries of the time limits that have run out and fire by themselves."""

    NAME: ClassVar[str] = "caseload"

    async def due(
        self, now: datetime, after: ExpiredTimeLimit | None, limit: int
    ) -> Sequence[ExpiredTimeLimit]:
        """Return a page of what may fire by now, the longest overdue first, beyond the one that was last."""
        place = {"at": after.fires_at if after else None, "dispute": after.dispute if after else None}
        async with (
            connection_of(self._pool) as connection,
            connection.cursor(row_factory=class_row(ExpiredTimeLimit)) as rows,
        ):
            await rows.execute(_DUE, {"now": now, "limit": limit, **place})
            return await rows.fetchall()

    async def waiting(self, now: datetime) -> int:
        """Return how many may fire by now and have not: those of the last seconds, and those that the clock left."""
        async with connection_of(self._pool) as connection:
            row = await (await connection.execute(_WAITING, (now,))).fetchone()
        return typed(int, row[0]) if row else 0
