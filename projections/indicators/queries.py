"""Asking for figures: over any period, as of any past day, as known at any time, by whatever people compare.

Each figure counts rows of the two history tables. What was known at a time is written into temporary tables of the same
columns and other names, so that every figure has one definition.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import accumulate
from typing import ClassVar, Final, LiteralString, Protocol
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Composed, Identifier

from domain.events.envelope import Event, Recorded
from domain.messages import Message
from domain.procedures.ladder import ProcedureRef
from projections.indicators.definitions import (
    OVERDUE,
    SESSIONS,
    SESSIONS_THERE,
    SETTLED_WITHIN,
    SHARES,
    Share,
)
from projections.indicators.schemas import By, IndicatorFilter, IndicatorValue, IndicatorValues
from projections.indicators.tables import CREATE_KNOWN_AT, KNOWN_AT, RECORDED, HistoryTables
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from projections.runtime.read_model import ReadModel, below
from store.event_log.log_reader import whole_streams
from store.postgres.connections import Pool, connection_of
from store.postgres.typed import typed

_CHUNK: Final = 50


_GROUPS: Final[dict[By | None, LiteralString]] = {
    None: "NULL::text",
    "tier": "tier",
    "category": "category",
    "unit": """CASE WHEN %(unit)s::text IS NULL THEN split_part(unit, '.', 1) WHEN unit = %(unit)s THEN unit
        ELSE %(unit)s || '.' || split_part(substr(unit, length(%(unit)s) + 2), '.', 1) END""",
    "month": "to_char(day, 'YYYY-MM')",
    "mediator": "mediator",
}
_OPEN: Final = SQL("""(SELECT *, %(day)s::date AS day FROM {intervals} WHERE since <= %(day)s
    AND (until IS NULL OR until > %(day)s) AND status IN ('filed', 'accepted', 'escalated')) AS open""")
_WITHIN: Final = "(%(unit)s::text IS NULL OR unit = %(unit)s OR unit LIKE %(below)s)"
_COUNTED: Final = SQL("""
SELECT {tier} AS tier, {height} AS height, {group} AS grp, {counted} FILTER (WHERE {numerator}) AS numerator,
       {counted} FILTER (WHERE {denominator}) AS denominator
FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s AND ({numerator} OR {denominator})
GROUP BY 1, 3 ORDER BY 2, 3
""")
_MEDIAN: Final = SQL("""
SELECT {tier} AS tier, {height} AS height, {group} AS grp, sum({held}) AS numerator, count(*) AS denominator,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY {held}) AS median
FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s AND kind = 'agreed'
GROUP BY 1, 3 ORDER BY 2, 3
""")
_LATE: Final = SQL("""
SELECT {group} AS grp, count(DISTINCT dispute) FILTER (WHERE due_on < %(day)s) AS numerator,
       count(DISTINCT dispute) AS denominator
FROM {source} WHERE {within} GROUP BY 1 ORDER BY 1
""")
_PROCEDURES: Final = SQL(
    "SELECT DISTINCT procedure AS id, version FROM {source} WHERE {within} AND day BETWEEN %(since)s AND %(until)s"
    " ORDER BY 1, 2"
)
_CASES: Final = SQL("SELECT DISTINCT dispute FROM {intervals} WHERE {within}")
Row = dict[str, object]


class HistoryWriter(Protocol):
    """Writes the history of cases, by days, into two empty tables."""

    async def __call__(
        self,
        connection: Connection,
        histories: Mapping[UUID, Sequence[Recorded[Event]]],
        intervals: LiteralString,
        milestones: LiteralString,
        policies: PolicyCache,
    ) -> None:
        """Add the rows of cases by their events, each case's in order and not empty."""


class IndicatorQueries(ReadModel):
    """Computes the indicators from the history of cases."""

    NAME: ClassVar[str] = "lifelines"

    def __init__(self, pool: Pool, write_history: HistoryWriter) -> None:
        super().__init__(pool)
        self._write_history = write_history

    async def figures(self, scope: IndicatorFilter) -> IndicatorValues:
        """Return every indicator of a scope."""
        async with self._tables(scope) as (connection, tables):
            question = _Question(connection, scope, tables)
            procedures = await question.procedures()
            items = [figure for share in SHARES for figure in await question.share(share)]
            items += [*await question.settled_within(), *await question.sessions(), *await question.overdue()]
        return IndicatorValues(tuple(items), procedures)

    @asynccontextmanager
    async def _tables(self, scope: IndicatorFilter) -> AsyncIterator[tuple[Connection, HistoryTables]]:
        """Lend a connection, and the tables that hold what is known, or what was known at the time asked for."""
        async with connection_of(self._pool) as connection, connection.transaction():
            if scope.known_at is None:
                yield connection, RECORDED
            else:
                await self._write_known(connection, scope, scope.known_at)
                yield connection, KNOWN_AT

    async def _write_known(self, connection: Connection, scope: IndicatorFilter, known_at: datetime) -> None:
        """Write what was recorded until a time of the cases in the scope into tables that the transaction drops."""
        values = {"unit": scope.unit, "below": below(scope.unit or "")}
        cases_in_scope = _CASES.format(intervals=Identifier(RECORDED.intervals), within=SQL(_WITHIN))
        found = await connection.execute(cases_in_scope, values)
        cases = [typed(UUID, row[0]) for row in await found.fetchall()]
        for statement in CREATE_KNOWN_AT:
            await connection.execute(statement)
        policies = PolicyCache()
        for start in range(0, len(cases), _CHUNK):
            whole = await whole_streams(connection, cases[start : start + _CHUNK])
            cut = {
                case: [item for item in history if item.recorded_at <= known_at]
                for case, history in whole.items()
            }
            known = {case: history for case, history in cut.items() if history}
            await self._write_history(connection, known, KNOWN_AT.intervals, KNOWN_AT.milestones, policies)


class _Question:
    """A scope as SQL."""

    def __init__(self, connection: Connection, scope: IndicatorFilter, tables: HistoryTables) -> None:
        self._connection = connection
        self._scope = scope
        self._milestones = Identifier(tables.milestones)
        self._intervals = Identifier(tables.intervals)
        self._parts = {"within": SQL(_WITHIN), "group": SQL(_GROUPS[scope.by])}
        self._tiers: tuple[str, ...] = ()

    async def procedures(self) -> tuple[ProcedureRef, ...]:
        """Return the versions to which the cases counted are pinned, and remember their tiers from the lowest up."""
        policies, heights = PolicyCache(), dict[str, int]()
        found = await self.rows(_PROCEDURES.format(source=self._milestones, within=SQL(_WITHIN)))
        pinned = tuple(ProcedureRef.model_validate(item) for item in found)
        for item in pinned:
            ladder = await policies.ladder(self._connection, item)
            heights |= {name: ladder.height(name) for name in ladder.tier_names}
        self._tiers = tuple(sorted(heights, key=lambda name: heights[name]))
        return pinned

    async def share(self, share: Share) -> list[IndicatorValue]:
        """Count a share."""
        query = _COUNTED.format(
            **self._parts,
            **_by_tier(told=share.tiers),
            source=self._source(self._milestones),
            counted=SQL("count(*)" if share.sessions else "count(DISTINCT dispute)"),
            numerator=SQL(share.numerator),
            denominator=SQL(share.denominator or share.numerator),
        )
        whole = share.denominator is None
        found = [_figure(share.key, row, share.meaning, whole=whole) for row in await self.rows(query)]
        return self._completed(found, share.key, share.meaning, whole=whole, told=share.tiers)

    async def settled_within(self) -> list[IndicatorValue]:
        """Count, for each tier, the cases agreed there or below among all that were agreed."""
        agreed = SQL("kind = 'agreed'")
        query = _COUNTED.format(
            **self._parts,
            **_by_tier(told=True),
            source=self._source(self._milestones),
            counted=SQL("count(DISTINCT dispute)"),
            numerator=agreed,
            denominator=agreed,
        )
        return list(self._cumulated(await self.rows(query)))

    async def sessions(self) -> list[IndicatorValue]:
        """Return the median number of sessions before an agreement, in all and at the tier of the agreement."""
        figures = []
        for held, meaning, told in (("held", SESSIONS, False), ("held_there", SESSIONS_THERE, True)):
            query = _MEDIAN.format(
                **self._parts, **_by_tier(told=told), source=self._source(self._milestones), held=SQL(held)
            )
            found = [_figure("sessions_to_resolution", row, meaning) for row in await self.rows(query)]
            figures += self._completed(found, "sessions_to_resolution", meaning, told=told)
        return figures

    async def overdue(self) -> list[IndicatorValue]:
        """Count the open cases past a deadline."""
        query = _LATE.format(**self._parts, source=self._source(_OPEN.format(intervals=self._intervals)))
        found = [_figure("overdue_rate", row, OVERDUE) for row in await self.rows(query)]
        return self._completed(found, "overdue_rate", OVERDUE)

    async def rows(self, query: Composed) -> list[Row]:
        """Ask."""
        scope = self._scope
        values = {
            "unit": scope.unit,
            "below": below(scope.unit or ""),
            "since": scope.since,
            "until": scope.until,
            "day": scope.day,
        }
        async with self._connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, values)
            return await cursor.fetchall()

    def _completed(
        self,
        found: list[IndicatorValue],
        key: str,
        meaning: Message,
        *,
        whole: bool = False,
        told: bool = False,
    ) -> list[IndicatorValue]:
        """Add where nothing was counted: in all, or at a tier. Of a group of which there is nothing nothing is said."""
        if self._scope.by is not None:
            return found
        there = {item.tier: item for item in found}
        tiers = self._tiers if told else (None,)
        return [there.get(tier) or _nothing(key, tier, meaning, whole=whole) for tier in tiers]

    def _cumulated(self, rows: Sequence[Row]) -> Iterator[IndicatorValue]:
        """For each group and tier: what was agreed there or below, of all. Grouped by tier, all are one group."""
        by_tier = self._scope.by == "tier"
        agreed: dict[str | None, Counter[str]] = {} if self._scope.by else {None: Counter()}
        for row in rows:
            group = None if by_tier else _text(row["grp"])
            agreed.setdefault(group, Counter())[str(row["tier"])] += typed(int, row["numerator"])
        for group, tiers in agreed.items():
            for tier, so_far in zip(
                self._tiers, accumulate(tiers[item] for item in self._tiers), strict=True
            ):
                value = so_far / tiers.total() if tiers.total() else None
                about = tier if by_tier else group
                yield IndicatorValue(
                    "settled_within", about, tier, so_far, tiers.total(), value, SETTLED_WITHIN
                )

    def _source(self, rows: Composable) -> Composed:
        return SQL("{}, unnest(mediators) AS mediator" if self._scope.by == "mediator" else "{}").format(rows)


def _by_tier(*, told: bool) -> dict[str, SQL]:
    return {"tier": SQL("tier" if told else "NULL::text"), "height": SQL("min(height)" if told else "0")}


def _figure(key: str, row: Row, meaning: Message, *, whole: bool = False) -> IndicatorValue:
    numerator, denominator = int(str(row["numerator"])), None if whole else int(str(row["denominator"]))
    value: float | None = numerator
    if denominator is not None:
        value = numerator / denominator if denominator else None
    if isinstance(row.get("median"), float):
        value = typed(float, row["median"])
    return IndicatorValue(
        key, _text(row["grp"]), _text(row.get("tier")), numerator, denominator, value, meaning
    )


def _nothing(key: str, tier: str | None, meaning: Message, *, whole: bool) -> IndicatorValue:
    return IndicatorValue(key, None, tier, 0, None if whole else 0, 0 if whole else None, meaning)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
