"""The patterns of case numbers in the whole system, each with the register to which it belongs (rule 25)."""

from dataclasses import dataclass
from typing import NamedTuple

from domain.errors import PatternTaken
from domain.events.numbering import PatternAssigned
from domain.jurisdiction.case_number import can_clash, format_case_number, parse_case_number
from domain.messages import message
from domain.vocabulary import folded


class Numbered(NamedTuple):
    """A place in a register: whose it is, the year and the number."""

    keeper: str
    year: int
    n: int

    @property
    def register(self) -> tuple[str, int]:
        """The register: whose it is, and of which year."""
        return self.keeper, self.year


@dataclass(frozen=True, slots=True)
class Numbering:
    """Patterns with the unit whose register writes them, in the order in which they were assigned."""

    assigned: tuple[tuple[str, str], ...] = ()

    def lacks(self, unit: str, pattern: str) -> bool:
        """Say whether the pattern is still to be assigned to the unit; raises PatternTaken where it cannot be."""
        for other, owner in self.assigned:
            same = folded(other) == folded(pattern)
            if same and owner == unit:
                return False
            if same or can_clash(other, pattern):
                raise PatternTaken(
                    message(
                        "numbers of the pattern {pattern} belong to the register of {unit}",
                        pattern=other,
                        unit=owner,
                    ),
                    field="number_pattern",
                )
        return True

    def place_of(self, number: str) -> tuple[Numbered, str] | None:
        """Return the place of a number in the register whose pattern it follows, and how that register writes it."""
        for pattern, owner in self.assigned:
            found = parse_case_number(pattern, number)
            if found is not None and found[0] >= 1:
                return Numbered(owner, *found), format_case_number(pattern, *found)
        return None


def evolve(numbering: Numbering | None, event: PatternAssigned) -> Numbering:
    """Fold one fact into the numbering."""
    before = numbering or Numbering()
    return Numbering((*before.assigned, (event.pattern, event.register_of)))
