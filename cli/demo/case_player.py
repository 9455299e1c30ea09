"""Plays planned cases: many at once, the commands of each in order, and only commands that were not played before.

The ids of the commands tell what was played, so an interrupted run continues where it stopped. A case that somebody
else took further meanwhile, or that an earlier version of the program planned otherwise, is left alone.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from access.decision import Action, must
from application.command_handler import CommandHandler
from application.context import Context
from application.ports import StoredOutcome, Unavailable
from cli.demo.case_plan import CasePlan, Step
from cli.demo.progress import ProgressObserver
from domain.aggregates.dispute import Dispute
from domain.commands.dispute import OpeningCommand
from domain.errors import Contended, DomainError, Stale
from store.event_log.command_log import outcomes_of
from store.postgres.connections import Pool

AT_ONCE: Final = 32
"""Cases that are played at the same time."""
_LOOK_UP_SIZE: Final = 5_000
_PATIENCE: Final = 20
_PAUSE: Final = 0.25
"""How often, and after how many seconds each time, a step is tried again that lost a race or found no connection."""


class PlanRefusedError(Exception):
    """A planned step was refused: the plan is wrong."""

    def __init__(self, dispute: UUID, step: Step, error: Exception) -> None:
        self.dispute = dispute
        self.command = type(step.command).__name__
        self.reason = str(error) or type(error).__name__
        super().__init__(f"{dispute} {self.command}: {self.reason}")


@dataclass(slots=True)
class PlayResult:
    """Commands carried out, and cases left to others."""

    commands: int = 0
    left: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Remaining:
    """What is left of a plan: from which step on, and the version that the step before it reached."""

    plan: CasePlan
    begin: int
    version: int | None


class CasePlayer:
    """Plays plans. `stopping` is asked before each command."""

    def __init__(
        self, engine: CommandHandler, pool: Pool, watcher: ProgressObserver, stopping: Callable[[], bool]
    ) -> None:
        self._engine = engine
        self._pool = pool
        self._watcher = watcher
        self._stopping = stopping
        self._free = asyncio.Semaphore(AT_ONCE)
        self._filled = PlayResult()

    async def play(self, plans: Sequence[CasePlan]) -> PlayResult:
        """Play what is left of the plans; raises PlanRefusedError at the first step that is refused.

        Cases of one register are opened one after the other in the order of their acceptance, so that its numbers
        follow the days, and nobody races for them.
        """
        rests = await self._remaining_plans(plans)
        self._watcher.begin(len(rests))
        registers: dict[str, list[_Remaining]] = {}
        for rest in sorted(rests, key=lambda item: item.plan.opened_at):
            registers.setdefault(rest.plan.register, []).append(rest)
        refusal: PlanRefusedError | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                for queue in registers.values():
                    tasks.create_task(self._open(queue, tasks))
        except* PlanRefusedError as refused:
            refusal = _first(refused)
        if refusal is not None:  # raised here, for what is raised above may come out in a group of its own
            raise refusal
        return self._filled

    async def _remaining_plans(self, plans: Iterable[CasePlan]) -> list[_Remaining]:
        ids = [step.id for plan in plans for step in plan.steps]
        done: dict[UUID, StoredOutcome] = {}
        for start in range(0, len(ids), _LOOK_UP_SIZE):
            done |= await outcomes_of(self._pool, ids[start : start + _LOOK_UP_SIZE])
        found = [_remaining(plan, done) for plan in plans]
        return [item for item in found if item is not None]

    async def _open(self, queue: Iterable[_Remaining], tasks: asyncio.TaskGroup) -> None:
        for rest in queue:
            if self._stopping():
                return
            await self._free.acquire()
            opened = await self._steps(rest, rest.plan.opening)
            tasks.create_task(self._finish(opened))

    async def _finish(self, rest: _Remaining) -> None:
        await self._steps(rest, len(rest.plan.steps))
        self._free.release()
        self._watcher.advance()

    async def _steps(self, rest: _Remaining, end: int) -> _Remaining:
        """Play the steps up to a place, unless it is to stop or somebody else took the case over."""
        version = rest.version
        for place, step in enumerate(rest.plan.steps[rest.begin : end], start=rest.begin):
            if self._stopping():
                return _Remaining(rest.plan, len(rest.plan.steps), version)
            try:
                version = await self._carry_out(rest.plan.dispute, step, version)
            except Stale:
                self._filled.left.append(rest.plan.dispute)
                return _Remaining(rest.plan, len(rest.plan.steps), version)
            rest = _Remaining(rest.plan, place + 1, version)
        return rest

    async def _carry_out(self, dispute: UUID, step: Step, version: int | None) -> int:
        context = _context(step, version)
        for attempt in range(_PATIENCE):
            try:
                reply = await self._engine.handle(step.command, context)
            except (Contended, Unavailable) as error:
                if attempt == _PATIENCE - 1:
                    raise PlanRefusedError(dispute, step, error) from error
                await asyncio.sleep(_PAUSE)
            except Stale:
                raise
            except DomainError as error:
                raise PlanRefusedError(dispute, step, error) from error
            else:
                self._filled.commands += 1
                return reply.version
        raise AssertionError("the last attempt returns or raises")


def _context(step: Step, version: int | None) -> Context:
    action = Action.FILE if isinstance(step.command, OpeningCommand) else Action.ACT

    def permit(_: Dispute | None) -> None:
        must(step.actor, action)

    expected = frozenset({version}) if version else None
    return Context(
        actor=step.actor,
        command_id=step.id,
        fingerprint=step.fingerprint,
        expected=expected or "any",
        permit=permit,
    )


def _remaining(plan: CasePlan, done: Mapping[UUID, StoredOutcome]) -> _Remaining | None:
    """The rest of a plan; None where nothing is left, or where other commands were played than are planned now."""
    version: int | None = None
    for place, step in enumerate(plan.steps):
        played = done.get(step.id)
        if played is None:
            return _Remaining(plan, place, version)
        if played.fingerprint != step.fingerprint:
            return None
        version = played.reply.version
    return None


def _first(refused: BaseExceptionGroup[PlanRefusedError]) -> PlanRefusedError:
    for exception in refused.exceptions:
        return _first(exception) if isinstance(exception, BaseExceptionGroup) else exception
    raise AssertionError("a group of errors is never empty")
