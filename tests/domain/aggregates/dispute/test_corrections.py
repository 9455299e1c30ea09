"""Putting a session right: two people, and what rested on the wrong record falls, stands or fires (rule 12)."""

import pytest

from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import ApproveCorrection, CorrectSession, RejectCorrection, ReopenDispute
from domain.errors import (
    AlreadyProposed,
    GoesBackwards,
    MediatorElsewhere,
    MediatorNotAssigned,
    NothingProposed,
    NothingToCorrect,
    OwnProposal,
    UnknownParty,
    UnknownSession,
)
from domain.events.dispute import (
    CorrectionRejected,
    DisputeEvent,
    EscalationVoided,
    MinutesAmended,
    SessionCorrected,
)
from domain.events.envelope import Actor, Fact
from domain.vocabulary import Role, Rule, Status
from tests.support.any_commands import played
from tests.support.later import (
    ABOVE,
    ACCEPTED,
    BOUND,
    FIVE,
    QIAN,
    RISEN,
    ask,
    corrected,
    wrongly_recorded,
)
from tests.support.played import Played
from tests.support.specification import (
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
    refuse,
    returned,
    sat,
    send_back,
    terminate,
    told_of_remedies,
)
from tests.support.world import LI, SUN, ZHAO

ONE = (*ACCEPTED, sat(1))


def propose(session: int = 1, at: str = "2026-03-20", **changes: object) -> CorrectSession:
    """Ask to correct a session; as one that was adjourned unless said otherwise."""
    body = changes or {"outcome": "adjourned"}
    return ask(CorrectSession, session=session, reason="当日实为改期", occurred_at=at, **body)


def approve(session: int = 1, at: str = "2026-03-21") -> ApproveCorrection:
    """Ask to approve."""
    return ask(ApproveCorrection, session=session, occurred_at=at)


def reject(session: int = 1, at: str = "2026-03-21") -> RejectCorrection:
    """Ask to reject."""
    return ask(RejectCorrection, session=session, occurred_at=at)


def voided(at_version: int = 8, at: str = "2026-03-21") -> EscalationVoided:
    """The escalation to the street fell."""
    return EscalationVoided(
        at_version=at_version,
        from_tier="street",
        to_tier="community",
        platform="dongguang.c01",
        occurred_at=moment(at),
    )


# --- proposing -----------------------------------------------------------------------------------------------


def test_a_correction_waits_for_a_second_person() -> None:
    when = given(*ONE).when(propose())
    when.then(wrongly_recorded(1))
    assert when.case.failures_at("community") == 1
    assert list(when.case.proposals) == [1]


def test_minutes_alone_are_put_right_at_once() -> None:
    amended = MinutesAmended(
        session=1, minutes="更正", reason="当日实为改期", occurred_at=moment("2026-03-20")
    )
    given(*ONE).when(propose(minutes="更正")).then(amended)
    waiting = given(*ONE, wrongly_recorded(1))
    waiting.when(propose(minutes="更正")).then(amended)


def test_minutes_with_anything_else_wait() -> None:
    when = given(*ONE).when(propose(minutes="更正", outcome="no_show"))
    when.then(wrongly_recorded(1, "no_show", minutes="更正"))


def test_one_correction_of_a_session_is_open_at_a_time() -> None:
    waiting = given(*ACCEPTED, sat(1), sat(2), wrongly_recorded(1))
    waiting.when(propose(1, outcome="no_show"), by=LI).then_refused(AlreadyProposed, saying="1")
    assert list(waiting.when(propose(2)).case.proposals) == [1, 2]


@pytest.mark.parametrize("session", [2, 9])
def test_only_a_session_that_was_recorded_is_corrected(session: int) -> None:
    for command in (propose(session), approve(session), reject(session)):
        given(*ONE).when(command).then_refused(UnknownSession)


def test_what_is_recorded_like_that_is_not_corrected() -> None:
    given(*ONE).when(propose(outcome="failed")).then_refused(NothingToCorrect)
    given(*ONE).when(propose(held_at="2026-03-04 14:00")).then_refused(NothingToCorrect)
    given(*ONE).when(propose(held_at="2026-03-04 14:00", outcome="no_show")).then(
        wrongly_recorded(1, "no_show", held_at=moment("2026-03-04 14:00"))
    )
    assert given(*ONE).when(propose(outcome="failed", attendance=[])).events
    assert given(*ONE).when(propose(outcome="failed", minutes="另写")).events


def test_a_session_is_not_moved_before_its_acceptance() -> None:
    given(*ONE).when(propose(held_at="2026-03-02 23:59")).then_refused(GoesBackwards)
    assert given(*ONE).when(propose(held_at="2026-03-03 00:00")).events


def test_a_correction_is_not_dated_before_its_session() -> None:
    given(*ONE).when(propose(at="2026-03-03")).then_refused(GoesBackwards)
    assert given(*ONE).when(propose(at="2026-03-04")).events


def test_who_is_said_to_have_sat_there_must_have_been_of_the_case_that_day() -> None:
    party = [{"who": "p3", "as": "party", "present": True}]
    given(*ONE).when(propose(attendance=party)).then_refused(UnknownParty, field="attendance.0.who")
    li = [{"who": "li", "as": "mediator", "present": True}]
    given(*ONE).when(propose(attendance=li)).then_refused(MediatorNotAssigned)
    assert given(filed(), accepted(), sat(1)).when(propose(attendance=li)).events
    stranger = given(filed(), accepted("community", "zhou"), sat(1))
    zhou = [{"who": "zhou", "as": "mediator", "present": True}]
    stranger.when(propose(attendance=zhou)).then_refused(MediatorElsewhere)


# --- deciding ------------------------------------------------------------------------------------------------


def test_a_second_person_approves() -> None:
    when = given(*ONE, wrongly_recorded(1)).when(approve(), by=LI)
    when.then(corrected(1))
    session = when.case.sessions[0]
    assert (session.corrected, session.counted.outcome, when.case.failures_at("community")) == (
        True,
        "adjourned",
        0,
    )
    assert not when.case.proposals


def test_nobody_decides_on_their_own_proposal() -> None:
    as_convener = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")
    for actor in (SUN, as_convener):
        given(*ONE, wrongly_recorded(1)).when(approve(), by=actor).then_refused(OwnProposal)
        given(*ONE, wrongly_recorded(1)).when(reject(), by=actor).then_refused(OwnProposal)


def test_a_second_person_rejects_and_it_may_be_proposed_again() -> None:
    when = given(*ONE, wrongly_recorded(1)).when(reject(), by=LI)
    when.then(CorrectionRejected(session=1, note=None, occurred_at=moment("2026-03-21")))
    assert when.case.failures_at("community") == 1
    assert when.when(propose()).events


def test_without_a_proposal_there_is_nothing_to_decide() -> None:
    for command in (approve(), reject()):
        given(*ONE).when(command, by=LI).then_refused(NothingProposed)
        given(*ONE, wrongly_recorded(1), corrected(1)).when(command, by=LI).then_refused(NothingProposed)


@pytest.mark.parametrize("decide", [approve, reject])
def test_the_decision_does_not_come_before_the_proposal(decide: type[ApproveCorrection]) -> None:
    given(*ONE, wrongly_recorded(1)).when(decide(at="2026-03-19"), by=LI).then_refused(GoesBackwards)
    assert given(*ONE, wrongly_recorded(1)).when(decide(at="2026-03-20"), by=LI).events


def test_a_proposal_lapses_when_the_case_moves_or_closes_but_not_when_the_street_accepts() -> None:
    waiting = wrongly_recorded(1)
    for after in (
        given(*RISEN, waiting).when(send_back("2026-03-21"), by=ZHAO),
        given(*ACCEPTED, *failed(4), waiting).when(hold()),
        given(*ONE, waiting).when(refuse()),
    ):
        assert not after.case.proposals
        after.when(approve(at="2026-03-29"), by=LI).then_refused(NothingProposed)
    accepted_above = given(*RISEN, waiting, accepted("street", "zhao", at="2026-03-20", number=None))
    assert accepted_above.when(approve(), by=LI).events


# --- what rested on it ---------------------------------------------------------------------------------------


def test_waiting_above_the_escalation_falls_and_the_case_goes_on_where_it_was() -> None:
    before = given(*FIVE).case
    when = given(*RISEN, wrongly_recorded(3)).when(approve(3), by=LI)
    when.then(corrected(3), voided())
    case = when.case
    assert (case.status, case.tier, case.platform, case.stay_index) == (
        Status.ACCEPTED,
        "community",
        "dongguang.c01",
        before.stay_index,
    )
    assert (case.mediators, case.failures_at("community")) == (("sun",), 4)
    assert [escalation.voided for escalation in case.escalations] == [True]


def test_after_it_fell_one_further_failure_takes_the_case_up_again() -> None:
    back = given(*RISEN, wrongly_recorded(3)).when(approve(3), by=LI)
    again = back.when(hold(at="2026-03-22"))
    assert (again.case.status, again.case.failures_at("community")) == (Status.ESCALATED, 5)


def test_accepted_above_it_falls_only_by_the_word_of_the_convener_there() -> None:
    history = (*ABOVE, wrongly_recorded(3))
    given(*history).when(approve(3), by=ZHAO).then(corrected(3), voided())
    for actor in (QIAN, LI, Actor(sub="zhao", role=Role.MEDIATOR, unit="dongguang")):
        when = given(*history).when(approve(3), by=actor)
        when.then(corrected(3))
        assert (when.case.tier, has_lost_basis(when.case, when.case.escalations[0].because)) == (
            "street",
            True,
        )


def test_whoever_acts_as_convener_for_the_street_may_let_it_fall() -> None:
    deputy = Actor(sub="deputy", role=Role.CONVENER, unit="dongguang")
    given(*ABOVE, wrongly_recorded(3)).when(approve(3), by=deputy).then(corrected(3), voided())
    other = Actor(sub="sun2", role=Role.CONVENER, unit="dongguang.c01")
    given(*ABOVE, wrongly_recorded(3)).when(approve(3), by=other).then(corrected(3))


@pytest.mark.parametrize(
    ("outcome", "stands"), [("no_show", False), ("adjourned", False), ("failed", True), ("agreed", True)]
)
def test_a_session_held_above_lets_it_stand(outcome: str, *, stands: bool) -> None:
    history = (*ABOVE, sat(6, outcome, "street", at="2026-03-11"), wrongly_recorded(3))
    when = given(*history).when(approve(3), by=ZHAO)
    assert (when.case.tier == "street") == stands


@pytest.mark.parametrize(
    "end",
    [
        (closed("withdrawn", at="2026-03-19"),),
        (told_of_remedies("2026-03-19"), closed("failed", at="2026-03-19")),
    ],
)
def test_in_a_closed_case_it_stands(end: tuple[DisputeEvent, ...]) -> None:
    when = given(*RISEN, *end, wrongly_recorded(3)).when(approve(3), by=ZHAO)
    when.then(corrected(3))
    assert has_lost_basis(when.case, when.case.escalations[0].because)


def test_a_correction_that_leaves_enough_failures_lets_it_stand() -> None:
    six = (*RISEN, returned(at="2026-03-09"), sat(6, at="2026-03-10"))
    again = Fact(
        escalated(at="2026-03-10"), because(Rule.FAILED_SESSIONS, "community", 5, *failed(5), six[-1])
    )
    when = given(*six, again, wrongly_recorded(3)).when(approve(3), by=LI)
    when.then(corrected(3))
    twice = when.when(propose(4, at="2026-03-22"), by=SUN).when(approve(4, at="2026-03-22"), by=LI)
    assert (twice.case.tier, twice.case.status) == ("community", Status.ACCEPTED)


def test_a_session_that_was_not_counted_takes_nothing_away() -> None:
    history = (*FIVE[:-1], sat(6, "no_show", at="2026-03-07"))
    when = given(*RISEN, wrongly_recorded(2, "agreed")).when(approve(2), by=LI)
    assert when.case.tier == "community"
    assert given(*history, wrongly_recorded(6)).when(approve(6), by=LI).case.tier == "community"


def test_the_convener_lets_it_fall_only_by_a_correction_of_what_was_counted() -> None:
    moved = (
        Fact(escalated(at="2026-03-08 14:00"), because(Rule.FAILED_SESSIONS, "community", 5, *failed(5))),
    )
    history = (*FIVE, sat(6), *moved, accepted("street", "zhao", at="2026-03-10", number=None))
    stands = given(*history, wrongly_recorded(3)).when(approve(3), by=QIAN)
    assert has_lost_basis(stands.case, stands.case.escalations[0].because)
    of_another = stands.when(propose(6), by=SUN).when(approve(6), by=ZHAO)
    assert of_another.case.tier == "street"
    assert of_another.when(propose(4), by=SUN).when(approve(4), by=ZHAO).case.tier == "community"


def test_a_case_that_came_back_is_not_sent_back_twice() -> None:
    history = (*RISEN, returned(at="2026-03-10"), wrongly_recorded(3))
    given(*history).when(approve(3), by=ZHAO).then(corrected(3))


def test_it_does_not_fall_before_the_day_on_which_the_street_accepted() -> None:
    history = (*RISEN, accepted("street", "zhao", at="2026-03-22", number=None), wrongly_recorded(3))
    given(*history).when(approve(3, at="2026-03-21"), by=ZHAO).then_refused(GoesBackwards)
    assert given(*history).when(approve(3, at="2026-03-22"), by=ZHAO).case.tier == "community"


def test_the_last_tier_s_end_stands_and_is_marked() -> None:
    street = (filed(tier="street", platform="dongguang"), accepted("street", "zhao"), *failed(5, "street"))
    spent = because(Rule.EXHAUSTED, "street", 5, *failed(5, "street"))
    ended = (Fact(told_of_remedies("2026-03-08"), spent), Fact(closed("failed", at="2026-03-08"), spent))
    before = given(*street, *ended, wrongly_recorded(3))
    assert not has_lost_basis(before.case, before.case.closed_because)
    when = before.when(approve(3), by=LI)
    when.then(corrected(3))
    assert (when.case.status, has_lost_basis(when.case, when.case.closed_because)) == (Status.CLOSED, True)


def test_a_correction_that_completes_a_count_moves_the_case_on_the_day_of_the_approval() -> None:
    history = (*ACCEPTED, *failed(4), sat(5, "no_show"), wrongly_recorded(5, "failed"))
    counted = (*failed(4), sat(5))
    given(*history).when(approve(5), by=LI).then(
        corrected(5, "failed"),
        Fact(escalated(at="2026-03-21"), because(Rule.FAILED_SESSIONS, "community", 5, *counted)),
    )


def test_a_correction_that_completes_the_last_count_ends_the_case() -> None:
    street = (filed(tier="street", platform="dongguang"), accepted("street", "zhao"), *failed(4, "street"))
    history = (*street, sat(5, "adjourned", "street"), wrongly_recorded(5, "failed"))
    when = given(*history).when(approve(5), by=LI)
    assert (when.case.status, when.case.outcome) == (Status.CLOSED, "failed")


def test_a_correction_of_an_earlier_tier_completes_nothing_now() -> None:
    history = (
        *ABOVE[:6],
        sat(5, "no_show"),
        escalated(at="2026-03-09"),
        accepted("street", "zhao", at="2026-03-10"),
    )
    when = given(*history, wrongly_recorded(5, "failed")).when(approve(5), by=LI)
    assert [event.TOPIC for event in when.events] == ["dispute.session_corrected.v1"]


def test_a_correction_to_a_failure_in_an_agreed_case_moves_nothing() -> None:
    history = (*ACCEPTED, *failed(4), sat(5, "agreed", at="2026-03-20"), *BOUND[3:])
    when = given(*history, wrongly_recorded(5, "failed", at="2026-03-21")).when(approve(5), by=LI)
    assert (when.case.status, len(when.events)) == (Status.AGREED, 1)


def test_a_failure_that_stays_a_failure_does_not_fire_again() -> None:
    moved = moment("2026-03-05 09:00")
    history = (*RISEN, returned(at="2026-03-10"), wrongly_recorded(5, None, held_at=moved))
    when = given(*history).when(approve(5), by=LI)
    assert (len(when.events), when.case.sessions[4].counted.held_at) == (1, moved)


def test_a_count_that_was_spent_waits_for_a_further_session_not_for_a_correction() -> None:
    six = (*ACCEPTED, sat(1), sat(2, "no_show"), *(sat(number) for number in range(3, 7)))
    counted = because(Rule.FAILED_SESSIONS, "community", 5, sat(1), *six[4:])
    risen = (*six, Fact(escalated(at="2026-03-08 14:00"), counted), returned(at="2026-03-10"))
    when = given(*risen, wrongly_recorded(2, "failed")).when(approve(2), by=LI)
    when.then(corrected(2, "failed"))
    assert when.case.failures_at("community") == 6
    assert when.when(hold(at="2026-03-22")).case.status is Status.ESCALATED


def test_a_closed_case_keeps_its_escalation_also_once_it_is_reopened() -> None:
    waiting, above = played_up(), played_up()
    above.play(accept("qian", at="2026-03-17"), by=ZHAO)
    for case in (waiting, above):
        case.play(terminate("2026-03-18"))
        case.play(ask(ReopenDispute, reason="再谈", occurred_at="2026-03-19"))
        case.play(propose(3, at="2026-03-20", outcome="no_show"))
        assert case.play(approve(3), by=ZHAO) == (SessionCorrected.TOPIC,)
        (escalation,) = case.case.escalations
        assert (case.case.tier, has_lost_basis(case.case, escalation.because)) == ("street", True)


def played_up() -> Played:
    """A case that five failed sessions took to the street."""
    return played(*(hold(at=f"2026-03-1{day}") for day in range(1, 6)))


def test_after_a_later_escalation_fell_an_earlier_one_may_fall_too() -> None:
    three, five = failed(3, "compound"), failed(5, start=4)
    history = (
        filed_at("compound"),
        accepted("compound", "wu"),
        *three,
        Fact(
            escalated("compound", "community", at="2026-03-06 14:00"),
            because(Rule.FAILED_SESSIONS, "compound", 3, *three),
        ),
        accepted("community", "sun", at="2026-03-07", number=None),
        *five,
        Fact(escalated(at="2026-03-11 14:00"), because(Rule.FAILED_SESSIONS, "community", 5, *five)),
        corrected(8, "no_show", at="2026-03-12"),
        voided(13, at="2026-03-12"),
        *(corrected(session, "no_show", at="2026-03-12") for session in range(4, 8)),
        wrongly_recorded(3),
    )
    convener = Actor(sub="deputy", role=Role.CONVENER, unit="dongguang.c01")
    when = given(*history).when(approve(3), by=convener)
    assert (when.case.tier, when.case.status) == ("compound", Status.ACCEPTED)
    assert [escalation.voided for escalation in when.case.escalations] == [True, True]
