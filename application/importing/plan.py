"""What the tables bring that is not so yet, and how much of it is new, changed or the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from application.tables.table import TableNotice
from domain.commands.platform import DescribePlatform
from domain.commands.unit import DescribeUnit
from domain.events.envelope import Fact
from domain.events.platform import MediatorAppointed, PlatformEstablished, PlatformReorganised
from domain.events.unit import UnitEstablished
from domain.procedures.ladder import Ladder

NEW: Final = "new"
CHANGED: Final = "changed"
SAME: Final = "same"


@dataclass(slots=True)
class ImportPlan:
    """Reference data to be recorded, in order, the counts by kind of table, and what is to be told of the tables."""

    ladders: list[Ladder] = field(default_factory=list)
    units: list[DescribeUnit] = field(default_factory=list)
    platforms: list[DescribePlatform] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    notices: list[TableNotice] = field(default_factory=list)

    def ladder(self, ladder: Ladder, *, new: bool) -> None:
        """Take up a ladder, which is proposed where it is new."""
        self.ladders += [ladder] if new else []
        self.count("ladders", NEW if new else SAME)

    def unit(self, command: DescribeUnit, facts: Iterable[Fact]) -> None:
        """Take up a unit."""
        found = [fact.event for fact in facts]
        self.units += [command] if found else []
        established = any(isinstance(event, UnitEstablished) for event in found)
        self.count("units", NEW if established else CHANGED if found else SAME)

    def platform(
        self, command: DescribePlatform, facts: Iterable[Fact], serving: Iterable[str], *, listed: bool
    ) -> None:
        """Take up a platform and its mediators, of whom `serving` were there before; `told` where a row is about it."""
        found, before = [fact.event for fact in facts], set(serving)
        self.platforms += [command] if found else []
        if listed:
            established = any(isinstance(event, PlatformEstablished) for event in found)
            reorganised = any(isinstance(event, PlatformReorganised) for event in found)
            self.count("platforms", NEW if established else CHANGED if reorganised else SAME)
        appointed = {event.mediator for event in found if isinstance(event, MediatorAppointed)}
        for mediator in command.mediators:
            self.count(
                "mediators",
                SAME if mediator.id not in appointed else CHANGED if mediator.id in before else NEW,
            )

    def count(self, kind: str, what: str, number: int = 1) -> None:
        """Count things of a kind."""
        self.counts.setdefault(kind, Counter())[what] += number
