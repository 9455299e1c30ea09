"""How the payload of an old topic becomes that of the next. What was recorded stays; it is only read anew."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

Payload = dict[str, JsonValue]
Upcaster = Callable[[Payload], Payload]
"""Turns the payload of one version into that of the next."""


def closed_v2(v1: Payload) -> Payload:
    """A closing tells its reason where no other event does; before, no closing was without such an event."""
    return {**v1, "reason": None}


def procedure_published_v2(v1: Payload) -> Payload:
    """A tier says whether its platforms are statutory committees; before, all were but those of compounds (PML 8)."""
    ladder = _object(v1["ladder"])
    tiers = ladder["tiers"]
    if not isinstance(tiers, list):
        raise TypeError("expected a list of tiers")
    told: list[JsonValue] = [
        {**tier, "committee": tier["name"] != "compound"} for tier in map(_object, tiers)
    ]
    return {**v1, "ladder": {**ladder, "tiers": told}}


def procedure_published_v3(v2: Payload) -> Payload:
    """A ladder may say more: what it leaves out is as it was before."""
    return v2


UPCASTERS: Final[Mapping[str, tuple[str, Upcaster]]] = {
    "dispute.closed.v1": ("dispute.closed.v2", closed_v2),
    "procedure.published.v1": ("procedure.published.v2", procedure_published_v2),
    "procedure.published.v2": ("procedure.published.v3", procedure_published_v3),
}
"""By old topic: the topic it becomes, and how."""


def _object(value: JsonValue) -> Payload:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return value
