"""Sample events of invented cases."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from domain.events.dispute import Accepted, Attendee, Filed, Party, SessionRecorded
from domain.events.envelope import Actor
from domain.procedures.ladder import ProcedureRef
from domain.vocabulary import Category, Difficulty, Method, Role, SessionOutcome, Source

SUN: Final = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
UNIT: Final = "dongguang.c01.y01"
PLATFORM: Final = "dongguang.c01"
FIRST_DAY: Final = datetime(2025, 1, 6, 1, tzinfo=UTC)
_NAMES: Final = UUID("5f0c7d0e-3a52-5d0b-9a43-2f6f2a1c9b11")


def case_id(number: int) -> UUID:
    """Return the id of a case."""
    return uuid5(_NAMES, f"case {number}")


def case_number(number: int) -> str:
    """Return what is written on a case."""
    return f"（2025）东光一社民调字第{number + 1}号"


def filed(number: int, day: datetime) -> Filed:
    """A dispute between two neighbours came in."""
    return Filed(
        category=Category.NEIGHBOUR,
        difficulty=Difficulty.GENERAL,
        source=Source.APPLICATION,
        referred_by=None,
        title="楼道堆物",
        facts="楼道里堆放旧家具，妨碍通行，多次交涉未果",
        requests="清理楼道",
        amount_fen=None,
        unit=UNIT,
        co_units=(),
        procedure=ProcedureRef(id="three-tier", version=1),
        tier="community",
        platform=PLATFORM,
        parties=tuple(_party(number, place) for place in (1, 2)),
        people_involved=2,
        occurred_at=day,
    )


def accepted(number: int, day: datetime) -> Accepted:
    """The community took it on, the day after."""
    return Accepted(
        tier="community",
        platform=PLATFORM,
        number=case_number(number),
        mediators=("sun",),
        chosen_by_parties=False,
        occurred_at=day + timedelta(days=1),
    )


def session(number: int, held_at: datetime, outcome: SessionOutcome) -> SessionRecorded:
    """Everybody came to a session."""
    return SessionRecorded(
        number=number,
        tier="community",
        held_at=held_at,
        place=None,
        method=Method.FACE_TO_FACE,
        attendance=(
            Attendee(who="p1", as_="party", present=True),
            Attendee(who="p2", as_="party", present=True),
            Attendee(who="sun", as_="mediator", present=True),
        ),
        outcome=outcome,
        minutes="双方各执一词，改期再谈",
    )


def _party(number: int, place: int) -> Party:
    return Party(
        id=f"p{place}",
        person=uuid5(_NAMES, f"person {number} {place}"),
        role="applicant" if place == 1 else "respondent",
        kind="person",
        name=f"{'甲' if place == 1 else '乙'}{number}",
        phone=f"138{number:08}",
    )
