"""What surrounds the running of cases: turns, the order of sums, platforms in time, what the candidate is, the figures."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

import pytest
from pydantic import JsonValue

from application.ports import Loaded
from application.simulation import runner as simulations
from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion
from application.simulation.request import (
    Candidate,
    CandidateFlawed,
    CandidateRequest,
    CaseSelection,
    SimulationRequest,
    candidate,
)
from application.simulation.result import result_json
from application.simulation.runner import (
    AlreadySimulating,
    LogPart,
    PartWorker,
    SimulationProgress,
    SimulationRunner,
    log_parts,
    run_case,
)
from application.simulation.tally import MergedResults, Tally
from application.structured_text.document import Document
from domain.aggregates.procedure import Procedure
from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.procedures.ladder import ProcedureRef
from tests.support.specification import accept, file_dispute, ladder, moment
from tests.support.stories_told import TRIED, Story, begun, with_rules, with_tier
from tests.support.world import ZHAO

PROCEDURE = Procedure({1: ladder()})
QUESTION = SimulationRequest(CaseSelection("three-tier"), (Candidate(LadderVersion(TRIED, ladder())),), 100)


# --- running -------------------------------------------------------------------------------------------------------


class Log:
    """A log that nobody asks."""

    async def load(self, *_: object) -> Loaded:
        raise AssertionError

    append = load


async def head() -> int:
    return 100


def service(*lanes: PartWorker) -> SimulationRunner:
    @asynccontextmanager
    async def opened(_: SimulationRequest) -> AsyncIterator[Sequence[PartWorker]]:
        yield lanes

    return SimulationRunner(Log(), head, opened)


def test_one_runs_at_a_time_and_the_next_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulations, "PATIENCE", 0.01)

    async def play() -> None:
        going = asyncio.Event()

        async def lane(_: LogPart) -> list[Tally]:
            await going.wait()
            return [Tally()]

        asked = service(lane)
        first = asyncio.create_task(asked.results(QUESTION))
        await asyncio.sleep(0)
        with pytest.raises(AlreadySimulating):
            await asked.results(QUESTION)
        going.set()
        assert len(await first) == 1
        assert len(await asked.results(QUESTION)) == 1

    asyncio.run(play())


def test_a_lane_that_fails_ends_the_simulation_and_leaves_the_turn_to_the_next() -> None:
    async def play() -> None:
        failing = itertools.chain([OSError("gone")], itertools.repeat(None))

        async def lane(_: LogPart) -> list[Tally]:
            error = next(failing)
            if error:
                raise error
            return [Tally()]

        asked = service(lane, lane)
        with pytest.raises(OSError, match="gone"):
            await asked.results(QUESTION)
        assert len(await asked.results(QUESTION)) == 1

    asyncio.run(play())


def test_progress_tells_how_far_it_is() -> None:
    told: list[SimulationProgress] = []

    async def lane(part: LogPart) -> list[Tally]:
        return [Tally(events=part.last - part.after)]

    asyncio.run(service(lane, lane).results(QUESTION, told.append, width=30))
    assert [item.share for item in told] == [0.25, 0.5, 0.75, 1.0]
    assert told[-1].events == 100


def test_parts_cover_the_log_once() -> None:
    assert list(log_parts(5, 2)) == [LogPart(0, 2, 5), LogPart(2, 4, 5), LogPart(4, 5, 5)]
    assert list(log_parts(0, 2)) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_sums_do_not_depend_on_who_was_faster(order: tuple[int, ...]) -> None:
    gathered = MergedResults(1)
    for place in order:
        gathered.add(place, [Tally(events=1, differences=[str(place).encode()])])
    (total,) = gathered.total
    assert (total.events, total.differences) == (3, [b"0", b"1", b"2"])


# --- platforms in time -----------------------------------------------------------------------------------------------


def platform(tier: str, unit: str = "dong") -> PlatformEstablished:
    return PlatformEstablished(
        unit=unit,
        tier=tier,
        title="平台",
        number_pattern=None,
        convener="zhao",
        panel=(),
        groups=(),
        occurred_at=moment("2026-01-01"),
    )


def test_platforms_stand_as_they_stood() -> None:
    later = {**platform("compound").model_dump(), "effective_on": date(2026, 2, 15)}
    platforms = PlatformHistory(
        [
            PlatformVersion(10, moment("2026-01-01"), platform("street")),
            PlatformVersion(20, moment("2026-02-01"), platform("community", "xi")),
            PlatformVersion(30, moment("2026-03-01"), PlatformReorganised.model_validate(later)),
        ]
    )

    def tiers(position: int, day: str) -> dict[str, str]:
        return {unit: item.tier for unit, item in platforms.before(position, moment(day)).items()}

    assert tiers(10, "2026-03-01") == {}
    assert tiers(11, "2026-03-01") == {"dong": "street"}
    assert tiers(30, "2026-03-01") == {"dong": "street", "xi": "community"}
    assert tiers(31, "2026-03-01") == {"dong": "compound", "xi": "community"}
    assert tiers(31, "2026-02-14") == {"dong": "street", "xi": "community"}
    assert platforms.at(moment("2026-02-28"))["dong"].tier == "street"
    assert len(platforms.at(moment("2026-01-15"))) == 1
    assert platforms.at(moment("2026-03-01"))["dong"].tier == "compound"


# --- what is tried ---------------------------------------------------------------------------------------------------


def changed(**changes: JsonValue) -> Candidate:
    return candidate(CandidateRequest(changes=changes), PROCEDURE)


def test_changes_are_merged_deep_onto_the_version_in_force() -> None:
    tried = changed(
        tiers={"community": {"failed_sessions": 4}}, entry={"complex": "community"}
    ).ladder_version.ladder
    assert [tier.failed_sessions for tier in tried.tiers] == [3, 4, 5]
    assert tried.entry["complex"] == "community"
    assert tried.entry["major"] == "street"
    assert tried == with_rules(with_tier("community", failed_sessions=4), entry=tried.entry)


def test_a_threshold_may_be_taken_away_and_a_limit_replaced() -> None:
    tried = changed(
        tiers={"community": {"failed_sessions": None, "accept_within": {"days": 9}}, "street": {"panel": []}}
    ).ladder_version.ladder
    community, street = tried.tiers[1:]
    assert community.failed_sessions is None
    assert community.accept_within.model_dump() == {"days": 9}
    assert (street.panel, street.groups) == ((), ladder().tiers[2].groups)


def test_tiers_may_be_told_whole() -> None:
    only = ladder().tiers[2].model_dump(mode="json", exclude_none=True)
    entry: dict[str, JsonValue] = dict.fromkeys(("simple", "general", "complex", "major"), "street")
    assert changed(tiers=[only], entry=entry).ladder_version.ladder.tier_names == ("street",)


def test_a_version_is_tried_under_its_own_name() -> None:
    tried = candidate(CandidateRequest(version=1), PROCEDURE)
    assert (tried.version, tried.ladder_version.ref) == (1, ProcedureRef(id="three-tier", version=1))


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (CandidateRequest(), ("changes",)),
        (CandidateRequest(changes={}, version=1), ("version",)),
        (CandidateRequest(version=2), ("version",)),
        (CandidateRequest(changes={"tiers": {"nowhere": {}}}), ("changes", "tiers", "nowhere")),
        (
            CandidateRequest(changes={"tiers": {"street": {"colour": 1}}}),
            ("changes", "tiers", "street", "colour"),
        ),
        (CandidateRequest(changes={"colour": 1}), ("changes", "colour")),
        (CandidateRequest(changes={"bypass": {"approvals": 1}}), ("changes", "bypass", "approvals")),
        (CandidateRequest(ladder=Document({"colour": 1})), ("ladder", "colour")),
    ],
)
def test_what_is_no_candidate_is_named(wanted: CandidateRequest, path: tuple[str, ...]) -> None:
    with pytest.raises(CandidateFlawed) as refused:
        candidate(wanted, PROCEDURE)
    assert path in [flaw.path for flaw in refused.value.flaws]


# --- which cases, and the figures --------------------------------------------------------------------------------------


def told(*stories: Story, tried: Candidate = QUESTION.candidates[0]) -> dict[str, object]:
    question = SimulationRequest(QUESTION.scope, (tried,), 100)
    tally = Tally()
    for story in stories:
        run_case(story.history, question, story.ground(), [tally])
    found: dict[str, object] = json.loads(result_json(question, tried, tally))
    return found


def test_a_scope_holds_cases_of_its_procedure_its_unit_and_its_days() -> None:
    filed = begun().case.filed  # on the second of March, in the first community
    second = date(2026, 3, 2)
    for inside in (CaseSelection("three-tier"), CaseSelection("three-tier", "dongguang.c01", second, second)):
        assert inside.holds(filed)
    for outside in (
        CaseSelection("two-tier"),
        CaseSelection("three-tier", "dongguang.c0"),
        CaseSelection("three-tier", None, date(2026, 3, 3)),
        CaseSelection("three-tier", None, None, date(2026, 3, 1)),
    ):
        assert not outside.holds(filed)


FOUR = Candidate(LadderVersion(TRIED, with_tier("community", failed_sessions=4)))
SIX = Candidate(LadderVersion(TRIED, with_tier("community", failed_sessions=6)))


def test_days_are_those_of_the_cases_whose_first_escalation_moved() -> None:
    near = begun().sits(*["failed"] * 5)
    far = begun().sits(*["failed"] * 4).sits("failed", start="2026-03-20")
    quiet = begun().sits("failed")
    shift = told(near, far, far, quiet, tried=FOUR)["shift"]
    assert shift == {
        "earlier": 3,
        "later": 0,
        "same_day": 0,
        "only_base": 0,
        "only_candidate": 0,
        "median_days_earlier": 13.0,
        "least_days_earlier": 1,
        "most_days_earlier": 13,
    }
    shift = told(near, far, tried=FOUR)["shift"]
    assert isinstance(shift, dict)
    assert shift["median_days_earlier"] == 7.0
    shift = told(near, quiet, tried=SIX)["shift"]
    assert isinstance(shift, dict)
    assert (shift["only_base"], shift["median_days_earlier"]) == (1, None)


def test_every_side_is_counted() -> None:
    ended = Story().does(file_dispute(difficulty="complex")).does(accept("zhao"), by=ZHAO)
    ended = ended.sits(*["failed"] * 5, by=ZHAO)
    found = told(begun().sits(*["failed"] * 5), ended, tried=SIX)
    base, tried = found["base"], found["candidate"]
    assert isinstance(base, dict)
    assert isinstance(tried, dict)
    assert (base["cases"], base["escalated"], base["escalations"], base["open"]) == (2, 1, 1, 1)
    assert (base["by_rule"], base["by_tier"]) == ({"failed_sessions": 1}, {"community": 1})
    assert (base["by_month"], base["ended"], base["moves"]) == ({"2026-03": 1}, {"failed": 1}, 4)
    assert (tried["escalated"], tried["open"], tried["moves"], tried["counterfactual_moves"]) == (0, 1, 3, 0)
    assert found["platform_load"] == [
        {
            "platform": "dongguang",
            "month": "2026-03",
            "base": {"arrived": 2, "held": 5},
            "candidate": {"arrived": 1, "held": 5},
        },
        {
            "platform": "dongguang.c01",
            "month": "2026-03",
            "base": {"arrived": 1, "held": 5},
            "candidate": {"arrived": 1, "held": 5},
        },
    ]


def test_counterfactual_is_what_follows_the_first_difference() -> None:
    found = told(begun().sits(*["failed"] * 5), tried=FOUR)["candidate"]
    assert isinstance(found, dict)
    assert (found["moves"], found["counterfactual_moves"]) == (2, 1)
