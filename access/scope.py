"""Whose cases a reader may see: every query of many cases requires a scope."""

from dataclasses import dataclass

from domain.events.envelope import Actor


@dataclass(frozen=True, slots=True)
class Scope:
    """The cases that a reader may see; `reader` is None where the service itself asks.

    Every scope covers all cases for now: rule 16, whose case it is, will be decided by the reader.
    """

    reader: Actor | None

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope of the service itself and of whoever administers it: all cases."""
        return cls(None)

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        """Return the scope of an actor."""
        return cls(actor)
