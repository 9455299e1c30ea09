"""The differences between two versions of a procedure, field by field; tiers are identified by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from domain.procedures.ladder import Ladder
from domain.procedures.validation.time_limits import LONGEST

_Fields = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class LadderDifference:
    """A field by its path, such as `tiers.community.failed_sessions`, before and after; None where it was not there."""

    path: str
    before: JsonValue
    after: JsonValue


def differences(before: Ladder, after: Ladder) -> tuple[LadderDifference, ...]:
    """Return what differs, in the order of a ladder's fields; a changed order of tiers comes last, as `tiers`."""
    found = list(_between(_fields(before), _fields(after), ""))
    if _order(before, after) != _order(after, before):
        found.append(LadderDifference("tiers", list(before.tier_names), list(after.tier_names)))
    return tuple(found)


def _fields(ladder: Ladder) -> _Fields:
    fields = cast("dict[str, JsonValue]", ladder.model_dump(mode="json"))
    return {**fields, "tiers": {tier.name: tier.model_dump(mode="json") for tier in ladder.tiers}}


def _order(ladder: Ladder, other: Ladder) -> list[str]:
    """The tiers that both have, as one of them orders them."""
    return [name for name in ladder.tier_names if name in other.tier_names]


def _between(
    before: JsonValue | _Fields, after: JsonValue | _Fields, path: str
) -> Iterator[LadderDifference]:
    if before == after:
        return
    if _is_opened(before) and _is_opened(after):
        left, right = cast("_Fields", before), cast("_Fields", after)
        for name in dict.fromkeys((*left, *right)):
            yield from _between(left.get(name), right.get(name), f"{path}.{name}" if path else name)
    else:
        yield LadderDifference(path, cast("JsonValue", before), cast("JsonValue", after))


def _is_opened(value: JsonValue | _Fields) -> bool:
    """Whether a value is looked into; a time limit is one value."""
    return isinstance(value, Mapping) and not set(LONGEST).intersection(value)
