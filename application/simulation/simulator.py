"""The course of a recorded case under another ladder.

While nothing differs the record is followed. From the first point of difference on the same facts that people told are
told of the case where it then stands, and the rules make of them what they make of anything: the functions that
decide are asked, none of them is written a second time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from application.simulation.context import LadderVersions, SimulationContext
from application.simulation.entry import begin_alike, start
from application.simulation.folding import CaseFold
from application.simulation.recorded_commands import RecordedCommand, Told, recorded_commands
from application.simulation.replay_facts import COUNTED, approved, proposed, replayed
from application.simulation.time_limits import TimeLimits
from application.simulation.trajectory import Trajectory
from domain.aggregates.dispute import Dispute, World, evolve
from domain.aggregates.dispute.consequences import consequences
from domain.errors import DomainError
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Fact

_ANSWERED: Final = (events.Accepted, events.RiskAssessed, events.SessionRecorded, events.SessionCorrected)
"""The facts of which the rules may make something."""
_ASKED: Final = (events.EscalationProposed, events.EscalationEndorsed, events.Escalated)
"""What people do where the ladder lets them: it is asked before the record is followed."""


def simulate(history: Sequence[Told], candidate: LadderVersions, ground: SimulationContext) -> Trajectory:
    """Return the course that a case would have taken; its history begins with its filing.

    Total: it raises on no history that was recorded.
    """
    return _Case(history, candidate, ground).course()


class _Case:
    """One case, as it goes along."""

    def __init__(self, history: Sequence[Told], candidate: LadderVersions, ground: SimulationContext) -> None:
        self._history = history
        self._candidate = candidate
        self._ground = ground
        self._clocks = TimeLimits(candidate, ground)
        self._diverged = False
        self._step = 0
        self._told = self._made = self._dropped = 0
        self._sessions: dict[int, int] = {}

    def course(self) -> Trajectory:
        """Run the whole history."""
        if not self._begin(self._history[0]):
            return Trajectory(left=True)
        for step in recorded_commands(self._history[1:]):
            self._wait(step.first.recorded_at)
            self._step += 2
            if self._diverged:
                self._freely(step)
            else:
                self._along(step)
        self._wait(self._ground.horizon)
        return self._journey.course(self._told, self._made, self._dropped, left=self._diverged)

    def _begin(self, first: Told) -> bool:
        """File the case where the candidate has it begin: as recorded, unless the ladders differ about it."""
        filed, tried = cast("events.Filed", first.event), self._candidate.ladder
        pinned = self._ground.pinned(filed.procedure) or self._candidate
        if begin_alike(tried, pinned.ladder) and any(tier.name == filed.tier for tier in tried.tiers):
            self._journey = CaseFold(filed, first.recorded_at)
            return True
        begins = start(filed, pinned.ladder, self._ground.around(self._candidate, first))
        as_pinned = start(filed, pinned.ladder, self._ground.around(pinned, first))
        if begins != as_pinned or filed.tier not in tried.tier_names:
            if begins is None:
                return False
            filed = filed.model_copy(update={"tier": begins[0], "platform": begins[1]})
            self._diverged, self._told = True, 1
        self._journey = CaseFold(filed, first.recorded_at)
        return True

    # --- while nothing differs -------------------------------------------------------------------------------

    def _along(self, step: RecordedCommand) -> None:
        """Follow the record, unless this ladder makes something else of the step."""
        if self._at_once(step):
            return
        before = self._journey.dispute
        recorded = (*step.told, *step.made)
        found = self._answer(before, step, self._candidate)
        moves = _moves(found)
        if moves == _moves(recorded):
            self._take(found, step)
            return
        pinned = self._ground.pinned(before.procedure) or self._candidate
        if moves == _moves(self._answer(before, step, pinned)):  # no ladder is why the record differs
            self._take(recorded, step)
            return
        self._take(found, step)
        self._made += len(moves)
        self._diverge()

    def _at_once(self, step: RecordedCommand) -> bool:
        """Follow a single fact of which nobody makes anything, as most are; say whether it was one."""
        if step.made or len(step.told) > 1 or isinstance(step.told[0].event, _ASKED):
            return False
        (told,), before = step.told, self._journey.dispute
        after = self._journey.fold(told.event, told.because, told.recorded_at, self._step)
        if not isinstance(told.event, _ANSWERED):
            return True
        world = self._ground.around(self._candidate, told)
        if not _caused(before, told.event, after, world):
            return True
        self._journey.dispute = before
        return False

    def _answer(self, dispute: Dispute, step: RecordedCommand, rungs: LadderVersions) -> list[Fact]:
        """What a ladder makes of a step, in the state before it: the facts told as they are, then those made."""
        if not step.told:
            return list(self._clocks.answer(dispute, rungs, step.first))
        world = self._ground.around(rungs, step.first)
        found: list[Fact] = []
        caused: list[Fact] = []
        for item in step.told:
            for fact in _allowed(item, dispute, world):
                event = cast("DisputeEvent", fact.event)
                before, dispute = dispute, evolve(dispute, event, fact.because)
                found.append(fact)
                caused += _caused(before, event, dispute, world)
        return found + caused

    def _take(self, found: Iterable[Fact | Told], step: RecordedCommand) -> None:
        for item in found:
            event = cast("DisputeEvent", item.event)
            self._journey.fold(event, item.because, step.first.recorded_at, self._step)

    # --- after the first point of difference -----------------------------------------------------------------

    def _diverge(self) -> None:
        """From now on the case stands alone; the sessions so far have the numbers that they have in the record."""
        self._diverged = True
        self._sessions = {
            session.counted.number: session.counted.number for session in self._journey.dispute.sessions
        }

    def _freely(self, step: RecordedCommand) -> None:
        """Tell the same facts of the case where it stands now; what the rules made of them in the record is dropped."""
        for item in step.told:
            if type(item.event) not in COUNTED:
                continue
            world = self._ground.around(self._candidate, item)
            facts = replayed(item.event, self._journey.dispute, self._sessions, world)
            self._told += len(facts)
            self._dropped += not facts
            for fact in facts:
                self._fold(fact, item, world)

    def _fold(self, fact: Fact, told: Told, world: World) -> None:
        before, event = self._journey.dispute, cast("DisputeEvent", fact.event)
        if isinstance(event, events.SessionRecorded) and isinstance(told.event, events.SessionRecorded):
            self._sessions[told.event.number] = event.number
        after = self._journey.fold(event, fact.because, told.recorded_at, self._step)
        caused = _caused(before, event, after, world)
        self._made += len(caused)
        for made in caused:
            follows = cast("DisputeEvent", made.event)
            self._journey.fold(follows, made.because, told.recorded_at, self._step)

    def _wait(self, until: datetime | None) -> None:
        """Let the candidate's clock fire what it would have fired by a moment."""
        if until is None or not self._clocks.act:
            return
        while fired := self._clocks.fired(self._journey.dispute, until, alone=self._diverged):
            at, facts = fired
            if not self._diverged:
                self._diverge()
            self._made += len(facts)
            for fact in facts:
                event = cast("DisputeEvent", fact.event)
                self._journey.fold(event, fact.because, at, self._step + 1)


def _allowed(told: Told, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """A fact as it was told; of what people do where the ladder lets them, what this one makes of it."""
    match told.event:
        case events.EscalationProposed():
            return proposed(told.event, dispute, world)
        case events.EscalationEndorsed() | events.Escalated():
            return approved(told.event, dispute, world)
        case _:
            return (Fact(told.event, told.because),)


def _caused(before: Dispute, event: DisputeEvent, after: Dispute, world: World) -> tuple[Fact, ...]:
    """What the rules make of a fact; nothing where they would have refused it, or the ladder lacks the tier."""
    if not isinstance(event, _ANSWERED) or after.tier not in world.ladder.tier_names:
        return ()
    try:
        return consequences(before, event, after, world)
    except DomainError:
        return ()


def _moves(facts: Iterable[Fact | Told]) -> list[tuple[object, ...]]:
    """What some facts do to a case, without what another version or threshold makes different in their explanations."""
    found: list[tuple[object, ...]] = []
    for fact in facts:
        event, rule = fact.event, fact.because.rule if fact.because else None
        match event:
            case events.Escalated() | events.EscalationVoided():
                found.append(
                    (type(event), event.from_tier, event.to_tier, event.platform, event.occurred_at, rule)
                )
            case events.Closed():
                found.append((type(event), event.outcome, event.occurred_at, rule))
            case events.EscalationProposed():
                found.append((type(event), event.grounds, event.to_tier, event.platform))
            case _:
                pass
    return found
