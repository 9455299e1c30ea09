"""Reads the input of a simulation: cases filed in a part of the log, and their context, up to one position.

The log only grows at its end: what is read up to a position is the same at any time.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, cast

import psycopg
from eventsourcing.persistence import Notification

from application.simulation.context import PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.recorded_commands import RecordedFact
from application.simulation.request import CaseSelection
from application.simulation.runner import LogPart
from domain.aggregates.calendar import days_of
from domain.events.calendar import CalendarPublished
from domain.events.dispute import Filed
from domain.events.envelope import Event, Recorded
from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.events.procedure import ProcedurePublished
from domain.procedures.ladder import Ladder
from domain.procedures.workdays import Calendar, PublishedYear
from store.event_log.codec import MAPPER, LogMapper, UndecodableEventError
from store.event_log.log_reader import grouped, stream_rows, streams_started
from store.event_log.recorder import rows_of
from store.postgres.connections import Connection, assume_app_role, limited

_FILED: Final = "dispute.filed."
_EVENTS_AT_ONCE: Final = 10_000
"""Events that one query reads, unless a single case has more."""
_CONTEXT_TOPICS: Final = (
    "platform.established.",
    "platform.reorganised.",
    "procedure.published.",
    "calendar.published.",
)
_CONTEXT: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE topic NOT LIKE 'dispute.%%' AND topic NOT LIKE 'register.%%' AND topic ^@ ANY(%s::text[])
  AND notification_id <= %s
ORDER BY notification_id
"""
_LAST: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE notification_id <= %s ORDER BY notification_id DESC LIMIT 100
"""
_SETTINGS: Final = """
SET statement_timeout = '120s'; SET default_transaction_read_only = on; SET work_mem = '64MB'; SET jit = off
"""
"""Limits for long queries; `work_mem` lets the events of one query be sorted in memory."""


class PostgresCaseSource:
    """An `application.simulation.runner.CaseSource` over one connection."""

    def __init__(self, connection: Connection, mapper: LogMapper = MAPPER) -> None:
        self._connection = connection
        self._mapper = mapper

    async def context(self, until: int) -> SimulationContext:
        """Return the context of the cases; events that cannot be decoded are left out."""
        cursor = rows_of(self._connection)
        await cursor.execute(_CONTEXT, (list(_CONTEXT_TOPICS), until))
        found = list(self._decodable(await cursor.fetchall()))
        await cursor.execute(_LAST, (until,))
        last = next(self._decodable(await cursor.fetchall()), None)
        return SimulationContext(
            _platform_history(found), _versions(found), _calendar(found), last.recorded_at if last else None
        )

    async def cases(
        self, part: LogPart, scope: CaseSelection
    ) -> AsyncIterator[Sequence[RecordedFact] | None]:
        """Yield the selected cases that were filed in a part of the log; None for one that cannot be decoded."""
        for streams in grouped(
            await streams_started(self._connection, part.after, part.last, [_FILED]), _EVENTS_AT_ONCE
        ):
            rows = await stream_rows(self._connection, streams, part.until)
            for stream in streams:
                try:
                    history = self._history(rows[stream], scope)
                except UndecodableEventError:
                    yield None
                else:
                    if history:
                        yield history

    def _history(self, rows: Sequence[Notification], scope: CaseSelection) -> list[RecordedFact]:
        """The history of a case, or nothing where it is not selected; raises UndecodableEventError."""
        first = self._mapper.to_domain_event(rows[0])
        if not isinstance(first.event, Filed) or not scope.holds(first.event):
            return []
        return cast("list[RecordedFact]", [first, *map(self._mapper.to_domain_event, rows[1:])])

    def _decodable(self, rows: Iterable[Notification]) -> Iterator[Recorded[Event]]:
        for row in rows:
            try:
                yield self._mapper.to_domain_event(row)
            except UndecodableEventError:
                continue


@asynccontextmanager
async def open_case_source(url: str) -> AsyncIterator[PostgresCaseSource]:
    """Open a connection for long read-only queries."""
    async with await psycopg.AsyncConnection.connect(limited(url)) as connection:
        await assume_app_role(connection)
        await connection.execute(_SETTINGS)
        yield PostgresCaseSource(connection)


def _platform_history(found: Iterable[Recorded[Event]]) -> PlatformHistory:
    return PlatformHistory(
        PlatformVersion(item.position, item.recorded_at, item.event)
        for item in found
        if isinstance(item.event, PlatformEstablished | PlatformReorganised)
    )


def _versions(found: Iterable[Recorded[Event]]) -> dict[tuple[str, int], Ladder]:
    return {
        (item.event.ladder.id, item.event.version): item.event.ladder
        for item in found
        if isinstance(item.event, ProcedurePublished)
    }


def _calendar(found: Iterable[Recorded[Event]]) -> Calendar:
    years: dict[int, PublishedYear] = {}
    for item in found:
        if isinstance(item.event, CalendarPublished):
            years[item.event.year] = days_of(item.event)
    return Calendar(years)
