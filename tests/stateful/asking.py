"""Commands as sentences, beyond those that every test knows: to correct, lift, agree, confirm, end and reopen."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.commands.dispute import (
    AddAttachment,
    AddParty,
    AmendParty,
    ApproveCorrection,
    ApproveEscalation,
    ApproveRetraction,
    AssessRisk,
    BreachTerm,
    CancelAppointment,
    ChangeAgreement,
    CloseUnperformed,
    CorrectSession,
    DecideConfirmation,
    DeclineDispute,
    ExtendTime,
    FollowUp,
    MakeAppointment,
    MoveAppointment,
    PerformTerm,
    ProposeEscalation,
    ProposeRetraction,
    ReachAgreement,
    RejectCorrection,
    RejectEscalation,
    RejectRetraction,
    ReopenDispute,
    ReplaceMediators,
    ReportToPolice,
    RequestConfirmation,
    RescindAgreement,
    SignAgreement,
    SuperviseTerm,
    TransferDispute,
    WithdrawCorrection,
    WithdrawEscalation,
    WithdrawRetraction,
)
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.specification import DISPUTE, moment

QIAN: Final = Actor(sub="qian", role=Role.MEDIATOR, unit="dongguang")
SUN_CONVENES: Final = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")
DAY: Final = "2026-03-20"
_DAY: Final = timedelta(days=1)


def correct(
    session: int, outcome: str | None = "no_show", at: str = DAY, **changes: object
) -> CorrectSession:
    """Ask to correct a session; unless said otherwise nobody had come."""
    body = {"session": session, "outcome": outcome, "reason": "记录有误", "occurred_at": moment(at)}
    return CorrectSession.model_validate({"dispute": DISPUTE, **body, **changes})


def approve_correction(session: int, at: str = DAY) -> ApproveCorrection:
    """Ask to approve what is proposed of a session."""
    return ApproveCorrection(dispute=DISPUTE, session=session, occurred_at=moment(at), note=None)


def reject_correction(session: int, at: str = DAY) -> RejectCorrection:
    """Ask to reject what is proposed of a session."""
    return RejectCorrection(dispute=DISPUTE, session=session, occurred_at=moment(at), note=None)


def propose_bypass(grounds: str = "risk", to: str | None = None, at: str = DAY) -> ProposeEscalation:
    """Ask to lift the case."""
    return ProposeEscalation.model_validate(
        {"dispute": DISPUTE, "grounds": grounds, "to": to, "reason": "扬言报复", "occurred_at": moment(at)}
    )


def approve_bypass(at: str = DAY) -> ApproveEscalation:
    """Ask to approve that the case is lifted."""
    return ApproveEscalation(dispute=DISPUTE, occurred_at=moment(at), note=None)


def reject_bypass(at: str = DAY) -> RejectEscalation:
    """Ask to reject that the case is lifted."""
    return RejectEscalation(dispute=DISPUTE, occurred_at=moment(at), note=None)


PROMISE = {"debtor": "p2", "creditor": "p1", "obligation": "十点后不练琴"}
"""A standing term."""


def _agreement(form: str, at: str, terms: int, due: date | None, *, promise: bool) -> dict[str, object]:
    due_on = due or moment(at).date() + 30 * _DAY
    owed = {"debtor": "p2", "creditor": "p1", "obligation": "清理楼道", "amount_fen": None, "due_on": due_on}
    owed_terms = [owed, {**owed, "amount_fen": 500}][:terms]
    told = [PROMISE, *owed_terms] if promise else owed_terms
    return {"dispute": DISPUTE, "form": form, "terms": told, "reached_at": moment(at), "record": "双方同意"}


def reach(
    form: str = "written",
    at: str = DAY,
    *,
    terms: int = 1,
    due: date | None = None,
    promise: bool = False,
) -> ReachAgreement:
    """Ask to record an agreement with so many terms, the second of an amount; in writing unless said otherwise."""
    return ReachAgreement.model_validate(_agreement(form, at, terms, due, promise=promise))


def change(
    form: str = "written", at: str = DAY, *, terms: int = 1, due: date | None = None, promise: bool = False
) -> ChangeAgreement:
    """Ask to draft what is to replace the agreement in effect."""
    return ChangeAgreement.model_validate(_agreement(form, at, terms, due, promise=promise))


def rescind(at: str = DAY, *, consents: Iterable[str] = ("p1", "p2")) -> RescindAgreement:
    """Ask to rescind the agreement in effect."""
    return RescindAgreement(
        dispute=DISPUTE, consents=tuple(consents), reason="另行协商", occurred_at=moment(at)
    )


def sign(by: str = "p1", at: str = DAY, unit: str | None = None) -> SignAgreement:
    """Ask to record a signature, or a seal."""
    return SignAgreement(dispute=DISPUTE, by=by, unit=unit, signed_at=moment(at))


def perform(term: int = 1, on: str = DAY) -> PerformTerm:
    """Ask to record a performance."""
    return PerformTerm(dispute=DISPUTE, term=term, performed_on=date.fromisoformat(on), note=None)


def pay(term: int = 1, on: str = DAY) -> PerformTerm:
    """Ask to record a payment of two hundred fen."""
    return PerformTerm(dispute=DISPUTE, term=term, performed_on=date.fromisoformat(on), amount_fen=200)


def breach(term: int = 1, on: str = DAY) -> BreachTerm:
    """Ask to record that a term was not performed."""
    return BreachTerm(dispute=DISPUTE, term=term, found_on=date.fromisoformat(on), note="未清理")


def supervise(term: int = 1, at: str = DAY) -> SuperviseTerm:
    """Ask to record that the debtor was urged."""
    return SuperviseTerm(dispute=DISPUTE, term=term, occurred_at=moment(at), note="电话督促")


def apply_jointly(on: str = DAY, *, applicants: Iterable[str] = ("p1", "p2")) -> RequestConfirmation:
    """Ask to record the application to the court; of both unless others are named."""
    return RequestConfirmation(
        dispute=DISPUTE,
        filed_on=date.fromisoformat(on),
        applicants=tuple(applicants),
        court="东光区人民法院",
    )


def rule_on_it(outcome: str = "confirmed", on: str = DAY) -> DecideConfirmation:
    """Ask to record what the court decided."""
    return DecideConfirmation.model_validate({"dispute": DISPUTE, "outcome": outcome, "decided_on": on})


def replace_mediators(*mediators: str, at: str = DAY) -> ReplaceMediators:
    """Ask to have others mediate."""
    return ReplaceMediators(
        dispute=DISPUTE, mediators=mediators, reason="objection", note=None, occurred_at=moment(at)
    )


def extend(until: date, *, consents: Iterable[str] = ("p1", "p2"), at: str = DAY) -> ExtendTime:
    """Ask for more time."""
    return ExtendTime(dispute=DISPUTE, until=until, consents=tuple(consents), occurred_at=moment(at))


def add_party(at: str = DAY) -> AddParty:
    """Ask to add a third."""
    body = {"role": "respondent", "kind": "person", "name": "丙", "occurred_at": moment(at)}
    return AddParty.model_validate({"dispute": DISPUTE, **body})


def rename(party: str = "p1", name: str = "丁", at: str = DAY) -> AmendParty:
    """Ask to put a party's name right."""
    body = {"party": party, "name": name, "reason": "错字", "occurred_at": moment(at)}
    return AmendParty.model_validate({"dispute": DISPUTE, **body})


def call(at: str = DAY) -> MakeAppointment:
    """Ask to call a session."""
    return MakeAppointment.model_validate({"dispute": DISPUTE, "at": moment(at), "method": "on_site"})


def assess(at: str = DAY) -> AssessRisk:
    """Ask to record a danger."""
    return AssessRisk(dispute=DISPUTE, level="high", grounds="持械", occurred_at=moment(at))


def report(at: str = DAY) -> ReportToPolice:
    """Ask to record a report to the police."""
    return ReportToPolice(dispute=DISPUTE, reported_to="派出所", facts="持械", occurred_at=moment(at))


def attach(at: str = DAY) -> AddAttachment:
    """Ask to put a paper into the file."""
    paper = {"kind": "evidence", "title": "照片", "filename": "1.jpg", "media_type": "image/jpeg", "size": 1}
    body = {"attachment": UUID(int=1), "sha256": "0" * 64, "occurred_at": moment(at)}
    return AddAttachment.model_validate({"dispute": DISPUTE, **paper, **body})


def transfer(at: str = DAY) -> TransferDispute:
    """Ask to hand the case over."""
    return TransferDispute(dispute=DISPUTE, to="人民法院", reason="已起诉", occurred_at=moment(at))


def close_unperformed(at: str = DAY) -> CloseUnperformed:
    """Ask to close though not everything was performed."""
    return CloseUnperformed(dispute=DISPUTE, reason="无力履行", occurred_at=moment(at))


def visit(on: str = DAY) -> FollowUp:
    """Ask to record a visit."""
    return FollowUp.model_validate({"dispute": DISPUTE, "visited_on": on, "performed": "partly"})


def reopen(at: str = DAY) -> ReopenDispute:
    """Ask to take the case up again."""
    return ReopenDispute(dispute=DISPUTE, reason="新的证据", occurred_at=moment(at))


def take_back(version: int, at: str = DAY) -> ProposeRetraction:
    """Ask to take a fact back."""
    return ProposeRetraction(dispute=DISPUTE, version=version, reason="重复录入", occurred_at=moment(at))


def approve_retraction(version: int, at: str = DAY) -> ApproveRetraction:
    """Ask to approve that a fact is taken back."""
    return ApproveRetraction(dispute=DISPUTE, version=version, occurred_at=moment(at))


def reject_retraction(version: int, at: str = DAY) -> RejectRetraction:
    """Ask to reject that a fact is taken back."""
    return RejectRetraction(dispute=DISPUTE, version=version, occurred_at=moment(at))


def withdraw_retraction(version: int, at: str = DAY) -> WithdrawRetraction:
    """Ask to take one's own proposal back."""
    return WithdrawRetraction(dispute=DISPUTE, version=version, occurred_at=moment(at))


def withdraw_correction(session: int, at: str = DAY) -> WithdrawCorrection:
    """Ask to take one's own proposal back."""
    return WithdrawCorrection(dispute=DISPUTE, session=session, occurred_at=moment(at))


def withdraw_bypass(at: str = DAY) -> WithdrawEscalation:
    """Ask to take one's own proposal back."""
    return WithdrawEscalation(dispute=DISPUTE, occurred_at=moment(at))


def call_again(appointment: int, at: str = DAY) -> MoveAppointment:
    """Ask to call a session for another time."""
    return MoveAppointment(dispute=DISPUTE, appointment=appointment, at=moment(at), place="社区")


def call_off(appointment: int, at: str = DAY) -> CancelAppointment:
    """Ask to call a session off."""
    return CancelAppointment(dispute=DISPUTE, appointment=appointment, occurred_at=moment(at))


def close_in_favour(other: UUID, at: str = DAY) -> CloseUnperformed:
    """Ask to close a case that is a duplicate."""
    return CloseUnperformed(dispute=DISPUTE, duplicate_of=other, reason="重复立案", occurred_at=moment(at))


def decline_in_favour(other: UUID, at: str = DAY) -> DeclineDispute:
    """Ask to decline a case that is a duplicate."""
    body = {"reason": "duplicate", "duplicate_of": other, "note": "重复立案", "occurred_at": moment(at)}
    return DeclineDispute.model_validate({"dispute": DISPUTE, **body})
