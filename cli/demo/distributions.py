"""How often generated cases are of each kind, and where and when they arise."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from cli.demo import units
from cli.demo.seeded_random import SeededRandom
from cli.demo.street import Street
from domain.vocabulary import SHANGHAI, Category, Difficulty, SessionOutcome, Source

Attitude = Literal["yielding", "stiff", "hard"]
"""The attitude of the parties; it decides how their sessions end."""
FIRST, LAST = date(2026, 1, 5), date(2026, 11, 13)
"""The days between which generated cases are filed."""
COMPOUNDS_WITHOUT_CASES: Final = frozenset({"dongguang.c06.y06", "dongguang.c07.y05", "dongguang.c08.y06"})
"""Compounds without any case, so that there are platforms without work."""
CATEGORIES: Final[Mapping[Category, float]] = {
    Category.PROPERTY: 30,
    Category.NEIGHBOUR: 28,
    Category.DAMAGES: 9,
    Category.MARRIAGE_FAMILY: 7,
    Category.CONTRACT: 5,
    Category.CONSUMER: 5,
    Category.LABOUR: 4,
    Category.ENVIRONMENT: 4,
    Category.HOUSING_SITE: 3,
    Category.TRAFFIC: 2,
    Category.BUSINESS: 1,
    Category.MEDICAL: 1,
    Category.OTHER: 1,
}
DIFFICULTIES: Final[Mapping[Difficulty, float]] = {
    Difficulty.SIMPLE: 40,
    Difficulty.GENERAL: 47,
    Difficulty.COMPLEX: 10,
    Difficulty.MAJOR: 3,
}
SOURCES: Final[Mapping[Source, float]] = {
    Source.APPLICATION: 62,
    Source.INITIATIVE: 20,
    Source.REFERRAL: 18,
}
ATTITUDES: Final[Mapping[Attitude, float]] = {"yielding": 58, "stiff": 30, "hard": 12}
SESSION_OUTCOMES: Final[Mapping[Attitude, Mapping[SessionOutcome, float]]] = {
    "yielding": {
        SessionOutcome.AGREED: 68,
        SessionOutcome.FAILED: 14,
        SessionOutcome.ADJOURNED: 11,
        SessionOutcome.NO_SHOW: 7,
    },
    "stiff": {
        SessionOutcome.AGREED: 30,
        SessionOutcome.FAILED: 46,
        SessionOutcome.ADJOURNED: 13,
        SessionOutcome.NO_SHOW: 11,
    },
    "hard": {
        SessionOutcome.AGREED: 6,
        SessionOutcome.FAILED: 74,
        SessionOutcome.ADJOURNED: 8,
        SessionOutcome.NO_SHOW: 12,
    },
}


def filed_at(street: Street, rng: SeededRandom) -> datetime:
    """Return when a case is filed: on a working day, in working hours."""
    day = FIRST + timedelta(days=rng.between(0, (LAST - FIRST).days))
    while not street.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=5 * rng.between(0, 90))


def random_unit(rng: SeededRandom) -> str:
    """Return the unit where a case arises: mostly a compound, and some far more often than others."""
    if rng.likely(0.07):
        return f"{units.ROOT}.c{rng.between(1, len(units.COMPOUNDS)):02}"
    return _BY_FREQUENCY[int(rng.random() ** 1.5 * len(_BY_FREQUENCY))]


def unit_elsewhere(unit: str, rng: SeededRandom) -> str:
    """Return a compound of another community, for a case that concerns both."""
    community = ".".join(unit.split(".")[:2])
    return rng.one_of([item for item in _BY_FREQUENCY if not item.startswith(community)])


def _compounds_by_frequency() -> tuple[str, ...]:
    everywhere = [
        unit for number in range(1, len(units.COMPOUNDS) + 1) for unit in units.compounds_of(number)
    ]
    shuffled = SeededRandom("compounds").some_of(everywhere, len(everywhere))
    return tuple(unit for unit in shuffled if unit not in COMPOUNDS_WITHOUT_CASES)


_BY_FREQUENCY: Final = _compounds_by_frequency()
