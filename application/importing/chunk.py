"""Deciding a chunk of the ledger: rows in, cases or faults out. Pure, and all of it can be sent to another process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from application.importing.errors import RowErrors
from application.importing.parsing import CaseParser, ImportedCase, ParsedRow, entries_of
from application.ledger import ImportedRow
from application.tables.headings import Reading, reading
from application.tables.kinds import TableKind
from application.tables.table import Row, TableHead
from domain.aggregates.dispute import World
from domain.events.envelope import Actor
from domain.jurisdiction.numbering import Numbering
from domain.jurisdiction.platform import Platform
from domain.messages import Argument
from domain.procedures.ladder import Ladder, ProcedureRef


@dataclass(frozen=True, slots=True)
class ChunkContext:
    """Under what cases come in: the procedure in force, who imports, and when."""

    procedure: ProcedureRef
    ladder: Ladder
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a table with what has to be known for them: which units there are, their platforms, and the patterns of numbers."""

    head: TableHead
    rows: Sequence[Row]
    units: frozenset[str]
    platforms: Mapping[str, Platform]
    numbering: Numbering
    circumstances: ChunkContext


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The cases of a chunk by their lines, and what is wrong with other rows: line, column, sentence and its places."""

    cases: Sequence[tuple[int, ImportedCase]]
    faults: Sequence[tuple[int, str, str, Mapping[str, Argument]]]


Decide = Callable[[Chunk], ChunkResult]


def decide_chunk(chunk: Chunk) -> ChunkResult:
    """Decide the rows of a chunk."""
    found, sound = _reading(
        tuple("" if cell is None else str(cell) for cell in chunk.head.cells), keyed=chunk.head.keyed
    )
    faults = RowErrors(limit=len(chunk.rows) * 100)
    around = chunk.circumstances
    world = World(around.now, around.actor, around.procedure, around.ladder, platforms=chunk.platforms)
    cases = CaseParser(chunk.units, world, chunk.numbering)
    decided = [
        (entry.line, case)
        for entry in entries_of(chunk.head, found, chunk.rows, faults, sound=sound)
        if (case := _case(entry, cases, faults)) is not None
    ]
    wrong = [
        (item.line, item.column, item.detail.template, dict(item.detail.arguments)) for item in faults.listed
    ]
    return ChunkResult(decided, wrong)


def _case(entry: ParsedRow, cases: CaseParser, faults: RowErrors) -> ImportedCase | None:
    row = entry.parsed(ImportedRow, faults)
    return None if row is None else cases.case(entry, row, faults)


@lru_cache(16)
def _reading(head: tuple[str, ...], *, keyed: bool) -> tuple[Reading, bool]:
    """What reads the rows under a head, and whether nothing is wrong with it."""
    found, wrong = reading(TableKind.LEDGER, head, keyed=keyed)
    return found, not wrong
