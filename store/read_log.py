"""The log of reads: who looked at which case. Rows are added, never changed; concurrent looks share one commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL
from pydantic import AwareDatetime, BaseModel
from pydantic_core import to_json

from access.reads import CaseRead, ReadDecision
from access.scope import Scope
from application.ports import Unavailable
from domain.vocabulary import folded
from store.event_log.batching import BatchQueue
from store.postgres.conditions import scope_values, visible
from store.postgres.connections import Pool, connection_of

_INSERT: Final = """
INSERT INTO reads (at, sub, sub_key, role, unit, dispute, what, purpose, decision)
SELECT at, sub, sub_key, role, unit, dispute, what, purpose, decision
FROM json_populate_recordset(NULL::reads, %s::json)
"""
_PAGE: Final = SQL("""
SELECT id, at, sub, role, unit, dispute, what, purpose, decision FROM reads
WHERE {where} ORDER BY id DESC LIMIT %(limit)s
""")
_CONDITIONS: Final[dict[str, LiteralString]] = {
    "dispute": "dispute = %(dispute)s",
    "sub_key": "sub_key = %(sub_key)s",
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "before": "id < %(before)s",
}


class ReadItem(BaseModel):
    """A look at a case; `unit` is the reader's."""

    at: AwareDatetime
    sub: str
    role: str
    unit: str | None
    dispute: UUID
    what: str
    purpose: str | None
    decision: ReadDecision


class ReadPage(BaseModel):
    """A page of looks, the latest first; `next` is the `cursor` of the following page."""

    items: list[ReadItem]
    next: str | None


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """Which looks to list: of a case, by a subject, from one moment until before another one; None does not matter."""

    dispute: UUID | None = None
    sub: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def values(self) -> dict[str, object]:
        """Return the values of what matters."""
        sub_key = folded(self.sub) if self.sub else None
        found = {"dispute": self.dispute, "sub_key": sub_key, "since": self.since, "until": self.until}
        return {name: value for name, value in found.items() if value is not None}


class ReadLog:
    """Records looks at cases, and lists them."""

    def __init__(self, pool: Pool, key_pool: Pool) -> None:
        """`key_pool` adds rows: its connections plan a statement once (`connections.BY_KEY`)."""
        self._pool = pool
        self._key_pool = key_pool
        self._queue: BatchQueue[Sequence[CaseRead], None] = BatchQueue(self._append)

    async def record(self, reads: Sequence[CaseRead]) -> None:
        """Record looks durably, all or none; raises Unavailable, and then nothing may be shown."""
        if not reads:
            return
        try:
            await self._queue.ask(reads)
        except psycopg.Error as error:
            raise Unavailable("the look could not be recorded") from error

    async def page(
        self, scope: Scope, criteria: ReadFilter, limit: int, before: int | None = None
    ) -> ReadPage:
        """Return a page of the looks at cases in a scope; one at a case that does not exist is in the whole scope alone."""
        given = criteria.values() | ({"before": before} if before is not None else {})
        where = SQL(" AND ").join([visible(scope), *(SQL(_CONDITIONS[name]) for name in given)])
        values = {**given, **scope_values(scope), "limit": limit + 1}
        async with connection_of(self._pool) as connection, connection.cursor(row_factory=dict_row) as rows:
            await rows.execute(_PAGE.format(where=where), values)
            found = await rows.fetchall()
        more = len(found) > limit
        items = [ReadItem.model_validate(row) for row in found[:limit]]
        return ReadPage(items=items, next=str(found[limit - 1]["id"]) if more else None)

    async def _append(self, batch: Sequence[Sequence[CaseRead]]) -> Sequence[None]:
        rows = to_json([_row(read) for reads in batch for read in reads]).decode()
        async with connection_of(self._key_pool) as connection:
            await connection.execute(_INSERT, (rows,))
        return [None] * len(batch)


def _row(read: CaseRead) -> dict[str, object]:
    reader = read.reader
    return {
        "at": read.at,
        "sub": reader.sub,
        "sub_key": folded(reader.sub),
        "role": reader.role,
        "unit": reader.unit,
        "dispute": read.dispute,
        "what": read.what,
        "purpose": read.purpose,
        "decision": read.decision,
    }
