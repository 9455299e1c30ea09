"""Lifting a case past its tier by two people; danger and the police (rule 7)."""

import pytest

from domain.commands.dispute import (
    ApproveEscalation,
    AssessRisk,
    ProposeEscalation,
    RejectEscalation,
    ReportToPolice,
)
from domain.errors import (
    AlreadyClosed,
    AlreadyProposed,
    BypassNotOpen,
    GoesBackwards,
    NoPlatform,
    NotAccepted,
    NothingProposed,
    OwnProposal,
    UnknownTier,
)
from domain.events.dispute import EscalationRejected, PoliceReported, RiskAssessed
from domain.events.envelope import Fact
from domain.procedures.explanations import why
from domain.procedures.ladder import Bypass
from domain.procedures.rules import Because
from domain.vocabulary import Rule, Status
from tests.support.later import ACCEPTED, ask, lift_proposed
from tests.support.specification import (
    THREE_TIER,
    accepted,
    closed,
    escalated,
    failed,
    filed,
    filed_at,
    given,
    hold,
    ladder,
    moment,
    returned,
    sat,
    send_back,
    street_without,
)
from tests.support.world import LI, SUN, ZHAO

WAITING = (*ACCEPTED, lift_proposed())


def propose(at: str = "2026-03-20", **changes: object) -> ProposeEscalation:
    """Ask to lift the case because of danger, to the next tier unless another is named."""
    return ask(ProposeEscalation, **{"grounds": "risk", "reason": "持刀", "occurred_at": at} | changes)


def approve(at: str = "2026-03-21") -> ApproveEscalation:
    return ask(ApproveEscalation, occurred_at=at)


def reject(at: str = "2026-03-21") -> RejectEscalation:
    return ask(RejectEscalation, occurred_at=at, note="尚可")


def test_one_official_proposes() -> None:
    when = given(*ACCEPTED).when(propose())
    when.then(lift_proposed())
    assert when.case.status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("grounds", "rule"), [("risk", Rule.BYPASS_RISK), ("complexity", Rule.BYPASS_COMPLEXITY)]
)
def test_a_second_one_lifts_the_case(grounds: str, rule: Rule) -> None:
    reason = Because(procedure=THREE_TIER, rule=rule, tier="community")
    when = given(*ACCEPTED, lift_proposed(grounds=grounds)).when(approve(), by=ZHAO)
    when.then(Fact(escalated(at="2026-03-21"), reason))
    assert (when.case.status, when.case.tier, when.case.proposals) == (Status.ESCALATED, "street", {})
    assert "two officials" in str(why(reason))


def test_the_sentences_tell_danger_from_complexity() -> None:
    told = {
        str(why(Because(procedure=THREE_TIER, rule=rule, tier="community")))
        for rule in (Rule.BYPASS_RISK, Rule.BYPASS_COMPLEXITY)
    }
    assert len(told) == 2


def test_nobody_decides_on_their_own_proposal() -> None:
    given(*WAITING).when(approve(), by=SUN).then_refused(OwnProposal)
    given(*WAITING).when(reject(), by=SUN).then_refused(OwnProposal)


def test_a_rejected_proposal_leaves_the_case_and_may_be_made_again() -> None:
    when = given(*WAITING).when(reject(), by=LI)
    when.then(EscalationRejected(note="尚可", occurred_at=moment("2026-03-21")))
    when.when(approve(), by=ZHAO).then_refused(NothingProposed)
    assert when.when(propose()).events


def test_one_proposal_is_open_at_a_time() -> None:
    given(*WAITING).when(propose(), by=LI).then_refused(AlreadyProposed)


def test_only_an_accepted_case_is_lifted() -> None:
    for command in (propose(), approve()):
        given(filed()).when(command, by=ZHAO).then_refused(NotAccepted)
        given(*ACCEPTED, closed("withdrawn")).when(command, by=ZHAO).then_refused(AlreadyClosed)


def test_nothing_is_decided_that_was_not_proposed() -> None:
    given(*ACCEPTED).when(approve(), by=ZHAO).then_refused(NothingProposed)
    given(*ACCEPTED).when(reject(), by=ZHAO).then_refused(NothingProposed)


def test_a_proposal_lapses_when_the_count_is_faster() -> None:
    when = given(*ACCEPTED, *failed(4), lift_proposed()).when(hold())
    back = when.when(send_back("2026-03-22"), by=ZHAO)
    back.when(approve(at="2026-03-23"), by=ZHAO).then_refused(NothingProposed)


def test_the_decision_follows_the_proposal_and_the_last_step() -> None:
    for decide in (approve, reject):
        given(*WAITING).when(decide("2026-03-19"), by=ZHAO).then_refused(GoesBackwards)
        assert given(*WAITING).when(decide("2026-03-20"), by=ZHAO).events
    late = (filed(), accepted(at="2026-03-22"), lift_proposed(at="2026-03-10"))
    given(*late).when(approve("2026-03-21"), by=ZHAO).then_refused(GoesBackwards)
    assert given(*late).when(approve("2026-03-22"), by=ZHAO).events


def test_it_goes_to_a_tier_above() -> None:
    low = (filed_at("compound"), accepted("compound", "wu"))
    assert given(*low).when(propose()).events[0].to_tier == "community"
    assert given(*low).when(propose(to="street")).events[0].to_tier == "street"
    assert given(*low).when(propose(to="community")).events[0].platform == "dongguang.c01"
    skipping = given(*low).on(street_without("dongguang.c01"))
    assert skipping.when(propose(to="community")).events[0].platform == "dongguang"
    given(*ACCEPTED).when(propose(to="community")).then_refused(BypassNotOpen)
    given(*ACCEPTED).when(propose(to="compound")).then_refused(BypassNotOpen)
    given(*ACCEPTED).when(propose(to="moon")).then_refused(UnknownTier, field="to")
    given(*ACCEPTED).on(street_without("dongguang")).when(propose()).then_refused(NoPlatform)


def test_the_ladder_names_the_grounds() -> None:
    strict = ladder().model_copy(update={"bypass": Bypass(grounds=("risk",))})
    assert given(*ACCEPTED).under(strict).when(propose()).events
    given(*ACCEPTED).under(strict).when(propose(grounds="complexity")).then_refused(BypassNotOpen)


def test_a_lifted_case_may_be_sent_back_and_its_count_goes_on() -> None:
    lifted = given(*ACCEPTED, *failed(2), lift_proposed()).when(approve(), by=ZHAO)
    back = lifted.when(send_back("2026-03-22"), by=ZHAO)
    assert (back.case.tier, back.case.failures_at("community"), back.case.mediators) == (
        "community",
        2,
        ("sun",),
    )
    third = back.when(hold(at="2026-03-23")).when(hold(at="2026-03-24"))
    assert third.case.status is Status.ACCEPTED
    assert third.when(hold(at="2026-03-25")).case.status is Status.ESCALATED


def test_a_lifted_case_keeps_its_counts_apart_from_what_its_lifting_was_for() -> None:
    history = (*ACCEPTED, sat(1), escalated(at="2026-03-09"), returned(at="2026-03-10"))
    assert given(*history).case.counted_stay.last_counted == 0


# --- danger --------------------------------------------------------------------------------------------------

POLICE = ask(ReportToPolice, reported_to="派出所", facts="持刀", occurred_at="2026-03-20")
RISK = ask(AssessRisk, level="high", grounds="持刀", occurred_at="2026-03-20")


@pytest.mark.parametrize("history", [(filed(),), ACCEPTED, (*ACCEPTED, closed("withdrawn"))])
def test_the_police_are_told_in_whatever_state(history: tuple[object, ...]) -> None:
    told = PoliceReported(reported_to="派出所", facts="持刀", occurred_at=moment("2026-03-20"))
    given(*history).when(POLICE).then(told)


def test_danger_is_judged_in_an_open_case() -> None:
    given(filed()).when(RISK).then(
        RiskAssessed(level="high", grounds="持刀", occurred_at=moment("2026-03-20"))
    )
    given(*ACCEPTED, closed("withdrawn")).when(RISK).then_refused(AlreadyClosed)
