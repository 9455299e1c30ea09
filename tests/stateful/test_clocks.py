"""Cases under clocks that act, day after day over two years, against a pencil that reckons due days by itself."""

import calendar as months
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

import chinese_calendar
from hypothesis import example
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.aggregates.dispute import Dispute, decide, replay
from domain.aggregates.dispute.expiry import expiring
from domain.aggregates.dispute.pending_moves import pending_moves
from domain.aggregates.dispute.world import World
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    ExpireTimeLimit,
    ExtendTime,
    RecordSession,
    ReturnDispute,
)
from domain.errors import DomainError
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Recorded
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Expiry
from domain.vocabulary import SHANGHAI, Role
from tests.support.examples import examples
from tests.support.specification import DISPUTE, THREE_TIER, calendar, filed_at, ladder, street

TIERS = ("compound", "community", "street")
PEOPLE = {"compound": "wu", "community": "sun", "street": "zhao"}
ANYBODY = Actor(sub="clerk", role=Role.CONVENER, unit="dongguang")
Acting = Literal["mark", "escalate", "terminate"]
Happening = tuple[str, int]
"""What people do, and after how many hours."""


def after_workdays(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


def a_month_after(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    last = date(year, month, min(day.day, months.monthrange(year, month)[1]))
    while not chinese_calendar.is_workday(last):
        last += timedelta(days=1)
    return last


@dataclass
class Pencil:
    """What ought to be: where the case is, since when, and until when there is time."""

    acting: dict[str, tuple[Acting, Acting]]
    tier: str
    since: date
    touched: datetime
    status: str = "waiting"
    until: date | None = None
    agreed: bool = False
    failures: int = 0
    spent: set[tuple[int, date]] = field(default_factory=set)
    stay: int = 0
    stays: list[tuple[int, str, date, int, date | None, bool]] = field(default_factory=list)

    @property
    def due(self) -> date:
        if self.status == "waiting":
            return after_workdays(self.since, TIERS.index(self.tier) + 1)
        return self.until or a_month_after(self.since)

    def strikes(self, now: datetime) -> bool:
        """Whether a clock moves or ends the case now; what it does is done here."""
        accept, mediate = self.acting[self.tier]
        does = accept if self.status == "waiting" else mediate
        if self.status not in {"waiting", "accepted"} or does == "mark" or self.agreed:
            return False
        over = datetime(self.due.year, self.due.month, self.due.day, tzinfo=SHANGHAI) + timedelta(days=1)
        if now < max(over, self.touched + timedelta(hours=24)):
            return False
        if self.status == "accepted" and (self.stay, self.due) in self.spent:
            return False
        if does == "escalate" and self.tier != "street":
            self.rise(now)
        elif does == "escalate" and self.status == "waiting":
            return False
        else:
            self.status = "closed"
        self.touched = now
        return True

    def accept(self, now: datetime) -> None:
        self.stay += 1
        self.status, self.since, self.until = "accepted", now.date(), None
        self.failures, self.agreed = 0, False

    def fail(self, now: datetime) -> None:
        self.failures, self.agreed = self.failures + 1, False
        if self.failures < {"compound": 3, "community": 5, "street": 5}[self.tier]:
            return
        if self.tier == "street":
            self.status = "closed"
        else:
            self.rise(now, by_clock=False)

    def go_back(self) -> None:
        self.stay, self.tier, self.since, self.failures, self.until, _ = self.stays.pop()
        self.status, self.agreed = "accepted", False

    def rise(self, now: datetime, *, by_clock: bool = True) -> None:
        if self.status == "accepted":
            if by_clock:
                self.spent.add((self.stay, self.due))
            self.stays.append((self.stay, self.tier, self.since, self.failures, self.until, True))
        else:
            self.stays.append((0, self.tier, self.since, 0, None, False))
        self.tier, self.status = TIERS[TIERS.index(self.tier) + 1], "waiting"
        self.since, self.until, self.agreed, self.failures = now.date(), None, False, 0


@dataclass
class Life:
    """The case as the product has it."""

    rungs: Ladder
    history: list[Recorded[DisputeEvent]] = field(default_factory=list)
    state: Dispute | None = None

    @property
    def case(self) -> Dispute:
        assert self.state is not None
        return self.state

    def world(self, now: datetime) -> World:
        return World(now, ANYBODY, THREE_TIER, self.rungs, street(), {}, calendar())

    def ask(self, command: AnyDisputeCommand, now: datetime) -> bool:
        """Carry out a command; say whether it was."""
        try:
            facts = decide(command, self.case, self.world(now))
        except DomainError:
            return False
        for fact in facts:
            if fact.event.TOPIC.startswith("dispute."):
                self.record(fact.event, now, fact.because)
        return True

    def record(self, event: object, now: datetime, because: object = None) -> None:
        version = len(self.history) + 1
        self.history.append(Recorded(DISPUTE, version, version, now, ANYBODY, DISPUTE, event, because))
        self.state = replay(self.history[-1:], self.state)

    def strike(self, now: datetime) -> bool:
        """Let the clock look, as it does every few seconds."""
        due = expiring(self.case, self.rungs, calendar())
        at = due.fires_at(self.case.last_recorded_at) if due else None
        if due is None or at is None or now < at:
            return False
        command = ExpireTimeLimit(dispute=DISPUTE, clock=due.clock, last_day=due.deadline.due_on)
        return self.ask(command, now)


DOING = st.sampled_from(
    ["accept", "accept", "fail", "agree", "no_show", "extend", "return", "return", "nothing", "hurry"]
)
ACTION = st.sampled_from(["mark", "escalate", "terminate"])


@examples(80, more=7)
@drawn(
    start=st.dates(date(2025, 1, 6), date(2025, 12, 20)),
    tier=st.sampled_from(TIERS),
    actions=st.tuples(*[st.tuples(ACTION, ACTION)] * 3),
    doings=st.lists(st.tuples(DOING, st.integers(1, 300)), max_size=20),
)
@example(
    start=date(2025, 3, 3),
    tier="community",
    actions=(("mark", "escalate"),) * 3,
    doings=[
        ("accept", 5),
        ("nothing", 300),
        ("nothing", 300),
        ("nothing", 300),
        ("return", 5),
        ("nothing", 300),
    ],
)
def test_clocks_move_cases_exactly_as_a_pencil_does(
    start: date, tier: str, actions: tuple[tuple[Acting, Acting], ...], doings: list[Happening]
) -> None:
    acting = dict(zip(TIERS, actions, strict=True))
    tiers = tuple(
        item.model_copy(
            update={"on_expiry": Expiry(accept=acting[item.name][0], mediate=acting[item.name][1])}
        )
        for item in ladder().tiers
    )
    now = datetime(start.year, start.month, start.day, 9, tzinfo=SHANGHAI)
    life = Life(ladder().model_copy(update={"tiers": tiers}))
    life.record(filed_at(tier, start.isoformat()).model_copy(update={"occurred_at": now}), now)
    pencil = Pencil(acting, tier, start, now)
    for doing, hours in doings:
        end = now + timedelta(hours=hours) if doing != "hurry" else last_evening(pencil, now)
        while now < end:
            now = min(end, now + timedelta(hours=3))
            assert life.strike(now) == pencil.strikes(now), (now, life.case, pencil)
        happen(doing, life, pencil, now)
        agree(life, pencil)
    must_say_why_not_yet(life)


def last_evening(pencil: Pencil, now: datetime) -> datetime:
    """Nine in the evening of the last day, when people enter what they have not entered yet."""
    return max(now, datetime(pencil.due.year, pencil.due.month, pencil.due.day, 21, tzinfo=SHANGHAI))


def happen(doing: str, life: Life, pencil: Pencil, now: datetime) -> None:
    """Somebody does something; the pencil takes it up where it may be done."""
    command = asked(doing, pencil, now)
    if command is None:
        return
    before = len(life.history)
    if not life.ask(command, now):
        assert len(life.history) == before
        return
    pencil.touched = now
    match doing:
        case "accept":
            pencil.accept(now)
        case "fail":
            pencil.fail(now)
        case "agree":
            pencil.agreed = True
        case "no_show" | "hurry":
            pencil.agreed = False
        case "extend":
            pencil.until = (now + timedelta(days=90)).date()
        case "return":
            pencil.go_back()


def asked(doing: str, pencil: Pencil, now: datetime) -> AnyDisputeCommand | None:
    """The command of somebody who does something, where it makes sense."""
    body: dict[str, object] = {"dispute": DISPUTE, "occurred_at": now}
    if doing == "accept" and pencil.status == "waiting":
        return AcceptDispute.model_validate({**body, "mediators": [PEOPLE[pencil.tier]]})
    if doing == "return" and pencil.status == "waiting" and pencil.stays and pencil.stays[-1][-1]:
        return ReturnDispute.model_validate({**body, "reason": "材料不齐"})
    if doing == "extend" and pencil.status == "accepted":
        until = (now + timedelta(days=90)).date()
        return ExtendTime.model_validate({**body, "until": until, "consents": ["p1", "p2"]})
    outcome = {"fail": "failed", "agree": "agreed", "no_show": "no_show", "hurry": "adjourned"}.get(doing)
    if outcome and pencil.status == "accepted":
        session = {"held_at": now, "method": "phone", "attendance": [], "outcome": outcome, "minutes": "略"}
        return RecordSession.model_validate({"dispute": DISPUTE, **session})
    return None


def agree(life: Life, pencil: Pencil) -> None:
    """The product and the pencil have the case at the same place."""
    case = life.case
    status = {"filed": "waiting", "escalated": "waiting"}.get(case.status.value, case.status.value)
    assert (status, case.tier) == (pencil.status, pencil.tier), (case, pencil)


def must_say_why_not_yet(life: Life) -> None:
    """An open case always knows what could still move it, and every move that a rule made says why."""
    if life.case.status.value != "closed":
        assert pending_moves(life.case, life.rungs, calendar(), last_tier=life.case.tier == "street")
    for recorded in life.history:
        if recorded.topic in {"dispute.escalated.v1", "dispute.closed.v1"}:
            assert recorded.because is not None
