"""The reading methods of the library's recorder interface, asynchronous, on a given connection.

They return the library's own row types, as `ApplicationRecorder` describes them. Its method for writing is
`PostgresEventLog.insert_events`.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from eventsourcing.persistence import Notification
from psycopg import AsyncCursor
from psycopg.rows import args_row

from store.postgres.connections import Connection
from store.postgres.typed import typed

END: Final = 2**63 - 1
"""A position beyond the end of every log, and a version beyond the end of every stream."""

_SELECT_EVENTS: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s
ORDER BY originator_version"""
_ASCENDING: Final = f"{_SELECT_EVENTS} LIMIT %s"
_DESCENDING: Final = f"{_SELECT_EVENTS} DESC LIMIT %s"
_SELECT_NOTIFICATIONS: Final = """
SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE notification_id > %(gt)s AND notification_id <= %(stop)s
  AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s))
ORDER BY notification_id LIMIT %(limit)s
"""
_MAX_NOTIFICATION_ID: Final = "SELECT max(notification_id) FROM stored_events"


def rows_of(connection: Connection) -> AsyncCursor[Notification]:
    """Return a cursor over rows of stream, version, topic, state and position, each a `Notification`."""
    return connection.cursor(binary=True, row_factory=args_row(Notification))


def notification(row: Sequence[object]) -> Notification:
    """Return a row of stream, version, topic, state and position, read with other columns; raises TypeError."""
    stream, version, topic, state, position = row
    return Notification(
        typed(UUID, stream), typed(int, version), typed(str, topic), typed(bytes, state), typed(int, position)
    )


async def select_events(
    connection: Connection,
    originator_id: UUID,
    *,
    gt: int | None = None,
    lte: int | None = None,
    desc: bool = False,
    limit: int | None = None,
) -> list[Notification]:
    """Return a stream's rows by version, with their positions."""
    cursor = rows_of(connection)
    versions = (-1 if gt is None else gt, END if lte is None else lte)
    await cursor.execute(_DESCENDING if desc else _ASCENDING, (originator_id, *versions, limit))
    return await cursor.fetchall()


async def select_notifications(
    connection: Connection,
    start: int | None,
    limit: int,
    stop: int | None = None,
    topics: Sequence[str] = (),
    *,
    inclusive_of_start: bool = True,
) -> list[Notification]:
    """Return up to `limit` rows by position, from `start` to `stop`, of some topics or of all."""
    cursor = rows_of(connection)
    await cursor.execute(
        _SELECT_NOTIFICATIONS,
        {
            "gt": 0 if start is None else start - inclusive_of_start,
            "stop": END if stop is None else stop,
            "topics": list(topics) or None,
            "limit": limit,
        },
    )
    return await cursor.fetchall()


async def max_notification_id(connection: Connection) -> int | None:
    """Return the position of the last row; None where there is none."""
    row = await (await connection.execute(_MAX_NOTIFICATION_ID)).fetchone()
    return row[0] if row and isinstance(row[0], int) else None
