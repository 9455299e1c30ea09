"""What was recorded and never happened is taken back by two people (rule 19)."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS
from domain.aggregates.dispute.places import PLACES
from domain.aggregates.dispute.state import BYPASS
from domain.commands.base import DisputeCommand
from domain.commands.dispute import (
    AddAttachment,
    AddParty,
    ApproveCorrection,
    ApproveEscalation,
    AssessRisk,
    CloseUnperformed,
    CorrectSession,
    DecideConfirmation,
    ProposeEscalation,
    RejectCorrection,
    RejectEscalation,
    RejectRetraction,
    ReopenDispute,
    ReplaceMediators,
    RequestConfirmation,
    RescindAgreement,
    SignAgreement,
    WithdrawCorrection,
    WithdrawEscalation,
    WithdrawRetraction,
)
from domain.errors import (
    AlreadyProposed,
    AlreadyRetracted,
    DomainError,
    Forbidden,
    GoesBackwards,
    NothingProposed,
    NotRetractable,
    NotYourProposal,
    OwnProposal,
    RestedOn,
    UnknownEvent,
)
from domain.events.dispute import AgreementEffectVoided, ClosureVoided, FactRetracted, ProposalWithdrawn
from domain.events.envelope import Actor
from domain.vocabulary import Outcome, Role, Status
from tests.support.any_commands import (
    COMMANDS,
    agree,
    approve,
    change,
    perform,
    played,
    propose,
    rescind,
)
from tests.support.later import ask
from tests.support.played import Played
from tests.support.specification import (
    accept,
    decline,
    file_dispute,
    hold,
    ladder,
    refuse,
    terminate,
    withdraw,
)
from tests.support.stories_told import with_rules
from tests.support.world import LI, SUN, ZHAO

Commands = Sequence[DisputeCommand]


def take_back(case: Played, version: int, at: str = "2026-04-21") -> tuple[str, ...]:
    case.play(propose(version))
    return case.play(approve(version, at), by=ZHAO)


def test_a_session_that_was_sent_twice_counts_once() -> None:
    case = played(hold(at="2026-03-10"), hold(at="2026-03-10"))
    assert case.case.failures_at("community") == 2
    assert take_back(case, 4) == (FactRetracted.TOPIC,)
    assert case.case.failures_at("community") == 1
    assert [session.retracted for session in case.case.sessions] == [False, True]
    case.play(hold(at="2026-04-22"))
    assert [session.counted.number for session in case.case.sessions] == [1, 2, 3]


def test_the_proposer_does_not_approve_and_one_proposal_is_open() -> None:
    case = played(hold())
    case.play(propose(3))
    with pytest.raises(OwnProposal):
        case.play(approve(3))
    with pytest.raises(AlreadyProposed):
        case.play(propose(3), by=LI)
    with pytest.raises(AlreadyProposed):
        case.play(
            ask(CorrectSession, session=1, outcome="no_show", reason="误记", occurred_at="2026-04-20"), by=LI
        )
    with pytest.raises(NotYourProposal):
        case.play(ask(WithdrawRetraction, version=3, occurred_at="2026-04-21"), by=LI)
    case.play(ask(WithdrawRetraction, version=3, occurred_at="2026-04-21"))
    assert not case.case.proposals
    with pytest.raises(NothingProposed):
        case.play(approve(3), by=ZHAO)


def test_the_proposer_under_another_spelling_does_not_approve() -> None:
    case = played(hold())
    case.play(propose(3), by=SUN.model_copy(update={"sub": "ＳＵＮ"}))
    with pytest.raises(OwnProposal):
        case.play(approve(3))


def test_a_rejected_retraction_leaves_the_fact() -> None:
    case = played(hold())
    case.play(propose(3))
    case.play(ask(RejectRetraction, version=3, occurred_at="2026-04-21"), by=LI)
    assert case.case.failures_at("community") == 1
    assert not case.case.proposals


def test_corrections_and_bypasses_are_withdrawn_by_their_proposer() -> None:
    case = played(hold())
    case.play(ask(CorrectSession, session=1, outcome="no_show", reason="误记", occurred_at="2026-04-20"))
    with pytest.raises(NotYourProposal):
        case.play(ask(WithdrawCorrection, session=1, occurred_at="2026-04-20"), by=LI)
    case.play(ask(WithdrawCorrection, session=1, occurred_at="2026-04-20"))
    assert not case.case.proposals
    with pytest.raises(NothingProposed):
        case.play(ask(WithdrawEscalation, occurred_at="2026-04-20"))


@pytest.mark.parametrize("version", [1, 2])
def test_filing_and_acceptance_are_not_taken_back(version: int) -> None:
    with pytest.raises(NotRetractable):
        played(hold()).play(propose(version))


def test_what_is_not_there_or_gone_is_not_taken_back() -> None:
    case = played(hold())
    with pytest.raises(UnknownEvent):
        case.play(propose(4))
    take_back(case, 3)
    with pytest.raises(AlreadyRetracted):
        case.play(propose(3))
    with pytest.raises(NotRetractable):
        case.play(propose(5))


def test_what_later_facts_rest_on_is_refused_by_name() -> None:
    case = played(hold("agreed"), agree(), perform(1, "2026-03-24"))
    with pytest.raises(RestedOn, match="event 4 "):
        case.play(propose(3))
    with pytest.raises(RestedOn, match="event 6 "):
        case.play(propose(4))


def test_an_agreement_rests_on_the_latest_session() -> None:
    case = played(hold(at="2026-03-10"), hold("agreed"), agree())
    with pytest.raises(RestedOn, match="event 5 "):
        case.play(propose(4))
    take_back(case, 3)
    assert case.case.status is Status.AGREED


def test_a_last_performance_opens_the_case_again() -> None:
    case = played(hold("agreed"), agree(), perform(1, "2026-03-24"), perform(2, "2026-03-26"))
    assert case.case.outcome is Outcome.PERFORMED
    assert take_back(case, 6) == (FactRetracted.TOPIC, ClosureVoided.TOPIC)
    assert (case.case.status, case.case.outcome) == (Status.AGREED, None)
    assert [item.state for item in case.case.agreement.obligations] == ["due", "performed"]
    case.play(perform(1, "2026-04-22"))
    assert case.case.outcome is Outcome.PERFORMED


def test_what_was_undone_once_is_not_undone_again() -> None:
    case = played(hold("agreed"), agree(), perform(1, "2026-03-24"), perform(2, "2026-03-26"))
    take_back(case, 7)
    assert take_back(case, 6) == (FactRetracted.TOPIC,)
    assert [item.state for item in case.case.agreement.obligations] == ["due", "due"]


def test_another_proposal_than_the_one_that_the_danger_caused_stays_open() -> None:
    tiers = [tier.model_dump() | {"lift_at": {"risk": "high"}} for tier in ladder().tiers]
    case = Played(with_rules(tiers=tiers))
    for command in (file_dispute(), accept("sun", "li")):
        case.play(command)
    case.play(ask(AssessRisk, level="high", grounds="误听", occurred_at="2026-03-10"))
    assert case.case.proposals[BYPASS].proposed_by == "sun"
    bypass = ask(ProposeEscalation, grounds="complexity", reason="涉及多户", occurred_at="2026-03-12")
    case.play(ask(WithdrawEscalation, occurred_at="2026-03-11"))
    case.play(bypass, by=LI)
    take_back(case, 3)
    assert case.case.proposals[BYPASS].proposed_by == "li"


def test_what_moves_a_case_is_not_dated_before_its_last_move() -> None:
    case = played(hold("agreed"), agree(), perform(1, "2026-03-24"), perform(2, "2026-04-26"))
    case.play(propose(7, "2026-04-26"))
    case.history[-1] = case.history[-1].__class__(
        **{
            **{name: getattr(case.history[-1], name) for name in case.history[-1].__slots__},
            "event": case.history[-1].event.model_copy(
                update={"occurred_at": case.history[-1].event.occurred_at.replace(month=4, day=1)}
            ),
        }
    )
    with pytest.raises(GoesBackwards):
        case.play(approve(7, "2026-04-25"), by=ZHAO)


@pytest.mark.parametrize("ending", [refuse(), withdraw(), terminate()], ids=lambda item: type(item).__name__)
def test_an_ending_that_was_none_is_undone(ending: DisputeCommand) -> None:
    case = played(hold(at="2026-03-10"), ending)
    assert case.case.status is Status.CLOSED
    assert ClosureVoided.TOPIC in take_back(case, 4)
    assert (case.case.status, case.case.outcome, case.case.refused_by) == (Status.ACCEPTED, None, None)
    assert case.case.failures_at("community") == 1


def test_a_decline_that_was_none_is_undone() -> None:
    case = Played()
    case.play(file_dispute())
    case.play(decline())
    take_back(case, 2)
    assert case.case.status is Status.FILED
    case.play(accept(at="2026-04-22"))


def test_an_ending_on_which_a_reopening_rests_stands() -> None:
    case = played(terminate(), ask(ReopenDispute, reason="双方愿意再谈", occurred_at="2026-03-22"))
    with pytest.raises(RestedOn, match="reopened"):
        case.play(propose(3))


def test_a_retracted_session_voids_what_it_caused() -> None:
    case = played(*(hold(at=f"2026-03-{day}") for day in range(10, 15)))
    assert case.case.status is Status.ESCALATED
    assert take_back(case, 5)[1:] == ("dispute.escalation_voided.v1",)
    assert (case.case.status, case.case.tier, case.case.failures_at("community")) == (
        Status.ACCEPTED,
        "community",
        4,
    )
    case.play(hold(at="2026-04-22"))
    assert case.case.status is Status.ESCALATED


def test_a_party_taken_back_gives_up_its_id() -> None:
    added = {
        "role": "respondent",
        "kind": "person",
        "name": "丙",
        "reason": "漏记",
        "occurred_at": "2026-03-09",
    }
    case = played(ask(AddParty, **added))
    assert [party.id for party in case.case.parties] == ["p1", "p2", "p3"]
    take_back(case, 3)
    assert [party.id for party in case.case.parties] == ["p1", "p2"]
    case.play(ask(AddParty, **{**added, "name": "丁"}))
    assert [party.id for party in case.case.parties] == ["p1", "p2", "p4"]
    with pytest.raises(DomainError):
        case.play(ask(AddParty, **{**added, "name": "戊", "id": "p3"}))


def test_a_danger_that_was_none_leaves_the_one_before() -> None:
    case = played(
        ask(AssessRisk, level="low", grounds="无", occurred_at="2026-03-09"),
        ask(AssessRisk, level="high", grounds="误听", occurred_at="2026-03-10"),
    )
    take_back(case, 4)
    assert case.case.risk == "low"
    assert not case.case.proposals


def watched(*, approvals: int = 2) -> Played:
    """A case assessed as dangerous, which made the procedure propose a lift."""
    tiers = [
        dict(tier) | ({"lift_at": {"risk": "high"}} if tier.name == "community" else {})
        for tier in ladder().tiers
    ]
    bypass = {"grounds": ["risk", "complexity"], "approvals": approvals}
    case = Played(with_rules(tiers=tiers, bypass=bypass))
    danger = ask(AssessRisk, level="high", grounds="误听", occurred_at="2026-03-10")
    for command in (file_dispute(), accept("sun", "li"), danger):
        case.play(command)
    return case


def test_a_danger_that_was_none_is_taken_back_after_its_proposal_was_rejected_or_endorsed() -> None:
    rejected = watched()
    rejected.play(ask(RejectEscalation, occurred_at="2026-03-11"), by=LI)
    assert take_back(rejected, 3) == (FactRetracted.TOPIC,)
    endorsed = watched(approvals=3)
    endorsed.play(ask(ApproveEscalation, occurred_at="2026-03-11"), by=LI)
    assert take_back(endorsed, 3) == (FactRetracted.TOPIC, ProposalWithdrawn.TOPIC)
    for case in (rejected, endorsed):
        assert (case.case.risk, case.case.proposals, case.case.status) == (None, {}, Status.ACCEPTED)


def test_a_danger_that_two_people_lifted_the_case_for_stands() -> None:
    case = watched()
    case.play(ask(ApproveEscalation, occurred_at="2026-03-11"), by=LI)
    with pytest.raises(RestedOn, match="event 5 "):
        case.play(propose(3))


ATTACH = ask(
    AddAttachment,
    attachment="0d15b07e-0000-4000-8000-00000000000a",
    kind="evidence",
    title="照片",
    filename="a.jpg",
    media_type="image/jpeg",
    size=3,
    sha256="0" * 64,
    occurred_at="2026-03-09",
)


def test_a_file_is_taken_back_by_its_recorder_alone() -> None:
    case = played(ATTACH)
    case.play(propose(3), by=LI)
    assert 3 not in case.case.retracted
    case.play(ask(WithdrawRetraction, version=3, occurred_at="2026-04-21"), by=LI)
    assert case.play(propose(3)) == (FactRetracted.TOPIC,)
    assert 3 in case.case.retracted


def test_every_fact_has_a_place() -> None:
    assert PLACES.keys() == EVOLUTIONS.keys()


def test_a_clerk_takes_back_a_file_of_their_own_and_proposes_nothing() -> None:
    clerk = Actor(sub="wenshu", role=Role.CLERK, unit="dongguang.c01")
    case = played(hold("failed", "2026-03-20"))
    case.play(ATTACH, by=clerk)
    assert isinstance(case.tries(propose(3), by=clerk), Forbidden)
    assert case.play(propose(4), by=clerk) == ("dispute.fact_retracted.v1",)


# --- several agreements --------------------------------------------------------------------------------------


def statuses(case: Played) -> list[str]:
    return [item.status for item in case.case.agreements]


def test_a_change_that_is_taken_back_leaves_what_it_replaced_in_effect() -> None:
    case = played(hold("agreed", "2026-03-20"), agree(), change())
    assert statuses(case) == ["replaced", "in_effect"]
    assert take_back(case, 6) == (
        "dispute.fact_retracted.v1",
        "dispute.agreement_effect_voided.v1",
    )
    assert (case.case.status, statuses(case)) == (Status.AGREED, ["in_effect"])


def test_a_signature_of_a_change_that_is_taken_back_makes_it_a_draft_again() -> None:
    sun_convenes = SUN.model_copy(update={"role": Role.CONVENER})
    case = played(hold("agreed", "2026-03-20"), agree("oral"), change("written"))
    for by in ("p1", "p2", "mediator"):
        case.play(ask(SignAgreement, by=by, signed_at="2026-03-23"))
    case.play(ask(SignAgreement, by="committee", signed_at="2026-03-23"), by=sun_convenes)
    assert statuses(case) == ["replaced", "in_effect"]
    take_back(case, 7)
    assert (case.case.status, statuses(case)) == (Status.AGREED, ["in_effect", "drafted"])
    case.play(ask(SignAgreement, by="p1", signed_at="2026-03-24"))
    assert statuses(case) == ["replaced", "in_effect"]


def test_a_signature_rests_on_its_own_draft() -> None:
    case = played(hold("agreed", "2026-03-20"), agree("written"), agree("written"))
    case.play(ask(SignAgreement, by="p1", signed_at="2026-03-23"))
    assert isinstance(case.tries(propose(5)), RestedOn)
    take_back(case, 6)
    take_back(case, 5)
    assert statuses(case) == ["drafted"]


def test_a_rescission_rests_on_what_put_the_agreement_into_effect() -> None:
    case = played(hold("agreed", "2026-03-20"), agree(), rescind())
    assert isinstance(case.tries(propose(4)), RestedOn)
    assert isinstance(case.tries(propose(6)), NotRetractable)


def test_a_draft_that_an_oral_change_overtook_waits_again_and_binds_nobody() -> None:
    case = played(hold("agreed", "2026-03-20"), agree(), change("written"), change("oral", "2026-03-23"))
    assert statuses(case) == ["replaced", "replaced", "in_effect"]
    assert take_back(case, 7) == (FactRetracted.TOPIC, AgreementEffectVoided.TOPIC)
    assert (case.case.status, statuses(case)) == (Status.AGREED, ["in_effect", "drafted"])


@pytest.mark.parametrize("form", ["oral", "written"])
def test_a_signature_of_an_overtaken_draft_that_is_taken_back_leaves_the_later_agreement(form: str) -> None:
    sun_convenes = SUN.model_copy(update={"role": Role.CONVENER})
    case = played(hold("agreed", "2026-03-20"), agree("written"))
    case.play(ask(SignAgreement, by="p2", signed_at="2026-03-21"))
    case.play(agree(form))
    for by in ("p1", "p2", "mediator") if form == "written" else ():
        case.play(ask(SignAgreement, by=by, signed_at="2026-03-23"))
    if form == "written":
        case.play(ask(SignAgreement, by="committee", signed_at="2026-03-23"), by=sun_convenes)
    assert statuses(case) == ["replaced", "in_effect"]
    assert take_back(case, 5) == (FactRetracted.TOPIC,)
    assert statuses(case) == ["replaced", "in_effect"]


def test_a_second_application_rests_on_the_dismissal_of_the_first() -> None:
    sun_convenes = SUN.model_copy(update={"role": Role.CONVENER})
    case = played(hold("agreed", "2026-03-20"), agree("written"))
    for by in ("p1", "p2", "mediator"):
        case.play(ask(SignAgreement, by=by, signed_at="2026-03-23"))
    case.play(ask(SignAgreement, by="committee", signed_at="2026-03-23"), by=sun_convenes)
    apply = ask(RequestConfirmation, filed_on="2026-03-25", applicants=("p1", "p2"), court="东光区人民法院")
    for command in (apply, ask(DecideConfirmation, outcome="refused", decided_on="2026-03-27"), apply):
        case.play(command)
    with pytest.raises(RestedOn, match="event 12 "):
        case.play(propose(11))
    take_back(case, 12)
    take_back(case, 11)


# --- several retractions -------------------------------------------------------------------------------------


def test_a_correction_of_a_session_that_is_gone_keeps_no_other_fact() -> None:
    case = played(hold(at="2026-03-10"), hold(at="2026-03-11"))
    case.play(ask(CorrectSession, session=2, outcome="no_show", reason="误记", occurred_at="2026-03-12"))
    take_back_correction = ask(ApproveCorrection, session=2, occurred_at="2026-03-12")
    case.play(take_back_correction, by=LI)
    take_back(case, 4)
    assert take_back(case, 3) == (FactRetracted.TOPIC,)


def test_what_lapsed_with_a_closing_is_not_open_again() -> None:
    case = played(hold(at="2026-03-10"), hold("agreed", "2026-03-20"), agree())
    case.play(ask(CorrectSession, session=1, outcome="no_show", reason="误记", occurred_at="2026-03-22"))
    case.play(ask(CloseUnperformed, reason="无力履行", occurred_at="2026-03-23"))
    assert take_back(case, 8) == (FactRetracted.TOPIC, ClosureVoided.TOPIC)
    assert (case.case.status, dict(case.case.proposals)) == (Status.AGREED, {})


def test_a_retraction_is_not_rejected_as_a_correction() -> None:
    case = played(hold())
    case.play(propose(3))
    with pytest.raises(NothingProposed):
        case.play(ask(RejectCorrection, session=1, occurred_at="2026-04-21"), by=LI)
    assert list(case.case.proposals) == [1]


# --- who mediated --------------------------------------------------------------------------------------------


def test_what_a_mediator_did_rests_on_their_assignment() -> None:
    replaced = ask(ReplaceMediators, mediators=("li",), reason="workload", occurred_at="2026-03-09")
    case = Played()
    for command in (file_dispute(), accept("sun"), replaced, hold("agreed", "2026-03-20"), agree("written")):
        case.play(command)
    case.play(ask(SignAgreement, by="mediator", signed_at="2026-03-23"), by=LI)
    with pytest.raises(RestedOn, match="event 6 "):
        case.play(propose(3))


def test_a_session_rests_on_the_assignment_in_its_own_stay() -> None:
    case = Played()
    held_by_li = hold(at="2026-03-26", mediators=("li",))
    for command in (
        file_dispute(),
        accept("sun", "li"),
        terminate("2026-03-21"),
        ask(ReopenDispute, reason="再谈", occurred_at="2026-03-22"),
        ask(ReplaceMediators, mediators=("sun",), reason="workload", occurred_at="2026-03-23"),
        ask(ReplaceMediators, mediators=("li",), reason="workload", occurred_at="2026-03-25"),
        held_by_li,
    ):
        case.play(command)
    with pytest.raises(RestedOn, match="event 9 "):
        case.play(propose(8))


# --- any history, any fact -----------------------------------------------------------------------------------


def _stand(case: Played) -> tuple[object, ...]:
    """How a case stands, without what a retraction itself leaves: its marks, numbers and the days of moves."""
    dispute = case.case
    sessions = [item.counted.outcome for item in dispute.sessions if not item.retracted]
    terms = [
        (item.status, item.effective_on, [obligation.state for obligation in item.obligations])
        for item in dispute.agreements
    ]
    return (
        *(dispute.status, dispute.outcome, dispute.tier, dispute.mediators, dispute.risk, dispute.refused_by),
        *(sessions, terms, [party.name for party in dispute.parties], dispute.visits),
        {tier: dispute.failures_at(tier) for tier in ("community", "street")},
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(COMMANDS, min_size=3, max_size=12), st.data())
def test_the_case_stands_as_if_the_command_had_not_been_given(
    commands: Commands, data: st.DataObject
) -> None:
    """Whatever was refused at first is left out; then one command is, and its fact is taken back: both stand alike."""
    case, given_commands = played(), list[tuple[DisputeCommand, int]]()
    for command in commands:
        version = len(case.history) + 1
        if not isinstance(case.tries(command), DomainError):
            given_commands.append((command, version))
    if not given_commands or case.case.escalations:
        return
    place = data.draw(st.integers(0, len(given_commands) - 1))
    without = played()
    refused = [
        version
        for at, (command, version) in enumerate(given_commands)
        if at != place and isinstance(without.tries(command), DomainError)
    ]
    version = given_commands[place][1]
    answer = case.tries(propose(version))
    if isinstance(answer, NotRetractable):
        assert isinstance(given_commands[place][0], ReopenDispute | RescindAgreement)
    elif isinstance(answer, RestedOn):
        assert refused
    else:
        assert not isinstance(answer, DomainError)
        assert not isinstance(case.tries(approve(version), by=ZHAO), DomainError)
        assert not refused
        assert _stand(case) == _stand(without)
