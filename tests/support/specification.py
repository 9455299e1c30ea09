"""Decisions as prose: `given(what happened).when(someone asks, by=WHOM).then(what follows)`.

No store and no clock: a world is put together from the demonstration street and the ladder of the first day, and
decisions are taken in it as the engine takes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Final, Self, cast
from uuid import UUID

from application.initial_data import default_ladder, official_calendar
from cli.demo.units import street_document
from domain.aggregates import platform, register
from domain.aggregates.dispute import Dispute, World, check, check_panel_names, decide, find, replay
from domain.commands.base import DisputeCommand
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    DeclineDispute,
    FileDispute,
    GiveOpinion,
    RecordSession,
    RefuseMediation,
    ReturnDispute,
    TerminateMediation,
    WithdrawDispute,
)
from domain.commands.platform import DescribePlatform
from domain.commands.times import check_times
from domain.errors import DomainError
from domain.events.dispute import (
    Accepted,
    Closed,
    Declined,
    DisputeEvent,
    Escalated,
    Filed,
    OpinionGiven,
    PartyRefused,
    RemediesNotified,
    Returned,
    SessionRecorded,
    Terminated,
    Withdrawn,
)
from domain.events.envelope import Actor, Event, Fact
from domain.events.platform import PlatformEvent
from domain.events.register import NumberIssued
from domain.events.streams import stream_of
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.rules import Because, Counted
from domain.procedures.workdays import Calendar, PublishedYear
from domain.vocabulary import SHANGHAI, Remedy, Rule
from tests.support.world import NOW, SUN, filing

DISPUTE: Final = UUID("0d15b07e-0000-4000-8000-000000000001")
THREE_TIER: Final = ProcedureRef(id="three-tier", version=1)
NUMBER: Final = "（2026）东光一社民调字第1号"


def moment(text: str) -> datetime:
    """Read `2026-03-02` or `2026-03-02 14:00` on the clock of Shanghai; a bare day means nine in the morning."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"{day}T{time or '09:00'}").replace(tzinfo=SHANGHAI)


Happened = DisputeEvent | Fact
"""What happened to a case; an event that a rule caused comes as a fact, with its explanation."""


# --- the world -----------------------------------------------------------------------------------------------


@cache
def ladder() -> Ladder:
    """The ladder of the first day."""
    return default_ladder()


def established(**description: object) -> Platform:
    """A platform as it stands once it is described."""
    state: Platform | None = None
    command = DescribePlatform.model_validate(description)
    for fact in platform.decide(command, None, frozenset(), NOW):
        if fact.event.TOPIC != "mediator.registered.v1":
            state = platform.evolve(state, cast("PlatformEvent", fact.event))
    assert state is not None
    return state


@cache
def street() -> Mapping[str, Platform]:
    """The platforms of the demonstration street, by unit."""
    return {str(item["unit"]): established(**item) for item in street_document()["platforms"]}


@cache
def calendar() -> Calendar:
    """The official calendars of 2025 and 2026."""
    years = {year: official_calendar(year) for year in (2025, 2026)}
    return Calendar(
        {
            year: PublishedYear(frozenset(found.days_off), frozenset(found.workdays))
            for year, found in years.items()
            if found is not None
        }
    )


def street_without(*units: str) -> Mapping[str, Platform]:
    """The street, some of its units having no platform."""
    return {unit: item for unit, item in street().items() if unit not in units}


def term(mediator: str, *, begins: str = "2025-01-01", ends: str = "2027-12-31") -> dict[str, object]:
    """A mediator's appointment."""
    return {
        "id": mediator,
        "name": mediator,
        "kind": "full_time",
        "appointed_on": date.fromisoformat(begins),
        "term_ends_on": date.fromisoformat(ends),
    }


# --- commands ------------------------------------------------------------------------------------------------


def file_dispute(**changes: object) -> FileDispute:
    """Ask to file the usual case; `None` leaves a field out."""
    body = {name: value for name, value in filing(**changes).items() if value is not None}
    return FileDispute.model_validate({"dispute": DISPUTE, **body})


def accept(*mediators: str, at: str = "2026-03-03", chosen_by_parties: bool = False) -> AcceptDispute:
    """Ask to accept the case, with these mediators, or with `sun`."""
    return AcceptDispute(
        dispute=DISPUTE,
        mediators=mediators or ("sun",),
        chosen_by_parties=chosen_by_parties,
        occurred_at=moment(at),
    )


def send_back(at: str = "2026-03-21") -> ReturnDispute:
    """Ask to send the case back to the tier below."""
    return ReturnDispute(dispute=DISPUTE, reason="材料不齐", occurred_at=moment(at))


def hold(
    outcome: str = "failed", at: str = "2026-03-20", *, mediators: tuple[str, ...] = (), **changes: object
) -> RecordSession:
    """Ask to record a session."""
    attendance = [{"who": mediator, "as": "mediator", "present": True} for mediator in mediators]
    body = {"held_at": moment(at), "method": "face_to_face", "attendance": attendance, "outcome": outcome}
    return RecordSession.model_validate({"dispute": DISPUTE, **body, "minutes": "双方各执一词", **changes})


def refuse(party: str = "p2", at: str = "2026-03-20", **changes: object) -> RefuseMediation:
    """Ask to record that a party refuses."""
    body = {"party": party, "note": "不再调解", "occurred_at": moment(at)}
    return RefuseMediation.model_validate({"dispute": DISPUTE, **body, **changes})


def withdraw(party: str = "p1", at: str = "2026-03-20", **changes: object) -> WithdrawDispute:
    """Ask to record that a party withdraws."""
    body = {"party": party, "note": None, "occurred_at": moment(at)}
    return WithdrawDispute.model_validate({"dispute": DISPUTE, **body, **changes})


def terminate(at: str = "2026-03-20") -> TerminateMediation:
    """Ask to end mediation."""
    return TerminateMediation(dispute=DISPUTE, reason="分歧过大", occurred_at=moment(at))


def decline(at: str = "2026-03-03") -> DeclineDispute:
    """Ask to turn the case away."""
    return DeclineDispute.model_validate(
        {"dispute": DISPUTE, "reason": "elsewhere", "note": "法院已立案", "occurred_at": moment(at)}
    )


def advise(at: str = "2026-03-20") -> GiveOpinion:
    """Ask to record an opinion."""
    return GiveOpinion(
        dispute=DISPUTE, group="legal", by="qian", opinion="应当恢复原状", occurred_at=moment(at)
    )


# --- what happened -------------------------------------------------------------------------------------------


def filed(at: str = "2026-03-02", **changes: object) -> Filed:
    """The usual case was filed at the first community."""
    people = {"p1": ("applicant", "甲"), "p2": ("respondent", "乙")}
    parties = [
        {"id": item, "person": UUID(int=place), "role": role, "kind": "person", "name": name}
        for place, (item, (role, name)) in enumerate(people.items(), start=1)
    ]
    left_out = ("referred_by", "requests", "amount_fen", "people_involved")
    body = {
        **filing(parties=parties),
        **dict.fromkeys(left_out),
        "co_units": (),
        "procedure": THREE_TIER,
        "tier": "community",
        "platform": "dongguang.c01",
        "occurred_at": moment(at),
    }
    return Filed.model_validate(body | changes)


PLATFORMS: Final = {
    "compound": "dongguang.c01.y01",
    "community": "dongguang.c01",
    "street": "dongguang",
}
"""Where the usual case is handled at each tier."""


def filed_at(tier: str, at: str = "2026-03-02") -> Filed:
    """The usual case was filed at some tier."""
    return filed(at, tier=tier, platform=PLATFORMS[tier])


def accepted(tier: str = "community", *mediators: str, at: str = "2026-03-03", **changes: object) -> Accepted:
    """A tier accepted the case, with `sun` and `li` unless others are named."""
    body = {
        "tier": tier,
        "platform": PLATFORMS[tier],
        "number": NUMBER,
        "mediators": mediators or ("sun", "li"),
        "chosen_by_parties": False,
        "occurred_at": moment(at),
    }
    return Accepted.model_validate(body | changes)


def returned(
    from_tier: str = "street", to_tier: str = "community", *, at: str = "2026-03-21", **changes: object
) -> Returned:
    """A tier sent the case back."""
    body = {
        "from_tier": from_tier,
        "to_tier": to_tier,
        "platform": PLATFORMS[to_tier],
        "reason": "材料不齐",
        "occurred_at": moment(at),
    }
    return Returned.model_validate(body | changes)


def sat(
    number: int, outcome: str = "failed", tier: str = "community", *, at: str | None = None, **changes: object
) -> SessionRecorded:
    """A session was recorded; unless said otherwise the first was on the fourth of March, then one a day."""
    body = {
        "number": number,
        "tier": tier,
        "held_at": moment(at or f"2026-03-{3 + number:02d} 14:00"),
        "place": None,
        "method": "face_to_face",
        "attendance": (),
        "outcome": outcome,
        "minutes": "双方各执一词",
    }
    return SessionRecorded.model_validate(body | changes)


def failed(count: int, tier: str = "community", *, start: int = 1) -> tuple[SessionRecorded, ...]:
    """Some sessions failed, numbered from `start`."""
    return tuple(sat(number, tier=tier) for number in range(start, start + count))


def escalated(
    from_tier: str = "community", to_tier: str = "street", *, at: str = "2026-03-20", **changes: object
) -> Escalated:
    """The case moved up."""
    body = {
        "from_tier": from_tier,
        "to_tier": to_tier,
        "platform": PLATFORMS[to_tier],
        "occurred_at": moment(at),
    }
    return Escalated.model_validate(body | changes)


def refused(party: str = "p2", at: str = "2026-03-20") -> PartyRefused:
    """A party refused."""
    return PartyRefused(party=party, note="不再调解", occurred_at=moment(at))


def withdrawn(party: str = "p1", at: str = "2026-03-20") -> Withdrawn:
    """An applicant withdrew."""
    return Withdrawn(party=party, note=None, occurred_at=moment(at))


def terminated(at: str = "2026-03-20") -> Terminated:
    """The platform ended mediation."""
    return Terminated(reason="分歧过大", occurred_at=moment(at))


def declined(at: str = "2026-03-03") -> Declined:
    """The platform turned the case away."""
    return Declined.model_validate({"reason": "elsewhere", "note": "法院已立案", "occurred_at": moment(at)})


def advised(at: str = "2026-03-20") -> OpinionGiven:
    """A group gave its opinion."""
    return OpinionGiven(group="legal", by="qian", opinion="应当恢复原状", occurred_at=moment(at))


def told_of_remedies(at: str = "2026-03-20") -> RemediesNotified:
    """The parties were told of arbitration, administrative and judicial ways."""
    ways = (Remedy.ARBITRATION, Remedy.ADMINISTRATIVE, Remedy.JUDICIAL)
    return RemediesNotified(remedies=ways, occurred_at=moment(at))


def closed(outcome: str, at: str = "2026-03-20") -> Closed:
    """The case was closed."""
    return Closed.model_validate({"outcome": outcome, "reason": None, "occurred_at": moment(at)})


def because(rule: Rule, tier: str, threshold: int, *sessions: SessionRecorded) -> Because:
    """The explanation that these sessions reached the threshold."""
    return Because(
        procedure=THREE_TIER,
        rule=rule,
        tier=tier,
        threshold=threshold,
        counted=tuple(Counted(session=item.number, held_at=item.held_at) for item in sessions),
    )


def numbered(n: int, number: str, register_of: str, year: int = 2026, at: str = "2026-03-03") -> NumberIssued:
    """A register gave the case its number."""
    return NumberIssued(
        register_of=register_of, year=year, n=n, number=number, dispute=DISPUTE, occurred_at=moment(at)
    )


# --- given, when, then ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What happened to the case, and the world in which somebody asks for something."""

    history: tuple[Happened, ...] = ()
    platforms: Mapping[str, Platform] = field(default_factory=street)
    registers: Mapping[tuple[str, int], Register] = field(default_factory=dict)
    rungs: Ladder = field(default_factory=ladder)
    now: datetime = NOW
    calendar: Calendar = field(default_factory=calendar)

    @property
    def dispute(self) -> Dispute | None:
        """The case as its history left it."""
        return replay(self.facts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The history, each event with the rule that caused it."""
        return told(self.history)

    @property
    def case(self) -> Dispute:
        """The case, which must be there."""
        found = self.dispute
        assert found is not None
        return found

    def on(self, platforms: Mapping[str, Platform]) -> Self:
        """The same, on another map."""
        return replace(self, platforms=platforms)

    def at(self, now: datetime) -> Self:
        """The same, at another time."""
        return replace(self, now=now)

    def under(self, rungs: Ladder) -> Self:
        """The same, under another ladder."""
        return replace(self, rungs=rungs)

    def with_register(self, unit: str, year: int, last: int) -> Self:
        """The same, with so many numbers issued before."""
        return replace(self, registers={**self.registers, (unit, year): Register(last, last)})

    def world(self, actor: Actor = SUN) -> World:
        """What the decision sees beside the case."""
        return World(self.now, actor, THREE_TIER, self.rungs, self.platforms, self.registers, self.calendar)

    def when(self, command: AnyDisputeCommand, by: Actor = SUN) -> "When":
        """Ask, as the engine does: first the times, then the parties, then the rules."""
        try:
            return When(self, self._facts(command, by), None)
        except DomainError as refusal:
            return When(self, (), refusal)

    def _facts(self, command: AnyDisputeCommand, by: Actor) -> tuple[Fact, ...]:
        assert isinstance(command, DisputeCommand)
        check_times(command, self.now)
        if self.dispute is not None and not isinstance(command, FileDispute):
            find(command, self.dispute)
            check(command, self.dispute)
        world = self.world(by).on(command.happened_on(self.now))
        if self.dispute is not None and not isinstance(command, FileDispute):
            check_panel_names(command, lambda: world)
        return decide(command, self.dispute, world)


@dataclass(frozen=True)
class When:
    """What came of asking."""

    before: Given
    facts: tuple[Fact, ...]
    refusal: DomainError | None

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, without their explanations; raises the refusal where there are none."""
        if self.refusal is not None:
            raise self.refusal
        return tuple(fact.event for fact in self.facts)

    @property
    def after(self) -> Given:
        """The case and the registers with what followed."""
        history, registers = list(self.before.history), dict(self.before.registers)
        for fact in self.facts if self.events else ():
            event = fact.event
            if isinstance(event, NumberIssued):
                key = event.register_of, event.year
                registers[key] = register.evolve(registers.get(key), event)
            elif stream_of(event, DISPUTE) == DISPUTE:
                history.append(fact)
        return replace(self.before, history=tuple(history), registers=registers)

    @property
    def case(self) -> Dispute:
        """The case afterwards."""
        return self.after.case

    def when(self, command: AnyDisputeCommand, by: Actor = SUN) -> "When":
        """Ask for something further."""
        return self.after.when(command, by)

    def then(self, *expected: Event | Fact) -> None:
        """Exactly this follows, in this order; what is given as a bare event no rule has caused."""
        assert self.events, "nothing followed"
        assert self.facts == told(cast("tuple[Happened, ...]", expected)), self.facts

    def then_refused(
        self, error: type[DomainError], *, saying: str | None = None, field: str | None = None
    ) -> None:
        """It is refused as exactly this, at this field of the command; `saying` is part of the sentence."""
        assert type(self.refusal) is error, self.refusal or self.facts
        assert self.refusal.field == field
        assert saying is None or saying in str(self.refusal)


def told(history: Iterable[Happened]) -> tuple[Fact, ...]:
    """A history as facts; what is given as a bare event no rule has caused."""
    return tuple(recorded if isinstance(recorded, Fact) else Fact(recorded) for recorded in history)


def given(*history: Happened) -> Given:
    """Begin with what happened to the case; with nothing, nobody has filed it yet."""
    return Given(history)
