"""The desk at which the machine asks: what was foretold of a command is compared with what comes of it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Final, cast
from uuid import UUID, uuid5

from hypothesis.stateful import RuleBasedStateMachine

from domain.aggregates import register
from domain.aggregates.dispute import Dispute, World, check, decide, evolve, find, replay
from domain.aggregates.dispute.as_of import as_of, days_of
from domain.commands.dispute import AnyDisputeCommand, FileDispute, MakeAppointment, MoveAppointment
from domain.commands.times import check_times
from domain.errors import DomainError
from domain.events.dispute import DisputeEvent, DuplicateFound, DuplicateVoided, FactRetracted
from domain.events.envelope import Actor, Fact, Recorded
from domain.events.register import NumberIssued
from domain.jurisdiction.register import Register
from domain.procedures.rules import Because
from domain.procedures.workdays import Calendar
from domain.vocabulary import Role
from tests.stateful.foretelling import Foretold, foretell
from tests.stateful.ledger import Around, Ledger, day_of, entry
from tests.stateful.town import CONVENERS, KEEPERS, NEW_YEAR, TERMS, UNITS, Wall, platform_of
from tests.support.specification import THREE_TIER, file_dispute, ladder

_IDS: Final = UUID("0d15b07e-0000-4000-8000-0000000000ff")


def written_down(fact: Recorded[DisputeEvent]) -> Recorded[DisputeEvent]:
    """The fact as it is read back from the paper on which it was written."""
    event, because = fact.event, fact.because
    return replace(
        fact,
        event=type(event).model_validate_json(event.model_dump_json()),
        because=because and Because.model_validate_json(because.model_dump_json()),
    )


@dataclass
class Case:
    """One dispute: folded fact by fact, its history, and the pencilled ledger."""

    id: UUID
    ledger: Ledger
    live: Dispute | None = None
    history: list[Recorded[DisputeEvent]] = field(default_factory=list)
    before: list[Dispute] = field(default_factory=list)
    """The states before something was taken back."""


class Desk(RuleBasedStateMachine):
    """Asks, foretells what will come of it, and compares."""

    calendar: Calendar
    around: Around

    def __init__(self) -> None:
        super().__init__()
        self.now = NEW_YEAR
        self.position = 100
        self.cases: list[Case] = []
        self.registers: dict[tuple[str, int], Register] = {}
        self.numbers: dict[tuple[str, int], list[str]] = {}
        self.platforms = {unit: platform_of(unit) for unit in TERMS}

    def teardown(self) -> None:
        """What was known before something was taken back is still known; as of a day, it never was (rules 13, 19)."""
        for case in self.cases:
            taken_back = [item for item in case.history if isinstance(item.event, FactRetracted)]
            for item, before in zip(taken_back, case.before, strict=True):
                assert replay(case.history[: item.version - 1]) == before, "what was known is known no more"
            days = dict(zip(range(1, len(case.history) + 1), days_of(tuple(case.history)), strict=True))
            for event in (item.event for item in taken_back if isinstance(item.event, FactRetracted)):
                then = as_of(case.history, days[event.at_version])
                assert then is None or event.at_version in then.retracted, "as of its day it had happened"
            if taken_back:
                assert as_of(case.history, date.max) == case.live, "in the end it is not as it stands"

    def hang_up(self, wall: Wall) -> None:
        """Let people see the calendar."""
        self.calendar = wall.as_published()
        self.around = Around(TERMS, CONVENERS, KEEPERS, wall.works)

    def _when(self, ago: timedelta, clock: timezone) -> datetime:
        return (self.now - ago).astimezone(clock)

    def _platform(self, place: int) -> str:
        ledger = self._case(place).ledger
        return ledger.platforms[ledger.tier]

    def _case(self, place: int) -> Case:
        return self.cases[place % len(self.cases)]

    def _convener(self, place: int) -> str:
        return CONVENERS[self._platform(place)]

    def _own_people(self, place: int) -> list[str]:
        return list(TERMS[self._platform(place)])

    def _agreed(self, place: int) -> int:
        """A case with an agreement in effect, when there is one."""
        agreed = [at for at, item in enumerate(self.cases) if item.ledger.status == "agreed"]
        return agreed[place % len(agreed)] if agreed else place % len(self.cases)

    def _session(self, place: int, session: int) -> int:
        """One of the sessions of the case, or one that it does not have."""
        count = len(self._case(place).ledger.sat)
        return session if session > 11 or not count else 1 + session % count

    def _file(self, unit: str, difficulty: str | None, at: datetime) -> None:
        command = file_dispute(unit=unit, difficulty=difficulty, occurred_at=at)
        command = command.model_copy(update={"dispute": uuid5(_IDS, str(len(self.cases)))})
        case = Case(command.dispute, Ledger(UNITS[unit], self.around))
        possible = entry(difficulty, UNITS[unit]) is not None and at <= self.now + timedelta(minutes=5)
        if self._decide(case, command, Actor(sub="sun", role=Role.MEDIATOR), expected=possible):
            self.cases.append(case)

    def _ask(
        self, place: int, command: AnyDisputeCommand, actor: str, at: datetime, *, convening: bool = False
    ) -> None:
        case = self._case(place)
        name = "at" if isinstance(command, MakeAppointment | MoveAppointment) else command.WHEN[0]
        told = day_of(at) if type(getattr(command, name)) is date else at
        command = command.model_copy(update={name: told, "dispute": case.id})
        who = Actor(sub=actor, role=Role.CONVENER if convening else Role.MEDIATOR)
        other = self._other(command)
        expected = foretell(case.ledger, command, who, self.now, other and other.ledger)
        self._decide(case, command, who, expected=expected)

    def _other(self, command: AnyDisputeCommand) -> Case | None:
        """The case of which another one is said to be a duplicate."""
        return next((item for item in self.cases if item.id in command.cases_named()), None)

    def _decide(self, case: Case, command: AnyDisputeCommand, who: Actor, *, expected: Foretold) -> bool:
        facts, refusal = self._facts(case, command, who)
        self._enter(case, facts, who)
        done, name = refusal is None, type(command).__name__
        told = f"{type(refusal).__name__}: {refusal}"
        if isinstance(expected, str):
            assert not done, f"{name} should be refused: {expected}"
            assert told.startswith(expected), f"{name} should be refused as {expected}, not as {told}"
        elif expected is not None:
            should = "carried out" if expected else "refused"
            assert done == expected, f"{name} should be {should}: {told}"
        return done

    def _facts(
        self, case: Case, command: AnyDisputeCommand, who: Actor
    ) -> tuple[tuple[Fact, ...], DomainError | None]:
        world = World(self.now, who, THREE_TIER, ladder(), self.platforms, self.registers, self.calendar)
        other, live = self._other(command), case.live
        world = replace(world, history=tuple(case.history), other=other and other.live)
        try:
            check_times(command, self.now)
            if live is not None and not isinstance(command, FileDispute):
                find(command, live)
                check(command, live)
            return decide(command, live, world), None
        except DomainError as refusal:
            return (), refusal

    def _enter(self, case: Case, facts: tuple[Fact, ...], who: Actor) -> None:
        command = UUID(int=self.position)
        for fact in facts:
            if isinstance(fact.event, NumberIssued):
                self._number(fact.event, case)
            elif isinstance(fact.event, DuplicateFound | DuplicateVoided):
                other = next(item for item in self.cases if item.id == fact.event.dispute)
                self._record(other, fact, who, command)
                self._must_fold_alike(other)
            else:
                self._record(case, fact, who, command)
        self.position += 1
        if facts:
            case.ledger.must_be_complete()
            self._must_fold_alike(case)

    def _record(self, case: Case, fact: Fact, who: Actor, command: UUID) -> None:
        event, version = cast("DisputeEvent", fact.event), len(case.history) + 1
        self.position += 1
        case.ledger.enter(event, fact.because, who, command)
        recorded = Recorded(case.id, version, self.position, self.now, who, command, event, fact.because)
        case.history.append(written_down(recorded))
        if isinstance(event, FactRetracted):
            assert case.live is not None
            case.before.append(case.live)
            case.live = replay(case.history)
        else:
            case.live = evolve(case.live, event, fact.because)

    def _must_fold_alike(self, case: Case) -> None:
        assert replay(case.history) == case.live, "what was written down folds to something else"

    def _number(self, event: NumberIssued, case: Case) -> None:
        key = event.register_of, event.year
        expected = KEEPERS[case.ledger.platforms[case.ledger.tier]], day_of(event.occurred_at).year
        assert key == expected, "numbered in the wrong register"
        self.numbers.setdefault(key, []).append(event.number)
        self.registers[key] = register.evolve(self.registers.get(key), event)
