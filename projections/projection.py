"""What the runner needs of a read model."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from psycopg import AsyncConnection

from domain.events.envelope import Event, Recorded

Connection = AsyncConnection[tuple[object, ...]]


class Projection(Protocol):
    """A read model that follows the log."""

    NAME: ClassVar[str]

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the model's rows from before the batch to after it, within the connection's transaction."""
        ...
