"""Queries of deadlines: every deadline of every case, as it stood on any day."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL

from access.scope import Scope
from projections.case_history.schemas import DueCursor, DueItem, DuePage
from projections.runtime.queries import ReadModelQueries, below, visible
from store.postgres.connections import connection_of

_PAGE: Final = SQL("""
SELECT s.dispute, s.number, s.unit, s.platform, s.tier, s.status, due.kind, due.due_on, due.provisional,
       due.due_on < %(day)s AND due.kind <> 'confirm' AS overdue, due.place
FROM case_spells s, ROWS FROM (jsonb_to_recordset(s.deadlines) AS (kind text, due_on date, provisional boolean))
    WITH ORDINALITY AS due (kind, due_on, provisional, place)
WHERE {visible} AND s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s) AND s.deadlines <> '[]'
  AND (%(unit)s::text IS NULL OR s.unit = %(unit)s OR s.unit LIKE %(below)s)
  AND (%(kind)s::text IS NULL OR due.kind = %(kind)s)
  AND (%(overdue)s::boolean IS NULL OR (due.due_on < %(day)s AND due.kind <> 'confirm') = %(overdue)s)
  AND (due.due_on, s.dispute, due.place) > (%(due_on)s, %(dispute)s, %(place)s)
ORDER BY due.due_on, s.dispute, due.place LIMIT %(limit)s
""")


class DeadlineQueries(ReadModelQueries):
    """Queries of deadlines."""

    NAME: ClassVar[str] = "lifelines"

    async def page(
        self,
        scope: Scope,
        day: date,
        *,
        unit: str | None,
        kind: str | None,
        overdue: bool | None,
        limit: int,
        after: DueCursor | None,
    ) -> DuePage:
        """Return a page of what was due as things stood on a day."""
        criteria = {"day": day, "unit": unit, "below": below(unit or ""), "kind": kind, "overdue": overdue}
        start = after or DueCursor(due_on=date.min, dispute=UUID(int=0), place=0)
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(
                _PAGE.format(visible=visible(scope)), {**criteria, **start.model_dump(), "limit": limit + 1}
            )
            found = await rows.fetchall()
        more = len(found) > limit
        return DuePage(
            items=[DueItem.model_validate(row) for row in found[:limit]],
            next=str(DueCursor.model_validate(found[limit - 1])) if more else None,
        )
