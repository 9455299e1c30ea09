"""Where a case begins under a ladder (rule 1)."""

from domain.aggregates.dispute import World
from domain.events.dispute import Filed
from domain.procedures.ladder import Ladder

Start = tuple[str, str]
"""A tier and the unit of its platform."""


def begin_alike(ladder: Ladder, other: Ladder) -> bool:
    """Say whether every case begins at the same tier under both ladders, so that nobody needs to look for it."""
    return (
        ladder.entry == other.entry
        and ladder.entry_by_category == other.entry_by_category
        and ladder.tier_names == other.tier_names
    )


def start(filed: Filed, pinned: Ladder, world: World) -> Start | None:
    """Return where the world's ladder has a case begin; None where no platform covers it there or above.

    A tier that people named, above where the ladder `pinned` to the case would have had it begin, stays named where
    the world's ladder has it and does not itself begin higher.
    """
    ladder = world.ladder
    tier = ladder.entry_tier(filed.difficulty, filed.category)
    named = _named(filed, pinned, world)
    if named in ladder.tier_names and ladder.height(named) > ladder.height(tier):
        tier = named
    return _first(filed, tier, ladder, world)


def _named(filed: Filed, pinned: Ladder, world: World) -> str:
    """The tier that people named; nothing where the case began where its ladder had it begin."""
    entry = _first(filed, pinned.entry_tier(filed.difficulty, filed.category), pinned, world)
    if entry is None or filed.tier not in pinned.tier_names:
        return ""
    return filed.tier if pinned.height(filed.tier) > pinned.height(entry[0]) else ""


def _first(filed: Filed, tier: str, ladder: Ladder, world: World) -> Start | None:
    found = world.first_platform(filed.unit, (tier, *ladder.above(tier)))
    return None if found is None else (found[0], found[1].unit)
