"""Reading the log in batches, and the next batch while the present one is written."""

import asyncio
from contextlib import suppress
from typing import Final

from projections.projection import Connection
from store.following import Read, end, read_after

FAR: Final = 10_000
"""Events in a batch of a read model that is far behind."""


class ReadingAhead:
    """What read models take next; those at the same place share what was read.

    Far behind the end of the log batches are large: each costs its commits, and a row that changes several times in
    one is written once. There the next batch is read at the same time, over the connection `ahead` where there is one.
    Near the end batches are small, so that what was recorded is soon there to be read.
    """

    def __init__(self, ahead: Connection | None = None) -> None:
        self._ahead = ahead
        self._last: tuple[int, int, Read] | None = None
        self._coming: tuple[int, int, asyncio.Task[Read]] | None = None
        self._far = False

    async def next(self, connection: Connection, position: int, size: int, until: int) -> Read:
        """Return the next rows after a position: those read last where they begin there; the log never changes."""
        if self._last is None or self._last[:2] != (position, until):
            limit = max(size, FAR) if self._far else size
            read = await self._come(position, until)
            if read is None:
                read = await read_after(connection, position, limit, until=until)
                full = len(read.events) + len(read.unreadable) == limit
                self._far = full and await end(connection) - position > 2 * FAR
            self._last = (position, until, read)
            if self._far and self._ahead and not self._coming and read.last is not None:
                task = asyncio.create_task(read_after(self._ahead, read.last, FAR, until=until))
                self._coming = (read.last, until, task)
        return self._last[2]

    async def forget(self) -> None:
        """Let go of what was read, and of what is being read."""
        self._last, self._far = None, False
        if self._coming is not None:
            (_, _, task), self._coming = self._coming, None
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def _come(self, position: int, until: int) -> Read | None:
        """What was read ahead, if it is what is wanted and was full: what is not may have grown since."""
        if self._coming is None:
            return None
        if self._coming[:2] != (position, until):
            return None
        (_, _, task), self._coming = self._coming, None
        read = await task
        return read if len(read.events) + len(read.unreadable) == FAR else None
