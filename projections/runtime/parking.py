"""Parked streams: an event failed in a projection, so the stream waits from that event on while the others continue."""

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
    """A parked stream: the position and topic of the event that failed, and its error."""

    projection: str
    stream: UUID
    position: int
    topic: str
    error: str
    parked_at: datetime


async def parked_streams(connection: Connection, projection: str) -> frozenset[UUID]:
    """Return the streams parked for a projection."""
    found = await connection.execute(_PARKED, (projection,))
    return frozenset(row[0] for row in await found.fetchall() if isinstance(row[0], UUID))


async def park(
    connection: Connection, projection: str, stream: UUID, position: int, topic: str, error: str
) -> None:
    """Park a stream from an event on."""
    await connection.execute(_PARK, (projection, stream, position, topic, error))


async def retry(connection: Connection, projection: Projection, parked: Parked) -> bool:
    """Apply the events of a parked stream again, up to the projection's position; return whether it is no longer parked.

    The projection's position is locked meanwhile. Raises what `apply` raises; then the stream remains parked.
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


async def parked_in(pool: Pool, projection: str | None) -> list[Parked]:
    """Return the parked streams of one projection or of all."""
    async with (
        connection_of(pool) as connection,
        connection.cursor(row_factory=class_row(Parked)) as cursor,
    ):
        await cursor.execute(_LIST, {"projection": projection})
        return await cursor.fetchall()


def without_streams(batch: Sequence[Recorded[Event]], waiting: frozenset[UUID]) -> list[Recorded[Event]]:
    """Return the events of a batch without those of some streams."""
    return [item for item in batch if item.stream not in waiting]
