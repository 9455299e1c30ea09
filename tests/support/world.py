"""People, circumstances and bodies that tests share."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from application.context import Context
from domain.events.envelope import Actor
from domain.vocabulary import Role, day_of

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ADMIN = Actor(sub="admin", role=Role.ADMIN)
SUN = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
LI = Actor(sub="li", role=Role.MEDIATOR, unit="dongguang.c01")
ZHOU = Actor(sub="zhou", role=Role.MEDIATOR, unit="dongguang.c02")
ZHAO = Actor(sub="zhao", role=Role.CONVENER, unit="dongguang")
WU = Actor(sub="wu", role=Role.MEDIATOR, unit="dongguang.c01.y01")
AUDITOR = Actor(sub="auditor", role=Role.AUDITOR, unit="dongguang")
ANALYST = Actor(sub="analyst", role=Role.ANALYST, unit="dongguang")


def context(actor: Actor, command_id: UUID | None = None) -> Context:
    """Circumstances that accept any version."""
    return Context(actor=actor, command_id=command_id or uuid4())


def verdict(**changes: object) -> dict[str, object]:
    """The body of a decision on what was proposed today: the same all day, and never in the future."""
    return {"occurred_at": f"{day_of(datetime.now(UTC))}T00:00:00+08:00", "note": "经集体议事", **changes}


def filing(**changes: object) -> dict[str, object]:
    """The body of a filing at the first community."""
    body: dict[str, object] = {
        "category": "neighbour",
        "difficulty": "general",
        "source": "application",
        "title": "楼道堆物",
        "facts": "楼道里堆放旧家具",
        "unit": "dongguang.c01.y01",
        "parties": [
            {"role": "applicant", "kind": "person", "name": "甲"},
            {"role": "respondent", "kind": "person", "name": "乙"},
        ],
        "occurred_at": "2026-03-02T09:00:00+08:00",
    }
    return body | changes


def acceptance(**changes: object) -> dict[str, object]:
    """The body of an acceptance by the first community."""
    return {"mediators": ["sun"], "occurred_at": "2026-03-03T09:00:00+08:00"} | changes


def session(**changes: object) -> dict[str, object]:
    """The body of a failed session."""
    body: dict[str, object] = {
        "held_at": "2026-03-06T14:00:00+08:00",
        "method": "face_to_face",
        "attendance": [],
        "outcome": "failed",
        "minutes": "未达成一致",
    }
    return body | changes
