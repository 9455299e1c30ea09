"""Telling what a table is by its headings, and reading its rows by them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final
from unicodedata import normalize

from application.i18n import Language
from application.tables.cells import CellFault, Read, names, reader
from application.tables.kinds import COLUMNS_OF, Cell, Column, TableKind
from application.tables.table import Row
from application.tables.writing import heading, sheet_name
from domain.messages import Message, message

_LEAST: Final = 2
"""Headings by which a table is recognised, where its name does not say what it is."""
LOOKED_AT: Final = 10
"""Rows among which the headings may stand."""
UNKNOWN: Final = message("is not a heading of this table")
TWICE: Final = message("stands twice")
MISSING: Final = message("is missing, and every row needs it")
REQUIRED: Final = message("is required")
NO_HEADING: Final = message("stands under no heading")


@dataclass(frozen=True, slots=True)
class HeadingError:
    """What is wrong with a column, by its heading or by its letter."""

    column: str
    detail: Message


@dataclass(frozen=True, slots=True)
class _Place:
    index: int
    heading: str
    column: Column
    read: Read


class Reading:
    """Reads the rows of a table whose headings were understood."""

    def __init__(self, places: Sequence[_Place], shown: Mapping[str, str], head: Sequence[Cell]) -> None:
        self._places = places
        self._shown = shown
        self._blank = [index for index, cell in enumerate(head) if not _plain(cell)]
        self._width = len(head)

    @property
    def has(self) -> frozenset[str]:
        """The columns that the table has."""
        return frozenset(place.column.name for place in self._places)

    def shown(self, column: str) -> str:
        """Return how this table calls a column."""
        return self._shown.get(column, column)

    def values(self, cells: Sequence[Cell], findings: list[HeadingError]) -> dict[str, object]:
        """Return what a row says by column, blank cells left out; what cannot be read is added to `findings`."""
        values: dict[str, object] = {}
        width = len(cells)
        for place in self._places:
            cell = cells[place.index] if place.index < width else None
            try:
                value = place.read(cell) if cell is not None and cell != "" else None
            except CellFault as fault:
                findings.append(HeadingError(place.heading, fault.detail))
                continue
            if value is not None:
                values[place.column.name] = value
            elif place.column.required:
                findings.append(HeadingError(place.heading, REQUIRED))
        if self._blank or width > self._width:
            findings += self._astray(cells)
        return values

    def texts(self, cells: Sequence[Cell], columns: Collection[str]) -> Iterator[str]:
        """Yield the texts in some columns of a row, as far as they can be read."""
        for place in self._places:
            if place.column.name in columns and place.index < len(cells):
                with suppress(CellFault):
                    yield from names(cells[place.index]) or ()

    def _astray(self, cells: Sequence[Cell]) -> Iterable[HeadingError]:
        for index in (*self._blank, *range(self._width, len(cells))):
            if index < len(cells) and _plain(cells[index]):
                yield HeadingError(letter(index), NO_HEADING)


def head_of(rows: Iterable[Row]) -> Row | None:
    """Find the headings among the first rows, below a title if there is one; None where all rows are blank."""
    first: Row | None = None
    for number, cells in islice(rows, LOOKED_AT):
        if recognised(cells) >= _LEAST:
            return number, cells
        if first is None and not blank(cells):
            first = number, cells
    return first


def blank(cells: Sequence[Cell]) -> bool:
    """Say whether a row holds nothing."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def kind_of(name: str, head: Sequence[Cell]) -> TableKind | None:
    """Return what a table is: by its name, else by its headings; None where neither says."""
    named = _by_name().get(_plain(name))
    return named or _by_headings(head)


def reading(
    kind: TableKind, head: Sequence[Cell], *, keyed: bool = False
) -> tuple[Reading, list[HeadingError]]:
    """Understand the headings of a table; errors are returned with them.

    `keyed` where they are keys that rows spell out, so that an unknown one is named by itself and not by its letter.
    """
    known, places, findings = _known(kind), list[_Place](), list[HeadingError]()
    for index, cell in enumerate(head):
        found = known.get(_plain(cell))
        if found is None and _plain(cell):
            findings.append(HeadingError(str(cell) if keyed else letter(index), UNKNOWN))
        elif found is not None:
            column, yuan = found
            if any(place.column is column for place in places):
                findings.append(HeadingError(str(cell).strip(), TWICE))
            places.append(_Place(index, str(cell).strip(), column, reader(column, yuan=yuan)))
    shown = _shown(kind, places)
    needed = (column.name for column in COLUMNS_OF[kind] if column.required)
    there = {place.column.name for place in places}
    findings += [HeadingError(shown[name], MISSING) for name in needed if name not in there]
    return Reading(places, shown, head), findings


def _shown(kind: TableKind, places: Sequence[_Place]) -> dict[str, str]:
    """How each column is called: as the table has it; one that is missing, in the language of most others."""
    english = sum(place.column.name == place.heading for place in places)
    language: Language = "en" if english * 2 > len(places) else "zh"
    called = {column.name: heading(column, language) for column in COLUMNS_OF[kind]}
    return called | {place.column.name: place.heading for place in places}


def letter(index: int) -> str:
    """Return what a spreadsheet calls the column at a place, counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def recognised(head: Sequence[Cell]) -> int:
    """Return how many of the headings are those of the table that they fit best."""
    return max(_recognised(head).values())


def _by_headings(head: Sequence[Cell]) -> TableKind | None:
    found = _recognised(head)
    best = max(found, key=lambda kind: (found[kind], -len(COLUMNS_OF[kind])))
    return best if found[best] >= _LEAST else None


def _recognised(head: Sequence[Cell]) -> dict[TableKind, int]:
    there = {_plain(cell) for cell in head}
    return {kind: len(there & _known(kind).keys()) for kind in COLUMNS_OF}


@lru_cache
def _by_name() -> Mapping[str, TableKind]:
    return {_plain(sheet_name(kind, language)): kind for kind in TableKind for language in ("zh", "en")}


@lru_cache
def _known(kind: TableKind) -> Mapping[str, tuple[Column, bool]]:
    """The headings of a kind, each with whether it is the Chinese one."""
    english = {_plain(column.name): (column, False) for column in COLUMNS_OF[kind]}
    return {_plain(heading(column, "zh")): (column, True) for column in COLUMNS_OF[kind]} | english


def _plain(cell: Cell) -> str:
    """A heading without what people put around it: spaces, capitals, wide brackets, the star of what is required."""
    return "".join(normalize("NFKC", str(cell)).casefold().split()).strip("*'") if cell is not None else ""
