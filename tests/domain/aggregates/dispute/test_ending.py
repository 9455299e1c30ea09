"""Refusal, withdrawal, termination; and opinions, which end nothing."""

import pytest

from domain.commands.dispute import AnyDisputeCommand, ReopenDispute
from domain.errors import (
    AlreadyClosed,
    GoesBackwards,
    MediationRefused,
    NotAnApplicant,
    UnknownParty,
)
from domain.events.dispute import DisputeEvent
from domain.vocabulary import Status
from tests.support.later import ask
from tests.support.specification import (
    accept,
    accepted,
    advise,
    advised,
    closed,
    decline,
    escalated,
    failed,
    filed,
    given,
    hold,
    refuse,
    refused,
    returned,
    send_back,
    terminate,
    terminated,
    told_of_remedies,
    withdraw,
    withdrawn,
)

FILED = (filed(),)
ACCEPTED = (filed(), accepted())
ESCALATED = (*ACCEPTED, *failed(5), escalated(at="2026-03-08"))
REFUSED = (*ACCEPTED, refused(), told_of_remedies(), closed("refused"))
WITHDRAWN = (*ACCEPTED, withdrawn(), closed("withdrawn"))
EVERYTHING = (
    accept(),
    hold(at="2026-03-25"),
    send_back(),
    refuse(),
    withdraw(),
    terminate(),
    advise(),
    decline("2026-03-25"),
)
OPEN = pytest.mark.parametrize(
    "history", [FILED, ACCEPTED, ESCALATED, (*ESCALATED, returned(at="2026-03-09"))]
)


@OPEN
@pytest.mark.parametrize("party", ["p1", "p2"])
def test_any_party_may_refuse_at_any_time(history: tuple[DisputeEvent, ...], party: str) -> None:
    when = given(*history).when(refuse(party))
    when.then(refused(party), told_of_remedies(), closed("refused"))
    assert (when.case.status, when.case.outcome, when.case.refused_by) == (Status.CLOSED, "refused", party)


@pytest.mark.parametrize("command", EVERYTHING)
def test_a_refusal_stops_everything(command: AnyDisputeCommand) -> None:
    given(*REFUSED).when(command).then_refused(MediationRefused, saying="p2")


@pytest.mark.parametrize("command", EVERYTHING)
def test_nothing_more_happens_in_a_closed_case(command: AnyDisputeCommand) -> None:
    given(*WITHDRAWN).when(command).then_refused(AlreadyClosed, saying="withdrawn")


@OPEN
def test_an_applicant_may_withdraw_at_any_time(history: tuple[DisputeEvent, ...]) -> None:
    given(*history).when(withdraw()).then(withdrawn(), closed("withdrawn"))


@OPEN
def test_an_applicant_may_withdraw_because_the_parties_settled(history: tuple[DisputeEvent, ...]) -> None:
    when = given(*history).when(withdraw(settled=True))
    when.then(withdrawn().model_copy(update={"settled": True}), closed("withdrawn"))
    assert when.case.settled
    again = when.when(ask(ReopenDispute, reason="一方反悔", occurred_at="2026-03-21"))
    assert not again.case.settled


def test_a_respondent_may_not_withdraw() -> None:
    given(*ACCEPTED).when(withdraw("p2")).then_refused(NotAnApplicant, saying="p2")


@pytest.mark.parametrize("command", [refuse("p3"), withdraw("p3")])
def test_only_a_party_of_the_case_can_declare_anything(command: AnyDisputeCommand) -> None:
    given(*ACCEPTED).when(command).then_refused(UnknownParty, field="party", saying="p3")


def test_whoever_is_no_party_is_told_so_even_in_a_closed_case() -> None:
    given(*WITHDRAWN).when(refuse("p3")).then_refused(UnknownParty, field="party")


@OPEN
def test_a_case_is_terminated_at_any_time_before_an_agreement(history: tuple[DisputeEvent, ...]) -> None:
    when = given(*history).when(terminate())
    when.then(terminated(), told_of_remedies(), closed("failed"))
    assert when.case.status is Status.CLOSED


@pytest.mark.parametrize("end", [refuse, withdraw, terminate])
def test_a_case_does_not_end_before_the_day_of_its_last_step(end: type[AnyDisputeCommand]) -> None:
    given(*ACCEPTED).when(end(at="2026-03-02 23:59")).then_refused(GoesBackwards)
    assert given(*ACCEPTED).when(end(at="2026-03-03 00:00")).case.status is Status.CLOSED


def test_a_session_does_not_keep_a_case_from_ending_earlier_that_week() -> None:
    assert given(*ACCEPTED, *failed(2)).when(withdraw(at="2026-03-04")).case.outcome == "withdrawn"


@OPEN
def test_an_opinion_may_be_given_in_an_open_case_and_changes_nothing(
    history: tuple[DisputeEvent, ...],
) -> None:
    before, when = given(*history).case, given(*history).when(advise())
    when.then(advised())
    assert (when.case.status, when.case.tier, when.case.counted_stay) == (
        before.status,
        before.tier,
        before.counted_stay,
    )


def test_an_opinion_may_be_dated_before_the_last_step() -> None:
    given(*ESCALATED).when(advise("2026-03-01")).then(advised("2026-03-01"))
