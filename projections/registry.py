"""Every read model. A new one is added here and to the migrations, nowhere else."""

from typing import Final

from projections.case_history.projection import Lifelines
from projections.case_list.projection import Caseload
from projections.directory.projection import DirectoryProjection
from projections.ledger.projection import LedgerProjection
from projections.runtime.case_cache import Folds
from projections.runtime.projection import Projection, ReadModelOfStreams

NAMES: Final = (Caseload.NAME, DirectoryProjection.NAME, LedgerProjection.NAME, Lifelines.NAME)


def read_model(name: str) -> ReadModelOfStreams:
    """Return a fresh instance of a read model, to be filled by itself; raises KeyError for a name that is none's."""
    models: tuple[ReadModelOfStreams, ...] = (
        Caseload(),
        DirectoryProjection(),
        LedgerProjection(),
        Lifelines(),
    )
    return {each.NAME: each for each in models}[name]


def projections() -> tuple[Projection, ...]:
    """Return a fresh instance of every projection; side by side they fold each case once."""
    folds = Folds()
    return (Caseload(folds), DirectoryProjection(), LedgerProjection(folds), Lifelines(folds))
