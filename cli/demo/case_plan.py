"""A case that is lived through on paper: every step is decided at once, so that the next one knows where it stands.

The decisions are the domain's own. What comes of it is a plan: commands in order, with who gives them and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeVar, cast
from uuid import UUID, uuid5

from cli.demo.seeded_random import Chance
from cli.demo.street import Street
from domain.aggregates.dispute import Dispute, check, decide, replay
from domain.aggregates.dispute.evolve import Explained
from domain.commands.dispute import AcceptDispute, AnyDisputeCommand, OpeningCommand
from domain.events.envelope import Actor
from domain.jurisdiction.platform import Platform
from domain.vocabulary import SHANGHAI, Status

_QUARTER: Final = timedelta(minutes=15)
_CommandT = TypeVar("_CommandT", bound=AnyDisputeCommand)


@dataclass(frozen=True)
class Step:
    """A command of a plan: its id, who gives it, and when."""

    id: UUID
    actor: Actor
    command: AnyDisputeCommand
    at: datetime

    @cached_property
    def fingerprint(self) -> bytes:
        """By which this command is told from another under the same id."""
        return sha256(
            f"{self.actor.sub} {type(self.command).__name__} {self.command.model_dump_json()}".encode()
        ).digest()


@dataclass(frozen=True, slots=True)
class Life:
    """What happens in one case, in order, and whose register numbers it."""

    dispute: UUID
    register: str
    steps: tuple[Step, ...]

    @property
    def opening(self) -> int:
        """How many steps there are until the case has its number, or all of them where it never gets one."""
        accepted = (
            place for place, item in enumerate(self.steps, 1) if isinstance(item.command, AcceptDispute)
        )
        return next(accepted, len(self.steps))

    @property
    def opened_at(self) -> datetime:
        """When the last step of the opening is taken."""
        return self.steps[self.opening - 1].at

    def until(self, now: datetime) -> "Life":
        """Return the life as far as it has been lived by then."""
        past = tuple(_lived(self.steps, now))
        return Life(self.dispute, self.register, past)


def _lived(steps: tuple[Step, ...], now: datetime) -> Iterator[Step]:
    for step in steps:
        if step.at > now:
            return
        yield step


class Case:
    """A case on paper. `at` is its present: steps are taken then, and `wait` moves it on."""

    def __init__(self, dispute: UUID, street: Street, chance: Chance, at: datetime) -> None:
        self.dispute = dispute
        self.street = street
        self.chance = chance
        self.at = at
        self._state: Dispute | None = None
        self._steps: list[Step] = []

    @property
    def state(self) -> Dispute:
        """Where the case stands."""
        if self._state is None:
            raise LookupError("the case is not filed yet")
        return self._state

    def is_in(self, status: Status) -> bool:
        """Say whether the case is in a status."""
        return self.state.status is status

    @property
    def today(self) -> date:
        """The case's present day."""
        return self.at.astimezone(SHANGHAI).date()

    @property
    def platform(self) -> Platform:
        """The platform where the case is."""
        return self.street.platforms[self.state.platform]

    @property
    def handler(self) -> Actor:
        """The first of the mediators assigned, or the convener where nobody is."""
        assigned = self.state.mediators
        return self.street.mediator(self.home_of(assigned[0]), assigned[0]) if assigned else self.convener

    @property
    def convener(self) -> Actor:
        """Who leads the platform where the case is."""
        return self.street.convener(self.state.platform)

    def home_of(self, mediator: str) -> str:
        """Return the platform at which a mediator of this case serves: the case's own, or that of another unit."""
        if mediator in self.platform.mediators:
            return self.platform.unit
        joint = self.street.world(self.convener, self.at).co_platforms(
            self.state.filed.co_units, self.state.tier
        )
        return next(item.unit for item in joint if mediator in item.mediators)

    def do(self, actor: Actor, command: type[_CommandT], **said: object) -> None:
        """Take a step now; raises the `DomainError` that says why it cannot be taken."""
        made = command.model_validate({"dispute": self.dispute, **said})
        if not isinstance(made, OpeningCommand):
            check(made, self.state)
        facts = decide(made, self._state, self.street.world(actor, self.at))
        own = tuple(fact for fact in facts if fact.event.TOPIC.startswith("dispute."))
        self._state = replay(cast("tuple[Explained, ...]", own), self._state)
        name = str(len(self._steps) + 1)
        self._steps.append(Step(uuid5(self.dispute, name), actor, made, self.at))

    def wait(self, least: int, most: int) -> None:
        """Let so many days pass, and more until people work; it is then some quarter of an hour of a working day."""
        day = self.today + timedelta(days=self.chance.between(least, most))
        while not self.street.is_workday(day):
            day += timedelta(days=1)
        opening = datetime.combine(day, time(9), SHANGHAI)
        at = opening + _QUARTER * self.chance.between(0, 30)
        self.at = max(at, self.at + _QUARTER)

    def linger(self, quarters: int = 1) -> None:
        """Let some quarters of an hour pass."""
        self.at += _QUARTER * quarters

    def life(self) -> Life:
        """Return the plan that was lived."""
        keeper = self.street.world(self.convener, self.at).register_of(self.state.platforms[0])
        return Life(self.dispute, keeper.unit if keeper else "", tuple(self._steps))
