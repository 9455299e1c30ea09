"""The list of cases over real HTTP: found by number and words, what is overdue, how it stood on a past day."""

from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest

from cli.bootstrap import utc_now
from domain.events.envelope import Actor
from domain.vocabulary import Role, day_of
from tests.api.http.test_request_checks import PROBLEM
from tests.support.served import Served
from tests.support.world import AUDITOR, SUN, ZHAO, ZHOU, acceptance, filing, session

CONVENER = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")


def do(served: Served, case: str, path: str, body: dict[str, object], by: Actor = SUN) -> dict[str, object]:
    """Send a command that must be carried out."""
    reply = served.post(by, f"/v1/disputes/{case}/{path}", body)
    assert reply.status_code == 200, reply.text
    answered: dict[str, object] = reply.json()
    return answered


def on(day: str, hour: int = 9) -> str:
    """An hour of a day of 2026."""
    return f"2026-{day}T{hour:02}:00:00+08:00"


def filed(served: Served, title: str, **changes: object) -> str:
    """A case with a title."""
    reply = served.post(SUN, "/v1/disputes", filing(title=title, **changes))
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def accepted(served: Served, title: str, **changes: object) -> str:
    """A case that its community accepted on the third of March."""
    case = filed(served, title, **changes)
    do(served, case, "acceptance", acceptance())
    return case


def sat(served: Served, case: str, *days: str, outcome: str = "failed") -> None:
    """Sessions of a case, entered in this order."""
    for day in days:
        do(served, case, "sessions", session(held_at=on(day, 14), outcome=outcome))


def end_of(served: Served) -> int:
    """The position of the latest event."""
    with psycopg.connect(served.url) as connection:
        row = connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()
    return int(row[0])


def listed(served: Served, **query: object) -> list[dict[str, object]]:
    """The cases that a query finds, once the list has caught up."""
    params = {name: str(value) for name, value in {"min_position": end_of(served), **query}.items()}
    reply = served.ask(SUN, "/v1/disputes", params)
    assert reply.status_code == 200, reply.text
    items: list[dict[str, object]] = reply.json()["items"]
    return items


def ids(served: Served, **query: object) -> list[object]:
    """The ids of the cases that a query finds."""
    return [item["id"] for item in listed(served, **query)]


@pytest.fixture
def word() -> str:
    """A word that stands in no other title."""
    return f"w{uuid4().hex}"


# --- by number and by words ----------------------------------------------------------------------------------


def test_a_case_is_found_by_its_number(served: Served, word: str) -> None:
    case, _ = accepted(served, word), accepted(served, word)
    number = str(served.get(SUN, f"/v1/disputes/{case}").json()["number"])
    assert ids(served, q=number) == [case]
    year, _, place = number.partition("东光")
    otherwise = year.replace("（", "(").replace("）", ") ") + " 东光\u200b" + place.replace("第", " 第 ")
    assert otherwise != number
    for part in (otherwise, number[:-1], number[number.index("第") :], number[number.index("第") + 1 : -1]):
        assert case in ids(served, q=part), part
    assert ids(served, q=f"{number}1") == []


@pytest.mark.parametrize("dots", ["·", "\u200b", "・ ・"])
def test_a_search_for_nothing_that_shows_finds_nothing(served: Served, word: str, dots: str) -> None:
    accepted(served, word)
    assert ids(served, q=dots) == ids(served, party=dots) == []


def test_a_case_is_found_by_words_of_its_title_in_any_order(served: Served, word: str) -> None:
    case = filed(served, f"Noise at {word} 夜间装修噪声")
    assert ids(served, q=word) == [case]
    assert ids(served, q=f"装修 {word.upper()}") == [case]
    assert ids(served, q=f"  noise   {word[:20]} ") == [case]
    assert ids(served, q=f"{word} 漏水") == []


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', "\\%", "%%", "%(q)s", "{}"])
def test_signs_in_a_search_stand_for_themselves(served: Served, word: str, sign: str) -> None:
    with_sign = filed(served, f"{word}a{sign}b")
    filed(served, f"{word}axb")
    filed(served, f"{word}a\\\\b")
    assert ids(served, q=f"{word}a{sign}b") == [with_sign]


@pytest.mark.parametrize(
    "query", [{"q": "a\x00b"}, {"q": ""}, {"q": "字" * 101}, {"as_of": "2026-02-30"}, {"as_of": "1772409600"}]
)
@pytest.mark.parametrize("more", [{}, {"as_of": "2026-03-02"}])
def test_a_search_that_makes_no_sense_is_refused(
    served: Served, query: dict[str, str], more: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {served.token(SUN)}"}
    reply = served.client.get("/v1/disputes", params=more | query, headers=headers)
    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)


def test_a_unit_stands_for_its_subtree_and_nothing_else(served: Served, word: str) -> None:
    admin = Actor(sub="admin", role=Role.ADMIN)
    stem = f"dongguang.c01.{word[:12]}"
    for name in (f"{stem}_1", f"{stem}x1", f"{stem}x1.b01"):
        assert served.put(admin, f"/v1/units/{name}", {"title": "院", "kind": "compound"}).status_code == 201
    filed(served, word, unit=f"{stem}x1.b01")
    case = filed(served, word, unit=f"{stem}_1")
    assert ids(served, q=word, unit=f"{stem}_1") == [case]
    assert len(ids(served, q=word, unit=f"{stem}x1")) == 1
    assert len(ids(served, q=word, unit="dongguang.c01")) == 2
    assert ids(served, q=word, unit="dongguang.c02") == []
    for kind in ("units", "platforms"):
        reply = served.get(SUN, f"/v1/{kind}?unit={stem}_1&min_position={end_of(served)}")
        assert [item["unit"] for item in reply.json()["items"]] == [f"{stem}_1"][: kind == "units"]
    assert served.get(SUN, "/v1/units?cursor=%00").status_code == 422


# --- overdue -------------------------------------------------------------------------------------------------


def today() -> date:
    return day_of(utc_now())


def test_an_old_accepted_case_is_overdue_and_a_new_one_is_not(served: Served, word: str) -> None:
    now = (utc_now() - timedelta(minutes=5)).isoformat()
    old = accepted(served, word)
    waiting = filed(served, word)
    new = filed(served, word, occurred_at=now)
    do(served, new, "acceptance", acceptance(occurred_at=now))
    over = accepted(served, word)
    do(served, over, "refusal", {"party": "p2", "occurred_at": on("03-09")})
    assert ids(served, q=word, overdue=True) == [waiting, old]
    assert ids(served, q=word, overdue=False) == [new, over]
    due = {item["id"]: item["due_on"] for item in listed(served, q=word)}
    assert (due[old], due[waiting], due[over]) == ("2026-04-03", "2026-03-04", None)
    assert str(due[new]) > today().isoformat()


def test_more_time_puts_the_due_day_off(served: Served, word: str) -> None:
    case = accepted(served, word)
    until = (today() + timedelta(days=1)).isoformat()
    more = {"until": until, "consents": ["p1", "p2"], "occurred_at": on("03-09")}
    do(served, case, "extension", more)
    assert [item["due_on"] for item in listed(served, q=word, overdue=False)] == [until]
    assert ids(served, q=word, overdue=True) == []


def in_agreement(served: Served, title: str, due_on: str) -> str:
    """A case with a written agreement in effect since the twentieth of March."""
    case = accepted(served, title)
    sat(served, case, "03-20", outcome="agreed")
    term = {"debtor": "p2", "creditor": "p1", "obligation": "清理", "due_on": due_on}
    do(served, case, "agreement", {"form": "written", "reached_at": on("03-20", 15), "terms": [term]})
    for by in ("p1", "p2", "mediator"):
        do(served, case, "agreement/signatures", {"by": by, "signed_at": on("03-20", 16)})
    do(served, case, "agreement/signatures", {"by": "committee", "signed_at": on("03-20", 17)}, CONVENER)
    return case


def test_a_chance_of_confirmation_that_lapsed_is_nothing_overdue(served: Served, word: str) -> None:
    """Asking a court is a right, not a duty; a term that fell due is one."""
    far = (today() + timedelta(days=30)).isoformat()
    case, late = in_agreement(served, word, far), in_agreement(served, word, "2026-03-31")
    (confirm, term) = served.get(SUN, f"/v1/disputes/{case}").json()["deadlines"]
    assert (confirm["kind"], confirm["overdue"]) == ("confirm", False)
    assert (term["kind"], term["overdue"]) == ("term", False)
    assert ids(served, q=word, overdue=True) == [late]
    assert ids(served, q=word, overdue=False) == [case]
    assert ids(served, q=word, overdue=True, as_of="2026-04-01") == [late]
    assert ids(served, q=word, overdue=True, as_of="2026-03-31") == []


# --- as of a past day ----------------------------------------------------------------------------------------


def stood(served: Served, word: str, day: str) -> list[tuple[object, ...]]:
    """How the cases with a word in their title stood on a day of 2026: status, tier, mediators."""
    items = listed(served, q=word, as_of=f"2026-{day}")
    return [(item["status"], item["tier"], item["mediators"]) for item in items]


def test_a_case_that_was_filed_later_is_not_there(served: Served, word: str) -> None:
    case = filed(served, word)
    later = filed(served, word, occurred_at="2026-03-03T00:00:00+08:00")
    filed(served, word, occurred_at="2026-03-02T23:59:59-08:00")
    assert ids(served, q=word, as_of="2026-03-01") == []
    assert ids(served, q=word, as_of="2026-03-02") == [case]
    assert ids(served, q=word, as_of="2026-03-03")[1:] == [later, case]
    assert ids(served, q=word, as_of="1949-01-01") == []


def test_a_case_stands_as_it_stood_at_the_end_of_the_day(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-06", "03-07", "03-09", "03-10", "03-11")
    do(served, case, "acceptance", {"mediators": ["qian"], "occurred_at": on("03-13")}, ZHAO)
    do(served, case, "refusal", {"party": "p1", "occurred_at": on("03-17")}, ZHAO)
    assert stood(served, word, "03-02") == [("filed", "community", [])]
    assert (
        stood(served, word, "03-03") == stood(served, word, "03-10") == [("accepted", "community", ["sun"])]
    )
    assert stood(served, word, "03-11") == stood(served, word, "03-12") == [("escalated", "street", [])]
    assert stood(served, word, "03-13") == stood(served, word, "03-16") == [("accepted", "street", ["qian"])]
    assert stood(served, word, "03-17") == [("closed", "street", ["qian"])]
    (then,) = listed(served, q=word, as_of="2026-03-02")
    (now,) = listed(served, q=word)
    assert (then["number"], then["platform"], then["outcome"], then["version"]) == (
        None,
        "dongguang.c01",
        None,
        1,
    )
    assert (now["outcome"], now["version"], now["platform"]) == ("refused", 12, "dongguang")


def test_filters_ask_how_it_stood_that_day(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-06", "03-07", "03-09", "03-10", "03-11")
    do(served, case, "acceptance", {"mediators": ["qian"], "occurred_at": on("03-13")}, ZHAO)
    for query, days in (
        ({"status": "filed"}, {"03-02"}),
        ({"status": "accepted"}, {"03-03", "03-10", "03-13", "04-30"}),
        ({"status": "escalated"}, {"03-11"}),
        ({"status": "closed"}, set()),
        ({"tier": "community"}, {"03-02", "03-03", "03-10"}),
        ({"tier": "street"}, {"03-11", "03-13", "04-30"}),
        ({"mediator": "sun"}, {"03-03", "03-10"}),
        ({"mediator": "qian"}, {"03-13", "04-30"}),
        ({"mediator": "qian", "tier": "community"}, set()),
        ({"overdue": True}, {"04-30"}),
        ({"overdue": False}, {"03-02", "03-03", "03-10", "03-11", "03-13"}),
        ({"overdue": True, "status": "accepted", "mediator": "qian"}, {"04-30"}),
    ):
        for day in ("03-02", "03-03", "03-10", "03-11", "03-13", "04-30"):
            found = ids(served, q=word, as_of=f"2026-{day}", **query)
            assert found == ([case] if day in days else []), (query, day)
    assert ids(served, q=word, as_of="2026-03-13", unit="dongguang.c01", category="neighbour") == [case]
    assert ids(served, q=word, as_of="2026-03-13", unit="dongguang.c02") == []
    assert ids(served, q=word, as_of="2026-03-13", category="property") == []


def test_a_voided_escalation_never_was(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-06", "03-07", "03-09", "03-10", "03-11")
    assert stood(served, word, "03-11") == [("escalated", "street", [])]
    wrong = {"outcome": "adjourned", "reason": "当日实为改期", "occurred_at": on("03-16")}
    do(served, case, "sessions/3/correction", wrong)
    right = {"occurred_at": on("03-17")}
    assert do(served, case, "sessions/3/correction/approval", right, ZHAO)["status"] == "accepted"
    for day in ("03-10", "03-11", "03-13", "03-17"):
        assert stood(served, word, day) == [("accepted", "community", ["sun"])], day
    assert ids(served, q=word, as_of="2026-03-12", tier="street") == []
    (decision,) = served.get(SUN, f"/v1/disputes/{case}/why").json()["decisions"]
    assert (decision["rule"], decision["voided"], decision["basis_corrected"]) == (
        "failed_sessions",
        True,
        False,
    )


def test_a_correction_that_completes_a_count_moves_the_case_on_its_own_day(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-06", "03-07", "03-09", "03-10")
    sat(served, case, "03-11", outcome="no_show")
    wrong = {"outcome": "failed", "reason": "到场未谈成", "occurred_at": on("03-16")}
    do(served, case, "sessions/5/correction", wrong)
    do(served, case, "sessions/5/correction/approval", {"occurred_at": on("03-17")}, ZHAO)
    assert stood(served, word, "03-16") == [("accepted", "community", ["sun"])]
    assert stood(served, word, "03-17") == [("escalated", "street", [])]


def test_a_late_record_shows_on_the_day_on_which_it_happened(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-12", "03-11", "03-10", "03-09", "03-06")
    versions = {}
    for day in ("03-03", "03-06", "03-09", "03-11", "03-12"):
        (item,) = listed(served, q=word, as_of=f"2026-{day}")
        versions[day] = (item["status"], item["version"])
    assert versions == {
        "03-03": ("accepted", 2),
        "03-06": ("accepted", 7),
        "03-09": ("accepted", 7),
        "03-11": ("accepted", 7),
        "03-12": ("escalated", 8),
    }


def test_today_and_days_to_come_are_now(served: Served, word: str) -> None:
    case = accepted(served, word)
    sat(served, case, "03-06")
    now = listed(served, q=word)
    for day in (today(), today() + timedelta(days=1), date(2100, 12, 31)):
        assert listed(served, q=word, as_of=day.isoformat()) == now
    yesterday = listed(served, q=word, as_of=(today() - timedelta(days=1)).isoformat())
    assert yesterday == now


# --- pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"as_of": "2026-03-05"}, {"as_of": "2026-03-05", "status": "filed"}])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_hold_each_case_once(
    served: Served, many: tuple[str, list[str]], more: dict[str, str], limit: int
) -> None:
    word, cases = many
    found: list[object] = []
    query: dict[str, object] = {"q": word, "limit": limit, "min_position": end_of(served), **more}
    headers = {"Authorization": f"Bearer {served.token(SUN)}"}
    for _ in range(20):
        page = served.client.get("/v1/disputes", params=query, headers=headers).json()
        assert len(page["items"]) <= limit
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == limit
        query["cursor"] = page["next"]
    wanted = cases[0::2] if "status" in more else cases
    assert found == wanted[::-1]


@pytest.fixture(scope="module")
def many(served: Served) -> tuple[str, list[str]]:
    """A word, and the seven cases that hold it, every second of which its community has not accepted."""
    word = f"w{uuid4().hex}"
    cases = [filed(served, word) if place % 2 == 0 else accepted(served, word) for place in range(7)]
    return word, cases


def test_the_cases_of_another_platform_are_listed_to_it_and_to_those_above(served: Served, word: str) -> None:
    reply = served.post(ZHOU, "/v1/disputes", filing(title=word, unit="dongguang.c02.y01")).json()
    assert ids(served, q=word, min_position=reply["position"]) == []
    for reader in (ZHOU, ZHAO, AUDITOR):
        listed = served.get(reader, f"/v1/disputes?q={word}&min_position={reply['position']}").json()
        assert [item["id"] for item in listed["items"]] == [reply["id"]]


# --- by people, and by what is due first ----------------------------------------------------------------------


def test_a_case_is_found_by_a_party_s_name_or_number_whole(served: Served, word: str) -> None:
    people = [
        {"role": "applicant", "kind": "person", "name": f"甲{word}", "phone": f"139{word}"},
        {"role": "respondent", "kind": "organisation", "name": f"乙{word}公司"},
    ]
    case = filed(served, "楼道", parties=people)
    for key in (f"甲{word}", f"139{word}", f"乙{word}公司"):
        assert ids(served, party=key) == [case]
        assert ids(served, party=key, as_of="2026-03-02") == [case]
    assert ids(served, party=word) == []
    for spelt in (f"甲 {word.upper()}", f"１３９-{word}", f"乙·{word}公司 "):
        assert ids(served, party=spelt) == [case]
    new = {"name": f"丙{word}", "reason": "更正", "occurred_at": on("03-03")}
    do(served, case, "parties/p1", new)
    assert (ids(served, party=f"甲{word}"), ids(served, party=f"丙{word}")) == ([], [case])


def test_a_case_is_found_by_the_identity_of_a_party(served: Served) -> None:
    person = str(uuid4())
    people = [
        {"role": "applicant", "kind": "person", "name": "甲", "person": person},
        {"role": "respondent", "kind": "person", "name": "乙"},
    ]
    cases = [filed(served, "楼道", parties=people) for _ in range(2)]
    assert ids(served, person=person) == cases[::-1]


def test_what_is_due_first_comes_first_and_what_is_not_due_at_all_last(served: Served, word: str) -> None:
    waiting = filed(served, word, occurred_at=on("03-16"))
    first, late = accepted(served, word), accepted(served, word)
    do(
        served,
        late,
        "extension",
        {"until": "2026-12-31", "consents": ["p1", "p2"], "occurred_at": on("03-04")},
    )
    gone = [filed(served, word) for _ in range(2)]
    for case in gone:
        do(served, case, "withdrawal", {"party": "p1", "occurred_at": on("03-03")})
    wanted = [waiting, first, late, *reversed(gone)]
    assert ids(served, q=word, sort="due") == wanted
    assert ids(served, q=word) == [waiting, *reversed(gone), late, first]
    for size in (1, 2, 3):
        assert paged(served, size, q=word, sort="due") == wanted
        assert paged(served, size, q=word, sort="due", as_of="2026-03-20") == wanted


def paged(served: Served, size: int, **query: object) -> list[object]:
    """The same in pages."""
    found: list[object] = []
    cursor: dict[str, object] = {}
    while True:
        reply = served.client.get(
            "/v1/disputes",
            params={"min_position": end_of(served), "limit": size, **query, **cursor},
            headers={"Authorization": f"Bearer {served.token(SUN)}"},
        )
        assert reply.status_code == 200, reply.text
        found += [item["id"] for item in reply.json()["items"]]
        if reply.json()["next"] is None:
            return found
        cursor = {"cursor": reply.json()["next"]}


@pytest.mark.parametrize("cursor", ["x", "-1", "1_x", "1_2026-02-30", "1_2026-03-02_3", "9" * 19])
def test_a_cursor_that_no_page_gave_is_refused(served: Served, cursor: str) -> None:
    headers = {"Authorization": f"Bearer {served.token(SUN)}"}
    reply = served.client.get("/v1/disputes", params={"cursor": cursor}, headers=headers)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "cursor")
