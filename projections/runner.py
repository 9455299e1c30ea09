"""Follows the log for every read model: batches, rows and position in one transaction, one leader at a time.

A notification only hints that there is something new; what is certain is the poll. A fault of the moment backs off and
tries again; an event that cannot be taken parks its stream, and the others go on.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection

from application.ports import Unavailable
from domain.events.envelope import Event, Recorded
from projections.parking import others, park, parked_streams
from projections.projection import Connection, Projection
from store.database import assume_app_role, limited
from store.event_log import CHANNEL
from store.following import Read, read_after

LEADER_LOCK: Final = 5_207_003
BATCH: Final = 500
_POLL_SECONDS: Final = 0.25
_LEADER_POLL_SECONDS: Final = 0.5
_SILENCE: Final = "10s"
"""After so long without a question the database ends the leader's session: it was frozen, and another is to lead."""
_BACK_OFF: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
_PASSING: Final = (psycopg.OperationalError, psycopg.InterfaceError, Unavailable)
"""What has to do with the connection or the moment, not with an event."""
_MOST_PARKED: Final = 20
"""Streams that one batch may park; more of them are a fault of the read model, not of its events."""
_log = structlog.get_logger()

_POSITION: Final = "SELECT position FROM projection_positions WHERE name = %s"
_ADVANCE: Final = """
INSERT INTO projection_positions (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()
"""


class ProjectionFaultError(RuntimeError):
    """A read model fails on so many streams that it is itself at fault."""


class Runner:
    """Runs projections until it is stopped."""

    def __init__(self, url: str, projections: Sequence[Projection]) -> None:
        self._url = limited(url)
        self._projections = projections
        self._stopping = asyncio.Event()
        self._failures = 0
        self._last_read: tuple[int, Read] | None = None

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Follow the log until stopped, whatever happens to the connection."""
        while not self._stopping.is_set():
            try:
                await self._lead()
            except (psycopg.Error, Unavailable, ProjectionFaultError) as error:
                pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
                self._failures += 1
                _log.warning("projections paused", error=type(error).__name__, seconds=pause)
                await self._rest(pause)

    async def catch_up(self, connection: Connection) -> int:
        """Apply everything that is in the log now; return how many events that were, over all projections.

        They go side by side, a batch each in turn, so that those at the same place share what was read.
        """
        applied = 0
        going = list(self._projections)
        while going and not self._stopping.is_set():
            counts = [await self._step(connection, projection) for projection in going]
            self._failures = 0  # each got on, though under steady load none may ever come to the end
            applied += sum(counts)
            going = [projection for projection, count in zip(going, counts, strict=True) if count]
        self._last_read = None
        return applied

    async def _lead(self) -> None:
        async with await AsyncConnection.connect(self._url) as connection:
            await assume_app_role(connection)
            while not await _is_leader(connection):
                await self._rest(_LEADER_POLL_SECONDS)
                if self._stopping.is_set():
                    return
            await connection.execute("SELECT set_config('idle_session_timeout', %s, false)", (_SILENCE,))
            await connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                if not await self.catch_up(connection):
                    await self._wait_for_news(connection)

    async def _step(self, connection: Connection, projection: Projection) -> int:
        async with connection.transaction():
            row = await (await connection.execute(_POSITION, (projection.NAME,))).fetchone()
            position = row[0] if row and isinstance(row[0], int) else 0
            read = await self._read(connection, position)
            if read.last is None:
                return 0
            await self._take(connection, projection, read)
            await connection.execute(_ADVANCE, (projection.NAME, read.last))
        return len(read.events) + len(read.unreadable)

    async def _take(self, connection: Connection, projection: Projection, read: Read) -> None:
        """Apply what was read, but for streams that wait, and those that have to wait from now on."""
        waiting = await parked_streams(connection, projection.NAME)
        for each in read.unreadable:
            if each.stream not in waiting:
                await self._park(connection, projection, each.stream, each.position, each.topic, each.error)
                waiting |= {each.stream}
        batch = others(read.events, waiting) if waiting else read.events
        taken = await self._apply(connection, projection, batch)
        if len(taken) > _MOST_PARKED:
            raise ProjectionFaultError(projection.NAME)

    async def _apply(
        self, connection: Connection, projection: Projection, batch: Sequence[Recorded[Event]]
    ) -> frozenset[UUID]:
        """Apply a batch; where it fails, look for the event that cannot be taken and park its stream.

        Returns the streams that were parked.
        """
        if not batch:
            return frozenset()
        try:
            async with connection.transaction():
                await projection.apply(connection, batch)
        except _PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an event does to a read model, the others go on
            if len(batch) == 1:
                (bad,) = batch
                await self._park(connection, projection, bad.stream, bad.position, bad.topic, repr(error))
                return frozenset({bad.stream})
            middle = len(batch) // 2
            first = await self._apply(connection, projection, batch[:middle])
            rest = others(batch[middle:], first)
            return first | await self._apply(connection, projection, rest)
        return frozenset()

    @staticmethod
    async def _park(
        connection: Connection, projection: Projection, stream: UUID, position: int, topic: str, error: str
    ) -> None:
        _log.error("stream parked", projection=projection.NAME, stream=str(stream), position=position)
        await park(connection, projection.NAME, stream, position, topic, error)

    async def _read(self, connection: Connection, position: int) -> Read:
        """The next rows after a position: those read last where they begin there, since the log never changes."""
        if self._last_read is None or self._last_read[0] != position:
            self._last_read = (position, await read_after(connection, position, BATCH))
        return self._last_read[1]

    async def _wait_for_news(self, connection: Connection) -> None:
        async for _ in connection.notifies(timeout=_POLL_SECONDS, stop_after=1):
            break

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


async def catch_up_once(url: str, projections: Sequence[Projection]) -> None:
    """Bring read models to the end of the log, for a command that asks them while no worker follows it.

    Where a worker does, it is left to follow.
    """
    runner = Runner(url, projections)
    async with await AsyncConnection.connect(limited(url)) as connection:
        await assume_app_role(connection)
        if await _is_leader(connection):
            await runner.catch_up(connection)


async def _is_leader(connection: Connection) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))).fetchone()
    return bool(row and row[0])
