"""Reading streams for concurrent commands together: each stream once, with the commands' outcomes, of one moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from uuid import UUID

from eventsourcing.persistence import Notification

from application.ports import Loaded, StoredOutcome
from domain.events.envelope import Event, Recorded
from store.event_log.append import stored_outcome
from store.event_log.codec import LogMapper
from store.event_log.recorder import notification
from store.postgres.connections import Connection
from store.postgres.typed import typed

# Looked up stream by stream (LATERAL), so that no plan ever reads the table. A row without a version is a command's
# outcome. The row without a stream says where anything but a case or a register was last appended; it rests on an index
# of just those events.
_READ: Final = """
SELECT requested.stream, e.originator_version, e.topic, e.state, e.notification_id, NULL AS reply
FROM unnest(%b::uuid[], %b::bigint[]) AS requested (stream, version)
CROSS JOIN LATERAL (
    SELECT originator_version, notification_id, topic, state FROM stored_events
    WHERE originator_id = requested.stream AND originator_version > requested.version
    ORDER BY originator_version OFFSET 0
) AS e
UNION ALL
SELECT requested.command_id, NULL, NULL, c.fingerprint, c.position, c.reply::text
FROM unnest(%b::uuid[]) AS requested (command_id)
CROSS JOIN LATERAL (
    SELECT position, reply, fingerprint FROM commands WHERE commands.command_id = requested.command_id LIMIT 1
) AS c
UNION ALL
SELECT NULL, NULL, NULL, NULL, max(notification_id), NULL FROM stored_events
WHERE topic NOT LIKE 'dispute.%%' AND topic NOT LIKE 'register.%%'
"""


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """What one command needs to read: streams, each beyond a version, and its own outcome."""

    after: Mapping[UUID, int]
    command_id: UUID | None


@dataclass(frozen=True, slots=True)
class StreamRows:
    """What was read for several commands: rows by stream, in order; outcomes by command; `references` as in `Loaded`."""

    streams: Mapping[UUID, Sequence[Notification]]
    outcomes: Mapping[UUID, StoredOutcome]
    references: int

    def loaded(self, request: StreamRequest, mapper: LogMapper) -> Loaded:
        """Return what one command requested, decoded; raises UndecodableEventError."""
        streams = {
            stream: list(_beyond(version, self.streams[stream], mapper))
            for stream, version in request.after.items()
            if stream in self.streams
        }
        outcome = self.outcomes.get(request.command_id) if request.command_id else None
        return Loaded(streams, outcome, self.references)


async def load_streams(connection: Connection, requests: Sequence[StreamRequest]) -> StreamRows:
    """Read what several commands request, at one moment."""
    after: dict[UUID, int] = {}
    for request in requests:
        for stream, seen in request.after.items():
            after[stream] = min(seen, after.get(stream, seen))
    commands = [request.command_id for request in requests if request.command_id]
    cursor = connection.cursor(binary=True)
    await cursor.execute(_READ, (list(after), list(after.values()), commands))
    streams: dict[UUID, list[Notification]] = {}
    outcomes: dict[UUID, StoredOutcome] = {}
    references = 0
    for row in await cursor.fetchall():
        key, version, _, state, position, reply = row
        if key is None:
            references = typed(int, position or 0)
        elif version is None:
            outcomes[typed(UUID, key)] = stored_outcome((state, position, reply))
        else:
            streams.setdefault(typed(UUID, key), []).append(notification(row[:5]))
    for rows in streams.values():
        rows.sort(key=attrgetter("originator_version"))
    return StreamRows(streams, outcomes, references)


def _beyond(version: int, rows: Sequence[Notification], mapper: LogMapper) -> Iterator[Recorded[Event]]:
    """The events beyond a version: another command may have requested the stream from further back."""
    return (mapper.to_domain_event(row) for row in rows if row.originator_version > version)
