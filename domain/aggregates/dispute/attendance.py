"""Who was stated to have been called to a session, and which parties were there, themselves or by an agent."""

from collections.abc import Iterable

from domain.events.dispute import Attendee


def people_stated(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return everybody who was named, whether they came or not; whose name was erased is left out."""
    return tuple([item.who for item in attendance if isinstance(item.who, str)])


def parties_represented(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return the ids of the parties that came, or for which an agent came."""
    return parties_called([item for item in attendance if item.present])


def parties_called(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return the ids of the parties that were called, themselves or by an agent."""
    called = [item.who if item.as_ == "party" else item.for_ for item in attendance]
    return tuple([party for party in called if isinstance(party, str)])
