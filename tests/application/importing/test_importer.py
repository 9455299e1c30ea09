"""Moving in: everything is checked before anything is recorded; a cut import goes on; the same tables change nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from access.scope import ALL_CASES
from api.http.services import Services
from application.case_reader import CaseSnapshot
from application.i18n import render
from application.importing import errors as fault_module
from application.importing.errors import ImportRefused
from application.importing.importer import ImportStage
from application.importing.result import import_result
from application.ledger import row_of
from application.ports import Unavailable
from application.tables.kinds import TableKind
from application.validation_messages import FORMATS
from cli.bootstrap import put_initial_data
from domain.commands.dispute import AcceptDispute, FileDispute
from domain.commands.platform import DescribePlatform
from domain.commands.procedure import ApproveProcedure
from domain.errors import OwnProposal, PatternTaken, UnknownProcedure
from domain.events.dispute import Imported
from domain.events.envelope import Actor
from domain.vocabulary import Role
from domain.vocabulary.values import UNIT_ID
from store.event_log.postgres_event_log import PostgresEventLog
from store.spreadsheets.templates import template
from tests.support.databases import run, services_at
from tests.support.specification import file_dispute
from tests.support.tables import AGREED, OPEN, Given, as_csv, as_xlsx, bring_in, case, ledger_csv, ledger_of
from tests.support.world import ADMIN, SUN, context, filing, verdict

UNITS = "unit,title,kind,parent\nwest,西街,街道,\nwest.c01,一社,community,west\n"
PLATFORMS = (
    "unit,tier,title,number_pattern,convener,panel\nwest,street,西街中心,西街{year}-{n},zhu,派出所；律师\n"
)
MEDIATORS = "unit,id,name,kind,appointed_on,term_ends_on\nwest,zhu,朱,专职,2025-01-01,2027-12-31\n"
LADDER = {
    "id": "two-tier",
    "title": {"zh": "两级", "en": "Two tiers"},
    "entry": dict.fromkeys(("simple", "general", "complex", "major"), "community"),
    "tiers": [
        {
            "name": "community",
            "failed_sessions": 3,
            "accept_within": {"working_days": 2},
            "mediate_within": {"months": 1},
        }
    ],
    "follow_up_within": {"days": 30},
}

TWO_TIERS = """\
ladders:
  - id: two-tiers
    title: {zh: 两级, en: Two tiers}
    entry: {simple: community, general: community, complex: community, major: community}
    tiers:
      - name: community
        failed_sessions: 3
        panel: [lawyer]
        accept_within: {working_days: 2}
        mediate_within: {months: 1}
    follow_up_within: {days: 30}
"""
STREET = Path(__file__).parents[3] / "cli/demo/street.yaml"


def given(name: str, text: str) -> Given:
    return Given(name, text.encode())


def ladders(*some: Mapping[str, object]) -> Given:
    return given("ladders.yaml", json.dumps({"ladders": some}))


def with_services(url: str, work: Callable[[Services], Awaitable[None]]) -> None:
    async def go() -> None:
        async with services_at(url) as services:
            await work(services)

    run(go())


def events_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM stored_events").fetchone()
    assert found is not None
    return int(found[0])


def imported_in(url: str) -> list[tuple[int, str]]:
    """Version and number of every case that was brought in, in order of the log."""
    query = """
    SELECT originator_version, convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'number'
    FROM stored_events WHERE topic = 'dispute.imported.v1' ORDER BY notification_id
    """
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def carried_in(url: str) -> list[int]:
    """Every number that registers carried over."""
    query = """
    SELECT jsonb_array_elements_text(convert_from(state, 'UTF8')::jsonb -> 'data' -> 'numbers')::int
    FROM stored_events WHERE topic = 'register.numbers_carried_over.v1' ORDER BY 1
    """
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def counts(plan: object) -> dict[str, dict[str, int]]:
    return {kind: {k: v for k, v in found.items() if v} for kind, found in plan.counts.items()}


async def live_case(services: Services, day: str = "2019-05-06") -> str:
    """File a case at the first community and accept it; return its number."""
    when = f"{day}T09:00:00+08:00"
    dispute = uuid4()
    filed = FileDispute.model_validate({"dispute": dispute, **filing(occurred_at=when)})
    await services.command_handler.handle(filed, context(SUN))
    command = AcceptDispute.model_validate(
        {"dispute": dispute, "mediators": ["sun"], "occurred_at": f"{day}T10:00:00+08:00"}
    )
    await services.command_handler.handle(command, context(SUN))
    file = await services.case_reader.read(ALL_CASES, dispute, services.clock())
    assert file.dispute.number is not None
    return file.dispute.number


# --- all of it -------------------------------------------------------------------------------------------------


def test_a_street_moves_in_with_its_tables_in_any_order(empty_url: str) -> None:
    async def work(services: Services) -> None:
        await put_initial_data(services)
        old = case(unit="west.c01", tier="community", number="西街2019-3")
        files = [
            ledger_of(old),
            given("m.csv", MEDIATORS),
            given("p.csv", PLATFORMS),
            given("u.csv", UNITS),
            ladders(LADDER),
        ]
        plan, position = await bring_in(services, *files)
        assert counts(plan) == {
            "units": {"new": 2},
            "platforms": {"new": 1},
            "mediators": {"new": 1},
            "ladders": {"new": 1},
            "ledger": {"new": 1},
        }
        before = events_in(empty_url)
        again, nothing = await bring_in(services, *files)
        assert counts(again) == {kind: {"same": number["new"]} for kind, number in counts(plan).items()}
        assert (nothing, events_in(empty_url)) == (None, before)
        assert position is not None
        assert carried_in(empty_url) == [3]

    with_services(empty_url, work)


def test_the_street_of_the_demonstration_is_there_already(street_url: str) -> None:
    async def work(services: Services) -> None:
        content = STREET.read_bytes()
        plan, position = await bring_in(services, Given("street.yaml", content))
        assert counts(plan) == {"units": {"same": 6}, "platforms": {"same": 6}, "mediators": {"same": 8}}
        assert position is None

    with_services(street_url, work)


def test_tables_add_and_change_and_never_take_away(street_url: str) -> None:
    async def work(services: Services) -> None:
        units = "unit,title,kind\ndongguang.c01,第一社区（新）,community\n"
        platforms = "unit,tier,title,convener\ndongguang.c01,community,第一调委会,sun\n"
        people = (
            "unit,id,name,kind,appointed_on,term_ends_on\n"
            "dongguang.c01,li,李,lawyer,2025-01-01,2027-12-31\n"
            "dongguang.c01,he,何,part_time,2025-01-01,2027-12-31\n"
            "dongguang,qian,钱,lawyer,2025-01-01,2027-12-31\n"
        )
        plan, _ = await bring_in(
            services, given("u.csv", units), given("p.csv", platforms), given("m.csv", people)
        )
        assert counts(plan) == {
            "units": {"changed": 1},
            "platforms": {"changed": 1},
            "mediators": {"new": 1, "changed": 1, "same": 1},
        }

    with_services(street_url, work)
    with psycopg.connect(street_url) as connection:
        query = "SELECT topic FROM stored_events WHERE topic LIKE 'platform.%' ORDER BY notification_id DESC LIMIT 3"
        topics = [row[0] for row in connection.execute(query).fetchall()]
        query = (
            "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic = 'platform.reorganised.v1'"
        )
        told = connection.execute(query).fetchone()
    assert topics == [
        "platform.mediator_appointed.v1",
        "platform.mediator_appointed.v1",
        "platform.reorganised.v1",
    ]
    assert told is not None
    assert "东光一社民调字" in told[0], "what the table does not say stays"


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "yaml"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_templates_come_in_as_they_are(street_url: str, file_format: str, language: str) -> None:
    async def work(services: Services) -> None:
        contents = {kind: template(kind, file_format, language) for kind in TableKind}
        files = [Given(f"{kind}.{file_format}", found) for kind, found in contents.items() if found]
        plan, _ = await bring_in(services, *files)
        assert counts(plan)["ledger"] == {"new": 1}
        assert {kind for kind, found in counts(plan).items() if "same" in found} >= {
            "units",
            "platforms",
            "mediators",
        }

    with_services(street_url, work)


def test_a_ledger_of_excel_in_chinese_comes_in(street_url: str) -> None:
    head = [
        "案号",
        "单元编号",
        "层级",
        "纠纷类别",
        "案件来源",
        "事由",
        "简要情况",
        "标的额（元）",
        "申请人",
        "被申请人",
    ]
    head += ["申请日期", "受理日期", "办理状态", "结案方式", "结案日期"]
    row = [
        "2019-17",
        "dongguang.c01",
        "社区",
        "邻里纠纷",
        "当事人申请",
        "漏水",
        "楼上漏水",
        1200.5,
        "甲；乙",
        "某物业（单位）",
    ]
    row += [date(2019, 3, 2), "2019年3月4日", "已结案", "调解不成", "2019.3.20"]

    async def work(services: Services) -> None:
        workbook = as_xlsx({"说明": [], "台账": [["东光街道台账"], head, row]})
        await bring_in(services, Given("台账.xlsx", workbook))

    with_services(street_url, work)
    with psycopg.connect(street_url) as connection:
        query = "SELECT convert_from(state, 'UTF8')::jsonb -> 'data' FROM stored_events WHERE topic LIKE '%imported%'"
        found = connection.execute(query).fetchone()
    assert found is not None
    filed = found[0]["filed"]
    assert (filed["amount_fen"], filed["category"], filed["platform"]) == (
        120_050,
        "neighbour",
        "dongguang.c01",
    )
    assert [(item["name"], item["kind"]) for item in filed["parties"]] == [
        ("甲", "person"),
        ("乙", "person"),
        ("某物业", "organisation"),
    ]


def test_gb18030_comes_in(street_url: str) -> None:
    async def work(services: Services) -> None:
        plan, _ = await bring_in(services, Given("l.csv", as_csv([case()], "gb18030")))
        assert counts(plan) == {"ledger": {"new": 1}}

    with_services(street_url, work)
    assert imported_in(street_url) == [(1, "（2019）东光一社民调字第7号")]


def test_a_case_goes_on_where_it_stood_and_its_row_is_the_same(street_url: str) -> None:
    async def work(services: Services) -> None:
        rows = [
            case(1),
            case(2, **OPEN),
            case(3, **{**OPEN, **AGREED, "outcome": "", "status": "agreed"}),
            case(4, **AGREED),
        ]
        await bring_in(services, ledger_of(*rows))
        with psycopg.connect(street_url) as connection:
            found = connection.execute(
                "SELECT originator_id FROM stored_events WHERE topic LIKE '%imported%'"
            )
            ids = [row[0] for row in found.fetchall()]
        out = []
        for item in ids:
            file: CaseSnapshot = await services.case_reader.read(ALL_CASES, item, services.clock())
            event = file.history[0].event
            assert isinstance(event, Imported)
            out.append(row_of(file.dispute, event))
        assert [item.status.value for item in out if item] == ["closed", "accepted", "agreed", "closed"]
        ledger = ledger_csv([item for item in out if item], "zh")
        plan, position = await bring_in(services, Given("again.csv", ledger))
        assert (counts(plan), position) == ({"ledger": {"same": 4}}, None)

    with_services(street_url, work)


# --- numbers ---------------------------------------------------------------------------------------------------


def test_the_register_goes_on_after_what_was_brought_in(street_url: str) -> None:
    async def work(services: Services) -> None:
        await bring_in(services, ledger_of(*(case(n) for n in (3, 41)), case(2, number="旧字2019-5")))
        people = "unit,id,name,kind,appointed_on,term_ends_on\ndongguang.c01,sun,孙,full_time,2018-01-01,2020-12-31\n"
        await bring_in(services, given("m.csv", people))
        assert await live_case(services) == "（2019）东光一社民调字第42号"
        await bring_in(services, ledger_of(case(40)))
        assert await live_case(services) == "（2019）东光一社民调字第43号"
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, ledger_of(case(42)))
        assert "the system itself gave this number" in str(refused.value.faults[0].detail)

    with_services(street_url, work)
    assert carried_in(street_url) == [3, 40, 41]


def test_a_case_is_known_though_another_platform_keeps_the_register_now(street_url: str) -> None:
    async def work(services: Services) -> None:
        old = case(1, unit="dongguang.c01.y01", tier="compound", number="一院2019-8")
        await bring_in(services, ledger_of(old))
        own = "unit,tier,title,convener,number_pattern\ndongguang.c01.y01,compound,一号院调解小组,wu,一院{year}-{n}\n"
        await bring_in(services, given("p.csv", own))
        plan, position = await bring_in(services, ledger_of(old))
        assert counts(plan) == {"ledger": {"same": 1}}
        assert position is not None, "the register that there is now learns of the number"
        assert (await bring_in(services, ledger_of(old)))[1] is None

    with_services(street_url, work)
    assert len(imported_in(street_url)) == 1
    assert carried_in(street_url) == [8]


# --- cut, twice, at once ---------------------------------------------------------------------------------------


class Cut(Exception):
    """Pulls the plug."""


def test_a_cut_import_goes_on_where_it_was(street_url: str) -> None:
    file = ledger_of(*(case(n) for n in range(1, 1201)))

    def pull(stage: ImportStage, done: int, _: int | None) -> None:
        if stage is ImportStage.RECORDING and done == 500:
            raise Cut

    async def work(services: Services) -> None:
        with pytest.raises(Cut):
            await bring_in(services, file, progress=pull)
        assert len(imported_in(street_url)) == 500
        plan, _ = await bring_in(services, file)
        assert counts(plan) == {"ledger": {"new": 700, "same": 500}}

    with_services(street_url, work)
    found = imported_in(street_url)
    assert (len(found), len({number for _, number in found}), {version for version, _ in found}) == (
        1200,
        1200,
        {1},
    )
    assert carried_in(street_url) == list(range(1, 1201))


def test_a_database_that_is_away_for_a_moment_does_not_end_an_import(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, failures = PostgresEventLog.append, iter([True, False])

    async def shaky(self, what):
        done = await append(self, what)
        if next(failures, False):
            raise Unavailable("cut after the commit")
        return done

    monkeypatch.setattr(PostgresEventLog, "append", shaky)

    async def work(services: Services) -> None:
        plan, position = await bring_in(services, ledger_of(case(1), case(2)))
        assert counts(plan) == {"ledger": {"new": 2}}
        assert position is not None

    with_services(street_url, work)
    assert len(imported_in(street_url)) == 2


def test_the_same_file_twice_at_once_comes_in_once(street_url: str) -> None:
    file = ledger_of(*(case(n) for n in range(1, 601)))

    async def work(services: Services) -> None:
        async with services_at(street_url) as others:
            plans = await asyncio.gather(bring_in(services, file), bring_in(others, file))
        assert all(sum(counts(plan)["ledger"].values()) == 600 for plan, _ in plans)

    with_services(street_url, work)
    assert len(imported_in(street_url)) == 600
    assert carried_in(street_url) == list(range(1, 601))


def test_live_cases_are_numbered_while_an_import_goes_on(street_url: str) -> None:
    people = (
        "unit,id,name,kind,appointed_on,term_ends_on\ndongguang.c01,sun,孙,full_time,2018-01-01,2020-12-31\n"
    )
    numbers: list[str] = []

    async def work(services: Services) -> None:
        await bring_in(services, given("m.csv", people))
        importing = asyncio.create_task(bring_in(services, ledger_of(*(case(n) for n in range(1001, 4001)))))
        while not importing.done():
            numbers.append(await live_case(services))
        await importing

    with_services(street_url, work)
    assert len(numbers) == len(set(numbers)) > 1
    assert len(imported_in(street_url)) == 3000
    assert not {f"（2019）东光一社民调字第{n}号" for n in range(1001, 4001)} & set(numbers)


def test_a_number_that_was_given_meanwhile_ends_the_import_there(street_url: str) -> None:
    people = (
        "unit,id,name,kind,appointed_on,term_ends_on\ndongguang.c01,sun,孙,full_time,2018-01-01,2020-12-31\n"
    )

    async def work(services: Services) -> None:
        await bring_in(services, given("m.csv", people))
        loop, waiting = asyncio.get_running_loop(), []

        def accept(stage: ImportStage, done: int, _: int | None) -> None:
            if stage is ImportStage.CHECKING and done == 2:
                waiting.append(loop.create_task(live_case(services)))

        original = services.importer._describe

        async def after_the_case(*arguments):
            await asyncio.gather(*waiting)
            return await original(*arguments)

        services.importer._describe = after_the_case
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, ledger_of(case(1), case(2)), progress=accept)
        (fault,) = refused.value.faults
        assert (fault.line, fault.column) == (2, "number")
        assert "while the import went on" in str(fault.detail)
        assert "stays" in str(refused.value.detail)

    with_services(street_url, work)
    assert imported_in(street_url) == []


# --- refused ---------------------------------------------------------------------------------------------------


def platform_of(unit: str, pattern: str) -> DescribePlatform:
    """A platform without mediators that numbers by a pattern."""
    fields = {"tier": "community", "title": "平台", "convener": "sun", "mediators": ()}
    return DescribePlatform.model_validate({**fields, "unit": unit, "number_pattern": pattern})


def test_a_number_that_a_case_brought_in_is_given_to_no_other(street_url: str) -> None:
    async def work(services: Services) -> None:
        old = case(unit="dongguang.c02", tier="community", number="新字（2026）第1号")
        await bring_in(services, ledger_of(old))
        same = {**old, "unit": "dongguang.c01", "number": "新字(2026) 第1号"}
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, ledger_of(same))
        assert "brought in before with other content" in str(refused.value.faults[0].detail)
        await services.command_handler.handle(
            platform_of("dongguang.c01", "新字（{year}）第{n}号").model_copy(
                update={"keep_others": True, "effective_on": date(2026, 1, 1)}
            ),
            context(ADMIN),
        )
        assert await live_case(services, "2026-05-06") == "新字（2026）第2号"
        with pytest.raises(PatternTaken, match=r"dongguang\.c01"):
            await services.command_handler.handle(
                platform_of("dongguang.c02", "新字〔{year}〕 第{n}号"), context(ADMIN)
            )

    with_services(street_url, work)


def test_a_number_of_another_register_is_carried_over_there(street_url: str) -> None:
    async def work(services: Services) -> None:
        risen = case(unit="dongguang.c01", tier="street", number="(2026)东光一社民调字第1号")
        await bring_in(services, ledger_of(risen))
        assert await live_case(services, "2026-05-06") == "（2026）东光一社民调字第2号"

    with_services(street_url, work)


def test_a_pattern_of_a_table_belongs_to_no_other_register(street_url: str) -> None:
    async def work(services: Services) -> None:
        table = given(
            "p.csv",
            "unit,tier,title,convener,number_pattern\ndongguang.c02,community,二社,zhou,({year})东光民调字 第{n}号\n",
        )
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, table)
        (fault,) = refused.value.faults
        assert (fault.line, fault.column) == (2, "number_pattern")
        assert "dongguang" in str(fault.detail)

    with_services(street_url, work)


IMPORTED = case(90)
REFUSALS: Mapping[str, tuple[Sequence[Given], tuple[int, str, str]]] = {
    "an unknown unit": ([ledger_of(case(unit="moon"))], (2, "unit", "there is no unit moon")),
    "an unknown other unit": ([ledger_of(case(co_units="moon"))], (2, "co_units", "there is no unit moon")),
    "no platform for the tier": (
        [given("u.csv", "unit,title,kind\nmoon,月,street\n"), ledger_of(case(unit="moon"))],
        (2, "tier", "no platform covers the unit moon at this tier or above"),
    ),
    "an unknown tier": ([ledger_of(case(tier="moon"))], (2, "tier", "the procedure has no tier moon")),
    "an unknown heading": ([ledger_of(case(telephone="1"))], (1, "Q", "is not a heading of this table")),
    "a heading twice": (
        [given("u.csv", "unit,title,kind,title\n")],
        (1, "title", "stands twice"),
    ),
    "a missing column": (
        [given("u.csv", "unit,title\nwest,西街\n")],
        (1, "kind", "is missing, and every row needs it"),
    ),
    "a wrong date": (
        [ledger_of(case(filed_on="2.3.19"))],
        (2, "filed_on", "must be a day, such as 2026-03-02 or 2026年3月2日"),
    ),
    "a wrong amount in fen": (
        [ledger_of(case(amount_fen="12.5"))],
        (2, "amount_fen", "must be an amount in whole fen, such as 120050"),
    ),
    "a wrong amount in yuan": (
        [ledger_of({**case(), "标的额（元）": "12.505"})],
        (2, "标的额（元）", "must be an amount in yuan with at most two decimals, such as 1200.50"),
    ),
    "an amount too large": (
        [ledger_of(case(amount_fen=str(10**15 + 1)))],
        (2, "amount_fen", "must be at most 1000000000000000"),
    ),
    "an unknown word": (
        [ledger_of(case(source="rumour"))],
        (2, "source", "must be one of: application, initiative, referral"),
    ),
    "a number twice": ([ledger_of(case(1), case(2), case(1))], (4, "number", "stands in line 2 already")),
    "a number twice, written otherwise": (
        [ledger_of(case(1), case(number="（2019）东光一社民调字第01号"))],
        (3, "number", "stands in line 2 already"),
    ),
    "a number twice in two files": (
        [Given("a.csv", ledger_of(case(1)).content), Given("b.csv", ledger_of(case(1)).content)],
        (2, "number", "stands in line 2 of a.csv already"),
    ),
    "closed without an outcome": (
        [ledger_of(case(outcome=""))],
        (2, "outcome", "a closed case has an outcome, and only a closed one"),
    ),
    "closed without a day": (
        [ledger_of(case(closed_on=""))],
        (2, "closed_on", "an outcome and the day of closing go together"),
    ),
    "a duplicate, which names no other case": (
        [ledger_of(case(outcome="duplicate"))],
        (2, "outcome", "a duplicate is closed in the system, where its other case is known"),
    ),
    "performed without an agreement": (
        [ledger_of(case(outcome="performed"))],
        (2, "agreement_form", "this outcome rests on an agreement, of which nothing is said"),
    ),
    "an agreement without its form": (
        [ledger_of(case(**{**AGREED, "agreement_form": ""}))],
        (2, "agreed_on", "an agreement has a form and a day"),
    ),
    "days out of order": (
        [ledger_of(case(accepted_on="2019-03-01"))],
        (2, "accepted_on", "filing, acceptance, agreement and closing follow each other by day"),
    ),
    "a day to come": (
        [ledger_of(case(closed_on="2100-01-01"))],
        (2, "closed_on", "what has not happened yet cannot be recorded"),
    ),
    "a day before the calendar": ([ledger_of(case(filed_on="1066-10-14"))], (2, "filed_on", "must lie in the years 1949 to 2100")),
    "a term over three years": (
        [given("m.csv", MEDIATORS.replace("west,", "dongguang,").replace("2027", "2028"))],
        (2, "term_ends_on", "a term of office lasts at most three years"),
    ),
    "a mediator twice": (
        [given("m.csv", MEDIATORS.replace("west,", "dongguang,") + "dongguang,zhu,朱,专职,2025-01-01,2027-12-31\n")],
        (3, "id", "stands in line 2 already"),
    ),
    "a mediator without a platform": (
        [given("m.csv", MEDIATORS)],
        (2, "unit", "the unit has no platform, here or before"),
    ),
    "a platform without a unit": ([given("p.csv", PLATFORMS)], (2, "unit", "there is no unit west")),
    "a pattern without a place": (
        [given("p.csv", PLATFORMS.replace("west,", "dongguang,").replace("-{n}", ""))],
        (2, "number_pattern", "must hold {year}, {n} once each, such as （{year}）东光民调字第{n}号"),
    ),
    "a unit whose id does not spell its parent": (
        [given("u.csv", "unit,title,kind,parent\ndongguang.c09,九社,community,dongguang.c01\n")],
        (2, "parent", "the id dongguang.c09 spells another parent than dongguang.c01"),
    ),
    "a unit below nothing": ([given("u.csv", "unit,title,kind\nmoon.c01,x,community\n")], (2, "unit", "there is no unit moon")),
    "a unit twice": (
        [given("u.csv", "unit,title,kind\nwest,a,street\nwest,b,street\n")],
        (3, "unit", "stands in line 2 already"),
    ),
    "a unit written otherwise": (
        [given("u.csv", "unit,title,kind\nWest Street,a,street\n")],
        (2, "unit", str(FORMATS[UNIT_ID])),
    ),
    "imported before with other content": (
        [ledger_of({**IMPORTED, "title": "漏水"})],
        (2, "number", "this case was brought in before with other content; what is recorded is not changed by an import"),
    ),
    "imported before under a number written otherwise": (
        [ledger_of({**IMPORTED, "number": "（2019）东光一社民调字第090号"})],
        (2, "number", "this case was brought in before with other content; what is recorded is not changed by an import"),
    ),
    "a cell too long": ([ledger_of(case(title="长" * 201))], (2, "title", "must have at most 200 characters")),
    "too many names": ([ledger_of(case(applicants="；".join("甲" * 201)))], (2, "applicants", "must have at most 200 items")),
    "a party's name too long": ([ledger_of(case(applicants="甲" * 201))], (2, "applicants", "must have at most 200 characters")),
    "a formula": ([ledger_of(case(title="=A1&B1"))], (2, "title", "holds a formula; put its value there instead")),
    "a formula in a workbook": (
        [Given("x.xlsx", as_xlsx({"units": [["unit", "title", "kind"], ["a", "=1+1", "street"]]}))],
        (2, "title", "holds a formula; put its value there instead"),
    ),
    "a day where a text belongs": (
        [Given("x.xlsx", as_xlsx({"units": [["unit", "title", "kind"], ["a", date(2019, 12, 1), "street"]]}))],
        (2, "title", "holds a day where a text belongs; the spreadsheet may have turned the text into one"),
    ),
    "a cell that every row needs": ([ledger_of(case(facts=" "))], (2, "facts", "is required")),
    "a cell under no heading": (
        [given("u.csv", "unit,title,kind\nwest,西街,街道,x\n")],
        (2, "D", "stands under no heading"),
    ),
    "an unknown table": (
        [given("x.csv", "姓名,备注\n甲,无\n")],
        (1, "", "neither its name nor its headings say what this table holds"),
    ),
    "a workbook of the old kind": (
        [Given("x.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))],
        (0, "", "the file is a workbook of the old kind (.xls); save it as .xlsx"),
    ),
    "a ladder as a table": (
        [Given("x.xlsx", as_xlsx({"ladders": [["id"], ["x"]]}))],
        (1, "", "ladders come as YAML"),
    ),
    "a ladder in force with other content": (
        [ladders({**LADDER, "id": "three-tier"})],
        (1, "id", "the procedure three-tier is in force with other content, which two people have to change"),
    ),
    "a ladder with a strange tier": (
        [ladders({**LADDER, "entry": LADDER["entry"] | {"major": "moon"}})],
        (1, "entry.major", "the ladder has no tier moon"),
    ),
    "a ladder with a seat that nobody knows": (
        [given("l.yaml", TWO_TIERS.replace("lawyer", "pope"))],
        (8, "tiers.0.panel.0", "nobody knows the seat pope; a seat of your own stands under seats"),
    ),
    "the same ladder twice, otherwise": (
        [ladders(LADDER, {**LADDER, "follow_up_within": {"days": 7}})],
        (1, "id", "stands in line 1 already"),
    ),
    "a ladder without a title": (
        [ladders({name: value for name, value in LADDER.items() if name != "title"})],
        (1, "title", "is required"),
    ),
}  # fmt: skip


def test_whatever_is_wrong_is_said_and_nothing_is_recorded(street_url: str) -> None:
    """One database for all: what is refused leaves nothing behind, so that the next finds what the first did."""

    async def work(services: Services) -> None:
        await bring_in(services, ledger_of(IMPORTED))
        before, wrong = events_in(street_url), []
        for name, (files, (line, column, sentence)) in REFUSALS.items():
            good = given("good.csv", UNITS.replace("west", "east"))
            try:
                await bring_in(services, good, *files)
            except ImportRefused as error:
                refused = error
            else:
                pytest.fail(f"{name} was taken")
            found = refused.faults
            told = [(item.line, item.column, str(item.detail)) for item in found]
            if told != [(line, column, sentence)] or render(found[0].detail, "zh") == sentence:
                wrong.append((name, told))
        assert wrong == []
        assert events_in(street_url) == before

    with_services(street_url, work)


def test_a_ladder_is_told_all_that_is_wrong_with_it(street_url: str) -> None:
    text = (
        TWO_TIERS.replace("lawyer", "pope").replace("3", "0").replace("working_days: 2", "working_days: -1")
    )

    async def work(services: Services) -> None:
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, given("l.yaml", text))
        told = [(fault.file, fault.line, fault.column) for fault in refused.value.faults]
        assert told == [
            ("l.yaml", 7, "tiers.0.failed_sessions"),
            ("l.yaml", 8, "tiers.0.panel.0"),
            ("l.yaml", 9, "tiers.0.accept_within.working_days"),
            ("l.yaml", 11, "follow_up_within.days"),
        ]

    with_services(street_url, work)


def test_a_file_proposes_a_ladder_and_a_second_person_puts_it_in_force(street_url: str) -> None:
    approval = ApproveProcedure.model_validate(verdict(procedure="two-tiers", version=1))
    other = given("other.yaml", TWO_TIERS.replace("months: 1", "months: 2"))
    by_other = Actor(sub="second", role=Role.ADMIN)

    async def work(services: Services) -> None:
        plan, position = await bring_in(services, given("l.yaml", TWO_TIERS))
        assert import_result(plan, position).proposed == ["two-tiers"]
        again, nothing = await bring_in(services, given("l.yaml", TWO_TIERS))
        assert (counts(again), nothing, import_result(again, nothing).proposed) == (
            {"ladders": {"same": 1}},
            None,
            None,
        )
        filed = file_dispute(dispute=uuid4(), procedure="two-tiers")
        with pytest.raises(UnknownProcedure):
            await services.command_handler.handle(filed, context(SUN))
        with pytest.raises(ImportRefused, match="1 errors"):
            await bring_in(services, other)
        with pytest.raises(OwnProposal):
            await services.command_handler.handle(approval, context(ADMIN))
        await services.command_handler.handle(approval, context(by_other))
        assert (await services.command_handler.handle(filed, context(SUN))).tier == "community"
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, other)
        assert "is in force with other content" in str(refused.value.faults[0].detail)

    with_services(street_url, work)


def test_all_errors_are_told_at_once_up_to_a_thousand(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fault_module, "LISTED", 5)
    rows = [case(n, source="rumour", filed_on="never") for n in range(4)]

    async def work(services: Services) -> None:
        with pytest.raises(ImportRefused) as refused:
            await bring_in(services, given("m.csv", MEDIATORS), ledger_of(*rows), Given("p.csv", b"%PDF"))
        error = refused.value
        assert (len(error.faults), error.count) == (5, 10)
        assert str(error.detail) == "10 errors, of which 5 are listed; nothing was recorded"

    with_services(street_url, work)


def test_checking_alone_records_nothing(street_url: str) -> None:
    async def work(services: Services) -> None:
        before = events_in(street_url)
        plan, position = await bring_in(services, given("u.csv", UNITS), ledger_of(case()), dry_run=True)
        assert (counts(plan), position) == ({"units": {"new": 2}, "ledger": {"new": 1}}, None)
        assert events_in(street_url) == before

    with_services(street_url, work)


def test_who_imported_stands_in_the_log(street_url: str) -> None:
    operator = Actor(sub="operator", role=Role.ADMIN)

    async def work(services: Services) -> None:
        await bring_in(services, ledger_of(case()), given("u.csv", UNITS), by=operator)

    with_services(street_url, work)
    with psycopg.connect(street_url) as connection:
        query = "SELECT DISTINCT convert_from(state, 'UTF8')::jsonb -> 'actor' ->> 'sub' FROM stored_events WHERE notification_id > (SELECT max(position) - 4 FROM commands)"
        assert ("operator",) in connection.execute(query).fetchall()
