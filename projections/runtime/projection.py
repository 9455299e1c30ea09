"""What the runner requires of a projection, and what a rebuild requires of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, LiteralString, Protocol
from uuid import UUID

from psycopg import AsyncConnection

from domain.events.envelope import Event, Recorded

Connection = AsyncConnection[tuple[object, ...]]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ReadModelTable:
    """A table of a read model: its columns in the order of its rows, and those of its key.

    `stream_of` returns the stream that writes a row, by the row's columns.
    """

    name: LiteralString
    columns: tuple[LiteralString, ...]
    key: tuple[LiteralString, ...]
    stream_of: Callable[[Mapping[str, object]], UUID]


class Projection(Protocol):
    """Writes the rows of a read model along the log."""

    NAME: ClassVar[str]

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the rows from before the batch to after it, within the connection's transaction."""
        ...


class RebuildableProjection(Projection, Protocol):
    """A projection whose rows each depend on one stream, so that its tables can be filled stream by stream.

    `TOPIC_PREFIXES` is how the topics of the streams with rows begin.
    """

    TABLES: ClassVar[tuple[ReadModelTable, ...]]
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]]

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the rows of a stream, table by table, by what was published up to the position `until`."""
        ...
