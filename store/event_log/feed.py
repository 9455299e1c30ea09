"""The whole log in pages, for whoever follows it from outside: every stream, in order of position, nothing skipped.

Appends hold one lock until they commit, so positions become visible in order: what lies behind a position that was
seen once never grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.events.envelope import Event, Recorded
from store.event_log.log_reader import recorded
from store.event_log.topics import TOPICS, Topics
from store.postgres.connections import Connection, Pool, insist
from store.postgres.typed import typed

LOOKS_AT: Final = 10_000
"""How many events a page looks through at most for those that are wanted."""

HEAD: Final = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
_PAGE: Final = """
WITH ahead AS (
    SELECT max(notification_id) AS reach FROM (
        SELECT notification_id FROM stored_events WHERE notification_id > %(after)s
        ORDER BY notification_id LIMIT %(looks_at)s) AS looked_at
)
SELECT e.originator_id, e.originator_version, e.notification_id, e.topic, e.state, ahead.reach
FROM ahead LEFT JOIN LATERAL (
    SELECT * FROM stored_events
    WHERE notification_id > %(after)s AND notification_id <= ahead.reach
      AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s)
           OR topic ^@ ANY(%(prefixes)s::text[]) AND NOT topic = ANY(%(known)s))
    ORDER BY notification_id LIMIT %(limit)s
) AS e ON true
ORDER BY e.notification_id
"""


class UnknownTopicFilterError(ValueError):
    """A reader wants events of a topic that does not exist."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which events a reader wants: by topic, or by how a topic begins, up to a dot."""

    topics: frozenset[str]
    prefixes: frozenset[str]

    @classmethod
    def of(cls, names: Sequence[str], topics: Topics = TOPICS) -> "FeedFilter | None":
        """Read what a reader asks for; None for everything. Raises UnknownWantError."""
        prefixes = frozenset(name for name in names if name.endswith("."))
        for name in names:
            if not any(
                topic == name or (name in prefixes and topic.startswith(name)) for topic in topics.current
            ):
                raise UnknownTopicFilterError(name)
        return cls(frozenset(names) - prefixes, prefixes) if names else None

    def stored(self, topics: Topics) -> list[str]:
        """Return the topics under which such events are stored: those of older versions too."""
        return [item for item in topics.released if self._covers(topics.newest(item))]

    def _covers(self, topic: str) -> bool:
        return topic in self.topics or any(map(topic.startswith, self.prefixes))


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Wanted events in order, and the position up to which there are no others; the old one where nothing is new."""

    events: tuple[Recorded[Event], ...]
    position: int


class Feed:
    """Reads the log for those who follow it from outside."""

    def __init__(self, pool: Pool, topics: Topics = TOPICS) -> None:
        self._pool = pool
        self._topics = topics

    async def head(self) -> int:
        """Return the position of the last event; 0 where there is none. Raises Unavailable."""

        async def read(connection: Connection) -> int:
            row = await (await connection.execute(HEAD)).fetchone()
            return typed(int, row[0]) if row else 0

        return await insist(self._pool, read)

    async def page(self, after: int, limit: int, wanted: FeedFilter | None = None) -> FeedPage:
        """Return up to `limit` events beyond a position; raises Unavailable, UndecodableEventError.

        A topic that this version of the program does not know yet, but that a wanted prefix covers, is not passed
        over in silence: it cannot be decoded.
        """
        values = {"after": after, "limit": limit, **self._conditions(wanted, limit)}

        async def read(connection: Connection) -> list[tuple[object, ...]]:
            cursor = connection.cursor(binary=True)
            await cursor.execute(_PAGE, values)
            return await cursor.fetchall()

        rows = await insist(self._pool, read)
        events = tuple(recorded(row[:5], self._topics) for row in rows if row[0] is not None)
        reach = typed(int, rows[0][5]) if rows[0][5] is not None else after
        return FeedPage(events, events[-1].position if len(events) == limit else reach)

    def _conditions(self, wanted: FeedFilter | None, limit: int) -> dict[str, object]:
        if wanted is None:  # every event looked at is one to return: there is no need to look further
            return {"looks_at": limit, "topics": None, "prefixes": [], "known": []}
        return {
            "looks_at": LOOKS_AT,
            "topics": wanted.stored(self._topics),
            "prefixes": list(wanted.prefixes),
            "known": list(self._topics.released),
        }
