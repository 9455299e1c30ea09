"""Records that move nothing; of them only the danger matters to later decisions."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import RiskAssessed
from domain.procedures.rules import Because


def evolve_risk_assessed(dispute: Dispute, event: RiskAssessed, _: Because | None) -> Dispute:
    """Keep the latest assessment."""
    return changed(dispute, risk=event.level)
