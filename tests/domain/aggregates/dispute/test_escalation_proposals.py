"""What a procedure proposes by itself where there is danger, how many must agree, and who sits at the table (rule 7)."""

from typing import get_args

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.aggregates.dispute.notices import notices
from domain.aggregates.dispute.pending_moves import pending_moves
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import (
    ApproveCorrection,
    ApproveEscalation,
    AssessRisk,
    CorrectSession,
    RecordSession,
    WithdrawEscalation,
)
from domain.commands.dispute.sessions import Attendance
from domain.errors import AlreadyEndorsed, NotYourProposal, OwnProposal, SeatsMissing
from domain.events.dispute import EscalationEndorsed, EscalationProposed, RiskAssessed
from domain.events.envelope import Actor, Fact
from domain.procedures.explanations import why
from domain.procedures.ladder import Bypass, Ladder
from domain.procedures.rules import Because, Danger, bypassed
from domain.procedures.tier import DangerThreshold, Tier
from domain.vocabulary import RiskLevel, Role, Rule, Status
from tests.support.examples import steadily
from tests.support.later import ACCEPTED, ask, lift_proposed
from tests.support.specification import (
    THREE_TIER,
    accept,
    accepted,
    calendar,
    filed,
    filed_at,
    given,
    hold,
    ladder,
    moment,
    sat,
    street_without,
)
from tests.support.world import LI, SUN, ZHAO


def attended(people: list[dict[str, object]]) -> tuple[Attendance, ...]:
    return tuple(Attendance.model_validate(person) for person in people)


LEVELS: tuple[RiskLevel, ...] = get_args(RiskLevel)


def with_community(**changes: object) -> Ladder:
    """The ladder of the first day, its community changed."""
    tiers = tuple(
        Tier.model_validate({**dict(tier), **changes}) if tier.name == "community" else tier
        for tier in ladder().tiers
    )
    return ladder().model_copy(update={"tiers": tiers})


WATCHFUL = with_community(lift_at=DangerThreshold(risk="medium", headcount=10))


def assess(level: str, at: str = "2026-03-10") -> AssessRisk:
    return ask(AssessRisk, level=level, grounds="扬言报复", occurred_at=at)


def assessed(level: str, at: str = "2026-03-10") -> RiskAssessed:
    return RiskAssessed.model_validate({"level": level, "grounds": "扬言报复", "occurred_at": moment(at)})


def proposed_by_rule(
    danger: Danger, threshold: int | None = None, at: str = "2026-03-10", by: str = "sun"
) -> Fact:
    reason = Because(
        procedure=THREE_TIER, rule=Rule.BYPASS_RISK, tier="community", threshold=threshold, danger=danger
    )
    proposal = EscalationProposed(
        grounds="risk",
        to_tier="street",
        platform="dongguang",
        reason="",
        proposed_by=by,
        occurred_at=moment(at),
    )
    return Fact(proposal, reason)


# --- danger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["medium", "high"])
def test_danger_from_the_level_on_proposes_a_lift(level: RiskLevel) -> None:
    when = given(*ACCEPTED).under(WATCHFUL).when(assess(level))
    when.then(assessed(level), proposed_by_rule(Danger(risk=level)))
    assert when.case.status is Status.ACCEPTED
    assert f"assessed as {level}" in str(why(when.facts[1].because or pytest.fail("no reason")))


def test_less_danger_does_not() -> None:
    given(*ACCEPTED).under(WATCHFUL).when(assess("low")).then(assessed("low"))


def test_nor_does_any_danger_where_the_procedure_does_not_say_so() -> None:
    given(*ACCEPTED).when(assess("high")).then(assessed("high"))
    deaf = WATCHFUL.model_copy(update={"bypass": Bypass(grounds=("complexity",))})
    given(*ACCEPTED).under(deaf).when(assess("high")).then(assessed("high"))


def test_a_second_person_decides_on_it() -> None:
    waiting = given(*ACCEPTED).under(WATCHFUL).when(assess("high"))
    approve = ask(ApproveEscalation, occurred_at="2026-03-11")
    waiting.when(approve, by=SUN).then_refused(OwnProposal)
    lifted = waiting.when(approve, by=ZHAO)
    assert (lifted.case.status, lifted.case.tier) == (Status.ESCALATED, "street")


def test_what_a_clerk_records_makes_the_procedure_propose_not_the_clerk() -> None:
    clerk = Actor(sub="qin", role=Role.CLERK, unit="dongguang.c01")
    waiting = given(*ACCEPTED).under(WATCHFUL).when(assess("high"), by=clerk)
    waiting.then(assessed("high"), proposed_by_rule(Danger(risk="high"), by="procedure:three-tier"))
    waiting.when(ask(WithdrawEscalation, occurred_at="2026-03-11"), by=clerk).then_refused(NotYourProposal)
    assert waiting.when(ask(ApproveEscalation, occurred_at="2026-03-11"), by=SUN).case.tier == "street"


def test_what_is_proposed_already_is_not_proposed_again() -> None:
    given(*ACCEPTED, lift_proposed()).under(WATCHFUL).when(assess("high")).then(assessed("high"))


def test_nor_where_no_platform_lies_above_or_nobody_has_accepted() -> None:
    nowhere = given(*ACCEPTED).under(WATCHFUL).on(street_without("dongguang"))
    nowhere.when(assess("high")).then(assessed("high"))
    given(filed()).under(WATCHFUL).when(assess("high")).then(assessed("high"))


@pytest.mark.parametrize(("people", "proposes"), [(9, False), (10, True), (40, True)])
def test_many_people_propose_a_lift_once_the_case_is_accepted(people: int, proposes: bool) -> None:
    register = given(filed(people_involved=people)).under(WATCHFUL).with_register("dongguang.c01", 2026, 0)
    facts = register.when(accept()).facts
    expected = [proposed_by_rule(Danger(people=people), 10, at="2026-03-03")] if proposes else []
    assert list(facts[2:]) == expected


def test_danger_known_before_the_case_is_accepted_counts_then() -> None:
    told = given(filed(), assessed("high", "2026-03-02 12:00")).under(WATCHFUL)
    facts = told.with_register("dongguang.c01", 2026, 0).when(accept()).facts
    assert facts[2] == proposed_by_rule(Danger(risk="high"), at="2026-03-03")


def test_why_not_yet_tells_from_what_on() -> None:
    found = pending_moves(given(*ACCEPTED).case, WATCHFUL, calendar(), last_tier=False)
    lifts = [item for item in found if item.rule is Rule.BYPASS_RISK]
    assert [(lift.have, lift.need) for lift in lifts] == [(None, 10), (None, None)]
    assert str(lifts[0].text) == "from 10 people on the procedure proposes to lift a case past the community"
    assert "assessed as medium" in str(lifts[1].text)
    assert not [
        move
        for move in pending_moves(given(*ACCEPTED).case, WATCHFUL, calendar(), last_tier=True)
        if move in lifts
    ]


@steadily
@drawn(
    floor=st.sampled_from([None, *LEVELS]),
    level=st.sampled_from(LEVELS),
    headcount=st.none() | st.integers(1, 20),
    people=st.none() | st.integers(1, 20),
)
def test_it_proposes_exactly_from_the_thresholds_on(
    floor: RiskLevel | None, level: RiskLevel, headcount: int | None, people: int | None
) -> None:
    rungs = with_community(lift_at=DangerThreshold(risk=floor, headcount=headcount))
    case = given(filed(people_involved=people), accepted()).under(rungs)
    grave = floor is not None and LEVELS.index(level) >= LEVELS.index(floor)
    assert (len(case.when(assess(level)).facts) == 2) == grave
    waiting = given(filed(people_involved=people)).under(rungs).with_register("dongguang.c01", 2026, 0)
    many = headcount is not None and people is not None and people >= headcount
    assert (len(waiting.when(accept()).facts) == 3) == many


def test_what_is_reached_is_no_longer_missing() -> None:
    reached = given(filed(people_involved=12), accepted(), assessed("high")).case
    found = pending_moves(reached, WATCHFUL, calendar(), last_tier=False)
    assert not [item for item in found if item.rule is Rule.BYPASS_RISK]


def test_once_rejected_it_takes_a_new_danger_to_propose_it_again() -> None:
    people = given(filed(people_involved=12), accepted()).under(WATCHFUL)
    people.when(assess("low")).then(assessed("low"))


# --- how many must agree -----------------------------------------------------------------------------------------


def of(people: int) -> Ladder:
    return ladder().model_copy(update={"bypass": Bypass(approvals=people)})


APPROVE = ask(ApproveEscalation, occurred_at="2026-03-21")
WANG = Actor(sub="wang", role=Role.CONVENER, unit="dongguang")


def test_a_procedure_may_want_three() -> None:
    first = given(*ACCEPTED, lift_proposed()).under(of(3)).when(APPROVE, by=ZHAO)
    endorsed = EscalationEndorsed(endorsed_by="zhao", note=None, occurred_at=moment("2026-03-21"))
    first.then(endorsed)
    assert first.case.status is Status.ACCEPTED
    first.when(APPROVE, by=ZHAO).then_refused(AlreadyEndorsed)
    lifted = first.when(APPROVE, by=WANG)
    assert lifted.case.status is Status.ESCALATED
    assert str(why(lifted.facts[0].because or pytest.fail("no reason"))).startswith("3 officials")


def test_but_never_one_alone() -> None:
    alone = given(*ACCEPTED, lift_proposed()).under(of(1))
    alone.when(APPROVE, by=SUN).then_refused(OwnProposal)
    assert alone.when(APPROVE, by=ZHAO).case.status is Status.ESCALATED


def test_who_agreed_to_one_proposal_has_not_agreed_to_the_next() -> None:
    endorsed = EscalationEndorsed(endorsed_by="zhao", note=None, occurred_at=moment("2026-03-21"))
    case = given(*ACCEPTED, lift_proposed(), endorsed, lift_proposed()).case
    assert case.endorsers == {"sun"}


def test_a_lift_by_three_rests_on_no_session_that_a_correction_could_take_away() -> None:
    case = given(*ACCEPTED).case
    assert not has_lost_basis(case, bypassed(THREE_TIER, "community", "risk", 3))


def test_why_not_yet_counts_who_is_missing() -> None:
    endorsed = EscalationEndorsed(endorsed_by="zhao", note=None, occurred_at=moment("2026-03-21"))
    waiting = given(*ACCEPTED, lift_proposed(), endorsed).case
    (missing,) = [
        move
        for move in pending_moves(waiting, of(4), calendar(), last_tier=False)
        if move.rule is Rule.BYPASS_RISK
    ]
    assert (missing.have, missing.need) == (2, 4)
    assert str(missing.text).endswith("2 more must agree")


# --- the panel ---------------------------------------------------------------------------------------------------

SEATS = ("legal_adviser", "community_police", "branch_secretary")


def strict(quorum: int | None = 2) -> Ladder:
    return with_community(panel=SEATS, quorum=quorum, missing_seats="refuse")


def sit(*seats: str, outcome: str = "failed", absent: tuple[str, ...] = ()) -> RecordSession:
    """A session at which these seats were taken."""
    attendance = [{"who": "某某", "as": "panel", "seat": seat, "present": True} for seat in seats]
    attendance += [{"who": "某某", "as": "panel", "seat": seat, "present": False} for seat in absent]
    return hold(outcome, attendance=attendance)


@pytest.mark.parametrize("seats", [SEATS[:2], SEATS, (SEATS[0], SEATS[2])])
def test_a_session_with_its_quorum_is_recorded(seats: tuple[str, ...]) -> None:
    assert given(*ACCEPTED).under(strict()).when(sit(*seats)).events


@pytest.mark.parametrize("seats", [(), SEATS[:1], (SEATS[0], SEATS[0]), (SEATS[0], "lawyer")])
def test_below_it_a_strict_procedure_records_none(seats: tuple[str, ...]) -> None:
    when = given(*ACCEPTED).under(strict()).when(sit(*seats))
    when.then_refused(SeatsMissing, field="attendance", saying="community_police")


def test_an_empty_chair_is_not_taken() -> None:
    when = given(*ACCEPTED).under(strict()).when(sit(SEATS[0], absent=SEATS[1:]))
    when.then_refused(SeatsMissing, field="attendance")


def test_without_a_quorum_all_of_the_panel_is_wanted() -> None:
    given(*ACCEPTED).under(strict(None)).when(sit(*SEATS[:2])).then_refused(SeatsMissing, field="attendance")
    assert given(*ACCEPTED).under(strict(None)).when(sit(*SEATS)).events


@pytest.mark.parametrize("outcome", ["no_show", "adjourned"])
def test_of_a_session_that_was_not_held_nothing_is_wanted(outcome: str) -> None:
    when = given(*ACCEPTED).under(strict()).when(sit(outcome=outcome))
    assert when.events
    assert notices(when.facts, when.case, when.before.world()) == ()


def test_a_lenient_procedure_records_it_and_says_what_was_missing() -> None:
    when = given(*ACCEPTED).under(with_community(panel=SEATS, quorum=2)).when(sit(SEATS[1]))
    (notice,) = notices(when.facts, when.case, when.before.world())
    assert (notice.tier, notice.seats, notice.taken, notice.need) == (
        "community",
        (SEATS[0], SEATS[2]),
        1,
        2,
    )


def test_where_nobody_is_expected_nobody_is_missed() -> None:
    when = given(filed_at("compound"), accepted("compound", "wu")).when(hold())
    assert notices(when.facts, when.case, when.before.world()) == ()


def test_a_correction_is_held_to_the_panel_too() -> None:
    """A session that was adjourned needs no panel; corrected to a failed one, it does."""
    adjourned = sat(1, "adjourned", at="2026-03-10 14:00")
    case = given(*ACCEPTED, adjourned).under(strict())
    to_failed = ask(CorrectSession, session=1, outcome="failed", reason="误记", occurred_at="2026-03-20")
    case.when(to_failed).then_refused(SeatsMissing, field="attendance")
    there = [{"who": "某某", "as": "panel", "seat": seat, "present": True} for seat in SEATS[:2]]
    with_people = to_failed.model_copy(update={"attendance": attended(there)})
    waiting = case.when(with_people)
    approved = waiting.when(ask(ApproveCorrection, session=1, occurred_at="2026-03-21"), by=LI)
    (notice,) = notices(approved.facts, approved.case, case.world())
    assert (notice.seats, notice.taken, notice.need) == (SEATS[2:], 2, 2)
    only_minutes = ask(CorrectSession, session=1, minutes="补记", reason="漏字", occurred_at="2026-03-20")
    assert case.when(only_minutes).events
