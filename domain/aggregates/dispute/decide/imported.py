"""Importing a case from before the system (rule 17)."""

from typing import Final

from domain.commands.dispute import ImportDispute
from domain.errors import UnknownParty
from domain.events.dispute import Filed, Imported
from domain.messages import message
from domain.vocabulary import start_of

_COPIED_FIELDS: Final = {
    "number",
    "mediators",
    "accepted_at",
    "sessions",
    "agreement",
    "outcome",
    "closed_at",
}


def imported_case(command: ImportDispute, filed: Filed) -> Imported:
    """Return the fact of an imported case; raises UnknownParty where its agreement names no party of the case."""
    agreement = command.agreement
    if agreement is not None:
        named = {party for term in agreement.terms for party in (term.debtor, term.creditor)}
        for party in named - {item.id for item in filed.parties}:
            raise UnknownParty(message("the case has no party {party}", party=party), field="agreement.terms")
    times = (command.accepted_at, start_of(agreement.effective_on) if agreement else None, command.closed_at)
    return Imported(
        filed=filed,
        **command.model_dump(include=_COPIED_FIELDS),
        status=command.status,
        occurred_at=max(item for item in times if item),
    )
