"""Parameters and reply of the ledger."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.http.query_params import Day, KnownAt, MinPosition
from application.ledger import LedgerRow
from domain.vocabulary import UnitId, limits
from store.spreadsheets.ledger import FileFormat


class LedgerQuery(BaseModel):
    """Which ledger, and as what."""

    model_config = ConfigDict(extra="forbid")

    unit: Annotated[UnitId | None, Field(description="a unit with all below it; all units when left out")] = (
        None
    )
    year: Annotated[
        int | None,
        Field(
            ge=limits.FIRST_YEAR,
            le=limits.LAST_YEAR,
            description="the year of acceptance; this one when left out",
        ),
    ] = None
    format: FileFormat = "json"
    as_of: Annotated[Day | None, Field(description="as things stood at the end of that day")] = None
    known_at: Annotated[KnownAt | None, Field(description="by what was recorded until then")] = None
    min_position: MinPosition = None


class LedgerView(BaseModel):
    """The ledger's rows, by day of acceptance and number."""

    items: list[LedgerRow]
    next: None = None
