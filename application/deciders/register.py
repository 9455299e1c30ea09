"""Registers of case numbers. Accepting a dispute issues a number; no command is for a register itself."""

from typing import Final
from uuid import UUID

from application.stream_cache import StreamKind, by_event
from domain.aggregates import register
from domain.events.register import NumberIssued, NumbersCarriedOver
from domain.events.streams import register_stream


def _stream(key: tuple[str, int]) -> UUID:
    return register_stream(*key)


REGISTERS: Final = StreamKind(
    "register",
    _stream,
    by_event(register.evolve),
    (NumberIssued, NumbersCarriedOver),
    reference=False,
)
"""The register of a platform's unit and a year."""
