"""The product's asynchronous recorders behind the library's blocking interfaces, for the library's own test cases."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from store.event_log import recorder
from store.event_log.postgres_event_log import PostgresEventLog
from store.event_log.tracking import insert_tracking, max_tracking_id
from store.postgres.connections import open_pool, with_retries

_T = TypeVar("_T")


class EventLoop:
    """An event loop in a thread, with a pool of connections to one database."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.pool = self.wait(self._opened(url))

    async def _opened(self, url: str):
        pool = open_pool(url, 4)
        await pool.open()
        return pool

    def wait(self, work: Coroutine[None, None, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def query(self, function, *given, **named):
        """Call a function of the product with a connection of the pool."""
        return self.wait(with_retries(self.pool, lambda connection: function(connection, *given, **named)))

    def close(self) -> None:
        self.wait(self.pool.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class BlockingRecorder(ApplicationRecorder):
    """The event log and the reading methods beside it."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._log = PostgresEventLog(loop.pool, lambda: datetime.now(UTC))

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int]:
        return list(self._loop.wait(self._log.insert_events(stored_events)))

    def select_notifications(self, start: int | None, limit: int, *given, **named) -> Sequence[Notification]:
        return self._loop.query(recorder.select_notifications, start, limit, *given, **named)

    def select_events(self, originator_id: UUID | str, **named) -> Sequence[StoredEvent]:
        return self._loop.query(recorder.select_events, originator_id, **named)

    def max_notification_id(self) -> int | None:
        return self._loop.query(recorder.max_notification_id)

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        raise NotImplementedError("tasks wait with LogNotifications")


class BlockingTracking(TrackingRecorder):
    """The positions of followers."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop

    def insert_tracking(self, tracking: Tracking) -> None:
        self._loop.query(insert_tracking, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        return self._loop.query(max_tracking_id, application_name)
