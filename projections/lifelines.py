"""Keeps the life of each case by days, and the steps that figures count: what every question of a past day rests on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar, Final, cast
from uuid import UUID

from psycopg.types.json import Jsonb

from domain.events.dispute import DisputeEvent, Filed, Imported
from domain.events.envelope import Event, Recorded
from domain.events.policy import CalendarPublished
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from projections.lifeline import Spell, spells, years_of
from projections.policies import Policies
from projections.projection import Connection
from projections.steps import Step, steps
from store.columns import a
from store.following import histories

_FORGET_SPELLS: Final = "DELETE FROM case_spells WHERE dispute = ANY(%s)"
_FORGET_STEPS: Final = "DELETE FROM case_steps WHERE dispute = ANY(%s)"
_COPY_SPELLS: Final = """
COPY case_spells (dispute, place, unit, category, procedure, version, since, until, status, outcome, tier, height,
                  platform, mediators, number, case_version, due_on, due_kind, provisional, deadlines) FROM STDIN
"""
_COPY_STEPS: Final = """
COPY case_steps (dispute, place, unit, category, procedure, version, kind, day, tier, height, platform, mediators,
                 detail, held, held_there, last_chance) FROM STDIN
"""
_PROVISIONAL: Final = "SELECT DISTINCT dispute FROM case_spells WHERE provisional"
CaseHistory = Sequence[Recorded[DisputeEvent]]


class Lifelines:
    """Writes the spells and steps of every case that a batch touches anew, from its whole history."""

    NAME: ClassVar[str] = "lifelines"

    def __init__(self) -> None:
        self._policies = Policies()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Bring the rows of the cases that the batch touches to its end."""
        last = batch[-1].position
        touched = {each.stream for each in batch if each.topic.startswith("dispute.")}
        if any(isinstance(each.event, CalendarPublished) for each in batch):
            self._policies = Policies()
            touched |= await _provisional(connection)
        if not touched:
            return
        await connection.execute(_FORGET_SPELLS, (list(touched),))
        await connection.execute(_FORGET_STEPS, (list(touched),))
        found = await histories(connection, list(touched))
        known = {
            dispute: [each for each in history if each.position <= last] for dispute, history in found.items()
        }
        await write(connection, cast("dict[UUID, CaseHistory]", known), self._policies)


async def write(connection: Connection, known: dict[UUID, CaseHistory], policies: Policies) -> None:
    """Write the spells and steps of cases of which nothing is written yet, as far as their histories are known."""
    spell_rows: list[tuple[object, ...]] = []
    step_rows: list[tuple[object, ...]] = []
    for dispute, history in known.items():
        about = _filed(history)
        ladder = await policies.ladder(connection, about.procedure)
        years = years_of(tuple(history))
        calendars = {year: await policies.calendar(connection, year) for year in years}
        common = (about.unit, about.category.value, about.procedure.id, about.procedure.version)
        lived = spells(tuple(history), ladder, calendars)
        spell_rows += ((dispute, *row) for row in _spell_rows(common, lived, ladder))
        step_rows += ((dispute, *row) for row in _step_rows(common, steps(tuple(history), ladder), ladder))
    await _copy(connection, _COPY_SPELLS, spell_rows)
    await _copy(connection, _COPY_STEPS, step_rows)


async def _provisional(connection: Connection) -> set[UUID]:
    """The cases with a due day that rests on a calendar which was not published when it was reckoned."""
    found = await connection.execute(_PROVISIONAL)
    return {a(UUID, row[0]) for row in await found.fetchall()}


async def _copy(connection: Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            await copy.write_row(row)


def _filed(history: CaseHistory) -> Filed:
    first = history[0].event
    return first.filed if isinstance(first, Imported) else cast("Filed", first)


def _spell_rows(
    common: tuple[object, ...], lived: Iterable[Spell], ladder: Ladder
) -> Iterator[tuple[object, ...]]:
    for place, each in enumerate(lived):
        yield (
            place,
            *common,
            each.since,
            each.until,
            each.status.value,
            each.outcome.value if each.outcome else None,
            each.tier,
            ladder.height(each.tier),
            each.platform,
            list(each.mediators),
            each.number,
            each.version,
            *_due(each.first_due),
            each.provisional,
            Jsonb([_deadline(due) for due in each.deadlines]),
        )


def _step_rows(
    common: tuple[object, ...], taken: Iterable[Step], ladder: Ladder
) -> Iterator[tuple[object, ...]]:
    for place, each in enumerate(taken):
        yield (
            place,
            *common,
            each.kind,
            each.day,
            each.tier,
            ladder.height(each.tier),
            each.platform,
            list(each.mediators),
            each.detail,
            each.held,
            each.held_there,
            each.last_chance,
        )


def _due(due: Deadline | None) -> tuple[date | None, str | None]:
    return (due.due_on, due.kind) if due else (None, None)


def _deadline(due: Deadline) -> dict[str, object]:
    return {"kind": due.kind, "due_on": due.due_on.isoformat(), "provisional": due.provisional}
