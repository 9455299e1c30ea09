"""A query may ask that the read model has followed the log at least to a position."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.http.problems import Behind
from domain.messages import message
from projections.runtime.read_model import ReadModel

MinPosition = Annotated[
    int | None, Field(ge=0, le=2**62, description="be at least as fresh as this position")
]


class Freshness(BaseModel):
    """How fresh the answer must be."""

    model_config = ConfigDict(extra="forbid")

    min_position: MinPosition = None


async def must_be_fresh(model: ReadModel, position: int | None) -> None:
    """Wait up to two seconds for the read model to reach a position; raises Behind."""
    if position is not None and not await model.reaches(position):
        raise Behind(message("the list has not caught up yet; ask again"))
