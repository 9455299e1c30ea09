"""Which stream an event belongs to. A dispute's stream is its own id; other streams have ids made from names."""

from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

from domain.events.dispute.ending import DuplicateFound, DuplicateVoided
from domain.events.envelope import Event
from domain.events.mediator import MediatorRegistered
from domain.events.numbering import PatternAssigned
from domain.events.register import NumberIssued, NumbersCarriedOver
from domain.vocabulary import folded

_NAMES: Final = UUID("5f0c4b52-7d0e-5c5b-9a39-6f2b1f3e8d11")


_IMPORTED: Final = UUID("7d1b8f0e-3c52-5b0a-9a55-1f0f5a2c6e43")


@lru_cache(50_000)
def _named(name: str) -> UUID:
    return uuid5(_NAMES, name)


def unit_stream(unit: str) -> UUID:
    """Return the stream of a unit."""
    return _named(f"unit:{unit}")


def platform_stream(unit: str) -> UUID:
    """Return the stream of the platform of a unit."""
    return _named(f"platform:{unit}")


def mediator_stream(mediator: str) -> UUID:
    """Return the stream that registers a mediator's id."""
    return _named(f"mediator:{mediator}")


def register_stream(unit: str, year: int) -> UUID:
    """Return the stream of a platform's register for one year."""
    return _named(f"register:{unit}:{year}")


def procedure_stream(procedure: str) -> UUID:
    """Return the stream of a procedure and all its versions."""
    return _named(f"procedure:{procedure}")


def calendar_stream(year: int) -> UUID:
    """Return the stream of one year's official calendar."""
    return _named(f"calendar:{year}")


def numbering_stream(_: None = None) -> UUID:
    """Return the one stream that says which register a pattern of case numbers belongs to."""
    return _named("numbering")


def imported_case_stream(number: str) -> UUID:
    """Return the stream of the case that was brought in with a number; spellings of one number are one case (rule 25)."""
    return uuid5(_IMPORTED, folded(number))


def stream_of(event: Event, main: UUID) -> UUID:
    """Return where an event belongs that a command to the stream `main` brought about."""
    match event:
        case NumberIssued() | NumbersCarriedOver():
            return register_stream(event.register_of, event.year)
        case MediatorRegistered():
            return mediator_stream(event.mediator)
        case PatternAssigned():
            return numbering_stream()
        case DuplicateFound() | DuplicateVoided():
            return event.dispute
        case _:
            return main
