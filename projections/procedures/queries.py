"""Asks which procedures are in force, proposed or refused, and which calendars are published."""

from collections.abc import Sequence
from typing import ClassVar, Final, LiteralString

from psycopg.rows import dict_row
from psycopg.sql import SQL

from projections.procedures.schemas import (
    CalendarItem,
    CalendarPage,
    ProcedureItem,
    ProcedurePage,
    VersionItem,
)
from projections.runtime.read_model import ReadModel
from store.postgres.connections import connection_of

_PROCEDURES: Final = """
SELECT id, version, ladder, ladder -> 'title' AS title, published_at,
       version = max(version) OVER (PARTITION BY id) AS in_force
FROM procedures ORDER BY id, version DESC
"""
_VERSIONS: Final = """
SELECT id, version, coalesce(p.ladder, q.ladder) AS ladder, q.proposed_by, q.proposed_at,
       coalesce(p.decided_at, r.decided_at) AS decided_at, p.published_at, r.note,
       CASE WHEN p.version IS NOT NULL THEN 'published' WHEN r.version IS NOT NULL THEN 'rejected'
            ELSE 'proposed' END AS state,
       p.version IS NOT NULL AND version = max(p.version) OVER (PARTITION BY id) AS in_force
FROM procedures p FULL JOIN procedure_proposals q USING (id, version) LEFT JOIN procedure_rejections r USING (id, version)
WHERE %(id)s::text IS NULL OR id = %(id)s
ORDER BY id, version DESC
"""
_CALENDARS: Final = "SELECT year, days_off, workdays, basis, published_at FROM calendars ORDER BY year"


class ProcedureQueries(ReadModel):
    """Asks what is in force."""

    NAME: ClassVar[str] = "directory"

    async def procedures(self) -> ProcedurePage:
        """Return every published version, the newest of each procedure first."""
        rows = await self._rows(_PROCEDURES, {})
        return ProcedurePage(items=[ProcedureItem.model_validate(row) for row in rows])

    async def versions(self, procedure: str | None = None, *, everything: bool = True) -> list[VersionItem]:
        """Return the versions of a procedure, or of all, the newest first; of `everything` or only what was published.

        What was published then tells nothing of how it was proposed.
        """
        found = [VersionItem.model_validate(row) for row in await self._rows(_VERSIONS, {"id": procedure})]
        return found if everything else _published(found)

    async def calendars(self) -> CalendarPage:
        """Return the published years."""
        rows = await self._rows(_CALENDARS, {})
        return CalendarPage(items=[CalendarItem.model_validate(row) for row in rows])

    async def _rows(self, query: LiteralString, values: dict[str, object]) -> list[dict[str, object]]:
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(SQL(query), values)
            return await cursor.fetchall()


def _published(found: Sequence[VersionItem]) -> list[VersionItem]:
    hidden = {"proposed_by": None, "proposed_at": None}
    return [item.model_copy(update=hidden) for item in found if item.state == "published"]
