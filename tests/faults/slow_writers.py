"""Writers that dawdle between insert and commit, so that without the write lock they would commit out of order."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncPipeline

from application.ports import Append, Conflict, Reply, Write
from domain.events.envelope import Actor, Fact
from domain.vocabulary import Role
from store.event_log import append as appending
from store.event_log.append import Connection, Cursor
from store.event_log.postgres_event_log import PostgresEventLog
from store.postgres.connections import open_pool
from tests.faults.plants import put
from tests.support.specification import filed

_EVENT: Final = filed()
_WRITER: Final = Actor(sub="writer", role=Role.SYSTEM)
_SHORT: Final = (0.0, 0.002)
_LONG: Final = (0.015, 0.03)
_SELDOM: Final = 0.05


async def write_slowly(url: str, count: int, logs: int, chance: random.Random) -> None:
    """Append so many commands of one or two events each, through several logs with a connection of their own each."""
    send = appending._send

    async def dawdling(
        connection: Connection, pipeline: AsyncPipeline, arguments: Mapping[str, object]
    ) -> Cursor:
        cursor = await send(connection, pipeline, arguments)
        await cursor.fetchone()
        await cursor.scroll(0, mode="absolute")
        await asyncio.sleep(chance.uniform(*(_LONG if chance.random() < _SELDOM else _SHORT)))
        return cursor

    put(appending, "_send", dawdling)
    left = iter(range(count))
    try:
        async with AsyncExitStack() as stack:
            pools = [await stack.enter_async_context(open_pool(url, 1)) for _ in range(logs)]
            works = [PostgresEventLog(pool, lambda: datetime.now(UTC)) for pool in pools]
            await asyncio.gather(*(_write(log, left, chance) for log in works))
    finally:
        put(appending, "_send", send)


async def _write(log: PostgresEventLog, left: Iterator[int], chance: random.Random) -> None:
    for _ in left:
        first, second, command = (UUID(int=chance.getrandbits(128)) for _ in range(3))
        streams = chance.choice(((first,), (first, second)))
        writes = tuple(Write(stream, 0, (Fact(_EVENT),)) for stream in streams)
        reply = Reply(id=str(first), version=1, events=(_EVENT.TOPIC,))
        try:
            await log.append(Append(command, b"print", _WRITER, writes, reply))
        except Conflict:  # impossible with the lock: each stream is new
            raise AssertionError("a conflict on a stream of one's own") from None
