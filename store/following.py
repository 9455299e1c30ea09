"""Reading the log in order of position."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from domain.events.envelope import Event, Recorded
from store.columns import a
from store.encoding import decode
from store.topics import TOPICS, Topics

_AFTER: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
_PREFIX: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = %s AND originator_version < %s ORDER BY originator_version
"""

_WHOLE: Final = """
SELECT originator_id, originator_version, notification_id, topic, state
FROM stored_events WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""

_Connection = AsyncConnection[tuple[object, ...]]


async def after(
    connection: _Connection, position: int, limit: int, topics: Topics = TOPICS
) -> list[Recorded[Event]]:
    """Return up to `limit` events beyond a position, in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_AFTER, (position, limit))
    return [recorded(row, topics) for row in await cursor.fetchall()]


async def before(
    connection: _Connection, stream: UUID, version: int, topics: Topics = TOPICS
) -> list[Recorded[Event]]:
    """Return a stream's events before a version, in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_PREFIX, (stream, version))
    return [recorded(row, topics) for row in await cursor.fetchall()]


async def histories(
    connection: _Connection, streams: Sequence[UUID], topics: Topics = TOPICS
) -> dict[UUID, list[Recorded[Event]]]:
    """Return several streams whole, each in order; raises UndecodableEventError."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_WHOLE, (list(streams),))
    found: dict[UUID, list[Recorded[Event]]] = {}
    for row in await cursor.fetchall():
        event = recorded(row, topics)
        found.setdefault(event.stream, []).append(event)
    return found


def recorded(row: tuple[object, ...], topics: Topics) -> Recorded[Event]:
    """Read a row of stream, version, position, topic, state; raises UndecodableEventError."""
    stream, version, position, topic, state = row
    return decode(
        topics,
        stream=a(UUID, stream),
        version=a(int, version),
        position=a(int, position),
        topic=a(str, topic),
        state=a(bytes, state),
    )
