"""Calendars over HTTP: listed, proposed by one admin, published or amended by another."""

import httpx
import pytest

from api.http.examples import CALENDAR
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, SUN, acceptance, filing, verdict

OTHER_ADMIN = Actor(sub="second", role=Role.ADMIN)


def decide(town: Served, who: Actor, what: str, year: int = 2027, **headers: str) -> httpx.Response:
    """Decide on the proposed days of a year."""
    return town.post(
        who, f"/v1/calendars/{year}/{what}", {"occurred_at": verdict()["occurred_at"]}, **headers
    )


def test_a_year_is_proposed_by_one_admin_and_published_by_another(own_town: Served) -> None:
    reply = own_town.put(ADMIN, "/v1/calendars/2027", CALENDAR)
    assert (reply.status_code, reply.headers["etag"]) == (201, '"1"')
    assert reply.json()["events"] == ["calendar.proposed.v1"]
    again = own_town.put(ADMIN, "/v1/calendars/2027", CALENDAR)
    assert (again.status_code, again.json()["events"]) == (200, [])
    seen = own_town.get(OTHER_ADMIN, "/v1/calendars/2027").json()
    assert (seen["proposed"]["proposed_by"], "published" in seen) == (ADMIN.sub, False)
    assert seen["proposed"].items() >= CALENDAR.items()
    other = own_town.put(OTHER_ADMIN, "/v1/calendars/2027", {**CALENDAR, "workdays": []})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already-proposed")
    assert decide(own_town, ADMIN, "approval").json()["type"] == "/problems/own-proposal"
    assert decide(own_town, SUN, "approval").status_code == 403
    done = decide(own_town, OTHER_ADMIN, "approval")
    assert (done.status_code, done.json()["events"]) == (200, ["calendar.published.v1"])
    query = f"/v1/calendars?min_position={done.json()['position']}"
    items = {item["year"]: item for item in own_town.get(ANALYST, query).json()["items"]}
    assert items[2027]["days_off"] == CALENDAR["days_off"]
    assert items[2027]["published_at"]
    assert min(items) == 2004
    assert decide(own_town, OTHER_ADMIN, "approval").json()["type"] == "/problems/nothing-proposed"


def test_an_amendment_moves_due_days_but_not_those_that_were_known_before(own_town: Served) -> None:
    filed = own_town.post(SUN, "/v1/disputes", filing(occurred_at="2026-03-02T09:00:00+08:00"))
    accepted = own_town.post(SUN, f"{filed.headers['Location']}/acceptance", acceptance())
    assert accepted.status_code == 200, accepted.text
    before = due_days(own_town, filed.headers["Location"])
    assert before == ["2026-04-03"]
    last = own_town.get(SUN, f"{filed.headers['Location']}/events").json()["items"][-1]["recorded_at"]

    year = own_town.get(ADMIN, "/v1/calendars/2026").json()["published"]
    amended = {
        "days_off": [*year["days_off"], "2026-04-03"],
        "workdays": year["workdays"],
        "basis": "样例：调整放假安排的通知",
        "announced_on": "2026-03-01",
    }
    assert own_town.put(ADMIN, "/v1/calendars/2026", amended).status_code == 201
    assert due_days(own_town, filed.headers["Location"]) == before
    assert decide(own_town, OTHER_ADMIN, "rejection", 2026).json()["events"] == ["calendar.rejected.v1"]
    assert own_town.put(ADMIN, "/v1/calendars/2026", amended).status_code == 201
    assert decide(own_town, OTHER_ADMIN, "withdrawal", 2026).json()["type"] == "/problems/not-your-proposal"
    assert decide(own_town, ADMIN, "withdrawal", 2026).json()["events"] == ["calendar.withdrawn.v1"]
    assert own_town.put(ADMIN, "/v1/calendars/2026", amended).status_code == 201
    done = decide(own_town, OTHER_ADMIN, "approval", 2026)
    assert due_days(own_town, filed.headers["Location"]) == ["2026-04-07"]
    assert due_days(own_town, filed.headers["Location"], known_at=last) == before
    listed = own_town.get(SUN, f"/v1/disputes?min_position={done.json()['position']}").json()["items"]
    (item,) = [item for item in listed if item["id"] == filed.json()["id"]]
    assert item["due_on"] == "2026-04-07"
    for path, name in (("disputes", "id"), ("deadlines", "dispute")):
        rows = own_town.ask(SUN, f"/v1/{path}", {"known_at": str(last)}).json()["items"]
        assert [row["due_on"] for row in rows if row[name] == filed.json()["id"]] == before, path

    right = {**amended, "days_off": year["days_off"], "basis": "样例：更正误发布"}
    assert own_town.put(OTHER_ADMIN, "/v1/calendars/2026", right).status_code == 201
    assert decide(own_town, ADMIN, "approval", 2026).status_code == 200
    assert due_days(own_town, filed.headers["Location"]) == before


def due_days(town: Served, case: str, **query: str) -> list[str]:
    """Until when the community may mediate."""
    deadlines = town.ask(SUN, case, query).json()["deadlines"]
    return [item["due_on"] for item in deadlines if item["kind"] == "mediate"]


@pytest.mark.parametrize(
    ("year", "changes", "fields"),
    [
        (2028, {}, ["days_off.0", "workdays.0"]),
        (2029, {"days_off": ["2029-01-06"], "workdays": ["2029-01-08", "2029-01-07"]}, ["days_off.0", "workdays.0"]),
        (2029, {"days_off": ["2029-01-01"], "workdays": ["2029-01-01"]}, ["days_off.0", "workdays.0", "workdays.0"]),
        (2029, {"days_off": ["soon"], "workdays": []}, ["days_off.0"]),
        (2029, {"basis": " ", "days_off": [], "workdays": []}, ["basis"]),
    ],
)  # fmt: skip
def test_days_that_make_no_calendar_are_told_with_their_fields(
    own_town: Served, year: int, changes: dict[str, object], fields: list[str]
) -> None:
    reply = own_town.put(ADMIN, f"/v1/calendars/{year}", CALENDAR | changes)
    assert (reply.status_code, [item["field"] for item in reply.json()["errors"]]) == (422, fields)


def test_who_publishes_and_who_reads(own_town: Served) -> None:
    assert (
        own_town.put(SUN, "/v1/calendars/2030", {**CALENDAR, "days_off": [], "workdays": []}).status_code
        == 403
    )
    assert own_town.get(SUN, "/v1/calendars").status_code == 200
    assert own_town.client.get("/v1/calendars").status_code == 401
    assert own_town.put(ADMIN, "/v1/calendars/99999", CALENDAR).status_code == 404
