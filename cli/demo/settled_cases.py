"""The 43 property disputes that the street settled in 2025, two of them at the street itself (S0)."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from cli.demo import agreements, intake, sessions, texts, units
from cli.demo.case_plan import CaseBuilder, CasePlan
from cli.demo.seeded_random import SeededRandom
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


def settled_cases(street: Street) -> list[CasePlan]:
    """Return the plans of all of them; they are the same for every seed."""
    return [_settled_case(street, number) for number in range(1, COUNT + 1)]


def _settled_case(street: Street, number: int) -> CasePlan:
    rng = SeededRandom(f"settled/{number}")
    day = _FIRST + timedelta(days=_DAYS_BETWEEN * (number - 1))
    at = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=15 * rng.between(0, 24))
    case = CaseBuilder(uuid5(_DISPUTES, str(number)), street, rng, at)
    case.wait(0, 0)
    matter = rng.one_of(texts.PROPERTY)
    community = 1 + number % len(units.COMPOUNDS)
    unit = rng.one_of(units.compounds_of(community))
    intake.file(case, number, matter, unit, _difficulty(number))
    intake.accept(case)
    _mediate(case)
    agreements.agree(case, matter, "written" if rng.likely(0.7) else "oral", soon=25)
    agreements.perform(case, "late" if number in _LATE else "broken" if number in _BROKEN else "kept")
    if rng.likely(0.95):
        agreements.follow_up(case)
    return case.plan()


def _difficulty(number: int) -> Difficulty:
    """Every twentieth is complex and goes to the street; of the others more stay in the compound."""
    if number % 20 == 0:
        return Difficulty.COMPLEX
    return Difficulty.GENERAL if number % 5 in {1, 3} else Difficulty.SIMPLE


def _mediate(case: CaseBuilder) -> None:
    """Hold a few sessions without result, too few to escalate the case, and one that succeeds."""
    for _ in range(case.rng.weighted({0: 5, 1: 3, 2: 2})):
        outcome = case.rng.one_of((SessionOutcome.FAILED, SessionOutcome.ADJOURNED, SessionOutcome.NO_SHOW))
        sessions.hold(case, outcome, most=5)
    sessions.hold(case, SessionOutcome.AGREED, most=5)
