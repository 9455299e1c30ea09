"""What may happen in a generated case between two sessions, and between two tiers."""

from datetime import timedelta
from typing import Final

from cli.demo import texts
from cli.demo.case_plan import CaseBuilder
from cli.demo.sessions import correct, second_person
from domain.commands.dispute import (
    AddParty,
    ApproveEscalation,
    AssessRisk,
    ExtendTime,
    GiveOpinion,
    ProposeEscalation,
    RefuseMediation,
    RejectEscalation,
    ReplaceMediators,
    ReportToPolice,
    ReturnDispute,
    TerminateMediation,
    TransferDispute,
    WithdrawDispute,
)
from domain.procedures.deadlines import mediate_by
from domain.vocabulary import SessionOutcome

_EXTENSION: Final = timedelta(days=30)


def withdraw(case: CaseBuilder) -> None:
    """The applicant withdraws."""
    case.wait(0, 3)
    party = next(item.id for item in case.state.parties if item.role == "applicant")
    case.do(case.handler, WithdrawDispute, party=party, note="双方自行和好", occurred_at=case.at)


def refuse(case: CaseBuilder) -> None:
    """A party refuses mediation."""
    case.wait(0, 3)
    party = case.state.parties[-1].id
    case.do(case.handler, RefuseMediation, party=party, note="明确表示不接受调解", occurred_at=case.at)


def terminate(case: CaseBuilder) -> None:
    """The platform terminates mediation."""
    case.wait(1, 4)
    case.do(case.handler, TerminateMediation, reason="双方分歧过大，继续调解无益", occurred_at=case.at)


def transfer(case: CaseBuilder) -> None:
    """Another body takes the matter over."""
    case.wait(1, 4)
    to = case.rng.one_of(texts.HANDED_TO)
    case.do(case.handler, TransferDispute, to=to, reason="属该部门职责", occurred_at=case.at)


def report_threat(case: CaseBuilder) -> None:
    """A threat: it is reported to the police at once, and where there is a tier above, two people escalate the case."""
    case.wait(0, 2)
    facts = "一方扬言报复"
    case.do(case.handler, ReportToPolice, reported_to="示例派出所", facts=facts, occurred_at=case.at)
    case.linger()
    case.do(case.handler, AssessRisk, level="high", grounds=facts, occurred_at=case.at)
    if case.street.ladder.above(case.state.tier):
        propose_bypass(case, "risk", approved=True)


def assess_low_risk(case: CaseBuilder) -> None:
    """A risk assessment finds little danger."""
    case.linger()
    level = case.rng.one_of(("low", "medium"))
    case.do(case.handler, AssessRisk, level=level, grounds="双方情绪激动，未见过激行为", occurred_at=case.at)


def propose_bypass(case: CaseBuilder, grounds: str, *, approved: bool) -> None:
    """One person proposes a bypass to the street, another decides."""
    case.linger()
    proposer = case.handler
    reason = "存在人身危险" if grounds == "risk" else "涉及多方，情况复杂"
    case.do(proposer, ProposeEscalation, grounds=grounds, to="street", reason=reason, occurred_at=case.at)
    case.linger(2)
    decides = second_person(case, proposer)
    if approved:
        case.do(decides, ApproveEscalation, occurred_at=case.at)
    else:
        case.do(decides, RejectEscalation, note="本级可办", occurred_at=case.at)


def replace_mediators(case: CaseBuilder) -> None:
    """Another mediator of the platform takes over."""
    case.wait(0, 2)
    others = [
        mediator
        for mediator in case.street.mediators(case.state.platform)
        if mediator not in case.state.mediators
    ]
    if others:
        reason = case.rng.weighted({"objection": 0.5, "absence": 0.3, "workload": 0.2})
        mediators = [case.rng.one_of(others)]
        case.do(case.convener, ReplaceMediators, mediators=mediators, reason=reason, occurred_at=case.at)


def extend_time(case: CaseBuilder) -> None:
    """All parties consent to an extension when the tier's time limit is near."""
    stay = case.state.stay
    if stay is None or stay.extended_until:
        return
    tier = case.street.ladder.tier(stay.tier)
    due = mediate_by(stay.accepted_at, tier, case.street.calendar).due_on
    if case.today < due - timedelta(days=8):
        return
    case.linger()
    everybody = [party.id for party in case.state.parties]
    until = max(due, case.today) + _EXTENSION
    case.do(case.handler, ExtendTime, until=until, consents=everybody, occurred_at=case.at)


def add_party(case: CaseBuilder) -> None:
    """One more party turns out to be concerned."""
    case.linger()
    name = f"丁·{case.state.parties[0].name}"
    case.do(
        case.handler,
        AddParty,
        role="respondent",
        kind="person",
        name=name,
        reason="查明系共同使用人",
        occurred_at=case.at,
    )


def give_opinion(case: CaseBuilder) -> None:
    """A working group of the street says what it thinks; elsewhere an expert does."""
    case.linger(2)
    group = case.rng.one_of(tuple(case.platform.about.groups)) if case.platform.about.groups else None
    by, opinion = texts.OPINIONS[group] if group else ("房屋安全专家", "建议先行检测，再谈责任")
    case.do(case.handler, GiveOpinion, group=group, by=by, opinion=opinion, occurred_at=case.at)


def dispute_record(case: CaseBuilder) -> None:
    """One person corrects the record of a session; a second one approves or rejects it."""
    session = case.rng.one_of(case.state.sessions).counted
    real = SessionOutcome.NO_SHOW if session.outcome is SessionOutcome.ADJOURNED else SessionOutcome.ADJOURNED
    correct(case, session.number, real, approved=case.rng.likely(0.7))


def void_escalation(case: CaseBuilder) -> None:
    """A correction voids the escalation before the tier above has accepted the case."""
    because = case.state.escalations[-1].because
    if because and because.counted:
        session = case.rng.one_of(because.counted).session
        correct(case, session, SessionOutcome.ADJOURNED, approved=True)


def return_case(case: CaseBuilder) -> None:
    """The tier above returns the case."""
    case.wait(1, 3)
    case.do(case.convener, ReturnDispute, reason="请先在本级再谈一次", occurred_at=case.at)
