"""Lengths of time, as a procedure gives them."""

from typing import Annotated

from pydantic import Field

from domain.vocabulary import PositiveInt, Value


class WorkingDays(Value):
    """A length of time counted in working days of the official calendar."""

    working_days: Annotated[
        PositiveInt,
        Field(description="working days, make-up workdays among them; the first day is not counted"),
    ]


class Days(Value):
    """A length of time counted in calendar days."""

    days: Annotated[
        PositiveInt,
        Field(description="calendar days; a last day on a day off moves to the next working day (CPL 85)"),
    ]


class Months(Value):
    """A length of time counted in months."""

    months: Annotated[
        PositiveInt,
        Field(description="months; a last day on a day off moves to the next working day (CPL 85)"),
    ]


TimeLimit = WorkingDays | Days | Months
