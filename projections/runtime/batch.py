"""One step of a projection along the log: a batch, its rows and the position in one transaction; faulty streams are parked.

The row of the position is locked while a step is written, so that a retry or the switch to a rebuilt version happens
either before the step or after it.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import psycopg
import structlog

from application.ports import Unavailable
from domain.events.envelope import Event, Recorded
from projections.runtime.parking import park, parked_streams, without_streams
from projections.runtime.prefetch import Prefetcher
from projections.runtime.projection import Connection, Projection
from store.event_log.log_reader import LogBatch
from store.event_log.recorder import END
from store.event_log.tracking import Tracking, insert_tracking, locked_tracking, tracking_of

TRANSIENT_ERRORS: Final = (psycopg.OperationalError, psycopg.InterfaceError, Unavailable)
"""Errors of the connection or of the moment, not of an event: the batch is tried again."""
MOST_PARKED: Final = 20
"""Streams that one batch may park; more are a fault of the projection, not of the events."""
_log = structlog.get_logger()


class ProjectionFaultError(RuntimeError):
    """A projection fails on so many streams that the fault is its own."""


class BatchStep:
    """Applies batches of the log to projections in turn."""

    def __init__(self, ahead: Connection | None = None) -> None:
        """Prefetch over the connection `ahead`, where there is one."""
        self._reading = Prefetcher(ahead)

    async def forget(self) -> None:
        """Drop what was prefetched."""
        await self._reading.forget()

    async def step(self, connection: Connection, projection: Projection, size: int, until: int = END) -> int:
        """Apply the next batch of up to `size` events, none beyond `until`; return how many events it had.

        Returns 1 where the position was changed meanwhile by another connection: there may be more events.
        """
        tracking = await tracking_of(connection, projection.NAME)
        read = await self._reading.next(connection, tracking.notification_id, size, until)
        if read.last is None:
            return 0
        async with connection.transaction():
            if await locked_tracking(connection, projection.NAME) != tracking:
                return 1
            await _apply_read(connection, projection, read)
            await insert_tracking(connection, Tracking(projection.NAME, read.last))
        return len(read)


async def _apply_read(connection: Connection, projection: Projection, read: LogBatch) -> None:
    """Apply a batch without the events of parked streams; park streams that cannot be read."""
    waiting = await parked_streams(connection, projection.NAME)
    ends: dict[UUID, int] = {}
    for item in read.undecodable:
        if item.stream not in waiting and item.stream not in ends:
            await _park(connection, projection, item.stream, item.position, item.topic, item.error)
            ends[item.stream] = item.position
    batch = without_streams(read.events, waiting) if waiting else read.events
    if ends:
        batch = [item for item in batch if item.position < ends.get(item.stream, END)]
    taken = await _apply(connection, projection, batch)
    if len(taken) > MOST_PARKED:
        raise ProjectionFaultError(projection.NAME)


async def _apply(
    connection: Connection, projection: Projection, batch: Sequence[Recorded[Event]]
) -> frozenset[UUID]:
    """Apply a batch; where it fails, find the failing event by halving and park its stream.

    Returns the parked streams.
    """
    if not batch:
        return frozenset()
    try:
        async with connection.transaction():
            await projection.apply(connection, batch)
    except TRANSIENT_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 - one faulty event must not stop the other streams
        if len(batch) == 1:
            (bad,) = batch
            await _park(connection, projection, bad.stream, bad.position, bad.topic, repr(error))
            return frozenset({bad.stream})
        middle = len(batch) // 2
        first = await _apply(connection, projection, batch[:middle])
        rest = without_streams(batch[middle:], first)
        return first | await _apply(connection, projection, rest)
    return frozenset()


async def _park(
    connection: Connection, projection: Projection, stream: UUID, position: int, topic: str, error: str
) -> None:
    _log.error("stream parked", projection=projection.NAME, stream=str(stream), position=position)
    await park(connection, projection.NAME, stream, position, topic, error)
