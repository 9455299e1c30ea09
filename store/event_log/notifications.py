"""Tells everybody in this process who waits for it that the log has grown; one connection listens for all of them.

A notification only hints that there is something new; what is certain is the poll, on that same connection.
"""

import asyncio
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection

from store.event_log.feed import HEAD
from store.event_log.postgres_event_log import CHANNEL
from store.postgres.connections import Connection, assume_app_role, limited
from store.postgres.typed import typed

_POLL_SECONDS: Final = 1.0
_GATHER_SECONDS: Final = 0.02
"""News that follow each other closely are told together, so that whoever follows reads pages, not single events."""
_ANSWER_SECONDS: Final = 5.0
"""A connection that answers no poll for so long is given up, though nobody has said that it was cut."""
_BACK_OFF: Final = (0.1, 0.5, 1.0, 2.0)
_log = structlog.get_logger()


class LogNotifications:
    """How far the log reaches, as of now. It begins to listen when somebody waits for the first time."""

    def __init__(self, url: str) -> None:
        self._url = limited(url)
        self._head = 0
        self._grown = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._failures = 0
        self.over = False

    async def beyond(self, position: int) -> None:
        """Return when the log reaches beyond a position, or when the waiting is over; may take for ever."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        while self._head <= position and not self.over:
            await self._grown.wait()

    def stop(self) -> None:
        """Have everybody who waits go on at once, and nobody wait any more."""
        self.over = True
        self._grown.set()

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        """Keep listening, whatever happens to the connection."""
        while True:
            try:
                async with await AsyncConnection.connect(self._url) as connection:
                    await assume_app_role(connection)
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._tell(connection)
            except (psycopg.Error, TimeoutError) as error:
                pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
                self._failures += 1
                _log.warning("news paused", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)

    async def _tell(self, connection: Connection) -> None:
        while True:
            async with asyncio.timeout(_ANSWER_SECONDS):
                row = await (await connection.execute(HEAD)).fetchone()
            self._failures = 0
            self._reach(typed(int, row[0]) if row else 0)
            await asyncio.sleep(_GATHER_SECONDS)
            async for _ in connection.notifies(timeout=_POLL_SECONDS, stop_after=1):
                pass

    def _reach(self, head: int) -> None:
        if head > self._head:
            self._head = head
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()
