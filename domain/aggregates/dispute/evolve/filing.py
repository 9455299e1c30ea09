"""A dispute is filed."""

from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import Filed
from domain.vocabulary import Status, day_of


def open_filed(event: Filed) -> Dispute:
    """Return the dispute as it was filed."""
    return Dispute(
        filed=event,
        procedure=event.procedure,
        parties=event.parties,
        status=Status.FILED,
        tier=event.tier,
        platform=event.platform,
        platforms=(event.platform,),
        waiting_since=event.occurred_at,
        moved_on=day_of(event.occurred_at),
    )
