"""What was checked and is still to be recorded, in a file without a name: it is gone when the process is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from uuid import UUID

from application.importing.parsing import ImportedCase
from domain.events.dispute import Imported
from domain.jurisdiction.numbering import Numbered

BATCH: Final = 500
"""Cases that are recorded together."""


@dataclass(frozen=True, slots=True)
class SpooledRecord:
    """A case that waits to be recorded; without an event the register alone has to learn of its number.

    `table` and `line` say where it stands, to be able to tell of it.
    """

    stream: UUID
    numbered: Numbered | None
    table: int
    line: int
    event: Imported | None
    digest: bytes


class Spool:
    """A file of waiting cases: first written to its end, then read batch by batch.

    `numbers` are those that registers have to learn, by register and year.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.cases = 0
        self.records = 0
        self.numbers: dict[tuple[str, int], set[int]] = {}

    def add(self, case: ImportedCase, table: int, line: int, *, known: bool) -> None:
        """Put a case at the end; `known` where it was recorded before and only its number has to be carried over."""
        numbered = case.numbered
        event_json = b"" if known else case.event_json
        place = f"{numbered.keeper}\t{numbered.year}\t{numbered.n}" if numbered else "\t\t"
        self._file.write(
            b"%b\t%b\t%d\t%d\t%b\n" % (case.ids[0].hex.encode(), place.encode(), table, line, event_json)
        )
        if numbered:
            self.numbers.setdefault(numbered.register, set()).add(numbered.n)
        self.cases += not known
        self.records += 1

    def batches(self) -> Iterator[Sequence[SpooledRecord]]:
        """Yield what was put in, in order, in batches."""
        self._file.seek(0)
        while batch := [_waiting(line) for line in islice(self._file, BATCH)]:
            yield batch

    def with_number(self, register: tuple[str, int], n: int) -> SpooledRecord:
        """Return the case that has a number of a register; raises LookupError."""
        for batch in self.batches():
            for item in batch:
                if item.numbered and item.numbered.register == register and item.numbered.n == n:
                    return item
        raise LookupError(n)


@contextmanager
def spooled() -> Iterator[Spool]:
    """Yield an empty spool, whose file nobody else can open."""
    with TemporaryFile("w+b", prefix="tiaochu-") as file:
        yield Spool(file)


def _waiting(line: bytes) -> SpooledRecord:
    stream, keeper, year, n, table, number, event_json = line.rstrip(b"\n").split(b"\t", 6)
    numbered = Numbered(keeper.decode(), int(year), int(n)) if keeper else None
    event = Imported.model_validate_json(event_json) if event_json else None
    return SpooledRecord(
        UUID(hex=stream.decode()), numbered, int(table), int(number), event, sha256(line).digest()
    )
