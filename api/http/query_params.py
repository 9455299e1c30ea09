"""Query parameters that several routes share: times, days, cursors, and how fresh the answer must be.

A time or a day is written out, never a bare number, which would be taken for seconds since 1970.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from api.http.problems import Behind
from application.case_reader import PointInTime
from domain import vocabulary
from domain.messages import message
from projections.runtime.queries import ReadModelQueries

_PERIOD_ENDS_TOO_EARLY: Final = message("the period ends before it begins")
_VERSION: Final = re.compile(r"[1-9]\d{0,9}")
_LAST_VERSION: Final = 2**31 - 1


def _written_out(value: object) -> object:
    if isinstance(value, str) and value[4:5] == "-":
        return value
    raise PydanticCustomError("date_parsing", "is not written out")


Time = Annotated[vocabulary.Moment, BeforeValidator(_written_out)]
Day = vocabulary.Day
_TIME: Final[TypeAdapter[datetime]] = TypeAdapter(Time)


def point_in_time(name: str, text: str) -> PointInTime:
    """Read a version or a time of recording from a parameter; raises RequestValidationError, which names it."""
    if _VERSION.fullmatch(text) and int(text) <= _LAST_VERSION:
        return PointInTime(version=int(text))
    try:
        return PointInTime(known_at=_TIME.validate_python(text))
    except ValidationError:
        detail = message(
            "must be a version, or a date and time with its offset, such as 2026-03-02T09:00:00+08:00"
        )
        fault = {"type": "value_error", "loc": ("query", name), "ctx": {"error": detail}}
        raise RequestValidationError([fault]) from None


def readable_as(read: Callable[[str], object]) -> AfterValidator:
    """Return a validator of cursors: `read` raises ValueError for a text that is no cursor."""

    def checked(cursor: str) -> str:
        try:
            read(cursor)
        except ValueError:
            raise PydanticCustomError("string_pattern_mismatch", "is no cursor") from None
        return cursor

    return AfterValidator(checked)


MinPosition = Annotated[
    int | None, Field(ge=0, le=2**62, description="be at least as fresh as this position")
]


class Freshness(BaseModel):
    """How fresh the answer must be."""

    model_config = ConfigDict(extra="forbid")

    min_position: MinPosition = None


async def must_be_fresh(model: ReadModelQueries, position: int | None) -> None:
    """Wait up to two seconds for the read model to reach a position; raises Behind."""
    if position is not None and not await model.reaches(position):
        raise Behind(message("the list has not caught up yet; ask again"))


def period_ends_too_early() -> PydanticCustomError:
    """Return the validation error of a period whose last day lies before its first."""
    return PydanticCustomError("value_error", "{error}", {"error": str(_PERIOD_ENDS_TOO_EARLY)})
