"""A procedure: which tiers there are, in what order, and what moves a dispute from one to the next."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.vocabulary import Difficulty, Key, PositiveInt, ShortText, Value

OnExpiry = Literal["mark", "escalate", "terminate"]


class Titles(Value):
    """A title in the two languages of the product."""

    zh: ShortText
    en: ShortText


class WorkingDays(Value):
    """A length of time counted in working days of the official calendar."""

    working_days: PositiveInt


class Days(Value):
    """A length of time counted in calendar days."""

    days: PositiveInt


class Months(Value):
    """A length of time counted in months."""

    months: PositiveInt


TimeLimit = WorkingDays | Days | Months


class Tier(Value):
    """One rung of the ladder."""

    name: Key
    failed_sessions: Annotated[
        PositiveInt, Field(description="failed sessions of one stay that move the case on")
    ]
    accept_within: TimeLimit
    mediate_within: TimeLimit
    on_expiry: OnExpiry = "mark"
    committee: Annotated[
        bool,
        Field(description="whether its platforms are statutory committees, which seal agreements (PML 29)"),
    ] = True
    panel: tuple[Key, ...] = ()
    groups: tuple[Key, ...] = ()


class Bypass(Value):
    """What may lift a dispute past a count, and how many people must agree (S0: no one-person decisions)."""

    grounds: tuple[Literal["risk", "complexity"], ...] = ("risk", "complexity")
    approvals: PositiveInt = 2


class ProcedureRef(Value):
    """A procedure's id and the version that a dispute is pinned to."""

    id: Key
    version: PositiveInt


class Ladder(Value):
    """A procedure's content. Immutable once published; a change is a new version."""

    id: Key
    title: Titles
    entry: dict[Difficulty, Key]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    bypass: Bypass = Bypass()
    follow_up_within: TimeLimit

    @model_validator(mode="after")
    def _names_its_own_tiers(self) -> Self:
        names = self.tier_names
        if len(set(names)) != len(names):
            raise ValueError("two tiers have the same name")
        if not set(self.entry.values()) <= set(names):
            raise ValueError("entry names a tier that the procedure does not have")
        if set(Difficulty) != set(self.entry):
            raise ValueError("entry leaves out a difficulty")
        return self

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers' names from the lowest to the highest."""
        return tuple(tier.name for tier in self.tiers)

    def tier(self, name: str) -> Tier:
        """Return the tier called `name`; raises KeyError where the ladder has none."""
        for tier in self.tiers:
            if tier.name == name:
                return tier
        raise KeyError(name)

    def height(self, name: str) -> int:
        """Return how high the tier stands, 0 for the lowest; raises ValueError where the ladder has none."""
        return self.tier_names.index(name)

    def above(self, name: str) -> tuple[str, ...]:
        """Return the tiers above `name`, the nearest first."""
        return self.tier_names[self.height(name) + 1 :]

    def entry_tier(self, difficulty: Difficulty | None) -> str:
        """Return where a dispute of this difficulty starts; one that nobody rated counts as general."""
        return self.entry[difficulty or Difficulty.GENERAL]
