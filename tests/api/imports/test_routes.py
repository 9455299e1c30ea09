"""Moving in over HTTP: a form goes in, what it brought or all that is wrong comes out; templates for those who begin."""

import io
import threading
import time
from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest
import xlsxwriter

from application.tables.kinds import TableKind
from domain.events.envelope import Actor
from tests.support.served import Served
from tests.support.tables import as_csv, case
from tests.support.world import ADMIN, ANALYST, SUN, ZHOU

LIMIT = 20 * 1024 * 1024


def send(
    served: Served, *files: tuple[str, bytes], by: Actor = ADMIN, query: str = "", **headers: str
) -> httpx.Response:
    """Send files with a fresh key, unless headers say otherwise; "" leaves one out."""
    given = {
        "Idempotency-Key": uuid4().hex,
        "Accept-Language": "en",
        "Authorization": f"Bearer {served.token(by)}",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.post(
        f"/v1/imports{query}",
        files=[("file", (name, content)) for name, content in files],
        headers={name: value for name, value in given.items() if value},
        timeout=60,
    )


def old_cases(count: int = 1, **changes: object) -> bytes:
    """A ledger of cases that no other test brings in."""
    mark = uuid4().hex[:8]
    return as_csv([case(number=f"旧字{mark}-{n}", **changes) for n in range(count)])


def test_tables_come_in_and_the_case_list_has_the_cases(served: Served) -> None:
    unit = f"dongguang.c02.n{uuid4().hex[:6]}"
    units = f"单元编号,单元名称,单元类型\n{unit},新院,院落\n".encode()
    ledger = old_cases(3, unit=unit)
    reply = send(served, ("units.csv", units), ("ledger.csv", ledger))
    assert reply.status_code == 200, reply.text
    nothing = {"new": 0, "changed": 0, "same": 0}
    assert reply.json() == {
        "units": {"new": 1, "changed": 0, "same": 0},
        "platforms": nothing,
        "mediators": nothing,
        "ladders": {"new": 0, "same": 0},
        "ledger": {"new": 3, "same": 0},
        "position": reply.json()["position"],
    }
    listed = served.get(ZHOU, f"/v1/disputes?unit={unit}&min_position={reply.json()['position']}").json()
    assert [item["status"] for item in listed["items"]] == ["closed"] * 3
    again = send(served, ("units.csv", units), ("ledger.csv", ledger)).json()
    assert (again["units"]["same"], again["ledger"], "position" in again) == (1, {"new": 0, "same": 3}, False)


def test_checking_alone_records_nothing(served: Served) -> None:
    ledger = old_cases(2)
    checked = send(served, ("l.csv", ledger), query="?dry_run=true")
    assert (checked.status_code, checked.json()["ledger"]) == (200, {"new": 2, "same": 0})
    assert "position" not in checked.json()
    assert send(served, ("l.csv", ledger)).json()["ledger"] == {"new": 2, "same": 0}


def test_everything_that_is_wrong_is_told_in_the_readers_language(served: Served) -> None:
    ledger = as_csv([case(unit="moon"), case(8, category="猫", closed_on="x")])
    reply = send(served, ("台账.csv", ledger), ("x.pdf", b"%PDF-1.7"))
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")
    assert reply.json()["type"] == "/problems/import-refused"
    assert reply.json()["detail"] == "4 errors; nothing was recorded"
    assert [(item["file"], item["line"], item["column"]) for item in reply.json()["errors"]] == [
        ("x.pdf", 0, ""),
        ("台账.csv", 2, "unit"),
        ("台账.csv", 3, "category"),
        ("台账.csv", 3, "closed_on"),
    ]
    assert "猫" not in reply.text
    chinese = send(served, ("台账.csv", ledger), Accept_Language="zh-CN").json()
    assert (chinese["title"], chinese["detail"]) == ("表格有误", "共有 3 处错误，未录入任何内容")
    assert chinese["errors"][1]["detail"].startswith("应为以下之一：婚姻家庭、邻里、")


@pytest.mark.parametrize("who", [SUN, ANALYST])
def test_only_who_runs_the_system_imports(served: Served, who: Actor) -> None:
    assert send(served, ("l.csv", old_cases()), by=who).status_code == 403


def test_what_cannot_be_read_is_refused_as_it_should_be(served: Served) -> None:
    assert send(served, ("l.csv", old_cases()), Authorization="").status_code == 401
    assert send(served, ("l.csv", old_cases()), Idempotency_Key="").json()["type"] == "/problems/key-missing"
    assert send(served).json()["type"] == "/problems/not-multipart"
    empty = send(served, ("l.csv", b""))
    assert (empty.status_code, [item["field"] for item in empty.json()["errors"]]) == (422, ["file"])
    assert send(served, ("l.csv", b"x" * (LIMIT + 2 * 1024 * 1024))).status_code == 413
    too_many = send(served, *[(f"{n}.csv", b"x") for n in range(21)])
    assert (too_many.status_code, too_many.json()["type"]) == (400, "/problems/not-multipart")


@pytest.mark.parametrize(
    ("path", "status"),
    [("ledger.csv", 200), ("units.xlsx", 200), ("ladders.yaml", 200), ("ladders.csv", 404), ("moons.csv", 404), ("units.pdf", 404)],
)  # fmt: skip
def test_a_template_is_there_or_not(served: Served, path: str, status: int) -> None:
    reply = served.get(SUN, f"/v1/imports/templates/{path}")
    assert reply.status_code == status
    if status == 200:
        assert reply.headers["content-disposition"] == f'attachment; filename="{path}"'


@pytest.mark.parametrize(("language", "heading"), [("zh-CN", "案号"), ("en", "number")])
def test_a_template_speaks_the_readers_language(served: Served, language: str, heading: str) -> None:
    text = served.get(SUN, "/v1/imports/templates/ledger.csv", Accept_Language=language).content.decode(
        "utf-8-sig"
    )
    assert text.startswith(f"{heading},")


def test_the_templates_come_in_as_they_are(served: Served) -> None:
    kinds = [item for item in TableKind if item is not TableKind.LADDERS]
    files: Mapping[str, bytes] = {
        f"{kind}.xlsx": served.get(ADMIN, f"/v1/imports/templates/{kind}.xlsx").content for kind in kinds
    }
    reply = send(served, *files.items())
    assert reply.status_code == 200, reply.text
    assert sum(reply.json()["ledger"].values()) == 1


def test_others_are_answered_while_an_import_goes_on(served: Served) -> None:
    replies: list[httpx.Response] = []
    ledger = old_cases(4000)
    importing = threading.Thread(target=lambda: replies.append(send(served, ("l.csv", ledger))))
    importing.start()
    waits = []
    with httpx.Client(base_url=served.address, timeout=15) as client:
        while importing.is_alive():
            started = time.perf_counter()
            assert client.get("/readyz").status_code == 200
            waits.append(time.perf_counter() - started)
    assert replies[0].json()["ledger"] == {"new": 4000, "same": 0}
    assert len(waits) > 10
    assert max(waits) < 1.0


def test_an_import_tells_of_hidden_rows_and_sheets_even_when_it_is_only_tried(served: Served) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("单元")
        sheet.write_row(0, 0, ["单元编号", "单元名称", "单元类型"])
        sheet.write_row(1, 0, [f"dongguang.c02.h{uuid4().hex[:6]}", "隐院", "院落"])
        sheet.set_row(1, None, None, {"hidden": True})
        book.add_worksheet("旧").hide()
    for query in ("?dry_run=true", ""):
        reply = send(served, ("units.xlsx", file.getvalue()), query=query)
        assert reply.status_code == 200, reply.text
        told = [(item["kind"], item["sheet"], item.get("line")) for item in reply.json()["warnings"]]
        assert told == [("hidden_sheet", "旧", None), ("hidden_rows", "单元", 2)]
        assert reply.json()["warnings"][0]["text"]["zh"] == "工作表已隐藏，未读取"


def test_names_of_one_cell_become_parties_each(served: Served) -> None:
    ledger = old_cases(1, applicants="张三、李四,王五", respondents="某公司(单位)\n赵六")
    reply = send(served, ("ledger.csv", ledger))
    assert reply.status_code == 200, reply.text
    rows = served.get(SUN, f"/v1/disputes?q=旧字&min_position={reply.json()['position']}").json()["items"]
    case_id = rows[0]["id"]
    parties = served.get(SUN, f"/v1/disputes/{case_id}").json()["parties"]
    assert [(item["name"], item["kind"]) for item in parties] == [
        ("张三", "person"),
        ("李四", "person"),
        ("王五", "person"),
        ("某公司", "organisation"),
        ("赵六", "person"),
    ]
