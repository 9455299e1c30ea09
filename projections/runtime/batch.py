"""One step of a read model along the log: a batch, its rows and the position in one transaction, what is faulty parked.

The row of the position is held while a step is written, so that whoever else holds it (a retry, the switch to a
rebuilt version) is either before the step or after it.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import psycopg
import structlog

from application.ports import Unavailable
from domain.events.envelope import Event, Recorded
from projections.runtime.parking import others, park, parked_streams
from projections.runtime.prefetch import Prefetcher
from projections.runtime.projection import Connection, Projection
from store.event_log.log_reader import LogBatch
from store.event_log.recorder import END
from store.event_log.tracking import Tracking, insert_tracking, locked_tracking, tracking_of

PASSING: Final = (psycopg.OperationalError, psycopg.InterfaceError, Unavailable)
"""What has to do with the connection or the moment, not with an event."""
MOST_PARKED: Final = 20
"""Streams that one batch may park; more of them are a fault of the read model, not of its events."""
_log = structlog.get_logger()


class ProjectionFaultError(RuntimeError):
    """A read model fails on so many streams that it is itself at fault."""


class BatchStep:
    """Takes batches for read models, side by side."""

    def __init__(self, ahead: Connection | None = None) -> None:
        """Read ahead over the connection `ahead`, where there is one."""
        self._reading = Prefetcher(ahead)

    async def forget(self) -> None:
        """Let go of what was read last."""
        await self._reading.forget()

    async def step(self, connection: Connection, projection: Projection, size: int, until: int = END) -> int:
        """Take the next batch of up to `size` events, none beyond a position; return how many events it had.

        One that was moved meanwhile by somebody else counts as one event: there may be more.
        """
        tracking = await tracking_of(connection, projection.NAME)
        read = await self._reading.next(connection, tracking.notification_id, size, until)
        if read.last is None:
            return 0
        async with connection.transaction():
            if await locked_tracking(connection, projection.NAME) != tracking:
                return 1
            await _take(connection, projection, read)
            await insert_tracking(connection, Tracking(projection.NAME, read.last))
        return len(read)


async def _take(connection: Connection, projection: Projection, read: LogBatch) -> None:
    """Apply what was read, but for streams that wait, and those that have to wait from now on."""
    waiting = await parked_streams(connection, projection.NAME)
    ends: dict[UUID, int] = {}
    for item in read.undecodable:
        if item.stream not in waiting and item.stream not in ends:
            await _park(connection, projection, item.stream, item.position, item.topic, item.error)
            ends[item.stream] = item.position
    batch = others(read.events, waiting) if waiting else read.events
    if ends:
        batch = [item for item in batch if item.position < ends.get(item.stream, END)]
    taken = await _apply(connection, projection, batch)
    if len(taken) > MOST_PARKED:
        raise ProjectionFaultError(projection.NAME)


async def _apply(
    connection: Connection, projection: Projection, batch: Sequence[Recorded[Event]]
) -> frozenset[UUID]:
    """Apply a batch; where it fails, look for the event that cannot be taken and park its stream.

    Returns the streams that were parked.
    """
    if not batch:
        return frozenset()
    try:
        async with connection.transaction():
            await projection.apply(connection, batch)
    except PASSING:
        raise
    except Exception as error:  # noqa: BLE001 - whatever an event does to a read model, the others go on
        if len(batch) == 1:
            (bad,) = batch
            await _park(connection, projection, bad.stream, bad.position, bad.topic, repr(error))
            return frozenset({bad.stream})
        middle = len(batch) // 2
        first = await _apply(connection, projection, batch[:middle])
        rest = others(batch[middle:], first)
        return first | await _apply(connection, projection, rest)
    return frozenset()


async def _park(
    connection: Connection, projection: Projection, stream: UUID, position: int, topic: str, error: str
) -> None:
    _log.error("stream parked", projection=projection.NAME, stream=str(stream), position=position)
    await park(connection, projection.NAME, stream, position, topic, error)
