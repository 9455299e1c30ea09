"""What will come of a retraction, or of a proposal that is taken back, told from the pencilled ledger (rule 19)."""

from datetime import date

from domain.commands.dispute import (
    ApproveRetraction,
    ProposeRetraction,
    RejectRetraction,
    WithdrawCorrection,
    WithdrawEscalation,
    WithdrawRetraction,
)
from domain.events.dispute import (
    CorrectionProposed,
    EscalationProposed,
    RetractionProposed,
    SessionRecorded,
)
from domain.events.envelope import Actor
from tests.stateful.ledger import BYPASS, Ledger, Proposed, day_of
from tests.stateful.striking import APPOINTMENTS, may_be_taken_back, name_of, written_anew

Retracting = ProposeRetraction | ApproveRetraction | RejectRetraction
Withdrawing = WithdrawRetraction | WithdrawCorrection | WithdrawEscalation


def foretell_retraction(ledger: Ledger, command: Retracting, actor: Actor, day: date) -> bool | str:
    """Whether a retraction is proposed or decided; the name of the refusal where one reason alone speaks against it."""
    if command.version > ledger.version:
        return "UnknownEvent"
    if isinstance(command, ProposeRetraction):
        return _proposes(ledger, command, day)
    return _decides(ledger, command, actor, day)


def _decides(
    ledger: Ledger, command: ApproveRetraction | RejectRetraction, actor: Actor, day: date
) -> bool | str:
    proposal = _open(ledger, command.version)
    if proposal is None:
        return "NothingProposed"
    if proposal.proposed_by == actor.sub:
        return "OwnProposal"
    if isinstance(command, RejectRetraction) or day < day_of(proposal.occurred_at):
        return day >= day_of(proposal.occurred_at)
    removal = ledger.without(command.version)
    if removal.rested_on is not None:
        return f"RestedOn: event {removal.rested_on} "
    if day >= ledger.moved:
        return True
    moves = removal.status != ledger.status or _voids(ledger, command.version, actor)
    return "GoesBackwards" if moves else True


def _proposes(ledger: Ledger, command: ProposeRetraction, day: date) -> bool | str:
    version = command.version
    if version in ledger.retracted:
        return "AlreadyRetracted"
    if not may_be_taken_back(ledger.book, version):
        return "NotRetractable"
    event = ledger.book[version - 1].event
    if name_of(event) not in APPOINTMENTS and day < day_of(event.happened_at):
        return False
    subject = event.number if isinstance(event, SessionRecorded) else -version
    if subject in ledger.proposals:
        return "AlreadyProposed"
    removal = ledger.without(version)
    if removal.rested_on is not None:
        return f"RestedOn: event {removal.rested_on} "
    return True


def _voids(ledger: Ledger, version: int, actor: Actor) -> bool:
    """Whether the last escalation falls with a session that failed."""
    event = ledger.book[version - 1].event
    if not isinstance(event, SessionRecorded) or ledger.sat[event.number - 1].outcome != "failed":
        return False
    return written_anew(ledger, ledger.struck | {version}).falls(event.number, actor)


def withdraws(ledger: Ledger, command: Withdrawing, actor: Actor, day: date) -> bool:
    """Whether somebody takes a proposal of their own back, and not before it was made."""
    proposal: Proposed | None
    match command:
        case WithdrawRetraction():
            proposal = _open(ledger, command.version)
        case WithdrawCorrection():
            found = ledger.proposals.get(command.session)
            proposal = found if isinstance(found, CorrectionProposed) else None
        case WithdrawEscalation():
            found = ledger.proposals.get(BYPASS)
            proposal = found if isinstance(found, EscalationProposed) else None
    if proposal is None or proposal.proposed_by != actor.sub:
        return False
    return day >= day_of(proposal.occurred_at)


def _open(ledger: Ledger, version: int) -> RetractionProposed | None:
    """The open proposal to take a fact back."""
    open_ones = (item for item in ledger.proposals.values() if isinstance(item, RetractionProposed))
    return next((item for item in open_ones if item.at_version == version), None)
