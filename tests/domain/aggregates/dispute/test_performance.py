"""Terms one by one, and the court (PML 31, 33; rules 9, 10)."""

from datetime import date

import pytest

from domain.aggregates.dispute.deadlines import deadlines
from domain.commands.base import DisputeCommand
from domain.commands.dispute import (
    BreachTerm,
    CloseUnperformed,
    DecideConfirmation,
    PerformTerm,
    RequestConfirmation,
    SuperviseTerm,
)
from domain.errors import (
    AlreadyClosed,
    AlreadyConfirmed,
    ConfirmationPending,
    GoesBackwards,
    NoAgreementInEffect,
    NoAmountAgreed,
    NoConfirmationPending,
    NotConfirmable,
    OneSided,
    OutOfTime,
    TermNotDue,
    TermSettled,
    TimeInFuture,
    UnknownParty,
    UnknownTerm,
)
from domain.events.dispute import (
    Closed,
    ConfirmationDecided,
    ConfirmationRequested,
    TermBreached,
    TermPerformed,
    TermSupervised,
)
from domain.vocabulary import Status, start_of
from tests.support.later import ACCEPTED, AGREED_ON, BOUND, DRAFTED, TERM, ask, drafted, in_effect, signed
from tests.support.specification import Given, calendar, closed, given, ladder, moment

TWO = (
    *AGREED_ON,
    drafted("written", "2026-03-20 15:00", TERM, {**TERM, "due_on": date(2026, 4, 20)}),
    *map(signed, ("p1", "p2", "sun", "dongguang.c01")),
    in_effect(),
)


def perform(term: int = 1, on: str = "2026-04-10") -> PerformTerm:
    """Ask to record a performance."""
    return ask(PerformTerm, term=term, performed_on=on)


def breach(term: int = 1, on: str = "2026-04-11") -> BreachTerm:
    """Ask to record a breach."""
    return ask(BreachTerm, term=term, found_on=on, note="未付")


def supervise(term: int = 1) -> SuperviseTerm:
    """Ask to record that somebody urged."""
    return ask(SuperviseTerm, term=term, note="上门督促", occurred_at="2026-04-12")


def performed(term: int = 1, on: str = "2026-04-10") -> TermPerformed:
    return TermPerformed(term=term, performed_on=date.fromisoformat(on), note=None)


def breached(term: int = 1, on: str = "2026-04-11") -> TermBreached:
    return TermBreached(term=term, found_on=date.fromisoformat(on), note="未付")


def ended(on: str, outcome: str = "performed") -> Closed:
    return Closed.model_validate({"outcome": outcome, "occurred_at": start_of(date.fromisoformat(on))})


# --- performance ---------------------------------------------------------------------------------------------


def test_the_last_term_performed_closes_the_case() -> None:
    given(*TWO).when(perform()).then(performed())
    when = given(*TWO, performed()).when(perform(2, "2026-04-15"))
    when.then(performed(2, "2026-04-15"), ended("2026-04-15"))
    assert (when.case.status, when.case.outcome) == (Status.CLOSED, "performed")


def test_it_is_closed_on_the_day_of_the_latest_performance() -> None:
    when = given(*TWO, performed(2, "2026-04-15")).when(perform(1, "2026-04-10"))
    assert when.events[-1] == ended("2026-04-15")


def test_what_was_performed_before_the_effect_closes_the_case_from_its_effect() -> None:
    late = (
        *DRAFTED,
        *map(signed, ("p1", "p2", "sun")),
        signed("dongguang.c01", "2026-03-24"),
        in_effect("2026-03-24"),
    )
    assert given(*late).when(perform(on="2026-03-20")).events[-1] == ended("2026-03-24")
    given(*late).when(perform(on="2026-03-19")).then_refused(GoesBackwards)


def test_a_term_is_performed_once() -> None:
    given(*TWO, performed()).when(perform()).then_refused(TermSettled)
    given(*BOUND, performed(), ended("2026-04-10")).when(perform()).then_refused(AlreadyClosed)


def test_a_breached_term_can_still_be_performed() -> None:
    case = given(*TWO, breached()).when(perform(on="2026-04-18")).case
    assert case.agreement is not None
    assert [obligation.state for obligation in case.agreement.obligations] == ["performed", "due"]


def test_a_breach_is_found_after_the_due_day() -> None:
    given(*TWO).when(breach(on="2026-04-10")).then_refused(TermNotDue, saying="2026-04-10")
    when = given(*TWO).when(breach(on="2026-04-11"))
    when.then(breached())
    assert when.case.agreement is not None
    assert [obligation.state for obligation in when.case.agreement.obligations] == ["breached", "due"]


@pytest.mark.parametrize("before", [breached(), performed()])
def test_what_became_of_a_term_is_not_found_twice(before: TermBreached | TermPerformed) -> None:
    given(*TWO, before).when(breach(on="2026-04-30")).then_refused(TermSettled)


def test_whoever_owes_may_be_urged_until_it_is_performed() -> None:
    urged = TermSupervised(term=1, note="上门督促", occurred_at=moment("2026-04-12"))
    given(*TWO).when(supervise()).then(urged)
    given(*TWO, breached()).when(supervise()).then(urged)
    given(*TWO, performed()).when(supervise()).then_refused(TermSettled)


@pytest.mark.parametrize("command", [perform(3), breach(3), supervise(3)])
def test_only_terms_of_the_agreement_are_known(command: DisputeCommand) -> None:
    given(*TWO).when(command).then_refused(UnknownTerm, saying="3")
    given(*ACCEPTED).when(command).then_refused(UnknownTerm)


@pytest.mark.parametrize("command", [perform(), breach(), supervise()])
def test_nothing_is_owed_before_the_agreement_binds(command: DisputeCommand) -> None:
    given(*DRAFTED).when(command).then_refused(NoAgreementInEffect)


# --- in parts ------------------------------------------------------------------------------------------------

MONEY = {
    "debtor": "p2",
    "creditor": "p1",
    "obligation": "补偿",
    "amount_fen": 60_000,
    "due_on": date(2026, 4, 20),
}


def pay(term: int, amount: int | None, on: str = "2026-04-10") -> PerformTerm:
    """Ask to record that a part was paid."""
    return ask(PerformTerm, term=term, performed_on=on, amount_fen=amount)


def states(so_far: Given) -> list[str]:
    """What each term is."""
    agreement = so_far.case.agreement
    assert agreement is not None
    return [obligation.state for obligation in agreement.obligations]


def owing(*terms: dict[str, object]) -> Given:
    """An oral agreement of these terms."""
    return given(*AGREED_ON, drafted("oral", "2026-03-20 15:00", *terms), in_effect())


def test_a_term_with_an_amount_is_performed_when_its_parts_reach_it() -> None:
    first = owing(MONEY).when(pay(1, 20_000))
    first.then(TermPerformed(term=1, performed_on=date(2026, 4, 10), note=None, amount_fen=20_000))
    assert (states(first.after), first.case.status) == (["due"], Status.AGREED)
    almost = first.when(pay(1, 39_999, "2026-04-12")).after
    assert (states(almost), almost.case.status) == (["due"], Status.AGREED)
    whole = almost.when(pay(1, 1, "2026-04-11"))
    assert (states(whole.after), whole.case.outcome) == (["performed"], "performed")
    assert whole.events[-1] == ended("2026-04-12")


def test_more_than_was_agreed_is_performed_too() -> None:
    assert owing(MONEY).when(pay(1, 70_000)).case.outcome == "performed"


def test_without_an_amount_all_that_was_left_is_performed() -> None:
    part = owing(MONEY).when(pay(1, 20_000)).after
    assert part.when(perform()).case.outcome == "performed"


def test_a_part_is_of_an_amount() -> None:
    owing(TERM).when(pay(1, 100)).then_refused(NoAmountAgreed, saying="1")
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        pay(1, 0)


def test_a_breached_term_stays_breached_until_its_parts_reach_the_amount() -> None:
    late = owing(MONEY).when(pay(1, 20_000)).when(breach(on="2026-04-21"))
    assert states(late.after) == ["breached"]
    assert states(late.when(pay(1, 10_000, "2026-04-22")).after) == ["breached"]
    assert states(late.when(pay(1, 40_000, "2026-04-22")).after) == ["performed"]


# --- standing ------------------------------------------------------------------------------------------------

PROMISE = {"debtor": "p2", "creditor": "p1", "obligation": "十点后不练琴"}


def test_a_standing_term_never_falls_due_and_never_holds_up_closing() -> None:
    both = owing(PROMISE, MONEY)
    due = deadlines(both.case, both.rungs, both.calendar)
    assert [item.due_on for item in due if item.kind == "term"] == [date(2026, 4, 20)]
    assert both.when(perform(2)).case.outcome == "performed"
    broken = both.when(breach(1, "2026-03-21")).after
    end = broken.when(perform(2))
    assert (states(end.after), end.case.outcome) == (["breached", "performed"], "performed")


def test_a_standing_term_is_broken_again_on_a_later_day() -> None:
    broken = owing(PROMISE, MONEY).when(breach(1, "2026-03-25")).after
    broken.when(breach(1, "2026-03-25")).then_refused(TermSettled)
    assert states(broken.when(breach(1, "2026-03-26")).after) == ["breached", "due"]
    kept = broken.when(perform(1, "2026-04-10")).after
    assert states(kept) == ["performed", "due"]
    kept.when(breach(1, "2026-04-10")).then_refused(TermSettled)
    assert states(kept.when(breach(1, "2026-04-11")).after) == ["breached", "due"]


def test_an_agreement_of_standing_terms_alone_is_closed_by_the_first_that_was_kept() -> None:
    only = owing(PROMISE, PROMISE)
    assert only.case.status is Status.AGREED
    assert deadlines(only.case, only.rungs, only.calendar) == ()
    assert only.when(perform(1)).case.outcome == "performed"


def test_nothing_is_broken_before_the_agreement_is_in_effect() -> None:
    past = {**TERM, "due_on": date(2026, 3, 20)}
    history = (*AGREED_ON, drafted("written", "2026-03-20 15:00", PROMISE, past))
    given(*history).when(breach(1, "2026-03-24")).then_refused(NoAgreementInEffect)
    bound = given(*history, *map(signed, ("p1", "p2", "sun", "dongguang.c01")), in_effect("2026-03-24"))
    for term in (1, 2):
        bound.when(breach(term, "2026-03-23")).then_refused(GoesBackwards)
        assert bound.when(breach(term, "2026-03-24")).events


def test_a_performance_of_tomorrow_is_not_recorded_today() -> None:
    now = given().now
    given(*TWO).when(perform(on="2026-11-22")).then_refused(TimeInFuture, field="performed_on")
    assert now.date() == date(2026, 11, 21)
    assert given(*TWO).when(perform(on="2026-11-21")).events


def test_a_case_is_closed_though_not_everything_was_performed() -> None:
    close = ask(CloseUnperformed, reason="下落不明", occurred_at="2026-05-06")
    given(*TWO, performed()).when(close).then(
        Closed.model_validate(
            {"outcome": "agreed_unperformed", "reason": "下落不明", "occurred_at": moment("2026-05-06")}
        )
    )
    given(*ACCEPTED).when(close).then_refused(NoAgreementInEffect)
    given(*DRAFTED).when(close).then_refused(NoAgreementInEffect)
    early = ask(CloseUnperformed, reason="下落不明", occurred_at="2026-03-19 23:00")
    given(*TWO).when(early).then_refused(GoesBackwards)


# --- the court -----------------------------------------------------------------------------------------------


def apply(on: str = "2026-04-02", *applicants: str) -> RequestConfirmation:
    """Ask to record an application, of both parties unless others are named."""
    return ask(
        RequestConfirmation, filed_on=on, applicants=applicants or ("p1", "p2"), court="锦江区人民法院"
    )


def decide(outcome: str = "confirmed", on: str = "2026-04-20") -> DecideConfirmation:
    """Ask to record the court's decision."""
    return ask(DecideConfirmation, outcome=outcome, decided_on=on, reference="1号")


def applied(on: str = "2026-04-02") -> ConfirmationRequested:
    return ConfirmationRequested.model_validate(
        {"filed_on": on, "applicants": ("p1", "p2"), "court": "锦江区人民法院"}
    )


def decided(outcome: str = "confirmed", on: str = "2026-04-20") -> ConfirmationDecided:
    return ConfirmationDecided.model_validate({"outcome": outcome, "decided_on": on, "reference": "1号"})


def bound_from(day: str) -> tuple[object, ...]:
    return (
        *DRAFTED,
        *(signed(item, f"{day} 09:00") for item in ("p1", "p2", "sun", "dongguang.c01")),
        in_effect(day),
    )


def test_all_parties_together_apply_within_thirty_days() -> None:
    given(*BOUND).when(apply()).then(applied())
    assert given(*BOUND).when(apply("2026-04-20", "p2", "p1")).events
    given(*BOUND).when(apply("2026-04-21")).then_refused(OutOfTime, saying="2026-04-20")


def test_a_last_day_on_a_day_off_moves_to_the_next_working_day() -> None:
    spring = (*bound_from("2026-01-16"),)
    early = [item for item in spring if item is not None]
    assert given(*early).when(apply("2026-02-24")).events
    given(*early).when(apply("2026-02-25")).then_refused(OutOfTime, saying="2026-02-24")


def test_nobody_applies_before_the_agreement_binds() -> None:
    given(*BOUND).when(apply("2026-03-19")).then_refused(GoesBackwards)
    assert given(*BOUND).when(apply("2026-03-20")).events
    given(*DRAFTED).when(apply()).then_refused(NoAgreementInEffect)


def test_one_side_alone_does_not_apply() -> None:
    given(*BOUND).when(apply("2026-04-02", "p1")).then_refused(OneSided, saying="sued on")
    given(*BOUND).when(apply("2026-04-02", "p1", "p2", "p3")).then_refused(UnknownParty, field="applicants.2")


@pytest.mark.parametrize(("about", "saying"), [("identity", "355"), ("title", "355")])
def test_identity_and_title_are_not_confirmed(about: str, saying: str) -> None:
    asked = ask(
        RequestConfirmation,
        filed_on="2026-04-02",
        applicants=("p1", "p2"),
        court="锦江区人民法院",
        about=about,
    )
    given(*BOUND).when(asked).then_refused(NotConfirmable, saying=saying)


def test_an_oral_agreement_is_not_confirmed() -> None:
    oral = (*AGREED_ON, drafted("oral"), in_effect())
    given(*oral).when(apply()).then_refused(NotConfirmable, saying="sued on")


def test_the_court_is_asked_once_at_a_time() -> None:
    given(*BOUND, applied()).when(apply("2026-04-03")).then_refused(ConfirmationPending)
    assert given(*BOUND, applied(), decided("refused", "2026-04-10")).when(apply("2026-04-15")).events
    confirmed = given(*BOUND, applied(), decided("confirmed", "2026-04-10"))
    confirmed.when(apply("2026-04-15")).then_refused(AlreadyConfirmed)


def test_after_a_dismissal_both_decisions_are_kept() -> None:
    twice = (*BOUND, applied(), decided("refused", "2026-04-10"), applied("2026-04-15"))
    case = given(*twice).when(decide(on="2026-04-25")).case
    assert case.agreement is not None
    assert [item.outcome for item in case.agreement.confirmations] == ["refused", "confirmed"]
    due = [item.kind for item in deadlines(given(*twice[:-1]).case, ladder(), calendar())]
    assert due == ["confirm", "term"]


def test_the_court_decides_once_and_not_before_it_was_asked() -> None:
    given(*BOUND).when(decide()).then_refused(NoConfirmationPending)
    given(*ACCEPTED).when(decide()).then_refused(NoConfirmationPending)
    given(*BOUND, applied(), decided()).when(decide()).then_refused(NoConfirmationPending)
    given(*BOUND, applied()).when(decide(on="2026-04-01")).then_refused(GoesBackwards)
    given(*BOUND, applied()).when(decide(on="2026-04-02")).then(decided(on="2026-04-02"))
    given(*BOUND, applied(), closed("performed", at="2026-04-10")).when(decide()).then(decided())
