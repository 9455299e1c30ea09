"""Follows the log for every read model: batches, rows and position in one transaction, one leader at a time.

A notification only hints that there is something new; what is certain is the poll. An error backs off and tries
again; nothing is skipped, and the lag shows.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection

from application.ports import Unavailable
from domain.events.envelope import Event, Recorded
from projections.projection import Connection, Projection
from store.database import assume_app_role, limited
from store.encoding import UndecodableEventError
from store.event_log import CHANNEL
from store.following import after

LEADER_LOCK: Final = 5_207_003
BATCH: Final = 500
_POLL_SECONDS: Final = 0.25
_LEADER_POLL_SECONDS: Final = 0.5
_BACK_OFF: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
_log = structlog.get_logger()

_POSITION: Final = "SELECT position FROM projection_positions WHERE name = %s"
_ADVANCE: Final = """
INSERT INTO projection_positions (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()
"""


class Runner:
    """Runs projections until it is stopped."""

    def __init__(self, url: str, projections: Sequence[Projection]) -> None:
        self._url = limited(url)
        self._projections = projections
        self._stopping = asyncio.Event()
        self._failures = 0
        self._last_read: tuple[int, Sequence[Recorded[Event]]] | None = None

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Follow the log until stopped, whatever happens to the connection."""
        while not self._stopping.is_set():
            try:
                await self._lead()
            except (psycopg.Error, Unavailable, UndecodableEventError) as error:
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
            await connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                applied = await self.catch_up(connection)
                self._failures = 0
                if not applied:
                    await self._wait_for_news(connection)

    async def _step(self, connection: Connection, projection: Projection) -> int:
        async with connection.transaction():
            row = await (await connection.execute(_POSITION, (projection.NAME,))).fetchone()
            position = row[0] if row and isinstance(row[0], int) else 0
            batch = await self._read(connection, position)
            if batch:
                await projection.apply(connection, batch)
                await connection.execute(_ADVANCE, (projection.NAME, _last(batch)))
        return len(batch)

    async def _read(self, connection: Connection, position: int) -> Sequence[Recorded[Event]]:
        """The next batch after a position: the one read last where it begins there, since the log never changes."""
        if self._last_read is None or self._last_read[0] != position:
            self._last_read = (position, await after(connection, position, BATCH))
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


def _last(batch: Sequence[Recorded[Event]]) -> int:
    return batch[-1].position
