"""What is wrong with the tables, each with where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from application.i18n import Language, render
from application.tables.table import NotATable, TableHead
from domain.errors import Invalid
from domain.messages import Message, message

LISTED: Final = 1_000
"""Errors that are listed; those beyond are only counted."""


@dataclass(frozen=True, slots=True)
class RowError:
    """A fault: `line` as a spreadsheet counts rows, 0 where it is the file's; `column` by its heading or letter."""

    file: str
    sheet: str
    line: int
    column: str
    detail: Message


@dataclass(slots=True)
class RowErrors:
    """The faults found so far."""

    listed: list[RowError] = field(default_factory=list)
    count: int = 0
    limit: int = field(default_factory=lambda: LISTED)

    def add(self, head: TableHead, line: int, column: str, detail: Message) -> None:
        """Note a fault of a table."""
        self._add(RowError(head.file, head.sheet, line, column, detail))

    def unreadable(self, error: NotATable) -> None:
        """Note that a file cannot be read, or not to its end."""
        self._add(RowError(error.file, error.sheet, error.line, "", error.detail))

    def must_be_none(self, *, recorded: bool = False) -> None:
        """Raise ImportRefused where there are any."""
        if self.count:
            raise ImportRefused(self.listed, self.count, recorded=recorded)

    def _add(self, fault: RowError) -> None:
        self.count += 1
        if len(self.listed) < self.limit:
            self.listed.append(fault)


class ImportRefused(Invalid):
    """The tables hold errors."""

    def __init__(self, faults: Sequence[RowError], count: int, *, recorded: bool) -> None:
        """Hold the faults that are listed and how many there are; `recorded` where earlier batches are in already."""
        self.faults = tuple(sorted(faults, key=lambda item: (item.file, item.sheet, item.line)))
        self.count = count
        super().__init__(_sentence(len(faults), count, recorded=recorded))

    def fault_items(self, language: Language) -> list[dict[str, str | int]]:
        """Return the faults that are listed, each sentence in a language."""
        return [
            {
                "file": fault.file,
                "sheet": fault.sheet,
                "line": fault.line,
                "column": fault.column,
                "detail": render(fault.detail, language),
                "text": render(fault.detail, language),
            }
            for fault in self.faults
        ]


def _sentence(listed: int, count: int, *, recorded: bool) -> Message:
    if recorded:
        return message("{count} errors; what was recorded before them stays", count=count)
    if listed < count:
        return message(
            "{count} errors, of which {listed} are listed; nothing was recorded", count=count, listed=listed
        )
    return message("{count} errors; nothing was recorded", count=count)
