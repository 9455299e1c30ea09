"""The trajectory of a recorded case under another ladder.

While nothing differs the record is followed. From the first difference on, the facts that people stated are replayed
on the case as it then stands, and the rules act on them as on any fact: by the functions of the domain that decide.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Final, cast

from application.simulation.context import LadderVersion, SimulationContext
from application.simulation.recorded_commands import RecordedCommand, RecordedFact, recorded_commands
from application.simulation.replay_facts import COUNTED, approved, proposed, replayed
from application.simulation.time_limits import TimeLimits
from application.simulation.trajectory import CaseFold, FoldedFact, Trajectory
from domain.aggregates.dispute import Dispute, World, evolve
from domain.aggregates.dispute.consequences import consequences
from domain.errors import DomainError
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent, Filed
from domain.events.envelope import Fact
from domain.procedures.ladder import Ladder
from domain.procedures.rules import Because

_WITH_CONSEQUENCES: Final = (
    events.Accepted,
    events.RiskAssessed,
    events.SessionRecorded,
    events.SessionCorrected,
    events.FactRetracted,
)
"""The facts that may have consequences by rules."""
_UNDOING: Final = (events.FactRetracted, events.ClosureVoided, events.AgreementEffectVoided)
"""The facts that take back another one of the record."""
_PERMITTED_BY_LADDER: Final = (events.EscalationProposed, events.EscalationEndorsed, events.Escalated)
"""What people may state only where the ladder lets them."""


def simulate(
    history: Sequence[RecordedFact], candidate: LadderVersion, context: SimulationContext
) -> Trajectory:
    """Return the trajectory that a case would have taken; its history begins with its filing.

    Total: it raises on no history that was recorded.
    """
    return _Case(history, candidate, context).trajectory()


class _Case:
    """One case, while its history is run under the candidate."""

    def __init__(
        self, history: Sequence[RecordedFact], candidate: LadderVersion, context: SimulationContext
    ) -> None:
        self._history = history
        self._candidate = candidate
        self._context = context
        self._time_limits = TimeLimits(candidate, context)
        self._diverged = False
        self._step = 0
        self._replayed = self._caused = self._dropped = 0
        self._sessions: dict[int, int] = {}

    def trajectory(self) -> Trajectory:
        """Run the whole history."""
        if not self._file(self._history[0]):
            return Trajectory(diverged=True)
        for command in recorded_commands(self._history[1:]):
            self._expire_until(command.first.recorded_at)
            self._step += 2
            if self._diverged:
                self._replay(command)
            else:
                self._follow(command)
        self._expire_until(self._context.horizon)
        return self._case.trajectory(self._replayed, self._caused, self._dropped, diverged=self._diverged)

    def _file(self, first: RecordedFact) -> bool:
        """File the case at its tier under the candidate; say whether a platform is there to begin at."""
        filed, ladder = cast("events.Filed", first.event), self._candidate.ladder
        pinned = self._context.pinned(filed.procedure) or self._candidate
        if same_entry(ladder, pinned.ladder) and filed.tier in ladder.tier_names:
            self._case = CaseFold(filed, first.recorded_at)
            return True
        entry = entry_of(filed, pinned.ladder, self._context.world_before(first, self._candidate))
        pinned_entry = entry_of(filed, pinned.ladder, self._context.world_before(first, pinned))
        if entry != pinned_entry or filed.tier not in ladder.tier_names:
            if entry is None:
                return False
            filed = filed.model_copy(update={"tier": entry[0], "platform": entry[1]})
            self._diverged, self._replayed = True, 1
        self._case = CaseFold(filed, first.recorded_at)
        return True

    # --- while nothing differs -------------------------------------------------------------------------------

    def _follow(self, command: RecordedCommand) -> None:
        """Follow the record, unless the candidate makes something else of the command."""
        if self._follow_single(command):
            return
        before = self._case.dispute
        recorded = (*command.stated, *command.caused)
        facts = self._facts(before, command, self._candidate)
        moves = _moves(facts)
        if moves == _moves(recorded):
            self._apply(facts, command)
            return
        pinned = self._context.pinned(before.procedure) or self._candidate
        if moves == _moves(self._facts(before, command, pinned)):  # the ladder is not why the record differs
            self._apply(recorded, command)
            return
        self._apply(facts, command)
        self._caused += len(moves)
        self._diverge()

    def _follow_single(self, command: RecordedCommand) -> bool:
        """Follow a single fact without consequences, as most are; say whether it was one."""
        if command.caused or len(command.stated) > 1:
            return False
        (recorded,), before = command.stated, self._case.dispute
        if isinstance(recorded.event, _PERMITTED_BY_LADDER):
            return False
        after = self._case.fold(
            recorded.event, recorded.because, recorded.recorded_at, self._step, recorded.version
        )
        if not isinstance(recorded.event, _WITH_CONSEQUENCES):
            return True
        world = self._context.world_before(recorded, self._candidate)
        if not _consequences(before, recorded.event, after, world):
            return True
        self._case.restore(before)
        return False

    def _facts(self, dispute: Dispute, command: RecordedCommand, ladder_version: LadderVersion) -> list[Fact]:
        """Return what a command brings about under a ladder: the facts stated, then those that the rules cause."""
        if not command.stated:
            return list(self._time_limits.repeated(dispute, ladder_version, command.first))
        world = self._context.world_before(command.first, ladder_version)
        stated: list[Fact] = []
        caused: list[Fact] = []
        for recorded in command.stated:
            for fact in _permitted(recorded, dispute, world):
                event = cast("DisputeEvent", fact.event)
                before, dispute = dispute, self._folded(dispute, event, fact.because)
                stated.append(fact)
                caused += _consequences(before, event, dispute, world)
        return stated + caused

    def _folded(self, dispute: Dispute, event: DisputeEvent, because: Because | None) -> Dispute:
        """Fold a fact without keeping it; one that is taken back is the first of its command."""
        if isinstance(event, events.FactRetracted):
            return self._case.without(FoldedFact(event, because, None, None))
        return evolve(dispute, event, because)

    def _apply(self, facts: Iterable[Fact | RecordedFact], command: RecordedCommand) -> None:
        for fact, recorded in zip_longest(facts, (*command.stated, *command.caused)):
            if fact is None:
                break
            event = cast("DisputeEvent", fact.event)
            alike = recorded is not None and type(recorded.event) is type(event)
            version = recorded.version if alike else None
            self._case.fold(event, fact.because, command.first.recorded_at, self._step, version)

    # --- after the first difference --------------------------------------------------------------------------

    def _diverge(self) -> None:
        """Leave the record; the sessions so far keep their numbers."""
        self._diverged = True
        numbers = (session.counted.number for session in self._case.dispute.sessions)
        self._sessions = {number: number for number in numbers}

    def _replay(self, command: RecordedCommand) -> None:
        """Apply the facts stated to the case as it stands now; drop what rules caused in the record."""
        for recorded in command.stated:
            if type(recorded.event) not in COUNTED:
                continue
            if isinstance(recorded.event, _UNDOING) and not self._case.has(recorded.event.at_version):
                self._dropped += 1
                continue
            world = self._context.world_before(recorded, self._candidate)
            facts = replayed(recorded.event, self._case.dispute, self._sessions, world)
            self._replayed += len(facts)
            self._dropped += not facts
            for fact in facts:
                self._fold(fact, recorded, world)

    def _fold(self, fact: Fact, recorded: RecordedFact, world: World) -> None:
        before, event = self._case.dispute, cast("DisputeEvent", fact.event)
        if isinstance(event, events.SessionRecorded) and isinstance(recorded.event, events.SessionRecorded):
            self._sessions[recorded.event.number] = event.number
        alike = type(event) is type(recorded.event)  # an acceptance that a session implies is not recorded
        version = recorded.version if alike else None
        after = self._case.fold(event, fact.because, recorded.recorded_at, self._step, version)
        caused = _consequences(before, event, after, world)
        self._caused += len(caused)
        for consequence in caused:
            follows = cast("DisputeEvent", consequence.event)
            self._case.fold(follows, consequence.because, recorded.recorded_at, self._step)

    def _expire_until(self, until: datetime | None) -> None:
        """Apply the time limits of the candidate that would have expired by a moment."""
        if until is None or not self._time_limits.act:
            return
        while expired := self._time_limits.expired(self._case.dispute, until, diverged=self._diverged):
            at, facts = expired
            if not self._diverged:
                self._diverge()
            self._caused += len(facts)
            for fact in facts:
                event = cast("DisputeEvent", fact.event)
                self._case.fold(event, fact.because, at, self._step + 1)


def _permitted(recorded: RecordedFact, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Return a fact as it was stated; where the ladder has to permit it, what comes of it under this one."""
    match recorded.event:
        case events.EscalationProposed():
            return proposed(recorded.event, dispute, world)
        case events.EscalationEndorsed() | events.Escalated():
            return approved(recorded.event, dispute, world)
        case _:
            return (Fact(recorded.event, recorded.because),)


def _consequences(before: Dispute, event: DisputeEvent, after: Dispute, world: World) -> tuple[Fact, ...]:
    """Return what the rules cause; nothing where they would have refused the fact, or the ladder lacks the tier."""
    if not isinstance(event, _WITH_CONSEQUENCES) or after.tier not in world.ladder.tier_names:
        return ()
    try:
        return consequences(before, event, after, world)
    except DomainError:
        return ()


def _moves(facts: Iterable[Fact | RecordedFact]) -> list[tuple[object, ...]]:
    """Return what some facts do to a case, without the version and the threshold in their explanations."""
    moves: list[tuple[object, ...]] = []
    for fact in facts:
        event, rule = fact.event, fact.because.rule if fact.because else None
        match event:
            case events.Escalated() | events.EscalationVoided():
                tiers = event.from_tier, event.to_tier
                moves.append((type(event), *tiers, event.platform, event.occurred_at, rule))
            case events.Closed():
                moves.append((type(event), event.outcome, event.occurred_at, rule))
            case events.EscalationProposed():
                moves.append((type(event), event.grounds, event.to_tier, event.platform))
            case _:
                pass
    return moves


# --- where a case begins (rule 1) ------------------------------------------------------------------------------

Entry = tuple[str, str]
"""A tier and the unit of its platform."""


def same_entry(ladder: Ladder, other: Ladder) -> bool:
    """Say whether every case begins at the same tier under both ladders."""
    return (
        ladder.entry == other.entry
        and ladder.entry_by_category == other.entry_by_category
        and ladder.tier_names == other.tier_names
    )


def entry_of(filed: Filed, pinned: Ladder, world: World) -> Entry | None:
    """Return where a case begins under the world's ladder; None where no platform covers it there or above.

    A tier that people named, above the entry tier of the ladder `pinned` to the case, stays named where the world's
    ladder has it and does not itself begin higher.
    """
    ladder = world.ladder
    tier = ladder.entry_tier(filed.difficulty, filed.category)
    named = _named_tier(filed, pinned, world)
    if named in ladder.tier_names and ladder.height(named) > ladder.height(tier):
        tier = named
    return _first_platform(filed, tier, ladder, world)


def _named_tier(filed: Filed, pinned: Ladder, world: World) -> str:
    """Return the tier that people named; "" where the case began at the entry tier of its ladder."""
    entry = _first_platform(filed, pinned.entry_tier(filed.difficulty, filed.category), pinned, world)
    if entry is None or filed.tier not in pinned.tier_names:
        return ""
    return filed.tier if pinned.height(filed.tier) > pinned.height(entry[0]) else ""


def _first_platform(filed: Filed, tier: str, ladder: Ladder, world: World) -> Entry | None:
    found = world.first_platform(filed.unit, (tier, *ladder.above(tier)))
    return None if found is None else (found[0], found[1].unit)
