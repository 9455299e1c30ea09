"""Sessions called for days to come: shown in the case, listed over all cases, moved, cancelled; clashes are told."""

from uuid import uuid4

import pytest

from tests.api.disputes.test_case_list import do, end_of, on
from tests.support.served import Served
from tests.support.world import SUN, acceptance, filing

Json = dict[str, object]


def opened(served: Served, *mediators: str, **changes: object) -> str:
    """A case that its community has accepted."""
    case = str(served.post(SUN, "/v1/disputes", filing(**changes)).json()["id"])
    do(served, case, "acceptance", acceptance(mediators=list(mediators or ("sun",))))
    return case


def call(served: Served, case: str, at: str, place: str | None = None, path: str = "appointments") -> Json:
    """Call a session, or call it for another time; returns the reply."""
    body: Json = {"at": at, **({"place": place} if place else {})}
    return do(served, case, path, body if path != "appointments" else body | {"method": "on_site"})


def listed(served: Served, **query: object) -> list[Json]:
    """The appointments that a query finds, once the list has caught up."""
    params = {name: str(value) for name, value in {"min_position": end_of(served), **query}.items()}
    reply = served.ask(SUN, "/v1/appointments", params)
    assert reply.status_code == 200, reply.text
    items: list[Json] = reply.json()["items"]
    return items


def clashes(reply: Json) -> list[Json]:
    warnings = reply.get("warnings", [])
    assert isinstance(warnings, list)
    return [item for item in warnings if item["kind"] == "appointment_clash"]


@pytest.fixture
def day() -> str:
    """A day on which nobody else calls a session."""
    return f"20{uuid4().int % 60 + 30}-{uuid4().int % 12 + 1:02}-{uuid4().int % 28 + 1:02}"


def test_an_appointment_is_shown_listed_moved_and_cancelled(served: Served, day: str) -> None:
    case = opened(served)
    call(served, case, f"{day}T14:00:00+08:00", "社区调解室")
    (found,) = listed(served, **{"from": day, "to": day, "unit": "dongguang.c01", "mediator": "sun"})
    assert {name: found[name] for name in ("dispute", "number", "place", "method", "state", "mediators")} == {
        "dispute": case,
        "number": 1,
        "place": "社区调解室",
        "method": "on_site",
        "state": "made",
        "mediators": ["sun"],
    }
    past = {"from": "2029-12-30", "to": "2029-12-31"}
    for elsewhere in ({"unit": "dongguang.c02"}, {"mediator": "li"}, past):
        assert listed(served, **{"from": day, "to": day, **elsewhere}) == []
    call(served, case, f"{day}T16:00:00+08:00", path="appointments/1/move")
    shown = served.get(SUN, f"/v1/disputes/{case}").json()["appointments"]
    assert [(item["number"], item["at"], item["place"], item["state"]) for item in shown] == [
        (1, f"{day}T16:00:00+08:00", "社区调解室", "moved")
    ]
    do(served, case, "appointments/1/cancellation", {"reason": "一方住院"})
    assert [item["state"] for item in listed(served, **{"from": day, "to": day})] == ["cancelled"]
    again = served.post(SUN, f"/v1/disputes/{case}/appointments/1/cancellation", {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-cancelled")
    assert (
        served.post(SUN, f"/v1/disputes/{case}/appointments/2/move", {"at": on("03-09")}).status_code == 404
    )


def test_what_was_called_in_a_case_that_ended_lapses(served: Served, day: str) -> None:
    case = opened(served)
    call(served, case, f"{day}T14:00:00+08:00")
    do(served, case, "withdrawal", {"party": "p1", "occurred_at": on("03-09")})
    assert [item["state"] for item in listed(served, **{"from": day, "to": day})] == ["lapsed"]
    assert served.get(SUN, f"/v1/disputes/{case}").json()["appointments"][0]["state"] == "lapsed"


def test_what_its_recorder_takes_back_is_listed_no_more(served: Served, day: str) -> None:
    case = opened(served)
    call(served, case, f"{day}T14:00:00+08:00")
    do(served, case, "events/3/retraction", {"reason": "登记错案件", "occurred_at": on("03-09")})
    assert listed(served, **{"from": day, "to": day}) == []
    assert served.get(SUN, f"/v1/disputes/{case}").json()["appointments"] == []
    call(served, case, f"{day}T15:00:00+08:00")
    assert [item["number"] for item in listed(served, **{"from": day, "to": day})] == [2]


def test_pages_follow_each_other_by_time(served: Served, day: str) -> None:
    case = opened(served)
    hours = [9, 15, 11, 11, 13]
    for hour in hours:
        call(served, case, f"{day}T{hour:02}:00:00+08:00")
    found: list[object] = []
    query: dict[str, str] = {"from": day, "to": day, "limit": "2", "min_position": str(end_of(served))}
    while True:
        page = served.ask(SUN, "/v1/appointments", query).json()
        found += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == [1, 3, 4, 5, 2]


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "dongguang.c99"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"cursor": "x"},
        {"q": "x"},
        {"from": "3"},
    ],
    ids=str,
)
def test_a_query_that_makes_no_sense_is_refused(served: Served, query: dict[str, str]) -> None:
    assert served.ask(SUN, "/v1/appointments", query).status_code == 422


# --- clashes -------------------------------------------------------------------------------------------------


def test_a_mediator_who_is_called_elsewhere_is_a_warning(served: Served, day: str) -> None:
    first, second = opened(served, "sun", "li"), opened(served, "sun")
    assert clashes(call(served, first, f"{day}T14:00:00+08:00")) == []
    (found,) = clashes(call(served, second, f"{day}T14:59:00+08:00", "别处"))
    assert (found["dispute"], found["appointment"], found["mediators"]) == (first, 1, ["sun"])
    assert found["text"]["zh"] == f"sun 在 {day} 14:00 已有其他预约"
    assert "place" not in found
    assert clashes(call(served, second, f"{day}T16:00:00+08:00", path="appointments/1/move")) == []
    assert len(clashes(call(served, second, f"{day}T13:01:00+08:00", path="appointments/1/move"))) == 1


def test_a_place_that_is_taken_is_a_warning_however_it_is_spelt(served: Served, day: str) -> None:
    first, second = opened(served, "sun"), opened(served, "li")
    call(served, first, f"{day}T14:00:00+08:00", "社区调解室（一）")
    (found,) = clashes(call(served, second, f"{day}T14:30:00+08:00", "社区 调解室(一)"))
    assert (found["dispute"], found["place"]) == (first, "社区调解室（一）")
    assert "mediators" not in found
    other = opened(served, "li")
    assert clashes(call(served, other, f"{day}T13:30:00+08:00", "社区调解室（二）")) == []
    do(served, first, "appointments/1/cancellation", {})
    assert clashes(call(served, second, f"{day}T14:31:00+08:00", path="appointments/1/move")) == []


def test_a_dry_run_tells_the_clash_and_calls_nothing(served: Served, day: str) -> None:
    first, second = opened(served), opened(served)
    call(served, first, f"{day}T14:00:00+08:00")
    body = {"at": f"{day}T14:00:00+08:00", "method": "on_site"}
    reply = served.post(SUN, f"/v1/disputes/{second}/appointments?dry_run=true", body).json()
    assert [item["dispute"] for item in clashes(reply)] == [first]
    twice = served.post(SUN, f"/v1/disputes/{first}/appointments?dry_run=true", body).json()
    assert [item["dispute"] for item in clashes(twice)] == [first]
    assert len(listed(served, **{"from": day, "to": day})) == 1
