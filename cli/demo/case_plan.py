"""A planned case: every step is decided as it is planned, so that the next one knows the state of the case.

The domain's own functions decide. The result is a plan: commands in order, with who gives them and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeVar, cast
from uuid import UUID, uuid5

from cli.demo.seeded_random import SeededRandom
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
        """The digest that distinguishes this command from another under the same id."""
        return sha256(
            f"{self.actor.sub} {type(self.command).__name__} {self.command.model_dump_json()}".encode()
        ).digest()


@dataclass(frozen=True, slots=True)
class CasePlan:
    """The steps of one case in order, and the unit whose register numbers it."""

    dispute: UUID
    register: str
    steps: tuple[Step, ...]

    @property
    def opening(self) -> int:
        """The number of steps until the case has its number; all of them where it gets none."""
        accepted = (
            place for place, item in enumerate(self.steps, 1) if isinstance(item.command, AcceptDispute)
        )
        return next(accepted, len(self.steps))

    @property
    def opened_at(self) -> datetime:
        """When the last step of the opening is taken."""
        return self.steps[self.opening - 1].at

    def until(self, now: datetime) -> "CasePlan":
        """Return the plan with the steps taken by then."""
        taken = tuple(_taken_until(self.steps, now))
        return CasePlan(self.dispute, self.register, taken)


def _taken_until(steps: tuple[Step, ...], now: datetime) -> Iterator[Step]:
    for step in steps:
        if step.at > now:
            return
        yield step


class CaseBuilder:
    """Plans one case. `at` is its current time: steps are taken then, and `wait` advances it."""

    def __init__(self, dispute: UUID, street: Street, rng: SeededRandom, at: datetime) -> None:
        self.dispute = dispute
        self.street = street
        self.rng = rng
        self.at = at
        self._state: Dispute | None = None
        self._steps: list[Step] = []

    @property
    def state(self) -> Dispute:
        """The state of the case."""
        if self._state is None:
            raise LookupError("the case is not filed yet")
        return self._state

    def is_in(self, status: Status) -> bool:
        """Say whether the case is in a status."""
        return self.state.status is status

    @property
    def today(self) -> date:
        """The case's current day."""
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
        """The convener of the platform where the case is."""
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
        """Advance by `least` to `most` days and to the next working day, at a quarter of an hour in working hours."""
        day = self.today + timedelta(days=self.rng.between(least, most))
        while not self.street.is_workday(day):
            day += timedelta(days=1)
        opening = datetime.combine(day, time(9), SHANGHAI)
        at = opening + _QUARTER * self.rng.between(0, 30)
        self.at = max(at, self.at + _QUARTER)

    def linger(self, quarters: int = 1) -> None:
        """Advance by quarters of an hour."""
        self.at += _QUARTER * quarters

    def plan(self) -> CasePlan:
        """Return the plan."""
        keeper = self.street.world(self.convener, self.at).register_of(self.state.platforms[0])
        return CasePlan(self.dispute, keeper.unit if keeper else "", tuple(self._steps))
