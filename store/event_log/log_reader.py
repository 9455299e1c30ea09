"""Reading the log in order of position."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from domain.events.envelope import Event, Recorded
from store.event_log.codec import UndecodableEventError, decode
from store.event_log.topics import TOPICS, Topics
from store.postgres.typed import typed

_AFTER: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s
"""
END: Final = 2**63 - 1
"""A position beyond every log."""
_PREFIX: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = %s AND originator_version < %s ORDER BY originator_version
"""

_WHOLE: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""

_BETWEEN: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = %s AND notification_id BETWEEN %s AND %s ORDER BY originator_version
"""

_Connection = AsyncConnection[tuple[object, ...]]


async def after(
    connection: _Connection, position: int, limit: int, topics: Topics = TOPICS
) -> list[Recorded[Event]]:
    """Return up to `limit` events beyond a position, in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_AFTER, (position, END, limit))
    return [recorded(row, topics) for row in await cursor.fetchall()]


async def end(connection: _Connection) -> int:
    """Return the position of the last event in the log; 0 where there is none."""
    row = await (await connection.execute("SELECT max(notification_id) FROM stored_events")).fetchone()
    return row[0] if row and isinstance(row[0], int) else 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the log that cannot be read."""

    stream: UUID
    position: int
    topic: str
    error: str


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Rows of the log in order: those that can be read and those that cannot; the position of the last one."""

    events: tuple[Recorded[Event], ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    last: int | None = None

    def __len__(self) -> int:
        """Return how many rows those are."""
        return len(self.events) + len(self.unreadable)


async def read_after(
    connection: _Connection, position: int, limit: int, topics: Topics = TOPICS, *, until: int = END
) -> LogBatch:
    """Read up to `limit` rows beyond a position, none beyond another one, whatever is in them."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_AFTER, (position, until, limit))
    return _sorted(await cursor.fetchall(), topics)


async def between(
    connection: _Connection, stream: UUID, first: int, last: int, topics: Topics = TOPICS
) -> LogBatch:
    """Read the rows of a stream from one position to another, whatever is in them."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_BETWEEN, (stream, first, last))
    return _sorted(await cursor.fetchall(), topics)


def _sorted(rows: Sequence[tuple[object, ...]], topics: Topics) -> LogBatch:
    events: list[Recorded[Event]] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        try:
            events.append(recorded(row, topics))
        except UndecodableEventError as error:
            unreadable.append(
                Unreadable(typed(UUID, row[0]), typed(int, row[2]), typed(str, row[3]), str(error))
            )
    return LogBatch(tuple(events), tuple(unreadable), typed(int, rows[-1][2]) if rows else None)


_OPENED: Final = """
SELECT e.originator_id, life.events FROM stored_events e
CROSS JOIN LATERAL (
    SELECT max(l.originator_version) AS events FROM stored_events l WHERE l.originator_id = e.originator_id
) AS life
WHERE e.notification_id > %s AND e.notification_id <= %s AND e.originator_version = 1
  AND e.topic ^@ ANY(%s::text[])
ORDER BY e.notification_id
"""


async def opened(
    connection: _Connection, position: int, last: int, openings: Sequence[str]
) -> list[tuple[UUID, int]]:
    """Return the streams that begin beyond a position, up to another one, with how many events each has by now.

    `openings` is how the topics of their first events begin.
    """
    found = await connection.execute(_OPENED, (position, last, list(openings)))
    return [(typed(UUID, row[0]), typed(int, row[1])) for row in await found.fetchall()]


def handfuls(streams: Iterable[tuple[UUID, int]], most: int) -> Iterator[list[UUID]]:
    """Yield streams that are read together: as many as have so many events, or a single one that has more."""
    handful: list[UUID] = []
    held = 0
    for stream, events in streams:
        if handful and held + events > most:
            yield handful
            handful, held = [], 0
        handful.append(stream)
        held += events
    if handful:
        yield handful


_WHOLE_UNTIL: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = ANY(%s) AND notification_id <= %s
ORDER BY originator_id, originator_version
"""


async def read_streams(
    connection: _Connection, streams: Sequence[UUID], until: int, topics: Topics = TOPICS
) -> dict[UUID, LogBatch]:
    """Read several streams from their beginning up to a position, each in order, whatever is in them."""
    rows = await rows_of_streams(connection, streams, until)
    return {stream: _sorted(item, topics) for stream, item in rows.items()}


async def rows_of_streams(
    connection: _Connection, streams: Sequence[UUID], until: int
) -> dict[UUID, list[tuple[object, ...]]]:
    """Return the rows of several streams up to a position, each in order, for whoever may not want all of them."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_WHOLE_UNTIL, (list(streams), until))
    rows: dict[UUID, list[tuple[object, ...]]] = {}
    for row in await cursor.fetchall():
        rows.setdefault(typed(UUID, row[0]), []).append(row)
    return rows


async def before(
    connection: _Connection, stream: UUID, version: int, topics: Topics = TOPICS
) -> list[Recorded[Event]]:
    """Return a stream's events before a version, in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_PREFIX, (stream, version))
    return [recorded(row, topics) for row in await cursor.fetchall()]


_BEGINNINGS: Final = """
SELECT e.originator_id, e.originator_version, e.notification_id, e.topic, e.state
FROM unnest(%b::uuid[], %s::bigint[]) AS wanted (stream, version)
JOIN stored_events e ON e.originator_id = wanted.stream AND e.originator_version < wanted.version
ORDER BY e.originator_id, e.originator_version
"""


async def beginnings(
    connection: _Connection, ends: Mapping[UUID, int], topics: Topics = TOPICS
) -> dict[UUID, list[Recorded[Event]]]:
    """Return the events of several streams before a version of each, in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_BEGINNINGS, (list(ends), list(ends.values())))
    return _by_stream(await cursor.fetchall(), topics)


async def histories(
    connection: _Connection, streams: Sequence[UUID], topics: Topics = TOPICS
) -> dict[UUID, list[Recorded[Event]]]:
    """Return several streams whole, each in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_WHOLE, (list(streams),))
    return _by_stream(await cursor.fetchall(), topics)


def _by_stream(rows: Sequence[tuple[object, ...]], topics: Topics) -> dict[UUID, list[Recorded[Event]]]:
    found: dict[UUID, list[Recorded[Event]]] = {}
    for row in rows:
        event = recorded(row, topics)
        found.setdefault(event.stream, []).append(event)
    return found


def recorded(row: tuple[object, ...], topics: Topics) -> Recorded[Event]:
    """Read a row of stream, version, position, topic, state; raises UndecodableEventError."""
    stream, version, position, topic, state = row
    return decode(
        topics,
        stream=typed(UUID, stream),
        version=typed(int, version),
        position=typed(int, position),
        topic=typed(str, topic),
        state=typed(bytes, state),
    )
