"""The body and the reply of a simulation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from access.scope import Scope
from api.http.query_params import Day, period_ends_too_early
from application.simulation.request import CandidateRequest, CaseSelection
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

    def selection(self, reader: Scope) -> CaseSelection:
        """Return the cases that are run: those among the reader's."""
        return CaseSelection(self.procedure, self.unit, self.since, self.until, reader)

    @property
    def candidate(self) -> CandidateRequest:
        """The ladder that is tried."""
        ladder = None if self.ladder is None else Document(self.ladder)
        return CandidateRequest(ladder, self.changes, self.version)
