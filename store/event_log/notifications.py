"""Wakes the tasks of this process that wait for the log to grow; one connection listens for all of them.

A notification may get lost. The same connection therefore polls as well.
"""

import asyncio
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection

from store.event_log.log_reader import last_position
from store.event_log.postgres_event_log import CHANNEL
from store.postgres.connections import Connection, assume_app_role, limited

_POLL_SECONDS: Final = 1.0
_COLLECT_SECONDS: Final = 0.02
"""Appends that follow each other so closely wake the waiting tasks once, so that they read pages, not single events."""
_ANSWER_SECONDS: Final = 5.0
"""A connection that answers no poll for so long is closed, even if no error was reported."""
_BACK_OFF: Final = (0.1, 0.5, 1.0, 2.0)
_log = structlog.get_logger()


class LogNotifications:
    """The position of the last event, as of now. It begins to listen when a task waits for the first time."""

    def __init__(self, url: str) -> None:
        self._url = limited(url)
        self._head = 0
        self._grown = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._failures = 0
        self.over = False

    async def beyond(self, position: int) -> None:
        """Return when the log reaches beyond a position, or after `stop`; may take for ever."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        while self._head <= position and not self.over:
            await self._grown.wait()

    def stop(self) -> None:
        """Wake every waiting task at once, and let none wait any more."""
        self.over = True
        self._grown.set()

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        """Listen for ever; reconnect where the connection fails."""
        while True:
            try:
                async with await AsyncConnection.connect(self._url) as connection:
                    await assume_app_role(connection)
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._follow(connection)
            except (psycopg.Error, TimeoutError) as error:
                pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
                self._failures += 1
                _log.warning("notifications paused", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)

    async def _follow(self, connection: Connection) -> None:
        while True:
            async with asyncio.timeout(_ANSWER_SECONDS):
                head = await last_position(connection)
            self._failures = 0
            self._reach(head)
            await asyncio.sleep(_COLLECT_SECONDS)
            async for _ in connection.notifies(timeout=_POLL_SECONDS, stop_after=1):
                pass

    def _reach(self, head: int) -> None:
        if head > self._head:
            self._head = head
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()
