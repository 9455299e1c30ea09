"""Sending a case back: it goes on where it was, with the mediators and the count it had."""

from dataclasses import replace

import pytest

from domain.errors import (
    AlreadyClosed,
    GoesBackwards,
    MediationRefused,
    NotAccepted,
    NotEscalated,
    NotThisPlatform,
)
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Fact
from domain.vocabulary import Role, Rule, Status
from tests.support.specification import (
    NUMBER,
    accept,
    accepted,
    because,
    closed,
    escalated,
    failed,
    filed,
    filed_at,
    given,
    hold,
    moment,
    refused,
    returned,
    sat,
    send_back,
    told_of_remedies,
)
from tests.support.world import SUN, WU, ZHAO

ACCEPTED = (filed(), accepted())
ESCALATED = (*ACCEPTED, *failed(5), escalated(at="2026-03-08 14:00"))
RETURNED = (*ESCALATED, returned(at="2026-03-12"))


def test_the_street_may_send_a_case_back_with_a_reason() -> None:
    given(*ESCALATED).when(send_back("2026-03-12"), by=ZHAO).then(returned(at="2026-03-12"))


def test_a_returned_case_goes_on_in_the_same_stay_with_the_same_mediators() -> None:
    before, case = given(*ACCEPTED, *failed(5)).case, given(*RETURNED).case
    assert (case.status, case.tier, case.platform) == (Status.ACCEPTED, "community", "dongguang.c01")
    assert case.stay is not None
    assert before.stay is not None
    assert replace(case.stay, periods=()) == replace(before.stay, periods=())
    assert (case.stay_index, case.mediators, case.number) == (0, ("sun", "li"), NUMBER)
    assert case.platforms == ("dongguang.c01", "dongguang")


def test_a_spent_count_does_not_fire_by_being_returned() -> None:
    when = given(*ESCALATED).when(send_back("2026-03-12"), by=ZHAO)
    assert len(when.events) == 1
    assert when.case.failures_at("community") == 5


@pytest.mark.parametrize("outcome", ["agreed", "adjourned", "no_show"])
def test_a_spent_count_does_not_fire_on_a_session_that_did_not_fail(outcome: str) -> None:
    given(*RETURNED).when(hold(outcome)).then(sat(6, outcome, at="2026-03-20"))


def test_a_spent_count_fires_again_on_one_further_failure() -> None:
    sixth = sat(6, at="2026-03-20")
    given(*RETURNED).when(hold(mediators=("sun",)).model_copy(update={"attendance": ()})).then(
        sixth, Fact(escalated(), because(Rule.FAILED_SESSIONS, "community", 5, *failed(5), sixth))
    )


def test_it_fires_also_after_a_session_that_did_not_count() -> None:
    case = given(*RETURNED, sat(6, "no_show", at="2026-03-13")).when(hold()).case
    assert (case.status, case.failures_at("community"), len(case.escalations)) == (Status.ESCALATED, 6, 2)


def test_a_case_may_be_sent_back_each_time_it_comes() -> None:
    case = (
        given(*RETURNED).when(hold()).when(send_back("2026-03-21"), by=ZHAO).when(hold(at="2026-03-22")).case
    )
    assert (case.status, case.failures_at("community"), len(case.escalations)) == (Status.ESCALATED, 7, 3)


def test_a_session_while_the_case_waited_elsewhere_was_held_at_no_tier() -> None:
    given(*RETURNED).when(hold(at="2026-03-11")).then_refused(NotAccepted, saying="2026-03-11")
    assert given(*RETURNED).when(hold(at="2026-03-12")).case.status is Status.ESCALATED


def test_a_late_session_dated_before_the_return_counts_and_moves_nothing() -> None:
    when = given(*RETURNED).when(hold(at="2026-03-08"))
    assert (when.case.status, when.case.failures_at("community")) == (Status.ACCEPTED, 6)


def test_a_case_comes_back_to_the_tier_it_last_came_from() -> None:
    climbed = (
        filed_at("compound"),
        accepted("compound", "wu"),
        *failed(3, "compound"),
        escalated("compound", "community", at="2026-03-06"),
        accepted(at="2026-03-06", number=None),
        *failed(5, start=4),
        escalated(at="2026-03-12"),
    )
    given(*climbed).when(send_back(), by=ZHAO).then(returned())
    first = (*climbed[:6],)
    given(*first).when(send_back(), by=SUN).then(returned("community", "compound"))
    back = given(*first).when(send_back(), by=SUN).case
    assert (back.platform, back.mediators, back.failures_at("compound")) == ("dongguang.c01.y01", ("wu",), 3)


# --- who, and when -------------------------------------------------------------------------------------------


def test_only_the_platform_where_it_waits_may_send_it_back() -> None:
    for actor in (SUN, WU, Actor(sub="clerk", role=Role.CONVENER, unit="dongguang.c01")):
        given(*ESCALATED).when(send_back(), by=actor).then_refused(NotThisPlatform)


@pytest.mark.parametrize(
    "history", [(filed(),), ACCEPTED, RETURNED, (*ESCALATED, accepted("street", "zhao", at="2026-03-12"))]
)
def test_only_an_escalated_case_can_be_sent_back(history: tuple[DisputeEvent, ...]) -> None:
    given(*history).when(send_back(), by=ZHAO).then_refused(NotEscalated)


def test_a_case_that_has_ended_is_not_sent_back() -> None:
    given(*ESCALATED, closed("withdrawn")).when(send_back(), by=ZHAO).then_refused(AlreadyClosed)
    ended = (*ESCALATED, refused(), told_of_remedies(), closed("refused"))
    given(*ended).when(send_back(), by=ZHAO).then_refused(MediationRefused)


def test_a_case_is_not_sent_back_before_the_day_on_which_it_came() -> None:
    given(*ESCALATED).when(send_back("2026-03-07"), by=ZHAO).then_refused(GoesBackwards)
    assert given(*ESCALATED).when(send_back("2026-03-08"), by=ZHAO).case.tier == "community"


def test_the_street_may_accept_it_the_next_time_and_begins_a_stay_of_its_own() -> None:
    case = given(*RETURNED).when(hold()).when(accept("zhao", at="2026-03-23"), by=ZHAO).case
    assert (case.tier, case.failures_at("street"), case.failures_at("community")) == ("street", 0, 6)
    assert case.waiting_since == moment("2026-03-20")
