"""The log of events over PostgreSQL, asynchronous: one reading, one append, the same rows as the library's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import psycopg

from application.ports import Append, Conflict, Done, Loaded
from domain.events.envelope import Event, Recorded
from store.appending import Answer, Connection, Member, done, write
from store.database import Pool, insist
from store.following import recorded
from store.group_commit import GroupCommit
from store.topics import TOPICS, Topics

CHANNEL: Final = "stored_events"
"""What a follower listens to; the library's own subscriptions use the same name."""

_LOAD: Final = """
SELECT e.originator_id, e.originator_version, e.notification_id, e.topic, e.state
FROM unnest(%b::uuid[], %s::bigint[]) AS wanted (stream, version)
JOIN stored_events e ON e.originator_id = wanted.stream AND e.originator_version > wanted.version
ORDER BY e.originator_id, e.originator_version
"""
_DONE: Final = "SELECT fingerprint, position, reply FROM commands WHERE command_id = %s"


class PostgresEventLog:
    """An `application.ports.EventLog` over a pool of connections."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime], topics: Topics = TOPICS) -> None:
        self._pool = pool
        self._clock = clock
        self._topics = topics
        self._group = GroupCommit(self._write)

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond a version, and the command's outcome; raises Unavailable."""
        if not after and command_id is None:
            return Loaded({}, None)
        return await insist(self._pool, lambda connection: self._load(connection, after, command_id))

    async def append(self, append: Append) -> Done:
        """Write a command's facts and reply in one transaction; raises Conflict, Unavailable.

        A connection cut in mid-commit leaves open whether the command took effect: it is simply appended again,
        and found done under the lock if it did.
        """
        try:
            return await self._group.append(Member.of(append))
        except psycopg.errors.UniqueViolation as error:
            raise Conflict from error

    async def _write(self, members: Sequence[Member]) -> dict[UUID, Answer]:
        now = self._clock().astimezone(UTC)
        return await insist(self._pool, lambda connection: write(connection, members, now))

    async def _load(
        self, connection: Connection, after: Mapping[UUID, int], command_id: UUID | None
    ) -> Loaded:
        async with connection.pipeline():
            events = connection.cursor(binary=True)
            await events.execute(_LOAD, (list(after), list(after.values())))
            command = await connection.execute(_DONE, (command_id,)) if command_id else None
            rows = await events.fetchall()
            outcome = await command.fetchone() if command else None
        return Loaded(self._by_stream(rows), done(outcome) if outcome else None)

    def _by_stream(self, rows: Iterable[tuple[object, ...]]) -> dict[UUID, list[Recorded[Event]]]:
        streams: dict[UUID, list[Recorded[Event]]] = {}
        for row in rows:
            event = recorded(row, self._topics)
            streams.setdefault(event.stream, []).append(event)
        return streams
