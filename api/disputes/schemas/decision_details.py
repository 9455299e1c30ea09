"""Who stood behind a decision: the two people of a bypass, and the correction or retraction that voided an escalation."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel

from application.case_reader import CaseSnapshot
from application.i18n import UNTITLED, BilingualText, bilingual_text
from application.ledger import ERASED
from domain.events.dispute import (
    CorrectionProposed,
    DisputeEvent,
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationVoided,
    FactRetracted,
    RiskAssessed,
    SessionCorrected,
)
from domain.events.envelope import Recorded
from domain.messages import Message, message
from domain.procedures.tier import Titled
from domain.vocabulary import Personal, RiskLevel

_E = TypeVar("_E", bound=DisputeEvent)


class BypassView(BaseModel):
    """Who lifted the case past its tier, why, to where, and how dangerous it was."""

    to: str
    proposed_by: str
    approved_by: list[str]
    reason: Personal[str]
    risk: RiskLevel | None
    people_involved: int | None


class VoidingView(BaseModel):
    """The correction or retraction that took away what an escalation rested on."""

    version: int
    session: int
    proposed_by: str
    approved_by: str
    reason: Personal[str]


def bypass_of(file: CaseSnapshot, version: int) -> BypassView | None:
    """Return the people behind the escalation at a version; None where no two people decided it."""
    before = [item for item in file.history if item.version <= version]
    escalated = before[-1] if before else None
    proposed = _last(before, EscalationProposed)
    if escalated is None or proposed is None or not isinstance(escalated.event, Escalated):
        return None
    approved = [
        item.event.endorsed_by
        for item in before
        if isinstance(item.event, EscalationEndorsed) and item.version > proposed[0].version
    ]
    assessed = _last([item for item in before if item.version not in file.dispute.retracted], RiskAssessed)
    return BypassView(
        to=escalated.event.to_tier,
        proposed_by=proposed[1].proposed_by,
        approved_by=[*approved, escalated.actor.sub],
        reason=proposed[1].reason,
        risk=assessed[1].level if assessed else None,
        people_involved=file.dispute.filed.people_involved,
    )


def voiding_of(file: CaseSnapshot, version: int) -> VoidingView | None:
    """Return the correction or retraction that voided the escalation at a version; None where none did."""
    voided = next((item for item in file.history if _voids(item.event, version)), None)
    if voided is None:
        return None
    for item in file.history:
        if item.command_id != voided.command_id:
            continue
        if isinstance(item.event, FactRetracted) and item.event.session is not None:
            return VoidingView(
                version=item.version,
                session=item.event.session,
                proposed_by=item.event.proposed_by,
                approved_by=item.actor.sub,
                reason=item.event.reason,
            )
        if isinstance(item.event, SessionCorrected):
            return _by_correction(file, item, item.event)
    return None


def _by_correction(
    file: CaseSnapshot, corrected: Recorded[DisputeEvent], event: SessionCorrected
) -> VoidingView | None:
    proposals = [
        item
        for item in file.history
        if item.version < corrected.version and _proposes_for(item.event, event.session)
    ]
    proposed = _last(proposals, CorrectionProposed)
    if proposed is None:
        return None
    return VoidingView(
        version=corrected.version,
        session=event.session,
        proposed_by=proposed[1].proposed_by,
        approved_by=corrected.actor.sub,
        reason=proposed[1].reason,
    )


def with_details(
    text: BilingualText, bypass: BypassView | None, voiding: VoidingView | None, titles: Titled = UNTITLED
) -> BilingualText:
    """Return why a rule moved the case, and who stood behind it."""
    parts = [text, *(bilingual_text(item, titles) for item in (*_of_bypass(bypass), *_of_voiding(voiding)))]
    return BilingualText(zh="；".join(item.zh for item in parts), en="; ".join(item.en for item in parts))


def _of_bypass(bypass: BypassView | None) -> Iterator[Message]:
    if bypass is None:
        return
    yield message(
        "{proposer} proposed to lift it to the {tier} and {approvers} approved",
        proposer=bypass.proposed_by,
        tier=bypass.to,
        approvers=", ".join(bypass.approved_by),
    )
    if bypass.reason:
        yield message("reason: {reason}", reason=_shown(bypass.reason))
    if bypass.risk is not None:
        yield message("danger assessed as {level}", level=bypass.risk)
    if bypass.people_involved is not None:
        yield message("people involved: {people}", people=bypass.people_involved)


def _of_voiding(voiding: VoidingView | None) -> Iterator[Message]:
    if voiding is None:
        return
    yield message(
        "voided, because the record of session {number} was put right: {proposer} proposed it and {approver} approved, reason: {reason}",
        number=voiding.session,
        proposer=voiding.proposed_by,
        approver=voiding.approved_by,
        reason=_shown(voiding.reason),
    )


def _last(history: list[Recorded[DisputeEvent]], kind: type[_E]) -> tuple[Recorded[DisputeEvent], _E] | None:
    return next(((item, item.event) for item in reversed(history) if isinstance(item.event, kind)), None)


def _voids(event: DisputeEvent, version: int) -> bool:
    return isinstance(event, EscalationVoided) and event.at_version == version


def _proposes_for(event: DisputeEvent, session: int) -> bool:
    return isinstance(event, CorrectionProposed) and event.session == session


def _shown(text: Personal[str]) -> str:
    return text if isinstance(text, str) else ERASED
