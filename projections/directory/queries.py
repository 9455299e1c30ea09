"""Queries of units and platforms."""

from collections.abc import AsyncIterator
from typing import ClassVar, Final, LiteralString

from psycopg.rows import dict_row
from psycopg.sql import SQL

from projections.directory.schemas import UnitItem, UnitPage
from projections.runtime.queries import ReadModelQueries
from store.postgres.connections import connection_of

_UNITS: Final = """
SELECT unit, title, kind, nullif(regexp_replace(unit, '\\.?[^.]+$', ''), '') AS parent
FROM units WHERE (%(under)s::text IS NULL OR unit = %(under)s OR starts_with(unit, %(under)s || '.'))
  AND (%(cursor)s::text IS NULL OR unit > %(cursor)s)
ORDER BY unit LIMIT %(limit)s
"""


_PLATFORMS: Final = """
SELECT unit
FROM platforms WHERE (%(under)s::text IS NULL OR unit = %(under)s OR starts_with(unit, %(under)s || '.'))
  AND (%(cursor)s::text IS NULL OR unit > %(cursor)s)
ORDER BY unit LIMIT %(limit)s
"""


class DirectoryQueries(ReadModelQueries):
    """Asks for units and platforms."""

    NAME: ClassVar[str] = "directory"

    async def units(self, under: str | None, limit: int, cursor: str | None) -> UnitPage:
        """Return a page of units by id, all or a unit's subtree."""
        rows = await self._rows(_UNITS, {"under": under, "cursor": cursor, "limit": limit + 1})
        items = [UnitItem.model_validate(row) for row in rows[:limit]]
        return UnitPage(items=items, next=items[-1].unit if len(rows) > limit else None)

    async def units_with_platform(
        self, under: str | None, limit: int, cursor: str | None
    ) -> tuple[list[str], str | None]:
        """Return a page of the units that have a platform, all or a unit's subtree, and the cursor of the next page."""
        rows = await self._rows(_PLATFORMS, {"under": under, "cursor": cursor, "limit": limit + 1})
        units = [str(row["unit"]) for row in rows[:limit]]
        return units, units[-1] if len(rows) > limit else None

    async def every_unit_with_platform(self) -> AsyncIterator[str]:
        """Yield the units that have a platform."""
        cursor: str | None = None
        while True:
            units, cursor = await self.units_with_platform(None, 200, cursor)
            for unit in units:
                yield unit
            if cursor is None:
                return

    async def _rows(self, query: LiteralString, values: dict[str, object]) -> list[dict[str, object]]:
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(SQL(query), values)
            return await cursor.fetchall()
