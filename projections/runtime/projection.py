"""What the runner needs of a read model, and what filling it anew needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, LiteralString, Protocol
from uuid import UUID

from psycopg import AsyncConnection

from domain.events.envelope import Event, Recorded

Connection = AsyncConnection[tuple[object, ...]]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a read model: its columns in the order in which rows are told, and those that name a row.

    `stream_of` says of a row, column by column, which stream tells it.
    """

    name: LiteralString
    columns: tuple[LiteralString, ...]
    key: tuple[LiteralString, ...]
    stream_of: Callable[[Mapping[str, object]], UUID]


class Projection(Protocol):
    """A read model that follows the log."""

    NAME: ClassVar[str]

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the model's rows from before the batch to after it, within the connection's transaction."""
        ...


class RebuildableProjection(Projection, Protocol):
    """A read model each of whose rows is told by one stream, so that it can be filled stream by stream.

    `TOPIC_PREFIXES` is how the topics of the streams begin that have rows.
    """

    TABLES: ClassVar[tuple[Table, ...]]
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]]

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return what a stream's events tell, table by table, with what was published up to the position `until`."""
        ...
