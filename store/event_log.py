"""The log of events over PostgreSQL, asynchronous: one reading, one append, the same rows as the library's."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from application.ports import Append, Conflict, Done, Loaded, Reply, Unavailable
from domain.events.envelope import Event, Recorded
from store.columns import a
from store.database import ConnectionCut, Pool, connection_of
from store.encoding import Encoded, encode
from store.following import recorded
from store.topics import TOPICS, Topics

WRITE_LOCK: Final = 5_207_002
"""The one advisory lock that every append holds until it commits, so that positions become visible in order."""
CHANNEL: Final = "stored_events"
"""What a follower listens to; the library's own subscriptions use the same name."""
_ATTEMPTS: Final = 3

_LOAD: Final = """
SELECT e.originator_id, e.originator_version, e.notification_id, e.topic, e.state
FROM unnest(%s::uuid[], %s::bigint[]) AS wanted (stream, version)
JOIN stored_events e ON e.originator_id = wanted.stream AND e.originator_version > wanted.version
ORDER BY e.originator_id, e.originator_version
"""
_DONE: Final = "SELECT fingerprint, position, reply FROM commands WHERE command_id = %s"
_LOCK: Final = "SELECT pg_advisory_xact_lock(%s)"
_HEADS: Final = """
SELECT wanted.stream, coalesce(
    (SELECT max(e.originator_version) FROM stored_events e WHERE e.originator_id = wanted.stream), 0)
FROM unnest(%s::uuid[]) AS wanted (stream)
"""
_LAST_RECORDED: Final = "SELECT recorded_at FROM commands ORDER BY position DESC LIMIT 1"
_INSERT: Final = """
WITH written AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[])
    RETURNING notification_id
), told AS (SELECT pg_notify('stored_events', ''))
INSERT INTO commands (command_id, fingerprint, position, recorded_at, reply)
SELECT %s, %s, max(notification_id), %s, %s FROM written, told
RETURNING position
"""

_T = TypeVar("_T")
_Connection = AsyncConnection[tuple[object, ...]]


class PostgresEventLog:
    """An `application.ports.EventLog` over a pool of connections."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime], topics: Topics = TOPICS) -> None:
        self._pool = pool
        self._clock = clock
        self._topics = topics

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond a version, and the command's outcome; raises Unavailable."""
        if not after and command_id is None:
            return Loaded({}, None)
        return await self._insist(lambda connection: self._load(connection, after, command_id))

    async def append(self, append: Append) -> Done:
        """Write a command's facts and reply in one transaction; raises Conflict, Unavailable.

        A connection cut in mid-commit leaves open whether the command took effect: it is simply appended again,
        and found done under the lock if it did.
        """
        encoded = [
            (write.stream, write.after + offset, encode(fact, append.actor, append.command_id))
            for write in append.writes
            for offset, fact in enumerate(write.facts, start=1)
        ]
        try:
            return await self._insist(lambda connection: self._append(connection, append, encoded))
        except psycopg.errors.UniqueViolation as error:
            raise Conflict from error

    async def _insist(self, work: Callable[[_Connection], Awaitable[_T]]) -> _T:
        """Do it again on another connection where one was cut: nothing that is asked here does harm twice."""
        for _ in range(_ATTEMPTS - 1):
            try:
                async with connection_of(self._pool) as connection:
                    return await work(connection)
            except ConnectionCut:
                await self._pool.check()
        async with connection_of(self._pool) as connection:
            return await work(connection)

    async def _load(
        self, connection: _Connection, after: Mapping[UUID, int], command_id: UUID | None
    ) -> Loaded:
        async with connection.pipeline():
            events = connection.cursor(binary=True)
            await events.execute(_LOAD, (list(after), list(after.values())))
            done = await connection.execute(_DONE, (command_id,)) if command_id else None
            rows = await events.fetchall()
            outcome = await done.fetchone() if done else None
        return Loaded(self._by_stream(rows), _done(outcome) if outcome else None)

    async def _append(
        self, connection: _Connection, append: Append, encoded: list[tuple[UUID, int, Encoded]]
    ) -> Done:
        async with connection.pipeline(), connection.transaction():
            await connection.execute(_LOCK, (WRITE_LOCK,))
            done = await connection.execute(_DONE, (append.command_id,))
            heads = await connection.execute(_HEADS, ([write.stream for write in append.writes],))
            last = await connection.execute(_LAST_RECORDED)
            if (row := await done.fetchone()) is not None:
                return _done(row)
            found = {a(UUID, stream): version for stream, version in await heads.fetchall()}
            if found != {write.stream: write.after for write in append.writes}:
                raise Conflict
            recorded_at = self._not_before(await last.fetchone())
            position = await self._insert(connection, append, encoded, recorded_at)
        return Done(append.fingerprint, append.reply.model_copy(update={"position": position}))

    async def _insert(
        self,
        connection: _Connection,
        append: Append,
        encoded: list[tuple[UUID, int, Encoded]],
        recorded_at: datetime,
    ) -> int:
        streams, versions, events = zip(*encoded, strict=True)
        inserted = await connection.execute(
            _INSERT,
            (
                list(streams),
                list(versions),
                [event.topic for event in events],
                [event.at(recorded_at) for event in events],
                append.command_id,
                append.fingerprint,
                recorded_at,
                Jsonb(append.reply.model_dump(mode="json", exclude_none=True)),
            ),
        )
        row = await inserted.fetchone()
        if row is None or not isinstance(row[0], int):
            raise Unavailable("the database did not say where the events went")
        return row[0]

    def _not_before(self, last: tuple[object, ...] | None) -> datetime:
        """The time of recording: the clock's, but never before the last one, whatever the clock does."""
        now = self._clock().astimezone(UTC)
        return max(now, last[0]) if last and isinstance(last[0], datetime) else now

    def _by_stream(self, rows: Iterable[tuple[object, ...]]) -> dict[UUID, list[Recorded[Event]]]:
        streams: dict[UUID, list[Recorded[Event]]] = {}
        for row in rows:
            event = recorded(row, self._topics)
            streams.setdefault(event.stream, []).append(event)
        return streams


def _done(row: tuple[object, ...]) -> Done:
    fingerprint, position, reply = row
    return Done(a(bytes, fingerprint), Reply.model_validate({**a(dict, reply), "position": position}))
