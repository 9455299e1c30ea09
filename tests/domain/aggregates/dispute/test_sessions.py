"""Sessions: which may be recorded, and by which the case moves on or ends."""

import pytest

from domain.errors import (
    AlreadyClosed,
    GoesBackwards,
    MediationRefused,
    MediatorElsewhere,
    MediatorNotAssigned,
    MediatorOutOfTerm,
    NotAccepted,
    UnknownParty,
)
from domain.events.dispute import Attendee, DisputeEvent, SessionRecorded
from domain.events.envelope import Fact
from domain.vocabulary import Rule, Status
from tests.support.specification import (
    accept,
    accepted,
    because,
    closed,
    declined,
    escalated,
    established,
    failed,
    filed,
    filed_at,
    given,
    hold,
    moment,
    refused,
    sat,
    street,
    street_without,
    term,
    told_of_remedies,
)
from tests.support.world import ZHAO

ACCEPTED = (filed(), accepted())
AT_THE_COMPOUND = (filed_at("compound"), accepted("compound", "wu"))
AT_THE_STREET = (
    *ACCEPTED,
    *failed(5),
    escalated(at="2026-03-08 14:00"),
    accepted("street", "zhao", at="2026-03-08"),
)


def attendee(who: str, as_: str, *, present: bool = True, **seat: str) -> dict[str, object]:
    """A line of the attendance."""
    return {"who": who, "as": as_, "present": present, **seat}


# --- the record ----------------------------------------------------------------------------------------------


def test_a_session_is_recorded_as_it_was_told() -> None:
    lines = [
        attendee("p1", "party"),
        attendee("p2", "party", present=False),
        attendee("sun", "mediator"),
        attendee("何律师", "panel", seat="legal_adviser"),
    ]
    command = hold("adjourned", place="社区会议室", method="on_site", attendance=lines, minutes="改期再谈")
    given(*ACCEPTED).when(command).then(
        sat(
            1,
            "adjourned",
            at="2026-03-20",
            place="社区会议室",
            method="on_site",
            attendance=tuple(Attendee.model_validate(line) for line in lines),
            minutes="改期再谈",
        )
    )


def test_sessions_are_numbered_through_the_whole_case() -> None:
    given(*AT_THE_STREET).when(hold("adjourned")).then(sat(6, "adjourned", "street", at="2026-03-20"))


@pytest.mark.parametrize(("who", "place"), [(("p1", "p3"), 1), (("p0",), 0)])
def test_a_stranger_is_not_a_party(who: tuple[str, ...], place: int) -> None:
    lines = [attendee(item, "party") for item in who]
    given(*ACCEPTED).when(hold(attendance=lines)).then_refused(
        UnknownParty, field=f"attendance.{place}.who", saying=who[place]
    )


def test_whoever_is_not_there_as_a_party_may_be_anybody() -> None:
    lines = [attendee("p3", "invitee"), attendee("老何", "convener")]
    assert len(given(*ACCEPTED).when(hold(attendance=lines)).case.sessions) == 1


# --- when a session may be recorded --------------------------------------------------------------------------


def test_a_session_may_be_held_on_the_day_of_acceptance_whatever_the_hour() -> None:
    case = given(filed(), accepted(at="2026-03-03 18:00")).when(hold(at="2026-03-03 00:00")).case
    assert case.failures_at("community") == 1


def test_a_session_may_not_be_held_before_the_day_of_acceptance() -> None:
    given(*ACCEPTED).when(hold(at="2026-03-02 23:59")).then_refused(
        GoesBackwards, saying="2026-03-02 lies before 2026-03-03, the day on which the community"
    )


def test_the_day_of_acceptance_is_that_of_the_present_tier() -> None:
    later = (*ACCEPTED, *failed(5), escalated(at="2026-03-08"), accepted("street", "zhao", at="2026-03-12"))
    given(*later).when(hold("adjourned", at="2026-03-11")).then_refused(GoesBackwards, saying="street")
    assert given(*later).when(hold("adjourned", at="2026-03-12")).case.tier == "street"


def test_sessions_may_be_recorded_late_and_out_of_order() -> None:
    when = given(*ACCEPTED, sat(1, at="2026-03-10")).when(hold(at="2026-03-05"))
    when.then(sat(2, at="2026-03-05"))


def test_there_is_no_session_before_acceptance() -> None:
    given(filed()).when(hold()).then_refused(NotAccepted, saying="community")


def test_there_is_no_session_while_the_next_tier_has_not_accepted() -> None:
    given(*ACCEPTED, *failed(5), escalated()).when(hold(at="2026-03-21")).then_refused(
        NotAccepted, saying="street"
    )


def test_there_is_no_session_after_a_refusal() -> None:
    history = (*ACCEPTED, refused(), told_of_remedies(), closed("refused"))
    given(*history).when(hold(at="2026-03-21")).then_refused(MediationRefused, saying="p2")


def test_a_refusal_stops_sessions_even_before_the_case_is_closed() -> None:
    given(*ACCEPTED, refused()).when(hold(at="2026-03-21")).then_refused(MediationRefused)


@pytest.mark.parametrize(
    "history", [(filed(), declined(), closed("declined")), (*ACCEPTED, closed("withdrawn"))]
)
def test_there_is_no_session_in_a_closed_case(history: tuple[DisputeEvent, ...]) -> None:
    given(*history).when(hold(at="2026-03-21")).then_refused(AlreadyClosed)


# --- who mediates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["zhou", "zhao", "nobody"])
def test_a_mediator_who_is_not_assigned_does_not_sit(stranger: str) -> None:
    given(*ACCEPTED).when(hold(mediators=("sun", stranger))).then_refused(
        MediatorNotAssigned, saying=stranger
    )


def test_one_of_the_assigned_mediators_is_enough() -> None:
    assert len(given(*ACCEPTED).when(hold(mediators=("li",))).case.sessions) == 1


def test_the_mediators_of_the_tier_below_are_no_longer_assigned() -> None:
    given(*AT_THE_STREET).when(hold(mediators=("sun",))).then_refused(MediatorNotAssigned)


def test_a_mediator_who_has_left_the_platform_does_not_sit() -> None:
    map_ = street_without("dongguang.c01")
    given(*ACCEPTED).on(map_).when(hold(mediators=("sun",))).then_refused(MediatorElsewhere)


@pytest.mark.parametrize(("at", "serves"), [("2026-03-10 23:59", True), ("2026-03-11 00:00", False)])
def test_a_mediator_sits_until_the_last_day_of_their_term(at: str, *, serves: bool) -> None:
    termed = established(
        unit="dongguang.c01",
        tier="community",
        title="一社",
        convener="sun",
        mediators=[term("sun", ends="2026-03-10")],
    )
    when = given(*ACCEPTED).on({**street(), "dongguang.c01": termed}).when(hold(at=at, mediators=("sun",)))
    if serves:
        assert len(when.case.sessions) == 1
    else:
        when.then_refused(MediatorOutOfTerm)


# --- what counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["agreed", "adjourned", "no_show"])
def test_only_a_failed_session_counts(outcome: str) -> None:
    case = given(*ACCEPTED, *failed(4)).when(hold(outcome)).case
    assert (case.status, case.failures_at("community"), len(case.sessions)) == (Status.ACCEPTED, 4, 5)


@pytest.mark.parametrize("outcome", ["agreed", "adjourned", "no_show"])
def test_however_many_others_are_held_nothing_moves(outcome: str) -> None:
    case = given(*ACCEPTED, *(sat(number, outcome) for number in range(1, 8))).when(hold(outcome)).case
    assert (case.status, case.failures_at("community")) == (Status.ACCEPTED, 0)


def test_four_failures_at_the_community_are_not_enough() -> None:
    given(*ACCEPTED, *failed(3)).when(hold()).then(sat(4, at="2026-03-20"))


def test_the_fifth_failure_at_the_community_moves_the_case_to_the_street() -> None:
    fifth = sat(5, at="2026-03-20")
    when = given(*ACCEPTED, *failed(4)).when(hold())
    explanation = because(Rule.FAILED_SESSIONS, "community", 5, *failed(4), fifth)
    when.then(fifth, Fact(escalated(), explanation))
    assert (when.case.status, when.case.tier, when.case.platform) == (Status.ESCALATED, "street", "dongguang")
    assert explanation.clock == "Asia/Shanghai"


def test_sessions_between_the_failures_are_not_in_the_explanation() -> None:
    held = (sat(1), sat(2, "no_show"), sat(3), sat(4, "adjourned"), sat(5), sat(6, "agreed"), sat(7))
    eighth = sat(8, at="2026-03-20")
    given(*ACCEPTED, *held).when(hold()).then(
        eighth,
        Fact(escalated(), because(Rule.FAILED_SESSIONS, "community", 5, *held[::2], eighth)),
    )


def test_the_case_moves_on_the_day_of_the_latest_counted_session() -> None:
    late = sat(5, at="2026-03-05 10:00")
    given(*ACCEPTED, *failed(4)).when(hold(at="2026-03-05 10:00")).then(
        late,
        Fact(
            escalated(at="2026-03-07 14:00"),
            because(Rule.FAILED_SESSIONS, "community", 5, *failed(4), late),
        ),
    )


@pytest.mark.parametrize(("count", "status"), [(2, Status.ACCEPTED), (3, Status.ESCALATED)])
def test_three_failures_move_a_case_from_the_compound_to_its_community(count: int, status: Status) -> None:
    case = given(*AT_THE_COMPOUND, *failed(count - 1, "compound")).when(hold()).case
    assert case.status is status
    assert case.platforms == ("dongguang.c01.y01", "dongguang.c01")[: count - 1]


def test_a_tier_without_a_platform_is_skipped_on_the_way_up() -> None:
    third = sat(3, tier="compound", at="2026-03-20")
    when = given(*AT_THE_COMPOUND, *failed(2, "compound")).on(street_without("dongguang.c01")).when(hold())
    when.then(
        third,
        Fact(
            escalated("compound", "street"),
            because(Rule.FAILED_SESSIONS, "compound", 3, *failed(2, "compound"), third),
        ),
    )


def test_failures_at_the_tier_below_do_not_count_above() -> None:
    at_the_community = (
        *AT_THE_COMPOUND,
        *failed(3, "compound"),
        escalated("compound", "community", at="2026-03-06"),
        accepted(at="2026-03-06", number=None),
    )
    case = given(*at_the_community, *failed(3, start=4)).when(hold()).case
    assert (case.status, case.failures_at("compound"), case.failures_at("community")) == (
        Status.ACCEPTED,
        3,
        4,
    )
    assert given(*at_the_community, *failed(4, start=4)).when(hold()).case.status is Status.ESCALATED


# --- the last tier -------------------------------------------------------------------------------------------


def test_the_fifth_failure_at_the_street_ends_mediation_and_names_the_other_ways() -> None:
    held = tuple(sat(number, tier="street") for number in range(6, 10))
    tenth = sat(10, tier="street", at="2026-03-20")
    spent = because(Rule.EXHAUSTED, "street", 5, *held, tenth)
    when = given(*AT_THE_STREET, *held).when(hold())
    when.then(tenth, Fact(told_of_remedies(), spent), Fact(closed("failed"), spent))
    assert (when.case.status, when.case.outcome) == (Status.CLOSED, "failed")


def test_four_failures_at_the_street_do_not_end_it() -> None:
    case = given(*AT_THE_STREET, *failed(3, "street", start=6)).when(hold()).case
    assert (case.status, case.failures_at("street")) == (Status.ACCEPTED, 4)


def test_where_no_platform_stands_above_the_community_is_the_last_tier() -> None:
    case = given(*ACCEPTED, *failed(4)).on(street_without("dongguang")).when(hold()).case
    assert (case.status, case.outcome) == (Status.CLOSED, "failed")


def test_an_exhausted_case_is_closed_on_the_day_of_its_latest_failure() -> None:
    held = tuple(sat(number, tier="street", at="2026-03-18") for number in range(6, 10))
    events = given(*AT_THE_STREET, *held).when(hold(at="2026-03-16")).events
    assert [event.happened_at for event in events] == [moment("2026-03-16"), *[moment("2026-03-18")] * 2]


def test_a_whole_case_goes_from_filing_to_the_street() -> None:
    asked = given(filed()).when(accept())
    for day in range(9, 14):
        asked = asked.when(hold(at=f"2026-03-{day:02d}", mediators=("sun",)))
    case = asked.when(accept("zhao", at="2026-03-16"), by=ZHAO).case
    assert (case.version, case.tier, case.failures_at("community")) == (9, "street", 5)
    assert all(isinstance(fact.event, SessionRecorded) for fact in asked.after.facts[2:7])
