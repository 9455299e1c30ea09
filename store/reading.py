"""Reading streams for concurrent commands together: each stream once, and the outcomes of commands after them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from application.ports import Loaded
from domain.events.envelope import Event, Recorded
from store.appending import done
from store.columns import a
from store.following import recorded
from store.topics import Topics

_STREAMS: Final = """
SELECT e.originator_id, e.originator_version, e.notification_id, e.topic, e.state
FROM unnest(%b::uuid[], %b::bigint[]) AS wanted (stream, version)
JOIN stored_events e ON e.originator_id = wanted.stream AND e.originator_version > wanted.version
ORDER BY e.originator_id, e.originator_version
"""
_OUTCOMES: Final = "SELECT command_id, fingerprint, position, reply FROM commands WHERE command_id = ANY(%b)"

Connection = AsyncConnection[tuple[object, ...]]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one command wants to read: streams, each beyond a version, and its own outcome."""

    after: Mapping[UUID, int]
    command_id: UUID | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they were read for one command or for several: by stream, in order; outcomes by command."""

    streams: Mapping[UUID, Sequence[Row]]
    outcomes: Mapping[UUID, Row]

    def loaded(self, wanted: Wanted, topics: Topics) -> Loaded:
        """Return what one command wanted, decoded; raises UndecodableEventError."""
        streams = {
            stream: list(_beyond(version, self.streams[stream], topics))
            for stream, version in wanted.after.items()
            if stream in self.streams
        }
        outcome = self.outcomes.get(wanted.command_id) if wanted.command_id else None
        return Loaded(streams, done(outcome) if outcome else None)


async def read(connection: Connection, wanted: Sequence[Wanted]) -> Rows:
    """Read what several commands want: the streams first, so that who misses an outcome has read what was before it."""
    after: dict[UUID, int] = {}
    for each in wanted:
        for stream, version in each.after.items():
            after[stream] = min(version, after.get(stream, version))
    commands = [each.command_id for each in wanted if each.command_id]
    async with connection.pipeline():
        events = connection.cursor(binary=True)
        await events.execute(_STREAMS, (list(after), list(after.values())))
        outcomes = await connection.execute(_OUTCOMES, (commands,)) if commands else None
        rows = await events.fetchall()
        known = await outcomes.fetchall() if outcomes else []
    streams: dict[UUID, list[Row]] = {}
    for row in rows:
        streams.setdefault(a(UUID, row[0]), []).append(row)
    return Rows(streams, {a(UUID, row[0]): row[1:] for row in known})


def _beyond(version: int, rows: Iterable[Row], topics: Topics) -> Iterable[Recorded[Event]]:
    """The rows beyond a version: somebody else may have wanted the stream from further back."""
    return (recorded(row, topics) for row in rows if a(int, row[1]) > version)
