"""What every command has in common."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.vocabulary import Key, LongText, Moment, PartyId, PersonKey, UnitId, Value, day_of, start_of


class Command(Value):
    """A request to change something. `WHEN` names its time fields, which may not lie in the future."""

    WHEN: ClassVar[tuple[str, ...]] = ("occurred_at",)
    LEFT_OUT_STAYS: ClassVar[bool] = False
    """Whether a field that is left out means something else than its default: what it is about stays as it is."""

    def moments(self) -> Iterator[tuple[str, datetime]]:
        """Yield each time field that was given, with its value; a day counts as its first moment."""
        for name in self.WHEN:
            moment: datetime | date | None = getattr(self, name)
            if moment is not None:
                yield name, moment if isinstance(moment, datetime) else start_of(moment)

    def happened_on(self, now: datetime) -> date:
        """Return the day on which it happened, by its first time field; today where it has none."""
        return day_of(next((moment for _, moment in self.moments()), now))

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the ids of the mediators whom the command names; each must be registered."""
        return ()

    def path_of_mediator(self, mediator: str) -> str:
        """Return the path of the field in which the command names a mediator."""
        return f"mediators.{self.mediators_named().index(mediator)}"

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield each field that names a party, with the party's id; each must be of the case."""
        yield from ()

    @property
    def is_official_act(self) -> bool:
        """Whether it proposes, decides or seals. A clerk, who records what others did, never does that."""
        return False

    def units_named(self) -> Iterator[tuple[str, UnitId]]:
        """Yield each field that names a unit, with the unit; each must be established."""
        yield from ()

    def seats_named(self) -> Iterator[tuple[str, Key]]:
        """Yield each field that names a seat of a panel, with the seat; each must be known."""
        yield from ()

    def groups_named(self) -> Iterator[tuple[str, Key]]:
        """Yield each field that names a working group, with the group; each must be known."""
        yield from ()

    def cases_named(self) -> tuple[UUID, ...]:
        """Return the other cases that the command names; each must exist."""
        return ()


class DisputeCommand(Command):
    """A command to one dispute."""

    dispute: UUID


class Verdict(Command):
    """What a second person says of a proposal, and when (rule 7)."""

    occurred_at: Moment
    note: LongText | None = None

    @property
    def is_official_act(self) -> bool:
        """Whether it decides: it does."""
        return True
