"""A case kept with a pencil: an independent reading of the rules, shared by the machines.

Nothing here uses the code under test beyond the names of events. A `Ledger` is entered event by event and objects
to whatever the rules do not allow next. What will come of a command is foretold from it in `foretelling`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.events.dispute import (
    Accepted,
    AgreementDrafted,
    AgreementEffectVoided,
    AgreementReplaced,
    AgreementRescinded,
    AgreementSigned,
    AgreementTookEffect,
    AppointmentCancelled,
    AppointmentMade,
    AppointmentMoved,
    Closed,
    ClosureVoided,
    ConfirmationDecided,
    ConfirmationRequested,
    CorrectionProposed,
    CorrectionRejected,
    Declined,
    DisputeEvent,
    DuplicateFound,
    DuplicateVoided,
    Escalated,
    EscalationProposed,
    EscalationVoided,
    FactRetracted,
    Filed,
    MediatorsReplaced,
    PartyAdded,
    PartyAmended,
    PartyLeft,
    PartyRefused,
    ProposalWithdrawn,
    Reopened,
    RetractionProposed,
    RetractionRejected,
    Returned,
    SessionCorrected,
    SessionRecorded,
    TermBreached,
    TermPerformed,
    TimeExtended,
    Withdrawn,
)
from domain.events.envelope import Actor
from domain.procedures.rules import Because
from tests.stateful.striking import ALONE, Line, Removal, name_of, removal_of, written_anew

ORDER: Final = ("compound", "community", "street")
THRESHOLDS: Final = {"compound": 3, "community": 5, "street": 5}
ENTRY: Final = {"simple": 0, "general": 1, None: 1, "complex": 2, "major": 2}
CAUSED: Final = {
    *("escalated", "escalation_voided", "agreement_took_effect", "agreement_replaced"),
    *("remedies_notified", "closed", "closure_voided", "agreement_effect_voided"),
}
Proposed = EscalationProposed | CorrectionProposed | RetractionProposed
BYPASS: Final = 0
NOBODY: Final = Actor.model_validate({"sub": "", "role": "system"})

Platforms = Mapping[str, str]
"""Tier by tier, who handles the cases of a unit."""
Terms = Mapping[str, Mapping[str, tuple[date, date]]]
"""Platform by platform, who mediates there from when to when."""


def day_of(moment: datetime) -> date:
    """The day in Shanghai, which is eight hours ahead all year."""
    return (moment.astimezone(UTC) + timedelta(hours=8)).date()


def entry(difficulty: str | None, platforms: Platforms) -> str | None:
    """Where a case starts: at its tier, or at the next above that somebody serves."""
    return next((tier for tier in ORDER[ENTRY[difficulty] :] if tier in platforms), None)


def weekdays(day: date) -> bool:
    """Whether people work where no calendar was published."""
    return day.isoweekday() < 6


@dataclass(frozen=True)
class Around:
    """What lies around a case: who mediates where, who convenes and seals for whom, and on which days people work."""

    terms: Terms = field(default_factory=dict)
    conveners: Mapping[str, str] = field(default_factory=dict)
    sealers: Mapping[str, str] = field(default_factory=dict)
    works: Callable[[date], bool] = weekdays

    def convenes(self, actor: Actor, platform: str) -> bool:
        """Whether somebody acts as the convener of a platform."""
        return actor.role == "convener" and (
            actor.sub == self.conveners.get(platform) or actor.unit == platform
        )


@dataclass
class Run:
    """A time during which a stay went on: from an hour until the end of a day, or until now."""

    begun: datetime
    ended: date | None = None

    def has(self, day: date) -> bool:
        """Whether it went on that day."""
        return day_of(self.begun) <= day <= (self.ended or date.max)


@dataclass
class Stay:
    """One stay at a tier: since when, who was assigned from which day on, and when it went on."""

    tier: str
    since: date
    assigned: list[tuple[date, set[str]]]
    runs: list[Run]
    longer: date | None = None

    def run_on(self, day: date) -> Run | None:
        """The latest run on a day."""
        return next((run for run in reversed(self.runs) if run.has(day)), None)

    def on(self, day: date) -> set[str]:
        """Who was assigned at any hour of a day."""
        ends = [begin for begin, _ in self.assigned[1:]] + [date.max]
        found = [who for (begin, who), end in zip(self.assigned, ends, strict=True) if begin <= day <= end]
        return set().union(*found)


@dataclass
class Sat:
    """One session as it counts now; one that was taken back belongs to no stay."""

    stay: int | None
    held_at: datetime
    outcome: str

    @property
    def day(self) -> date:
        return day_of(self.held_at)


@dataclass
class Went:
    """One move up: from which stay, and which failures were counted, against how many; `stands` once it was closed after."""

    stay: int
    version: int
    counted: list[int]
    needed: int
    voided: bool = False
    stands: bool = False


@dataclass
class Paper:
    """One agreement: who has still to sign it, what became of its terms, how it ended."""

    number: int
    form: str
    stay: int
    reached: date
    named: set[str]
    due: list[date | None]
    amounts: list[int | None]
    states: list[str]
    changes: int | None = None
    paid: dict[int, int] = field(default_factory=dict)
    broken: dict[int, date] = field(default_factory=dict)
    done_on: dict[int, date] = field(default_factory=dict)
    end: str = ""
    signed: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    mediated: bool = False
    last: date = date.min
    performed: date = date.min
    effective: date | None = None
    asked: date | None = None
    decided: str = ""

    @property
    def binds(self) -> bool:
        """Whether it is in effect, and neither replaced nor rescinded."""
        return self.effective is not None and not self.end

    @property
    def waits(self) -> bool:
        """Whether it waits for signatures, and no later draft took its place."""
        return self.effective is None and not self.end

    @property
    def done(self) -> bool:
        """Whether something was performed, and nothing that has a day is owed."""
        owed = [
            state != "performed" for due, state in zip(self.due, self.states, strict=True) if due is not None
        ]
        return "performed" in self.states and not any(owed)

    @property
    def state(self) -> str:
        """What is to be shown of it."""
        if self.end or self.effective is None:
            return self.end or "drafted"
        return "performed" if self.done else "in_effect"


@dataclass
class Ledger:
    """What is known of one case."""

    platforms: Platforms
    around: Around = field(default_factory=Around)
    status: str = "none"
    tier: str = ""
    outcome: str | None = None
    number: str | None = None
    opened: date = date.min
    moved: date = date.min
    version: int = 0
    book: list[Line] = field(default_factory=list)
    struck: frozenset[int] = frozenset()
    retracted: frozenset[int] = frozenset()
    again: bool = False
    given_up: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    called_for: dict[int, datetime] = field(default_factory=dict)
    duplicate_of: UUID | None = None
    duplicates: list[UUID] = field(default_factory=list)
    closed_from: str = ""
    parties: dict[str, str] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    sat: list[Sat] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    present: int | None = None
    went: list[Went] = field(default_factory=list)
    proposals: dict[int, Proposed] = field(default_factory=dict)
    handlers: set[str] = field(default_factory=set)
    papers: list[Paper] = field(default_factory=list)
    must_follow: list[str] = field(default_factory=list)
    may_follow: list[str] = field(default_factory=list)

    # --- what is counted -------------------------------------------------------------------------------------

    @property
    def stay(self) -> Stay | None:
        """The present stay."""
        return None if self.present is None else self.stays[self.present]

    @property
    def paper(self) -> Paper | None:
        """The agreement that binds in this stay, or the latest."""
        binding = [item for item in self.papers if item.binds and item.stay == self.present]
        return (binding or self.papers or [None])[-1]

    @property
    def draft(self) -> Paper | None:
        """What may still be signed."""
        return self.papers[-1] if self.papers and self.papers[-1].waits else None

    def numbered(self, number: int | None) -> Paper:
        """The agreement of a number; the first one is not named."""
        found = [item for item in self.papers if item.number == (number or 1)]
        assert found, "there is no such agreement"
        return found[0]

    @property
    def asked(self) -> Paper | None:
        """The agreement about which a court has still to decide."""
        return next((item for item in self.papers if item.asked and not item.decided), None)

    @property
    def staying(self) -> set[str]:
        """The parties that have not left."""
        return set(self.parties) - self.gone

    def may_leave(self, party: str) -> bool:
        """Whether a party is there, and not the last of its side."""
        return party in self.staying and any(
            self.sides[other] == self.sides[party] for other in self.staying - {party}
        )

    @property
    def failed_on(self) -> dict[str, list[date]]:
        """Tier by tier, the days of the failures of its latest stay."""
        latest = {stay.tier: place for place, stay in enumerate(self.stays)}
        return {
            tier: [self.sat[failure - 1].day for failure in self.failures(at)] for tier, at in latest.items()
        }

    def failures(self, stay: int | None) -> list[int]:
        """The numbers of the sessions of a stay that failed."""
        return [
            number
            for number, item in enumerate(self.sat, start=1)
            if item.stay == stay and item.outcome == "failed"
        ]

    def latest(self, *, held: bool) -> datetime | None:
        """When the latest session of the stay was, if it ended in agreement; of those held, or of all."""
        own = [
            (item.held_at, number, item.outcome)
            for number, item in enumerate(self.sat)
            if item.stay == self.present and (not held or item.outcome in {"agreed", "failed"})
        ]
        at, _, outcome = max(own, default=(None, 0, ""))
        return at if outcome == "agreed" else None

    def above(self, tier: str | None = None) -> str | None:
        """The next tier that somebody serves; from another tier upwards when one is named."""
        higher = ORDER[ORDER.index(self.tier) + 1 :] if tier is None else ORDER[ORDER.index(tier) :]
        return next((item for item in higher if item in self.platforms), None)

    def has_lost_basis(self, went: Went) -> bool:
        """Whether too few of the counted sessions still count as failed."""
        outcomes = [
            self.sat[item - 1].outcome for item in went.counted if self.sat[item - 1].stay is not None
        ]
        return outcomes.count("failed") < went.needed

    def spent_at(self, stay: int | None) -> int:
        """The last session that was counted when the stay went up; 0 when it never did, or should not have."""
        counted = [
            item for went in self.went if went.stay == stay and not went.voided for item in went.counted
        ]
        return max(counted, default=0)

    # --- what happened ---------------------------------------------------------------------------------------

    def enter(
        self, event: DisputeEvent, because: Because | None, by: Actor = NOBODY, command: object = None
    ) -> None:
        """Enter an event; objects where it may not come next, or comes without the reason it needs."""
        name = name_of(event)
        self.book.append(Line(event, because, by, command))
        self._must_be_due(event, because)
        self._must_be_possible(name)
        self._must_be_explained(name, because)
        self.version += 1
        if name in {"session_corrected", "escalated", "fact_retracted"}:
            self._must_have_four_eyes(event, because, by)
        self._write(event, because, by)

    def _write(self, event: DisputeEvent, because: Because | None, by: Actor) -> None:
        match event:
            case SessionCorrected():
                self._session_corrected(event, by)
            case FactRetracted():
                self._fact_retracted(event, by)
            case Escalated():
                self._escalated(event, because)
            case _:
                getattr(self, f"_{name_of(event)}", lambda _: None)(event)

    def blank(self) -> "Ledger":
        """A ledger of the same case in which nothing is entered, to be written anew."""
        return Ledger(self.platforms, self.around, again=True)

    def enter_again(self, line: Line) -> None:
        """Enter what was entered before, though something earlier is struck out; objects where it rests on that."""
        self.book.append(line)
        if line.stated:
            self._must_be_possible(name_of(line.event))
        self.version += 1
        self._write(line.event, line.because, line.by)
        self.must_follow, self.may_follow = [], []

    def pass_over(self, line: Line) -> None:
        """Enter what was struck out: numbers and ids are not used again, and what had lapsed stays lapsed."""
        self.book.append(line)
        self.version += 1
        match line.event:
            case SessionRecorded():
                self.sat.append(Sat(None, line.event.held_at, line.event.outcome))
            case PartyAdded():
                self.given_up.add(line.event.party.id)
            case AppointmentMade():
                self.calls.append("retracted")
            case Closed():
                self.proposals = {}
            case AgreementTookEffect() if self.status == "agreed":  # the day of a change stays that of a step
                self._must_not_go_back(line.event.effective_on)
            case _:
                pass

    def must_be_complete(self) -> None:
        """Object where something should have followed."""
        assert not self.must_follow, f"{self.must_follow} did not follow"
        self.may_follow = []

    def _must_be_due(self, event: DisputeEvent, because: Because | None) -> None:
        name = name_of(event)
        if self.may_follow and name == self.may_follow[0]:
            self.must_follow, self.may_follow = self.may_follow, []
        if self.must_follow:
            assert name == self.must_follow[0], f"{self.must_follow[0]} must follow, not {name}"
            self.must_follow.pop(0)
            return
        lifted = name == "escalated" and because is not None and because.rule.startswith("bypass")
        given_up = name == "closed" and self.status == "agreed"
        twice = isinstance(event, Closed) and event.duplicate_of is not None and self.status != "agreed"
        assert name not in CAUSED or lifted or given_up or twice, f"{name} came without a cause"
        if name == "closed":
            self.outcome = "duplicate" if twice else "agreed_unperformed"

    def _must_be_possible(self, name: str) -> None:
        allowed = {
            "none": {"filed"},
            "closed": {
                *("correction_proposed", "session_corrected", "correction_rejected", "minutes_amended"),
                *("followed_up", "reopened", "confirmation_decided", "party_amended", "police_reported"),
                *("attachment_added", "session_recorded", "duplicate_found", "duplicate_voided"),
                *("retraction_proposed", "retraction_rejected", "fact_retracted", "proposal_withdrawn"),
                "closure_voided",
            },
        }
        if self.status in allowed:
            assert name in allowed[self.status], f"{name} in a {self.status} case"
        while_accepted = {
            *("escalated", "escalation_proposed", "time_extended"),
            *("appointment_made", "appointment_moved"),
        }
        assert name not in while_accepted or self.status == "accepted", f"{name} while {self.status}"
        while_agreed = {
            *("term_performed", "term_breached", "term_supervised", "confirmation_requested"),
            *("agreement_replaced", "agreement_rescinded"),
        }
        assert name not in while_agreed or self.status == "agreed", f"{name} while {self.status}"
        while_undecided = {"refused", "withdrawn", "terminated", "transferred", "party_added", "party_left"}
        assert name not in while_undecided or self.status != "agreed", f"{name} while {self.status}"

    def _must_know(self, *parties: str) -> None:
        unknown = set(parties) - set(self.parties)
        assert not unknown, f"{unknown} are no parties"

    def _must_have_four_eyes(self, event: DisputeEvent, because: Because | None, by: Actor) -> None:
        if isinstance(event, Escalated) and because is not None and not because.rule.startswith("bypass"):
            return
        if isinstance(event, FactRetracted) and self.is_recorders_own(event.at_version, by):
            return
        subject = BYPASS
        if isinstance(event, SessionCorrected | FactRetracted):
            subject = self.subject_of(event)
        assert subject in self.proposals, "approved without a proposal, or one that had lapsed"
        assert self.proposals[subject].proposed_by != by.sub, "approved by its proposer"

    def is_recorders_own(self, version: int, by: Actor) -> bool:
        """Whether whoever recorded a file or an appointment takes it back."""
        line = self.book[version - 1]
        return name_of(line.event) in ALONE and line.by.sub == by.sub

    @staticmethod
    def subject_of(event: SessionCorrected | FactRetracted | RetractionProposed | RetractionRejected) -> int:
        """What two people decide on: a session by its number, other facts by their version."""
        if isinstance(event, SessionCorrected):
            return event.session
        return event.session or -event.at_version

    def _filed(self, event: Filed) -> None:
        assert event.tier == entry(event.difficulty, self.platforms), "filed at the wrong tier"
        self.status, self.tier, self.moved = "filed", event.tier, day_of(event.occurred_at)
        self.opened = self.moved
        self.parties = {party.id: party.name for party in event.parties}
        self.sides = {party.id: party.role for party in event.parties}

    def _accepted(self, event: Accepted) -> None:
        assert self.status in {"filed", "escalated"}, f"accepted while {self.status}"
        assert (event.number is None) == (self.number is not None), "numbered twice, or not at all"
        self._move("accepted", event.tier, event.platform, event.occurred_at)
        self.number = self.number or event.number
        day = day_of(event.occurred_at)
        self._begin(Stay(event.tier, day, [(day, set(event.mediators))], [Run(event.occurred_at)]))

    def _begin(self, stay: Stay) -> None:
        self.present = len(self.stays)
        self.stays.append(stay)
        self.handlers |= stay.assigned[-1][1]

    def _mediators_replaced(self, event: MediatorsReplaced) -> None:
        assert self.stay is not None, "mediators replaced before the acceptance"
        self.stay.assigned.append((day_of(event.occurred_at), set(event.mediators)))
        self.handlers |= set(event.mediators)

    def _time_extended(self, event: TimeExtended) -> None:
        assert self.stay is not None
        self._must_know(*event.consents)
        assert set(event.consents) >= self.staying, "longer without everybody's consent"
        self.stay.longer = event.until

    def _party_added(self, event: PartyAdded) -> None:
        assert event.party.id not in {*self.parties, *self.given_up}, "a party of that id was there"
        self.parties[event.party.id] = event.party.name
        self.sides[event.party.id] = event.party.role

    def _party_amended(self, event: PartyAmended) -> None:
        assert event.party.id in self.parties, "a party that is not there was amended"
        self.parties[event.party.id] = event.party.name

    def _party_left(self, event: PartyLeft) -> None:
        assert self.may_leave(event.party), "left twice, or as the last of a side"
        self.gone.add(event.party)
        self.must_follow = ["remedies_notified"]

    def _returned(self, event: Returned) -> None:
        assert self.status == "escalated", f"returned while {self.status}"
        self._goes_back(self.went[-1], event)
        self.stays[self.went[-1].stay].runs.append(Run(event.occurred_at))

    def _goes_back(self, went: Went, event: Returned | EscalationVoided) -> None:
        self.present = went.stay
        self.tier = self.stays[went.stay].tier
        self._move("accepted", event.to_tier, event.platform, event.occurred_at)
        self.proposals = {}

    def _session_recorded(self, event: SessionRecorded) -> None:
        place, late = self.stay_of(event.held_at)
        if self.again:  # whether it was late was told when it was entered first
            place, late = (self.present, False) if event.stay is None else (event.stay - 1, True)
        assert place is not None, "a session while nobody handled the case"
        assert event.stay == (place + 1 if late else None), "a session in another stay"
        sitting = {item.who for item in event.attendance if item.as_ == "mediator"}
        assert sitting <= self.stays[place].on(day_of(event.held_at)), "by somebody who was not assigned"
        self.sat.append(Sat(place, event.held_at, event.outcome))
        assert (event.number, event.tier) == (len(self.sat), self.stays[place].tier), (
            "a session in the wrong place"
        )
        failures = self.failures(self.present)
        if late:
            return
        if event.outcome == "failed" and len(failures) >= THRESHOLDS[self.tier]:
            self.must_follow = self._what_a_full_count_does()

    def stay_of(self, held_at: datetime) -> tuple[int | None, bool]:
        """The stay to which a session of that hour belongs, and whether the case has moved on since."""
        day = day_of(held_at)
        running = [(at, run) for at, stay in enumerate(self.stays) if (run := stay.run_on(day)) is not None]
        if not running:
            return None, False
        begun = [item for item in running if item[1].begun <= held_at]
        place, run = begun[-1] if begun else running[0]
        now = self.status == "accepted" and place == self.present and run is self.stays[place].runs[-1]
        return place, not now

    def _pause(self, day: date) -> None:
        """The present stay, where it goes on, does so until the end of a day."""
        if self.stay is not None and self.stay.runs and self.stay.runs[-1].ended is None:
            self.stay.runs[-1].ended = day

    def _what_a_full_count_does(self) -> list[str]:
        if self.above():
            return ["escalated"]
        self.outcome = "failed"
        return ["remedies_notified", "closed"]

    def _escalation_proposed(self, event: EscalationProposed) -> None:
        assert BYPASS not in self.proposals, "proposed while another was open"
        assert event.to_tier in ORDER[ORDER.index(self.tier) + 1 :], "proposed to go down"
        assert self.platforms.get(event.to_tier) == event.platform, "proposed to the wrong platform"
        self.proposals[BYPASS] = event

    def _escalation_rejected(self, _: DisputeEvent) -> None:
        del self.proposals[BYPASS]

    def _correction_proposed(self, event: CorrectionProposed) -> None:
        assert event.session not in self.proposals, "proposed while another was open"
        assert event.session <= len(self.sat), "a correction of no session"
        assert self.sat[event.session - 1].stay is not None, "a correction of what was taken back"
        self.proposals[event.session] = event

    def _correction_rejected(self, event: CorrectionRejected) -> None:
        assert isinstance(self.proposals[event.session], CorrectionProposed), "something else was rejected"
        del self.proposals[event.session]

    def _proposal_withdrawn(self, event: ProposalWithdrawn) -> None:
        del self.proposals[event.subject]

    # --- what is taken back ----------------------------------------------------------------------------------

    def _retraction_proposed(self, event: RetractionProposed) -> None:
        assert self.subject_of(event) not in self.proposals, "proposed while another was open"
        assert event.at_version not in self.retracted, "taken back twice"
        self.proposals[self.subject_of(event)] = event

    def _retraction_rejected(self, event: RetractionRejected) -> None:
        assert isinstance(self.proposals[self.subject_of(event)], RetractionProposed)
        del self.proposals[self.subject_of(event)]

    def _fact_retracted(self, event: FactRetracted, by: Actor) -> None:
        self.proposals.pop(self.subject_of(event), None)
        if self.again:
            return
        removal = self.without(event.at_version)
        assert removal.rested_on is None, f"taken back though {removal.rested_on} rests on it"
        session = None if event.session is None else self.sat[event.session - 1]
        failed = session is not None and session.outcome == "failed"
        self.retracted |= {event.at_version}
        self._strike({event.at_version, *removal.undone})
        self.must_follow = list(removal.follows)
        if failed and event.session is not None and self.falls(event.session, by):
            self.must_follow.append("escalation_voided")

    def without(self, version: int) -> Removal:
        """What becomes of the book without one of its lines."""
        return removal_of(self, version)

    def _strike(self, versions: set[int]) -> None:
        """Strike lines out, and copy what then stands from the book written anew."""
        self.struck |= versions
        fair = written_anew(self, self.struck)
        for item in fields(self):
            if item.name not in {"struck", "retracted", "again", "must_follow", "may_follow"}:
                setattr(self, item.name, getattr(fair, item.name))

    def _closure_voided(self, event: ClosureVoided) -> None:
        assert self.again or event.at_version in self.struck, "another closing is voided"
        assert self.again or event.status == self.status, "restored to another status"
        self._must_not_go_back(day_of(event.occurred_at))

    def _agreement_effect_voided(self, event: AgreementEffectVoided) -> None:
        assert self.again or event.at_version in self.struck, "another effect is voided"
        if self.status != "agreed":
            self._must_not_go_back(day_of(event.occurred_at))

    def _duplicate_found(self, event: DuplicateFound) -> None:
        self.duplicates.append(event.duplicate)

    def _duplicate_voided(self, event: DuplicateVoided) -> None:
        assert event.duplicate in self.duplicates, "told of what it did not know"
        self.duplicates.remove(event.duplicate)

    def _appointment_made(self, event: AppointmentMade) -> None:
        self.calls.append("made")
        assert event.number == len(self.calls), "an appointment of another number"

    def _appointment_moved(self, event: AppointmentMoved) -> None:
        assert self.stands(event.number), "moved though it does not stand"
        self.calls[event.number - 1] = "moved"
        self.called_for[event.number] = event.at

    def _appointment_cancelled(self, event: AppointmentCancelled) -> None:
        assert self.stands(event.number), "called off though it does not stand"
        self.calls[event.number - 1] = "cancelled"

    def stands(self, call: int) -> bool:
        """Whether an appointment was made, and neither called off nor taken back."""
        return call <= len(self.calls) and self.calls[call - 1] in {"made", "moved"}

    # --- what two people decide ------------------------------------------------------------------------------

    def _session_corrected(self, event: SessionCorrected, by: Actor) -> None:
        proposal = self.proposals.pop(event.session)
        assert isinstance(proposal, CorrectionProposed)
        assert (event.outcome, event.held_at) == (proposal.outcome, proposal.held_at), "another correction"
        session = self.sat[event.session - 1]
        failed = session.outcome == "failed"
        session.held_at = event.held_at or session.held_at
        session.outcome = event.outcome or session.outcome
        if failed and session.outcome != "failed" and self.falls(event.session, by):
            self.must_follow = ["escalation_voided"]
        if session.outcome == "failed" and not failed:
            self._completes(event.session)

    def falls(self, session: int, by: Actor) -> bool:
        """Whether the last move up rested on the session and may still be undone."""
        last = next((item for item in reversed(self.went) if not item.voided), None)
        if last is None or last.stands or session not in last.counted or not self.has_lost_basis(last):
            return False
        if self.status == "escalated":
            return True
        if self.status != "accepted" or self.present == last.stay:
            return False
        held = any(
            item.stay is not None and item.stay > last.stay and item.outcome in {"agreed", "failed"}
            for item in self.sat
        )
        return not held and self.around.convenes(by, self.platforms[self.tier])

    def _completes(self, session: int) -> None:
        """A count that is completed now fires; whether one that was full before fires again is left open."""
        count = len(self.failures(self.present))
        if self.status != "accepted" or self.sat[session - 1].stay != self.present:
            return
        if count < THRESHOLDS[self.tier]:
            return
        follows = self._what_a_full_count_does()
        if count == THRESHOLDS[self.tier] and not self.spent_at(self.present):
            self.must_follow = follows
        else:
            self.may_follow = follows

    def _escalated(self, event: Escalated, because: Because | None) -> None:
        assert because is not None
        proposal = self.proposals.get(BYPASS)
        lifted = because.rule.startswith("bypass")
        above = proposal.to_tier if lifted and isinstance(proposal, EscalationProposed) else self.above()
        assert (event.from_tier, event.to_tier) == (self.tier, above), "escalated to the wrong tier"
        assert self.present is not None
        counted = [] if lifted else self.failures(self.present)
        if self.again:  # a count stands as it was explained, whatever became of a session
            counted = [item.session for item in because.counted]
        self.went.append(Went(self.present, self.version, counted, THRESHOLDS[self.tier]))
        self._pause(day_of(event.occurred_at))
        self.tier, self.present, self.proposals = event.to_tier, None, {}
        self._move("escalated", event.to_tier, event.platform, event.occurred_at)

    def _escalation_voided(self, event: EscalationVoided) -> None:
        last = next(item for item in reversed(self.went) if not item.voided)
        assert event.at_version == last.version, "another escalation is voided"
        last.voided = True
        self._goes_back(last, event)
        self.stays[last.stay].runs[-1].ended = None
        for stay in self.stays[last.stay + 1 :]:
            stay.runs = []

    def _agreement_drafted(self, event: AgreementDrafted) -> None:
        assert self.present is not None
        due, amounts = [term.due_on for term in event.terms], [term.amount_fen for term in event.terms]
        named = {party for term in event.terms for party in (term.debtor, term.creditor)}
        assert named <= self.staying, "it binds somebody who left"
        number = event.number or 1
        last = max((item.number for item in self.papers), default=0)
        assert number > last if self.again else number == last + 1, "another number"
        assert self.status == ("agreed" if event.changes else "accepted"), f"drafted while {self.status}"
        if event.changes:
            before = self.numbered(event.changes)
            assert before is self.paper, "another agreement is changed"
            assert before.binds, "changed though it does not bind"
            assert before.form == "oral" or event.form == "written", "a written agreement is changed orally"
        else:
            assert self.latest(held=False), "drafted though the latest session did not end in agreement"
        self._overtake()
        states = ["due"] * len(due)
        reached = day_of(event.reached_at)
        paper = Paper(
            number, event.form, self.present, reached, named, due, amounts, states, changes=event.changes
        )
        self.papers.append(paper)
        if event.form == "oral":
            paper.last = paper.reached
            self.must_follow = self._what_the_effect_brings(paper)

    def _overtake(self) -> None:
        for paper in self.papers:
            if paper.waits:
                paper.end = "replaced"

    def _what_the_effect_brings(self, paper: Paper) -> list[str]:
        return ["agreement_took_effect", *(["agreement_replaced"] if paper.changes else [])]

    def _agreement_signed(self, event: AgreementSigned) -> None:
        paper = self.draft
        assert paper is not None, "signed without an agreement"
        assert paper.number == (event.agreement or 1), "another draft was signed"
        assert self.status == ("agreed" if paper.changes else "accepted"), f"signed while {self.status}"
        assert sum(item is not None for item in (event.party, event.mediator, event.unit)) == 1
        assert event.party not in paper.signed, "a party signed twice"
        if event.party:
            self._must_know(event.party)
        assert event.unit not in paper.sealed, "sealed twice"
        assert not (event.mediator and paper.mediated), "two mediators signed"
        if event.mediator:
            assert self.stay is not None
            assert event.mediator in self.stay.on(day_of(event.signed_at)), (
                "by a mediator who was not assigned"
            )
        paper.signed |= {event.party} if event.party else set()
        paper.sealed |= {event.unit} if event.unit else set()
        paper.mediated = paper.mediated or event.mediator is not None
        paper.last = max(paper.last, day_of(event.signed_at))
        if self.is_signed():
            self.must_follow = self._what_the_effect_brings(paper)

    def is_signed(self) -> bool:
        """Whether all parties and a mediator signed, and the committee sealed."""
        paper = self.draft
        assert paper is not None
        platform = self.platforms[self.tier]
        sealer = self.around.sealers.get(platform, platform)
        return paper.signed >= self.staying and paper.mediated and paper.sealed == {sealer}

    def _agreement_took_effect(self, event: AgreementTookEffect) -> None:
        paper = self.draft
        assert paper is not None, "in effect without a draft"
        assert self.again or event.effective_on == paper.last, "in effect from another day"
        paper.effective = event.effective_on
        self._must_not_go_back(event.effective_on)
        self._pause(event.effective_on)
        self.status = "agreed"

    def _agreement_replaced(self, event: AgreementReplaced) -> None:
        before, after = self.numbered(event.agreement), self.numbered(event.by)
        assert before.binds, "replaced though it does not bind"
        assert after.binds, "replaced by what does not bind"
        assert after.changes == event.agreement, "another agreement is replaced"
        assert after.effective == event.replaced_on, "replaced on another day"
        before.end = "replaced"

    def _agreement_rescinded(self, event: AgreementRescinded) -> None:
        paper = self.numbered(event.agreement)
        assert paper is self.paper, "another agreement is rescinded"
        assert paper.binds, "rescinded though it does not bind"
        self._must_know(*event.consents)
        assert set(event.consents) >= self.staying, "rescinded without everybody's consent"
        self._must_not_go_back(day_of(event.occurred_at))
        self._overtake()
        paper.end, self.status = "rescinded", "accepted"
        assert self.stay is not None
        self.stay.runs.append(Run(event.occurred_at))

    def _term_performed(self, event: TermPerformed) -> None:
        paper, term = self.paper, event.term
        assert paper is not None
        assert (event.agreement or 1) == paper.number, "of another agreement"
        assert paper.states[term - 1] != "performed", "performed twice"
        amount = paper.amounts[term - 1]
        if event.amount_fen is not None:
            assert amount is not None, "a part of nothing"
            paper.paid[term] = paper.paid.get(term, 0) + event.amount_fen
        if event.amount_fen is None or paper.paid[term] >= (amount or 0):
            paper.states[term - 1] = "performed"
            paper.done_on[term] = event.performed_on
        if paper.done:
            self.must_follow, self.outcome = ["closed"], "performed"

    def _term_breached(self, event: TermBreached) -> None:
        paper = self.paper
        assert paper is not None
        assert (event.agreement or 1) == paper.number, "of another agreement"
        assert paper.effective is not None
        assert event.found_on >= paper.effective, "breached before the effect"
        due = paper.due[event.term - 1]
        if due is not None:
            assert paper.states[event.term - 1] == "due", "breached though settled"
            assert event.found_on > due, "breached before it was due"
        paper.states[event.term - 1] = "breached"
        paper.broken[event.term] = event.found_on

    def _confirmation_requested(self, event: ConfirmationRequested) -> None:
        paper = self.paper
        assert paper is not None
        assert (event.agreement or 1) == paper.number, "about another agreement"
        assert paper.form == "written", "an oral agreement is to be confirmed"
        self._must_know(*event.applicants)
        assert set(event.applicants) >= self.staying, "one side alone applied"
        assert paper.effective is not None
        assert paper.effective <= event.filed_on <= self.last_to_apply(), "applied out of time"
        assert self.asked is None, "applied twice at a time"
        assert paper.decided != "confirmed", "applied again for what is confirmed"
        paper.asked, paper.decided = event.filed_on, ""

    def _confirmation_decided(self, event: ConfirmationDecided) -> None:
        paper = self.asked
        assert paper is not None, "decided though nobody applied, or twice"
        assert paper.asked is not None
        assert event.decided_on >= paper.asked, "decided before anybody applied"
        paper.decided = event.outcome

    def last_to_apply(self) -> date:
        """The thirtieth day after that of the effect, or the next on which people work."""
        assert self.paper is not None
        assert self.paper.effective is not None
        day = self.paper.effective + timedelta(days=30)
        while not self.around.works(day):
            day += timedelta(days=1)
        return day

    def _declined(self, event: Declined) -> None:
        assert self.status == "filed", f"declined while {self.status}"
        self.must_follow = ["remedies_notified", "closed"]
        self.outcome = "duplicate" if event.reason == "duplicate" else "declined"

    def _refused(self, event: PartyRefused) -> None:
        self._must_know(event.party)
        self._pause(day_of(event.occurred_at))
        self.must_follow, self.outcome = ["remedies_notified", "closed"], "refused"

    def _withdrawn(self, event: Withdrawn) -> None:
        self._must_know(event.party)
        self.must_follow, self.outcome = ["closed"], "withdrawn"

    def _transferred(self, _: DisputeEvent) -> None:
        self.must_follow, self.outcome = ["closed"], "transferred"

    def _terminated(self, _: DisputeEvent) -> None:
        self.must_follow, self.outcome = ["remedies_notified", "closed"], "failed"

    def _closed(self, event: Closed) -> None:
        assert self.again or event.outcome == self.outcome, "closed as something else"
        if event.outcome == "agreed_unperformed":
            assert self.status == "agreed", f"closed as unperformed while {self.status}"
        self.outcome, self.duplicate_of = event.outcome, event.duplicate_of
        self._must_not_go_back(day_of(event.occurred_at))
        self._pause(day_of(event.occurred_at))
        self.status, self.closed_from = "closed", self.status
        self.proposals = {}

    def _followed_up(self, _: DisputeEvent) -> None:
        assert self.status in {"agreed", "closed"}, f"followed up while {self.status}"

    def _reopened(self, event: Reopened) -> None:
        assert self.outcome not in {"declined", "transferred", "duplicate"}, "reopened for good or bad"
        self._must_not_go_back(day_of(event.occurred_at))
        assert self.status == "closed", f"reopened while {self.status}"
        assert event.status == self.reopens_as(), "reopened in another status"
        self.status, self.outcome = event.status, None
        for went in self.went:
            went.stands = True
        if self.status == "accepted":
            assert self.stay is not None
            run = Run(event.occurred_at)
            again = Stay(self.stay.tier, self.moved, [(self.moved, self.stay.assigned[-1][1])], [run])
            self._begin(again)

    def reopens_as(self) -> str:
        """The status that a case closed from; where all was performed there is nothing left but to mediate again."""
        done = self.paper is not None and self.paper.done
        return "accepted" if self.closed_from == "agreed" and done else self.closed_from

    def _move(self, status: str, tier: str, platform: str, at: datetime) -> None:
        assert (tier, platform) == (self.tier, self.platforms[self.tier]), "at the wrong tier or platform"
        self._must_not_go_back(day_of(at))
        self.status = status

    def _must_not_go_back(self, day: date) -> None:
        assert day >= self.moved, f"{day} goes back behind {self.moved}"
        self.moved = day

    def _must_be_explained(self, name: str, because: Because | None) -> None:
        if because is not None and because.rule.startswith("bypass"):
            proposal = self.proposals.get(BYPASS)
            assert name == "escalated", f"{name} is said to be caused by a rule"
            assert isinstance(proposal, EscalationProposed), (
                "approved without a proposal, or one that had lapsed"
            )
            assert because.rule == f"bypass_{proposal.grounds}", "lifted on other grounds"
        elif name == "escalated" or (self.outcome == "failed" and because is not None):
            assert because is not None, "no explanation"
            failures = self.failures(self.present)
            assert len(failures) >= THRESHOLDS[self.tier], "explained before the count was reached"
            assert because.rule == ("failed_sessions" if name == "escalated" else "exhausted")
            assert because.threshold == THRESHOLDS[self.tier], "another threshold is given"
            assert [item.session for item in because.counted] == failures, (
                "other sessions are given as counted"
            )
        else:
            assert because is None, f"{name} is said to be caused by a rule"
