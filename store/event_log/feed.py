"""The whole log in pages, for subscribers from outside: every stream, in order of position, nothing skipped.

Appends hold one lock until they commit, so positions become visible in order: no event appears later behind a position
that was seen once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from access.scope import Scope
from domain.events.dispute import Filed, Imported
from domain.events.envelope import Event, Recorded
from domain.events.register import NumberIssued, NumbersCarriedOver
from store.event_log.codec import MAPPER, LogMapper
from store.event_log.log_reader import last_position, streams_before
from store.event_log.recorder import notification
from store.event_log.topics import TOPICS, Topics
from store.postgres.connections import Connection, Pool, with_retries
from store.postgres.typed import typed

SCAN_LIMIT: Final = 10_000
"""The most events that one page searches for those that its filter selects."""

_CHUNK: Final = 500
_PAGE: Final = """
WITH scanned AS (
    SELECT max(notification_id) AS reach FROM (
        SELECT notification_id FROM stored_events WHERE notification_id > %(after)s
        ORDER BY notification_id LIMIT %(scan_limit)s) AS next
)
SELECT scanned.reach, e.originator_id, e.originator_version, e.topic, e.state, e.notification_id
FROM scanned LEFT JOIN LATERAL (
    SELECT * FROM stored_events
    WHERE notification_id > %(after)s AND notification_id <= scanned.reach
      AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s)
           OR topic ^@ ANY(%(prefixes)s::text[]) AND NOT topic = ANY(%(released)s))
    ORDER BY notification_id LIMIT %(limit)s
) AS e ON true
ORDER BY e.notification_id
"""


class UnknownTopicFilterError(ValueError):
    """A subscriber requests events of a topic that does not exist."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """The events that a subscriber requests: by topic, or by the beginning of a topic, up to a dot."""

    topics: frozenset[str]
    prefixes: frozenset[str]

    @classmethod
    def of(cls, names: Sequence[str], topics: Topics = TOPICS) -> "FeedFilter | None":
        """Return the filter for some names; None for every event. Raises UnknownTopicFilterError."""
        prefixes = frozenset(name for name in names if name.endswith("."))
        for name in names:
            if not any(
                topic == name or (name in prefixes and topic.startswith(name)) for topic in topics.current
            ):
                raise UnknownTopicFilterError(name)
        return cls(frozenset(names) - prefixes, prefixes) if names else None

    def stored(self, topics: Topics) -> list[str]:
        """Return the topics under which such events are stored: those of older versions too."""
        return [item for item in topics.released if self.covers(topics.newest(item))]

    def covers(self, topic: str) -> bool:
        """Say whether an event of this topic is requested."""
        return topic in self.topics or any(map(topic.startswith, self.prefixes))


@dataclass(frozen=True, slots=True)
class LogPage:
    """The next selected events in order, and the position up to which there are no others."""

    events: tuple[Recorded[Event], ...]
    position: int


class Feed:
    """Reads the log for subscribers from outside."""

    def __init__(self, pool: Pool, mapper: LogMapper = MAPPER) -> None:
        self._pool = pool
        self._mapper = mapper

    async def head(self) -> int:
        """Return the position of the last event; 0 where there is none. Raises Unavailable."""
        return await with_retries(self._pool, last_position)

    async def page(
        self,
        scope: Scope,
        after: int,
        limit: int,
        selection: FeedFilter | None = None,
    ) -> LogPage:
        """Return up to `limit` events in a scope beyond a position; raises Unavailable, UndecodableEventError.

        An event whose topic this version of the program does not know, but that a prefix covers, is not skipped in
        silence: it cannot be decoded.
        """
        if scope.everything:
            return await self._page(after, limit, selection)
        return await self._page_in(scope, after, limit, selection)

    async def _page_in(self, scope: Scope, after: int, limit: int, selection: FeedFilter | None) -> LogPage:
        """Return a page for a reader with a unit.

        It ends with an event of the reader's or where the scan ends, so that its end tells of no foreign event.
        """
        found: list[Recorded[Event]] = []
        position = after
        for _ in range(SCAN_LIMIT // _CHUNK):
            whole = await self._page(position, _CHUNK, None)
            visible = await self._visible(scope, whole.events)
            found += [item for item in visible if selection is None or selection.covers(item.topic)]
            if len(found) >= limit:
                return LogPage(tuple(found[:limit]), found[limit - 1].position)
            position = whole.position
            if len(whole.events) < _CHUNK:
                break
        return LogPage(tuple(found), position)

    async def _page(self, after: int, limit: int, selection: FeedFilter | None) -> LogPage:
        values = {"after": after, "limit": limit, **self._conditions(selection, limit)}

        async def read(connection: Connection) -> list[tuple[object, ...]]:
            cursor = connection.cursor(binary=True)
            await cursor.execute(_PAGE, values)
            return await cursor.fetchall()

        rows = await with_retries(self._pool, read)
        events = tuple(
            self._mapper.to_domain_event(notification(row[1:])) for row in rows if row[1] is not None
        )
        reach = typed(int, rows[0][0]) if rows[0][0] is not None else after
        return LogPage(events, events[-1].position if len(events) == limit else reach)

    async def _visible(
        self, scope: Scope, events: tuple[Recorded[Event], ...]
    ) -> tuple[Recorded[Event], ...]:
        """Return the events without those about cases outside the scope.

        Whose a case is follows from its filing: it moves to units above alone.
        """
        cases = {case for item in events if (case := _case_of(item)) is not None}
        first = await with_retries(
            self._pool,
            lambda connection: streams_before(connection, dict.fromkeys(cases, 2), self._mapper),
        )
        own = {case for case, (filing, *_) in first.items() if _is_own(scope, filing.event)}
        return tuple(
            item
            for item in events
            if (case in own if (case := _case_of(item)) is not None else _is_visible(scope, item.event))
        )

    def _conditions(self, selection: FeedFilter | None, limit: int) -> dict[str, object]:
        if selection is None:  # every event scanned is returned: there is no need to scan more
            return {"scan_limit": limit, "topics": None, "prefixes": [], "released": []}
        return {
            "scan_limit": SCAN_LIMIT,
            "topics": selection.stored(self._mapper.topics),
            "prefixes": list(selection.prefixes),
            "released": list(self._mapper.topics.released),
        }


def _case_of(recorded: Recorded[Event]) -> UUID | None:
    """The case that an event is about; None for reference data."""
    if isinstance(recorded.event, NumberIssued):
        return recorded.event.dispute
    return recorded.stream if recorded.topic.startswith("dispute.") else None


def _is_own(scope: Scope, opening: Event) -> bool:
    filed = opening.filed if isinstance(opening, Imported) else opening
    return isinstance(filed, Filed) and scope.includes_filed(filed)


def _is_visible(scope: Scope, event: Event) -> bool:
    """Say whether an event of no single case is shown: numbers of a register tell which cases there are."""
    return not isinstance(event, NumbersCarriedOver) or scope.includes_any((event.register_of,))
