"""What will come of a command, told from the pencilled ledger: carried out, refused, or not told by the rules."""

from datetime import date, datetime, timedelta
from typing import Final

from domain.commands.dispute import (
    AcceptDispute,
    AddParty,
    AmendParty,
    AnyDisputeCommand,
    ApproveCorrection,
    ApproveEscalation,
    ApproveRetraction,
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
    RecordSession,
    RefuseMediation,
    RejectCorrection,
    RejectEscalation,
    RejectRetraction,
    ReopenDispute,
    ReplaceMediators,
    RequestConfirmation,
    RescindAgreement,
    ReturnDispute,
    SignAgreement,
    SuperviseTerm,
    TerminateMediation,
    TransferDispute,
    WithdrawCorrection,
    WithdrawDispute,
    WithdrawEscalation,
    WithdrawRetraction,
)
from domain.events.dispute import CorrectionProposed, EscalationProposed
from domain.events.envelope import Actor
from tests.stateful.foretelling_retractions import foretell_retraction, withdraws
from tests.stateful.ledger import BYPASS, Ledger, Paper, day_of

ALWAYS: Final = {"ReportToPolice", "AddAttachment"}
WHILE_OPEN: Final = {"AssessRisk", "GiveOpinion"}
_A_MONTH_AND_MORE: Final = timedelta(days=75)


Foretold = bool | str | None
"""Whether a command is carried out, or the refusal by its name; None where the rules leave it open."""


def foretell(
    ledger: Ledger, command: AnyDisputeCommand, actor: Actor, now: datetime, other: Ledger | None = None
) -> Foretold:
    """Foretell what comes of a command to a case that was filed; `other` is the case of which it is a duplicate."""
    moments = [at for _, at in command.moments()]
    strangers = [party for _, party in command.parties_named() if party not in ledger.parties]
    if strangers or any(at > now + timedelta(minutes=5) for at in moments):
        return False
    name = type(command).__name__
    if name in ALWAYS:
        return True
    if name in WHILE_OPEN:
        return ledger.status != "closed"
    day = day_of(next(iter(moments), now))
    match command:
        case ProposeRetraction() | ApproveRetraction() | RejectRetraction():
            return foretell_retraction(ledger, command, actor, day)
        case WithdrawRetraction() | WithdrawCorrection() | WithdrawEscalation():
            return withdraws(ledger, command, actor, day)
        case _:
            return _Clerk(ledger, actor, day, other).says(command)


class _Clerk:
    """Reads the rules for one command, on the day that it tells."""

    def __init__(self, ledger: Ledger, actor: Actor, day: date, other: Ledger | None = None) -> None:
        self.ledger, self.actor, self.day, self.other = ledger, actor, day, other
        self.accepted = ledger.status == "accepted"
        self.undecided = ledger.status in {"filed", "accepted", "escalated"}

    @property
    def in_order(self) -> bool:
        """Not before the last step."""
        return self.day >= self.ledger.moved

    def says(self, command: AnyDisputeCommand) -> bool | None:
        for read in (self.moves, self.people, self.sessions, self.four_eyes, self.agreements, self.courts):
            found = read(command)
            if not isinstance(found, str):
                return found
        return self.ends(command)

    def moves(self, command: AnyDisputeCommand) -> bool | str | None:
        ledger, own = self.ledger, self.ledger.platforms[self.ledger.tier]
        match command:
            case AcceptDispute() | ReturnDispute():
                waits = ledger.status == "escalated"
                if not self.in_order or self.actor.sub not in ledger.around.terms[own]:
                    return False
                if isinstance(command, ReturnDispute):
                    return waits
                return (waits or ledger.status == "filed") and self.serve(set(command.mediators), self.day)
            case _:
                return "elsewhere"

    def serve(self, mediators: set[str], day: date, tier: str | None = None) -> bool:
        """Whether all are within their terms at the platform of the tier."""
        terms = self.ledger.around.terms[self.ledger.platforms[tier or self.ledger.tier]]
        return all(
            mediator in terms and terms[mediator][0] <= day <= terms[mediator][1] for mediator in mediators
        )

    def people(self, command: AnyDisputeCommand) -> bool | str | None:
        match command:
            case ReplaceMediators():
                return self.replaces(set(command.mediators))
            case ExtendTime():
                return self.extends(command)
            case AddParty():
                return self.undecided
            case AmendParty():
                return command.name != self.ledger.parties[command.party]
            case _:
                return "elsewhere"

    def replaces(self, mediators: set[str]) -> bool | None:
        stay = self.ledger.stay
        if stay is None or self.ledger.status == "closed":
            return False
        since, who = stay.assigned[-1]
        if self.day < since or mediators == who or not self.serve(mediators, self.day):
            return False
        return None if self.ledger.status == "agreed" else True

    def extends(self, command: ExtendTime) -> bool | None:
        """By all, and to beyond a month; where about a month is asked for, the calendar decides."""
        ledger, stay = self.ledger, self.ledger.stay
        agreed = set(command.consents) >= ledger.staying
        if not self.accepted or stay is None or self.day < stay.since or not agreed:
            return False
        if command.until <= (stay.longer or stay.since + timedelta(days=28)):
            return False
        return True if stay.longer or command.until > stay.since + _A_MONTH_AND_MORE else None

    def sessions(self, command: AnyDisputeCommand) -> bool | str | None:
        ledger = self.ledger
        match command:
            case MakeAppointment() | MoveAppointment() | CancelAppointment():
                return self.calls(command)
            case RecordSession():
                sitting = {item.who for item in command.attendance if item.as_ == "mediator"}
                place, _ = ledger.stay_of(command.held_at)
                if place is None:
                    return False
                there = ledger.stays[place]
                return sitting <= there.on(self.day) and self.serve(sitting, self.day, there.tier)
            case _:
                return "elsewhere"

    def calls(self, command: MakeAppointment | MoveAppointment | CancelAppointment) -> bool | None:
        ledger, stay = self.ledger, self.ledger.stay
        if isinstance(command, CancelAppointment):
            return ledger.status != "closed" and ledger.stands(command.appointment)
        possible = self.accepted and stay is not None and day_of(command.at) >= stay.since
        if isinstance(command, MakeAppointment):
            return possible
        if ledger.called_for.get(command.appointment) == command.at:  # perhaps for the same place, too
            return None
        return possible and ledger.stands(command.appointment)

    def four_eyes(self, command: AnyDisputeCommand) -> bool | str | None:
        match command:
            case CorrectSession():
                return self.proposes_correction(command)
            case ApproveCorrection() | RejectCorrection():
                return self.decides(command.session, approves=isinstance(command, ApproveCorrection))
            case ProposeEscalation():
                return self.proposes_bypass(command)
            case ApproveEscalation() | RejectEscalation():
                return self.decides(BYPASS, approves=isinstance(command, ApproveEscalation))
            case _:
                return "elsewhere"

    def proposes_correction(self, command: CorrectSession) -> bool:
        ledger = self.ledger
        if command.session > len(ledger.sat):
            return False
        session = ledger.sat[command.session - 1]
        if session.stay is None or self.day < session.day:
            return False
        if command.outcome is None and command.held_at is None:
            return True
        held_at, outcome = command.held_at or session.held_at, command.outcome or session.outcome
        same = (held_at, outcome) == (session.held_at, session.outcome) and command.minutes is None
        too_early = day_of(held_at) < ledger.stays[session.stay].since
        return command.session not in ledger.proposals and not same and not too_early

    def proposes_bypass(self, command: ProposeEscalation) -> bool:
        ledger = self.ledger
        if not self.accepted or BYPASS in ledger.proposals:
            return False
        higher = ("compound", "community", "street")
        higher = higher[higher.index(ledger.tier) + 1 :]
        if command.to is None:
            return ledger.above() is not None
        return command.to in higher and ledger.above(command.to) is not None

    def decides(self, subject: int, *, approves: bool) -> bool | None:
        """A second person, after the proposal; what an approval moves does not go back."""
        proposal = self.ledger.proposals.get(subject)
        wanted = EscalationProposed if subject == BYPASS else CorrectionProposed
        if not isinstance(proposal, wanted) or self.day < day_of(proposal.occurred_at):
            return False
        if proposal.proposed_by == self.actor.sub:
            return False if approves else None
        if not approves:
            return True if self.accepted or subject != BYPASS else None
        if subject == BYPASS:
            return self.accepted and self.in_order
        assert isinstance(proposal, CorrectionProposed)
        return True if self.in_order else (None if self.may_move(proposal) else True)

    def may_move(self, proposal: CorrectionProposed) -> bool:
        """Whether the approval of a correction could move the case."""
        fails = proposal.outcome == "failed"
        failed = self.ledger.sat[proposal.session - 1].outcome == "failed"
        return proposal.outcome is not None and fails != failed and self.ledger.status != "closed"

    def agreements(self, command: AnyDisputeCommand) -> bool | str | None:
        match command:
            case ReachAgreement():
                latest = self.ledger.latest(held=False)
                possible = self.accepted and latest is not None and self.day >= day_of(latest)
                possible = possible and {party for _, party in command.parties_named()} <= self.ledger.staying
                return possible and (command.form == "written" or self.in_order)
            case SignAgreement():
                paper = self.ledger.draft
                if paper is None or not paper.named <= self.ledger.staying:
                    return False
                return self.may_be_signed(paper) and self.signs(command, paper)
            case ChangeAgreement() | RescindAgreement():
                return self.changes(command)
            case PerformTerm() | BreachTerm() | SuperviseTerm():
                return self.owed(command)
            case _:
                return "elsewhere"

    def may_be_signed(self, paper: Paper) -> bool:
        """In its own stay, from the day on which it was reached; while they still agree, or as a change."""
        if paper.stay != self.ledger.present or self.day < paper.reached:
            return False
        if paper.changes:
            return self.ledger.status == "agreed"
        return self.accepted and self.ledger.latest(held=True) is not None

    def changes(self, command: ChangeAgreement | RescindAgreement) -> bool:
        """While an agreement is in effect, and not from before it; by all, and what was written in writing."""
        paper = self.ledger.paper
        if self.ledger.status != "agreed" or paper is None or paper.effective is None:
            return False
        if isinstance(command, RescindAgreement):
            return self.in_order and set(command.consents) >= self.ledger.staying
        if paper.form == "written" and command.form == "oral":
            return False
        if not {party for _, party in command.parties_named()} <= self.ledger.staying:
            return False
        return self.day >= paper.effective and (command.form == "written" or self.in_order)

    def signs(self, command: SignAgreement, paper: Paper) -> bool:
        ledger = self.ledger
        platform = ledger.platforms[ledger.tier]
        sealer = ledger.around.sealers[platform]
        signed, mediated, sealed = set(paper.signed), paper.mediated, set(paper.sealed)
        match command.by:
            case "mediator":
                stay = ledger.stay
                mine = stay is not None and self.actor.sub in stay.on(self.day)
                possible = mine and not mediated and self.serve({self.actor.sub}, self.day)
                mediated = True
            case "committee":
                possible = command.unit == sealer and ledger.around.convenes(self.actor, sealer)
                possible = possible and sealer not in sealed
                sealed.add(sealer)
            case party:
                possible = party not in signed and party in ledger.staying
                signed.add(party)
        complete = signed >= ledger.staying and mediated and sealer in sealed
        return possible and not (complete and max(paper.last, self.day) < ledger.moved)

    def owed(self, command: PerformTerm | BreachTerm | SuperviseTerm) -> bool:
        paper = self.ledger.paper
        if paper is None or self.ledger.status != "agreed" or command.term > len(paper.states):
            return False
        state, due = paper.states[command.term - 1], paper.due[command.term - 1]
        match command:
            case PerformTerm():
                part_of_nothing = command.amount_fen is not None and paper.amounts[command.term - 1] is None
                return state != "performed" and not part_of_nothing and self.day >= paper.reached
            case BreachTerm():
                if paper.effective is None or self.day < paper.effective:
                    return False
                if due is not None:
                    return state == "due" and self.day > due
                recorded = (paper.broken.get(command.term), paper.done_on.get(command.term))
                return state == "due" or all(day is None or day < self.day for day in recorded)
            case SuperviseTerm():
                return state != "performed"

    def courts(self, command: AnyDisputeCommand) -> bool | str | None:
        ledger, paper = self.ledger, self.ledger.paper
        match command:
            case RequestConfirmation():
                if ledger.status != "agreed" or paper is None or paper.form != "written":
                    return False
                assert paper.effective is not None
                if not paper.effective <= self.day <= ledger.last_to_apply():
                    return False
                joint = set(command.applicants) >= ledger.staying
                return joint and not ledger.asked and paper.decided != "confirmed"
            case DecideConfirmation():
                asked = ledger.asked
                return asked is not None and asked.asked is not None and self.day >= asked.asked
            case _:
                return "elsewhere"

    def speaks(self, command: RefuseMediation | WithdrawDispute) -> bool:
        """A party refuses or withdraws, for the case or for itself: once, and an applicant alone withdraws."""
        ledger = self.ledger
        if isinstance(command, WithdrawDispute) and ledger.sides[command.party] != "applicant":
            return False
        if not self.undecided or command.party in ledger.gone:
            return False
        if command.scope == "self":
            return ledger.may_leave(command.party) and self.day >= ledger.opened
        return self.in_order

    def ends(self, command: AnyDisputeCommand) -> bool:
        ledger = self.ledger
        if isinstance(command, FollowUp):
            after = ledger.status in {"agreed", "closed"} and self.in_order
            return after and self.actor.sub not in ledger.handlers
        if isinstance(command, RefuseMediation | WithdrawDispute):
            return self.speaks(command)
        if isinstance(command, CloseUnperformed | DeclineDispute) and command.duplicate_of is not None:
            other = self.other is not None and self.other.duplicate_of is None
            waits = self.undecided if isinstance(command, CloseUnperformed) else ledger.status == "filed"
            return waits and other and self.in_order
        final = {"declined", "transferred", "duplicate"}
        possible: dict[type, bool] = {
            DeclineDispute: ledger.status == "filed",
            TerminateMediation: self.undecided,
            TransferDispute: self.undecided,
            CloseUnperformed: ledger.status == "agreed",
            ReopenDispute: ledger.status == "closed" and ledger.outcome not in final,
        }
        return self.in_order and possible[type(command)]
