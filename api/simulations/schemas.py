"""The body and the reply of a simulation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from api.http.bilingual_text import BilingualText
from api.http.query_params import Day, period_ends_too_early
from application.simulation.candidates import CandidateRequest
from application.simulation.request import CaseSelection
from application.structured_text.document import Document
from domain.vocabulary import Key, PositiveInt, UnitId


class SimulationBody(BaseModel):
    """What to try on which cases: exactly one of `ladder`, `changes` and `version`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    procedure: Annotated[Key, Field(description="whose cases are run")]
    ladder: Annotated[dict[str, JsonValue] | None, Field(description="a whole ladder to try")] = None
    changes: Annotated[
        dict[str, JsonValue] | None,
        Field(description="what to change of the version in force; tiers may be given by name"),
    ] = None
    version: Annotated[PositiveInt | None, Field(description="a published version to try")] = None
    base: Annotated[
        PositiveInt | None,
        Field(description="a published version to compare with; what was recorded when left out"),
    ] = None
    since: Annotated[
        Day | None,
        Field(alias="from", description="the first day of filing; from the beginning when left out"),
    ] = None
    until: Annotated[
        Day | None, Field(alias="to", description="the last day of filing; to the end when left out")
    ] = None
    unit: Annotated[UnitId | None, Field(description="a unit with all below it; all units when left out")] = (
        None
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "SimulationBody":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise period_ends_too_early()
        return self

    @property
    def scope(self) -> CaseSelection:
        """The cases that are run."""
        return CaseSelection(self.procedure, self.unit, self.since, self.until)

    @property
    def candidate(self) -> CandidateRequest:
        """The ladder that is tried."""
        ladder = None if self.ladder is None else Document(self.ladder)
        return CandidateRequest(ladder, self.changes, self.version)


class _SimulationModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SideProcedure(_SimulationModel):
    """The procedure of a side; without a version: each case's own version, or a ladder that has none."""

    id: str
    version: int | None


class SideView(_SimulationModel):
    """What the cases went through on one side.

    `by_tier` counts escalations by the tier that was left, `by_month` by the month in which it was left. `moves` are
    all filings, escalations, voidings, returns and ends; those after the first difference of a case are counterfactual.
    """

    procedure: SideProcedure
    cases: int
    unplaced: Annotated[int, Field(description="cases for which there was no platform to begin at")]
    escalated: Annotated[int, Field(description="cases that moved up at least once")]
    escalations: int
    by_rule: dict[str, int]
    by_tier: dict[str, int]
    by_month: dict[str, int]
    voided: int
    returned: int
    ended: Annotated[dict[str, int], Field(description="cases that are closed at the end, by outcome")]
    open: int
    moves: int
    counterfactual_moves: int


class ShiftView(_SimulationModel):
    """How the first escalation of a case moved; days are counted over the cases in which it did."""

    earlier: int
    later: int
    same_day: int
    only_base: int
    only_candidate: int
    median_days_earlier: float | None
    least_days_earlier: int | None
    most_days_earlier: int | None


class LoadSide(_SimulationModel):
    """Cases that were filed at a platform or moved up to it, and sessions that it held."""

    arrived: int
    held: int


class LoadView(_SimulationModel):
    """What a platform had to do in a month."""

    platform: str
    month: str
    base: LoadSide
    candidate: LoadSide


class CasePositionView(_SimulationModel):
    """How a case stood at the first difference; without status and tier where no platform was there to begin at."""

    status: str | None
    tier: str | None
    rule: str | None
    text: BilingualText


class FirstDifferenceView(_SimulationModel):
    """Where a case first goes another way."""

    occurred_at: str
    base: CasePositionView
    candidate: CasePositionView


class DivergenceView(_SimulationModel):
    """A case that differs. What follows its first difference did not happen: those facts are counterfactual.

    `dropped_facts` are facts of the record that had no place there.
    """

    dispute: str
    number: str | None
    first_difference: FirstDifferenceView
    days_earlier: Annotated[
        int | None, Field(description="of the first escalation; null where one side has none")
    ]
    counterfactual_facts: int
    dropped_facts: int


class SimulationView(_SimulationModel):
    """Both sides, and every case that differs, in the order of filing."""

    procedure: str
    unit: str | None
    since: Annotated[str | None, Field(alias="from")]
    until: Annotated[str | None, Field(alias="to")]
    base: SideView
    candidate: SideView
    shift: ShiftView
    platform_load: list[LoadView]
    differences: list[DivergenceView]
    position: Annotated[int, Field(description="up to where the log was read")]
    events: Annotated[int, Field(description="events of the cases that were run")]
    unreadable: Annotated[int, Field(description="cases left out because one of their events cannot be read")]
