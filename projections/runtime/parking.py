"""Streams with an event that a read model cannot take: they wait, whole from that event on, while the others go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from domain.events.envelope import Event, Recorded
from projections.runtime.projection import Connection, Projection
from store.event_log.log_reader import read_stream_range
from store.event_log.tracking import locked_tracking
from store.postgres.connections import Pool, connection_of

_PARKED: Final = "SELECT stream FROM parked_streams WHERE projection = %s"
_PARK: Final = """
INSERT INTO parked_streams (projection, stream, position, topic, error) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_LIST: Final = """
SELECT projection, stream, position, topic, error, parked_at FROM parked_streams
WHERE %(projection)s::text IS NULL OR projection = %(projection)s ORDER BY projection, position
"""
_FREE: Final = "DELETE FROM parked_streams WHERE projection = %s AND stream = %s"


@dataclass(frozen=True, slots=True)
class Parked:
    """A stream that waits: since which of its events, and what was wrong with it."""

    projection: str
    stream: UUID
    position: int
    topic: str
    error: str
    parked_at: datetime


async def parked_streams(connection: Connection, projection: str) -> frozenset[UUID]:
    """Return the streams that wait for a read model."""
    found = await connection.execute(_PARKED, (projection,))
    return frozenset(row[0] for row in await found.fetchall() if isinstance(row[0], UUID))


async def park(
    connection: Connection, projection: str, stream: UUID, position: int, topic: str, error: str
) -> None:
    """Let a stream wait from an event on."""
    await connection.execute(_PARK, (projection, stream, position, topic, error))


async def retry(connection: Connection, projection: Projection, parked: Parked) -> bool:
    """Take the events of a parked stream once more, up to where the read model stands; say whether it goes on now.

    The read model is held at its place meanwhile. What goes wrong again leaves the stream as it was.
    """
    async with connection.transaction():
        reached = await locked_tracking(connection, projection.NAME)
        read = await read_stream_range(connection, parked.stream, parked.position, reached.notification_id)
        if read.undecodable:
            return False
        if read.events:
            await projection.apply(connection, read.events)
        await connection.execute(_FREE, (projection.NAME, parked.stream))
    return True


async def waiting_in(pool: Pool, projection: str | None) -> list[Parked]:
    """Return what waits, for one read model or for all."""
    async with (
        connection_of(pool) as connection,
        connection.cursor(row_factory=class_row(Parked)) as cursor,
    ):
        await cursor.execute(_LIST, {"projection": projection})
        return await cursor.fetchall()


def others(batch: Sequence[Recorded[Event]], waiting: frozenset[UUID]) -> list[Recorded[Event]]:
    """Return the events of a batch whose streams do not wait."""
    return [item for item in batch if item.stream not in waiting]
