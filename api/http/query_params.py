"""Times and days in a query: written out, never a bare number, which would be taken for seconds since 1970."""

import re
from datetime import date, datetime
from typing import Annotated, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from application.case_reader import PointInTime
from domain import vocabulary
from domain.messages import message

_VERSION: Final = re.compile(r"[1-9]\d{0,9}")
_LAST_VERSION: Final = 2**31 - 1


def _written_out(value: object) -> object:
    if isinstance(value, str) and value[4:5] == "-":
        return value
    raise PydanticCustomError("date_parsing", "is not written out")


Time = Annotated[vocabulary.Moment, BeforeValidator(_written_out)]
Day = Annotated[date, BeforeValidator(_written_out)]
_TIME: Final[TypeAdapter[datetime]] = TypeAdapter(Time)


def moment_of(name: str, text: str) -> PointInTime:
    """Read a version or a time of recording from a parameter; raises RequestValidationError, which names it."""
    if _VERSION.fullmatch(text) and int(text) <= _LAST_VERSION:
        return PointInTime(version=int(text))
    try:
        return PointInTime(known_at=_TIME.validate_python(text))
    except ValidationError:
        wanted = message(
            "must be a version, or a date and time with its offset, such as 2026-03-02T09:00:00+08:00"
        )
        finding = {"type": "value_error", "loc": ("query", name), "ctx": {"error": wanted}}
        raise RequestValidationError([finding]) from None
