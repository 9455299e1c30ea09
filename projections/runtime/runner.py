"""Follows the log for every read model: batches, rows and position in one transaction, one leader at a time.

A notification only hints that there is something new; what is certain is the poll. A fault of the moment backs off and
tries again; an event that cannot be taken parks its stream, and the others go on.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection

from application.ports import Unavailable
from projections.runtime.batch import BatchStep, ProjectionFaultError
from projections.runtime.projection import Connection, Projection
from store.event_log.postgres_event_log import CHANNEL
from store.postgres.connections import assume_app_role, limited

LEADER_LOCK: Final = 5_207_003
BATCH: Final = 500
_POLL_SECONDS: Final = 0.25
_LEADER_POLL_SECONDS: Final = 0.5
_SILENCE: Final = "10s"
"""After so long without a question the database ends the leader's session: it was frozen, and another is to lead."""
_BACK_OFF: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
_log = structlog.get_logger()


class Runner:
    """Runs projections until it is stopped."""

    def __init__(self, url: str, projections: Sequence[Projection]) -> None:
        self._url = limited(url)
        self._projections = projections
        self._stopping = asyncio.Event()
        self._failures = 0

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

    async def catch_up(self, connection: Connection, ahead: Connection | None = None) -> int:
        """Apply everything that is in the log now; return how many events that were, over all projections.

        They go side by side, a batch each in turn, so that those at the same place share what was read. Over the
        connection `ahead`, where there is one, the next batch is read while one is written.
        """
        applied = 0
        going = list(self._projections)
        stepping = BatchStep(ahead)
        try:
            while going and not self._stopping.is_set():
                counts = [await stepping.step(connection, projection, BATCH) for projection in going]
                self._failures = 0  # each got on, though under steady load none may ever come to the end
                applied += sum(counts)
                going = [projection for projection, count in zip(going, counts, strict=True) if count]
        finally:
            await stepping.forget()
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
            async with await AsyncConnection.connect(self._url) as ahead:
                await assume_app_role(ahead)
                await self._follow(connection, ahead)

    async def _follow(self, connection: Connection, ahead: Connection) -> None:
        while not self._stopping.is_set():
            if not await self.catch_up(connection, ahead):
                await self._wait_for_news(connection)

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
