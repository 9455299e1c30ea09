"""Handing a case over, looking after it, taking it up again; cases from before the system (rules 2, 4, 17)."""

from datetime import date

import pytest

from domain.aggregates.dispute.deadlines import deadlines, first_due
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import AddAttachment, FollowUp, ReopenDispute, SignAgreement, TransferDispute
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    GoesBackwards,
    HandlerMayNotVerify,
    NoAgreementReached,
    NotClosed,
    NotReopenable,
    TimeInFuture,
)
from domain.events.dispute import (
    AttachmentAdded,
    DisputeEvent,
    FollowedUp,
    MediatorsReplaced,
    Reopened,
    Transferred,
)
from domain.procedures.deadlines import Deadline, confirm_by, follow_up_by, mediate_by, perform_by
from domain.procedures.durations import Days
from domain.procedures.workdays import Calendar
from domain.vocabulary import Rule, Status
from tests.domain.aggregates.dispute.test_performance import performed
from tests.support.later import ABOVE, ACCEPTED, BOUND, DRAFTED, RISEN, ask, drafted, in_effect
from tests.support.specification import (
    accept,
    accepted,
    because,
    calendar,
    closed,
    declined,
    escalated,
    failed,
    filed,
    given,
    hold,
    ladder,
    moment,
    refused,
    told_of_remedies,
)
from tests.support.world import LI, SUN, ZHAO

PERFORMED = (*BOUND, performed(), closed("performed", at="2026-04-10"))
UNPERFORMED = (*BOUND, closed("agreed_unperformed", at="2026-05-06"))
REFUSED = (*ACCEPTED, refused(), told_of_remedies(), closed("refused"))


def transfer(at: str = "2026-03-20") -> TransferDispute:
    return ask(TransferDispute, to="仲裁委员会", reason="属劳动争议", occurred_at=at)


def visit(on: str = "2026-04-20") -> FollowUp:
    return ask(FollowUp, visited_on=on, performed="yes", satisfied=5)


def reopen(at: str = "2026-05-20") -> ReopenDispute:
    return ask(ReopenDispute, reason="再起争执", occurred_at=at)


def reopened(status: str, at: str = "2026-05-20") -> Reopened:
    return Reopened.model_validate({"status": status, "reason": "再起争执", "occurred_at": moment(at)})


# --- handing over --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("history", [(filed(),), ACCEPTED, RISEN])
def test_an_open_case_is_handed_over(history: tuple[DisputeEvent, ...]) -> None:
    handed = Transferred(to="仲裁委员会", reason="属劳动争议", occurred_at=moment("2026-03-20"))
    given(*history).when(transfer()).then(handed, closed("transferred"))


def test_what_has_ended_is_not_handed_over() -> None:
    given(*BOUND).when(transfer()).then_refused(AgreementInEffect)
    given(*ACCEPTED, closed("withdrawn")).when(transfer()).then_refused(AlreadyClosed)
    given(*ACCEPTED).when(transfer("2026-03-02")).then_refused(GoesBackwards)


# --- visiting ------------------------------------------------------------------------------------------------


def test_somebody_else_visits() -> None:
    visited = FollowedUp(visited_on=date(2026, 4, 20), performed="yes", satisfied=5, note=None)
    for actor in (LI, ZHAO):
        given(*PERFORMED).when(visit(), by=actor).then(visited)
    given(*BOUND).when(visit(), by=ZHAO).then(visited)


def test_whoever_was_ever_assigned_does_not_verify() -> None:
    given(*PERFORMED).when(visit(), by=SUN).then_refused(HandlerMayNotVerify)
    change = MediatorsReplaced(mediators=("li",), reason="other", note=None, occurred_at=moment("2026-03-04"))
    replaced = (*ACCEPTED, change, *PERFORMED[2:])
    for actor in (SUN, LI):
        given(*replaced).when(visit(), by=actor).then_refused(HandlerMayNotVerify)
    climbed = (*ABOVE, closed("withdrawn", at="2026-03-12"))
    for actor in (SUN, ZHAO):
        given(*climbed).when(visit(), by=actor).then_refused(HandlerMayNotVerify)


def test_a_visit_follows_the_end() -> None:
    for history in ((filed(),), ACCEPTED, DRAFTED, RISEN):
        given(*history).when(visit(), by=ZHAO).then_refused(NotClosed)
    given(*PERFORMED).when(visit("2026-04-09"), by=ZHAO).then_refused(GoesBackwards)
    assert given(*PERFORMED).when(visit("2026-04-10"), by=ZHAO).events
    given(*PERFORMED).when(visit("2027-01-01"), by=ZHAO).then_refused(TimeInFuture, field="visited_on")


# --- taking up again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((filed(), closed("withdrawn")), "filed"),
        (REFUSED, "accepted"),
        ((*RISEN, closed("withdrawn")), "escalated"),
        (UNPERFORMED, "agreed"),
        (PERFORMED, "accepted"),
    ],
)
def test_a_case_is_taken_up_in_the_status_it_had(history: tuple[DisputeEvent, ...], status: str) -> None:
    when = given(*history).when(reopen())
    when.then(reopened(status))
    case = when.case
    assert (case.status, case.outcome, case.refused_by, case.tier) == (
        status,
        None,
        None,
        given(*history).case.tier,
    )


def test_its_sessions_count_anew_with_the_same_mediators() -> None:
    case = given(*ACCEPTED, *failed(4), closed("withdrawn")).when(reopen()).case
    assert (case.failures_at("community"), case.mediators, len(case.sessions)) == (0, ("sun",), 4)
    again = given(*ACCEPTED, *failed(4), closed("withdrawn"), reopened("accepted"))
    assert again.when(hold(at="2026-05-20")).case.status is Status.ACCEPTED
    again.when(hold(at="2026-05-19")).then_refused(GoesBackwards)


def test_after_everything_was_performed_an_agreement_may_be_reached_anew() -> None:
    case = given(*PERFORMED, reopened("accepted")).when(hold("agreed", at="2026-05-21")).case
    assert case.status is Status.ACCEPTED
    assert [(item.number, item.status) for item in case.agreements] == [(1, "performed")]


def test_an_unperformed_agreement_binds_again() -> None:
    case = given(*UNPERFORMED).when(reopen()).case
    assert case.agreement is not None
    assert case.agreement.in_effect


def test_a_draft_that_was_never_signed_is_shown_and_signed_no_more() -> None:
    again = given(*DRAFTED, closed("withdrawn", at="2026-03-25")).when(reopen()).after
    assert again.case.status is Status.ACCEPTED
    assert [item.status for item in again.case.agreements] == ["drafted"]
    sign = ask(SignAgreement, by="p1", signed_at="2026-05-21")
    again.when(sign).then_refused(NoAgreementReached)


def test_it_waits_anew_where_it_waited() -> None:
    case = given(*RISEN, closed("withdrawn")).when(reopen()).case
    assert case.waiting_since == moment("2026-05-20")
    assert (
        given(*RISEN, closed("withdrawn"), reopened("escalated"))
        .when(accept("zhao", at="2026-05-21"), by=ZHAO)
        .case.status
        is Status.ACCEPTED
    )


@pytest.mark.parametrize(
    "history",
    [
        (filed(), declined(), told_of_remedies("2026-03-03"), closed("declined", at="2026-03-03")),
        (*ACCEPTED, closed("transferred")),
    ],
)
def test_what_was_declined_or_handed_over_is_not_taken_up(history: tuple[DisputeEvent, ...]) -> None:
    given(*history).when(reopen()).then_refused(NotReopenable)


def test_what_was_handed_over_comes_back_by_a_referral() -> None:
    back = ask(ReopenDispute, reason="不予受理", referred_by="劳动仲裁委", occurred_at="2026-05-20")
    when = given(*ACCEPTED, closed("transferred")).when(back)
    (event,) = when.events
    assert isinstance(event, Reopened)
    assert (event.referred_by, when.case.status) == ("劳动仲裁委", Status.ACCEPTED)
    given(filed(), declined(), closed("declined", at="2026-03-03")).when(back).then_refused(NotReopenable)


def test_only_a_closed_case_is_taken_up_and_not_before_its_end() -> None:
    for history in ((filed(),), ACCEPTED, BOUND):
        given(*history).when(reopen()).then_refused(NotClosed)
    given(*REFUSED).when(reopen("2026-03-19")).then_refused(GoesBackwards)
    assert given(*REFUSED).when(reopen("2026-03-20")).events


def test_a_visit_before_does_not_count_for_the_case_taken_up() -> None:
    seen = FollowedUp(visited_on=date(2026, 4, 20), performed="yes", satisfied=None, note=None)
    assert given(*PERFORMED, seen).case.visits
    assert not given(*PERFORMED, seen, reopened("accepted")).case.visits
    early = given(*BOUND, seen, performed(), closed("performed", at="2026-04-25")).case
    assert not early.visits


# --- what is due ---------------------------------------------------------------------------------------------


def due(*history: DisputeEvent) -> tuple[Deadline, ...]:
    return deadlines(given(*history).case, ladder(), calendar())


def test_what_is_due_follows_from_the_state() -> None:
    assert [item.kind for item in due(filed())] == ["accept"]
    assert [item.kind for item in due(*ACCEPTED)] == ["mediate"]
    assert due(*BOUND) == (
        confirm_by(date(2026, 3, 20), calendar()),
        perform_by(date(2026, 4, 10)),
    )
    assert due(*PERFORMED) == (follow_up_by(date(2026, 4, 10), Days(days=30), calendar()),)
    assert due(*UNPERFORMED) == (follow_up_by(date(2026, 5, 6), Days(days=30), calendar()),)
    assert due(*REFUSED) == ()


def test_what_was_done_is_no_longer_due() -> None:
    seen = FollowedUp(visited_on=date(2026, 4, 20), performed="yes", satisfied=None, note=None)
    assert due(*PERFORMED, seen) == ()
    assert [item.kind for item in due(*BOUND, performed())] == ["confirm"]
    oral = (*DRAFTED[:3], drafted("oral"), in_effect())
    assert [item.kind for item in due(*oral)] == ["term"]


def test_the_first_duty_is_the_earliest_that_is_one() -> None:
    first = first_due(deadlines(given(*BOUND).case, ladder(), calendar()))
    assert first == perform_by(date(2026, 4, 10))
    assert first_due(deadlines(given(*REFUSED).case, ladder(), calendar())) is None
    assert first_due(deadlines(given(*BOUND, performed()).case, ladder(), calendar())) is None


def test_a_day_is_overdue_from_the_next_on() -> None:
    deadline = perform_by(date(2026, 4, 10))
    assert [deadline.overdue(date(2026, 4, day)) for day in (9, 10, 11)] == [False, False, True]


def test_time_given_by_the_parties_is_certain_whatever_the_calendar() -> None:
    tier = ladder().tier("community")
    reckoned = mediate_by(moment("2026-03-03"), tier, Calendar())
    assert (reckoned.due_on, reckoned.provisional) == (date(2026, 4, 3), True)
    given_time = mediate_by(moment("2026-03-03"), tier, Calendar(), date(2026, 5, 2))
    assert (given_time.due_on, given_time.provisional) == (date(2026, 5, 2), False)


# --- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("history", [(filed(),), BOUND, REFUSED])
def test_a_case_takes_papers_in_any_state(history: tuple[DisputeEvent, ...]) -> None:
    about = {
        "attachment": filed().parties[0].person,
        "kind": "evidence",
        "title": "照片",
        "filename": "a.jpg",
        "media_type": "image/jpeg",
        "size": 1,
        "sha256": "0" * 64,
    }
    added = AttachmentAdded.model_validate({**about, "occurred_at": moment("2026-03-20")})
    given(*history).when(ask(AddAttachment, **about, occurred_at="2026-03-20")).then(added)


def test_an_explanation_without_a_threshold_has_no_basis_to_lose() -> None:
    case = given(*ACCEPTED, *failed(2)).case
    bare = because(Rule.BYPASS_RISK, "community", 1).model_copy(update={"threshold": None})
    assert (has_lost_basis(case, None), has_lost_basis(case, bare)) == (False, False)
    assert not has_lost_basis(case, because(Rule.FAILED_SESSIONS, "community", 2, *failed(2)))
    assert has_lost_basis(case, because(Rule.FAILED_SESSIONS, "community", 3, *failed(2)))


def test_a_history_without_a_beginning_is_not_folded() -> None:
    with pytest.raises(LookupError, match="begin"):
        assert given(accepted(), escalated()).case
