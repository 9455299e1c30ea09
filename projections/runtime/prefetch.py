"""Reading the log in batches, and the next batch while the present one is written."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from projections.runtime.projection import Connection
from store.event_log.log_reader import LogBatch, last_position, read_batch

FAR: Final = 10_000
"""Events in the largest batch."""
NEAR: Final = 2_000
"""How far from the end of the log batches are small again."""


@dataclass(frozen=True, slots=True)
class _Coming:
    position: int
    until: int
    limit: int
    read: asyncio.Task[LogBatch]


class Prefetcher:
    """What read models take next; those at the same place share what was read.

    Far behind the end of the log batches are large: each costs its commits, and a row that changes several times in
    one is written once. There the next batch is read at the same time, over the connection `ahead` where there is one.
    Near the end batches are small, so that what was recorded is soon there to be read.
    """

    def __init__(self, ahead: Connection | None = None) -> None:
        self._ahead = ahead
        self._last: tuple[int, int, LogBatch] | None = None
        self._coming: _Coming | None = None
        self._limit = 0

    async def next(self, connection: Connection, position: int, size: int, until: int) -> LogBatch:
        """Return the next rows after a position: those read last where they begin there; the log never changes."""
        if self._last is None or self._last[:2] != (position, until):
            limit = max(size, self._limit)
            read = await self._came(position, until)
            if read is None:
                read = await read_batch(connection, position, limit, until=until)
            self._last = (position, until, read)
            self._limit = 0
            if read.last is not None and len(read) >= size:
                self._limit = _limit(await last_position(connection) - read.last)
                self._read_on(read.last, until)
        return self._last[2]

    async def forget(self) -> None:
        """Let go of what was read, and of what is being read."""
        self._last, self._limit = None, 0
        if self._coming is not None:
            coming, self._coming = self._coming, None
            coming.read.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming.read

    def _read_on(self, position: int, until: int) -> None:
        if self._ahead and self._limit and not self._coming:
            read = asyncio.create_task(read_batch(self._ahead, position, self._limit, until=until))
            self._coming = _Coming(position, until, self._limit, read)

    async def _came(self, position: int, until: int) -> LogBatch | None:
        """What was read ahead, if it is what is wanted and was full: what was not may have grown since."""
        coming = self._coming
        if coming is None or (coming.position, coming.until) != (position, until):
            return None
        self._coming = None
        read = await coming.read
        return read if len(read) == coming.limit else None


def _limit(lag: int) -> int:
    """How many events to read at a time so far behind; 0 where it is not far."""
    return min(FAR, lag // 2) if lag > NEAR else 0
