"""Validation of a new ladder, on the raw document: reports every error at once, also in a document that does not parse.

The model checks each field by itself; these rules check fields against each other. They are not part of the model,
because ladders that were published under older rules must stay readable.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.validation.panels import panel_flaws
from domain.procedures.validation.raw_document import integer, mapping, sequence
from domain.procedures.validation.reachability import reachability_flaws
from domain.procedures.validation.time_limits import expiry_flaws, time_limit_flaws
from domain.procedures.validation.titles import title_flaws
from domain.vocabulary import Difficulty

LEAST_APPROVALS: Final = 2
"""Nothing is lifted by one person alone (S0 集体议事; rule 7)."""


def ladder_flaws(document: object) -> Iterator[Flaw]:
    """Yield everything that is wrong with what a ladder's document means."""
    ladder = mapping(document)
    tiers = [mapping(item) for item in sequence(ladder.get("tiers"))]
    yield from _names(tiers)
    yield from _entries(ladder, tiers)
    for place, tier in enumerate(tiers):
        yield from time_limit_flaws(("tiers", place), tier, "accept_within")
        yield from time_limit_flaws(("tiers", place), tier, "mediate_within")
        yield from expiry_flaws(("tiers", place), tier)
    yield from reachability_flaws(ladder, tiers)
    yield from panel_flaws(ladder, tiers)
    yield from title_flaws(ladder, tiers)
    yield from _approvals(ladder)
    yield from time_limit_flaws((), ladder, "follow_up_within", several=True)


def _names(tiers: list[Mapping[str, object]]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for place, tier in enumerate(tiers):
        name = tier.get("name")
        if isinstance(name, str) and name in seen:
            yield Flaw(("tiers", place, "name"), message("another tier is called {name} already", name=name))
        elif isinstance(name, str):
            seen.add(name)


def _entries(ladder: Mapping[str, object], tiers: list[Mapping[str, object]]) -> Iterator[Flaw]:
    names = [tier.get("name") for tier in tiers]
    entry, by_category = ladder.get("entry"), mapping(ladder.get("entry_by_category"))
    if isinstance(entry, Mapping):
        for difficulty in Difficulty:
            if difficulty not in entry:
                yield Flaw(
                    ("entry", difficulty.value), message("is left out: every difficulty needs its tier")
                )
    parts: list[tuple[Path, object]] = [(("entry",), entry)]
    parts += [(("entry_by_category", category), item) for category, item in by_category.items()]
    for where, entries in parts:
        for rated, name in mapping(entries).items():
            if isinstance(name, str) and name not in names:
                yield Flaw((*where, rated), message("the ladder has no tier {name}", name=name))


def _approvals(ladder: Mapping[str, object]) -> Iterator[Flaw]:
    approvals = integer(mapping(ladder.get("bypass")).get("approvals"))
    if approvals is not None and approvals < LEAST_APPROVALS:
        yield Flaw(
            ("bypass", "approvals"),
            message("must be at least {limit}: nobody lifts a case alone", limit=LEAST_APPROVALS),
        )
