"""Calendars over HTTP: listed, and published once a year."""

import pytest

from api.http.examples import CALENDAR
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, SUN


def test_a_year_is_published_once(own_town: Served) -> None:
    reply = own_town.put(ADMIN, "/v1/calendars/2027", CALENDAR)
    assert (reply.status_code, reply.headers["etag"]) == (201, '"1"')
    assert reply.json()["events"] == ["calendar.published.v1"]
    again = own_town.put(ADMIN, "/v1/calendars/2027", CALENDAR)
    assert (again.status_code, again.json()["events"]) == (200, [])
    other = own_town.put(ADMIN, "/v1/calendars/2027", {**CALENDAR, "workdays": []})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/calendar-published-otherwise")
    query = f"/v1/calendars?min_position={reply.json()['position']}"
    items = {item["year"]: item for item in own_town.get(ANALYST, query).json()["items"]}
    assert items[2027].items() >= CALENDAR.items()
    assert items[2027]["published_at"]
    assert min(items) == 2004
    assert "2026-10-10" in items[2026]["workdays"] or items[2026]["workdays"]


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
