"""What several read models say of a case: whose it is, what waits in it, which rules moved it."""

from functools import lru_cache
from typing import Final

from pydantic import BaseModel

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.state import BYPASS
from domain.events.dispute import Filed
from domain.jurisdiction.units import with_ancestors
from domain.vocabulary import Status, folded

_PROPOSED: Final = "Proposed"


class PendingItem(BaseModel):
    """What waits for a second person. `people` may not decide on it: whoever proposed it or agreed already, folded."""

    kind: str
    proposed_by: str
    people: list[str]


def units_of(filed: Filed) -> tuple[str, ...]:
    """Return the units whose case it is (rule 16)."""
    return case_units(filed.unit, filed.co_units)


@lru_cache(maxsize=4_096)
def case_units(unit: str, co_units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the units whose case it is: its own and its co-units, with all above them (rule 16)."""
    return tuple(dict.fromkeys(above for item in (unit, *co_units) for above in with_ancestors(item)))


def pending_of(dispute: Dispute) -> tuple[PendingItem, ...]:
    """Return what waits for a second person in a case."""
    return tuple(
        PendingItem(
            kind=type(proposal).__name__.removesuffix(_PROPOSED).lower(),
            proposed_by=proposal.proposed_by,
            people=sorted({*map(folded, (proposal.proposed_by, *_endorsers(dispute, subject)))}),
        )
        for subject, proposal in dispute.proposals.items()
    )


def _endorsers(dispute: Dispute, subject: object) -> tuple[str, ...]:
    return dispute.endorsed_by if subject == BYPASS else ()


def rules_of(dispute: Dispute) -> tuple[str, ...]:
    """Return the rules that moved or closed a case; what was voided moved nothing."""
    moves = [item.because for item in dispute.escalations if not item.voided]
    ends = [dispute.closed_because] if dispute.status is Status.CLOSED else []
    return tuple(dict.fromkeys(because.rule.value for because in (*moves, *ends) if because))
