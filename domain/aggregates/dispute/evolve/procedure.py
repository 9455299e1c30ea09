"""A dispute goes on under another version of its procedure."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.events.dispute import ProcedureMigrated
from domain.procedures.rules import Because


def evolve_procedure_migrated(dispute: Dispute, event: ProcedureMigrated, _: Because | None) -> Dispute:
    """Pin the other version; a proposal to escalate lapses."""
    return changed(dispute.without_proposal(BYPASS), procedure=event.procedure)
