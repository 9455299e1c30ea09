"""Whose cases a reader may see (rule 16): every query of cases requires a scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from domain.aggregates.dispute import Dispute
from domain.events.dispute import Filed
from domain.events.envelope import Actor
from domain.jurisdiction.units import covers
from domain.vocabulary import Role

_OVERSEERS: Final = frozenset({Role.AUDITOR, Role.ANALYST, Role.ADMIN})
"""Who oversees every unit where no unit is named; whoever handles cases belongs to a unit."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The cases that are a unit's own; all of them where `everything`, none without a unit.

    A case is its own to every platform it has been at, to its co-units, and to the units above them.
    """

    unit: str | None = None
    everything: bool = False

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return the scope of an actor."""
        unbound = actor.role is Role.SYSTEM or (actor.unit is None and actor.role in _OVERSEERS)
        return cls(everything=True) if unbound else cls(actor.unit)

    def includes(self, dispute: Dispute) -> bool:
        """Say whether a case is in the scope."""
        return self.includes_any((*dispute.platforms, *dispute.filed.co_units))

    def includes_filed(self, filed: Filed) -> bool:
        """Say whether a case is in the scope, by its filing: it moves to units above its first platform alone."""
        return self.includes_any((filed.platform, *filed.co_units))

    def includes_any(self, units: Iterable[str]) -> bool:
        """Say whether the unit is one of these, or lies above one."""
        if self.everything:
            return True
        unit = self.unit
        return unit is not None and any(covers(unit, item) for item in units)


ALL_CASES: Final = Scope(everything=True)
"""The scope of the service itself."""
