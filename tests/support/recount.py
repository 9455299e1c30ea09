"""Counts the figures once more, from the raw rows of the log and nothing else of the product.

What a row says is read as JSON; working days come from the calendar's source, thresholds and time limits are written
down here. Where this and the product differ, one of them is wrong.
"""

import calendar as months
import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import chinese_calendar
import psycopg

THRESHOLDS = {"compound": 3, "community": 5, "street": 5}
ACCEPT_WITHIN = {"compound": 1, "community": 2, "street": 3}
HEIGHTS = ["compound", "community", "street"]
WHEN = {
    "agreement_took_effect": "effective_on",
    "agreement_replaced": "replaced_on",
    "agreement_drafted": "reached_at",
    "agreement_signed": "signed_at",
    "session_recorded": "held_at",
    "term_performed": "performed_on",
    "term_breached": "found_on",
    "followed_up": "visited_on",
    "confirmation_requested": "filed_on",
    "confirmation_decided": "decided_on",
}
CAUSES = {"failed_sessions": "threshold", "bypass_risk": "bypass", "bypass_complexity": "bypass"}
Raw = dict[str, object]


@dataclass(frozen=True)
class Fact:
    """Something counted: what, when, at which tier, and what else is said of it."""

    kind: str
    day: date
    tier: str
    mediators: tuple[str, ...] = ()
    detail: object = None
    last: bool = False


@dataclass
class Line:
    """A case as a clerk would follow it."""

    case: str
    unit: str
    category: str
    facts: list[Fact] = field(default_factory=list)
    states: list[tuple[date, str, date | None]] = field(default_factory=list)


def lines(url: str, known_at: datetime | None = None) -> list[Line]:
    """Every case in the log, as far as it was recorded by a time."""
    streams: dict[str, list[tuple[str, Raw]]] = defaultdict(list)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT originator_id::text, topic, convert_from(state, 'UTF8') FROM stored_events"
            " WHERE topic LIKE 'dispute.%' ORDER BY originator_id, originator_version"
        ).fetchall()
    for stream, topic, state in rows:
        told = json.loads(state)
        if known_at is None or datetime.fromisoformat(told["recorded_at"]) <= known_at:
            streams[stream].append((topic.split(".")[1], told))
    return [_line(case, events) for case, events in streams.items() if not _is_duplicate(events)]


def _is_duplicate(events: list[tuple[str, Raw]]) -> bool:
    """Whether a case was closed in favour of another one, which counts in its place."""
    data = [(name, cast("Raw", told["data"])) for name, told in events]
    voided = {told["at_version"] for name, told in data if name == "closure_voided"}
    return any(
        name == "closed" and told["outcome"] == "duplicate" and version not in voided
        for version, (name, told) in enumerate(data, start=1)
    )


def day(text: object) -> date:
    """The day in Shanghai of a time or a day."""
    told = str(text)
    if len(told) == 10:
        return date.fromisoformat(told)
    return datetime.fromisoformat(told).astimezone(ZoneInfo("Asia/Shanghai")).date()


def works(on: date) -> bool:
    """Whether it is a working day, as far as that is published."""
    try:
        return bool(chinese_calendar.is_workday(on))
    except NotImplementedError:
        return on.weekday() < 5


def accept_by(since: date, tier: str) -> date:
    """The last of so many working days; the first day is not counted."""
    left = ACCEPT_WITHIN[tier]
    while left:
        since += timedelta(days=1)
        left -= works(since)
    return since


def mediate_by(since: date) -> date:
    """A month later, moved on to a working day."""
    year, month = divmod(since.year * 12 + since.month, 12)
    until = date(year, month + 1, min(since.day, months.monthrange(year, month + 1)[1]))
    while not works(until):
        until += timedelta(days=1)
    return until


def _line(case: str, events: list[tuple[str, Raw]]) -> Line:  # noqa: C901, PLR0912, PLR0915 - a clerk reads on
    first = cast("Raw", events[0][1]["data"])
    filed = cast("Raw", first.get("filed", first))
    line = Line(case, str(filed["unit"]), str(filed["category"]))
    sessions: dict[int, Raw] = {}
    voided = {
        undone
        for version, (kind, told) in enumerate(events, start=1)
        if kind == "escalation_voided"
        for undone in range(cast("int", cast("Raw", told["data"])["at_version"]), version)
    }
    for kind, told in events:
        data = cast("Raw", told["data"])
        if kind == "session_recorded":
            sessions[cast("int", data["number"])] = dict(data)
        if kind == "session_corrected":
            changed = {name: data[name] for name in ("outcome", "held_at") if data[name] is not None}
            sessions[cast("int", data["session"])] |= changed
    tier, stay, stays = str(filed["tier"]), -1, 0
    where: dict[int, str] = {}
    mediators: dict[int, tuple[str, ...]] = {}
    risen_from: list[int] = []
    numbered = False
    for version, (kind, told) in enumerate(events, start=1):
        data = cast("Raw", told["data"])
        on = day(data[WHEN.get(kind, "occurred_at")])
        people = mediators.get(stays - 1, ())
        if kind == "imported":
            stay, stays, numbered = 0, 1, True
            where[0], mediators[0] = tier, tuple(cast("list[str]", data["mediators"]))
            accepted_on = day(data["accepted_at"])
            line.facts += [Fact(item, accepted_on, tier, mediators[0]) for item in ("accepted", "entered")]
            agreement = cast("Raw | None", data["agreement"])
            if agreement is not None:
                held = (data["sessions"], data["sessions"])
                line.facts.append(Fact("agreed", day(agreement["effective_on"]), tier, mediators[0], held))
            elif data["outcome"] is not None:
                line.facts.append(Fact("ended", day(data["closed_at"]), tier, mediators[0], data["outcome"]))
        elif kind == "accepted":
            stay, stays = stays, stays + 1
            where[stay], mediators[stay] = tier, tuple(cast("list[str]", data["mediators"]))
            line.facts += [Fact("accepted", on, tier, mediators[stay])] if not numbered else []
            line.facts += [Fact("entered", on, tier, mediators[stay])] if version not in voided else []
            numbered = True
        elif kind == "mediators_replaced":
            mediators[stay] = tuple(cast("list[str]", data["mediators"]))
        elif kind == "reopened" and data["status"] == "accepted":
            before, stay, stays = stay, stays, stays + 1
            where[stay], mediators[stay] = tier, mediators[before]
            line.facts.append(Fact("entered", on, tier, mediators[stay]))
        elif kind == "escalated":
            because = cast("Raw | None", told["because"])
            if version not in voided:
                cause = CAUSES[str(because["rule"])] if because else None
                line.facts.append(Fact("moved_up", on, tier, people, cause))
            risen_from.append(stay)
            tier = str(data["to_tier"])
        elif kind in {"returned", "escalation_voided"}:
            tier, stay = str(data["to_tier"]), risen_from[-1]
        elif kind == "session_recorded":
            sessions[cast("int", data["number"])]["stay"] = stay
        elif kind == "agreement_took_effect" and not _in_effect(events[: version - 1]):
            held_at = [
                where[cast("int", session["stay"])]
                for session in sessions.values()
                if session["outcome"] in {"agreed", "failed"} and "stay" in session
            ]
            line.facts.append(Fact("agreed", on, tier, people, (len(held_at), held_at.count(tier))))
        elif (
            kind == "closed"
            and numbered
            and data["outcome"] not in {"performed", "agreed_unperformed", "declined"}
            and not _in_effect(events[: version - 1])
        ):
            line.facts.append(Fact("ended", on, tier, people, data["outcome"]))
    failed: dict[int, int] = defaultdict(int)
    for _, item in sorted(sessions.items()):
        own = cast("int", item["stay"])
        last = item["outcome"] in {"agreed", "failed"} and failed[own] >= THRESHOLDS[where[own]] - 1
        line.facts.append(
            Fact("session", day(item["held_at"]), where[own], mediators[own], item["outcome"], last)
        )
        failed[own] += item["outcome"] == "failed"
    return line


def _in_effect(events: list[tuple[str, Raw]]) -> bool:
    """Whether an agreement binds: one took effect since the case was last taken up, and was not rescinded since."""
    binds = False
    for kind, told in events:
        if kind == "agreement_took_effect":
            binds = True
        elif kind == "agreement_rescinded" or (
            kind == "reopened" and cast("Raw", told["data"])["status"] == "accepted"
        ):
            binds = False
    return binds


def recounted(
    told: list[Line], since: date, until: date, unit: str | None = None
) -> dict[tuple[str, str | None], tuple[int, int | None, float | None]]:
    """Every figure but overdue: numerator, denominator and value by key and tier."""
    inside = [item for item in told if unit is None or (item.unit + ".").startswith(unit + ".")]
    facts = [(item.case, fact) for item in inside for fact in item.facts if since <= fact.day <= until]

    def cases(*kinds: str, tier: str | None = None, detail: object = None) -> int:
        return len(
            {
                case
                for case, fact in facts
                if fact.kind in kinds and tier in {None, fact.tier} and detail in {None, fact.detail}
            }
        )

    def share(numerator: int, denominator: int) -> tuple[int, int, float | None]:
        return numerator, denominator, numerator / denominator if denominator else None

    found: dict[tuple[str, str | None], tuple[int, int | None, float | None]] = {}
    found["accepted", None] = (cases("accepted"), None, cases("accepted"))
    found["success_rate", None] = share(cases("agreed"), cases("agreed", "ended"))
    found["success_rate_of_accepted", None] = share(cases("agreed"), cases("accepted"))
    sessions = [fact for _, fact in facts if fact.kind == "session"]
    off = [session for session in sessions if session.detail in {"adjourned", "no_show"}]
    found["not_held_rate", None] = share(len(off), len(sessions))
    agreed = [fact for _, fact in facts if fact.kind == "agreed"]
    found["sessions_to_resolution", None] = _median([_held(item)[0] for item in agreed])
    for tier in HEIGHTS:
        found["tier_resolution_rate", tier] = share(
            cases("agreed", tier=tier), cases("agreed", "ended", "moved_up", tier=tier)
        )
        entered = cases("entered", tier=tier)
        found["escalation_rate", tier] = share(cases("moved_up", tier=tier), entered)
        for cause in ("threshold", "bypass", "overdue"):
            moved = cases("moved_up", tier=tier, detail=cause)
            found[f"escalation_rate_{cause}", tier] = share(moved, entered)
        below = HEIGHTS[: HEIGHTS.index(tier) + 1]
        found["settled_within", tier] = share(
            sum(cases("agreed", tier=item) for item in below),
            sum(cases("agreed", tier=height) for height in HEIGHTS),
        )
        found["sessions_to_resolution", tier] = _median(
            [_held(item)[1] for item in agreed if item.tier == tier]
        )
        chances = [
            (case, fact) for case, fact in facts if fact.kind == "session" and fact.last and fact.tier == tier
        ]
        taken = {case for case, fact in chances if fact.detail == "agreed"}
        found["last_session_yield", tier] = share(len(taken), len({case for case, _ in chances}))
    return found


def _held(fact: Fact) -> tuple[int, int]:
    return cast("tuple[int, int]", fact.detail)


def _median(numbers: list[int]) -> tuple[int, int, float | None]:
    return sum(numbers), len(numbers), statistics.median(numbers) if numbers else None


def open_and_overdue(url: str, on: date) -> Iterator[tuple[str, bool]]:
    """Every case that is open as the log has it now, and whether its present deadline lies before the day.

    For cases in which nothing was entered late and nothing lies after the day.
    """
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT originator_id::text, topic, convert_from(state, 'UTF8') FROM stored_events"
            " WHERE topic LIKE 'dispute.%' ORDER BY originator_id, originator_version"
        ).fetchall()
    streams: dict[str, list[tuple[str, Raw]]] = defaultdict(list)
    for stream, topic, state in rows:
        streams[stream].append((topic.split(".")[1], cast("Raw", json.loads(state)["data"])))
    for case, events in streams.items():
        found = _present(events)
        if found is not None:
            yield case, found < on


def _present(events: list[tuple[str, Raw]]) -> date | None:
    """The day by which an open case must be accepted or mediated; None where it is open no more."""
    due: date | None = None
    tier, stays, stay, risen_from = "", dict[int, date](), -1, list[int]()
    for kind, data in events:
        if kind == "filed":
            tier = str(data["tier"])
            due = accept_by(day(data["occurred_at"]), tier)
        elif kind == "accepted" or (kind == "reopened" and data["status"] == "accepted"):
            stay = len(stays)
            due = stays[stay] = mediate_by(day(data["occurred_at"]))
        elif kind == "reopened":
            due = accept_by(day(data["occurred_at"]), tier)
        elif kind == "escalated":
            tier = str(data["to_tier"])
            risen_from.append(stay)
            due = accept_by(day(data["occurred_at"]), tier)
        elif kind in {"returned", "escalation_voided"}:
            tier, stay = str(data["to_tier"]), risen_from[-1]
            due = stays[stay]
        elif kind == "time_extended":
            due = stays[stay] = day(data["until"])
        elif kind in {"agreement_took_effect", "closed"}:
            due = None
        elif kind == "agreement_rescinded":
            due = stays[stay]
    return due
