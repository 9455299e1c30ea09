"""Every projection. A new one is added here and to the migrations, nowhere else."""

from typing import ClassVar, Final

from projections.case_history.projection import CaseHistoryProjection
from projections.case_list.projection import CaseListProjection
from projections.directory.projection import DIRECTORY
from projections.ledger.projection import LedgerProjection
from projections.procedures.projection import PROCEDURES
from projections.runtime.case_cache import CaseCache
from projections.runtime.event_rows import EventRows, EventRowsProjection
from projections.runtime.projection import Projection, ReadModelTable, RebuildableProjection


class DirectoryProjection(EventRowsProjection):
    """Writes the directory, and procedures with calendars: two read models at one position of the log."""

    PARTS: ClassVar[tuple[EventRows, ...]] = (DIRECTORY, PROCEDURES)
    NAME: ClassVar[str] = "directory"
    TABLES: ClassVar[tuple[ReadModelTable, ...]] = DIRECTORY.tables + PROCEDURES.tables
    TOPIC_PREFIXES: ClassVar[tuple[str, ...]] = DIRECTORY.topic_prefixes + PROCEDURES.topic_prefixes


NAMES: Final = (
    CaseListProjection.NAME,
    DirectoryProjection.NAME,
    LedgerProjection.NAME,
    CaseHistoryProjection.NAME,
)


def projection(name: str) -> RebuildableProjection:
    """Return a fresh instance of one projection, which shares nothing; raises KeyError for an unknown name."""
    fresh: tuple[RebuildableProjection, ...] = (
        CaseListProjection(),
        DirectoryProjection(),
        LedgerProjection(),
        CaseHistoryProjection(),
    )
    return {item.NAME: item for item in fresh}[name]


def projections() -> tuple[Projection, ...]:
    """Return a fresh instance of every projection; together they fold each case once."""
    cases = CaseCache()
    return (
        CaseListProjection(cases),
        DirectoryProjection(),
        LedgerProjection(cases),
        CaseHistoryProjection(cases),
    )
