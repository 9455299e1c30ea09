"""Who was stated to have been called to a session, and which parties were there, themselves or by an agent."""

from collections.abc import Iterable, Iterator

from domain.events.dispute import Attendee


def people_stated(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return everybody who was named, whether they came or not; whose name was erased is left out."""
    return tuple(item.who for item in attendance if isinstance(item.who, str))


def parties_represented(attendance: Iterable[Attendee]) -> tuple[str, ...]:
    """Return the ids of the parties that came, or for which an agent came."""
    return tuple(parties_called(item for item in attendance if item.present))


def parties_called(attendance: Iterable[Attendee]) -> Iterator[str]:
    """Yield the ids of the parties that were called, themselves or by an agent."""
    for item in attendance:
        if item.as_ == "party" and isinstance(item.who, str):
            yield item.who
        elif item.for_ is not None:
            yield item.for_
