"""Reading streams for concurrent commands together: each stream once, with the outcomes of the commands, of one moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from application.ports import Loaded, StoredOutcome
from domain.events.envelope import Event, Recorded
from store.event_log.append import done
from store.event_log.log_reader import recorded
from store.event_log.topics import Topics
from store.postgres.typed import typed

# Looked up stream by stream (LATERAL), so that no plan ever reads the table. A row without a version
# is an outcome; one without anything but a position says when anything but a case or a register was last touched, and
# rests on an index of just those events.
_READ: Final = """
SELECT wanted.stream, e.originator_version, e.notification_id, e.topic, e.state
FROM unnest(%b::uuid[], %b::bigint[]) AS wanted (stream, version)
CROSS JOIN LATERAL (
    SELECT originator_version, notification_id, topic, state FROM stored_events
    WHERE originator_id = wanted.stream AND originator_version > wanted.version ORDER BY originator_version OFFSET 0
) AS e
UNION ALL
SELECT asked.command_id, NULL, c.position, c.reply::text, c.fingerprint
FROM unnest(%b::uuid[]) AS asked (command_id)
CROSS JOIN LATERAL (
    SELECT position, reply, fingerprint FROM commands WHERE commands.command_id = asked.command_id LIMIT 1
) AS c
UNION ALL
SELECT NULL, NULL, max(notification_id), NULL, NULL FROM stored_events
WHERE topic NOT LIKE 'dispute.%%' AND topic NOT LIKE 'register.%%'
"""

Connection = AsyncConnection[tuple[object, ...]]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """What one command wants to read: streams, each beyond a version, and its own outcome."""

    after: Mapping[UUID, int]
    command_id: UUID | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read for one command or for several: rows by stream, in order; outcomes by command; see `Loaded`."""

    streams: Mapping[UUID, Sequence[Row]]
    outcomes: Mapping[UUID, StoredOutcome]
    references: int

    def loaded(self, wanted: StreamRequest, topics: Topics) -> Loaded:
        """Return what one command wanted, decoded; raises UndecodableEventError."""
        streams = {
            stream: list(_beyond(version, self.streams[stream], topics))
            for stream, version in wanted.after.items()
            if stream in self.streams
        }
        outcome = self.outcomes.get(wanted.command_id) if wanted.command_id else None
        return Loaded(streams, outcome, self.references)


async def read(connection: Connection, wanted: Sequence[StreamRequest]) -> Rows:
    """Read what several commands want, at one moment."""
    after: dict[UUID, int] = {}
    for item in wanted:
        for stream, version in item.after.items():
            after[stream] = min(version, after.get(stream, version))
    commands = [item.command_id for item in wanted if item.command_id]
    cursor = connection.cursor(binary=True)
    await cursor.execute(_READ, (list(after), list(after.values()), commands))
    streams: dict[UUID, list[Row]] = {}
    outcomes: dict[UUID, StoredOutcome] = {}
    references = 0
    for row in await cursor.fetchall():
        if row[0] is None:
            references = typed(int, row[2] or 0)
        elif row[1] is None:
            outcomes[typed(UUID, row[0])] = done((row[4], row[2], row[3]))
        else:
            streams.setdefault(typed(UUID, row[0]), []).append(row)
    for rows in streams.values():
        rows.sort(key=itemgetter(1))
    return Rows(streams, outcomes, references)


def _beyond(version: int, rows: Iterable[Row], topics: Topics) -> Iterable[Recorded[Event]]:
    """The rows beyond a version: somebody else may have wanted the stream from further back."""
    return (recorded(row, topics) for row in rows if typed(int, row[1]) > version)
