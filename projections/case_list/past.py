"""The case list as it stood on a past day, or as it was known at a time: each row follows from the events of that state."""

from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from psycopg.sql import SQL

from access.scope import Scope
from projections.case_list.filters import CANDIDATES, CONDITIONS, is_met, parameters
from projections.case_list.order import ORDERS, beyond, place_values
from projections.case_list.schemas import CaseCursor, CaseFilter, CaseItem, Sort
from projections.case_list.tables import item_of
from projections.runtime.past_states import CHUNK, PastMoment, past_cases
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from store.postgres.conditions import scope_values, visible
from store.postgres.typed import typed

_EVER: Final = "SELECT * FROM caseload"
_THEN: Final = """
SELECT c.dispute, c.filed_on, c.opened, c.units, c.category, c.number_key, c.title_key, c.past_keys,
       s.status, s.tier, s.outcome, s.mediators, s.due_on
FROM caseload c JOIN case_spells s USING (dispute)
WHERE s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s)
"""
_BY_INTERVALS: Final = ("status", "tier", "outcome", "mediator", "overdue")
_CANDIDATES: Final = SQL("""
SELECT dispute, filed_on, opened, due_on FROM ({rows}) AS listed WHERE {where}
ORDER BY {order} LIMIT %(limit)s
""")


class _Place(NamedTuple):
    """A case with what it is sorted by."""

    dispute: UUID
    filed_on: date
    opened: int
    due_on: date | None

    def cursor(self, sort: Sort) -> CaseCursor:
        return CaseCursor(opened=self.opened, day=self.filed_on if sort == "filed" else self.due_on)


@dataclass(frozen=True, slots=True)
class PastList:
    """Reads pages of a past case list. `moment` is when it is looked at; `judged_on` is the day that decides overdue."""

    connection: Connection
    scope: Scope
    criteria: CaseFilter
    moment: PastMoment
    judged_on: date
    sort: Sort

    async def page(self, limit: int, after: CaseCursor | None) -> list[tuple[CaseItem, CaseCursor]]:
        """Return the cases beyond a place, `limit` at most, each with its own place.

        What was due at a time of knowledge is in no table: to sort by it, every case is read.
        """
        unsorted = self.sort == "due" and self.moment.known_at is not None
        found: list[tuple[CaseItem, _Place]] = []
        place, policies = None if unsorted else after, PolicyCache(self.moment.known_at)
        while unsorted or len(found) < limit:
            chunk = await self._candidates(place, "filed" if unsorted else self.sort)
            found += await self._met(chunk, policies)
            if len(chunk) < CHUNK:
                break
            place = chunk[-1].cursor("filed" if unsorted else self.sort)
        if unsorted:
            found = sorted(found, key=lambda item: _due_order(item[1]))
            found = [item for item in found if after is None or _due_order(item[1]) > _cursor_order(after)]
        return [(item, known.cursor(self.sort)) for item, known in found[:limit]]

    async def _candidates(self, after: CaseCursor | None, sort: Sort) -> list[_Place]:
        by_intervals = self.moment.known_at is None
        conditions: list[LiteralString] = [
            CANDIDATES[name] for name in self.criteria.given() if name in CANDIDATES
        ]
        if by_intervals:
            conditions += [CONDITIONS[name] for name in self.criteria.given() if name in _BY_INTERVALS]
        conditions += [beyond(after, sort)] if after else []
        query = _CANDIDATES.format(
            rows=SQL(_THEN if by_intervals else _EVER),
            where=SQL(" AND ").join([visible(self.scope), *map(SQL, conditions)]),
            order=SQL(ORDERS[sort]),
        )
        values = {**parameters(self.criteria), **place_values(after), **scope_values(self.scope)}
        values |= {"day": self.judged_on, "limit": CHUNK}
        rows = await (await self.connection.execute(query, values)).fetchall()
        return [
            _Place(typed(UUID, row[0]), typed(date, row[1]), typed(int, row[2]), _day(row[3])) for row in rows
        ]

    async def _met(self, chunk: list[_Place], policies: PolicyCache) -> list[tuple[CaseItem, _Place]]:
        states = await past_cases(self.connection, [place.dispute for place in chunk], self.moment)
        found = []
        for place in chunk:
            if place.dispute not in states:
                continue
            dispute = states[place.dispute].dispute
            due = await policies.first_due(self.connection, dispute)
            due_on = due.due_on if due else None
            if is_met(self.criteria, dispute, due_on, self.judged_on):
                found.append((item_of(place.dispute, dispute, due_on), place._replace(due_on=due_on)))
        return found


def _due_order(place: _Place) -> tuple[date, bool, int]:
    return place.due_on or date.max, place.due_on is None, -place.opened


def _cursor_order(cursor: CaseCursor) -> tuple[date, bool, int]:
    return cursor.day or date.max, cursor.day is None, -cursor.opened


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
