"""Read models whose rows single events leave: each row is written by one event, keyed by what the event names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.events.envelope import Event, Recorded
from projections.runtime.projection import Connection, ReadModelTable, Row
from projections.runtime.row_writer import put

RowChange = tuple[ReadModelTable, Row]
"""The row as it is from now on."""


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
            await put(connection, table, list(rows.values()))

    async def rows(
        self,
        connection: Connection,  # noqa: ARG002 - the rows depend on nothing but their own streams
        history: Sequence[Recorded[Event]],
        until: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Row]]:
        """Return the rows that a stream leaves, table by table."""
        last = self._last_rows(history)
        return [list(last.get(table, {}).values()) for table in self.TABLES]

    def _last_rows(self, events: Sequence[Recorded[Event]]) -> dict[ReadModelTable, dict[Row, Row]]:
        """The last row of each key."""
        last: dict[ReadModelTable, dict[Row, Row]] = {}
        for recorded in events:
            for part in self.PARTS:
                change = part.row_of(recorded)
                if change is not None:
                    table, row = change
                    last.setdefault(table, {})[row[: len(table.key)]] = row
        return last
