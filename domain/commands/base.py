"""What every command has in common."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from domain.errors import TimeInFuture
from domain.messages import message
from domain.vocabulary import PartyId, PersonKey, Value, start_of

FORWARD: Final = timedelta(minutes=5)
"""How far ahead of the system's clock a person's clock may run (rule 13)."""


class Command(Value):
    """A request to change something. `WHEN` names the fields that tell a time, which may not lie in the future."""

    WHEN: ClassVar[tuple[str, ...]] = ("occurred_at",)

    def moments(self) -> Iterator[tuple[str, datetime]]:
        """Yield each field that tells a time and was given, with its value; a day stands for its beginning."""
        for name in self.WHEN:
            told: datetime | date | None = getattr(self, name)
            if told is not None:
                yield name, told if isinstance(told, datetime) else start_of(told)

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the ids of the mediators whom the command names; each must be known."""
        return ()

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield each field that names a party, with the party's id; each must be of the case."""
        yield from ()


class DisputeCommand(Command):
    """A command to one dispute."""

    dispute: UUID


def check_times(command: Command, now: datetime) -> None:
    """Refuse a time that lies in the future; raises TimeInFuture."""
    for field, moment in command.moments():
        if moment > now + FORWARD:
            raise TimeInFuture(message("what has not happened yet cannot be recorded"), field=field)
