"""The tables of the history of cases, and how updates are written: only new rows, together for all cases of a batch."""

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
from projections.case_history.intervals import DatedState, Interval, periods, states
from projections.case_history.milestones import Milestone, milestones
from projections.runtime.case_cache import case_of
from projections.runtime.case_facts import units_of
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Connection, ReadModelTable, Row
from projections.runtime.row_writer import array, copy_into

CaseHistory = Sequence[Recorded[DisputeEvent]]
_DELETE_INTERVALS: Final = """
DELETE FROM case_spells s USING unnest(%s::uuid[], %s::int[]) AS replaced (dispute, place)
WHERE s.dispute = replaced.dispute AND s.place >= replaced.place
"""
_DELETE_MILESTONES: Final = """
DELETE FROM case_steps s USING unnest(%s::uuid[], %s::int[]) AS replaced (dispute, place)
WHERE s.dispute = replaced.dispute AND s.place >= replaced.place
"""
_CASE: Final = ("dispute", "place", "unit", "category", "procedure", "version")
INTERVALS: Final = ReadModelTable(
    "case_spells",
    (
        *_CASE,
        *("since", "until", "status", "outcome", "tier", "height", "platform", "mediators", "number"),
        *("case_version", "due_on", "due_kind", "provisional", "deadlines", "units"),
    ),
    ("dispute", "place"),
    case_of,
)
MILESTONES: Final = ReadModelTable(
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
class HistoryUpdate:
    """An update of a case: its states from the interval `place` on, and its milestones after the first `count`.

    It replaces the rows that were written before at those places.
    """

    states: tuple[DatedState, ...] = ()
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

    def extended(self, day: date, case: Dispute, taken: tuple[Milestone, ...]) -> "HistoryUpdate":
        """Return the update after one more event, of the last day or a later one."""
        kept = self.states[:-1] if self.states and self.day == day else self.states
        return HistoryUpdate((*kept, (day, case)), self.milestones + taken, self.place, self.count)

    @property
    def written(self) -> "HistoryUpdate":
        """The update once it is written: the last state alone, which the next event may still change or end."""
        place, count = self.place + len(self.states) - 1, self.count + len(self.milestones)
        return HistoryUpdate(self.states[-1:], (), place, count)


async def update_from(connection: Connection, history: CaseHistory, policies: PolicyCache) -> HistoryUpdate:
    """Return the update by the whole history of a case; raises LookupError where it is empty."""
    known = tuple(history)
    case = replay(known)
    if case is None:
        raise LookupError("a case without a history")
    ladder = await policies.ladder(connection, case.procedure)
    return HistoryUpdate(tuple(states(known)), tuple(milestones(known, ladder)))


async def write(connection: Connection, updates: Mapping[UUID, HistoryUpdate], policies: PolicyCache) -> None:
    """Write updates of cases in place of the rows that they replace."""
    if not updates:
        return
    cases = list(updates)
    await connection.execute(_DELETE_INTERVALS, (cases, [item.place for item in updates.values()]))
    await connection.execute(_DELETE_MILESTONES, (cases, [item.count for item in updates.values()]))
    await add_rows(connection, updates, policies)


async def add_rows(
    connection: Connection,
    updates: Mapping[UUID, HistoryUpdate],
    policies: PolicyCache,
    tables: tuple[ReadModelTable, ReadModelTable] = (INTERVALS, MILESTONES),
) -> None:
    """Add the rows of updates to tables that have none at their places."""
    interval_rows: list[Row] = []
    milestone_rows: list[Row] = []
    for dispute, item in updates.items():
        intervals, new_milestones = await rows_of(connection, dispute, item, policies)
        interval_rows += intervals
        milestone_rows += new_milestones
    await copy_into(connection, tables[0], interval_rows)
    await copy_into(connection, tables[1], milestone_rows)


async def write_history(
    connection: Connection,
    histories: Mapping[UUID, Sequence[Recorded[Event]]],
    intervals: LiteralString,
    milestones: LiteralString,
    policies: PolicyCache,
) -> None:
    """Add the rows of cases by their events to two tables with the columns of this read model."""
    updates = {
        case: await update_from(connection, cast("CaseHistory", history), policies)
        for case, history in histories.items()
    }
    tables = (replace(INTERVALS, name=intervals), replace(MILESTONES, name=milestones))
    await add_rows(connection, updates, policies, tables)


async def rows_of(
    connection: Connection, dispute: UUID, update: HistoryUpdate, policies: PolicyCache
) -> tuple[list[Row], list[Row]]:
    """Return the rows of an update: its intervals, and its milestones."""
    ladder = await policies.ladder(connection, update.case.procedure)
    common = _common(update.case)
    intervals = await _intervals(connection, update.states, policies)
    return (
        [
            (dispute, place, *common, *_interval_columns(interval, ladder))
            for place, interval in enumerate(intervals, start=update.place)
        ],
        [
            (dispute, place, *common, *_milestone_columns(milestone, ladder))
            for place, milestone in enumerate(update.milestones, start=update.count)
        ],
    )


async def _intervals(
    connection: Connection, dated: Iterable[DatedState], policies: PolicyCache
) -> list[Interval]:
    return [
        Interval(since, until, case, await policies.deadlines(connection, case))
        for since, until, case in periods(dated)
    ]


def _common(case: Dispute) -> tuple[object, ...]:
    filed = case.filed
    return (filed.unit, filed.category.value, case.procedure.id, case.procedure.version)


def _interval_columns(interval: Interval, ladder: Ladder) -> Row:
    case, first = interval.case, interval.first_due
    return (
        interval.since,
        interval.until,
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
        interval.provisional,
        f"[{','.join(map(_deadline, interval.deadlines))}]",
        array(units_of(case.filed)),
    )


def _milestone_columns(milestone: Milestone, ladder: Ladder) -> Row:
    return (
        milestone.kind,
        milestone.day,
        milestone.tier,
        ladder.height(milestone.tier),
        milestone.platform,
        array(milestone.mediators),
        milestone.detail,
        milestone.held,
        milestone.held_there,
        milestone.last_chance,
    )


def _deadline(due: Deadline) -> str:
    provisional = "true" if due.provisional else "false"
    return f'{{"kind":"{due.kind}","due_on":"{due.due_on.isoformat()}","provisional":{provisional}}}'
