"""Who was stated to have been called to a session, and which parties were there, themselves or by an agent."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.events.dispute import Attendee


class Presence(NamedTuple):
    """The seats for which somebody came, everybody who was named, and the parties that came or for which an agent did.

    Whose name was erased is left out.
    """

    seats: frozenset[str]
    people: tuple[str, ...]
    parties: tuple[str, ...]


def presence(attendance: Iterable[Attendee]) -> Presence:
    """Return who was at a session, and who was called."""
    seats: list[str] = []
    people: list[str] = []
    parties: list[str] = []
    for item in attendance:  # in one pass: every session that is folded comes through here
        if isinstance(item.who, str):
            people.append(item.who)
        if item.present:
            if (party := _party_of(item)) is not None:
                parties.append(party)
            if item.seat is not None:
                seats.append(item.seat)
    return Presence(frozenset(seats), tuple(people), tuple(parties))


def parties_called(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return the ids of the parties that were called, themselves or by an agent."""
    return tuple([party for item in attendance if (party := _party_of(item)) is not None])


def _party_of(item: Attendee) -> str | None:
    """The id of the party that somebody is, or acts for; None for others, and for a party that was erased."""
    party = item.who if item.as_ == "party" else item.for_
    return party if isinstance(party, str) else None
