"""Which time limits have run out that do something by themselves, for the clock that fires them."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from psycopg.rows import class_row

from application.deadline_scheduler import ExpiredTimeLimit
from projections.case_list.projection import CaseListProjection
from projections.runtime.read_model import ReadModel
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_DUE: Final = """
SELECT dispute, version, fires_clock AS clock, last_day, fires_at FROM caseload
WHERE fires_at <= %(now)s AND (%(at)s::timestamptz IS NULL OR (fires_at, dispute) > (%(at)s, %(dispute)s))
ORDER BY fires_at, dispute LIMIT %(limit)s
"""
_WAITING: Final = "SELECT count(*) FROM caseload WHERE fires_at <= %s"


class DueTimeLimitQueries(ReadModel):
    """Asks the case list what is to fire."""

    NAME: ClassVar[str] = CaseListProjection.NAME

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
