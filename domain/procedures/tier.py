"""A tier of a ladder: what is expected there, and what moves a dispute on from it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from domain.procedures.durations import TimeLimit
from domain.vocabulary import Key, PositiveInt, RecordedText, RiskLevel, Value

OnExpiry = Literal["mark", "escalate", "terminate"]
TierClock = Literal["accept", "mediate"]
"""The two time limits of a tier: to accept, and to mediate (rule 8)."""


class Titles(Value):
    """A title in the two languages of the product."""

    zh: Annotated[RecordedText, Field(description="in Chinese")]
    en: Annotated[RecordedText, Field(description="in English")]


Titled = Mapping[str, Mapping[str, Titles]]
"""By the place of a sentence, what a ladder calls the tiers or seats that fill it."""


class Expiry(Value):
    """What happens to a case when a time limit expires, for each of the two time limits."""

    accept: Annotated[OnExpiry, Field(description="when the time to accept is over")] = "mark"
    mediate: Annotated[OnExpiry, Field(description="when the time to mediate is over")] = "mark"


class DangerThreshold(Value):
    """The risk or the number of people from which on the procedure proposes a bypass; two people still decide."""

    risk: Annotated[RiskLevel | None, Field(description="from this danger on")] = None
    headcount: Annotated[PositiveInt | None, Field(description="from so many people in the dispute on")] = (
        None
    )


class Tier(Value):
    """One tier of the ladder."""

    name: Annotated[Key, Field(description="by which platforms say of which tier they are")]
    title: Annotated[Titles | None, Field(description="what people call the tier")] = None
    failed_sessions: Annotated[
        PositiveInt | None,
        Field(description="failed sessions of one stay that move the case on; no number does when left out"),
    ] = None
    accept_within: Annotated[
        TimeLimit,
        Field(description="from arrival at the tier to acceptance, in working days, days or months"),
    ]
    mediate_within: Annotated[
        TimeLimit, Field(description="from acceptance on, in working days, days or months (Rules 33)")
    ]
    on_expiry: Annotated[
        OnExpiry | Expiry,
        Field(description="what an expired time limit does: one value, or one for each time limit"),
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
    groups: Annotated[tuple[Key, ...], Field(description="working groups that may be asked (S0)")] = ()
    lift_at: Annotated[
        DangerThreshold | None,
        Field(description="from what danger on the procedure itself proposes a bypass"),
    ] = None

    @property
    def only_marks(self) -> bool:
        """Whether a time limit that runs out here only shows as overdue, and does nothing."""
        return self.on_expiry_of("accept") == self.on_expiry_of("mediate") == "mark"

    def on_expiry_of(self, clock: TierClock) -> OnExpiry:
        """Return what becomes of a case when a clock runs out here."""
        if not isinstance(self.on_expiry, Expiry):
            return self.on_expiry
        return self.on_expiry.accept if clock == "accept" else self.on_expiry.mediate
