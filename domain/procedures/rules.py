"""The rules that move a dispute. Each takes a small value and returns its explanation, or None.

The same functions decide, answer *why*, answer *why not yet*, and are run by what-if: a rule is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from domain.procedures.counted_stay import CountedStay
from domain.procedures.deadlines import Deadline
from domain.procedures.durations import TimeLimit
from domain.procedures.ladder import Bypass, ProcedureRef
from domain.procedures.tier import Tier
from domain.vocabulary import Key, PositiveInt, RecordedMoment, RiskLevel, Rule, Value

_LEVELS: Final[tuple[RiskLevel, ...]] = get_args(RiskLevel)
_CLOCKS: Final[Mapping[str, Rule]] = {"accept": Rule.ACCEPT_LIMIT, "mediate": Rule.MEDIATE_LIMIT}
BYPASS_RULES: Final[Mapping[str, Rule]] = {"risk": Rule.BYPASS_RISK, "complexity": Rule.BYPASS_COMPLEXITY}


class Counted(Value):
    """One session that a rule counted."""

    session: PositiveInt
    held_at: RecordedMoment


class TimeLimitExpiry(Value):
    """A time limit that expired: its start, its length (None where people had set its last day), its last day."""

    since: RecordedMoment
    limit: TimeLimit | None
    last_day: date


class Danger(Value):
    """How dangerous the dispute is, and how many people are involved: the basis of a bypass (rule 7)."""

    risk: RiskLevel | None = None
    people: PositiveInt | None = None


class Because(Value):
    """Why a rule caused an event: everything that is needed to check it."""

    procedure: ProcedureRef
    rule: Rule
    tier: Key
    threshold: PositiveInt | None = None
    counted: tuple[Counted, ...] = ()
    ran_out: TimeLimitExpiry | None = None
    danger: Danger | None = None
    clock: Literal["Asia/Shanghai"] = "Asia/Shanghai"

    @property
    def complete_at(self) -> datetime:
        """When the last of the counted sessions was held."""
        return max(item.held_at for item in self.counted)


@dataclass(frozen=True, slots=True)
class Count:
    """How far a stay is on its way to the tier's threshold."""

    have: int
    need: int

    @property
    def remaining(self) -> int:
        """How many further failed sessions move the case; a count that fired before fires again on the very next one."""
        return max(self.need - self.have, 1)


def count_failures(stay: CountedStay, tier: Tier) -> Count | None:
    """Count the failed sessions of the stay against the tier's threshold (S0: five at the community).

    None where no number of them moves a case on from the tier.
    """
    if tier.failed_sessions is None:
        return None
    return Count(have=len(stay.failures), need=tier.failed_sessions)


def threshold_reached(stay: CountedStay, tier: Tier, procedure: ProcedureRef, latest: int) -> Because | None:
    """Explain that session `latest` completed the tier's threshold of failed sessions; None where it did not.

    Only a failed session fires the rule, and only one that was not counted when the rule fired before: a returned
    dispute whose count is full waits for a further failed session (rule 6).
    """
    count = count_failures(stay, tier)
    if count is None or count.have < count.need or latest <= stay.last_counted:
        return None
    failures = stay.failures
    if all(failure.number != latest for failure in failures):
        return None
    return Because(
        procedure=procedure,
        rule=Rule.FAILED_SESSIONS,
        tier=stay.tier,
        threshold=count.need,
        counted=tuple(Counted(session=failure.number, held_at=failure.held_at) for failure in failures),
    )


def time_limit_expired(deadline: Deadline, tier: Tier, procedure: ProcedureRef) -> Because | None:
    """Explain that a time limit of the tier expired; None for a deadline of another kind (rule 8)."""
    rule = _CLOCKS.get(deadline.kind)
    if rule is None or deadline.since is None:
        return None
    expired = TimeLimitExpiry(since=deadline.since, limit=deadline.limit, last_day=deadline.due_on)
    return Because(procedure=procedure, rule=rule, tier=tier.name, ran_out=expired)


def danger_reached(danger: Danger, tier: Tier, bypass: Bypass, procedure: ProcedureRef) -> Because | None:
    """Explain that the risk or the number of people reaches the tier's threshold for a bypass; None where neither does."""
    lift = tier.lift_at
    if lift is None or "risk" not in bypass.grounds:
        return None
    grave = lift.risk is not None and danger.risk is not None and is_at_least(danger.risk, lift.risk)
    many = lift.headcount is not None and danger.people is not None and danger.people >= lift.headcount
    if not (grave or many):
        return None
    found = Danger(risk=danger.risk if grave else None, people=danger.people if many else None)
    threshold = lift.headcount if many else None
    return Because(
        procedure=procedure, rule=Rule.BYPASS_RISK, tier=tier.name, threshold=threshold, danger=found
    )


def is_at_least(level: RiskLevel, than: RiskLevel) -> bool:
    """Say whether a danger is at least as great as another."""
    return _LEVELS.index(level) >= _LEVELS.index(than)


def bypassed(
    procedure: ProcedureRef, tier: str, grounds: Literal["risk", "complexity"], people: int = 2
) -> Because:
    """Explain that officials lifted the dispute past its tier before any count was reached (rule 7).

    `threshold` is how many had to agree, where the procedure wants more than two.
    """
    threshold = people if people > 2 else None
    return Because(procedure=procedure, rule=BYPASS_RULES[grounds], tier=tier, threshold=threshold)


def exhausted(because: Because) -> Because:
    """Return the same explanation for the last tier, where a full count or an expired time limit ends mediation (rule 11)."""
    return because.model_copy(update={"rule": Rule.EXHAUSTED})
