"""Upcasters: turn the payload of an old topic into that of the next one when it is read. Stored events never change."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

Payload = dict[str, JsonValue]
Upcaster = Callable[[Payload], Payload]
"""Turns the payload of one version into that of the next."""


def closed_v1(v2: Payload) -> Payload:
    """Keep the payload: version 1 may hold the reason, too."""
    return v2


def procedure_published_v2(v1: Payload) -> Payload:
    """Add whether a tier's platforms are statutory committees: in version 1 all but those of compounds were (PML 8)."""
    ladder = _object(v1["ladder"])
    tiers = ladder["tiers"]
    if not isinstance(tiers, list):
        raise TypeError("expected a list of tiers")
    with_committee: list[JsonValue] = [
        {**tier, "committee": tier["name"] != "compound"} for tier in map(_object, tiers)
    ]
    return {**v1, "ladder": {**ladder, "tiers": with_committee}}


def procedure_published_v3(v2: Payload) -> Payload:
    """Keep the payload: version 3 has further optional fields, and their defaults are what version 2 meant."""
    return v2


UPCASTERS: Final[Mapping[str, tuple[str, Upcaster]]] = {
    "dispute.closed.v2": ("dispute.closed.v1", closed_v1),
    "procedure.published.v1": ("procedure.published.v2", procedure_published_v2),
    "procedure.published.v2": ("procedure.published.v3", procedure_published_v3),
}
"""By old topic: the next topic, and the function that makes its payload."""


def _object(value: JsonValue) -> Payload:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return value
