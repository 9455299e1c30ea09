"""Turns that a made-up case may take between two sittings, and on its way from tier to tier."""

from datetime import timedelta
from typing import Final

from cli.demo import texts as words
from cli.demo.case_plan import Case
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

_LONGER: Final = timedelta(days=30)


def withdraw(case: Case) -> None:
    """The applicant withdraws."""
    case.wait(0, 3)
    party = next(item.id for item in case.state.parties if item.role == "applicant")
    case.do(case.handler, WithdrawDispute, party=party, note="双方自行和好", occurred_at=case.at)


def refuse(case: Case) -> None:
    """A party refuses mediation."""
    case.wait(0, 3)
    party = case.state.parties[-1].id
    case.do(case.handler, RefuseMediation, party=party, note="明确表示不接受调解", occurred_at=case.at)


def terminate(case: Case) -> None:
    """The platform gives up."""
    case.wait(1, 4)
    case.do(case.handler, TerminateMediation, reason="双方分歧过大，继续调解无益", occurred_at=case.at)


def transfer(case: Case) -> None:
    """Another body takes the matter over."""
    case.wait(1, 4)
    to = case.chance.one_of(words.HANDED_TO)
    case.do(case.handler, TransferDispute, to=to, reason="属该部门职责", occurred_at=case.at)


def threaten(case: Case) -> None:
    """Somebody threatens somebody: the police are told at once, and where there is a tier above, two people lift the case."""
    case.wait(0, 2)
    facts = "一方扬言报复"
    case.do(case.handler, ReportToPolice, reported_to="示例派出所", facts=facts, occurred_at=case.at)
    case.linger()
    case.do(case.handler, AssessRisk, level="high", grounds=facts, occurred_at=case.at)
    if case.street.ladder.above(case.state.tier):
        lift(case, "risk", approved=True)


def worry(case: Case) -> None:
    """Somebody looks at the danger and finds little."""
    case.linger()
    level = case.chance.one_of(("low", "medium"))
    case.do(case.handler, AssessRisk, level=level, grounds="双方情绪激动，未见过激行为", occurred_at=case.at)


def lift(case: Case, grounds: str, *, approved: bool) -> None:
    """One person proposes to lift the case to the street, another decides."""
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


def replace(case: Case) -> None:
    """Somebody else of the platform mediates from now on."""
    case.wait(0, 2)
    others = [
        mediator
        for mediator in case.street.mediators(case.state.platform)
        if mediator not in case.state.mediators
    ]
    if others:
        reason = case.chance.weighted({"objection": 0.5, "absence": 0.3, "workload": 0.2})
        mediators = [case.chance.one_of(others)]
        case.do(case.convener, ReplaceMediators, mediators=mediators, reason=reason, occurred_at=case.at)


def extend(case: Case) -> None:
    """Everybody consents to more time, where the tier's month is drawing to its end."""
    stay = case.state.stay
    if stay is None or stay.extended_until:
        return
    tier = case.street.ladder.tier(stay.tier)
    due = mediate_by(stay.accepted_at, tier, case.street.calendar).due_on
    if case.today < due - timedelta(days=8):
        return
    case.linger()
    everybody = [party.id for party in case.state.parties]
    until = max(due, case.today) + _LONGER
    case.do(case.handler, ExtendTime, until=until, consents=everybody, occurred_at=case.at)


def join(case: Case) -> None:
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


def advise(case: Case) -> None:
    """A working group of the street says what it thinks; elsewhere an expert does."""
    case.linger(2)
    group = case.chance.one_of(tuple(case.platform.about.groups)) if case.platform.about.groups else None
    by, opinion = words.OPINIONS[group] if group else ("房屋安全专家", "建议先行检测，再谈责任")
    case.do(case.handler, GiveOpinion, group=group, by=by, opinion=opinion, occurred_at=case.at)


def doubt(case: Case) -> None:
    """Somebody says that a sitting was recorded wrongly; a second person agrees, or does not."""
    session = case.chance.one_of(case.state.sessions).counted
    real = SessionOutcome.NO_SHOW if session.outcome is SessionOutcome.ADJOURNED else SessionOutcome.ADJOURNED
    correct(case, session.number, real, approved=case.chance.likely(0.7))


def void(case: Case) -> None:
    """One of the failures that took the case up was none: it falls back, before the tier above has taken it."""
    because = case.state.escalations[-1].because
    if because and because.counted:
        session = case.chance.one_of(because.counted).session
        correct(case, session, SessionOutcome.ADJOURNED, approved=True)


def send_back(case: Case) -> None:
    """The tier above sends the case back."""
    case.wait(1, 3)
    case.do(case.convener, ReturnDispute, reason="请先在本级再谈一次", occurred_at=case.at)
