"""Why a case moved and why it has not moved further, as JSON."""

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, Field

from api.disputes.schemas.decision_details import (
    BypassView,
    VoidingView,
    bypass_of,
    voiding_of,
    with_details,
)
from application.case_reader import CaseSnapshot, RuleDecision
from application.i18n import BilingualText, bilingual_text
from domain.aggregates.dispute.pending_moves import PendingMove
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.events.dispute import DisputeEvent, FactRetracted
from domain.events.envelope import Recorded
from domain.messages import message
from domain.procedures.explanations import why
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import BYPASS_RULES, Counted
from domain.procedures.tier import Titled
from domain.vocabulary import Personal

RecordedFact = Recorded[DisputeEvent]


class DecisionView(BaseModel):
    """What a rule decided, and why."""

    version: int
    rule: str
    threshold: int | None
    counted: tuple[Counted, ...]
    procedure: ProcedureRef
    voided: bool
    basis_corrected: bool
    bypass: BypassView | None
    voided_by: VoidingView | None
    text: BilingualText


class RetractionView(BaseModel):
    """A fact that was taken back: why, on whose proposal, by whose approval."""

    version: int
    at_version: int
    type: str
    reason: Personal[str]
    proposed_by: str
    approved_by: str
    undone: list[str] = Field(description="what was undone with it")
    text: BilingualText


class PendingMoveView(BaseModel):
    """What is missing before a rule moves the case."""

    rule: str
    have: int | None
    need: int | None
    by: date | None
    text: BilingualText


class ExplanationView(BaseModel):
    """Why the case moved, and why it has not moved further."""

    decisions: list[DecisionView]
    not_yet: list[PendingMoveView]
    retractions: list[RetractionView]


def explanation_view(file: CaseSnapshot) -> ExplanationView:
    """Present why a case moved and what is missing."""
    return ExplanationView(
        decisions=[_decision(decision, file) for decision in file.decisions],
        not_yet=[_pending_move(move, file.ladder.titles) for move in file.pending_moves],
        retractions=[
            _retraction(recorded.event, recorded, file.history)
            for recorded in file.history
            if isinstance(recorded.event, FactRetracted)
        ],
    )


def _retraction(
    event: FactRetracted, recorded: RecordedFact, history: Iterable[RecordedFact]
) -> RetractionView:
    undone = [
        item.topic
        for item in history
        if item.command_id == recorded.command_id and item.version > recorded.version
    ]
    text = message(
        "{proposer} proposed and {approver} agreed that record {version} never happened",
        proposer=event.proposed_by,
        approver=recorded.actor.sub,
        version=event.at_version,
    )
    return RetractionView(
        version=recorded.version,
        at_version=event.at_version,
        type=event.topic,
        reason=event.reason,
        proposed_by=event.proposed_by,
        approved_by=recorded.actor.sub,
        undone=undone,
        text=bilingual_text(text),
    )


def _decision(decision: RuleDecision, file: CaseSnapshot) -> DecisionView:
    because, dispute, titles = decision.because, file.dispute, file.ladder.titles
    voided = any(
        escalation.voided and escalation.at_version == decision.version for escalation in dispute.escalations
    )
    bypass = bypass_of(file, decision.version) if because.rule in BYPASS_RULES.values() else None
    voiding = voiding_of(file, decision.version) if voided else None
    return DecisionView(
        version=decision.version,
        rule=because.rule,
        threshold=because.threshold,
        counted=because.counted,
        procedure=because.procedure,
        voided=voided,
        basis_corrected=not voided and has_lost_basis(dispute, because),
        bypass=bypass,
        voided_by=voiding,
        text=with_details(bilingual_text(why(because), titles), bypass, voiding, titles),
    )


def _pending_move(move: PendingMove, titles: Titled) -> PendingMoveView:
    text = bilingual_text(move.text, titles)
    return PendingMoveView(rule=move.rule, have=move.have, need=move.need, by=move.by, text=text)
