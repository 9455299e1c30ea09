"""The feed over real HTTP: the whole log in order, whoever writes meanwhile; CloudEvents; and who may see whom."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import psycopg
import pytest

from domain.events.envelope import Actor
from domain.events.streams import mediator_stream
from domain.vocabulary import Role
from store.event_log.topics import TOPICS
from tests.api.http.test_request_checks import PROBLEM, accepted_case, file_case
from tests.store.privacy.test_redaction import personal_texts, texts_of
from tests.support.cloudevents import faults
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, LI, SUN, ZHAO, session

SYSTEM = Actor(sub="exporter", role=Role.SYSTEM)
BATCH = "application/cloudevents-batch+json"
Item = dict[str, object]


def head(served: Served) -> int:
    with psycopg.connect(served.url) as connection:
        (found,) = connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()
    return int(found)


def logged(served: Served, after: int) -> list[tuple[int, str]]:
    """Positions and topics as they stand in the table."""
    with psycopg.connect(served.url) as connection:
        return connection.execute(
            "SELECT notification_id, topic FROM stored_events WHERE notification_id > %s ORDER BY 1", (after,)
        ).fetchall()


def page(served: Served, query: str, actor: Actor = AUDITOR) -> dict[str, object]:
    reply = served.get(actor, f"/v1/feed?{query}")
    assert reply.status_code == 200, reply.text
    found: dict[str, object] = reply.json()
    return found


def followed(served: Served, after: int, query: str = "limit=200", actor: Actor = AUDITOR) -> Iterator[Item]:
    """Everything beyond a position, page by page, until there is nothing further."""
    position = str(after)
    while True:
        found = page(served, f"after={position}&{query}", actor)
        yield from found["items"]
        if found["next"] is None:
            return
        position = found["next"]


def batches(served: Served, actor: Actor, after: int = 0) -> Iterator[Item]:
    """Everything beyond a position as CloudEvents."""
    path: str | None = f"/v1/feed?after={after}&limit=200"
    while path:
        reply = served.get(actor, path, Accept=BATCH)
        yield from reply.json()
        path = reply.links.get("next", {}).get("url")


def test_a_follower_sees_all_that_many_write_in_order_and_once(served: Served) -> None:
    start = head(served)

    def write(_: int) -> None:
        case = accepted_case(served)
        for _ in range(6):
            served.post(SUN, f"/v1/disputes/{case}/sessions", session(outcome="adjourned"))

    seen: list[Item] = []
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, item) for item in range(8)]
        while not all(writer.done() for writer in writers):
            seen += followed(served, int(seen[-1]["id"]) if seen else start, "limit=7")
    for writer in writers:
        writer.result()
    seen += followed(served, int(seen[-1]["id"]) if seen else start, "limit=7")
    assert [(int(item["id"]), item["type"]) for item in seen] == logged(served, start)
    assert len(seen) == 8 * (3 + 6)
    times = [item["time"] for item in seen]
    assert times == sorted(times)


def test_the_streams_of_the_log_are_all_there(served: Served) -> None:
    accepted_case(served)
    kinds = {str(item["type"]).partition(".")[0] for item in followed(served, 0)}
    assert kinds == {
        "unit",
        "platform",
        "numbering",
        "mediator",
        "procedure",
        "calendar",
        "register",
        "dispute",
    }


def test_next_lets_a_follower_go_on_and_says_when_there_is_nothing_yet(served: Served) -> None:
    start = head(served)
    assert page(served, f"after={start}") == {"items": [], "next": None}
    case = accepted_case(served)
    first = page(served, f"after={start}&limit=2")
    assert [item["type"] for item in first["items"]] == ["dispute.filed.v1", "dispute.accepted.v1"]
    assert first["next"] == first["items"][-1]["id"] == first["items"][-1]["position"]
    rest = page(served, f"after={first['next']}&limit=2")
    assert [item["type"] for item in rest["items"]] == ["register.number_issued.v1"]
    assert rest["next"] == str(head(served))
    assert page(served, f"after={rest['next']}") == {"items": [], "next": None}
    served.post(SUN, f"/v1/disputes/{case}/sessions", session())
    assert len(page(served, f"after={rest['next']}")["items"]) == 1


def test_what_is_not_asked_for_is_passed_and_next_goes_on_behind_it(served: Served) -> None:
    start = head(served)
    case = accepted_case(served)
    served.post(SUN, f"/v1/disputes/{case}/sessions", session())
    end = head(served)

    def types(query: str) -> list[object]:
        found = page(served, f"after={start}&{query}")
        assert found["next"] == str(end)
        return [item["type"] for item in found["items"]]

    assert types("type=calendar.published.v1") == []
    assert types("type=register.") == ["register.number_issued.v1"]
    assert types("type=dispute.accepted.v1") == ["dispute.accepted.v1"]
    assert types("type=dispute.session_recorded.v1&type=dispute.filed.v1") == [
        "dispute.filed.v1",
        "dispute.session_recorded.v1",
    ]
    assert types("type=dispute.&type=register.number_issued.v1") == [
        topic for _, topic in logged(served, start)
    ]
    first = page(served, f"after={start}&type=dispute.&limit=1")
    assert first["next"] == first["items"][0]["id"]


def test_every_event_is_a_cloud_event(served: Served) -> None:
    case = accepted_case(served)
    for day in range(6, 11):
        served.post(SUN, f"/v1/disputes/{case}/sessions", session(held_at=f"2026-03-{day:02}T14:00:00+08:00"))
    for actor in (AUDITOR, ANALYST):
        events = list(batches(served, actor))
        assert [(event["id"], faults(event)) for event in events if faults(event)] == []
        assert len({(event["source"], event["id"]) for event in events}) == len(events)
        assert {event["datacontenttype"] for event in events} == {"application/json"}
        assert all(re.search(r"\.\d{6}(Z|[+-]\d\d:\d\d)$", str(event["time"])) for event in events)


def test_an_event_tells_what_the_case_tells(served: Served) -> None:
    start = head(served)
    case = accepted_case(served)
    for day in range(6, 11):
        served.post(SUN, f"/v1/disputes/{case}/sessions", session(held_at=f"2026-03-{day:02}T14:00:00+08:00"))
    history = served.get(AUDITOR, f"/v1/disputes/{case}/events").json()["items"]
    events = list(followed(served, start, "type=dispute."))
    assert [event["subject"] for event in events] == [case] * len(history)
    for told, known in zip(events, history, strict=True):
        assert told["source"] == f"/v1/disputes/{case}"
        assert (told["type"], told["streamversion"]) == (known["type"], known["version"])
        assert (told["id"], told["position"]) == (str(known["position"]), str(known["position"]))
        assert told["data"] == known["data"]
        assert told["commandid"] == known["command_id"]
        actor = {"sub": told["actorsub"], "role": told["actorrole"], "unit": told["actorunit"]}
        assert actor == known["actor"]
        for mine, theirs in (("time", "recorded_at"), ("occurredat", "occurred_at")):
            assert datetime.fromisoformat(told[mine]) == datetime.fromisoformat(known[theirs])
    assert all("because" not in event for event in events[:-1])
    assert events[-1]["because"] == history[-1]["because"]
    assert events[-1]["because"]["rule"] == "failed_sessions"


def test_sources_are_where_things_are(served: Served) -> None:
    unit = f"dongguang.c02.x{uuid4().hex[:6]}"
    start = head(served)
    served.put(ADMIN, f"/v1/units/{unit}", {"title": "源院", "kind": "compound"})
    body = {"tier": "compound", "title": "源院调解组", "convener": "zhao", "mediators": []}
    assert served.put(ADMIN, f"/v1/platforms/{unit}", body).status_code == 201
    sources = {item["type"]: item["source"] for item in followed(served, start)}
    assert sources == {
        "unit.established.v1": f"/v1/units/{unit}",
        "platform.established.v1": f"/v1/platforms/{unit}",
    }
    events = followed(served, 0, "type=procedure.&type=calendar.&type=mediator.")
    founding = {item["type"]: item for item in reversed(list(events))}  # the first of each type
    assert founding["procedure.published.v3"]["source"] == "/v1/procedures/three-tier"
    for topic in ("calendar.published.v1", "mediator.registered.v1"):
        assert founding[topic]["source"] == f"/streams/{founding[topic]['subject']}"


def test_a_batch_is_the_events_alone_and_its_link_leads_on(served: Served) -> None:
    start = head(served)
    for _ in range(3):
        accepted_case(served)
    path, seen = f"/v1/feed?after={start}&limit=2&type=dispute.&type=register.", []
    while path:
        reply = served.get(AUDITOR, path, Accept=f"{BATCH}, application/json;q=0.5")
        assert (reply.status_code, reply.headers["content-type"]) == (200, BATCH)
        assert "accept" in reply.headers["vary"].lower()
        seen += reply.json()
        path = reply.links.get("next", {}).get("url")
    assert seen == list(followed(served, start))
    assert len(seen) == 9


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (f"application/json, {BATCH};q=0.9", "application/json"),
        (f"{BATCH};q=0, */*", "application/json"),
        (f"{BATCH};q=x, */*", "application/json"),
        (f"{BATCH}; q=0.2, */*;q=0.1", BATCH),
        (BATCH.upper(), BATCH),
    ],
)
def test_the_kind_of_answer_is_the_one_preferred(served: Served, accept: str, kind: str) -> None:
    assert served.get(AUDITOR, "/v1/feed?limit=1", Accept=accept).headers["content-type"] == kind


def test_a_plain_page_carries_the_link_too(served: Served) -> None:
    reply = served.get(AUDITOR, "/v1/feed?limit=2")
    assert reply.links["next"]["url"] == f"/v1/feed?after={reply.json()['next']}&limit=2"
    assert "link" not in served.get(AUDITOR, f"/v1/feed?after={head(served)}").headers


def revealing(served: Served) -> str:
    """A case with something personal in every place that has room for it."""
    mark = uuid4().hex[:6]
    party = {
        "person": str(uuid4()),
        "role": "applicant",
        "kind": "person",
        "name": f"姓名{mark}",
        "phone": f"139{mark}",
        "id_number": f"证件{mark}",
        "address": f"住址{mark}",
        "agent": {"name": f"代理{mark}", "relation": f"关系{mark}"},
    }
    other = {"role": "respondent", "kind": "person", "name": f"对方{mark}"}
    texts = {
        "title": f"标题{mark}",
        "facts": f"事实{mark}",
        "requests": f"请求{mark}",
        "referred_by": f"转介{mark}",
        "source": "referral",
    }
    case = file_case(served, parties=[party, other], **texts)
    when = {"occurred_at": "2026-03-03T09:00:00+08:00"}
    for path, body in (
        ("acceptance", {"mediators": ["sun"], **when}),
        ("sessions", session(place=f"地点{mark}", minutes=f"笔录{mark}", attendance=[_invited(mark)])),
        ("opinions", {"by": f"专家{mark}", "opinion": f"意见{mark}", **when}),
        ("sessions/1/correction", {"outcome": "adjourned", "reason": f"理由{mark}", **_on("07")}),
    ):
        reply = served.post(SUN, f"/v1/disputes/{case}/{path}", body)
        assert reply.status_code == 200, reply.text
    rejected = {"note": f"说明{mark}", **_on("08")}
    assert (
        served.post(ZHAO, f"/v1/disputes/{case}/sessions/1/correction/rejection", rejected).status_code == 200
    )
    return mark


def _on(day: str) -> dict[str, str]:
    return {"occurred_at": f"2026-03-{day}T09:00:00+08:00"}


def _invited(mark: str) -> dict[str, object]:
    return {"who": f"邻居{mark}", "as": "invitee", "present": True}


def test_an_analyst_sees_what_happened_and_nobody_in_it(served: Served) -> None:
    start = head(served)
    mark = revealing(served)
    whole, told = (list(followed(served, start, actor=actor)) for actor in (AUDITOR, ANALYST))
    assert json.dumps(whole).count(mark) > 15
    assert mark not in json.dumps(told)
    assert [item["id"] for item in told] == [item["id"] for item in whole]
    assert [item["data"].keys() for item in told] == [item["data"].keys() for item in whole]
    assert all("actorsub" not in item for item in told)
    assert [item["actorrole"] for item in told][-1] == "convener"
    filed = told[0]["data"]
    assert (filed["category"], filed["unit"], filed["parties"][0]["role"]) == (
        "neighbour",
        "dongguang.c01.y01",
        "applicant",
    )


def test_nothing_that_a_type_marks_reaches_an_analyst(served: Served) -> None:
    start = head(served)
    revealing(served)

    def seen(actor: Actor) -> list[Item]:
        appointed = followed(served, 0, "limit=200&type=platform.&type=mediator.", actor)
        return [*appointed, *followed(served, start, actor=actor)]

    personal: set[str] = set()
    for item in seen(AUDITOR):
        personal |= {item["actorsub"], *personal_texts(TOPICS.event(item["type"], item["data"]))}
    told = seen(ANALYST)
    data = {text for item in told for text in texts_of(item["data"])}
    around = {
        str(value) for item in told for name, value in item.items() if name not in {"data", "actorrole"}
    }
    assert {"sun", "zhao", "admin", "founding"} & personal == {"sun", "zhao", "admin"}
    assert not personal & (data | around)


def test_a_stream_that_is_named_after_somebody_does_not_lead_an_analyst_there(served: Served) -> None:
    """Its id follows from the mediator's: whoever knows the ids of some could find out which of them it is."""
    (whole, *_), (told, *_) = (
        list(followed(served, 0, "type=mediator.", actor=actor)) for actor in (SYSTEM, ANALYST)
    )
    assert whole["subject"] == str(mediator_stream(whole["data"]["mediator"]))
    assert "subject" not in told
    assert told["source"] == "/streams"
    assert whole["subject"] not in json.dumps(told)


@pytest.mark.parametrize("path", ["feed", "stream"])
def test_the_feed_is_not_for_every_role(served: Served, path: str) -> None:
    for actor in (SUN, LI, ZHAO, ADMIN):
        reply = served.get(actor, f"/v1/{path}", Accept_Language="en")
        assert (reply.status_code, reply.headers["content-type"]) == (403, PROBLEM)
        assert reply.json()["type"] == "/problems/forbidden"
    assert served.client.get(f"/v1/{path}").status_code == 401
    assert served.get(SYSTEM, "/v1/feed?limit=1").json()["items"][0]["actorsub"] == "founding"


WRONG: list[tuple[str, str, dict[str, str]]] = [
    *[
        ("feed", query, {})
        for query in ("after=-1", "after=x", f"after={2**63}", "limit=0", "limit=201", "limit=x")
    ],
    *[("stream", query, {}) for query in ("after=-1", "after=x", "limit=5")],
    *[
        (path, f"type={name}", {})
        for path in ("feed", "stream")
        for name in ("dispute", "dispute.*", ".", "")
    ],
    *[("feed", "type=dispute.filed.v1,dispute.closed.v1", {}), ("feed", "type=dispute.closed.v2", {})],
    *[("stream", "", {"Last_Event_ID": value}) for value in ("x", "-1", "1.5", str(2**63))],
]


@pytest.mark.parametrize(("path", "query", "headers"), WRONG)
def test_a_question_that_makes_no_sense_is_refused(
    served: Served, path: str, query: str, headers: dict[str, str]
) -> None:
    field = query.partition("=")[0] or "last-event-id"
    for language, word in (("en", "must|is not"), ("zh-CN", "[\u4e00-\u9fff]")):
        reply = served.get(AUDITOR, f"/v1/{path}?{query}", Accept_Language=language, **headers)
        assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)
        assert [item["field"] for item in reply.json()["errors"]] == [field]
        assert re.search(word, reply.json()["errors"][0]["detail"])


@pytest.mark.parametrize("accept", ["application/json", BATCH])
def test_the_feed_keeps_to_the_security_headers(served: Served, accept: str) -> None:
    headers = served.get(AUDITOR, "/v1/feed?limit=1", Accept=accept).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_the_same_question_gets_the_same_answer(served: Served) -> None:
    assert page(served, "limit=20") == page(served, "limit=20")


def test_a_position_beyond_the_end_is_refused_at_once_and_the_end_is_named(served: Served) -> None:
    end = head(served)
    for path in (
        f"feed?after={end + 100}",
        f"stream?after={end + 100}",
        f"disputes?min_position={end + 100}",
        f"ledger?min_position={2**62}",
        f"feed?after={2**62}",
    ):
        reply = served.get(AUDITOR, f"/v1/{path}")
        assert (reply.status_code, reply.json()["type"]) == (409, "/problems/ahead-of-log"), path
        assert end <= reply.json()["head"] < end + 100
        assert str(reply.json()["head"]) in reply.json()["detail"]
    reply = served.get(AUDITOR, "/v1/stream", Last_Event_ID=str(end + 100))
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/ahead-of-log")
    assert served.get(AUDITOR, f"/v1/feed?after={end}").status_code == 200


def test_an_explanation_has_one_form_in_the_feed_and_in_a_history(served: Served) -> None:
    start, case = head(served), accepted_case(served)
    for _ in range(5):
        served.post(SUN, f"/v1/disputes/{case}/sessions", session())
    told = [item["because"] for item in followed(served, start) if "because" in item]
    history = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"]
    assert told == [item["because"] for item in history if item["because"]] != []
    batch = list(batches(served, AUDITOR, start))
    assert [json.loads(item["because"]) for item in batch if "because" in item] == told
    assert not any(faults(item) for item in batch)
