"""The case list: one row a dispute."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final
from uuid import UUID

from domain.aggregates.dispute.expiry import Expiring
from domain.events.calendar import CalendarPublished
from domain.events.dispute import Party
from domain.events.envelope import Event, Recorded
from domain.procedures.deadlines import Deadline
from projections.runtime.case_cache import CASES, CaseCache, Folded, case_of, folded
from projections.runtime.projection import Connection, Row, Table
from projections.runtime.row_writer import put
from store.postgres.typed import typed

CASELOAD: Final = Table(
    "caseload",
    (
        *("dispute", "number", "unit", "platform", "platforms", "tier", "status", "outcome", "category"),
        *(
            "difficulty",
            "source",
            "title",
            "mediators",
            "procedure",
            "filed_at",
            "moved_at",
            "version",
            "opened",
        ),
        *("persons", "party_keys", "due_on", "provisional"),
        *("procedure_version", "fires_at", "fires_clock", "last_day"),
    ),
    ("dispute",),
    case_of,
)


_SILENT: Final = (None, None, None)


class CaseListProjection:
    """Keeps the case list. The rows are views of the same fold that decides, so they cannot disagree with it."""

    NAME: ClassVar[str] = "caseload"
    TABLES: ClassVar[tuple[Table, ...]] = (CASELOAD,)
    OPENINGS: ClassVar[tuple[str, ...]] = CASES

    def __init__(self, folds: CaseCache | None = None) -> None:
        self._folds = folds or CaseCache()

    async def apply(self, connection: Connection, batch: Sequence[Recorded[Event]]) -> None:
        """Write the rows of the disputes that the batch touches."""
        touched = (await self._folds.advanced(connection, batch)).touched
        if any(isinstance(item.event, CalendarPublished) for item in batch):
            self._folds.policies.forget()
            touched = await self._provisional(connection) | touched
        rows = [await self._row(connection, stream, held) for stream, held in touched.items()]
        await put(connection, CASELOAD, rows)

    async def rows(
        self, connection: Connection, history: Sequence[Recorded[Event]], until: int
    ) -> Sequence[Sequence[Row]]:
        """Return the row of a case by its whole history."""
        self._folds.policies.until = until
        held = folded(history)
        return ([await self._row(connection, history[0].stream, held)],)

    async def _row(self, connection: Connection, stream: UUID, held: Folded) -> Row:
        policies = self._folds.policies
        due = await policies.first_due(connection, held.dispute)
        return case_row(stream, held, due, await policies.expiring(connection, held.dispute))

    async def _provisional(self, connection: Connection) -> dict[UUID, Folded]:
        """The disputes whose due day rests on a calendar that was not published when it was reckoned."""
        found = await connection.execute("SELECT dispute, version FROM caseload WHERE provisional")
        ends = {typed(UUID, row[0]): typed(int, row[1]) + 1 for row in await found.fetchall()}
        return await self._folds.read(connection, ends)


def case_row(stream: UUID, held: Folded, due: Deadline | None, acting: Expiring | None) -> Row:
    """Return the row of a case of which this is due first, and this does something by itself."""
    dispute, filed = held.dispute, held.dispute.filed
    return (
        stream,
        dispute.number,
        filed.unit,
        dispute.platform,
        list(dispute.platforms),
        dispute.tier,
        dispute.status.value,
        dispute.outcome.value if dispute.outcome else None,
        filed.category.value,
        filed.difficulty.value if filed.difficulty else None,
        filed.source.value,
        filed.title if isinstance(filed.title, str) else "",
        list(dispute.mediators),
        dispute.procedure.id,
        filed.occurred_at,
        held.moved_at,
        dispute.version,
        held.opened,
        [party.person for party in dispute.parties],
        sorted(set(_keys(dispute.parties))),
        due.due_on if due else None,
        due is not None and due.provisional,
        dispute.procedure.version,
        *(
            (acting.fires_at(dispute.last_recorded_at), acting.clock, acting.deadline.due_on)
            if acting
            else _SILENT
        ),
    )


def _keys(parties: Sequence[Party]) -> Iterator[str]:
    """Names and numbers by which a case is found, each whole: who searches must know them."""
    for party in parties:
        yield from (key for key in (party.name, party.phone, party.id_number) if isinstance(key, str))
