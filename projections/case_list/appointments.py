"""Asking for the sessions that were called: a list over many cases, and those that clash with another one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Final, LiteralString
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import AwareDatetime, BaseModel

from access.scope import Scope
from domain.aggregates.dispute.appointments import AppointmentState
from domain.vocabulary import Method, start_of
from projections.runtime.queries import ReadModelQueries
from store.postgres.conditions import below, scope_values, visible
from store.postgres.connections import connection_of

CLASH_WITHIN: Final = timedelta(hours=1)
"""How far apart two sessions begin at least that one mediator can hold, or one place can have."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CALLED: Final = SQL("""
SELECT a.dispute, a.number, a.at, a.place, a.place_key, a.method, a.state, c.number AS case_number, c.title, c.unit,
       c.platform, c.platforms, c.tier, c.mediators
FROM appointments a JOIN caseload c USING (dispute)
""")
_PAGE: Final = SQL(
    "SELECT * FROM ({called}) AS called WHERE {where} ORDER BY at, dispute, number LIMIT %(limit)s"
)
_FILTERS: Final[dict[str, LiteralString]] = {
    "unit": "(unit = %(unit)s OR unit LIKE %(below)s)",
    "mediator": "mediators @> ARRAY[%(mediator)s::text]",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
}
_AFTER: Final = "(at, dispute, number) > (%(at)s, %(dispute)s, %(number)s)"
_CLASHES: Final = SQL("""
WITH own AS (
    SELECT mediators AS own_mediators, platform AS own_platform,
           coalesce(%(place)s::text, (SELECT place_key FROM appointments
                                      WHERE dispute = %(dispute)s AND number = %(number)s)) AS own_place
    FROM caseload WHERE dispute = %(dispute)s
)
SELECT dispute, number, at, place,
       ARRAY(SELECT unnest(mediators) INTERSECT SELECT unnest(own_mediators) ORDER BY 1) AS mediators,
       coalesce(place_key = own_place AND platform = own_platform, false) AS same_place
FROM own, ({called}) AS called
WHERE {visible} AND state IN ('made', 'moved') AND at > %(since)s AND at < %(until)s
  AND NOT (dispute = %(dispute)s AND (%(number)s::integer IS NULL OR number = %(number)s))
  AND (mediators && own_mediators OR (place_key = own_place AND platform = own_platform))
ORDER BY at, dispute, number LIMIT 5
""")


class AppointmentItem(BaseModel):
    """A session that was called, with its case; `number` is the appointment's in the case."""

    dispute: UUID
    number: int
    at: AwareDatetime
    place: str | None
    method: Method
    state: AppointmentState
    case_number: str | None
    title: str
    unit: str
    platform: str
    tier: str
    mediators: list[str]


class AppointmentPage(BaseModel):
    """A page of appointments, the earliest first; `next` is the `cursor` of the following page."""

    items: list[AppointmentItem]
    next: str | None


class AppointmentCursor(BaseModel):
    """Where a page ended."""

    at: AwareDatetime
    dispute: UUID
    number: int

    def __str__(self) -> str:
        """Return it as a cursor."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}_{self.dispute}_{self.number}"

    @classmethod
    def read(cls, cursor: str) -> "AppointmentCursor":
        """Read a cursor; raises ValueError."""
        microseconds, dispute, number = cursor.split("_")
        if not (number.isdecimal() and len(number) < 10):
            raise ValueError("no number")
        return cls(at=_EPOCH + int(microseconds) * _MICROSECOND, dispute=UUID(dispute), number=int(number))


@dataclass(frozen=True, slots=True)
class AppointmentFilter:
    """Which appointments to list; both days are included."""

    unit: str | None = None
    mediator: str | None = None
    since: date | None = None
    until: date | None = None

    def values(self) -> dict[str, object]:
        """Return the values of what matters."""
        found = {
            "unit": self.unit,
            "mediator": self.mediator,
            "since": start_of(self.since) if self.since else None,
            "until": start_of(self.until + timedelta(days=1)) if self.until else None,
        }
        return {name: value for name, value in found.items() if value is not None}


class Clash(BaseModel):
    """Another appointment at about the same time: the mediators that both need, and whether it has the same place."""

    dispute: UUID
    number: int
    at: AwareDatetime
    place: str | None
    mediators: list[str]
    same_place: bool


class AppointmentQueries(ReadModelQueries):
    """Queries of the appointments, which the projection of the case list writes."""

    NAME: ClassVar[str] = "caseload"

    async def page(
        self, scope: Scope, criteria: AppointmentFilter, limit: int, after: AppointmentCursor | None = None
    ) -> AppointmentPage:
        """Return a page of the appointments of cases in a scope that meet the criteria."""
        given = criteria.values()
        conditions: list[LiteralString] = [_FILTERS[name] for name in given] + ([_AFTER] if after else [])
        query = _PAGE.format(called=_CALLED, where=SQL(" AND ").join([visible(scope), *map(SQL, conditions)]))
        values = {**given, **scope_values(scope), "below": below(criteria.unit or ""), "limit": limit + 1}
        values |= after.model_dump() if after else {}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, values)
            found = [AppointmentItem.model_validate(row) for row in await rows.fetchall()]
        items, more = found[:limit], len(found) > limit
        last = (
            AppointmentCursor(**items[-1].model_dump(include={"at", "dispute", "number"})) if more else None
        )
        return AppointmentPage(items=items, next=str(last) if last else None)

    async def latest(self, dispute: UUID) -> int | None:
        """Return the number of the appointment of a case that was made last; None where there is none."""
        async with connection_of(self._pool) as connection:
            found = await connection.execute(
                "SELECT max(number) FROM appointments WHERE dispute = %s", (dispute,)
            )
            row = await found.fetchone()
        return row[0] if row and isinstance(row[0], int) else None

    async def clashes(
        self, scope: Scope, dispute: UUID, number: int | None, at: datetime, place: str | None
    ) -> list[Clash]:
        """Return what clashes with an appointment: of a mediator of the case, or at its platform and place.

        `number` is the appointment's own; without one, nothing of its case clashes. `place` is folded; without one, it is
        the place that the appointment has.
        """
        values: dict[str, object] = {"dispute": dispute, "number": number, "place": place}
        values |= {"since": at - CLASH_WITHIN, "until": at + CLASH_WITHIN, **scope_values(scope)}
        query = _CLASHES.format(called=_CALLED, visible=visible(scope))
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(query, values)
            return [Clash.model_validate(row) for row in await rows.fetchall()]
