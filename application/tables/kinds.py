"""The kinds of tables and their columns. What a column is called stands in the catalogue under the context `word`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Final, get_args

from application.initial_data import default_ladder
from application.ledger import COLUMNS, LedgerRow
from domain.events.dispute.agreement import Form
from domain.vocabulary import Category, Difficulty, MediatorKind, Outcome, Seat, Source, Status

Cell = str | int | float | bool | date | datetime | list["Cell"] | None
"""What a cell may hold, whichever kind of file it stands in."""


class TableKind(StrEnum):
    """A kind of table."""

    UNITS = auto()
    PLATFORMS = auto()
    MEDIATORS = auto()
    LADDERS = auto()
    LEDGER = auto()


class ColumnType(StrEnum):
    """What the cells of a column hold."""

    TEXT = auto()
    NAMES = auto()
    """Several texts."""
    WORD = auto()
    """A word of a closed list."""
    KEY = auto()
    """A name that the office chose, or one of the usual words for it."""
    KEYS = auto()
    DAY = auto()
    COUNT = auto()
    MONEY = auto()
    """Whole fen; under a Chinese heading yuan."""
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its English heading, what it holds, whether a row needs it, and under which word its Chinese stands."""

    name: str
    holds: ColumnType = ColumnType.TEXT
    required: bool = False
    words: tuple[str, ...] = ()
    word: str = ""

    @property
    def heading(self) -> str:
        """The word under which the catalogue has its Chinese heading."""
        return self.word or self.name


TIERS: Final = default_ladder().tier_names
UNIT_KINDS: Final = (*TIERS, "building", "block", "village", "grid", "district")
"""What kinds of units are usually called; an office may have its own."""
SEATS: Final = tuple(Seat)
GROUPS: Final = ("liaison", "legal", "property_service", "owner_guidance")
_HELD: Final[Mapping[str, tuple[ColumnType, tuple[str, ...]]]] = {
    "co_units": (ColumnType.NAMES, ()),
    "tier": (ColumnType.KEY, TIERS),
    "category": (ColumnType.WORD, tuple(Category)),
    "difficulty": (ColumnType.WORD, tuple(Difficulty)),
    "source": (ColumnType.WORD, tuple(Source)),
    "amount_fen": (ColumnType.MONEY, ()),
    "applicants": (ColumnType.NAMES, ()),
    "respondents": (ColumnType.NAMES, ()),
    "people_involved": (ColumnType.COUNT, ()),
    "filed_on": (ColumnType.DAY, ()),
    "accepted_on": (ColumnType.DAY, ()),
    "mediators": (ColumnType.NAMES, ()),
    "sessions": (ColumnType.COUNT, ()),
    "status": (ColumnType.WORD, tuple(item for item in Status if item is not Status.FILED)),
    "agreement_form": (ColumnType.WORD, get_args(Form)),
    "agreed_on": (ColumnType.DAY, ()),
    "agreed_fen": (ColumnType.MONEY, ()),
    "due_on": (ColumnType.DAY, ()),
    "outcome": (ColumnType.WORD, tuple(item for item in Outcome if item is not Outcome.DECLINED)),
    "closed_on": (ColumnType.DAY, ()),
    "imported": (ColumnType.MARK, ("yes", "no")),
}


def _of_the_ledger(name: str) -> Column:
    holds, words = _HELD.get(name, (ColumnType.TEXT, ()))
    return Column(name, holds, LedgerRow.model_fields[name].is_required(), words)


COLUMNS_OF: Final[Mapping[TableKind, tuple[Column, ...]]] = {
    TableKind.UNITS: (
        Column("unit", required=True),
        Column("title", required=True, word="unit_title"),
        Column("kind", ColumnType.KEY, required=True, words=UNIT_KINDS, word="unit_kind"),
        Column("parent"),
    ),
    TableKind.PLATFORMS: (
        Column("unit", required=True),
        Column("tier", ColumnType.KEY, required=True, words=TIERS),
        Column("title", required=True, word="platform_title"),
        Column("number_pattern"),
        Column("convener", required=True, word="convener_id"),
        Column("panel", ColumnType.KEYS, words=SEATS),
        Column("groups", ColumnType.KEYS, words=GROUPS),
    ),
    TableKind.MEDIATORS: (
        Column("unit", required=True),
        Column("id", required=True, word="mediator_id"),
        Column("name", required=True, word="mediator_name"),
        Column("kind", ColumnType.WORD, required=True, words=get_args(MediatorKind), word="mediator_kind"),
        Column("appointed_on", ColumnType.DAY, required=True),
        Column("term_ends_on", ColumnType.DAY, required=True),
    ),
    TableKind.LEDGER: tuple(_of_the_ledger(name) for name in COLUMNS),
}
"""The columns of every kind that is a plain table; ladders are none."""


def vocabulary() -> set[str]:
    """Return every word of which tables need the Chinese: headings, kinds, and the words of their lists."""
    columns = [column for columns in COLUMNS_OF.values() for column in columns]
    names = {f"table_{kind}" for kind in TableKind}
    return names.union(*({column.heading, *column.words} for column in columns))
