"""The log of events over PostgreSQL, asynchronous: one reading, one append, the same rows as the library's."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import UUID

import psycopg

from application.ports import Append, Conflict, Loaded, StoredOutcome
from store.event_log.append import Answer, Member, apart, write
from store.event_log.batching import BatchQueue
from store.event_log.stream_reader import Rows, StreamRequest, read
from store.event_log.topics import TOPICS, Topics
from store.postgres.connections import Pool, insist

CHANNEL: Final = "stored_events"
"""What a follower listens to; the library's own subscriptions use the same name."""

LOG_CONNECTIONS: Final = 4
"""What a process has use for: one that appends, those that read, and one to spare for when one was cut."""
_READERS: Final = 2
"""Groups of commands that are read for at the same time."""


class PostgresEventLog:
    """An `application.ports.EventLog` over a pool of connections."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime], topics: Topics = TOPICS) -> None:
        self._pool = pool
        self._clock = clock
        self._topics = topics
        self._appends: BatchQueue[Member, Answer] = BatchQueue(self._write)
        self._loads: BatchQueue[StreamRequest, Rows] = BatchQueue(self._read, _READERS)

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond a version, and the command's outcome; raises Unavailable."""
        if not after and command_id is None:
            return Loaded({}, None)
        wanted = StreamRequest(after, command_id)
        return (await self._loads.ask(wanted)).loaded(wanted, self._topics)

    async def append(self, append: Append) -> StoredOutcome:
        """Write a command's facts and reply in one transaction; raises Conflict, Unavailable.

        A connection cut in mid-commit leaves open whether the command took effect: it is simply appended again,
        and found done under the lock if it did.
        """
        try:
            answer = await self._appends.ask(Member.of(append))
        except psycopg.errors.UniqueViolation as error:
            raise Conflict from error
        if isinstance(answer, Conflict):
            raise answer
        return answer

    async def _write(self, members: Sequence[Member]) -> Sequence[Answer]:
        now = self._clock().astimezone(UTC)
        answers: dict[UUID, Answer] = {}
        for together in apart(members):
            answers |= await insist(self._pool, partial(write, members=together, now=now))
        return [answers[member.append.command_id] for member in members]

    async def _read(self, wanted: Sequence[StreamRequest]) -> Sequence[Rows]:
        rows = await insist(self._pool, lambda connection: read(connection, wanted))
        return [rows] * len(wanted)
