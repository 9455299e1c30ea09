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
from domain.vocabulary import folded
from projections.case_list.filters import CONDITIONS, parameters
from projections.case_list.order import ORDERS, beyond, place_values
from projections.case_list.past import PastList
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
from projections.runtime.past_states import PastMoment
from projections.runtime.projection import Connection
from projections.runtime.queries import ReadModelQueries
from store.postgres.conditions import below, own, scope_values
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_PAGE: Final = SQL("""
SELECT dispute AS id, number, unit, co_units, platform, tier, status, outcome, category, difficulty, source, title,
       mediators, parties, filed_at, due_on, pending, rules, version, opened, filed_on
FROM caseload WHERE {where} ORDER BY {order} LIMIT %(limit)s
""")
_SIMILAR: Final = SQL("""
SELECT dispute AS id, number, title, filed_at FROM caseload
WHERE {own} AND outcome IS DISTINCT FROM 'duplicate' AND unit = %(unit)s AND category = %(category)s
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
        past: PastMoment | None = None,
        sort: Sort = "filed",
        after: CaseCursor | None = None,
    ) -> CasePage:
        """Return a page of the cases that meet the criteria: as they are, or as they stood at a past moment.

        `day` is the one by which overdue is judged.
        """
        async with connection_of(self._pool) as connection:
            if past is None:
                found = await _present(connection, scope, criteria, limit + 1, day, sort=sort, after=after)
            else:
                whole = PastList(connection, scope, criteria, past, day, sort)
                found = await whole.page(limit + 1, after)
        more = len(found) > limit
        return CasePage(
            items=[item for item, _ in found[:limit]], next=str(found[limit - 1][1]) if more else None
        )

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
            **scope_values(scope),
        }
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(_SIMILAR.format(own=own(scope)), values)
            return [SimilarCase.model_validate(row) for row in await rows.fetchall()]


async def _present(
    connection: Connection,
    scope: Scope,
    criteria: CaseFilter,
    limit: int,
    day: date,
    *,
    sort: Sort,
    after: CaseCursor | None,
) -> list[tuple[CaseItem, CaseCursor]]:
    conditions: list[LiteralString] = [CONDITIONS[name] for name in criteria.given()]
    conditions += [beyond(after, sort)] if after else []
    query = _PAGE.format(
        where=SQL(" AND ").join([own(scope), *map(SQL, conditions)]), order=SQL(ORDERS[sort])
    )
    values = {
        **parameters(criteria),
        **place_values(after),
        **scope_values(scope),
        "day": day,
        "limit": limit,
    }
    async with connection.cursor(row_factory=dict_row) as rows:
        await rows.execute(query, values)
        found = await rows.fetchall()
    return [(CaseItem.model_validate(row), _place(row, sort)) for row in found]


def _place(row: Mapping[str, object], sort: Sort) -> CaseCursor:
    day = row["filed_on"] if sort == "filed" else row["due_on"]
    return CaseCursor.model_validate({"opened": row["opened"], "day": day})


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


_PATIENCE: Final = 1.0
"""Seconds for which a warning waits for the list to know what was recorded before."""


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
        """Return the open disputes to which one of the mediators is assigned, each with the mediator.

        Waits for what was recorded before, for a moment at most.
        """
        await self.reaches(await self.end(), _PATIENCE)
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
