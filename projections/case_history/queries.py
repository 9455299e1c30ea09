"""Queries of deadlines: every deadline of every case, as it stood on any day, by what was known at any time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL

from access.scope import Scope
from domain.aggregates.dispute import Dispute
from domain.procedures.deadlines import Deadline
from projections.case_history.schemas import DueCursor, DueFilter, DueItem, DuePage
from projections.runtime.case_facts import units_of
from projections.runtime.past_states import CHUNK, PastMoment, past_cases
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from projections.runtime.queries import ReadModelQueries
from store.postgres.conditions import scope_values, visible
from store.postgres.connections import connection_of
from store.postgres.typed import typed

_PAGE: Final = SQL("""
SELECT s.dispute, s.number, s.unit, s.platform, s.tier, s.status, due.kind, due.due_on, due.provisional,
       due.due_on < %(day)s AND due.kind <> 'confirm' AS overdue, due.place
FROM case_spells s, ROWS FROM (jsonb_to_recordset(s.deadlines) AS (kind text, due_on date, provisional boolean))
    WITH ORDINALITY AS due (kind, due_on, provisional, place)
WHERE {visible} AND s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s) AND s.deadlines <> '[]'
  AND (%(unit)s::text IS NULL OR s.units @> ARRAY[%(unit)s::text])
  AND (%(kind)s::text IS NULL OR due.kind = %(kind)s)
  AND (%(overdue)s::boolean IS NULL OR (due.due_on < %(day)s AND due.kind <> 'confirm') = %(overdue)s)
  AND (due.due_on, s.dispute, due.place) > (%(due_on)s, %(dispute)s, %(place)s)
ORDER BY due.due_on, s.dispute, due.place LIMIT %(limit)s
""")
_CASES: Final = SQL("""
SELECT DISTINCT dispute FROM case_spells
WHERE {visible} AND (%(unit)s::text IS NULL OR units @> ARRAY[%(unit)s::text])
""")
_BEFORE_ALL: Final = DueCursor(due_on=date.min, dispute=UUID(int=0), place=0)


class DeadlineQueries(ReadModelQueries):
    """Queries of deadlines."""

    NAME: ClassVar[str] = "lifelines"

    async def page(
        self, scope: Scope, criteria: DueFilter, past: PastMoment | None, limit: int, after: DueCursor | None
    ) -> DuePage:
        """Return a page of what was due as things stood on a day; `past` is given where it is by what was known at a time."""
        start = after or _BEFORE_ALL
        async with connection_of(self._pool) as connection:
            if past is None:
                found = await _recorded(connection, scope, criteria, limit + 1, start)
            else:
                known = await _known(connection, scope, criteria, past)
                found = [item for item in known if _order(item[1]) > _order(start)][: limit + 1]
        return DuePage(
            items=[item for item, _ in found[:limit]],
            next=str(found[limit - 1][1]) if len(found) > limit else None,
        )


async def _recorded(
    connection: Connection, scope: Scope, criteria: DueFilter, limit: int, start: DueCursor
) -> list[tuple[DueItem, DueCursor]]:
    values = {**criteria.values(), **start.model_dump(), **scope_values(scope), "limit": limit}
    async with connection.cursor(row_factory=dict_row) as rows:
        await rows.execute(_PAGE.format(visible=visible(scope)), values)
        found = await rows.fetchall()
    return [(DueItem.model_validate(row), DueCursor.model_validate(row)) for row in found]


async def _known(
    connection: Connection, scope: Scope, criteria: DueFilter, past: PastMoment
) -> list[tuple[DueItem, DueCursor]]:
    """What was due by what was known, in order: every case of the unit is read from the log."""
    rows = await connection.execute(
        _CASES.format(visible=visible(scope)), {**criteria.values(), **scope_values(scope)}
    )
    cases = [typed(UUID, row[0]) for row in await rows.fetchall()]
    policies = PolicyCache(past.known_at)
    found: list[tuple[DueItem, DueCursor]] = []
    for start in range(0, len(cases), CHUNK):
        for case, known in (await past_cases(connection, cases[start : start + CHUNK], past)).items():
            if criteria.unit is None or criteria.unit in units_of(known.dispute.filed):
                due = await policies.deadlines(connection, known.dispute)
                found += _items(case, known.dispute, due, criteria)
    return sorted(found, key=lambda item: _order(item[1]))


def _items(
    case: UUID, dispute: Dispute, due: Sequence[Deadline], criteria: DueFilter
) -> Iterator[tuple[DueItem, DueCursor]]:
    for place, item in enumerate(due, start=1):
        overdue = item.overdue(criteria.day)
        if criteria.kind in {None, item.kind} and criteria.overdue in {None, overdue}:
            shown = DueItem(
                dispute=case,
                number=dispute.number,
                unit=dispute.filed.unit,
                platform=dispute.platform,
                tier=dispute.tier,
                status=dispute.status,
                kind=item.kind,
                due_on=item.due_on,
                overdue=overdue,
                provisional=item.provisional,
            )
            yield shown, DueCursor(due_on=item.due_on, dispute=case, place=place)


def _order(cursor: DueCursor) -> tuple[date, UUID, int]:
    return cursor.due_on, cursor.dispute, cursor.place
