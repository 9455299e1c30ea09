"""Brings tables in: checks them whole, and records only where nothing is wrong."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from enum import StrEnum, auto
from itertools import groupby
from typing import Final, TypeVar
from uuid import UUID, uuid5

from application.command_handler import Clock, CommandHandler
from application.context import Context
from application.deciders.dispute import DEFAULT_PROCEDURE
from application.deciders.procedure import PROCEDURES
from application.importing.checking import ImportChecker
from application.importing.chunk import ChunkContext, Decide, decide_chunk
from application.importing.errors import RowErrors
from application.importing.parsing import ParsedRow, entries, ladders
from application.importing.plan import NEW, SAME, ImportPlan
from application.importing.prefetch import ahead
from application.importing.reference_lookup import ReferenceLookup
from application.importing.reference_tables import ReferenceTables
from application.importing.spool import Spool, SpooledRecord, spooled
from application.importing.writer import ImportWriter, NumberGivenError, OvertakenError
from application.ports import EventLog, Reply
from application.stream_cache import StreamCache, read_states
from application.tables.headings import kind_of
from application.tables.kinds import TableKind
from application.tables.table import NotATable, Table
from domain.commands.procedure import ProposeProcedure
from domain.errors import UnknownProcedure
from domain.events.envelope import Actor
from domain.messages import message
from domain.procedures.ladder import Ladder, ProcedureRef

_TOGETHER: Final = 32
"""Units or platforms that are recorded at once."""
_OVERTAKEN: Final = message("while the import went on, another case came to have this number")
_T = TypeVar("_T")
_Tables = Mapping[TableKind, Sequence[Table]]


class ImportStage(StrEnum):
    """How far an import is."""

    CHECKING = auto()
    RECORDING = auto()


Progress = Callable[[ImportStage, int, int | None], None]
"""Receives the stage, how many rows of the ledger are done, and of how many where that is known."""


class Importer:
    """Imports tables. One at a time: a second one waits."""

    def __init__(
        self,
        log: EventLog,
        cache: StreamCache,
        handler: CommandHandler,
        clock: Clock,
        workers: Sequence[Decide] = (decide_chunk,),
    ) -> None:
        """`workers` decide chunks of the ledger concurrently."""
        self._log = log
        self._cache = cache
        self._handler = handler
        self._clock = clock
        self._workers = workers
        self._turn = asyncio.Lock()

    async def bring_in(
        self,
        tables: Sequence[Table],
        actor: Actor,
        run: UUID,
        *,
        unreadable: Sequence[NotATable] = (),
        dry_run: bool = False,
        progress: Progress = lambda *_: None,
    ) -> tuple[ImportPlan, int | None]:
        """Import tables; return what was new, changed or the same, and the position of the last event.

        Raises ImportRefused with everything that is wrong, and nothing is recorded; Contended, Unavailable in the
        middle of recording, after which the same import goes on where it was. `run` is an id of this import alone,
        `unreadable` what kept files from being opened.
        """
        async with self._turn:
            with spooled() as spool:
                faults = RowErrors()
                for item in unreadable:
                    faults.unreadable(item)
                plan = await self._check(tables, actor, faults, spool, progress)
                faults.must_be_none()
                if dry_run:
                    return plan, None
                described = await self._describe(plan, actor, run)
                return plan, await self._record(spool, tables, actor, progress) or described

    async def _check(
        self, tables: Sequence[Table], actor: Actor, faults: RowErrors, spool: Spool, progress: Progress
    ) -> ImportPlan:
        sorted_out, known = _sorted_out(tables, faults), ReferenceLookup(self._log, self._cache)
        places = ReferenceTables(known, faults, self._clock())
        await self._check_places(sorted_out, places, faults)
        plan = places.plan
        if sorted_out[TableKind.LEDGER]:
            around = ChunkContext(*await self._in_force(), actor, self._clock())
            checking = ImportChecker(self._log, self._cache, known, around, faults, self._workers)
            for table in sorted_out[TableKind.LEDGER]:
                place = tables.index(table)
                await checking.check(
                    table, place, spool, lambda rows: progress(ImportStage.CHECKING, rows, None)
                )
            plan.count("ledger", NEW, spool.cases)
            plan.count("ledger", SAME, checking.same)
        plan.notices += [notice for table in tables for notice in table.notices]
        return plan

    async def _check_places(self, tables: _Tables, places: ReferenceTables, faults: RowErrors) -> None:
        def read(kind: TableKind) -> list[ParsedRow]:
            return [entry for table in tables[kind] for entry in entries(kind, table, faults)]

        parsed = [item for table in tables[TableKind.LADDERS] for item in ladders(table, faults)]
        ids = {ladder.id for _, _, ladder in parsed}
        states = await read_states(self._log, self._cache, map(PROCEDURES.ref, ids))
        places.ladders(parsed, states.all(PROCEDURES, ids))
        await places.units(await asyncio.to_thread(read, TableKind.UNITS))
        about, people = [
            await asyncio.to_thread(read, kind) for kind in (TableKind.PLATFORMS, TableKind.MEDIATORS)
        ]
        await places.platforms(about, people)

    async def _in_force(self) -> tuple[ProcedureRef, Ladder]:
        states = await read_states(self._log, self._cache, [PROCEDURES.ref(DEFAULT_PROCEDURE)])
        procedure = states.get(PROCEDURES, DEFAULT_PROCEDURE)
        if procedure is None or not procedure.versions:
            raise UnknownProcedure(
                message("no procedure {procedure} is in force", procedure=DEFAULT_PROCEDURE)
            )
        return procedure.in_force, procedure.versions[procedure.in_force.version]

    async def _describe(self, plan: ImportPlan, actor: Actor, run: UUID) -> int | None:
        """Record reference data: units before those below them, platforms after their units."""

        def context(name: str) -> Context:
            return Context(actor=actor, command_id=uuid5(run, name))

        handle, replies = self._handler.handle, list[Reply]()
        for ladder in plan.ladders:
            command = ProposeProcedure(ladder=ladder)
            replies.append(await handle(command, context(f"ladder:{ladder.id}")))
        for _, level in groupby(plan.units, key=lambda item: item.unit.count(".")):
            described = [handle(item, context(f"unit:{item.unit}")) for item in level]
            replies += await _together(described)
        for platform in plan.platforms:  # their patterns share one stream
            if platform.number_pattern is not None:
                replies.append(await handle(platform, context(f"platform:{platform.unit}")))
        described = [
            handle(platform, context(f"platform:{platform.unit}"))
            for platform in plan.platforms
            if platform.number_pattern is None
        ]
        replies += await _together(described)
        return max((reply.position for reply in replies if reply.position), default=None)

    async def _record(
        self, spool: Spool, tables: Sequence[Table], actor: Actor, progress: Progress
    ) -> int | None:
        recording = ImportWriter(self._log, self._cache, self._clock, actor)
        done = 0
        try:
            position = await recording.carry_over(spool.numbers)
            async for batch in ahead(spool.batches()):
                position = await recording.record(batch) or position
                done += len(batch)
                progress(ImportStage.RECORDING, done, spool.records)
        except NumberGivenError as error:
            _refuse(spool.with_number(error.register, error.n), tables, recorded=True)
        except OvertakenError as error:
            _refuse(error.waiting, tables, recorded=True)
        return position


def _refuse(waiting: SpooledRecord, tables: Sequence[Table], *, recorded: bool) -> None:
    """Say which row came too late."""
    faults = RowErrors()
    faults.add(tables[waiting.table].head, waiting.line, "number", _OVERTAKEN)
    faults.must_be_none(recorded=recorded)


def _sorted_out(tables: Sequence[Table], faults: RowErrors) -> _Tables:
    found: dict[TableKind, list[Table]] = {kind: [] for kind in TableKind}
    for table in tables:
        head = table.head
        kind = kind_of(head.sheet, head.cells)
        if kind is None:
            faults.add(
                head, head.line, "", message("neither its name nor its headings say what this table holds")
            )
        elif kind is TableKind.LADDERS and not head.keyed:
            faults.add(head, head.line, "", message("ladders come as YAML"))
        else:
            found[kind].append(table)
    return found


async def _together(described: Sequence[Coroutine[None, None, _T]]) -> list[_T]:
    """Await several at once, but not too many; where one fails, the others are awaited first."""
    replies: list[_T] = []
    for start in range(0, len(described), _TOGETHER):
        tasks = [asyncio.ensure_future(item) for item in described[start : start + _TOGETHER]]
        await asyncio.wait(tasks)
        replies += [task.result() for task in tasks]
    return replies
