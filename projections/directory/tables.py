"""The tables of units, platforms and mediators."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from domain.events import streams
from projections.runtime.projection import Table


def unit_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a unit's row."""
    return streams.unit_stream(str(row["unit"]))


def platform_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a platform's row, or of a mediator's."""
    return streams.platform_stream(str(row["unit"]))


UNITS: Final = Table("units", ("unit", "title", "kind"), ("unit",), unit_of)


PLATFORMS: Final = Table(
    "platforms",
    ("unit", "tier", "title", "number_pattern", "convener", "panel", "groups"),
    ("unit",),
    platform_of,
)


MEDIATORS: Final = Table(
    "mediators",
    ("unit", "mediator", "name", "kind", "appointed_on", "term_ends_on"),
    ("unit", "mediator"),
    platform_of,
)
