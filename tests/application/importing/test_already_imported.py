"""Whether a case came in before as it is told now."""

from uuid import uuid4

import pytest

from application.importing.already_imported import alike
from domain.events.dispute import Imported
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import Erased
from tests.support.samples import EVENTS

(TOLD,) = (event for event in EVENTS if isinstance(event, Imported))


def told(**changes: object) -> Imported:
    """The case with its filing told otherwise."""
    return TOLD.model_copy(update={"filed": TOLD.filed.model_copy(update=changes)})


def test_what_follows_from_the_circumstances_is_no_difference() -> None:
    parties = tuple(party.model_copy(update={"person": uuid4()}) for party in TOLD.filed.parties)
    elsewhere = told(
        procedure=ProcedureRef(id="three-tier", version=9), platform="dongguang", parties=parties
    )
    assert alike(TOLD, elsewhere)


@pytest.mark.parametrize(
    "change", [{"title": "漏水"}, {"amount_fen": 1}, {"parties": TOLD.filed.parties[:1]}], ids=str
)
def test_what_the_row_says_is_one(change: dict[str, object]) -> None:
    assert not alike(TOLD, told(**change))
    assert not alike(TOLD, TOLD.model_copy(update={"number": "另一案号"}))


def test_what_was_erased_agrees_with_anything_and_nothing_agrees_with_what_is_erased_only_now() -> None:
    erased = told(title=Erased())
    assert alike(erased, TOLD)
    assert not alike(TOLD, erased)
