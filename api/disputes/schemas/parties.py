"""The parties of a case, as JSON."""

from datetime import date

from pydantic import BaseModel

from domain.aggregates.dispute import Dispute
from domain.events.dispute import Party, PartyLeft
from domain.events.dispute.parties import Leaving
from domain.vocabulary import day_of


class DepartureView(BaseModel):
    """That a party left for itself: by refusing or by withdrawing, and on which day."""

    how: Leaving
    on: date


class PartyView(Party):
    """A party as it stands; `left` where it went for itself and the others go on."""

    left: DepartureView | None


def party_views(dispute: Dispute) -> list[PartyView]:
    """Present the parties, those that left among them."""
    return [
        PartyView(**dict(party), left=_left(dispute.departures.get(party.id))) for party in dispute.parties
    ]


def _left(departure: PartyLeft | None) -> DepartureView | None:
    return DepartureView(how=departure.how, on=day_of(departure.occurred_at)) if departure else None
