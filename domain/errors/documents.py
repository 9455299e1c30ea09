"""What is wrong inside a document: everything at once, each with its field and, where there are lines, its line."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors.kinds import Invalid
from domain.messages import Message, message

Path = tuple[str | int, ...]
"""Where a part of a document stands: names of fields, and places in lists from 0."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong; `line` counts from 1, None where the document has no lines."""

    path: Path
    detail: Message
    line: int | None = None

    @property
    def field(self) -> str:
        """The path as people write it, `tiers.1.panel.0`."""
        return ".".join(map(str, self.path))


class FieldFlaws(ValueError):
    """What a check of several fields found: each flaw with its path from the model that was checked."""

    def __init__(self, *flaws: Flaw) -> None:
        """Take what is wrong, one flaw at least."""
        super().__init__(str(flaws[0].detail))
        self.flaws = flaws


class Flawed(Invalid):
    """What was sent holds errors."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        """Take everything that is wrong, in the order in which it is reported."""
        super().__init__(message("{count} errors", count=len(flaws)))
        self.flaws = tuple(flaws)


class LadderFlawed(Flawed):
    """The ladder does not hold together."""


class CalendarFlawed(Flawed):
    """The days do not make a calendar of that year."""
