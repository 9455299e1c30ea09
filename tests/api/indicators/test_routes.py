"""Figures, deadlines and the ledger over real HTTP, against a recount of the raw events."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import httpx
import openpyxl
import psycopg
import pytest

from cli.bootstrap import utc_now
from domain.events.envelope import Actor
from domain.vocabulary import day_of
from projections.case_history.projection import CaseHistoryProjection
from projections.case_history.tables import update_from, write
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.runner import catch_up_once
from store.event_log.log_reader import whole_streams
from tests.api.disputes.test_case_list import do, end_of, on, sat
from tests.api.http.test_request_checks import PROBLEM
from tests.support.databases import run, serving_street
from tests.support.recount import lines, open_and_overdue, recounted
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, WU, ZHAO, ZHOU, acceptance, filing, session

TERM = {
    "debtor": "p2",
    "creditor": "p1",
    "obligation": "赔偿；清理",
    "amount_fen": 50000,
    "due_on": "2026-04-30",
}


def filed(served: Served, day: str = "03-02", by: Actor = SUN, **changes: object) -> str:
    reply = served.post(by, "/v1/disputes", filing(occurred_at=on(day), **changes))
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def accepted(served: Served, day: str = "03-03", **changes: object) -> str:
    case = filed(served, **changes)
    do(served, case, "acceptance", acceptance(occurred_at=on(day)))
    return case


def agreed(served: Served, case: str, day: str, by: Actor = SUN) -> str:
    do(served, case, "sessions", session(held_at=on(day, 14), outcome="agreed"), by)
    body = {"form": "oral", "reached_at": on(day, 15), "record": "口头", "terms": [TERM]}
    do(served, case, "agreement", body, by)
    return case


@pytest.fixture(scope="module")
def town(worker_id: str, postgres: None) -> Iterator[Served]:
    """A street on which a little of everything has happened."""
    with serving_street(f"figures_{worker_id}") as served:
        _happen(served)
        yield served


def _happen(served: Served) -> None:  # noqa: PLR0915 - one case after the other
    filed(served, "03-16")
    agreed(served, accepted(served), "03-06")
    fifth = accepted(served)
    sat(served, fifth, "03-06", "03-09", "03-10", "03-11")
    sat(served, fifth, "03-12", outcome="no_show")
    agreed(served, fifth, "03-13")
    risen = accepted(served, unit="dongguang.c01.y02")
    sat(served, risen, "03-06", "03-09", "03-10", "03-11", "03-12")
    do(served, risen, "acceptance", {"mediators": ["zhao"], "occurred_at": on("03-16")}, ZHAO)
    agreed(served, risen, "04-07", ZHAO)
    do(served, risen, "agreement/terms/1/performance", {"performed_on": "2026-04-20"}, ZHAO)
    void = accepted(served)
    sat(served, void, "03-06", "03-09", "03-10", "03-11", "03-12")
    wrong = {"outcome": "adjourned", "held_at": on("03-08"), "reason": "改期", "occurred_at": on("03-13")}
    do(served, void, "sessions/2/correction", wrong)
    do(served, void, "sessions/2/correction/approval", {"occurred_at": on("03-16")}, ZHAO)
    lifted = accepted(served)
    do(
        served,
        lifted,
        "escalation",
        {"grounds": "risk", "to": "street", "reason": "险", "occurred_at": on("03-05")},
    )
    do(served, lifted, "escalation/approval", {"occurred_at": on("03-06")}, ZHAO)
    do(served, lifted, "return", {"reason": "先谈", "occurred_at": on("03-09")}, ZHAO)
    do(
        served,
        lifted,
        "extension",
        {"until": "2026-12-31", "consents": ["p1", "p2"], "occurred_at": on("03-10")},
    )
    small = filed(served, difficulty="simple", by=WU)
    do(served, small, "acceptance", {"mediators": ["wu"], "occurred_at": on("03-03")}, WU)
    for day in ("03-04", "03-05", "03-06"):
        do(served, small, "sessions", session(held_at=on(day)), WU)
    refused = accepted(served, category="property")
    do(served, refused, "refusal", {"party": "p2", "occurred_at": on("03-20")})
    do(served, refused, "reopening", {"reason": "愿谈", "occurred_at": on("04-01")})
    agreed(served, refused, "04-02")
    turned_away = filed(served)
    do(served, turned_away, "decline", {"reason": "elsewhere", "note": "已诉", "occurred_at": on("03-03")})
    handed = filed(served, unit="dongguang.c02.y01", by=ZHOU)
    do(served, handed, "acceptance", {"mediators": ["zhou"], "occurred_at": on("03-04")}, ZHOU)
    do(
        served,
        handed,
        "transfer",
        {"to": "=cmd|'/c calc'!A1", "reason": "+移送", "occurred_at": on("03-05")},
        ZHOU,
    )
    _file_twice(served, risen)


def _file_twice(served: Served, first: str) -> None:
    """A case that has already been accepted and has risen turns out to be a duplicate: it counts nowhere."""
    twice = accepted(served)
    sat(served, twice, "03-04", "03-05", "03-06", "03-09", "03-10")
    closure = {"duplicate_of": first, "reason": "同一纠纷", "occurred_at": on("03-17")}
    do(served, twice, "closure", closure, ZHAO)


def ask(served: Served, path: str, who: Actor = ANALYST, **query: object) -> httpx.Response:
    params = {name.rstrip("_"): str(value) for name, value in query.items()}
    params = {"min_position": str(end_of(served)), **params}
    return served.ask(who, path, params, accept_language="zh-CN")


def figures(served: Served, **query: object) -> dict[tuple[str, str | None], tuple[object, object, object]]:
    reply = ask(served, "/v1/indicators", **query)
    assert reply.status_code == 200, reply.text
    return {
        (item["key"], item["tier"]): (item["numerator"], item["denominator"], item["value"])
        for item in reply.json()["items"]
    }


def must_agree(found: dict[tuple[str, str | None], tuple[object, object, object]], wanted: object) -> None:
    """Equal to the recount; where there is no case at all nothing is told of tiers."""
    assert isinstance(wanted, dict)
    del found["overdue_rate", None]
    anything = any(value[0] for value in wanted.values())
    assert found == {name: value for name, value in wanted.items() if anything or name[1] is None}


# --- figures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    [
        {},
        {"from": "2026-03-10"},
        {"from": "2026-03-10", "to": "2026-03-31"},
        {"to": "2026-03-12"},
        {"as_of": "2026-03-12"},
        {"unit": "dongguang.c01"},
        {"unit": "dongguang.c01.y02"},
        {"unit": "dongguang.c02", "as_of": "2026-03-05"},
        {"unit": "dongguang.c02.y01", "as_of": "2026-03-01"},
    ],
    ids=str,
)
def test_every_figure_is_what_the_raw_events_say(town: Served, period: dict[str, str]) -> None:
    since = date.fromisoformat(period.get("from", "0001-01-01"))
    until = min(period.get("to", "2026-11-21"), period.get("as_of", "2026-11-21"))
    wanted = recounted(lines(town.url), since, date.fromisoformat(until), period.get("unit"))
    must_agree(figures(town, **period), wanted)


def test_the_recount_counts(town: Served) -> None:
    """So that the equality above is of something."""
    found = figures(town)
    assert found["accepted", None] == (8, None, 8)
    assert found["success_rate", None] == (4, 5, 0.8)
    assert found["escalation_rate", "community"] == (2, 7, 2 / 7)
    assert found["last_session_yield", "community"] == (1, 2, 0.5)
    assert found["sessions_to_resolution", None] == (13, 4, 3.0)


def test_what_was_known_at_a_time_is_counted_in_the_same_way(town: Served) -> None:
    events = ask(town, f"/v1/disputes/{_void(town)}/events", SUN).json()["items"]
    for place in (4, 7, 8, 9, 10):
        known_at = events[place]["recorded_at"]
        told = lines(town.url, datetime.fromisoformat(known_at))
        wanted = recounted(told, date.min, date(2026, 11, 21))
        must_agree(figures(town, known_at=known_at), wanted)
    before, after = (figures(town, known_at=events[place]["recorded_at"]) for place in (7, 10))
    assert (before["escalation_rate", "community"], after["escalation_rate", "community"]) == (
        (2, 4, 0.5),
        (1, 4, 0.25),
    )


def test_nothing_was_known_before_anything_was_recorded(town: Served) -> None:
    assert figures(town, known_at="2020-01-01T00:00:00Z")["accepted", None] == (0, None, 0)


def test_open_cases_past_a_deadline_are_counted_on_the_day(town: Served) -> None:
    late = dict(open_and_overdue(town.url, date(2026, 11, 21)))
    assert figures(town)["overdue_rate", None] == (
        sum(late.values()),
        len(late),
        sum(late.values()) / len(late),
    )
    assert figures(town, as_of="2026-03-16")["overdue_rate", None][:2] == (1, 6)
    assert figures(town, as_of="2026-03-01")["overdue_rate", None] == (0, 0, None)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("tier", {"compound": 1, "community": 7}),
        ("category", {"neighbour": 7, "property": 1}),
        ("month", {"2026-03": 8}),
        ("quarter", {"2026-Q1": 8}),
        ("unit", {"dongguang": 8}),
        ("mediator", {"sun": 6, "wu": 1, "zhou": 1}),
    ],
)
def test_figures_by_what_people_compare(town: Served, by: str, groups: dict[str, int]) -> None:
    items = ask(town, "/v1/indicators", by=by).json()["items"]
    assert {item["group"]: item["value"] for item in items if item["key"] == "accepted"} == groups
    assert all(item["group"] for item in items)


@pytest.mark.parametrize("by", ["month", "quarter"])
def test_no_group_lies_beyond_the_period(town: Served, by: str) -> None:
    items = ask(town, "/v1/indicators", by=by, to="2026-03-31").json()["items"]
    assert {item["group"] for item in items} == {"2026-03" if by == "month" else "2026-Q1"}
    items = ask(town, "/v1/indicators", by=by, to="2026-03-31", as_of="2026-03-31").json()["items"]
    assert "overdue_rate" in {item["key"] for item in items}


def test_by_unit_is_one_level_down(town: Served) -> None:
    items = ask(town, "/v1/indicators", by="unit", unit="dongguang").json()["items"]
    found = {item["group"]: item["value"] for item in items if item["key"] == "accepted"}
    assert found == {"dongguang.c01": 7, "dongguang.c02": 1}
    items = ask(town, "/v1/indicators", by="unit", unit="dongguang.c01").json()["items"]
    found = {item["group"]: item["value"] for item in items if item["key"] == "accepted"}
    assert found == {"dongguang.c01.y01": 6, "dongguang.c01.y02": 1}


def test_a_figure_tells_what_it_means_and_on_what_it_rests(town: Served) -> None:
    reply = ask(town, "/v1/indicators", as_of="2026-03-31").json()
    assert (reply["as_of"], reply["to"], reply["from"], reply["known_at"]) == (
        "2026-03-31",
        "2026-03-31",
        None,
        None,
    )
    for item in reply["items"]:
        assert item["as_of"] == "2026-03-31"
        assert item["procedures"] == [{"id": "three-tier", "version": 1}]
        assert item["definition"]["zh"] != item["definition"]["en"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"by": "weather"}, "by"),
        ({"unit": "No Unit"}, "unit"),
        ({"known_at": "2026-03-02"}, "known_at"),
        ({"fee": "1"}, "fee"),
    ],
    ids=str,
)
def test_a_question_that_makes_no_sense_is_refused(town: Served, query: dict[str, str], field: str) -> None:
    reply = ask(town, "/v1/indicators", **query)
    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)
    assert [item["field"] for item in reply.json()["errors"]] == [field]


@pytest.mark.parametrize("path", ["/v1/indicators", "/v1/deadlines", "/v1/ledger"])
def test_who_may_look(town: Served, path: str) -> None:
    for actor in (SUN, ZHAO, AUDITOR, ANALYST):
        assert ask(town, path, actor).status_code == 200
    assert ask(town, path, ADMIN).status_code == 403
    assert town.client.get(path).status_code == 401


# --- deadlines -----------------------------------------------------------------------------------------------


def due(served: Served, **query: object) -> list[dict[str, object]]:
    reply = ask(served, "/v1/deadlines", **query)
    assert reply.status_code == 200, reply.text
    items: list[dict[str, object]] = reply.json()["items"]
    return items


def test_what_is_due_comes_in_the_order_of_its_days(town: Served) -> None:
    items = due(town)
    days = [str(item["due_on"]) for item in items]
    assert days == sorted(days)
    assert {item["kind"] for item in items} == {"accept", "mediate", "term", "follow_up"}
    assert all(item["overdue"] == (str(item["due_on"]) < "2026-11-21") for item in items)


def test_the_deadlines_of_a_past_day_are_those_that_each_case_told_then(town: Served) -> None:
    cases = ask(town, "/v1/disputes", ZHAO, limit=200).json()["items"]
    for on_day in ("2026-03-02", "2026-03-06", "2026-03-12", "2026-03-31", "2026-04-20"):
        told = []
        for item in cases:
            case = town.get(ZHAO, f"/v1/disputes/{item['id']}?as_of={on_day}")
            if case.status_code == 200:
                told += [
                    (item["id"], one["kind"], one["due_on"], one["overdue"])
                    for one in case.json()["deadlines"]
                ]
        found = [
            (one["dispute"], one["kind"], one["due_on"], one["overdue"]) for one in due(town, as_of=on_day)
        ]
        assert found, on_day
        assert sorted(map(str, found)) == sorted(map(str, told)), on_day


def test_deadlines_come_in_pages_and_by_kind_unit_and_lateness(town: Served) -> None:
    whole, paged, cursor = due(town), [], {}
    while True:
        reply = ask(town, "/v1/deadlines", limit=2, **cursor).json()
        paged += reply["items"]
        if reply["next"] is None:
            break
        cursor = {"cursor": reply["next"]}
    assert paged == whole
    assert {item["kind"] for item in due(town, kind="term")} == {"term"}
    assert {str(item["unit"])[:13] for item in due(town, unit="dongguang.c01")} == {"dongguang.c01"}
    by_unit = {unit: due(town, unit=unit) for unit in ("dongguang.c01", "dongguang.c01.y01", "dongguang.c02")}
    assert by_unit == {
        unit: [item for item in whole if f"{item['unit']}.".startswith(f"{unit}.")] for unit in by_unit
    }
    assert any(found != whole for found in by_unit.values())
    late = due(town, overdue="true")
    assert late + due(town, overdue="false") == whole
    assert 0 < len(late) < len(whole)


@pytest.mark.parametrize("cursor", ["x", "2026-03-02_x_1", "2026-03-02", "2026-13-02_0_0", "9" * 200])
def test_a_cursor_of_nobody_s_is_refused(town: Served, cursor: str) -> None:
    assert ask(town, "/v1/deadlines", cursor=cursor).status_code == 422


# --- the ledger ----------------------------------------------------------------------------------------------


def _void(served: Served) -> str:
    """The case whose escalation was voided."""
    cases = ask(served, "/v1/disputes", SUN, limit=200).json()["items"]
    for item in cases:
        case = served.get(SUN, f"/v1/disputes/{item['id']}").json()
        if any(move["voided"] for move in case["escalations"]):
            return str(item["id"])
    raise LookupError


def test_the_ledger_has_every_case_with_a_number_in_its_order(town: Served) -> None:
    rows = ask(town, "/v1/ledger", AUDITOR, unit="dongguang", year=2026).json()["items"]
    cases = ask(town, "/v1/disputes", ZHAO, limit=200).json()["items"]
    assert {row["number"] for row in rows} == {item["number"] for item in cases if item["number"]}
    assert [row["accepted_on"] for row in rows] == sorted(row["accepted_on"] for row in rows)
    numbers = [
        row["number"] for row in rows if row["accepted_on"] == "2026-03-03" and "一社" in row["number"]
    ]
    assert numbers == [f"（2026）东光一社民调字第{n}号" for n in range(1, len(numbers) + 1)]
    assert ask(town, "/v1/ledger", AUDITOR, year=2025).json() == {"items": [], "next": None}
    assert len(ask(town, "/v1/ledger", AUDITOR, unit="dongguang.c02", year=2026).json()["items"]) == 1


def test_the_ledger_is_this_year_s_where_no_year_is_named(town: Served) -> None:
    year = day_of(utc_now()).year
    for query, named in (({}, year), ({"year": 2025}, 2025)):
        headers = ask(town, "/v1/ledger", AUDITOR, format="csv", **query).headers
        assert headers["content-disposition"].endswith(f"-{named}.csv")


def test_a_day_to_come_is_answered_as_today(town: Served) -> None:
    today = ask(town, "/v1/indicators").json()
    assert ask(town, "/v1/indicators", as_of="2099-01-01").json() == today
    assert today["as_of"] < "2099-01-01"


def test_the_ledger_opens_right_in_a_spreadsheet(town: Served) -> None:
    rows = ask(town, "/v1/ledger", AUDITOR, year=2026).json()["items"]
    as_csv = ask(town, "/v1/ledger", AUDITOR, year=2026, format="csv")
    assert as_csv.content.startswith(b"\xef\xbb\xbf")
    lines_of = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert [item["案号"] for item in lines_of] == [item["number"] for item in rows]
    assert {item["纠纷类别"] for item in lines_of} == {"邻里", "物业"}
    as_xlsx = ask(town, "/v1/ledger", AUDITOR, year=2026, format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).worksheets[0]
    table = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in table[1:]] == [item["number"] for item in rows]
    assert "attachment" in as_xlsx.headers["content-disposition"]


def test_asked_twice_the_ledger_is_the_same_to_the_byte(town: Served) -> None:
    for form in ("json", "csv", "xlsx"):
        once, twice = (ask(town, "/v1/ledger", AUDITOR, year=2026, format=form).content for _ in range(2))
        assert once == twice, form


def test_an_analyst_gets_the_ledger_without_people(town: Served) -> None:
    for form in ("json", "csv"):
        open_to, told = (
            ask(town, "/v1/ledger", by, year=2026, format=form).text for by in (AUDITOR, ANALYST)
        )
        assert "甲" in open_to
        assert not any(word in told for word in ("甲", "乙", "楼道", "赔偿"))
    rows = ask(town, "/v1/ledger", ANALYST, year=2026).json()["items"]
    assert all(row["number"] and row["category"] for row in rows)


# --- the tables on which all rests ---------------------------------------------------------------------------

COLUMNS = {
    "case_spells": "dispute, place, since, until, status, outcome, tier, platform, mediators, number, case_version, due_on",
    "case_steps": "dispute, kind, day, tier, platform, mediators, detail, held, held_there, last_chance",
}


def rows_of(url: str, table: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            f"SELECT {COLUMNS[table]} FROM {table} ORDER BY {COLUMNS[table]}"
        ).fetchall()


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_what_was_added_bit_by_bit_is_what_is_told_anew(
    town: Served, street_url: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker added to the town's lives as they were lived; here the same log is followed in other steps."""
    assert figures(town)["accepted", None]
    with psycopg.connect(town.url) as there, psycopg.connect(street_url) as here:
        columns = "originator_id, originator_version, topic, state, notification_id"
        last = here.execute("SELECT max(notification_id) FROM stored_events").fetchone()
        log = there.execute(
            f"SELECT {columns} FROM stored_events WHERE notification_id > %s", last
        ).fetchall()
        with here.cursor() as cursor:
            cursor.executemany(f"INSERT INTO stored_events ({columns}) VALUES (%s, %s, %s, %s, %s)", log)
    monkeypatch.setattr("projections.runtime.runner.BATCH", batch)
    run(catch_up_once(street_url, [CaseHistoryProjection()]))
    for table in COLUMNS:
        found = rows_of(street_url, table)
        assert len(found) > 30
        assert found == rows_of(town.url, table), table


def test_told_anew_from_its_whole_history_every_case_is_the_same(town: Served) -> None:
    wanted = {table: rows_of(town.url, table) for table in COLUMNS}

    async def anew() -> dict[str, list[tuple[object, ...]]]:
        async with await psycopg.AsyncConnection.connect(town.url) as connection:
            found = await connection.execute("SELECT DISTINCT dispute FROM case_spells")
            cases = [row[0] for row in await found.fetchall()]
            whole = await whole_streams(connection, cases)
            told = {case: await update_from(connection, whole[case], PolicyCache()) for case in cases}
            await connection.execute("DELETE FROM case_spells")
            await connection.execute("DELETE FROM case_steps")
            await write(connection, told, PolicyCache())
            read = {}
            for table, columns in COLUMNS.items():
                rows = await connection.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}")
                read[table] = await rows.fetchall()
            await connection.rollback()
            return read

    assert run(anew()) == wanted
