"""A procedure: which tiers there are, in what order, and what moves a dispute from one to the next."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.procedures.durations import TimeLimit
from domain.procedures.tier import Tier, Titled, Titles
from domain.vocabulary import Category, Difficulty, Key, PositiveInt, Value


class Bypass(Value):
    """What may lift a dispute past a count, and how many people must agree (S0: no one-person decisions)."""

    grounds: Annotated[
        tuple[Literal["risk", "complexity"], ...], Field(description="on what grounds; on none when empty")
    ] = ("risk", "complexity")
    approvals: Annotated[
        PositiveInt, Field(description="people who must agree, whoever proposes it among them; two at least")
    ] = 2

    @property
    def people_needed(self) -> int:
        """How many people must agree: never one alone, whatever was written (rule 7)."""
        return max(2, self.approvals)


class ProcedureRef(Value):
    """A procedure's id and the version that a dispute is pinned to."""

    id: Key
    version: PositiveInt


class Ladder(Value):
    """A procedure's content. Immutable once published; a change is a new version."""

    id: Annotated[Key, Field(description="the procedure's name for programs; all versions share it")]
    title: Annotated[Titles, Field(description="what people call the procedure")]
    entry: Annotated[
        dict[Difficulty, Key], Field(description="the tier at which a dispute starts, by how hard it is")
    ]
    entry_by_category: Annotated[
        dict[Category, dict[Difficulty, Key]],
        Field(
            description="where disputes of a category start elsewhere; what is left out starts as `entry` says"
        ),
    ] = Field(default_factory=dict)
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, description="from the lowest to the highest")]
    seats: Annotated[
        dict[Key, Titles], Field(description="seats of panels beyond those that everybody knows")
    ] = Field(default_factory=dict)
    bypass: Annotated[
        Bypass, Field(description="past a count, by two people; on every ground when left out")
    ] = Bypass()
    follow_up_within: Annotated[
        TimeLimit | tuple[TimeLimit, ...],
        Field(description="when the parties are visited after a case ended"),
    ]

    @model_validator(mode="after")
    def _names_its_own_tiers(self) -> Self:
        names = self.tier_names
        if len(set(names)) != len(names):
            raise ValueError("two tiers have the same name")
        entries = {
            *self.entry.values(),
            *(to for item in self.entry_by_category.values() for to in item.values()),
        }
        if not entries <= set(names):
            raise ValueError("entry names a tier that the procedure does not have")
        if set(Difficulty) != set(self.entry):
            raise ValueError("entry leaves out a difficulty")
        return self

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers' names from the lowest to the highest."""
        return tuple([tier.name for tier in self.tiers])

    @property
    def titles(self) -> Titled:
        """What people call its tiers and seats, as far as it says so, by the places of sentences that they fill."""
        return {"tier": {tier.name: tier.title for tier in self.tiers if tier.title}, "seats": self.seats}

    @property
    def follow_up_plan(self) -> tuple[TimeLimit, ...]:
        """Within how long after the end of a case each of the visits is due."""
        within = self.follow_up_within
        return within if isinstance(within, tuple) else (within,)

    @property
    def only_marks(self) -> bool:
        """Whether no time limit of any tier does anything by itself."""
        return all(tier.only_marks for tier in self.tiers)

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

    def entry_tier(self, difficulty: Difficulty | None, category: Category | None = None) -> str:
        """Return where such a dispute starts; one that nobody rated counts as general."""
        rated = difficulty or Difficulty.GENERAL
        special = self.entry_by_category.get(category, {}) if category else {}
        return special.get(rated) or self.entry[rated]
