"""Queries of the ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import ClassVar, Final
from uuid import UUID

from psycopg.sql import SQL

from access.scope import Scope
from application.ledger import LedgerRow, row_of
from projections.runtime.past_states import CHUNK, PastMoment, past_cases
from projections.runtime.projection import Connection
from projections.runtime.queries import ReadModelQueries
from store.postgres.conditions import scope_values, visible
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_PAGE: Final = SQL("""
SELECT accepted_on, length(number), number, dispute, entry FROM ledger
WHERE {visible} AND year = %(year)s AND (%(unit)s::text IS NULL OR units @> ARRAY[%(unit)s::text])
  AND (accepted_on, length(number), number, dispute) > (%(day)s, %(length)s, %(number)s, %(dispute)s)
ORDER BY accepted_on, length(number), number, dispute LIMIT %(limit)s
""")


_CHUNK: Final = 1_000
BeforePage = Callable[[Sequence[UUID]], Awaitable[None]]


async def _nothing(_: Sequence[UUID]) -> None:
    """Do nothing: for exports of the service itself."""


class LedgerQueries(ReadModelQueries):
    """Queries of the ledger."""

    NAME: ClassVar[str] = "ledger"

    async def rows(
        self,
        scope: Scope,
        unit: str | None,
        year: int,
        past: PastMoment | None = None,
        before_page: BeforePage = _nothing,
    ) -> AsyncIterator[LedgerRow]:
        """Yield the rows of a unit and all below it in a year, by the day of acceptance and then by number.

        Joint cases stand in the ledger of each unit. As of a past moment, each row follows from the events of its state.
        `before_page` is called with the cases of some rows before these are yielded.
        """
        page = _PAGE.format(visible=visible(scope))
        place: dict[str, object] = {"day": "-infinity", "length": 0, "number": "", "dispute": UUID(int=0)}
        limit = _CHUNK if past is None else CHUNK
        criteria = {"unit": unit, "year": year, "limit": limit, **scope_values(scope)}
        while True:
            async with connection_of(self._pool) as connection:
                found = await (await connection.execute(page, {**criteria, **place})).fetchall()
                rows = (
                    [LedgerRow.model_validate(row[4]) for row in found]
                    if past is None
                    else await _past_rows(connection, [typed(UUID, row[3]) for row in found], past)
                )
            await before_page([typed(UUID, row[3]) for row in found])
            for row in rows:
                yield row
            if len(found) < limit:
                return
            place = dict(zip(("day", "length", "number", "dispute"), found[-1][:4], strict=True))


async def _past_rows(connection: Connection, cases: list[UUID], past: PastMoment) -> list[LedgerRow]:
    states = await past_cases(connection, cases, past)
    rows = [row_of(states[case].dispute, states[case].imported) for case in cases if case in states]
    return [row for row in rows if row is not None]
