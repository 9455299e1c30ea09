"""A table as it is handed in, whatever kind of file it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from application.tables.kinds import Cell
from domain.messages import Message

Row = tuple[int, Sequence[Cell]]
"""A row's number, as a spreadsheet counts, and its cells. A row that is blank may be left out."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """Where a table stands and its first row.

    `keyed` where the rows spell their headings out; a ladder's one cell is its whole document, packed.
    """

    file: str
    sheet: str
    line: int
    cells: Sequence[Cell]
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class TableNotice:
    """What whoever hands a table in should know of it; nothing is refused because of it. `line` 0 is no certain line."""

    kind: Literal["hidden_sheet", "hidden_rows", "cell_cut"]
    file: str
    sheet: str
    line: int
    column: str
    detail: Message


class Table(Protocol):
    """A table of a file."""

    @property
    def notices(self) -> Sequence[TableNotice]:
        """What is to be told of the table, once its rows were read."""
        ...

    @property
    def head(self) -> TableHead:
        """Where it stands, and its headings."""
        ...

    def rows(self) -> Iterator[Row]:
        """Read the rows below the headings, once; raises NotATable where the file breaks off or is damaged."""
        ...


class NotATable(Exception):
    """A file cannot be read as a table."""

    def __init__(self, detail: Message, file: str, sheet: str = "", line: int = 0) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.file = file
        self.sheet = sheet
        self.line = line
