"""What reading a case answers, as JSON."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from api.disputes.schemas.contents import (
    AgreementView,
    AttachmentView,
    ConfirmationView,
    PendingView,
    RiskView,
    agreement_view,
    attachment_views,
    confirmation_view,
    pending_views,
    risk_view,
)
from application.case_reader import CaseSnapshot, Decision
from application.i18n import UNTITLED, render
from domain.aggregates.dispute.pending_moves import PendingMove
from domain.events.dispute import DisputeEvent, Party
from domain.events.envelope import Actor, Recorded
from domain.messages import Message
from domain.procedures.explanations import why
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import Because, Counted
from domain.procedures.tier import Titled
from domain.vocabulary import Category, Difficulty, Outcome, Personal, SessionOutcome, Source, Status
from store.event_log.codec import payload


class SessionView(BaseModel):
    """A session in short."""

    number: int
    tier: str
    held_at: datetime
    outcome: SessionOutcome
    corrected: bool


class EscalationView(BaseModel):
    """A move to a higher tier."""

    from_tier: str = Field(serialization_alias="from")
    to_tier: str = Field(serialization_alias="to")
    rule: str | None
    at_version: int
    voided: bool
    basis_corrected: bool


class DeadlineView(BaseModel):
    """What is due by when; provisional while it rests on a calendar that is not published."""

    kind: str
    due_on: date
    overdue: bool
    provisional: bool


class CaseView(BaseModel):
    """A case as it stands, as it stood at a version, or as it was known at a time."""

    id: UUID
    number: str | None
    version: int
    status: Status
    outcome: Outcome | None
    tier: str
    unit: str
    platform: str
    platforms: tuple[str, ...] = Field(description="every platform the case has been at: whose case it is")
    procedure: ProcedureRef
    category: Category
    difficulty: Difficulty | None
    source: Source
    referred_by: str | None
    title: Personal[str]
    facts: Personal[str]
    requests: Personal[str] | None
    amount_fen: int | None
    people_involved: int | None
    co_units: tuple[str, ...]
    occurred_at: datetime
    parties: tuple[Party, ...]
    mediators: tuple[str, ...]
    sessions: list[SessionView]
    failed_sessions: dict[str, int]
    escalations: list[EscalationView]
    agreement: AgreementView | None
    confirmation: ConfirmationView | None
    risk: RiskView | None
    pending: list[PendingView]
    attachments: list[AttachmentView]
    deadlines: list[DeadlineView]


class EventView(BaseModel):
    """One event of a case's history."""

    position: int
    version: int
    type: str
    recorded_at: datetime
    occurred_at: datetime
    actor: Actor
    command_id: UUID
    data: dict[str, JsonValue]
    because: Because | None


class HistoryView(BaseModel):
    """A page of a case's history; `next` is the `after` of the following page."""

    items: list[EventView]
    next: str | None


class TextView(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str


class DecisionView(BaseModel):
    """What a rule decided, and why."""

    version: int
    rule: str
    threshold: int | None
    counted: tuple[Counted, ...]
    procedure: ProcedureRef
    voided: bool
    basis_corrected: bool
    text: TextView


class NotYetView(BaseModel):
    """What is missing before a rule moves the case."""

    rule: str
    have: int | None
    need: int | None
    by: date | None
    text: TextView


class WhyView(BaseModel):
    """Why the case moved, and why it has not moved further."""

    decisions: list[DecisionView]
    not_yet: list[NotYetView]


def case_view(file: CaseSnapshot) -> CaseView:
    """Present a case."""
    dispute, filed = file.dispute, file.dispute.filed
    return CaseView(
        id=file.id,
        number=dispute.number,
        version=dispute.version,
        status=dispute.status,
        outcome=dispute.outcome,
        tier=dispute.tier,
        unit=filed.unit,
        platform=dispute.platform,
        platforms=dispute.platforms,
        procedure=dispute.procedure,
        category=filed.category,
        difficulty=filed.difficulty,
        source=filed.source,
        referred_by=filed.referred_by,
        title=filed.title,
        facts=filed.facts,
        requests=filed.requests,
        amount_fen=filed.amount_fen,
        people_involved=filed.people_involved,
        co_units=filed.co_units,
        occurred_at=filed.occurred_at,
        parties=dispute.parties,
        mediators=dispute.mediators,
        sessions=_sessions(file),
        failed_sessions={name: dispute.failures_at(name) for name in file.ladder.tier_names},
        escalations=_escalations(file),
        agreement=agreement_view(dispute.settlement),
        confirmation=confirmation_view(dispute.settlement),
        risk=risk_view(file),
        pending=pending_views(file),
        attachments=attachment_views(file),
        deadlines=_deadlines(file),
    )


def event_view(recorded: Recorded[DisputeEvent]) -> EventView:
    """Present an event."""
    return EventView(
        position=recorded.position,
        version=recorded.version,
        type=recorded.topic,
        recorded_at=recorded.recorded_at,
        occurred_at=recorded.event.happened_at,
        actor=recorded.actor,
        command_id=recorded.command_id,
        data=payload(recorded.event),
        because=recorded.because,
    )


def why_view(file: CaseSnapshot) -> WhyView:
    """Present why a case moved and what is missing."""
    return WhyView(
        decisions=[_decision(decision, file) for decision in file.decisions],
        not_yet=[_not_yet(move, file.ladder.titles) for move in file.pending_moves],
    )


def _sessions(file: CaseSnapshot) -> list[SessionView]:
    return [
        SessionView(
            number=session.sitting.number,
            tier=session.tier,
            held_at=session.sitting.held_at,
            outcome=session.sitting.outcome,
            corrected=session.corrected,
        )
        for session in file.dispute.sessions
    ]


def _escalations(file: CaseSnapshot) -> list[EscalationView]:
    return [
        EscalationView(
            from_tier=escalation.from_tier,
            to_tier=escalation.to_tier,
            rule=escalation.because.rule if escalation.because else None,
            at_version=escalation.at_version,
            voided=escalation.voided,
            basis_corrected=not escalation.voided and file.dispute.basis_gone(escalation.because),
        )
        for escalation in file.dispute.escalations
    ]


def _deadlines(file: CaseSnapshot) -> list[DeadlineView]:
    return [
        DeadlineView(
            kind=deadline.kind,
            due_on=deadline.due_on,
            overdue=deadline.overdue(file.today),
            provisional=deadline.provisional,
        )
        for deadline in file.deadlines
    ]


def _decision(decision: Decision, file: CaseSnapshot) -> DecisionView:
    because, dispute = decision.because, file.dispute
    voided = any(
        escalation.voided and escalation.at_version == decision.version for escalation in dispute.escalations
    )
    return DecisionView(
        version=decision.version,
        rule=because.rule,
        threshold=because.threshold,
        counted=because.counted,
        procedure=because.procedure,
        voided=voided,
        basis_corrected=not voided and dispute.basis_gone(because),
        text=text_view(why(because), file.ladder.titles),
    )


def _not_yet(move: PendingMove, titles: Titled) -> NotYetView:
    text = text_view(move.text, titles)
    return NotYetView(rule=move.rule, have=move.have, need=move.need, by=move.by, text=text)


def text_view(sentence: Message, titles: Titled = UNTITLED) -> TextView:
    """Present a sentence in both languages, with the titles that a ladder gives."""
    return TextView(zh=render(sentence, "zh", titles), en=render(sentence, "en", titles))
