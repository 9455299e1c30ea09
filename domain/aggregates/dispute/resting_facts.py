"""What rests on a recorded fact: later facts that could not have been recorded without it, and what rules caused (rule 19).

The history is folded anew without the fact. Of each later fact only that is asked which an earlier one can take away;
who recorded it, and by which time, was checked when it was recorded.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.aggregates.dispute.agreements import binds, open_draft
from domain.aggregates.dispute.evolve import evolve, retracted_in
from domain.aggregates.dispute.places import has_place
from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Recorded
from domain.vocabulary import Outcome, Status

History = Sequence[Recorded[DisputeEvent]]


@dataclass(frozen=True, slots=True)
class Removal:
    """What becomes of a history without one of its facts.

    `rested_on` is the first later fact that has no place any more, None where the fact can be taken back. `undone` are
    the facts that rules would not have caused, `status` is how the dispute then stands.
    """

    status: Status
    rested_on: Recorded[DisputeEvent] | None = None
    undone: tuple[Recorded[DisputeEvent], ...] = ()


def without(history: History, target: Recorded[DisputeEvent]) -> Removal:
    """Fold a history without one of its facts, and with nothing that rules caused because of it."""
    passed_over, voided = {*retracted_in(history), target.version}, _voided_in(history)
    undone = [target] if isinstance(target.event, events.Closed) else []
    gone = _sessions_at(passed_over, history)
    dispute: Dispute | None = None
    for item in history:
        if dispute is not None and item.version > target.version and item.version not in passed_over:
            if item.version not in voided and _is_undone(item, dispute, target):
                passed_over.add(item.version)
                undone.append(item)
            elif not _goes_with(item.event, gone) and not has_place(dispute, item.event, item.because):
                return Removal(dispute.status, rested_on=item)
        retracted = item.version in passed_over
        dispute = evolve(dispute, item.event, item.because, item.recorded_at, retracted=retracted)
    if dispute is None:
        raise LookupError("a dispute without a history")
    return Removal(dispute.status, undone=tuple(undone))


def _voided_in(history: History) -> frozenset[int]:
    """Return the versions of the closings and effects that an earlier retraction undid; nothing undoes them again."""
    undoing = events.ClosureVoided | events.AgreementEffectVoided
    return frozenset(item.event.at_version for item in history if isinstance(item.event, undoing))


def _is_undone(item: Recorded[DisputeEvent], dispute: Dispute, target: Recorded[DisputeEvent]) -> bool:
    """Say whether rules caused a fact that they would not have caused without the target."""
    caused_at_once = item.command_id == target.command_id
    match item.event:
        case events.Closed(outcome=Outcome.PERFORMED):
            return dispute.agreement is None or not dispute.agreement.performed
        case events.Closed() | events.EscalationProposed():
            return caused_at_once and not isinstance(target.event, events.SessionRecorded)
        case events.AgreementTookEffect():
            was_oral = caused_at_once and isinstance(target.event, events.AgreementDrafted)
            return was_oral or not _is_complete(dispute, target.event)
        case events.AgreementReplaced():
            return not binds(dispute.agreements, item.event.by)
        case _:
            return False


def _is_complete(dispute: Dispute, target: DisputeEvent) -> bool:
    """Say whether an agreement still has what a signature, or the leaving of a party, that was taken back had given it."""
    agreement = open_draft(dispute.agreements)
    if agreement is None:
        return False
    if agreement.draft.form == "oral":
        return True
    if isinstance(target, events.PartyLeft):
        return target.party in agreement.parties_signed
    if not isinstance(target, events.AgreementSigned) or (target.agreement or 1) != agreement.number:
        return True
    if target.party is not None:  # who left meanwhile is not waited for
        return target.party in agreement.parties_signed or target.party in dispute.departures
    return agreement.mediator_signed if target.unit is None else target.unit in agreement.sealed_by


def _sessions_at(versions: Collection[int], history: History) -> frozenset[int]:
    """Return the numbers of the sessions that were recorded at some versions."""
    events_there = (item.event for item in history if item.version in versions)
    return frozenset(event.number for event in events_there if isinstance(event, events.SessionRecorded))


def _goes_with(event: DisputeEvent, sessions: Collection[int]) -> bool:
    """Say whether a fact concerns the record of one of these sessions alone, and goes with the session."""
    about_a_record = (
        events.CorrectionProposed
        | events.SessionCorrected
        | events.CorrectionRejected
        | events.MinutesAmended
    )
    return isinstance(event, about_a_record) and event.session in sessions
