"""Commands to the usual case, in any order and on any day, for tests that draw them."""

from hypothesis import strategies as st

from domain.commands.base import DisputeCommand
from domain.commands.dispute import (
    AddParty,
    ApproveRetraction,
    AssessRisk,
    BreachTerm,
    ChangeAgreement,
    FollowUp,
    GiveOpinion,
    PerformTerm,
    ProposeRetraction,
    ReachAgreement,
    ReopenDispute,
    ReplaceMediators,
    RescindAgreement,
    SignAgreement,
)
from tests.support.later import ask
from tests.support.played import Played
from tests.support.specification import accept, file_dispute, hold, refuse, terminate


def propose(version: int, at: str = "2026-04-20") -> ProposeRetraction:
    """Ask to take a fact back."""
    return ask(ProposeRetraction, version=version, reason="重复录入", occurred_at=at)


def approve(version: int, at: str = "2026-04-21") -> ApproveRetraction:
    """Ask to approve a retraction."""
    return ask(ApproveRetraction, version=version, occurred_at=at)


def agree(form: str = "oral", at: str = "2026-03-21") -> ReachAgreement:
    """Ask to record an agreement of two terms."""
    terms = [
        {"debtor": "p2", "creditor": "p1", "obligation": "清理楼道", "due_on": "2026-03-25"},
        {"debtor": "p1", "creditor": "p2", "obligation": "撤回投诉", "due_on": "2026-03-26"},
    ]
    return ask(ReachAgreement, form=form, terms=terms, reached_at=at, record="口头协议")


def change(form: str = "oral", at: str = "2026-03-22") -> ChangeAgreement:
    """Ask to draft a change: a standing term, and one of an amount."""
    terms = [
        {"debtor": "p2", "creditor": "p1", "obligation": "不再堆放"},
        {"debtor": "p2", "creditor": "p1", "obligation": "补偿", "amount_fen": 100, "due_on": "2026-05-26"},
    ]
    return ask(ChangeAgreement, form=form, terms=terms, reached_at=at, record="口头变更")


def rescind(at: str = "2026-03-24") -> RescindAgreement:
    """Ask to rescind the agreement in effect."""
    return ask(RescindAgreement, consents=("p1", "p2"), reason="另行协商", occurred_at=at)


def perform(term: int, on: str) -> DisputeCommand:
    """Ask to record a performance."""
    return ask(PerformTerm, term=term, performed_on=on)


def played(*commands: DisputeCommand) -> Played:
    """A case that was filed and accepted, and on which some commands were carried out."""
    case = Played()
    for command in (file_dispute(), accept("sun", "li"), *commands):
        case.play(command)
    return case


_DAYS = st.integers(10, 28).map(lambda day: f"2026-03-{day}")
COMMANDS = st.one_of(
    st.builds(hold, st.sampled_from(["failed", "agreed", "adjourned"]), _DAYS),
    st.builds(lambda at: hold("failed", at, mediators=("li",)), _DAYS),
    st.builds(agree, st.just("oral"), st.integers(10, 25).map(lambda day: f"2026-03-{day}")),
    st.builds(agree, st.just("oral"), st.integers(10, 25).map(lambda day: f"2026-03-{day}")),
    st.builds(agree, st.just("written"), st.integers(10, 25).map(lambda day: f"2026-03-{day}")),
    st.builds(change, st.sampled_from(["oral", "oral", "written"]), _DAYS),
    st.builds(rescind, _DAYS),
    st.builds(lambda by, at: ask(SignAgreement, by=by, signed_at=at), st.sampled_from(["p1", "p2"]), _DAYS),
    st.builds(perform, st.integers(1, 2), _DAYS),
    st.builds(lambda at: ask(PerformTerm, term=2, performed_on=at, amount_fen=50), _DAYS),
    st.builds(
        lambda term: ask(BreachTerm, term=term, found_on="2026-04-01", note="未履行"), st.integers(1, 2)
    ),
    st.builds(
        lambda level, at: ask(AssessRisk, level=level, grounds="-", occurred_at=at),
        st.sampled_from(["low", "high"]),
        _DAYS,
    ),
    st.builds(lambda at: ask(GiveOpinion, by="法律组", opinion="宜调", occurred_at=at), _DAYS),
    st.builds(
        lambda who, at: ask(ReplaceMediators, mediators=who, reason="workload", occurred_at=at),
        st.sampled_from([("sun",), ("li",)]),
        _DAYS,
    ),
    st.builds(lambda at: ask(AddParty, role="respondent", kind="person", name="丙", occurred_at=at), _DAYS),
    st.builds(refuse, st.sampled_from(["p1", "p2"]), _DAYS),
    st.builds(terminate, _DAYS),
    st.builds(lambda at: ask(ReopenDispute, reason="再谈", occurred_at=at), _DAYS),
    st.builds(lambda: ask(FollowUp, visited_on="2026-04-02", performed="yes")),
)
