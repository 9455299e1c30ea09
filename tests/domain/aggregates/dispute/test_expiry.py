"""Time limits that do something by themselves when they run out (rule 8)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.deadlines import calendar_years
from domain.aggregates.dispute.expiry import GRACE, expiring
from domain.aggregates.dispute.pending_moves import pending_moves
from domain.commands.dispute import ExpireTimeLimit
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    DomainError,
    MediationRefused,
    NotAwaitingAcceptance,
    NothingExpires,
    NotReturnable,
    NotYetExpired,
)
from domain.events.dispute import TimeExtended
from domain.events.envelope import Fact
from domain.procedures.durations import Months, WorkingDays
from domain.procedures.explanations import why
from domain.procedures.ladder import Ladder
from domain.procedures.rules import Because, TimeLimitExpiry
from domain.procedures.tier import Expiry
from domain.procedures.workdays import Calendar
from domain.vocabulary import Rule, Status
from tests.support.examples import steadily
from tests.support.later import ACCEPTED, BOUND, RISEN
from tests.support.specification import (
    DISPUTE,
    THREE_TIER,
    Given,
    Happened,
    accepted,
    because,
    calendar,
    closed,
    decline,
    escalated,
    failed,
    filed,
    filed_at,
    given,
    ladder,
    moment,
    refused,
    returned,
    sat,
    send_back,
    told_of_remedies,
)
from tests.support.world import ZHAO

LATE = moment("2026-07-01")
APRIL_3 = date(2026, 4, 3)
"""One month after the third of March; a working day."""


def acting(action: str = "escalate", **clocks: str) -> Ladder:
    """The ladder of the first day, on which every time limit, or each clock as named, does something."""
    what = Expiry.model_validate(clocks) if clocks else action
    tiers = tuple(tier.model_copy(update={"on_expiry": what}) for tier in ladder().tiers)
    return ladder().model_copy(update={"tiers": tiers})


def expire(clock: str, last_day: str) -> ExpireTimeLimit:
    """The clock strikes."""
    return ExpireTimeLimit.model_validate({"dispute": DISPUTE, "clock": clock, "last_day": last_day})


def ran_out(rule: Rule, tier: str, since: str, last_day: str, limit: Months | WorkingDays | None) -> Because:
    told = TimeLimitExpiry(since=moment(since), limit=limit, last_day=date.fromisoformat(last_day))
    return Because(procedure=THREE_TIER, rule=rule, tier=tier, ran_out=told)


OVERDUE = ran_out(Rule.MEDIATE_LIMIT, "community", "2026-03-03", "2026-04-03", Months(months=1))


def test_a_ladder_that_marks_moves_nothing() -> None:
    waiting = given(*ACCEPTED).at(LATE)
    waiting.when(expire("mediate", "2026-04-03")).then_refused(NothingExpires)
    assert expiring(waiting.case, ladder(), calendar()) is None


def test_mediation_that_ran_out_goes_to_the_next_tier_and_says_why() -> None:
    when = given(*ACCEPTED).at(LATE).under(acting()).when(expire("mediate", "2026-04-03"))
    when.then(Fact(escalated(at="2026-07-01"), OVERDUE))
    assert (when.case.status, when.case.tier) == (Status.ESCALATED, "street")
    assert str(why(OVERDUE)) == (
        "the community accepted the case on 2026-03-03; its time limit for mediation, 2026-04-03, passed"
    )


def test_or_ends_it() -> None:
    when = given(*ACCEPTED).at(LATE).under(acting("terminate")).when(expire("mediate", "2026-04-03"))
    when.then(
        Fact(told_of_remedies(at="2026-07-01"), OVERDUE), Fact(closed("failed", at="2026-07-01"), OVERDUE)
    )


def test_at_the_last_tier_going_on_is_the_end() -> None:
    there = given(filed_at("street"), accepted("street", "zhao")).at(LATE).under(acting())
    reason = ran_out(Rule.EXHAUSTED, "street", "2026-03-03", "2026-04-03", Months(months=1))
    when = there.when(expire("mediate", "2026-04-03"))
    when.then(
        Fact(told_of_remedies(at="2026-07-01"), reason), Fact(closed("failed", at="2026-07-01"), reason)
    )
    assert str(why(reason)).endswith("passed, and there is no further tier")


def test_a_case_that_nobody_accepts_waits_at_the_next_tier() -> None:
    reason = ran_out(Rule.ACCEPT_LIMIT, "community", "2026-03-02", "2026-03-04", WorkingDays(working_days=2))
    waiting = given(filed()).at(LATE).under(acting(accept="escalate"))
    when = waiting.when(expire("accept", "2026-03-04"))
    when.then(Fact(escalated(at="2026-07-01"), reason))
    assert (when.case.status, when.case.tier, when.case.platform) == (Status.ESCALATED, "street", "dongguang")
    assert "had until 2026-03-04 to accept it and did not" in str(why(reason))
    when.after.when(send_back(at="2026-07-01"), by=ZHAO).then_refused(NotReturnable)


def test_at_the_last_tier_a_case_that_nobody_accepts_stays_overdue() -> None:
    waiting = given(filed_at("street")).at(LATE).under(acting(accept="escalate"))
    waiting.when(expire("accept", "2026-03-05")).then_refused(NothingExpires)


@pytest.mark.parametrize(
    ("clock", "history"),
    [("accept", ACCEPTED), ("mediate", (filed(),))],
)
def test_each_clock_does_what_the_ladder_says_of_it(clock: str, history: tuple[Happened, ...]) -> None:
    found = expiring(given(*history).case, acting(**{clock: "terminate"}), calendar())
    assert found is None
    other = "mediate" if clock == "accept" else "accept"
    there = expiring(given(*history).case, acting(**{other: "terminate"}), calendar())
    assert there is not None
    assert (there.clock, there.action) == (other, "terminate")


@pytest.mark.parametrize(
    "history",
    [
        (filed(),),
        RISEN,
        (
            *ACCEPTED,
            TimeExtended(
                tier="community",
                until=date(2026, 5, 8),
                consents=("p1", "p2"),
                occurred_at=moment("2026-03-20"),
            ),
        ),
    ],
)
def test_state_decides_whether_it_still_matters(history: tuple[Happened, ...]) -> None:
    given(*history).at(LATE).under(acting()).when(expire("mediate", "2026-04-03")).then_refused(
        NothingExpires
    )


@pytest.mark.parametrize(
    ("history", "error"),
    [
        ((*ACCEPTED, refused(), told_of_remedies(), closed("refused")), MediationRefused),
        ((*ACCEPTED, closed("withdrawn")), AlreadyClosed),
        (BOUND, AgreementInEffect),
    ],
)
def test_what_has_ended_does_not_end_again(history: tuple[Happened, ...], error: type[DomainError]) -> None:
    given(*history).at(LATE).under(acting()).when(expire("mediate", "2026-04-03")).then_refused(error)


def test_an_agreement_on_the_way_stops_the_clock() -> None:
    agreed = given(*ACCEPTED, sat(1, "agreed")).at(LATE).under(acting())
    agreed.when(expire("mediate", "2026-04-03")).then_refused(NothingExpires)
    fallen = given(*ACCEPTED, sat(1, "agreed"), sat(2)).at(LATE).under(acting())
    assert fallen.when(expire("mediate", "2026-04-03")).events


def test_sent_back_the_same_limit_does_not_fire_again() -> None:
    back = (*ACCEPTED, Fact(escalated(at="2026-04-04"), OVERDUE), returned(at="2026-04-07"))
    given(*back).at(LATE).under(acting()).when(expire("mediate", "2026-04-03")).then_refused(NothingExpires)
    longer = TimeExtended(
        tier="community", until=date(2026, 5, 8), consents=("p1", "p2"), occurred_at=moment("2026-04-08")
    )
    again = given(*back, longer).at(LATE).under(acting())
    assert again.when(expire("mediate", "2026-05-08")).events


def test_not_before_the_last_day_is_over_on_the_clock_of_shanghai() -> None:
    case = given(*ACCEPTED).under(acting())
    case.at(moment("2026-04-03 23:59")).when(expire("mediate", "2026-04-03")).then_refused(NotYetExpired)
    assert case.at(moment("2026-04-04 00:00")).when(expire("mediate", "2026-04-03")).events


def touched(*history: Happened, at: datetime) -> Dispute:
    found = given(*history).case
    return changed(found, last_recorded_at=at)


def test_not_within_a_day_of_the_last_record() -> None:
    late_entry = touched(*ACCEPTED, sat(1), at=moment("2026-04-03 22:00"))
    due = expiring(late_entry, acting(), calendar())
    assert due is not None
    assert due.fires_at(late_entry.last_recorded_at) == moment("2026-04-04 22:00")
    assert due.fires_at(moment("2026-03-20")) == moment("2026-04-04 00:00")


def test_nothing_fires_on_a_day_that_is_a_guess() -> None:
    due = expiring(given(*ACCEPTED).case, acting(), Calendar())
    assert due is not None
    assert (due.deadline.provisional, due.fires_at(None)) == (True, None)
    unpublished = given(*ACCEPTED).at(LATE).under(acting())
    on_a_guess = replace(unpublished, calendar=Calendar())
    on_a_guess.when(expire("mediate", "2026-04-03")).then_refused(NotYetExpired)


def test_a_make_up_saturday_is_the_last_day() -> None:
    """The ninth of May 2026 is a Saturday that is worked for a holiday."""
    limit = {"accept_within": WorkingDays(working_days=1), "on_expiry": "escalate"}
    tiers = tuple(tier.model_copy(update=limit) for tier in ladder().tiers)
    worked = ladder().model_copy(update={"tiers": tiers})
    waiting = given(filed(at="2026-05-08 16:30")).under(worked)
    waiting.at(moment("2026-05-09 23:59")).when(expire("accept", "2026-05-09")).then_refused(NotYetExpired)
    assert waiting.at(moment("2026-05-10 00:00")).when(expire("accept", "2026-05-09")).events


# --- why not yet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (
            "mark",
            "the time limit for mediation at the community is 2026-04-03; after that the case is only marked as overdue",
        ),
        (
            "escalate",
            "the time limit for mediation at the community is 2026-04-03; after that the case goes to the next tier",
        ),
        (
            "terminate",
            "the time limit for mediation at the community is 2026-04-03; after that mediation ends",
        ),
    ],
)
def test_why_not_yet_says_what_the_clock_will_do(action: str, said: str) -> None:
    found = pending_moves(given(*ACCEPTED).case, acting(action), calendar(), last_tier=False)
    assert [str(item.text) for item in found if item.rule is Rule.MEDIATE_LIMIT] == [said]


def test_and_that_at_the_last_tier_it_ends_or_does_nothing() -> None:
    there = given(filed_at("street"), accepted("street", "zhao")).case
    (text,) = (
        str(move.text)
        for move in pending_moves(there, acting(), calendar(), last_tier=True)
        if move.rule is Rule.MEDIATE_LIMIT
    )
    assert text.endswith("after that mediation ends")
    (text,) = (
        str(move.text)
        for move in pending_moves(given(filed_at("street")).case, acting(), calendar(), last_tier=True)
        if move.rule is Rule.ACCEPT_LIMIT
    )
    assert (
        text == "the street has until 2026-03-05 to accept the case; after that it is only marked as overdue"
    )


# --- whatever happened -----------------------------------------------------------------------------------------

ANY_DAY = st.dates(date(2026, 1, 5), date(2026, 10, 31))


@composite
def waiting_cases(draw: DrawFn) -> Given:
    """A case filed on any day, perhaps accepted, perhaps with sessions, under clocks that act."""
    filed_on = draw(ANY_DAY)
    start = moment(f"{filed_on.isoformat()} 10:00")
    history: list[Happened] = [filed(at=f"{filed_on.isoformat()} 10:00")]
    if draw(st.booleans()):
        on = start + timedelta(days=draw(st.integers(0, 5)))
        history.append(accepted(at=f"{on.date().isoformat()} 11:00"))
        for number in range(1, draw(st.integers(0, 4)) + 1):
            day = (on + timedelta(days=number)).date().isoformat()
            history.append(
                sat(number, draw(st.sampled_from(["failed", "no_show", "adjourned"])), at=f"{day} 14:00")
            )
    return given(*history).under(acting(draw(st.sampled_from(["escalate", "terminate"]))))


@steadily
@drawn(case=waiting_cases(), late=st.integers(0, 10_000), touched_before=st.integers(0, 3_000))
def test_a_time_limit_fires_from_its_moment_on_and_never_before(
    case: Given, late: int, touched_before: int
) -> None:
    due = expiring(case.case, case.rungs, case.calendar)
    assert due is not None
    over = due.fires_at(None)
    assert over is not None
    command = expire(due.clock, due.deadline.due_on.isoformat())
    case.at(over - timedelta(microseconds=1)).when(command).then_refused(NotYetExpired)
    assert case.at(over + timedelta(minutes=late)).when(command).events
    last_recorded_at = over + timedelta(minutes=late - touched_before)
    grace = due.fires_at(last_recorded_at)
    assert grace is not None
    assert grace == max(over, last_recorded_at + GRACE)


@steadily
@drawn(case=waiting_cases(), late=st.integers(0, 10_000))
def test_what_fired_does_not_fire_again(case: Given, late: int) -> None:
    due = expiring(case.case, case.rungs, case.calendar)
    assert due is not None
    over = due.fires_at(None)
    assert over is not None
    command = expire(due.clock, due.deadline.due_on.isoformat())
    fired = case.at(over + timedelta(minutes=late)).when(command).after
    again = fired.at(over + timedelta(days=400)).when(command)
    assert isinstance(again.refusal, NothingExpires | AlreadyClosed)


def test_a_case_that_nobody_accepted_may_still_be_declined() -> None:
    reason = ran_out(Rule.ACCEPT_LIMIT, "community", "2026-03-02", "2026-03-04", WorkingDays(working_days=2))
    passed_on = given(filed(), Fact(escalated(at="2026-03-06"), reason)).at(LATE)
    assert passed_on.when(decline(at="2026-03-09"), by=ZHAO).case.status is Status.CLOSED
    given(*RISEN).at(LATE).when(decline(at="2026-03-09"), by=ZHAO).then_refused(NotAwaitingAcceptance)


def test_past_a_tier_that_never_accepted_it_a_case_goes_back_to_where_it_was_heard() -> None:
    heard = (filed_at("compound"), accepted("compound", "wu"), *failed(3, "compound"))
    three = because(Rule.FAILED_SESSIONS, "compound", 3, *failed(3, "compound"))
    reason = ran_out(Rule.ACCEPT_LIMIT, "community", "2026-03-06", "2026-03-10", WorkingDays(working_days=2))
    there = given(
        *heard,
        Fact(escalated("compound", "community", at="2026-03-06"), three),
        Fact(escalated(at="2026-03-11"), reason),
    ).at(LATE)
    back = there.when(send_back(at="2026-03-12"), by=ZHAO)
    back.then(returned("street", "compound", at="2026-03-12"))
    assert (back.case.tier, back.case.mediators) == ("compound", ("wu",))


def test_a_limit_of_years_is_reckoned_on_the_calendars_of_those_years() -> None:
    assert set(range(2025, 2037)) <= set(calendar_years(given(*ACCEPTED).case))
