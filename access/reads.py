"""A look at a case: who read what of which case, as what, why, and whether it was shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.events.envelope import Actor

ReadKind = Literal["state", "history", "why", "diff", "attachment", "search", "export"]
"""What was read: a case as it stands or stood, its events, the reasons of its moves, the difference between two points,
a file; or a hit of a search by people, a row of the ledger."""
ReadDecision = Literal["allowed", "refused"]


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One look at one case; `purpose` is what the reader said it was for."""

    at: datetime
    reader: Actor
    dispute: UUID
    what: ReadKind
    purpose: str | None = None
    decision: ReadDecision = "allowed"
