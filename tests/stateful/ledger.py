"""A case kept with a pencil: an independent reading of the rules, shared by the machines.

Nothing here uses the code under test beyond the names of events and commands. A `Ledger` is entered event by event
and objects to whatever the rules do not allow next; and it foretells whether a command will be carried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    DeclineDispute,
    GiveOpinion,
    RecordSession,
    RefuseMediation,
    ReturnDispute,
    TerminateMediation,
    WithdrawDispute,
)
from domain.events.dispute import (
    Accepted,
    Closed,
    DisputeEvent,
    Escalated,
    Filed,
    Refused,
    Returned,
    SessionRecorded,
)
from domain.procedures.rules import Because

ORDER: Final = ("compound", "community", "street")
THRESHOLDS: Final = {"compound": 3, "community": 5, "street": 5}
ENTRY: Final = {"simple": 0, "general": 1, None: 1, "complex": 2, "major": 2}

Platforms = Mapping[str, str]
"""Tier by tier, who handles the cases of a unit."""
Terms = Mapping[str, Mapping[str, tuple[date, date]]]
"""Platform by platform, who mediates there from when to when."""


def day_of(moment: datetime) -> date:
    """The day in Shanghai, which is eight hours ahead all year."""
    return (moment.astimezone(UTC) + timedelta(hours=8)).date()


def entry(difficulty: str | None, platforms: Platforms) -> str | None:
    """Where a case starts: at its tier, or at the next above that somebody serves."""
    return next((tier for tier in ORDER[ENTRY[difficulty] :] if tier in platforms), None)


@dataclass
class Ledger:
    """What is known of one case."""

    platforms: Platforms
    terms: Terms
    status: str = "none"
    tier: str = ""
    outcome: str | None = None
    number: str | None = None
    moved: date = date.min
    sessions: int = 0
    came_from: list[str] = field(default_factory=list)
    failed_on: dict[str, list[date]] = field(default_factory=dict)
    accepted_on: dict[str, date] = field(default_factory=dict)
    assigned: dict[str, set[str]] = field(default_factory=dict)
    must_follow: list[str] = field(default_factory=list)

    # --- what happened ---------------------------------------------------------------------------------------

    def enter(self, event: DisputeEvent, because: Because | None) -> None:
        """Enter an event; objects where it may not come next, or comes without the reason it needs."""
        name = event.TOPIC.split(".")[1]
        caused = name in {"escalated", "remedies_notified", "closed"}
        if self.must_follow:
            assert name == self.must_follow[0], f"{self.must_follow[0]} must follow, not {name}"
            self.must_follow.pop(0)
        else:
            assert not caused, f"{name} came without a cause"
        assert self.status != "closed", f"{name} in a closed case"
        self._must_be_explained(name, because)
        getattr(self, f"_{name}", lambda _: None)(event)

    def must_be_complete(self) -> None:
        """Object where something should have followed."""
        assert not self.must_follow, f"{self.must_follow} did not follow"

    def _filed(self, event: Filed) -> None:
        assert self.status == "none", "filed twice"
        assert event.tier == entry(event.difficulty, self.platforms), "filed at the wrong tier"
        self.status, self.tier, self.moved = "filed", event.tier, day_of(event.occurred_at)

    def _accepted(self, event: Accepted) -> None:
        assert self.status in {"filed", "escalated"}, f"accepted while {self.status}"
        assert (event.number is None) == (self.number is not None), "numbered twice, or not at all"
        self._move("accepted", event.tier, event.platform, event.occurred_at)
        self.number = self.number or event.number
        self.failed_on[event.tier] = []
        self.accepted_on[event.tier] = day_of(event.occurred_at)
        self.assigned[event.tier] = set(event.mediators)

    def _returned(self, event: Returned) -> None:
        assert self.status == "escalated", f"returned while {self.status}"
        self.tier = self.came_from[-1]
        self._move("accepted", event.to_tier, event.platform, event.occurred_at)

    def _session_recorded(self, event: SessionRecorded) -> None:
        assert self.status == "accepted", f"session_recorded while {self.status}"
        self.sessions += 1
        assert (event.number, event.tier) == (self.sessions, self.tier), "a session in the wrong place"
        if event.outcome != "failed":
            return
        self.failed_on[self.tier].append(day_of(event.held_at))
        if len(self.failed_on[self.tier]) >= THRESHOLDS[self.tier]:
            self.must_follow = ["escalated"] if self._next() else ["remedies_notified", "closed"]
            self.outcome = None if self._next() else "failed"

    def _escalated(self, event: Escalated) -> None:
        above = self._next()
        assert above == event.to_tier, "escalated to the wrong tier"
        self.came_from.append(self.tier)
        self.tier = event.to_tier
        self._move("escalated", event.to_tier, event.platform, event.occurred_at)

    def _declined(self, _: DisputeEvent) -> None:
        assert self.status == "filed", f"declined while {self.status}"
        self.must_follow, self.outcome = ["remedies_notified", "closed"], "declined"

    def _refused(self, _: Refused) -> None:
        self.must_follow, self.outcome = ["remedies_notified", "closed"], "refused"

    def _withdrawn(self, _: DisputeEvent) -> None:
        self.must_follow, self.outcome = ["closed"], "withdrawn"

    def _terminated(self, _: DisputeEvent) -> None:
        assert self.status == "accepted", f"terminated while {self.status}"
        self.must_follow, self.outcome = ["remedies_notified", "closed"], "failed"

    def _closed(self, event: Closed) -> None:
        assert event.outcome == self.outcome, "closed as something else"
        self._must_not_go_back(day_of(event.occurred_at))
        self.status = "closed"

    def _move(self, status: str, tier: str, platform: str, at: datetime) -> None:
        assert (tier, platform) == (self.tier, self.platforms[self.tier]), "at the wrong tier or platform"
        self._must_not_go_back(day_of(at))
        self.status = status

    def _must_not_go_back(self, day: date) -> None:
        assert day >= self.moved, f"{day} goes back behind {self.moved}"
        self.moved = day

    def _must_be_explained(self, name: str, because: Because | None) -> None:
        spent = len(self.failed_on.get(self.tier, ())) >= THRESHOLDS.get(self.tier, 1)
        if name == "escalated" or (self.outcome == "failed" and because is not None):
            assert because is not None, "no explanation"
            assert spent, "explained before the count was reached"
            assert because.rule == ("failed_sessions" if name == "escalated" else "exhausted")
            assert because.threshold == THRESHOLDS[self.tier], "another threshold is given"
            assert sorted(day_of(each.held_at) for each in because.counted) == sorted(
                self.failed_on[self.tier]
            ), "other sessions are given as counted"
        else:
            assert because is None, f"{name} is said to be caused by a rule"

    def _next(self) -> str | None:
        higher = ORDER[ORDER.index(self.tier) + 1 :]
        return next((tier for tier in higher if tier in self.platforms), None)

    # --- what is asked ---------------------------------------------------------------------------------------

    def allows(self, command: AnyDisputeCommand, actor: str, now: datetime) -> bool:
        """Foretell whether a command to a case that was filed is carried out."""
        ((_, at),) = command.moments()
        on_time = at <= now + timedelta(minutes=5)
        return on_time and self.status != "closed" and self._allows(command, actor, day_of(at))

    def _allows(self, command: AnyDisputeCommand, actor: str, day: date) -> bool:
        match command:
            case AcceptDispute() | ReturnDispute():
                return self._allows_move(command, actor, day)
            case RecordSession():
                return self.status == "accepted" and self._allows_session(command, day)
            case GiveOpinion():
                return True
            case _:
                return day >= self.moved and self._allows_end(command)

    def _allows_end(self, command: AnyDisputeCommand) -> bool:
        match command:
            case DeclineDispute():
                return self.status == "filed"
            case TerminateMediation():
                return self.status == "accepted"
            case WithdrawDispute():
                return command.party == "p1"
            case _:
                assert isinstance(command, RefuseMediation)
                return True

    def _allows_move(self, command: AcceptDispute | ReturnDispute, actor: str, day: date) -> bool:
        if day < self.moved or actor not in self.terms[self.platforms[self.tier]]:
            return False
        if isinstance(command, ReturnDispute):
            return self.status == "escalated"
        return self.status in {"filed", "escalated"} and self._all_serve(set(command.mediators), day)

    def _allows_session(self, command: RecordSession, day: date) -> bool:
        sitting = {each.who for each in command.attendance if each.as_ == "mediator"}
        if day < self.accepted_on[self.tier] or not sitting <= self.assigned[self.tier]:
            return False
        failures = [*self.failed_on[self.tier], day] if command.outcome == "failed" else []
        completes = len(failures) >= THRESHOLDS[self.tier]
        return self._all_serve(sitting, day) and not (completes and max(failures) < self.moved)

    def _all_serve(self, mediators: set[str], day: date) -> bool:
        terms = self.terms[self.platforms[self.tier]]
        return all(each in terms and terms[each][0] <= day <= terms[each][1] for each in mediators)
