"""Query parameters that several routes share: times, days, cursors, and how fresh the answer must be.

A time or a day is written out, never a bare number, which would be taken for seconds since 1970.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple

from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from api.http.problems import AheadOfLog, Behind
from application.case_reader import PointInTime
from domain import vocabulary
from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import day_of
from domain.vocabulary.precision import end_of_written_unit
from projections.runtime.past_states import PastMoment
from projections.runtime.queries import ReadModelQueries

_PERIOD_ENDS_TOO_EARLY: Final = message("the period ends before it begins")
_VERSION: Final = re.compile(r"[1-9]\d{0,9}")
_LAST_VERSION: Final = 2**31 - 1
_BLANK_OFFSET: Final = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\S+) (\d\d:\d\d)$")


def _written_out(value: object) -> object:
    if isinstance(value, str) and value[4:5] == "-":
        return value
    raise PydanticCustomError("datetime_parsing", "is not written out")


def _with_its_plus(value: object) -> object:
    """Put back the `+` of an offset, which reads as a blank in a query whose writer did not escape it."""
    return _BLANK_OFFSET.sub(r"\1+\2", value) if isinstance(value, str) else value


def _to_the_end_of_its_unit(value: object, read: ValidatorFunctionWrapHandler) -> datetime:
    moment: datetime = read(value)
    return end_of_written_unit(str(value), moment)


Time = Annotated[vocabulary.Moment, BeforeValidator(_written_out), BeforeValidator(_with_its_plus)]
"""A moment; of several checks the one written last runs first."""
KnownAt = Annotated[Time, WrapValidator(_to_the_end_of_its_unit)]
"""A time of recording, all of the second or the millisecond that it names included."""
Day = vocabulary.Day
_KNOWN_AT: Final[TypeAdapter[datetime]] = TypeAdapter(KnownAt)


def point_in_time(name: str, text: str) -> PointInTime:
    """Read a version or a time of recording from a parameter; raises RequestValidationError, which names it."""
    if _VERSION.fullmatch(text) and int(text) <= _LAST_VERSION:
        return PointInTime(version=int(text))
    try:
        return PointInTime(known_at=_KNOWN_AT.validate_python(text))
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
    int | None,
    Field(
        ge=0,
        le=2**62,
        description="be at least as fresh as this position; 409 where the log does not reach it",
    ),
]


class Freshness(BaseModel):
    """How fresh the answer must be."""

    model_config = ConfigDict(extra="forbid")

    min_position: MinPosition = None


class Looked(NamedTuple):
    """When a collection is looked at: None where it is now; and the day by which overdue is judged."""

    past: PastMoment | None
    judged_on: date


def past_moment(now: datetime, as_of: date | None, known_at: datetime | None) -> Looked:
    """Return when a collection is looked at. A day to come is today; without a day, it is the one of the knowledge."""
    today = day_of(now)
    past = (as_of is not None and as_of < today) or known_at is not None
    known_on = today if known_at is None else min(day_of(known_at), today)
    moment = PastMoment(as_of if as_of is not None and as_of < today else date.max, known_at)
    return Looked(moment if past else None, min(as_of or known_on, known_on))


async def must_be_fresh(position: int | None, *models: ReadModelQueries) -> None:
    """Wait up to two seconds for each of the read models to reach a position; raises Behind, AheadOfLog.

    Whose case a row of another model is stands in the case list: such a query rests on both.
    """
    if position is None:
        return
    must_be_in_the_log(position, await models[0].end())
    for model in models:
        if not await model.reaches(position):
            raise Behind(message("the list has not caught up yet; ask again"))


def must_be_in_the_log(position: int, head: int) -> None:
    """Refuse a position that no event has: waiting for it would be in vain. Raises AheadOfLog."""
    if position > head:
        raise AheadOfLog.of(head)


def period_ends_too_early() -> FieldFlaws:
    """Return the error of a period whose last day, the field `to`, lies before its first."""
    return FieldFlaws(Flaw(("to",), _PERIOD_ENDS_TOO_EARLY))
