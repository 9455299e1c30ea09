"""The open streams of this process: how many there may be, how they follow the log, and that they end with it.

A stream reads a page only when its reader has taken the one before, so that a reader who takes nothing costs one page
and no more; and it holds a connection only while it reads. All streams together read on few connections at a time,
and the commands have the rest of the pool.
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
"""How many events a stream reads at a time: as many wait in memory for a reader who takes nothing."""
_READING: Final = 2
_IDLE_SECONDS: Final = 15.0
_BACK_OFF: Final = (0.1, 0.2, 0.5, 1.0)
_OPEN = Gauge("tiaochu_open_streams", "Streams that are open", multiprocess_mode="livesum")
_log = structlog.get_logger()


class OpenStreams:
    """Lets readers follow the log for as long as they like and the process runs."""

    def __init__(self, feed: Feed, news: LogNotifications, limit: int = OPEN_STREAMS) -> None:
        self._feed = feed
        self._news = news
        self._free = limit
        self._turns = asyncio.Semaphore(_READING)
        self._reads: set[asyncio.Task[LogPage]] = set()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Count a stream as open until the block ends; raises TooManyStreams."""
        if not self._free or self._news.over:
            raise TooManyStreams(message("too many streams are open here; try again later, or ask the feed"))
        self._free -= 1
        _OPEN.inc()
        try:
            yield
        finally:
            self._free += 1
            _OPEN.dec()

    def end(self) -> None:
        """End all streams at once, and open no more."""
        self._news.stop()

    async def follow(
        self, scope: Scope, position: int, wanted: FeedFilter | None, welcome: Callable[[], bool]
    ) -> AsyncIterator[Recorded[Event]]:
        """Yield the events in a scope beyond a position as they come, until the streams end or the reader is welcome no more."""
        while welcome() and not self._over():
            page = await self._page(scope, position, wanted)
            for event in page.events:
                if self._over():
                    return
                yield event
            if page.position == position:
                await self._something_new(position)
            position = page.position

    async def _page(self, scope: Scope, position: int, wanted: FeedFilter | None) -> LogPage:
        """Read a page; where that fails, an empty one after a pause, so that the same is read again."""
        failures = 0
        while not self._over():
            try:
                return await self._read_to_the_end(scope, position, wanted)
            except (Unavailable, UndecodableEventError) as error:
                pause = _BACK_OFF[min(failures, len(_BACK_OFF) - 1)]
                failures += 1
                _log.warning("stream paused", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
        return LogPage((), position)

    async def _read_to_the_end(self, scope: Scope, position: int, wanted: FeedFilter | None) -> LogPage:
        """Read a page, even where the reader leaves meanwhile: a query that is broken off costs its connection."""

        async def read() -> LogPage:
            async with self._turns:
                return await self._feed.page(scope, position, PAGE, wanted)

        reading = asyncio.create_task(read())
        self._reads.add(reading)
        reading.add_done_callback(self._reads.discard)
        return await asyncio.shield(reading)

    async def _something_new(self, position: int) -> None:
        """Wait until the log has grown; now and then look all the same, and at whether the reader is welcome."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._news.beyond(position)

    def _over(self) -> bool:
        return self._news.over
