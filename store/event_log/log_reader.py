"""Reading the log on a given connection: in order of position, or several streams at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from eventsourcing.persistence import Notification

from domain.events.envelope import Event, Recorded
from store.event_log.codec import MAPPER, LogMapper, UndecodableEventError
from store.event_log.recorder import (
    END,
    max_notification_id,
    rows_of,
    select_events,
    select_notifications,
)
from store.postgres.connections import Connection
from store.postgres.typed import typed

_RANGE: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE originator_id = %s AND notification_id BETWEEN %s AND %s ORDER BY originator_version
"""
_STREAMS: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE originator_id = ANY(%s) AND notification_id <= %s ORDER BY originator_id, originator_version
"""
_STREAMS_BEFORE: Final = """
SELECT e.originator_id, e.originator_version, e.topic, e.state, e.notification_id
FROM unnest(%b::uuid[], %s::bigint[]) AS requested (stream, version)
JOIN stored_events e ON e.originator_id = requested.stream AND e.originator_version < requested.version
ORDER BY e.originator_id, e.originator_version
"""
_STARTED: Final = """
SELECT e.originator_id, length.events FROM stored_events e
CROSS JOIN LATERAL (
    SELECT max(l.originator_version) AS events FROM stored_events l WHERE l.originator_id = e.originator_id
) AS length
WHERE e.notification_id > %s AND e.notification_id <= %s AND e.originator_version = 1
  AND e.topic ^@ ANY(%s::text[])
ORDER BY e.notification_id
"""


@dataclass(frozen=True, slots=True)
class UndecodableRow:
    """A row of the log that cannot be decoded."""

    stream: UUID
    position: int
    topic: str
    error: str


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Rows of the log in order: those that can be decoded and those that cannot; the position of the last one."""

    events: tuple[Recorded[Event], ...] = ()
    undecodable: tuple[UndecodableRow, ...] = ()
    last: int | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.events) + len(self.undecodable)


async def last_position(connection: Connection) -> int:
    """Return the position of the last event in the log; 0 where there is none."""
    return await max_notification_id(connection) or 0


async def read_batch(
    connection: Connection, after: int, limit: int, mapper: LogMapper = MAPPER, *, until: int = END
) -> LogBatch:
    """Read up to `limit` rows beyond the position `after`, none beyond `until`, decodable or not."""
    rows = await select_notifications(connection, after, limit, until, inclusive_of_start=False)
    return _batch(rows, mapper)


async def read_stream_range(
    connection: Connection, stream: UUID, first: int, last: int, mapper: LogMapper = MAPPER
) -> LogBatch:
    """Read the rows of a stream from one position to another, decodable or not."""
    cursor = rows_of(connection)
    await cursor.execute(_RANGE, (stream, first, last))
    return _batch(await cursor.fetchall(), mapper)


async def read_streams(
    connection: Connection, streams: Sequence[UUID], until: int, mapper: LogMapper = MAPPER
) -> dict[UUID, LogBatch]:
    """Read several streams from their first event up to a position, each in order, decodable or not."""
    found = await stream_rows(connection, streams, until)
    return {stream: _batch(rows, mapper) for stream, rows in found.items()}


async def stream_rows(
    connection: Connection, streams: Sequence[UUID], until: int = END
) -> dict[UUID, list[Notification]]:
    """Return the rows of several streams up to a position, each in order, for callers that decode some of them."""
    cursor = rows_of(connection)
    await cursor.execute(_STREAMS, (list(streams), until))
    rows: dict[UUID, list[Notification]] = {}
    for row in await cursor.fetchall():
        rows.setdefault(typed(UUID, row.originator_id), []).append(row)
    return rows


async def whole_streams(
    connection: Connection, streams: Sequence[UUID], mapper: LogMapper = MAPPER
) -> dict[UUID, list[Recorded[Event]]]:
    """Return several streams whole, each in order; raises UndecodableEventError."""
    found = await stream_rows(connection, streams)
    return {stream: list(map(mapper.to_domain_event, rows)) for stream, rows in found.items()}


async def stream_before(
    connection: Connection, stream: UUID, version: int, mapper: LogMapper = MAPPER
) -> list[Recorded[Event]]:
    """Return a stream's events before a version, in order; raises UndecodableEventError."""
    return list(map(mapper.to_domain_event, await select_events(connection, stream, lte=version - 1)))


async def streams_before(
    connection: Connection, versions: Mapping[UUID, int], mapper: LogMapper = MAPPER
) -> dict[UUID, list[Recorded[Event]]]:
    """Return the events of several streams before a version of each, in order; raises UndecodableEventError."""
    cursor = rows_of(connection)
    await cursor.execute(_STREAMS_BEFORE, (list(versions), list(versions.values())))
    found: dict[UUID, list[Recorded[Event]]] = {}
    for row in await cursor.fetchall():
        event = mapper.to_domain_event(row)
        found.setdefault(event.stream, []).append(event)
    return found


async def streams_started(
    connection: Connection, after: int, last: int, prefixes: Sequence[str]
) -> list[tuple[UUID, int]]:
    """Return the streams whose first event lies beyond `after`, up to `last`, with how many events each has by now.

    `prefixes` says how the topic of a first event begins.
    """
    found = await connection.execute(_STARTED, (after, last, list(prefixes)))
    return [(typed(UUID, row[0]), typed(int, row[1])) for row in await found.fetchall()]


def grouped(streams: Iterable[tuple[UUID, int]], most: int) -> Iterator[list[UUID]]:
    """Yield streams that are read together: as many as have `most` events in all, or a single one that has more."""
    group: list[UUID] = []
    total = 0
    for stream, events in streams:
        if group and total + events > most:
            yield group
            group, total = [], 0
        group.append(stream)
        total += events
    if group:
        yield group


def _batch(rows: Sequence[Notification], mapper: LogMapper) -> LogBatch:
    events: list[Recorded[Event]] = []
    undecodable: list[UndecodableRow] = []
    for row in rows:
        try:
            events.append(mapper.to_domain_event(row))
        except UndecodableEventError as error:
            undecodable.append(UndecodableRow(typed(UUID, row.originator_id), row.id, row.topic, str(error)))
    return LogBatch(tuple(events), tuple(undecodable), rows[-1].id if rows else None)
