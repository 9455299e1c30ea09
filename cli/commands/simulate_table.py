"""The result of a simulation as tables: what was recorded, next to each candidate."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from application.simulation.divergence import DivergenceResult
from application.simulation.result import SimulationResult
from cli.language import LANGUAGE, translate

_SHOWN: Final = 10
"""Platforms, and cases of each candidate, in a table."""
_WIDTH: Final = 130
Column = tuple[str, SimulationResult]
"""A heading, and a candidate's result."""


def show(columns: Sequence[Column]) -> None:
    """Print the tables."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(_sides(columns))
    for heading, view in columns:
        if view.differences:
            console.print(_cases(heading, view.differences))
    first = columns[0][1]
    console.print(
        translate(
            "{events} events of {cases} cases, read up to position {position}.",
            events=first.events,
            cases=first.base.cases,
            position=first.position,
        )
    )
    if first.unreadable:
        console.print(translate("{count} cases are left out: they cannot be read.", count=first.unreadable))


def _sides(columns: Sequence[Column]) -> Table:
    base = columns[0][1].base
    table = Table(translate("what is counted"))
    recorded = translate("as recorded")
    table.add_column(
        recorded if base.procedure.version is None else f"v{base.procedure.version}", justify="right"
    )
    for heading, _ in columns:
        table.add_column(heading, justify="right")
    for name, cells in _rows([item for _, item in columns]):
        table.add_row(name, *(_cell(cell) for cell in cells))
    return table


def _rows(views: Sequence[SimulationResult]) -> Iterator[tuple[str, list[float | str | None]]]:
    sides = [views[0].base, *(view.candidate for view in views)]
    shifts = [view.shift for view in views]
    yield translate("cases that moved up"), [side.escalated for side in sides]
    yield translate("escalations"), [side.escalations for side in sides]
    for tier in _keys([side.by_tier for side in sides]):
        from_tier = translate("escalations from the {tier}", tier=tier)
        yield from_tier, [side.by_tier.get(tier, 0) for side in sides]
    for outcome in _keys([side.ended for side in sides]):
        yield translate("closed: {outcome}", outcome=outcome), [side.ended.get(outcome, 0) for side in sides]
    yield translate("open at the end"), [side.open for side in sides]
    if any(side.unplaced for side in sides):
        yield translate("no platform to begin at"), [side.unplaced for side in sides]
    moves = translate("moves after a first difference (counterfactual)")
    yield moves, [side.counterfactual_moves for side in sides]
    yield translate("cases that differ"), ["", *(len(view.differences) for view in views)]
    yield translate("first escalation earlier"), ["", *(shift.earlier for shift in shifts)]
    yield translate("first escalation later"), ["", *(shift.later for shift in shifts)]
    yield translate("escalated only as recorded"), ["", *(shift.only_base for shift in shifts)]
    yield translate("escalated only under this ladder"), ["", *(shift.only_candidate for shift in shifts)]
    yield translate("days earlier, the median"), ["", *(shift.median_days_earlier for shift in shifts)]
    for platform in _busiest(views):
        heading = translate("sessions held at {platform}", platform=platform)
        yield (
            heading,
            [_held(views[0], platform, "base"), *(_held(view, platform, "candidate") for view in views)],
        )


def _keys(counts: Sequence[dict[str, int]]) -> list[str]:
    return sorted({key for count in counts for key in count})


def _busiest(views: Sequence[SimulationResult]) -> list[str]:
    """The platforms whose number of sessions any candidate changes most."""
    platforms = {load.platform for view in views for load in view.platform_load}
    changed = {platform: max(abs(_change(view, platform)) for view in views) for platform in platforms}
    found = sorted(
        (platform for platform in platforms if changed[platform]), key=lambda item: (-changed[item], item)
    )
    return found[:_SHOWN]


def _change(view: SimulationResult, platform: str) -> int:
    return _held(view, platform, "candidate") - _held(view, platform, "base")


def _held(view: SimulationResult, platform: str, side: str) -> int:
    return sum(
        (item.base if side == "base" else item.candidate).held
        for item in view.platform_load
        if item.platform == platform
    )


def _cases(heading: str, differences: Sequence[DivergenceResult]) -> Table:
    """The first cases that differ, each with its first difference."""
    title = translate(
        "{heading}: the first {count} of {all} cases that differ",
        heading=heading,
        count=min(_SHOWN, len(differences)),
        all=len(differences),
    )
    table = Table(title=title, title_justify="left")
    for name in (
        translate("case"),
        translate("first difference"),
        translate("as recorded"),
        translate("under this ladder"),
        translate("days earlier"),
    ):
        table.add_column(name, overflow="fold")
    for difference in differences[:_SHOWN]:
        first = difference.first_difference
        base, candidate = (_text(side.text.zh, side.text.en) for side in (first.base, first.candidate))
        table.add_row(
            difference.number or difference.dispute,
            first.occurred_at[:10],
            base,
            candidate,
            _cell(difference.days_earlier),
        )
    return table


def _text(zh: str, en: str) -> str:
    return zh if LANGUAGE == "zh" else en


def _cell(value: float | str | None) -> str:
    if value is None:
        return "-"
    return f"{value:g}" if isinstance(value, float) else str(value)
