"""Every read model. A new one is added here and to the migrations, nowhere else."""

from typing import Final

from projections.case_history.projection import CaseHistoryProjection
from projections.case_list.projection import CaseListProjection
from projections.directory.projection import DirectoryProjection
from projections.ledger.projection import LedgerProjection
from projections.runtime.case_cache import CaseCache
from projections.runtime.projection import Projection, ReadModelOfStreams

NAMES: Final = (
    CaseListProjection.NAME,
    DirectoryProjection.NAME,
    LedgerProjection.NAME,
    CaseHistoryProjection.NAME,
)


def read_model(name: str) -> ReadModelOfStreams:
    """Return a fresh instance of a read model, to be filled by itself; raises KeyError for a name that is none's."""
    models: tuple[ReadModelOfStreams, ...] = (
        CaseListProjection(),
        DirectoryProjection(),
        LedgerProjection(),
        CaseHistoryProjection(),
    )
    return {model.NAME: model for model in models}[name]


def projections() -> tuple[Projection, ...]:
    """Return a fresh instance of every projection; side by side they fold each case once."""
    folds = CaseCache()
    return (
        CaseListProjection(folds),
        DirectoryProjection(),
        LedgerProjection(folds),
        CaseHistoryProjection(folds),
    )
