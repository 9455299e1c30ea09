"""Checking tables of the ledger, row by row against what there is; what is right waits in the spool."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from uuid import UUID

from application.importing.ahead import ahead
from application.importing.cases import Case, Cases
from application.importing.entries import Entry, entries
from application.importing.faults import Faults
from application.importing.known import Known
from application.importing.past import earlier, objection, to_carry_over
from application.importing.spool import BATCH, Spool
from application.ledger import LedgerRow
from application.ports import EventLog
from application.references import References, joined
from application.tables.kinds import Kind
from application.tables.table import Table
from domain.aggregates.register import Register
from domain.messages import message

_Read = list[tuple[Entry, LedgerRow]]
_Decided = list[tuple[Entry, Case]]


class Checking:
    """Reads tables of the ledger. Parsing and deciding run in a thread, so that nobody else has to wait."""

    def __init__(
        self, log: EventLog, references: References, known: Known, cases: Cases, faults: Faults
    ) -> None:
        self._log = log
        self._references = references
        self._known = known
        self._cases = cases
        self._faults = faults
        self._seen: dict[bytes, tuple[str, int]] = {}
        self.rows = 0
        self.same = 0

    async def check(self, table: Table, place: int, spool: Spool, progress: Callable[[int], None]) -> None:
        """Check a table to its end; rows that are to be recorded go to the spool, with its place among the tables."""
        async for chunk in ahead(self._chunks(table)):
            await self._known.look_up(unit for _, row in chunk for unit in (row.unit, *row.co_units))
            decided = await asyncio.to_thread(self._decided, chunk)
            await self._compare(decided, place, spool)
            self.rows += len(chunk)
            progress(self.rows)

    def _chunks(self, table: Table) -> Iterator[_Read]:
        rows = self._rows(table)
        while chunk := list(islice(rows, BATCH)):
            yield chunk

    def _rows(self, table: Table) -> Iterator[tuple[Entry, LedgerRow]]:
        for entry in entries(Kind.LEDGER, table, self._faults):
            row = entry.understood(LedgerRow, self._faults)
            if row is not None:
                yield entry, row

    def _decided(self, chunk: _Read) -> _Decided:
        found = ((entry, self._cases.case(entry, row, self._faults)) for entry, row in chunk)
        return [(entry, case) for entry, case in found if case is not None and self._is_first(entry, case)]

    def _is_first(self, entry: Entry, case: Case) -> bool:
        """Say whether the number stands in the tables for the first time."""
        place = entry.head.sheet or entry.head.file, entry.line
        first = self._seen.setdefault(case.twin.bytes, place)
        if first == place:
            return True
        sentence = (
            message("stands in line {line} already", line=first[1])
            if first[0] == place[0]
            else message("stands in line {line} of {table} already", line=first[1], table=first[0])
        )
        entry.fault(self._faults, "number", sentence)
        return False

    async def _compare(self, decided: _Decided, place: int, spool: Spool) -> None:
        registers = self._references.registers.ask(
            {case.numbered.register for _, case in decided if case.numbered}
        )
        streams: dict[UUID, int] = {each: 0 for _, case in decided for each in case.ids}
        loaded = await self._log.load(joined(streams, registers.after))
        found = registers.take(loaded)
        for entry, case in decided:
            register = found.get(case.numbered.register, Register()) if case.numbered else Register()
            before = earlier(case, loaded.streams)
            wrong = objection(case, before, register)
            if wrong:
                entry.fault(self._faults, "number", wrong)
                continue
            self.same += before is not None
            if before is None or to_carry_over(case, register):
                spool.add(case, place, entry.line, known=before is not None)
