"""Appending to the log: concurrent appends share one transaction, and each gets its own result.

Everything happens in one statement under the one write lock, sent together with it: nobody waits for a client while the
lock is held. An append that was carried out before, or that expects another version of a stream, drops out alone; the
others commit together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import AsyncCursor, AsyncPipeline
from pydantic_core import from_json

from application.ports import Append, Conflict, Reply, StoredOutcome
from domain.events.envelope import Recorded
from store.event_log.codec import TIME_START, LogMapper
from store.postgres.connections import Connection
from store.postgres.typed import typed

WRITE_LOCK: Final = 5_207_002
"""The advisory lock that every append holds until it commits, so that positions become visible in order."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(%s)"
# Lists are sent in binary (%b): as text a batch takes twenty times as long to encode. Every look-up is by key (LATERAL,
# LIMIT 1), so that no plan reads a table. The time of recording is the clock's, but never before the last one. An
# append without a command inserts its rows as they are: it has no expected version, no outcome and no time to set.
_WRITE: Final = """
WITH requested AS MATERIALIZED (
    SELECT r.*, done.position, done.fingerprint AS fingerprint_then, done.reply AS reply_then
    FROM unnest(%(commands)b::uuid[], %(fingerprints)b::bytea[], %(replies)b::text[]) WITH ORDINALITY
             AS r (command_id, fingerprint, reply, member)
    LEFT JOIN LATERAL (SELECT position, fingerprint, reply FROM commands
                       WHERE commands.command_id = r.command_id LIMIT 1) AS done ON true
), expected AS MATERIALIZED (
    SELECT s.member, s.stream, s.version IS NULL OR s.version = coalesce(head.version, 0) AS met
    FROM unnest(%(expecting)b::bigint[], %(streams)b::uuid[], %(versions)b::bigint[]) AS s (member, stream, version)
    LEFT JOIN LATERAL (SELECT originator_version AS version FROM stored_events WHERE originator_id = s.stream
                       ORDER BY originator_version DESC LIMIT 1) AS head ON true
), accepted AS MATERIALIZED (
    SELECT member, command_id FROM requested
    WHERE position IS NULL AND member NOT IN (SELECT member FROM expected WHERE NOT met)
), recording AS MATERIALIZED (
    SELECT greatest(%(now)s::timestamptz, (SELECT recorded_at FROM commands ORDER BY position DESC LIMIT 1)) AS at
), stamp AS MATERIALIZED (
    SELECT convert_to(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'), 'UTF8') AS bytes
    FROM recording
), inserted AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT e.stream, e.version, e.topic,
           CASE WHEN command_id IS NULL THEN e.state
                ELSE overlay(e.state PLACING stamp.bytes FROM %(time_start)s) END
    FROM unnest(%(members)b::bigint[], %(event_streams)b::uuid[], %(event_versions)b::bigint[], %(topics)b::text[],
                %(states)b::bytea[]) WITH ORDINALITY AS e (member, stream, version, topic, state, place)
    JOIN accepted USING (member), stamp
    ORDER BY e.place
    RETURNING originator_id, notification_id
), appended AS MATERIALIZED (
    SELECT expected.member, max(inserted.notification_id) AS position
    FROM inserted JOIN expected ON expected.stream = inserted.originator_id GROUP BY expected.member
), notified AS (SELECT pg_notify('stored_events', '')
), noted AS (
    INSERT INTO commands (command_id, fingerprint, position, recorded_at, reply)
    SELECT command_id, fingerprint, appended.position, recording.at, reply::jsonb
    FROM appended JOIN requested USING (member), recording
    WHERE command_id IS NOT NULL
)
SELECT member, NULL AS fingerprint, position, NULL AS reply, recording.at FROM appended, notified, recording
UNION ALL
SELECT member, fingerprint_then, position, reply_then::text, NULL FROM requested WHERE position IS NOT NULL
"""
_NOT_RECORDED_YET: Final = datetime.min.replace(tzinfo=UTC)
"""The time of recording in an encoded event, until the statement overlays it."""

Cursor = AsyncCursor[tuple[object, ...]]
Position = int
Result = StoredOutcome | Conflict | Position


@dataclass(frozen=True, slots=True)
class Member:
    """One append of a batch: its encoded events, and the command that brought them about.

    Without a command its events are inserted as they are.
    """

    append: Append | None
    events: Sequence[StoredEvent]

    @classmethod
    def of(cls, append: Append, mapper: LogMapper) -> "Member":
        """Encode what a command writes; done before the lock is taken."""
        actor, command_id = append.actor, append.command_id
        return cls(
            append,
            [
                mapper.to_stored_event(
                    Recorded(
                        write.stream,
                        version,
                        0,
                        _NOT_RECORDED_YET,
                        actor,
                        command_id,
                        fact.event,
                        fact.because,
                    )
                )
                for write in append.writes
                for version, fact in enumerate(write.facts, start=write.after + 1)
            ],
        )

    def expected(self) -> Mapping[UUID, int | None]:
        """Return the version at which each stream must be; None where any will do."""
        if self.append is None:
            return {typed(UUID, event.originator_id): None for event in self.events}
        return {write.stream: write.after for write in self.append.writes}


def disjoint(members: Sequence[Member]) -> Iterator[list[int]]:
    """Yield the places of members that go into one transaction: they share no stream and no command."""
    rest = [(place, _keys(member)) for place, member in enumerate(members)]
    while rest:
        taken: set[UUID] = set()
        together: list[int] = []
        later: list[tuple[int, set[UUID]]] = []
        for place, keys in rest:
            if taken.isdisjoint(keys):
                together.append(place)
            else:
                later.append((place, keys))
            taken |= keys
        yield together
        rest = later


def _keys(member: Member) -> set[UUID]:
    return {*member.expected(), *((member.append.command_id,) if member.append else ())}


async def write(connection: Connection, members: Sequence[Member], now: datetime) -> list[Result]:
    """Write members that are `disjoint` in one transaction; return their results in order.

    The result of an append without a command is the position of its last event.
    """
    async with connection.pipeline() as pipeline, connection.transaction():
        cursor = await _send(connection, pipeline, _arguments(members, now))
    found = {row[0]: row[1:] for row in await cursor.fetchall()}
    return [_result(member.append, found.get(number)) for number, member in enumerate(members, 1)]


async def _send(connection: Connection, pipeline: AsyncPipeline, arguments: Mapping[str, object]) -> Cursor:
    """Send the lock and the statement, and wait for neither.

    A sync follows each of them: only then does the database see an idle transaction, and take the lock from a process
    that is frozen.
    """
    await connection.execute(_LOCK, (WRITE_LOCK,))
    await pipeline.sync()
    cursor = connection.cursor(binary=True)
    await cursor.execute(_WRITE, arguments)
    await pipeline.sync()
    return cursor


def _result(append: Append | None, row: tuple[object, ...] | None) -> Result:
    if row is None:
        return Conflict()
    fingerprint, position, reply, recorded_at = row
    if append is None:
        return typed(int, position)
    if fingerprint is not None:
        return stored_outcome((fingerprint, position, reply))
    reply = append.reply.model_copy(update={"position": position})
    return StoredOutcome(append.fingerprint, reply, typed(datetime, recorded_at))


def _arguments(members: Sequence[Member], now: datetime) -> dict[str, object]:
    appends = [member.append for member in members]
    streams = [
        (number, *item) for number, member in enumerate(members, 1) for item in member.expected().items()
    ]
    events = [(number, event) for number, member in enumerate(members, 1) for event in member.events]
    return {
        "commands": [append and append.command_id for append in appends],
        "fingerprints": [append and append.fingerprint for append in appends],
        "replies": [append and append.reply.model_dump_json(exclude_none=True) for append in appends],
        "expecting": [number for number, _, _ in streams],
        "streams": [stream for _, stream, _ in streams],
        "versions": [version for _, _, version in streams],
        "members": [number for number, _ in events],
        "event_streams": [event.originator_id for _, event in events],
        "event_versions": [event.originator_version for _, event in events],
        "topics": [event.topic for _, event in events],
        "states": [event.state for _, event in events],
        "now": now,
        "time_start": TIME_START + 1,
    }


def stored_outcome(row: Sequence[object]) -> StoredOutcome:
    """Read the outcome of a command carried out before, from its fingerprint, position and reply as JSON, text or read."""
    fingerprint, position, reply = row
    fields = typed(dict, from_json(reply) if isinstance(reply, str) else reply)
    reply = Reply.model_validate({**fields, "position": position})
    return StoredOutcome(typed(bytes, fingerprint), reply)
