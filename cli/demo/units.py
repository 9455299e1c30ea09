"""The street: one centre, eight communities, fifty compounds, and the 336 people who mediate there.

What `street.yaml` describes stays as it is; the rest is generated around it, always the same. All names are invented.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final, cast

import yaml
from pydantic import JsonValue

from domain.commands.platform import DescribePlatform, MediatorTerm
from domain.commands.unit import DescribeUnit
from domain.vocabulary import MediatorKind

ROOT: Final = "dongguang"
COMPOUNDS: Final = (7, 7, 6, 6, 6, 6, 6, 6)
"""How many compounds each community has."""
AT_THE_STREET: Final = 16
AT_A_COMMUNITY: Final = 12
AT_A_COMPOUND: Final = 4
COMPOUNDS_WITH_ONE_MORE: Final = 24
_TERM: Final = (date(2025, 1, 1), date(2027, 12, 31))
_DIGITS: Final = "〇一二三四五六七八九"
_KINDS: Final[Mapping[str, tuple[MediatorKind, ...]]] = {
    "street": ("full_time", "lawyer", "invited"),
    "community": ("full_time", "part_time", "part_time", "lawyer"),
    "compound": ("part_time", "part_time", "invited"),
}


def street_document() -> Mapping[str, list[dict[str, JsonValue]]]:
    """Return the units and platforms that the file describes."""
    text = Path(__file__).with_name("street.yaml").read_text(encoding="utf-8")
    return cast(
        "Mapping[str, list[dict[str, JsonValue]]]", json.loads(json.dumps(yaml.safe_load(text), default=str))
    )


def units() -> list[DescribeUnit]:
    """Return every unit, each after the one above it."""
    known = {str(item["unit"]): DescribeUnit.model_validate(item) for item in street_document()["units"]}
    communities = [
        _unit(unit, f"第{numeral(number)}社区", "community")
        for number, unit in enumerate(_communities(), start=1)
    ]
    compounds = [_unit(unit, f"{numeral(number)}号院", "compound") for number, unit in _numbered_compounds()]
    return [known.get(item.unit, item) for item in (known[ROOT], *communities, *compounds)]


def platforms() -> list[DescribePlatform]:
    """Return the platform of every unit with everybody who mediates there."""
    known = {item.unit: item for item in map(DescribePlatform.model_validate, street_document()["platforms"])}
    people = count(start=sum(len(item.mediators) for item in known.values()) + 1)
    pattern = known[f"{ROOT}.c01"]
    made = [
        known[ROOT],
        *(
            known.get(unit) or _committee(unit, number, pattern)
            for number, unit in enumerate(_communities(), start=1)
        ),
        *(known.get(unit) or _group(unit, number) for number, unit in _numbered_compounds()),
    ]
    sizes = _sizes()
    return [_staffed(item, sizes[item.unit], people) for item in made]


def numeral(number: int) -> str:
    """Return a number below a hundred as it is written on a gate: 十七."""
    tens, ones = divmod(number, 10)
    leading = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return leading + (_DIGITS[ones] if ones else "")


def compounds_of(community: int) -> list[str]:
    """Return the ids of a community's compounds; communities count from 1."""
    return [f"{ROOT}.c{community:02}.y{place:02}" for place in range(1, COMPOUNDS[community - 1] + 1)]


def _communities() -> list[str]:
    return [f"{ROOT}.c{number:02}" for number in range(1, len(COMPOUNDS) + 1)]


def _numbered_compounds() -> Iterator[tuple[int, str]]:
    """The compounds with the numbers on their gates: first the three that the file names, then all others in order."""
    named = [str(item["unit"]) for item in street_document()["units"] if item["kind"] == "compound"]
    everywhere = [unit for number in range(1, len(COMPOUNDS) + 1) for unit in compounds_of(number)]
    return enumerate((*named, *(unit for unit in everywhere if unit not in named)), start=1)


def _unit(unit: str, title: str, kind: str) -> DescribeUnit:
    return DescribeUnit(unit=unit, title=title, kind=kind, parent=unit.rpartition(".")[0])


def _committee(unit: str, number: int, like: DescribePlatform) -> DescribePlatform:
    return DescribePlatform(
        unit=unit,
        tier="community",
        title=f"第{numeral(number)}社区调解委员会",
        number_pattern=f"（{{year}}）东光{numeral(number)}社民调字第{{n}}号",
        convener="nobody",
        panel=like.panel,
        mediators=(),
    )


def _group(unit: str, number: int) -> DescribePlatform:
    title = f"{numeral(number)}号院调解小组"
    return DescribePlatform(unit=unit, tier="compound", title=title, convener="nobody", mediators=())


def _sizes() -> dict[str, int]:
    """How many mediate at each platform."""
    compounds = {
        unit: AT_A_COMPOUND + (number <= COMPOUNDS_WITH_ONE_MORE) for number, unit in _numbered_compounds()
    }
    return {ROOT: AT_THE_STREET, **dict.fromkeys(_communities(), AT_A_COMMUNITY), **compounds}


def _staffed(platform: DescribePlatform, size: int, people: Iterator[int]) -> DescribePlatform:
    """The platform with as many people as it needs; where nobody leads it yet, the first of them does."""
    kinds = _KINDS[platform.tier]
    more = [
        _mediator(next(people), kinds[place % len(kinds)]) for place in range(len(platform.mediators), size)
    ]
    everybody = (*platform.mediators, *more)
    leads = everybody[0].id if platform.convener == "nobody" else platform.convener
    return platform.model_copy(update={"mediators": everybody, "convener": leads})


def _mediator(number: int, kind: MediatorKind) -> MediatorTerm:
    return MediatorTerm(
        id=f"m{number:03}",
        name=f"调解员 {number:03}",
        kind=kind,
        appointed_on=_TERM[0],
        term_ends_on=_TERM[1],
    )
