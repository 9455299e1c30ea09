"""Checking tables of the ledger, row by row against what there is; what is right waits in the spool."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from application.deciders.register import REGISTERS
from application.importing.already_imported import earlier, objection, to_carry_over
from application.importing.chunk import Chunk, ChunkContext, ChunkResult, Decide
from application.importing.errors import RowErrors
from application.importing.parsing import ImportedCase
from application.importing.prefetch import ahead
from application.importing.reference_lookup import ReferenceLookup
from application.importing.spool import BATCH, Spool
from application.ports import EventLog
from application.stream_cache import StreamCache, read_states
from application.tables.headings import Reading, reading
from application.tables.kinds import TableKind
from application.tables.table import NotATable, Row, Table, TableHead
from domain.jurisdiction.register import Register
from domain.jurisdiction.units import with_ancestors
from domain.messages import Message, message

_LINES: Final = 32
"""Bits of a place that are its line; above them is its table. A number takes less memory than a pair."""


class ImportChecker:
    """Checks tables of the ledger.

    Reading and deciding run in threads, one for each of `workers`, so that nobody else has to wait; a worker may hand its
    chunks to another process.
    """

    def __init__(
        self,
        log: EventLog,
        cache: StreamCache,
        known: ReferenceLookup,
        circumstances: ChunkContext,
        faults: RowErrors,
        workers: Sequence[Decide],
    ) -> None:
        self._log = log
        self._cache = cache
        self._known = known
        self._circumstances = circumstances
        self._faults = faults
        self._workers = workers
        self._free: asyncio.Queue[Decide] = asyncio.Queue()
        for worker in workers:
            self._free.put_nowait(worker)
        self._tables: list[TableHead] = []
        self._seen: dict[bytes, int] = {}
        self.rows = 0
        self.same = 0

    async def check(self, table: Table, place: int, spool: Spool, progress: Callable[[int], None]) -> None:
        """Check a table to its end; rows that are to be recorded go to the spool, with its place among the tables."""
        head = table.head
        self._tables.append(head)
        found, wrong = reading(TableKind.LEDGER, head.cells, keyed=head.keyed)
        for item in wrong:
            self._faults.add(head, head.line, item.column, item.detail)
        async for chunk, decided in self._decided(table, found):
            for line, column, template, arguments in decided.faults:
                self._faults.add(head, line, column, message(template, **arguments))
            await self._compare(table.head, found.shown("number"), decided, place, spool)
            self.rows += len(chunk.rows)
            progress(self.rows)

    async def _decided(self, table: Table, found: Reading) -> AsyncIterator[tuple[Chunk, ChunkResult]]:
        """Yield the chunks in order, each decided; one more is under way than there are workers."""
        under_way: deque[tuple[Chunk, asyncio.Future[ChunkResult]]] = deque()
        try:
            async for rows in ahead(self._read(table)):
                if len(under_way) > len(self._workers):
                    chunk, decided = under_way.popleft()
                    yield chunk, await decided
                chunk = await self._chunk(table.head, rows, found)
                under_way.append((chunk, asyncio.ensure_future(self._decide(chunk))))
            while under_way:
                chunk, decided = under_way.popleft()
                yield chunk, await decided
        finally:
            if under_way:
                await asyncio.wait([decided for _, decided in under_way])

    async def _decide(self, chunk: Chunk) -> ChunkResult:
        """Decide a chunk by the next free worker."""
        worker = await self._free.get()
        try:
            return await asyncio.to_thread(worker, chunk)
        finally:
            self._free.put_nowait(worker)

    def _read(self, table: Table) -> Iterator[list[Row]]:
        rows = iter(table.rows())
        try:
            while chunk := list(islice(rows, BATCH)):
                yield chunk
        except NotATable as error:
            self._faults.unreadable(error)

    async def _chunk(self, head: TableHead, rows: Sequence[Row], found: Reading) -> Chunk:
        named = {text for _, cells in rows for text in found.texts(cells, {"unit", "co_units"})}
        await self._known.look_up(named)
        around = {item for unit in named for item in with_ancestors(unit)}
        units = frozenset(item for item in named if item in self._known.units)
        platforms = {item: self._known.platforms[item] for item in around if item in self._known.platforms}
        return Chunk(head, rows, units, platforms, self._known.numbering, self._circumstances)

    async def _compare(
        self, head: TableHead, number: str, decided: ChunkResult, place: int, spool: Spool
    ) -> None:
        keys = {case.numbered.register for _, case in decided.cases if case.numbered}
        registers = await read_states(self._log, self._cache, map(REGISTERS.ref, keys))
        streams: dict[UUID, int] = {item: 0 for _, case in decided.cases for item in case.ids}
        loaded = await self._log.load(streams)
        found = registers.all(REGISTERS, keys)
        for line, case in decided.cases:
            register = found.get(case.numbered.register, Register()) if case.numbered else Register()
            before = earlier(case, loaded.streams)
            wrong = self._twice(head, line, case) or objection(case, before, register)
            if wrong:
                self._faults.add(head, line, number, wrong)
                continue
            self.same += before is not None
            if before is None or to_carry_over(case, register):
                spool.add(case, place, line, known=before is not None)

    def _twice(self, head: TableHead, line: int, case: ImportedCase) -> Message | None:
        """Say where the number stands in the tables already."""
        place = (len(self._tables) - 1 << _LINES) + line
        first = self._seen.setdefault(case.ids[0].bytes, place)
        if first == place:
            return None
        table, line = self._tables[first >> _LINES], first & ((1 << _LINES) - 1)
        if table is head:
            return message("stands in line {line} already", line=line)
        return message("stands in line {line} of {table} already", line=line, table=table.sheet or table.file)
