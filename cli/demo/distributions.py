"""What made-up cases are like, how many of each kind, and where and when they arise."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from cli.demo import units as places
from cli.demo.seeded_random import Chance
from cli.demo.street import Street
from domain.vocabulary import SHANGHAI, Category, Difficulty, SessionOutcome, Source

Temper = Literal["yielding", "stiff", "hard"]
"""How the parties are disposed; it decides how their sittings end."""
FIRST, LAST = date(2026, 1, 5), date(2026, 11, 13)
"""The days between which generated cases are filed."""
SILENT: Final = frozenset({"dongguang.c06.y06", "dongguang.c07.y05", "dongguang.c08.y06"})
"""Compounds where nothing ever happens, so that there are platforms without work."""
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
TEMPERS: Final[Mapping[Temper, float]] = {"yielding": 58, "stiff": 30, "hard": 12}
SITTINGS: Final[Mapping[Temper, Mapping[SessionOutcome, float]]] = {
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


def filed_at(street: Street, chance: Chance) -> datetime:
    """Return when a case is filed: on a working day, in working hours."""
    day = FIRST + timedelta(days=chance.between(0, (LAST - FIRST).days))
    while not street.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=5 * chance.between(0, 90))


def where(chance: Chance) -> str:
    """Return the unit where a case arises: mostly a compound, and some far more often than others."""
    if chance.likely(0.07):
        return f"{places.ROOT}.c{chance.between(1, len(places.COMPOUNDS)):02}"
    return _RESTLESS[int(chance.random() ** 1.5 * len(_RESTLESS))]


def elsewhere(unit: str, chance: Chance) -> str:
    """Return a compound of another community, for a case that concerns both."""
    community = ".".join(unit.split(".")[:2])
    return chance.one_of([item for item in _RESTLESS if not item.startswith(community)])


def _from_restless_to_quiet() -> tuple[str, ...]:
    everywhere = [
        unit for number in range(1, len(places.COMPOUNDS) + 1) for unit in places.compounds_of(number)
    ]
    shuffled = Chance("compounds").some_of(everywhere, len(everywhere))
    return tuple(unit for unit in shuffled if unit not in SILENT)


_RESTLESS: Final = _from_restless_to_quiet()
