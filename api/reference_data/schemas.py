"""Which page of a collection of reference data."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.http.query_params import MinPosition
from domain.vocabulary import UnitId


class PageQuery(BaseModel):
    """Which page of a collection."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitId | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[UnitId | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None
