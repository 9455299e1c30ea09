"""Queries of the indicators: over a period, as of a past day, as known at a time, by group.

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

from access.scope import ALL_CASES, Scope
from domain.events.envelope import Event, Recorded
from domain.messages import Message
from domain.procedures.ladder import ProcedureRef
from projections.indicators import statements
from projections.indicators.definitions import (
    OVERDUE,
    SESSIONS,
    SESSIONS_THERE,
    SETTLED_WITHIN,
    SHARES,
    Share,
)
from projections.indicators.schemas import IndicatorFilter, IndicatorValue, IndicatorValues
from projections.indicators.tables import CREATE_KNOWN_AT, KNOWN_AT, RECORDED, HistoryTables
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection
from projections.runtime.queries import ReadModelQueries
from store.event_log.log_reader import whole_streams
from store.postgres.conditions import below, scope_values, visible
from store.postgres.connections import Pool, connection_of
from store.postgres.typed import typed

_CHUNK: Final = 50


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


class IndicatorQueries(ReadModelQueries):
    """Computes the indicators from the history of cases."""

    NAME: ClassVar[str] = "lifelines"

    def __init__(self, pool: Pool, write_history: HistoryWriter) -> None:
        super().__init__(pool)
        self._write_history = write_history

    async def compute(self, scope: Scope, criteria: IndicatorFilter) -> IndicatorValues:
        """Return every indicator over the cases that meet the criteria; by mediator, over those in the scope alone.

        A figure of one mediator may tell of one case; the figures of a unit are for everybody who may read figures.
        """
        counted = scope if criteria.by == "mediator" else ALL_CASES
        where = statements.WITHIN.format(visible=visible(counted))
        values = {"unit": criteria.unit, "below": below(criteria.unit or ""), **scope_values(counted)}
        async with self._tables(criteria, where, values) as (connection, tables):
            counting = _Counting(connection, criteria, tables, where, values)
            procedures = await counting.procedures()
            items = [value for share in SHARES for value in await counting.share(share)]
            items += [*await counting.settled_within(), *await counting.sessions(), *await counting.overdue()]
        return IndicatorValues(tuple(items), procedures)

    @asynccontextmanager
    async def _tables(
        self, criteria: IndicatorFilter, within: Composed, values: Mapping[str, object]
    ) -> AsyncIterator[tuple[Connection, HistoryTables]]:
        """Lend a connection, and the tables to count: by all that is recorded, or by what was known at a time."""
        async with connection_of(self._pool) as connection, connection.transaction():
            if criteria.known_at is None:
                yield connection, RECORDED
            else:
                await self._write_known(connection, within, values, criteria.known_at)
                yield connection, KNOWN_AT

    async def _write_known(
        self, connection: Connection, within: Composed, values: Mapping[str, object], known_at: datetime
    ) -> None:
        """Write what was recorded until a time, of the cases that count, into tables that the transaction drops."""
        found = await connection.execute(
            statements.CASES.format(intervals=Identifier(RECORDED.intervals), within=within), values
        )
        cases = [typed(UUID, row[0]) for row in await found.fetchall()]
        for statement in CREATE_KNOWN_AT:
            await connection.execute(statement)
        policies = PolicyCache(known_at)
        for start in range(0, len(cases), _CHUNK):
            whole = await whole_streams(connection, cases[start : start + _CHUNK])
            cut = {
                case: [item for item in history if item.recorded_at <= known_at]
                for case, history in whole.items()
            }
            known = {case: history for case, history in cut.items() if history}
            await self._write_history(connection, known, KNOWN_AT.intervals, KNOWN_AT.milestones, policies)


class _Counting:
    """Counts the rows of a period in the two history tables."""

    def __init__(
        self,
        connection: Connection,
        criteria: IndicatorFilter,
        tables: HistoryTables,
        within: Composed,
        values: Mapping[str, object],
    ) -> None:
        self._connection = connection
        self._criteria = criteria
        self._milestones = Identifier(tables.milestones)
        self._intervals = Identifier(tables.intervals)
        self._parts = {"within": within, "group": SQL(statements.GROUPS[criteria.by])}
        self._values = values
        self._tiers: tuple[str, ...] = ()

    async def procedures(self) -> tuple[ProcedureRef, ...]:
        """Return the procedure versions of the cases counted, and keep their tiers from the lowest to the highest."""
        policies, heights = PolicyCache(), dict[str, int]()
        found = await self.rows(
            statements.PROCEDURES.format(source=self._milestones, within=self._parts["within"])
        )
        pinned = tuple(ProcedureRef.model_validate(item) for item in found)
        for item in pinned:
            ladder = await policies.ladder(self._connection, item)
            heights |= {name: ladder.height(name) for name in ladder.tier_names}
        self._tiers = tuple(sorted(heights, key=lambda name: heights[name]))
        return pinned

    async def share(self, share: Share) -> list[IndicatorValue]:
        """Count the cases of a share and those of its denominator."""
        query = statements.COUNTED.format(
            **self._parts,
            **_tier_columns(by_tier=share.tiers),
            source=self._source(self._milestones),
            counted=SQL("count(*)" if share.sessions else "count(DISTINCT dispute)"),
            numerator=SQL(share.numerator),
            denominator=SQL(share.denominator or share.numerator),
        )
        count_only = share.denominator is None
        found = [
            _value(share.key, row, share.meaning, count_only=count_only) for row in await self.rows(query)
        ]
        return self._completed(found, share.key, share.meaning, count_only=count_only, by_tier=share.tiers)

    async def settled_within(self) -> list[IndicatorValue]:
        """Count, for each tier, the cases agreed there or below among all that were agreed."""
        agreed = SQL("kind = 'agreed'")
        query = statements.COUNTED.format(
            **self._parts,
            **_tier_columns(by_tier=True),
            source=self._source(self._milestones),
            counted=SQL("count(DISTINCT dispute)"),
            numerator=agreed,
            denominator=agreed,
        )
        return list(self._cumulated(await self.rows(query)))

    async def sessions(self) -> list[IndicatorValue]:
        """Return the median number of sessions before an agreement, in all and at the tier of the agreement."""
        values = []
        for held, meaning, by_tier in (("held", SESSIONS, False), ("held_there", SESSIONS_THERE, True)):
            query = statements.MEDIAN.format(
                **self._parts,
                **_tier_columns(by_tier=by_tier),
                source=self._source(self._milestones),
                held=SQL(held),
            )
            found = [_value("sessions_to_resolution", row, meaning) for row in await self.rows(query)]
            values += self._completed(found, "sessions_to_resolution", meaning, by_tier=by_tier)
        return values

    async def overdue(self) -> list[IndicatorValue]:
        """Count the open cases past a deadline; none by period where the day lies beyond the period."""
        if self._criteria.ends_before_its_day:
            return []
        query = statements.OVERDUE.format(
            **self._parts, source=self._source(statements.OPEN.format(intervals=self._intervals))
        )
        found = [_value("overdue_rate", row, OVERDUE) for row in await self.rows(query)]
        return self._completed(found, "overdue_rate", OVERDUE)

    async def rows(self, query: Composed) -> list[Row]:
        """Return the rows of a query over the period."""
        criteria = self._criteria
        values = {
            **self._values,
            "since": criteria.since,
            "until": criteria.until,
            "day": criteria.day,
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
        count_only: bool = False,
        by_tier: bool = False,
    ) -> list[IndicatorValue]:
        """Add zeros where nothing was counted, in all or at a tier; a group without any case gets no value."""
        if self._criteria.by is not None:
            return found
        there = {item.tier: item for item in found}
        tiers = self._tiers if by_tier else (None,)
        return [there.get(tier) or _zero(key, tier, meaning, count_only=count_only) for tier in tiers]

    def _cumulated(self, rows: Sequence[Row]) -> Iterator[IndicatorValue]:
        """Per group and tier: the cases agreed at the tier or below, of all agreed. By tier, all are one group."""
        by_tier = self._criteria.by == "tier"
        agreed: dict[str | None, Counter[str]] = {} if self._criteria.by else {None: Counter()}
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
        return SQL("{}, unnest(mediators) AS mediator" if self._criteria.by == "mediator" else "{}").format(
            rows
        )


def _tier_columns(*, by_tier: bool) -> dict[str, SQL]:
    return {
        "tier": SQL("tier" if by_tier else "NULL::text"),
        "height": SQL("min(height)" if by_tier else "0"),
    }


def _value(key: str, row: Row, meaning: Message, *, count_only: bool = False) -> IndicatorValue:
    numerator, denominator = int(str(row["numerator"])), None if count_only else int(str(row["denominator"]))
    value: float | None = numerator
    if denominator is not None:
        value = numerator / denominator if denominator else None
    if isinstance(row.get("median"), float):
        value = typed(float, row["median"])
    return IndicatorValue(
        key, _text(row["grp"]), _text(row.get("tier")), numerator, denominator, value, meaning
    )


def _zero(key: str, tier: str | None, meaning: Message, *, count_only: bool) -> IndicatorValue:
    return IndicatorValue(key, None, tier, 0, None if count_only else 0, 0 if count_only else None, meaning)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
