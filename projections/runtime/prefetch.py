"""Reads the log in batches, and the next batch while the present one is written."""

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
class _Read:
    position: int
    until: int
    limit: int
    read: asyncio.Task[LogBatch]


class Prefetcher:
    """Reads the next batch of each projection; those at the same position share it.

    Far behind the end of the log batches are large: each costs its commits, and a row that changes several times in
    one is written once. There the next batch is read at the same time, over the connection `ahead` where there is one.
    Near the end batches are small, so that what was recorded is soon there to be read.
    """

    def __init__(self, ahead: Connection | None = None) -> None:
        self._ahead = ahead
        self._last: tuple[int, int, LogBatch] | None = None
        self._pending: _Read | None = None
        self._limit = 0

    async def next(self, connection: Connection, position: int, size: int, until: int) -> LogBatch:
        """Return the next rows after a position: the last batch where it begins there, as the log never changes."""
        if self._last is None or self._last[:2] != (position, until):
            limit = max(size, self._limit)
            read = await self._prefetched(position, until)
            if read is None:
                read = await read_batch(connection, position, limit, until=until)
            self._last = (position, until, read)
            self._limit = 0
            if read.last is not None and len(read) >= size:
                self._limit = _limit(await last_position(connection) - read.last)
                self._prefetch(read.last, until)
        return self._last[2]

    async def forget(self) -> None:
        """Drop what was read, and cancel what is being read."""
        self._last, self._limit = None, 0
        if self._pending is not None:
            pending, self._pending = self._pending, None
            pending.read.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await pending.read

    def _prefetch(self, position: int, until: int) -> None:
        if self._ahead and self._limit and not self._pending:
            read = asyncio.create_task(read_batch(self._ahead, position, self._limit, until=until))
            self._pending = _Read(position, until, self._limit, read)

    async def _prefetched(self, position: int, until: int) -> LogBatch | None:
        """The prefetched batch where it begins at the position and is full; a batch that was not full may have grown."""
        pending = self._pending
        if pending is None or (pending.position, pending.until) != (position, until):
            return None
        self._pending = None
        read = await pending.read
        return read if len(read) == pending.limit else None


def _limit(lag: int) -> int:
    """How many events to read at a time so far behind; 0 where it is not far."""
    return min(FAR, lag // 2) if lag > NEAR else 0
