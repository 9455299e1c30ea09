"""The tables of units and platforms."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from domain.events import streams
from projections.runtime.projection import ReadModelTable


def unit_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a unit's row."""
    return streams.unit_stream(str(row["unit"]))


def platform_of(row: Mapping[str, object]) -> UUID:
    """Return the stream of a platform's row."""
    return streams.platform_stream(str(row["unit"]))


UNITS: Final = ReadModelTable("units", ("unit", "title", "kind"), ("unit",), unit_of)


PLATFORMS: Final = ReadModelTable(
    "platforms",
    ("unit", "tier", "title", "number_pattern", "convener", "panel", "groups"),
    ("unit",),
    platform_of,
)
