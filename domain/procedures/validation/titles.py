"""Titles of a ladder, its tiers and seats: people read them on one line, so they show something and hold no control
characters (rule 24).
"""

from collections.abc import Iterator, Mapping, Sequence

from domain.errors.documents import Flaw, Path
from domain.messages import message
from domain.procedures.validation.raw_document import mapping
from domain.vocabulary import has_control_character, is_invisible


def title_flaws(ladder: Mapping[str, object], tiers: Sequence[Mapping[str, object]]) -> Iterator[Flaw]:
    """Yield titles that show nothing, or hold a control character or a line break."""
    titled: list[tuple[Path, object]] = [(("title",), ladder.get("title"))]
    titled += [(("tiers", place, "title"), tier.get("title")) for place, tier in enumerate(tiers)]
    titled += [(("seats", seat), title) for seat, title in mapping(ladder.get("seats")).items()]
    for path, titles in titled:
        for language, title in mapping(titles).items():
            if isinstance(title, str):
                yield from _flaw((*path, language), title.strip())


def _flaw(path: Path, title: str) -> Iterator[Flaw]:
    if has_control_character(title):
        yield Flaw(path, message("holds a control character or a line break"))
    elif is_invisible(title):
        yield Flaw(path, message("must not be empty"))
