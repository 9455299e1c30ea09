"""A dispute that already has a case: the second one is closed in favour of the first (rule 22)."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.aggregates.dispute import Dispute, World, decide
from domain.commands.dispute import CloseUnperformed, DeclineDispute, ReopenDispute
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    GoesBackwards,
    NoAgreementInEffect,
    NotAwaitingAcceptance,
    NotReopenable,
    OtherCaseIsDuplicate,
)
from domain.events.dispute import Closed, DisputeEvent, DuplicateFound
from domain.events.envelope import Fact
from domain.vocabulary import Outcome
from tests.support.later import ACCEPTED, BOUND, RISEN, ask
from tests.support.specification import (
    DISPUTE,
    closed,
    declined,
    filed,
    given,
    moment,
    told,
    told_of_remedies,
)

FIRST = UUID(int=7)


def close(at: str = "2026-03-20") -> CloseUnperformed:
    return ask(CloseUnperformed, duplicate_of=FIRST, reason="同一纠纷已立案", occurred_at=at)


def decline(at: str = "2026-03-20") -> DeclineDispute:
    note = "同一纠纷已立案"
    return ask(DeclineDispute, reason="duplicate", duplicate_of=FIRST, note=note, occurred_at=at)


def found(at: str = "2026-03-20") -> DuplicateFound:
    return DuplicateFound(dispute=FIRST, duplicate=DISPUTE, occurred_at=moment(at))


def as_duplicate(at: str = "2026-03-20", reason: str | None = "同一纠纷已立案") -> Closed:
    return Closed(outcome=Outcome.DUPLICATE, reason=reason, duplicate_of=FIRST, occurred_at=moment(at))


def decided(
    command: CloseUnperformed | DeclineDispute, other: Dispute, *history: DisputeEvent
) -> tuple[Fact, ...]:
    """What follows where the other case stands like this."""
    before = given(*history)
    world: World = replace(before.world(), other=other)
    return decide(command, before.case, world)


@pytest.mark.parametrize("history", [(filed(),), ACCEPTED, RISEN], ids=["filed", "accepted", "escalated"])
def test_a_case_is_closed_in_favour_of_the_one_before(history: tuple[DisputeEvent, ...]) -> None:
    when = given(*history).when(close())
    when.then(as_duplicate(), found())
    assert (when.case.outcome, when.case.duplicate_of) == (Outcome.DUPLICATE, FIRST)


def test_what_nobody_has_accepted_is_declined_as_a_duplicate() -> None:
    refusal = declined("2026-03-20").model_copy(update={"reason": "duplicate", "note": "同一纠纷已立案"})
    given(filed()).when(decline()).then(refusal, told_of_remedies(), as_duplicate(reason=None), found())
    given(*ACCEPTED).when(decline()).then_refused(NotAwaitingAcceptance)


def test_the_other_case_learns_of_it_and_stays_as_it_is() -> None:
    before = given(*ACCEPTED)
    after = given(
        *ACCEPTED, DuplicateFound(dispute=DISPUTE, duplicate=FIRST, occurred_at=moment("2026-03-20"))
    )
    assert after.case.duplicates == (FIRST,)
    assert (after.case.status, after.case.moved_on) == (before.case.status, before.case.moved_on)


def test_a_duplicate_is_closed_in_favour_of_no_duplicate() -> None:
    first = given(*ACCEPTED).case
    assert decided(close(), first, filed()) == told((as_duplicate(), found()))
    second = given(*ACCEPTED, as_duplicate()).case
    for command in (close(), decline()):
        with pytest.raises(OtherCaseIsDuplicate, match=str(FIRST)):
            decided(command, second, filed())


def test_what_is_agreed_or_closed_is_no_duplicate() -> None:
    given(*BOUND).when(close()).then_refused(AgreementInEffect)
    given(*ACCEPTED, closed("withdrawn")).when(close()).then_refused(AlreadyClosed)
    given(*ACCEPTED).when(close("2026-03-02")).then_refused(GoesBackwards)


def test_only_a_duplicate_is_closed_without_an_agreement() -> None:
    plain = ask(CloseUnperformed, reason="无力履行", occurred_at="2026-03-20")
    given(*ACCEPTED).when(plain).then_refused(NoAgreementInEffect)
    assert given(*BOUND).when(plain).case.outcome is Outcome.AGREED_UNPERFORMED


def test_a_duplicate_is_not_taken_up_again() -> None:
    again = ask(ReopenDispute, reason="再办", occurred_at="2026-03-21")
    given(*ACCEPTED, as_duplicate()).when(again).then_refused(NotReopenable, saying="duplicate")


@pytest.mark.parametrize("fields", [{"reason": "duplicate"}, {"reason": "elsewhere", "duplicate_of": FIRST}])
def test_a_duplicate_and_nothing_else_names_the_other_case(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="names the case"):
        ask(DeclineDispute, note="说明", occurred_at="2026-03-20", **fields)
