"""The parties that a fact of a dispute names."""

from collections.abc import Iterator

from domain.aggregates.dispute.attendance import parties_called
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent


def parties_named(event: DisputeEvent) -> Iterator[str]:
    """Yield the ids of the parties that the fact names."""
    match event:
        case events.SessionRecorded():
            yield from parties_called(event.attendance)
        case events.PartyAmended():
            yield event.party.id
        case events.AgreementDrafted():
            for term in event.terms:
                yield from (term.debtor, term.creditor)
        case events.AgreementSigned() if event.party is not None:
            yield event.party
        case events.PartyRefused() | events.Withdrawn() | events.PartyLeft():
            yield event.party
        case events.TimeExtended() | events.AgreementRescinded():
            yield from event.consents
        case events.ConfirmationRequested():
            yield from event.applicants
        case _:
            pass
