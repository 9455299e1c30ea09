"""Asks which procedures are in force, proposed or refused, and which calendars are published."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Final, Literal, LiteralString

from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import BaseModel, Field

from domain.procedures.ladder import Ladder
from domain.procedures.tier import Titles
from projections.directory.projection import DirectoryProjection
from projections.runtime.read_model import ReadModel
from store.postgres.connections import connection_of

State = Literal["proposed", "published", "rejected"]


class ProcedureItem(BaseModel):
    """A published version of a procedure."""

    id: str
    version: int
    title: Titles
    in_force: bool
    published_at: Annotated[datetime, Field(description="since when disputes are filed under it")]
    ladder: Ladder


class ProcedurePage(BaseModel):
    """Published procedures."""

    items: list[ProcedureItem]
    next: str | None = None


class VersionSummary(BaseModel):
    """A version of a procedure and how it stands: who proposed it and a refusal's note are for who is signed in."""

    version: int
    state: State
    in_force: bool
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    decided_at: Annotated[datetime | None, Field(description="as the second person told")] = None
    published_at: Annotated[datetime | None, Field(description="since when disputes are filed under it")] = (
        None
    )
    note: str | None = None


class VersionItem(VersionSummary):
    """The same, with its procedure and its content."""

    id: str
    ladder: Ladder


class CalendarItem(BaseModel):
    """A published year: where it differs from Monday to Friday, and on what that rests."""

    year: int
    days_off: list[date]
    workdays: list[date]
    basis: str
    published_at: datetime


class CalendarPage(BaseModel):
    """The published years."""

    items: list[CalendarItem]
    next: str | None = None


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

    NAME: ClassVar[str] = DirectoryProjection.NAME

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
