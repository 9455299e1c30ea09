"""A case from before the system is brought in (rule 17)."""

from dataclasses import replace

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.evolve.filing import open_filed
from domain.aggregates.dispute.obligation import Obligation, RecordedPerformance
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment, Period, Stay
from domain.events.dispute import AgreementDrafted, Imported, ImportedAgreement
from domain.vocabulary import Outcome, Status, day_of, start_of


def open_imported(event: Imported) -> Dispute:
    """Return a case with one stay, of which nothing is counted and nothing is due (rule 17)."""
    filed = event.filed
    assigned = Assignment(event.mediators, event.accepted_at)
    period = Period(event.accepted_at, None if event.status is Status.ACCEPTED else day_of(event.occurred_at))
    return replace(
        open_filed(filed),
        status=event.status,
        outcome=event.outcome,
        closed_from=_closed_from(event),
        number=event.number,
        waiting_since=event.occurred_at,
        moved_on=day_of(event.occurred_at),
        stays=(Stay(filed.tier, filed.platform, event.accepted_at, (assigned,), periods=(period,)),),
        stay_index=None if event.status is Status.ESCALATED else 0,
        handlers=frozenset(event.mediators),
        agreements=(_agreement(event.agreement, event),) if event.agreement else (),
        dormant=True,
    )


def _closed_from(event: Imported) -> Status | None:
    if event.status is not Status.CLOSED:
        return None
    return Status.AGREED if event.agreement else Status.ACCEPTED


def _agreement(agreement: ImportedAgreement, event: Imported) -> AgreementState:
    """The agreement; where mediation was resumed after it, it binds no more and counts as performed."""
    resumed = event.status in {Status.ACCEPTED, Status.ESCALATED}
    performed = resumed or event.outcome is Outcome.PERFORMED
    reached = start_of(agreement.effective_on)
    draft = AgreementDrafted(form=agreement.form, terms=agreement.terms, record=None, reached_at=reached)
    whole = RecordedPerformance(agreement.effective_on, amount_fen=None)
    obligations = tuple(
        Obligation(term, "performed", (whole,)) if performed else Obligation(term) for term in agreement.terms
    )
    return AgreementState(draft, None if resumed else 0, obligations, effective_on=agreement.effective_on)
