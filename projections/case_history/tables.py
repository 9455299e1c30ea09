"""What is told of a case by days, and how it is written: only what is new, in one go for all cases of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, LiteralString, cast
from uuid import UUID

from domain.aggregates.dispute import Dispute, replay
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from projections.case_history.intervals import Interval, State, ends, states
from projections.case_history.milestones import Milestone, milestones
from projections.runtime.case_cache import case_of
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.row_writer import array, copy_into

CaseHistory = Sequence[Recorded[DisputeEvent]]
_FORGET_SPELLS: Final = """
DELETE FROM case_spells s USING unnest(%s::uuid[], %s::int[]) AS anew (dispute, place)
WHERE s.dispute = anew.dispute AND s.place >= anew.place
"""
_FORGET_STEPS: Final = """
DELETE FROM case_steps s USING unnest(%s::uuid[], %s::int[]) AS anew (dispute, place)
WHERE s.dispute = anew.dispute AND s.place >= anew.place
"""
_CASE: Final = ("dispute", "place", "unit", "category", "procedure", "version")
SPELLS: Final = Table(
    "case_spells",
    (
        *_CASE,
        *("since", "until", "status", "outcome", "tier", "height", "platform", "mediators", "number"),
        *("case_version", "due_on", "due_kind", "provisional", "deadlines"),
    ),
    ("dispute", "place"),
    case_of,
)
STEPS: Final = Table(
    "case_steps",
    (
        *_CASE,
        *(
            "kind",
            "day",
            "tier",
            "height",
            "platform",
            "mediators",
            "detail",
            "held",
            "held_there",
            "last_chance",
        ),
    ),
    ("dispute", "place"),
    case_of,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written of a case: its states from the spell at `place` on, and the steps after the first `count`.

    What was written before at those places no longer stands.
    """

    states: tuple[State, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    place: int = 0
    count: int = 0

    @property
    def day(self) -> date:
        """The last day on which anything changed."""
        return self.states[-1][0]

    @property
    def case(self) -> Dispute:
        """The case as it stands."""
        return self.states[-1][1]

    def further(self, day: date, case: Dispute, taken: tuple[Milestone, ...]) -> "Told":
        """Return what is told after one more event, of the last day or a later one."""
        kept = self.states[:-1] if self.states and self.day == day else self.states
        return Told((*kept, (day, case)), self.milestones + taken, self.place, self.count)

    @property
    def written(self) -> "Told":
        """What is held of it once it is written: the last state, which the next event may still change or end."""
        place, count = self.place + len(self.states) - 1, self.count + len(self.milestones)
        return Told(self.states[-1:], (), place, count)


async def told_from(connection: Connection, history: CaseHistory, policies: PolicyCache) -> Told:
    """Return what a whole history tells."""
    known = tuple(history)
    case = replay(known)
    if case is None:
        raise LookupError("a case without a history")
    ladder = await policies.ladder(connection, case.procedure)
    return Told(tuple(states(known)), tuple(milestones(known, ladder)))


async def write(connection: Connection, told: Mapping[UUID, Told], policies: PolicyCache) -> None:
    """Write what is told of cases in place of what no longer holds."""
    if not told:
        return
    cases = list(told)
    await connection.execute(_FORGET_SPELLS, (cases, [item.place for item in told.values()]))
    await connection.execute(_FORGET_STEPS, (cases, [item.count for item in told.values()]))
    await add_rows(connection, told, policies)


async def add_rows(
    connection: Connection,
    told: Mapping[UUID, Told],
    policies: PolicyCache,
    tables: tuple[Table, Table] = (SPELLS, STEPS),
) -> None:
    """Add the rows of cases to tables that have none at their places."""
    spell_rows: list[Row] = []
    step_rows: list[Row] = []
    for dispute, item in told.items():
        spells, steps_taken = await rows_of(connection, dispute, item, policies)
        spell_rows += spells
        step_rows += steps_taken
    await copy_into(connection, tables[0], spell_rows)
    await copy_into(connection, tables[1], step_rows)


async def write_history(
    connection: Connection,
    histories: Mapping[UUID, Sequence[Recorded[Event]]],
    intervals: LiteralString,
    milestones: LiteralString,
    policies: PolicyCache,
) -> None:
    """Add the rows of cases by their events to two tables with the columns of this read model."""
    told = {
        case: await told_from(connection, cast("CaseHistory", history), policies)
        for case, history in histories.items()
    }
    tables = (replace(SPELLS, name=intervals), replace(STEPS, name=milestones))
    await add_rows(connection, told, policies, tables)


async def rows_of(
    connection: Connection, dispute: UUID, told: Told, policies: PolicyCache
) -> tuple[list[Row], list[Row]]:
    """Return the rows of what is told of a case: its spells, and its steps."""
    ladder = await policies.ladder(connection, told.case.procedure)
    common = _common(told.case)
    spells = await _spells(connection, told.states, policies)
    return (
        [
            (dispute, place, *common, *_spell(spell, ladder))
            for place, spell in enumerate(spells, start=told.place)
        ],
        [
            (dispute, place, *common, *_step(step, ladder))
            for place, step in enumerate(told.milestones, start=told.count)
        ],
    )


async def _spells(connection: Connection, told: Iterable[State], policies: PolicyCache) -> list[Interval]:
    return [
        Interval(since, until, case, await policies.deadlines(connection, case))
        for since, until, case in ends(told)
    ]


def _common(case: Dispute) -> tuple[object, ...]:
    filed = case.filed
    return (filed.unit, filed.category.value, case.procedure.id, case.procedure.version)


def _spell(spell: Interval, ladder: Ladder) -> Row:
    case, first = spell.case, spell.first_due
    return (
        spell.since,
        spell.until,
        case.status.value,
        case.outcome.value if case.outcome else None,
        case.tier,
        ladder.height(case.tier),
        case.platform,
        array(case.mediators),
        case.number,
        case.version,
        first.due_on if first else None,
        first.kind if first else None,
        spell.provisional,
        f"[{','.join(map(_deadline, spell.deadlines))}]",
    )


def _step(step: Milestone, ladder: Ladder) -> Row:
    return (
        step.kind,
        step.day,
        step.tier,
        ladder.height(step.tier),
        step.platform,
        array(step.mediators),
        step.detail,
        step.held,
        step.held_there,
        step.last_chance,
    )


def _deadline(due: Deadline) -> str:
    provisional = "true" if due.provisional else "false"
    return f'{{"kind":"{due.kind}","due_on":"{due.due_on.isoformat()}","provisional":{provisional}}}'
