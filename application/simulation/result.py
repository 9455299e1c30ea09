"""The answer to a question, as text: the same question over the same log, the same bytes, whatever ran it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from application.simulation.counting import Counts, in_order
from application.simulation.request import Candidate, SimulationRequest
from application.simulation.tally import Tally


def answer(question: SimulationRequest, candidate: Candidate, tally: Tally) -> bytes:
    """Return the whole answer for one candidate, as JSON."""
    return b"".join(_pieces(question, candidate, tally))


def _pieces(question: SimulationRequest, candidate: Candidate, tally: Tally) -> Iterator[bytes]:
    scope, base = question.scope, question.base
    of_base = _named(scope.procedure, base.version if base else None)
    of_candidate = _named(candidate.rungs.ladder.id, candidate.version)
    head = {
        "procedure": scope.procedure,
        "unit": scope.unit,
        "from": scope.since.isoformat() if scope.since else None,
        "to": scope.until.isoformat() if scope.until else None,
        "base": {"procedure": of_base, **_counts(tally.base)},
        "candidate": {"procedure": of_candidate, **_counts(tally.candidate)},
        "shift": _shift(tally),
        "platform_load": list(_load(tally.base, tally.candidate)),
    }
    yield _json(head)[:-1] + b',"differences":['
    for place, item in enumerate(tally.differences):
        yield b"," + item if place else item
    tail = {"position": question.position, "events": tally.events, "unreadable": tally.unreadable}
    yield b"]," + _json(tail)[1:]


def _named(procedure: str, version: int | None) -> dict[str, object]:
    return {"id": procedure, "version": version}


def _counts(counts: Counts) -> dict[str, object]:
    return {
        "cases": counts.cases,
        "unplaced": counts.unplaced,
        "escalated": counts.escalated,
        "escalations": counts.escalations,
        "by_rule": in_order(counts.by_rule),
        "by_tier": in_order(counts.by_tier),
        "by_month": in_order(counts.by_month),
        "voided": counts.voided,
        "returned": counts.returned,
        "ended": in_order(counts.ended),
        "open": counts.open,
        "moves": counts.moves,
        "counterfactual_moves": counts.counterfactual_moves,
    }


def _shift(tally: Tally) -> dict[str, object]:
    """Over the cases that escalated on both sides: how many earlier, later, on the same day, and by how much."""
    moved = Counter({days: count for days, count in tally.days.items() if days})
    return {
        "earlier": sum(count for days, count in moved.items() if days > 0),
        "later": sum(count for days, count in moved.items() if days < 0),
        "same_day": tally.days[0],
        "only_base": tally.only_base,
        "only_candidate": tally.only_candidate,
        "median_days_earlier": _median(moved),
        "least_days_earlier": min(moved, default=None),
        "most_days_earlier": max(moved, default=None),
    }


def _median(counter: Counter[int]) -> float | None:
    total = counter.total()
    if not total:
        return None
    low, high = _nth(counter, (total - 1) // 2), _nth(counter, total // 2)
    return (low + high) / 2


def _nth(counter: Counter[int], place: int) -> int:
    """What stands at a place, from 0, when all of it is laid out in order."""
    for value in sorted(counter):
        place -= counter[value]
        if place < 0:
            return value
    raise IndexError(place)


def _load(base: Counts, candidate: Counts) -> Iterable[dict[str, object]]:
    """What each platform had to do in each month, on both sides; months in which it had nothing are left out."""
    places = sorted({(platform, month) for platform, month, _ in (*base.load, *candidate.load)})
    for platform, month in places:
        yield {
            "platform": platform,
            "month": month,
            "base": _of(base, platform, month),
            "candidate": _of(candidate, platform, month),
        }


def _of(counts: Counts, platform: str, month: str) -> dict[str, int]:
    return {
        "arrived": counts.load[platform, month, "arrived"],
        "held": counts.load[platform, month, "held"],
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
