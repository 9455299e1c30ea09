"""Lengths of time, as a procedure gives them."""

from domain.vocabulary import PositiveInt, Value


class WorkingDays(Value):
    """A length of time counted in working days of the official calendar."""

    working_days: PositiveInt


class Days(Value):
    """A length of time counted in calendar days."""

    days: PositiveInt


class Months(Value):
    """A length of time counted in months."""

    months: PositiveInt


TimeLimit = WorkingDays | Days | Months
