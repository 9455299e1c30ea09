"""The event log over PostgreSQL, asynchronous: one statement that reads, one that appends, on the library's rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from application.ports import Append, Conflict, Loaded, StoredOutcome
from store.event_log.append import Member, Result, disjoint, write
from store.event_log.batching import BatchQueue
from store.event_log.codec import MAPPER, LogMapper
from store.event_log.stream_reader import StreamRequest, StreamRows, load_streams
from store.postgres.connections import Pool, with_retries
from store.postgres.typed import typed

CHANNEL: Final = "stored_events"
"""The channel of notifications about appends; the library's own subscriptions listen to it too."""

LOG_CONNECTIONS: Final = 4
"""Connections of a process: one that appends, two that read, and a spare one for when one was cut."""
_READERS: Final = 2
"""Batches of commands that may be read for at the same time."""


class PostgresEventLog:
    """An `application.ports.EventLog` over a pool of connections."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime], mapper: LogMapper = MAPPER) -> None:
        self._pool = pool
        self._clock = clock
        self._mapper = mapper
        self._appends: BatchQueue[Member, Result] = BatchQueue(self._write)
        self._loads: BatchQueue[StreamRequest, StreamRows] = BatchQueue(self._read, _READERS)

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond a version, and the command's outcome; raises Unavailable."""
        if not after and command_id is None:
            return Loaded({}, None)
        request = StreamRequest(after, command_id)
        return (await self._loads.ask(request)).loaded(request, self._mapper)

    async def append(self, append: Append) -> StoredOutcome:
        """Write a command's facts and reply in one transaction; raises Conflict, Unavailable.

        A connection cut in mid-commit leaves open whether the command took effect: it is simply appended again,
        and found done under the lock if it did.
        """
        try:
            result = await self._appends.ask(Member.of(append, self._mapper))
        except psycopg.errors.UniqueViolation as error:
            raise Conflict from error
        if isinstance(result, Conflict):
            raise result
        return typed(StoredOutcome, result)

    async def insert_events(self, stored_events: Sequence[StoredEvent]) -> Sequence[int]:
        """Insert rows as they are, as the library's recorders do, and return their positions.

        Raises the library's IntegrityError where one of them is there already, and Unavailable. Not idempotent: where
        Unavailable is raised, or a connection was cut in mid-commit, IntegrityError may mean that they were inserted.
        """
        if not stored_events:
            return []
        try:
            last = typed(int, await self._appends.ask(Member(None, stored_events)))
        except psycopg.errors.UniqueViolation as error:
            raise IntegrityError(str(error)) from error
        return range(last - len(stored_events) + 1, last + 1)

    async def _write(self, members: Sequence[Member]) -> Sequence[Result]:
        now = self._clock().astimezone(UTC)
        results: dict[int, Result] = {}
        for places in disjoint(members):
            together = [members[place] for place in places]
            written = await with_retries(self._pool, partial(write, members=together, now=now))
            results.update(zip(places, written, strict=True))
        return [results[place] for place in range(len(members))]

    async def _read(self, requests: Sequence[StreamRequest]) -> Sequence[StreamRows]:
        rows = await with_retries(self._pool, lambda connection: load_streams(connection, requests))
        return [rows] * len(requests)
