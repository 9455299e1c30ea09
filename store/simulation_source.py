"""The recorded cases for a simulation: those filed in a part of the log, and what surrounds them, up to one position.

The log only grows at its end, so that whatever is read up to a position is the same for whoever reads it, and whenever.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, cast

import psycopg

from application.simulation.context import PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.recorded_commands import RecordedFact
from application.simulation.request import CaseSelection
from application.simulation.runner import LogPart
from domain.aggregates import calendar
from domain.events.calendar import CalendarPublished
from domain.events.dispute import Filed
from domain.events.envelope import Event, Recorded
from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.events.procedure import ProcedurePublished
from domain.procedures.ladder import Ladder
from domain.procedures.workdays import Calendar, PublishedYear
from store.event_log.codec import UndecodableEventError
from store.event_log.log_reader import handfuls, opened, recorded, rows_of_streams
from store.event_log.topics import TOPICS, Topics
from store.postgres.connections import Connection, assume_app_role, limited

_FILED: Final = "dispute.filed."
_AT_A_TIME: Final = 10_000
"""Events that are read at a time, unless a single case has more."""
_GROUND: Final = (
    "platform.established.",
    "platform.reorganised.",
    "procedure.published.",
    "calendar.published.",
)
_AROUND: Final = """
SELECT originator_id, originator_version, notification_id, topic, state FROM stored_events
WHERE topic NOT LIKE 'dispute.%%' AND topic NOT LIKE 'register.%%' AND topic ^@ ANY(%s::text[])
  AND notification_id <= %s
ORDER BY notification_id
"""
_LAST: Final = """
SELECT originator_id, originator_version, notification_id, topic, state FROM stored_events
WHERE notification_id <= %s ORDER BY notification_id DESC LIMIT 100
"""
_PATIENT: Final = """
SET statement_timeout = '120s'; SET default_transaction_read_only = on; SET work_mem = '64MB'; SET jit = off
"""
"""The events that are read at a time are sorted in memory."""


class PostgresArchive:
    """An `application.simulation.runner.CaseSource` over one connection."""

    def __init__(self, connection: Connection, topics: Topics = TOPICS) -> None:
        self._connection = connection
        self._topics = topics

    async def context(self, until: int) -> SimulationContext:
        """Return what surrounds the cases; what cannot be read of it is left out."""
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(_AROUND, (list(_GROUND), until))
        found = list(self._readable(await cursor.fetchall()))
        await cursor.execute(_LAST, (until,))
        last = next(self._readable(await cursor.fetchall()), None)
        return SimulationContext(
            _atlas(found), _versions(found), _calendar(found), last.recorded_at if last else None
        )

    async def cases(
        self, part: LogPart, scope: CaseSelection
    ) -> AsyncIterator[Sequence[RecordedFact] | None]:
        """Yield the cases asked about that were filed in a part of the log; None for one that cannot be read."""
        for streams in handfuls(await opened(self._connection, part.after, part.last, [_FILED]), _AT_A_TIME):
            rows = await rows_of_streams(self._connection, streams, part.until)
            for stream in streams:
                try:
                    history = self._history(rows[stream], scope)
                except UndecodableEventError:
                    yield None
                else:
                    if history:
                        yield history

    def _history(self, rows: Sequence[tuple[object, ...]], scope: CaseSelection) -> list[RecordedFact]:
        """The history of a case, or nothing where it is not asked about; raises UndecodableEventError."""
        first = recorded(rows[0], self._topics)
        if not isinstance(first.event, Filed) or not scope.holds(first.event):
            return []
        return cast("list[RecordedFact]", [first, *(recorded(row, self._topics) for row in rows[1:])])

    def _readable(self, rows: Iterable[tuple[object, ...]]) -> Iterator[Recorded[Event]]:
        for row in rows:
            try:
                yield recorded(row, self._topics)
            except UndecodableEventError:
                continue


@asynccontextmanager
async def opened_archive(url: str) -> AsyncIterator[PostgresArchive]:
    """Open a connection that only reads, and may take its time."""
    async with await psycopg.AsyncConnection.connect(limited(url)) as connection:
        await assume_app_role(connection)
        await connection.execute(_PATIENT)
        yield PostgresArchive(connection)


def _atlas(found: Iterable[Recorded[Event]]) -> PlatformHistory:
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
            years[item.event.year] = calendar.evolve(years.get(item.event.year), item.event)
    return Calendar(years)
