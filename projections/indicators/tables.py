"""The tables that the indicators count: the history of cases, by all that is recorded or by what was known at a time."""

from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True, slots=True)
class HistoryTables:
    """The names of two tables: how cases stood from day to day, and what happened to them on which day."""

    intervals: LiteralString
    milestones: LiteralString


RECORDED: Final = HistoryTables("case_spells", "case_steps")
"""The permanent tables."""
KNOWN_AT: Final = HistoryTables("known_intervals", "known_milestones")
"""Tables of one transaction, with names of their own.

psycopg prepares a statement after five uses, and PostgreSQL keeps its plan for the permanent table even where a
temporary table of the same name was made since.
"""
CREATE_KNOWN_AT: Final = (
    "CREATE TEMP TABLE known_intervals (LIKE case_spells) ON COMMIT DROP",
    "CREATE TEMP TABLE known_milestones (LIKE case_steps) ON COMMIT DROP",
)
