"""Appending: what concurrent commands write goes into one transaction, and each gets its own answer.

Under the one write lock the command ids and the streams' heads are looked up first. A member that was carried out
before, or that lost its race, drops out alone; the others are written in one statement and commit together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncPipeline
from psycopg.types.json import Jsonb

from application.ports import Append, Conflict, Done, Reply
from store.columns import a
from store.encoding import Encoded, encode

WRITE_LOCK: Final = 5_207_002
"""The one advisory lock that every append holds until it commits, so that positions become visible in order."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(%s)"
_DONE: Final = "SELECT command_id, fingerprint, position, reply FROM commands WHERE command_id = ANY(%s)"
_HEADS: Final = """
SELECT wanted.stream, coalesce(
    (SELECT max(e.originator_version) FROM stored_events e WHERE e.originator_id = wanted.stream), 0)
FROM unnest(%b::uuid[]) AS wanted (stream)
"""
_LAST_RECORDED: Final = "SELECT recorded_at FROM commands ORDER BY position DESC LIMIT 1"
# Ids and states go as binary (%b): as text a batch of states takes twenty times as long to write down.
_WRITE: Final = """
WITH given AS (
    SELECT * FROM unnest(%(members)s::int[], %(streams)b::uuid[], %(versions)s::bigint[], %(topics)s::text[],
                         %(states)b::bytea[]) WITH ORDINALITY AS g (member, stream, version, topic, state, place)
), written AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT stream, version, topic, state FROM given ORDER BY place
    RETURNING originator_id, originator_version, notification_id
), placed AS (
    SELECT g.member, max(w.notification_id) AS position
    FROM given g JOIN written w ON w.originator_id = g.stream AND w.originator_version = g.version
    GROUP BY g.member
), told AS (SELECT pg_notify('stored_events', ''))
INSERT INTO commands (command_id, fingerprint, position, recorded_at, reply)
SELECT c.command_id, c.fingerprint, p.position, %(recorded_at)s, c.reply
FROM unnest(%(commands)b::uuid[], %(fingerprints)b::bytea[], %(replies)s::jsonb[]) WITH ORDINALITY
         AS c (command_id, fingerprint, reply, member)
JOIN placed p ON p.member = c.member, told
RETURNING command_id, position
"""

Connection = AsyncConnection[tuple[object, ...]]
Answer = Done | Conflict


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


async def write(connection: Connection, members: Sequence[Member], now: datetime) -> dict[UUID, Answer]:
    """Write the members in one transaction; return each command's outcome by its id.

    After each part the pipeline is brought to its end: only then does the database see a transaction that is idle,
    and take the lock from a process that was frozen.
    """
    async with connection.pipeline() as pipeline, connection.transaction():
        await connection.execute(_LOCK, (WRITE_LOCK,))
        known = await connection.execute(_DONE, ([member.append.command_id for member in members],))
        streams = {write.stream for member in members for write in member.append.writes}
        heads = await connection.execute(_HEADS, (list(streams),))
        last = await connection.execute(_LAST_RECORDED)
        await pipeline.sync()
        answers: dict[UUID, Answer] = {a(UUID, row[0]): done(row[1:]) for row in await known.fetchall()}
        found = {a(UUID, stream): a(int, head) for stream, head in await heads.fetchall()}
        going = _going(members, answers, found)
        if going:
            recorded_at = _not_before(now, await last.fetchone())
            answers |= await _insert(connection, pipeline, going, recorded_at)
    return answers


def _going(members: Sequence[Member], answers: dict[UUID, Answer], heads: dict[UUID, int]) -> list[Member]:
    """The members that are to be written: not done before, and on the heads as they are by then."""
    going: dict[UUID, Member] = {}
    for member in members:
        command, writes = member.append.command_id, member.append.writes
        if command in answers or command in going:
            continue
        if any(heads[write.stream] != write.after for write in writes):
            answers[command] = Conflict()
            continue
        heads.update({write.stream: write.after + len(write.facts) for write in writes})
        going[command] = member
    return list(going.values())


async def _insert(
    connection: Connection, pipeline: AsyncPipeline, members: Sequence[Member], recorded_at: datetime
) -> Mapping[UUID, Answer]:
    events = [(number, *event) for number, member in enumerate(members, start=1) for event in member.events]
    inserted = await connection.execute(
        _WRITE,
        {
            "members": [number for number, *_ in events],
            "streams": [stream for _, stream, _, _ in events],
            "versions": [version for _, _, version, _ in events],
            "topics": [encoded.topic for *_, encoded in events],
            "states": [encoded.at(recorded_at) for *_, encoded in events],
            "recorded_at": recorded_at,
            "commands": [member.append.command_id for member in members],
            "fingerprints": [member.append.fingerprint for member in members],
            "replies": [Jsonb(_stored(member.append.reply)) for member in members],
        },
    )
    await pipeline.sync()
    return _positions(members, await inserted.fetchall())


def _positions(members: Sequence[Member], rows: Sequence[tuple[object, ...]]) -> Mapping[UUID, Answer]:
    positions = {a(UUID, command): a(int, position) for command, position in rows}
    return {
        append.command_id: Done(
            append.fingerprint, append.reply.model_copy(update={"position": positions[append.command_id]})
        )
        for append in (member.append for member in members)
    }


def _stored(reply: Reply) -> dict[str, object]:
    return reply.model_dump(mode="json", exclude_none=True)


def _not_before(now: datetime, last: tuple[object, ...] | None) -> datetime:
    """The time of recording: the clock's, but never before the last one, whatever the clock does."""
    return max(now, a(datetime, last[0])) if last else now


def done(row: Sequence[object]) -> Done:
    """Read a command's outcome from its fingerprint, position and reply."""
    fingerprint, position, reply = row
    return Done(a(bytes, fingerprint), Reply.model_validate({**a(dict, reply), "position": position}))
