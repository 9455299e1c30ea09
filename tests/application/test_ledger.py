"""The ledger: a row is taken from a case, and a case brought in from that row gives the same row but for the mark."""

from datetime import date

import pytest
from pydantic import ValidationError

from application.ledger import COLUMNS, ImportedRow, LedgerRow, imported_case_of, row_of
from domain.commands.dispute import ImportDispute
from domain.events.dispute import Imported
from domain.events.envelope import Fact
from domain.vocabulary import Erased
from tests.domain.aggregates.dispute.test_aftercare import PERFORMED, reopened
from tests.domain.aggregates.dispute.test_agreement_changes import CHANGED, rescinded
from tests.domain.aggregates.dispute.test_performance import PROMISE
from tests.support.later import ABOVE, ACCEPTED, AGREED_ON, BOUND, FIVE, RISEN, TERM, drafted, in_effect
from tests.support.specification import (
    DISPUTE,
    Given,
    When,
    closed,
    escalated,
    filed,
    given,
    returned,
    sat,
    told_of_remedies,
)

LIVES = {
    "accepted": ACCEPTED,
    "heard": (*ACCEPTED, sat(1), sat(2, "no_show"), sat(3, "adjourned"), sat(4, "agreed")),
    "nearly up": FIVE,
    "waiting above": RISEN,
    "accepted above": ABOVE,
    "back again": (*RISEN, returned(at="2026-03-10")),
    "agreed": BOUND,
    "refused": (*ACCEPTED, told_of_remedies("2026-03-19"), closed("refused", at="2026-03-19")),
    "failed": (*ACCEPTED, told_of_remedies("2026-03-19"), closed("failed", at="2026-03-19")),
    "performed": (*BOUND, closed("performed", at="2026-05-19")),
    "resumed after an agreement": (*PERFORMED, reopened("accepted")),
    "moved up after an agreement": (*PERFORMED, reopened("accepted"), escalated(at="2026-05-21")),
    "rescinded": (*BOUND, rescinded()),
    "of standing terms": (*AGREED_ON, drafted("oral", "2026-03-20", PROMISE), in_effect()),
}


def row(case: Given | When, imported: Imported | None = None) -> LedgerRow:
    found = row_of(case.case, imported)
    assert found is not None
    return found


def to_import(exported: LedgerRow) -> ImportedRow:
    return ImportedRow.model_validate(exported.model_dump())


def brought_in(exported: LedgerRow) -> LedgerRow:
    """The row of the case that was imported from a row."""
    details = imported_case_of(to_import(exported))
    command = ImportDispute(
        dispute=DISPUTE, **{name: getattr(details, name) for name in details.model_fields_set}
    )
    when = given().when(command)
    (event,) = when.events
    assert isinstance(event, Imported)
    return row(when, event)


@pytest.mark.parametrize("life", list(LIVES))
def test_what_goes_out_comes_back(life: str) -> None:
    out = row(given(*LIVES[life]))
    back = brought_in(out)
    assert back.imported
    assert back.model_copy(update={"imported": False}) == out
    assert brought_in(back) == back
    assert LedgerRow.model_validate(out.model_dump()) == out


def test_a_row_tells_what_the_case_tells() -> None:
    found = row(given(*LIVES["performed"]))
    assert (found.accepted_on, found.closed_on, found.agreed_on) == (
        date(2026, 3, 3),
        date(2026, 5, 19),
        date(2026, 3, 20),
    )
    assert (found.status, found.outcome, found.agreement_form, found.sessions) == (
        "closed",
        "performed",
        "written",
        1,
    )
    assert (found.applicants, found.respondents, found.mediators) == (("甲",), ("乙",), ("sun",))
    assert row(given(*LIVES["heard"])).sessions == 2
    assert row(given(*RISEN)).mediators == ("sun",)


def test_what_was_agreed_stays_in_the_row_whatever_became_of_it() -> None:
    again = (*PERFORMED, reopened("accepted"), sat(2, "agreed", at="2026-05-21"))
    anew = drafted("oral", "2026-05-21 15:00", {**TERM, "obligation": "拆除", "due_on": date(2026, 6, 1)})
    rows = {
        name: row(given(*history))
        for name, history in {
            "resumed": again,
            "drafted anew": (*again, anew),
            "agreed anew": (*again, anew, in_effect("2026-05-21")),
            "rescinded": (*BOUND, rescinded()),
            "changed": CHANGED,
        }.items()
    }
    told = {name: (item.obligations, item.agreed_on, item.due_on) for name, item in rows.items()}
    first = ("清理", date(2026, 3, 20), date(2026, 4, 10))
    assert told == {
        "resumed": first,
        "drafted anew": first,
        "agreed anew": ("清理；拆除", date(2026, 5, 21), date(2026, 6, 1)),
        "rescinded": first,
        "changed": ("分两次清理", date(2026, 4, 3), date(2026, 5, 10)),
    }


def test_a_case_without_a_number_has_no_row() -> None:
    assert row_of(given(filed()).case) is None
    assert row_of(given(filed(), escalated()).case) is None


def test_what_was_erased_is_told_as_erased() -> None:
    first = filed()
    erased = first.model_copy(
        update={
            "title": Erased(),
            "parties": (first.parties[0].model_copy(update={"name": Erased()}), *first.parties[1:]),
        }
    )
    found = row(given(Fact(erased), *ACCEPTED[1:]))
    assert (found.title, found.applicants) == ("（已删除）", ("（已删除）",))


def test_organisations_and_joined_cases_come_back() -> None:
    out = row(given(*ACCEPTED)).model_copy(
        update={"respondents": ("某物业（单位）", "丙"), "co_units": ("dongguang.c02.y01",)}
    )
    back = brought_in(out)
    assert (back.respondents, back.co_units) == (out.respondents, out.co_units)
    assert [party.kind for party in imported_case_of(to_import(out)).parties] == [
        "person",
        "organisation",
        "person",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "filed"},
        {"status": "closed"},
        {"outcome": "failed"},
        {"agreement_form": "oral"},
        {"agreed_on": date(2026, 3, 4)},
        {"applicants": ()},
        {"respondents": ()},
        {"respondents": ("乙",) * 201},
        {"agreed_fen": 10**15 + 1},
        {"obligations": "赔" * 20_001},
        {"sessions": -1},
        {"sessions": 1001},
    ],
    ids=str,
)
def test_a_row_that_contradicts_itself_or_exceeds_a_limit_is_not_imported(wrong: dict[str, object]) -> None:
    good = row(given(*ACCEPTED)).model_dump()
    with pytest.raises(ValidationError):
        ImportedRow.model_validate({**good, **wrong})


def test_the_columns_begin_with_the_number_and_end_with_the_mark() -> None:
    assert (COLUMNS[0], COLUMNS[-1]) == ("number", "imported")
