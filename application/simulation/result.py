"""The result of a simulation: its schema, and how it is written.

The same request over the same log gives the same bytes, however many workers ran it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from application.simulation.divergence import DivergenceResult, ResultModel
from application.simulation.request import Candidate, SimulationRequest
from application.simulation.tally import Counts, Tally, sorted_counts


class SideProcedure(ResultModel):
    """The procedure of a side; without a version: each case's own version, or a ladder that has none."""

    id: str
    version: int | None


class SideResult(ResultModel):
    """What the cases went through on one side.

    `by_tier` counts escalations by the tier that was left, `by_month` by the month in which it was left. `moves` are
    all filings, escalations, voidings, returns and ends; those after the first difference of a case are counterfactual.
    """

    procedure: SideProcedure
    cases: int
    unplaced: Annotated[int, Field(description="cases for which there was no platform to begin at")]
    escalated: Annotated[int, Field(description="cases that moved up at least once")]
    escalations: int
    by_rule: dict[str, int]
    by_tier: dict[str, int]
    by_month: dict[str, int]
    voided: int
    returned: int
    ended: Annotated[dict[str, int], Field(description="cases that are closed at the end, by outcome")]
    open: int
    moves: int
    counterfactual_moves: int


class EscalationShift(ResultModel):
    """How the first escalation of a case moved; days are counted over the cases in which it did."""

    earlier: int
    later: int
    same_day: int
    only_base: int
    only_candidate: int
    median_days_earlier: float | None
    least_days_earlier: int | None
    most_days_earlier: int | None


class SideLoad(ResultModel):
    """Cases that were filed at a platform or moved up to it, and sessions that it held."""

    arrived: int
    held: int


class PlatformLoad(ResultModel):
    """What a platform had to do in a month."""

    platform: str
    month: str
    base: SideLoad
    candidate: SideLoad


class SimulationResult(ResultModel):
    """Both sides, and every case that differs, in the order of filing."""

    procedure: str
    unit: str | None
    since: Annotated[str | None, Field(alias="from")]
    until: Annotated[str | None, Field(alias="to")]
    base: SideResult
    candidate: SideResult
    shift: EscalationShift
    platform_load: list[PlatformLoad]
    differences: list[DivergenceResult]
    position: Annotated[int, Field(description="up to where the log was read")]
    events: Annotated[int, Field(description="events of the cases that were run")]
    unreadable: Annotated[int, Field(description="cases left out because one of their events cannot be read")]


_NO_DIFFERENCES: Final = b'"differences":[]'
"""Stands once in a result without differences: a quotation mark inside a text is escaped."""


def result_json(request: SimulationRequest, candidate: Candidate, tally: Tally) -> bytes:
    """Return the result of one candidate as JSON."""
    before, _, after = _without_differences(request, candidate, tally).partition(_NO_DIFFERENCES)
    return b"".join((before, b'"differences":[', b",".join(tally.differences), b"]", after))


def _without_differences(request: SimulationRequest, candidate: Candidate, tally: Tally) -> bytes:
    """The result but for the differences, which the workers wrote as JSON already."""
    scope, base = request.scope, request.base
    result = SimulationResult(
        procedure=scope.procedure,
        unit=scope.unit,
        since=scope.since.isoformat() if scope.since else None,
        until=scope.until.isoformat() if scope.until else None,
        base=_side(scope.procedure, base.version if base else None, tally.base),
        candidate=_side(candidate.ladder_version.ladder.id, candidate.version, tally.candidate),
        shift=_shift(tally),
        platform_load=list(_load(tally.base, tally.candidate)),
        differences=[],
        position=request.position,
        events=tally.events,
        unreadable=tally.unreadable,
    )
    return result.model_dump_json(by_alias=True).encode()


def _side(procedure: str, version: int | None, counts: Counts) -> SideResult:
    return SideResult(
        procedure=SideProcedure(id=procedure, version=version),
        cases=counts.cases,
        unplaced=counts.unplaced,
        escalated=counts.escalated,
        escalations=counts.escalations,
        by_rule=sorted_counts(counts.by_rule),
        by_tier=sorted_counts(counts.by_tier),
        by_month=sorted_counts(counts.by_month),
        voided=counts.voided,
        returned=counts.returned,
        ended=sorted_counts(counts.ended),
        open=counts.open,
        moves=counts.moves,
        counterfactual_moves=counts.counterfactual_moves,
    )


def _shift(tally: Tally) -> EscalationShift:
    """Compare the cases that escalated on both sides: how many earlier, later, on the same day, and by how much."""
    moved = Counter({days: count for days, count in tally.days.items() if days})
    return EscalationShift(
        earlier=sum(count for days, count in moved.items() if days > 0),
        later=sum(count for days, count in moved.items() if days < 0),
        same_day=tally.days[0],
        only_base=tally.only_base,
        only_candidate=tally.only_candidate,
        median_days_earlier=_median(moved),
        least_days_earlier=min(moved, default=None),
        most_days_earlier=max(moved, default=None),
    )


def _median(counter: Counter[int]) -> float | None:
    total = counter.total()
    if not total:
        return None
    low, high = _nth(counter, (total - 1) // 2), _nth(counter, total // 2)
    return (low + high) / 2


def _nth(counter: Counter[int], index: int) -> int:
    """Return the value at an index, from 0, when all that was counted stands in order."""
    for value in sorted(counter):
        index -= counter[value]
        if index < 0:
            return value
    raise IndexError(index)


def _load(base: Counts, candidate: Counts) -> Iterable[PlatformLoad]:
    """Yield what each platform had to do in each month, on both sides; months in which it had nothing are left out."""
    for platform, month in sorted(
        {(platform, month) for platform, month, _ in (*base.load, *candidate.load)}
    ):
        yield PlatformLoad(
            platform=platform,
            month=month,
            base=_side_load(base, platform, month),
            candidate=_side_load(candidate, platform, month),
        )


def _side_load(counts: Counts, platform: str, month: str) -> SideLoad:
    return SideLoad(
        arrived=counts.load[platform, month, "arrived"], held=counts.load[platform, month, "held"]
    )
