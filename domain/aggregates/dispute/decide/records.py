"""Records that change no status: opinions, risk, police reports, files."""

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_be_open
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import AddAttachment, AssessRisk, GiveOpinion, ReportToPolice
from domain.events.dispute import AttachmentAdded, OpinionGiven, PoliceReported, RiskAssessed
from domain.events.envelope import Fact


def decide_give_opinion(command: GiveOpinion, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record what a group or an expert thinks of an open case."""
    must_be_open(dispute)
    return (Fact(OpinionGiven(**command.model_dump(exclude={"dispute"}))),)


def decide_assess_risk(command: AssessRisk, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record how dangerous an open case is, and the proposal that the procedure makes because of it."""
    must_be_open(dispute)
    assessed = RiskAssessed(**command.model_dump(exclude={"dispute"}))
    return (Fact(assessed), *consequences(dispute, assessed, evolve(dispute, assessed), world))


def decide_report_to_police(command: ReportToPolice, _: Dispute, __: World) -> tuple[Fact, ...]:
    """Record a report to the police, whatever the state of the case (PML 25)."""
    return (Fact(PoliceReported(**command.model_dump(exclude={"dispute"}))),)


def decide_add_attachment(command: AddAttachment, _: Dispute, __: World) -> tuple[Fact, ...]:
    """Add a file to the case file, also after the case is closed."""
    return (Fact(AttachmentAdded(**command.model_dump(exclude={"dispute"}))),)
