"""Panels: defined seats, each once, and a quorum that the panel can reach."""

from collections.abc import Iterator, Mapping, Sequence

from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.validation.raw_document import integer, mapping, sequence
from domain.vocabulary import Seat


def panel_flaws(ladder: Mapping[str, object], tiers: Sequence[Mapping[str, object]]) -> Iterator[Flaw]:
    """Yield seats that are not defined or listed twice, and quorums larger than the panel."""
    defined = {*Seat, *mapping(ladder.get("seats"))}
    for place, tier in enumerate(tiers):
        panel = sequence(tier.get("panel"))
        yield from _seats(("tiers", place, "panel"), panel, defined)
        yield from _quorum(("tiers", place), tier, len(panel))


def _seats(path: Path, panel: Sequence[object], defined: set[str]) -> Iterator[Flaw]:
    for place, seat in enumerate(panel):
        if not isinstance(seat, str):
            continue
        if seat not in defined:
            yield Flaw(
                (*path, place),
                message("nobody knows the seat {name}; a seat of your own stands under seats", name=seat),
            )
        elif seat in panel[:place]:
            yield Flaw((*path, place), message("the seat {name} stands twice", name=seat))


def _quorum(path: Path, tier: Mapping[str, object], seats: int) -> Iterator[Flaw]:
    quorum = integer(tier.get("quorum"))
    if quorum is not None and not seats:
        yield Flaw((*path, "quorum"), message("there is no panel of which seats could be taken"))
    elif quorum is not None and quorum > seats:
        yield Flaw((*path, "quorum"), message("the panel has only {seats} seats", seats=seats))
    if tier.get("missing_seats") == "refuse" and not seats:
        yield Flaw((*path, "missing_seats"), message("there is no panel of which seats could be taken"))
