"""The files of cases, stored in chunks in tables of their own."""

from collections.abc import AsyncIterator
from uuid import UUID

from store.postgres.connections import Pool, connection_of
from store.postgres.typed import typed

PIECE = 256 * 1024
"""Bytes of a chunk, the most of a file that is in memory at a time."""


class Attachments:
    """Stores files chunk by chunk: none is ever whole in memory."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def store(
        self, attachment: UUID, dispute: UUID, command_id: UUID, pieces: AsyncIterator[bytes]
    ) -> None:
        """Store a file under an id of its own, all of it or nothing; raises Unavailable."""
        async with connection_of(self._pool) as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO attachments (attachment, dispute, command_id) VALUES (%s, %s, %s)",
                (attachment, dispute, command_id),
            )
            place = 0
            async for piece in pieces:
                await connection.execute(
                    "INSERT INTO attachment_chunks (attachment, place, content) VALUES (%s, %s, %b)",
                    (attachment, place, piece),
                )
                place += 1

    async def read(self, attachment: UUID, dispute: UUID) -> AsyncIterator[bytes]:
        """Yield a file's chunks in order; nothing where the dispute has no such file. Raises Unavailable."""
        place = 0
        while piece := await self._piece(attachment, dispute, place):
            yield piece
            place += 1

    async def discard(self, attachment: UUID) -> None:
        """Remove a file whose command was refused."""
        async with connection_of(self._pool) as connection:
            await connection.execute("DELETE FROM attachments WHERE attachment = %s", (attachment,))

    async def sweep(self) -> int:
        """Remove files older than a day that no carried-out command names; return how many those were."""
        async with connection_of(self._pool) as connection:
            swept = await connection.execute(
                "DELETE FROM attachments f WHERE stored_at < now() - interval '1 day'"
                " AND NOT EXISTS (SELECT FROM commands c WHERE c.command_id = f.command_id)"
            )
        return swept.rowcount

    async def _piece(self, attachment: UUID, dispute: UUID, place: int) -> bytes | None:
        async with connection_of(self._pool) as connection:
            found = await connection.execute(
                "SELECT c.content FROM attachment_chunks c JOIN attachments f USING (attachment)"
                " WHERE f.attachment = %s AND f.dispute = %s AND c.place = %s",
                (attachment, dispute, place),
                binary=True,
            )
            row = await found.fetchone()
        return typed(bytes, row[0]) if row else None
