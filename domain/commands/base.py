"""What every command has in common."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.vocabulary import PersonKey, Value


class Command(Value):
    """A request to change something. `WHEN` names the fields that tell a time, which may not lie in the future."""

    WHEN: ClassVar[tuple[str, ...]] = ("occurred_at",)

    def moments(self) -> Iterator[tuple[str, datetime]]:
        """Yield each field that tells a time, with its value."""
        for name in self.WHEN:
            yield name, getattr(self, name)

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return the ids of the mediators whom the command names; each must be known."""
        return ()


class DisputeCommand(Command):
    """A command to one dispute."""

    dispute: UUID
