"""One rung of a ladder: what is expected there, and what moves a dispute on from it."""

from typing import Annotated, Literal

from pydantic import Field

from domain.procedures.limits import TimeLimit
from domain.vocabulary import Key, PositiveInt, RiskLevel, ShortText, Value

OnExpiry = Literal["mark", "escalate", "terminate"]
Clock = Literal["accept", "mediate"]
"""The two clocks of a tier (rule 8)."""


class Titles(Value):
    """A title in the two languages of the product."""

    zh: ShortText
    en: ShortText


class Expiry(Value):
    """What becomes of a case when one of its two clocks runs out, told of each clock by itself."""

    accept: OnExpiry = "mark"
    mediate: OnExpiry = "mark"


class Lift(Value):
    """From what danger or how many people on the procedure itself proposes to lift a case; two people still decide."""

    risk: RiskLevel | None = None
    headcount: PositiveInt | None = None


class Tier(Value):
    """One rung of the ladder."""

    name: Key
    title: Titles | None = None
    failed_sessions: Annotated[
        PositiveInt | None,
        Field(description="failed sessions of one stay that move the case on; no number does when left out"),
    ] = None
    accept_within: TimeLimit
    mediate_within: TimeLimit
    on_expiry: Annotated[
        OnExpiry | Expiry,
        Field(description="what a time limit that runs out does; told once or of each clock"),
    ] = "mark"
    committee: Annotated[
        bool,
        Field(description="whether its platforms are statutory committees, which seal agreements (PML 29)"),
    ] = True
    panel: Annotated[tuple[Key, ...], Field(description="the seats expected at a session")] = ()
    quorum: Annotated[
        PositiveInt | None, Field(description="how many seats must be taken; all of the panel when left out")
    ] = None
    missing_seats: Annotated[
        Literal["warn", "refuse"],
        Field(description="whether a session below the quorum is recorded with a warning, or not at all"),
    ] = "warn"
    groups: tuple[Key, ...] = ()
    lift_at: Lift | None = None

    @property
    def only_marks(self) -> bool:
        """Whether a time limit that runs out here only shows as overdue, and does nothing."""
        return self.on_expiry_of("accept") == self.on_expiry_of("mediate") == "mark"

    def on_expiry_of(self, clock: Clock) -> OnExpiry:
        """Return what becomes of a case when a clock runs out here."""
        if not isinstance(self.on_expiry, Expiry):
            return self.on_expiry
        return self.on_expiry.accept if clock == "accept" else self.on_expiry.mediate
