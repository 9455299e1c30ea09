"""The demonstration played through the engine on PostgreSQL: whole, in pieces, twice, and beside other people."""

import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import psycopg
import pytest

from cli.bootstrap import put_initial_data, utc_now
from cli.demo import settled_cases as settled
from cli.demo.case_plan import CasePlan, Step
from cli.demo.case_player import PlanRefusedError
from cli.demo.generated_cases import generate_case
from cli.demo.loader import open_loader
from cli.demo.progress import PlainLines, SilentObserver
from cli.demo.street import street
from domain.commands.dispute import AcceptDispute, GiveOpinion
from domain.events.envelope import Actor
from domain.vocabulary import Role, start_of
from tests.support.databases import create, run, services_at, url_of
from tests.support.postgres import EMPTY, home_of_run
from tests.support.recount import lines, recounted
from tests.support.served import Served, serving
from tests.support.world import ADMIN, ANALYST, AUDITOR, ZHAO, context

pytestmark = pytest.mark.soak

DISPUTES = 150
Clock = Callable[[], datetime]


async def furnish(url: str, disputes: int = 0, clock: Clock = utc_now, seed: int = 1) -> list[int]:
    """Put in everything; return how many commands each part took."""
    async with open_loader(url, clock) as loader:
        await loader.load_street()
        counts = [(await loader.load_settled_cases()).commands]
        await loader.load_stories()
        return [*counts, (await loader.load_generated_cases(disputes, seed, SilentObserver())).commands]


def recorded(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM stored_events").fetchone()
    assert row
    return int(row[0])


@pytest.fixture(scope="session")
def furnished(worker_id: str, postgres: None) -> str:
    """A template: the street, its settled cases and its stories, but no generated case."""
    name = f"furnished_{worker_id}"
    create(name, EMPTY)

    async def found() -> None:
        async with services_at(url_of(name)) as services:
            await put_initial_data(services)
        assert (await furnish(url_of(name)))[0] > 400

    run(found())
    return name


@pytest.fixture
def url(furnished: str, database_of: Callable[[str], str]) -> str:
    """A database with everything but generated cases."""
    return database_of(furnished)


# --- the whole of it, as the interface shows it ------------------------------------------------------------------


@pytest.fixture
def demonstrated(url: str) -> Iterator[Served]:
    """A server on a street with everything."""
    run(furnish(url, DISPUTES))
    with serving(url, home_of_run()) as served:
        yield served


def listed(served: Served, path: str, who: Actor) -> list[dict[str, Any]]:
    """Every item of a collection, page by page, once the read models have followed."""
    with psycopg.connect(served.url) as connection:
        row = connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()
    assert row
    items, cursor = [], ""
    while True:
        page = served.get(who, f"{path}?limit=50&min_position={row[0]}{cursor}").raise_for_status().json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


def test_the_interface_shows_the_street_at_its_real_size(demonstrated: Served) -> None:
    has_its_people(demonstrated)
    cases = listed(demonstrated, "/v1/disputes", AUDITOR)
    settled_in_2025(demonstrated, cases)
    ids = {str(generate_case(street(), 1, number).dispute) for number in range(1, DISPUTES + 1)}
    generated = [item for item in cases if item["id"] in ids]
    assert len(generated) == DISPUTES
    assert {item["filed_at"][:4] for item in generated} == {"2026"}
    assert len({item["status"] for item in generated}) >= 3

    counts_its_cases(demonstrated)


def counts_its_cases(demonstrated: Served) -> None:
    """Every figure is what a recount of the raw events gives, and the ledger of 2025 has 43 lines, two of the street."""
    told = lines(demonstrated.url)
    for period in (
        {},
        {"from": "2025-01-01", "to": "2025-12-31"},
        {"unit": "dongguang.c01", "as_of": "2026-05-31"},
    ):
        until = date.fromisoformat(period.get("to", period.get("as_of", "2098-01-01")))
        since = date.fromisoformat(period.get("from", "0001-01-01"))
        asked = "&".join(f"{name}={value}" for name, value in period.items())
        items = demonstrated.get(ANALYST, f"/v1/indicators?{asked}").json()["items"]
        figures = {
            (item["key"], item["tier"]): (item["numerator"], item["denominator"], item["value"])
            for item in items
            if item["key"] != "overdue_rate"
        }
        assert figures == recounted(told, since, until, period.get("unit")), period
    overdue = next(item for item in items if item["key"] == "overdue_rate")
    assert overdue["denominator"] > 0
    of_2025 = demonstrated.get(AUDITOR, "/v1/ledger?unit=dongguang&year=2025").json()["items"]
    assert Counter(item["tier"] == "street" for item in of_2025) == {False: 41, True: 2}


def has_its_people(demonstrated: Served) -> None:
    """59 platforms, 336 mediators, 16 of them and four groups at the street."""
    platforms = listed(demonstrated, "/v1/platforms", ADMIN)
    assert Counter(platform["tier"] for platform in platforms) == {
        "street": 1,
        "community": 8,
        "compound": 50,
    }
    assert sum(len(platform["mediators"]) for platform in platforms) == 336
    centre = next(platform for platform in platforms if platform["tier"] == "street")
    assert len(centre["mediators"]) == 16
    assert len(centre["groups"]) == 4
    assert len(listed(demonstrated, "/v1/units", ADMIN)) == 59


def settled_in_2025(demonstrated: Served, cases: list[dict[str, Any]]) -> None:
    """43 disputes, every one agreed on in that year, two of them complex and settled at the street itself."""
    of_2025 = [item for item in cases if item["filed_at"].startswith("2025")]
    numbers = {item["number"] for item in cases if item["number"] and item["number"].startswith("（2025）")}
    assert len(of_2025) == len(numbers) == settled.COUNT == 43
    assert {item["category"] for item in of_2025} == {"property"}
    assert {item["outcome"] for item in of_2025} <= {"performed", "agreed_unperformed", None}
    tiers = Counter(item["tier"] for item in of_2025)
    assert tiers["street"] == 2
    assert tiers["compound"] + tiers["community"] == 41
    assert min(tiers.values()) >= 2
    complex_ones = [item for item in of_2025 if item["difficulty"] == "complex"]
    assert [one["tier"] for one in complex_ones] == ["street"] * 2
    for item in of_2025:
        agreement = demonstrated.get(AUDITOR, f"/v1/disputes/{item['id']}").json()["agreement"]
        assert agreement["effective_on"].startswith("2025")


# --- in pieces, and twice --------------------------------------------------------------------------------------


def test_a_second_run_records_nothing(url: str) -> None:
    assert run(furnish(url, 12))[1] > 0
    before = recorded(url)
    assert run(furnish(url, 12)) == [0, 0]
    assert recorded(url) == before


def test_what_was_cut_goes_on_where_it_stopped(
    url: str, furnished: str, database_of: Callable[[str], str]
) -> None:
    asked = itertools.count()

    async def cut() -> None:
        async with open_loader(url, utc_now, lambda: next(asked) > 150) as loader:
            await loader.load_generated_cases(30, 1, SilentObserver())

    before = recorded(url)
    run(cut())
    begun = recorded(url)
    run(furnish(url, 30))
    uncut = database_of(furnished)
    run(furnish(uncut, 30))
    assert before < begun < recorded(url) == recorded(uncut)


def test_later_days_and_more_disputes_add_to_what_is_there(url: str) -> None:
    early, late = start_of(date(2026, 5, 1)), start_of(date(2026, 11, 1))
    counts = []
    for disputes, day in ((10, early), (10, late), (20, late)):
        run(furnish(url, disputes, lambda day=day: day))
        counts.append(recorded(url))
    assert counts == sorted(set(counts))


# --- beside other people ---------------------------------------------------------------------------------------


def test_a_case_that_others_took_further_is_left_to_them(url: str) -> None:
    early, late = start_of(date(2026, 6, 1)), start_of(date(2026, 11, 1))
    run(furnish(url, 40, lambda: early))
    halfway = next(
        life
        for life in (generate_case(street(), 1, number) for number in range(1, 41))
        if 1 < len(life.until(early).steps) < len(life.until(late).steps)
    )

    async def meddle() -> None:
        opinion = {"by": "路人", "opinion": "再谈谈", "occurred_at": early}
        async with services_at(url) as services:
            command = GiveOpinion.model_validate({"dispute": halfway.dispute, **opinion})
            await services.command_handler.handle(command, context(ZHAO))

    run(meddle())

    async def go_on() -> list[object]:
        async with open_loader(url, lambda: late) as loader:
            return list((await loader.load_generated_cases(40, 1, SilentObserver())).left)

    assert run(go_on()) == [halfway.dispute]
    assert run(go_on()) == [halfway.dispute]


def test_a_refused_step_is_named(url: str) -> None:
    life = generate_case(street(), 1, 1)
    nobody = Actor(sub="nobody", role=Role.MEDIATOR, unit="dongguang.c01.y01")
    wrong = tuple(
        replace(step, actor=nobody.model_copy(update={"unit": None}))
        if isinstance(step.command, AcceptDispute)
        else step
        for step in life.steps
    )
    with pytest.raises(PlanRefusedError) as refused:
        run(play(url, CasePlan(life.dispute, life.register, wrong)))
    assert (refused.value.dispute, refused.value.command) == (life.dispute, "AcceptDispute")


def test_what_an_earlier_edition_played_otherwise_is_left_alone(url: str) -> None:
    life = generate_case(street(), 1, 1)
    first: Step = life.steps[0]
    earlier = replace(first, command=first.command.model_copy(update={"title": "旧版"}))
    assert run(play(url, CasePlan(life.dispute, life.register, (earlier,)))) == 1
    assert run(play(url, life)) == 0


async def play(url: str, life: CasePlan) -> int:
    async with open_loader(url, utc_now) as loader:
        return (await loader.play([life], SilentObserver())).commands


# --- what people see meanwhile ---------------------------------------------------------------------------------


def test_plain_lines_come_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = itertools.count(step=3)
    monkeypatch.setattr("cli.demo.progress.time.monotonic", lambda: next(seconds))
    written = io.StringIO()
    lines = PlainLines(written)
    lines.begin(4)
    for _ in range(4):
        lines.advance()
    assert [re.findall(r"\d", line) for line in written.getvalue().splitlines()] == [["2", "4"], ["4", "4"]]
