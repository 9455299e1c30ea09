"""Every read model. A new one is added here and to the migrations, nowhere else."""

from typing import Final

from projections.caseload import Caseload
from projections.directory import DirectoryProjection
from projections.folds import Advances
from projections.ledger import LedgerProjection
from projections.lifelines import Lifelines
from projections.projection import Projection

NAMES: Final = (Caseload.NAME, DirectoryProjection.NAME, LedgerProjection.NAME, Lifelines.NAME)


def projections() -> tuple[Projection, ...]:
    """Return a fresh instance of every projection; side by side they fold each case once."""
    advances = Advances()
    return (Caseload(advances), DirectoryProjection(), LedgerProjection(advances), Lifelines(advances))
