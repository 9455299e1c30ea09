"""The open streams of this process: their number is limited, they follow the log, and they end with the process.

A stream reads the next page only when its client has taken the one before: a client that takes nothing costs the
memory of one page. A stream holds a connection only while it reads. All streams together use few connections at a
time; commands use the rest of the pool.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import structlog
from prometheus_client import Gauge

from access.scope import Scope
from api.http.problems import TooManyStreams
from application.ports import Unavailable
from domain.events.envelope import Event, Recorded
from domain.messages import message
from store.event_log.codec import UndecodableEventError
from store.event_log.feed import Feed, FeedFilter, LogPage
from store.event_log.notifications import LogNotifications

OPEN_STREAMS: Final = 50
"""How many streams one process keeps open."""
PAGE: Final = 20
"""How many events a stream reads at a time, and keeps in memory for a slow client."""
_CONCURRENT_READS: Final = 2
_IDLE_SECONDS: Final = 15.0
_BACK_OFF: Final = (0.1, 0.2, 0.5, 1.0)
_OPEN = Gauge("tiaochu_open_streams", "Streams that are open", multiprocess_mode="livesum")
_log = structlog.get_logger()


class OpenStreams:
    """Lets clients follow the log until they disconnect or the process stops."""

    def __init__(self, feed: Feed, notifications: LogNotifications, limit: int = OPEN_STREAMS) -> None:
        self._feed = feed
        self._notifications = notifications
        self._free = limit
        self._read_slots = asyncio.Semaphore(_CONCURRENT_READS)
        self._reads: set[asyncio.Task[LogPage]] = set()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Count a stream as open until the block ends; raises TooManyStreams."""
        if not self._free or self._notifications.over:
            raise TooManyStreams(message("too many streams are open here; try again later, or ask the feed"))
        self._free -= 1
        _OPEN.inc()
        try:
            yield
        finally:
            self._free += 1
            _OPEN.dec()

    def end(self) -> None:
        """End all streams at once; no further one opens."""
        self._notifications.stop()

    async def follow(
        self, scope: Scope, position: int, topics: FeedFilter | None, authorised: Callable[[], bool]
    ) -> AsyncIterator[Recorded[Event]]:
        """Yield the events of a scope after a position, as they are recorded, until the process stops or `authorised` says no."""
        while authorised() and not self._stopped():
            page = await self._page(scope, position, topics)
            for event in page.events:
                if self._stopped():
                    return
                yield event
            if page.position == position:
                await self._wait_for_events(position)
            position = page.position

    async def _page(self, scope: Scope, position: int, topics: FeedFilter | None) -> LogPage:
        """Read a page, and try again with growing pauses where that fails; an empty page once the process stops."""
        failures = 0
        while not self._stopped():
            try:
                return await self._read_uncancelled(scope, position, topics)
            except (Unavailable, UndecodableEventError) as error:
                pause = _BACK_OFF[min(failures, len(_BACK_OFF) - 1)]
                failures += 1
                _log.warning("stream paused", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
        return LogPage((), position)

    async def _read_uncancelled(self, scope: Scope, position: int, topics: FeedFilter | None) -> LogPage:
        """Read a page to its end even where the client disconnects: a cancelled query would cost its connection."""

        async def read() -> LogPage:
            async with self._read_slots:
                return await self._feed.page(scope, position, PAGE, topics)

        reading = asyncio.create_task(read())
        self._reads.add(reading)
        reading.add_done_callback(self._end_read)
        return await asyncio.shield(reading)

    def _end_read(self, reading: asyncio.Task[LogPage]) -> None:
        """Let go of a finished read. A failure after the client disconnected has nobody to go to: it is retrieved here."""
        self._reads.discard(reading)
        if not reading.cancelled():
            reading.exception()

    async def _wait_for_events(self, position: int) -> None:
        """Wait until the log grows, at most 15 s: the authorisation is checked again that often."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._notifications.beyond(position)

    def _stopped(self) -> bool:
        return self._notifications.over
