"""The 43 property disputes that the street settled in 2025, two of them at the street itself (S0)."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from cli.demo import agreements as agreeing
from cli.demo import intake
from cli.demo import sessions as sittings
from cli.demo import texts as words
from cli.demo import units as places
from cli.demo.case_plan import Case, Life
from cli.demo.seeded_random import Chance
from cli.demo.street import Street
from domain.vocabulary import SHANGHAI, Difficulty, SessionOutcome

IN_COMPOUNDS, IN_COMMUNITIES, AT_THE_STREET = 24, 17, 2
COUNT: Final = IN_COMPOUNDS + IN_COMMUNITIES + AT_THE_STREET
_FIRST: Final = date(2025, 1, 6)
_DAYS_BETWEEN: Final = 7
_DISPUTES: Final = UUID("3c1e7d54-6f7b-5d0a-8e2d-9c4a1b7f5e43")
_LATE: Final = frozenset({11, 31})
_BROKEN: Final = frozenset({23})
"""Which of them were performed late, and which never."""


def lives(street: Street) -> list[Life]:
    """Return the lives of all of them; they are the same for every seed."""
    return [_life(street, number) for number in range(1, COUNT + 1)]


def _life(street: Street, number: int) -> Life:
    chance = Chance(f"settled/{number}")
    day = _FIRST + timedelta(days=_DAYS_BETWEEN * (number - 1))
    at = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=15 * chance.between(0, 24))
    case = Case(uuid5(_DISPUTES, str(number)), street, chance, at)
    case.wait(0, 0)
    matter = chance.one_of(words.PROPERTY)
    community = 1 + number % len(places.COMPOUNDS)
    unit = chance.one_of(places.compounds_of(community))
    intake.file(case, number, matter, unit, _difficulty(number))
    intake.accept(case)
    _mediate(case)
    agreeing.agree(case, matter, "written" if chance.likely(0.7) else "oral", soon=25)
    agreeing.perform(case, "late" if number in _LATE else "broken" if number in _BROKEN else "kept")
    if chance.likely(0.95):
        agreeing.visit(case)
    return case.life()


def _difficulty(number: int) -> Difficulty:
    """Every twentieth is complex and goes to the street; of the others more stay in the compound."""
    if number % 20 == 0:
        return Difficulty.COMPLEX
    return Difficulty.GENERAL if number % 5 in {1, 3} else Difficulty.SIMPLE


def _mediate(case: Case) -> None:
    """A few sittings without result, too few to move the case, and one that succeeds."""
    for _ in range(case.chance.weighted({0: 5, 1: 3, 2: 2})):
        outcome = case.chance.one_of(
            (SessionOutcome.FAILED, SessionOutcome.ADJOURNED, SessionOutcome.NO_SHOW)
        )
        sittings.hold(case, outcome, most=5)
    sittings.hold(case, SessionOutcome.AGREED, most=5)
