"""Read models whose rows single events leave: each row is written by one event, keyed by what the event names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.events.envelope import Event, Recorded
from projections.runtime.projection import Connection, ReadModelTable, Row
from projections.runtime.row_writer import put, remove

RowChange = tuple[ReadModelTable, Row]
"""The row as it is from now on; a row of the key alone is deleted."""


@dataclass(frozen=True, slots=True)
class EventRows:
    """The rows of one read model: its tables, how the topics of its streams begin, and the row that an event leaves."""

    tables: tuple[ReadModelTable, ...]
    topic_prefixes: tuple[str, ...]
    row_of: Callable[[Recorded[Event]], RowChange | None]


class EventRowsProjection:
    """Writes the rows of several read models that follow the log at one position."""

    PARTS: ClassVar[tuple[EventRows, ...]]
    NAME: ClassVar[str]
    TABLES: ClassVar[tuple[ReadModelTable, ...]]
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]]

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows that the batch leaves."""
        for table, rows in self._last_rows(batch).items():
            await remove(connection, table, [key for key, row in rows.items() if row is None])
            await put(connection, table, [row for row in rows.values() if row is not None])

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - the rows depend on nothing but their own streams
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return the rows that a stream leaves, table by table."""
        last = self._last_rows(history)
        return [[row for row in last.get(table, {}).values() if row is not None] for table in self.TABLES]

    def _last_rows(self, events: Sequence[Recorded[Event]]) -> dict[ReadModelTable, dict[Row, Row | None]]:
        """The last row of each key, None where it is deleted."""
        last: dict[ReadModelTable, dict[Row, Row | None]] = {}
        for recorded in events:
            for part in self.PARTS:
                change = part.row_of(recorded)
                if change is not None:
                    table, row = change
                    width = len(table.key)
                    last.setdefault(table, {})[row[:width]] = row if len(row) > width else None
        return last
