"""What came of one candidate over a part of the log: both sides counted, and every case that differs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from application.i18n import Language, render
from application.simulation.counting import Counts
from application.simulation.divergence import CasePosition, Divergence, days_earlier, divergence
from application.simulation.recorded_commands import Told
from application.simulation.trajectory import Trajectory
from domain.events.dispute import Accepted
from domain.vocabulary import SHANGHAI

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(slots=True)
class Tally:
    """The sums of two sides, and the cases that differ, each as the text in which it is told, in order of the log.

    `days` counts cases that escalated on both sides by how many days earlier the candidate did it first.
    """

    events: int = 0
    unreadable: int = 0
    base: Counts = field(default_factory=Counts)
    candidate: Counts = field(default_factory=Counts)
    days: Counter[int] = field(default_factory=Counter)
    only_base: int = 0
    only_candidate: int = 0
    differences: list[bytes] = field(default_factory=list)

    def add(self, history: Sequence[Told], base: Trajectory, candidate: Trajectory) -> None:
        """Take one case in."""
        found = None if base is candidate else divergence(base, candidate)
        self.events += len(history)
        self.base.add(base)
        self.candidate.add(candidate, found.place if found else None)
        shift = days_earlier(base, candidate)
        if shift is not None:
            self.days[shift] += 1
        else:
            self.only_base += base.first_escalation is not None
            self.only_candidate += candidate.first_escalation is not None
        if found is not None:
            told = _difference(history, found, shift, candidate)
            self.differences.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())

    def __iadd__(self, other: "Tally") -> "Tally":
        """Take the next part of the log in."""
        self.events += other.events
        self.unreadable += other.unreadable
        self.base += other.base
        self.candidate += other.candidate
        self.days.update(other.days)
        self.only_base += other.only_base
        self.only_candidate += other.only_candidate
        self.differences += other.differences
        return self


def _difference(
    history: Sequence[Told], found: Divergence, shift: int | None, candidate: Trajectory
) -> dict[str, object]:
    first = {
        "occurred_at": found.at.astimezone(SHANGHAI).isoformat(),
        "base": _standing(found.base),
        "candidate": _standing(found.candidate),
    }
    return {
        "dispute": str(history[0].stream),
        "number": _number(history),
        "first_difference": first,
        "days_earlier": shift,
        "counterfactual_facts": candidate.told + candidate.made,
        "dropped_facts": candidate.dropped,
    }


def _number(history: Sequence[Told]) -> str | None:
    return next(
        (
            recorded.event.number
            for recorded in history
            if isinstance(recorded.event, Accepted) and recorded.event.number
        ),
        None,
    )


def _standing(standing: CasePosition) -> dict[str, object]:
    return {
        "status": standing.status,
        "tier": standing.tier,
        "rule": standing.rule,
        "text": {language: render(standing.text, language) for language in _LANGUAGES},
    }
