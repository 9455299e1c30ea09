"""Every read model. A new one is added here and to the migrations, nowhere else."""

from typing import Final

from projections.caseload import Caseload
from projections.directory import DirectoryProjection
from projections.folds import Folds
from projections.ledger import LedgerProjection
from projections.lifelines import Lifelines
from projections.projection import Projection, ReadModelOfStreams

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
