"""Appending: what concurrent commands write goes into one transaction, and each gets its own answer.

Everything happens in one statement under the one write lock, sent together with it: while the lock is held nobody
waits for a client. A member that was carried out before, or that lost its race, drops out alone; the others commit
together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor, AsyncPipeline
from pydantic_core import from_json

from application.ports import Append, Conflict, Reply, StoredOutcome
from store.event_log.codec import AFTER_MOMENT, BEFORE_MOMENT, Encoded, encode
from store.postgres.typed import typed

WRITE_LOCK: Final = 5_207_002
"""The one advisory lock that every append holds until it commits, so that positions become visible in order."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(%s)"
# Lists go as binary (%b): as text a batch of events takes twenty times as long to write down. What was recorded is
# looked up key by key (LATERAL, LIMIT 1), so that no plan ever reads a table. The moment of recording is the clock's,
# but never before the last one, whatever the clock does.
_WRITE: Final = """
WITH asked AS MATERIALIZED (
    SELECT c.*, done.position, done.fingerprint AS fingerprint_then, done.reply AS reply_then
    FROM unnest(%(commands)b::uuid[], %(fingerprints)b::bytea[], %(replies)b::text[]) WITH ORDINALITY
             AS c (command_id, fingerprint, reply, member)
    LEFT JOIN LATERAL (SELECT position, fingerprint, reply FROM commands
                       WHERE commands.command_id = c.command_id LIMIT 1) AS done ON true
), standing AS MATERIALIZED (
    SELECT s.member, s.stream, s.version = coalesce(head.version, 0) AS first
    FROM unnest(%(standing)b::bigint[], %(streams)b::uuid[], %(versions)b::bigint[]) AS s (member, stream, version)
    LEFT JOIN LATERAL (SELECT originator_version AS version FROM stored_events WHERE originator_id = s.stream
                       ORDER BY originator_version DESC LIMIT 1) AS head ON true
), going AS MATERIALIZED (
    SELECT member FROM asked
    WHERE position IS NULL AND member NOT IN (SELECT member FROM standing WHERE NOT first)
), moment AS MATERIALIZED (
    SELECT greatest(%(now)s::timestamptz, (SELECT recorded_at FROM commands ORDER BY position DESC LIMIT 1)) AS at
), opening AS MATERIALIZED (
    SELECT convert_to(%(before_moment)s || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')
                      || %(after_moment)s, 'UTF8') AS bytes
    FROM moment
), written AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT e.stream, e.version, e.topic, opening.bytes || e.rest
    FROM unnest(%(members)b::bigint[], %(event_streams)b::uuid[], %(event_versions)b::bigint[], %(topics)b::text[],
                %(rests)b::bytea[]) WITH ORDINALITY AS e (member, stream, version, topic, rest, place), opening
    WHERE e.member IN (SELECT member FROM going)
    ORDER BY e.place
    RETURNING originator_id, notification_id
), placed AS MATERIALIZED (
    SELECT s.member, max(w.notification_id) AS position
    FROM written w JOIN standing s ON s.stream = w.originator_id GROUP BY s.member
), told AS (SELECT pg_notify('stored_events', '')
), noted AS (
    INSERT INTO commands (command_id, fingerprint, position, recorded_at, reply)
    SELECT asked.command_id, asked.fingerprint, placed.position, moment.at, asked.reply::jsonb
    FROM placed JOIN asked USING (member), moment, told
    RETURNING command_id, position
)
SELECT command_id, NULL AS fingerprint, position, NULL AS reply FROM noted
UNION ALL
SELECT command_id, fingerprint_then, position, reply_then::text FROM asked WHERE position IS NOT NULL
"""

Connection = AsyncConnection[tuple[object, ...]]
Cursor = AsyncCursor[tuple[object, ...]]
Answer = StoredOutcome | Conflict


@dataclass(frozen=True, slots=True)
class Member:
    """A command's append, its events already in bytes."""

    append: Append
    events: tuple[tuple[UUID, int, Encoded], ...]

    @classmethod
    def of(cls, append: Append) -> "Member":
        """Encode what a command writes; done before the lock is taken."""
        return cls(
            append,
            tuple(
                (write.stream, write.after + offset, encode(fact, append.actor, append.command_id))
                for write in append.writes
                for offset, fact in enumerate(write.facts, start=1)
            ),
        )


def apart(members: Sequence[Member]) -> Iterator[list[Member]]:
    """Yield members that go into one transaction: they share no stream and no command with each other."""
    rest = list(members)
    while rest:
        taken: set[UUID] = set()
        together: list[Member] = []
        later: list[Member] = []
        for member in rest:
            own = {member.append.command_id, *(write.stream for write in member.append.writes)}
            (together if taken.isdisjoint(own) else later).append(member)
            taken |= own
        yield together
        rest = later


async def write(connection: Connection, members: Sequence[Member], now: datetime) -> dict[UUID, Answer]:
    """Write members that are `apart` in one transaction; return each command's outcome by its id."""
    async with connection.pipeline() as pipeline, connection.transaction():
        cursor = await _send(connection, pipeline, _arguments(members, now))
    found = {typed(UUID, row[0]): row[1:] for row in await cursor.fetchall()}
    return {member.append.command_id: _answer(member.append, found) for member in members}


async def _send(connection: Connection, pipeline: AsyncPipeline, arguments: Mapping[str, object]) -> Cursor:
    """Send the lock and the statement, and wait for neither.

    After each of them comes a sync: only then does the database see a transaction that is idle, and take the lock
    from a process that is frozen.
    """
    await connection.execute(_LOCK, (WRITE_LOCK,))
    await pipeline.sync()
    cursor = connection.cursor(binary=True)
    await cursor.execute(_WRITE, arguments)
    await pipeline.sync()
    return cursor


def _answer(append: Append, found: dict[UUID, tuple[object, ...]]) -> Answer:
    outcome = found.get(append.command_id)
    if outcome is None:
        return Conflict()
    if outcome[0] is not None:
        return done(outcome)
    return StoredOutcome(append.fingerprint, append.reply.model_copy(update={"position": outcome[1]}))


def _arguments(members: Sequence[Member], now: datetime) -> dict[str, object]:
    writes = [(number, write) for number, item in enumerate(members, 1) for write in item.append.writes]
    events = [(number, *event) for number, item in enumerate(members, 1) for event in item.events]
    return {
        "commands": [member.append.command_id for member in members],
        "fingerprints": [member.append.fingerprint for member in members],
        "replies": [member.append.reply.model_dump_json(exclude_none=True) for member in members],
        "standing": [number for number, _ in writes],
        "streams": [write.stream for _, write in writes],
        "versions": [write.after for _, write in writes],
        "members": [number for number, *_ in events],
        "event_streams": [stream for _, stream, _, _ in events],
        "event_versions": [version for _, _, version, _ in events],
        "topics": [encoded.topic for *_, encoded in events],
        "rests": [encoded.rest for *_, encoded in events],
        "now": now,
        "before_moment": BEFORE_MOMENT,
        "after_moment": AFTER_MOMENT,
    }


def done(row: Sequence[object]) -> StoredOutcome:
    """Read a command's outcome from its fingerprint, position and reply, which is JSON or was read from it."""
    fingerprint, position, reply = row
    told = typed(dict, from_json(reply) if isinstance(reply, str) else reply)
    return StoredOutcome(typed(bytes, fingerprint), Reply.model_validate({**told, "position": position}))
