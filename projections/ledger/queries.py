"""Queries of the ledger."""

from collections.abc import AsyncIterator
from typing import ClassVar, Final
from uuid import UUID

from psycopg.sql import SQL

from access.scope import Scope
from application.ledger import LedgerRow
from projections.runtime.read_model import ReadModel, below, visible
from store.postgres.connections import connection_of

_PAGE: Final = SQL("""
SELECT accepted_on, length(number), number, dispute, entry FROM ledger
WHERE {visible} AND year = %(year)s AND (%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)
  AND (accepted_on, length(number), number, dispute) > (%(day)s, %(length)s, %(number)s, %(dispute)s)
ORDER BY accepted_on, length(number), number, dispute LIMIT %(limit)s
""")


_CHUNK: Final = 1_000


class LedgerQueries(ReadModel):
    """Asks the ledger."""

    NAME: ClassVar[str] = "ledger"

    async def rows(self, scope: Scope, unit: str | None, year: int) -> AsyncIterator[LedgerRow]:
        """Yield the rows of a unit and all below it in a year, by the day of acceptance and then by number."""
        page = _PAGE.format(visible=visible(scope))
        place: dict[str, object] = {"day": "-infinity", "length": 0, "number": "", "dispute": UUID(int=0)}
        asked = {"unit": unit, "below": below(unit or ""), "year": year, "limit": _CHUNK}
        while True:
            async with connection_of(self._pool) as connection:
                found = await (await connection.execute(page, {**asked, **place})).fetchall()
            for row in found:
                yield LedgerRow.model_validate(row[4])
            if len(found) < _CHUNK:
                return
            place = dict(zip(("day", "length", "number", "dispute"), found[-1][:4], strict=True))
