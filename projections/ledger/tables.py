"""The table of the ledger, and the row of a case in it."""

from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from application.ledger import LedgerRow
from projections.runtime.case_cache import case_of
from projections.runtime.case_facts import case_units
from projections.runtime.projection import ReadModelTable, Row

LEDGER: Final = ReadModelTable(
    "ledger", ("dispute", "unit", "year", "accepted_on", "number", "entry", "units"), ("dispute",), case_of
)


def columns_of(dispute: UUID, row: LedgerRow) -> Row:
    """Return the columns of a case's row."""
    entry = Jsonb(row.model_dump(mode="json", exclude_none=True))
    units = list(case_units(row.unit, row.co_units))
    return (dispute, row.unit, row.accepted_on.year, row.accepted_on, row.number, entry, units)
