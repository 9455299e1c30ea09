"""The tables of the case list: a row a case, and one for each session that was called in it."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.expiry import Expiring
from domain.events.dispute import Party
from domain.procedures.deadlines import Deadline
from domain.vocabulary import folded, folded_number
from projections.runtime.case_cache import FoldedCase, case_of
from projections.runtime.projection import ReadModelTable, Row

CASELOAD: Final = ReadModelTable(
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
        *("persons", "party_keys", "number_key", "title_key", "due_on", "provisional"),
        *("procedure_version", "fires_at", "fires_clock", "last_day"),
    ),
    ("dispute",),
    case_of,
)
APPOINTMENTS: Final = ReadModelTable(
    "appointments",
    ("dispute", "number", "at", "place", "place_key", "method", "state"),
    ("dispute", "number"),
    case_of,
)

_SILENT: Final = (None, None, None)


def case_row(stream: UUID, held: FoldedCase, due: Deadline | None, acting: Expiring | None) -> Row:
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
        folded(dispute.number) if dispute.number else None,
        folded(filed.title) if isinstance(filed.title, str) else "",
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
    """Names and numbers by which a case is found, each whole and folded: who searches must know them (rule 24)."""
    for party in parties:
        names = (folded(key) for key in (party.name,) if isinstance(key, str))
        numbers = (folded_number(key) for key in (party.phone, party.id_number) if isinstance(key, str))
        yield from (key for key in (*names, *numbers) if key)


def appointment_rows(stream: UUID, dispute: Dispute) -> list[Row]:
    """Return the rows of the sessions that were called in a case, as they stand now."""
    return [
        (
            stream,
            item.number,
            item.at,
            item.place if isinstance(item.place, str) else None,
            folded(item.place) if isinstance(item.place, str) else None,
            item.method.value,
            item.standing(dispute.status, dispute.stay_index, dispute.moved_on),
        )
        for item in dispute.appointments
        if item.state != "retracted"
    ]
