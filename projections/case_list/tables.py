"""The tables of the case list: a row a case, and one for each session that was called in it."""

from datetime import UTC, date
from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.expiry import Expiring
from domain.events.dispute import Party
from domain.procedures.deadlines import Deadline
from domain.vocabulary import day_of, folded
from projections.case_list.schemas import CaseItem, PartyItem, PendingView
from projections.runtime.case_cache import FoldedCase, case_of
from projections.runtime.case_facts import pending_of, rules_of, units_of
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
        *("persons", "party_keys", "due_on", "provisional"),
        *("procedure_version", "fires_at", "fires_clock", "last_day"),
        *(
            "filed_on",
            "units",
            "co_units",
            "number_key",
            "title_key",
            "past_keys",
            "parties",
            "pending",
            "rules",
        ),
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
        title_of(dispute),
        list(dispute.mediators),
        dispute.procedure.id,
        filed.occurred_at,
        held.moved_at,
        dispute.version,
        held.opened,
        [party.person for party in dispute.parties],
        sorted(held.people.keys),
        due.due_on if due else None,
        due is not None and due.provisional,
        dispute.procedure.version,
        *(
            (acting.fires_at(dispute.last_recorded_at), acting.clock, acting.deadline.due_on)
            if acting
            else _SILENT
        ),
        *_found_by(held),
    )


def _found_by(held: FoldedCase) -> Row:
    """What a case is sorted and found by, and what its row shows of people."""
    dispute, filed = held.dispute, held.dispute.filed
    return (
        day_of(filed.occurred_at),
        list(units_of(filed)),
        list(filed.co_units),
        folded(dispute.number) if dispute.number else None,
        folded(title_of(dispute)),
        sorted(held.people.past_keys),
        Jsonb([_in_short(party) for party in dispute.parties]),
        Jsonb([item.model_dump(mode="json") for item in pending_of(dispute)]),
        list(rules_of(dispute)),
    )


def title_of(dispute: Dispute) -> str:
    """Return the title of a case; an empty text where it was erased."""
    title = dispute.filed.title
    return title if isinstance(title, str) else ""


def parties_of(dispute: Dispute) -> list[PartyItem]:
    """Return the parties of a case in short."""
    return [PartyItem.model_validate(_in_short(party)) for party in dispute.parties]


def _in_short(party: Party) -> dict[str, str | None]:
    """A party as a row shows it, by the fields of `PartyItem`."""
    name = party.name if isinstance(party.name, str) else None
    return {"id": party.id, "role": party.role, "kind": party.kind, "name": name}


def item_of(stream: UUID, dispute: Dispute, due_on: date | None) -> CaseItem:
    """Return a case of the list by its state."""
    filed = dispute.filed
    return CaseItem(
        id=stream,
        number=dispute.number,
        unit=filed.unit,
        co_units=list(filed.co_units),
        platform=dispute.platform,
        tier=dispute.tier,
        status=dispute.status,
        outcome=dispute.outcome,
        category=filed.category,
        difficulty=filed.difficulty,
        source=filed.source,
        title=title_of(dispute),
        mediators=list(dispute.mediators),
        parties=parties_of(dispute),
        filed_at=filed.occurred_at.astimezone(UTC),
        due_on=due_on,
        pending=[PendingView(kind=item.kind, proposed_by=item.proposed_by) for item in pending_of(dispute)],
        rules=list(rules_of(dispute)),
        version=dispute.version,
    )


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
