"""Requests as clients and proxies change them on their way: tags, HEAD, file names, blanks, retries, cut times."""

import json
from datetime import datetime
from uuid import uuid4

import httpx
import pytest

from tests.api.http.test_request_checks import accepted_case, events_of, raw
from tests.support.served import Served
from tests.support.world import ADMIN, AUDITOR, SUN, filing, session


def headers_of(served: Served, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {served.token(AUDITOR)}", **more}


# --- entity tags ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ['W/"2"', '"7", W/"2"'])
def test_a_weak_tag_names_its_version(served: Served, tag: str) -> None:
    case = accepted_case(served)
    path = f"/v1/disputes/{case}/sessions"
    assert served.post(SUN, path, session(), If_Match=tag).status_code == 200
    assert served.post(SUN, path, session(), If_Match=tag).status_code == 412
    assert served.post(SUN, path, session(), If_Match="W/2").status_code == 400


@pytest.mark.parametrize(
    ("tag", "status"), [('"2"', 304), ('W/"2"', 304), ("*", 304), ('"1", W/"2"', 304), ('"1"', 200)]
)
def test_a_case_that_was_seen_is_not_sent_again(served: Served, tag: str, status: int) -> None:
    case = accepted_case(served)
    reply = served.get(SUN, f"/v1/disputes/{case}", If_None_Match=tag)
    assert (reply.status_code, reply.headers["etag"]) == (status, '"2"')
    assert bool(reply.content) == (status == 200)


# --- HEAD ----------------------------------------------------------------------------------------------------


def test_head_is_answered_wherever_get_is(served: Served) -> None:
    case = accepted_case(served)
    for path in (
        "/v1/disputes",
        f"/v1/disputes/{case}",
        f"/v1/disputes/{case}/events",
        f"/v1/disputes/{case}/why",
        "/v1/indicators",
        "/v1/ledger?format=csv",
        "/v1/ledger?format=xlsx",
        "/v1/feed",
        "/v1/units",
        "/v1/procedures",
        "/healthz",
        "/openapi.json",
        "/problems/not-found",
        "/docs/assets/swagger-ui.css",
        f"/v1/disputes/{uuid4()}",
        "/nothing",
    ):
        get = served.client.get(path, headers=headers_of(served))
        head = served.client.head(path, headers=headers_of(served))
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert head.headers.get("content-type") == get.headers.get("content-type"), path
    assert served.client.head("/v1/disputes").status_code == 401
    assert served.client.head(f"/v1/disputes/{case}/sessions", headers=headers_of(served)).status_code == 405


def test_head_of_the_stream_ends(served: Served) -> None:
    reply = served.client.head("/v1/stream", headers=headers_of(served))
    assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (200, "text/event-stream")


# --- names of files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=UTF-8''%E7%85%A7%E7%89%87.jpg", "照片.jpg"),
        ("filename*=utf-8'zh'a%22b%3B.jpg", "a'b;.jpg"),
        ("filename*=GBK''%D5%D5%C6%AC.jpg", "照片.jpg"),
        ("filename*0*=UTF-8''%E7%85%A7; filename*1=.jpg", "照.jpg"),
        ("filename=\"plain.jpg\"; filename*=UTF-8''other.jpg", "plain.jpg"),
    ],
)
def test_a_file_may_be_named_in_the_encoded_form(served: Served, disposition: str, name: str) -> None:
    case = accepted_case(served)
    fields = {"kind": "evidence", "title": "照片", "occurred_at": "2026-03-07T09:00:00+08:00"}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    )
    body += f'--b\r\nContent-Disposition: form-data; name="file"; {disposition}\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n'
    given = {"Content-Type": "multipart/form-data; boundary=b"}
    reply = raw(served, (body + "--b--\r\n").encode(), f"/v1/disputes/{case}/attachments", **given)
    assert reply.status_code == 200, reply.text
    (found,) = served.get(SUN, f"/v1/disputes/{case}").json()["attachments"]
    assert found["filename"] == name


# --- times -----------------------------------------------------------------------------------------------------


def test_a_blank_in_a_time_is_the_plus_that_was_not_escaped(served: Served) -> None:
    case = accepted_case(served)
    for text in ("2099-01-01T00:00:00+08:00", "2099-01-01T00:00:00%2B08:00"):
        reply = served.get(SUN, f"/v1/disputes/{case}?known_at={text}")
        assert (reply.status_code, reply.json()["version"]) == (200, 2)
    assert served.get(SUN, f"/v1/disputes/{case}/diff?from=1&to=2099-01-01T00:00:00+08:00").status_code == 200
    assert served.get(SUN, "/v1/indicators?known_at=2026-05-01T00:00:00+08:00").status_code == 200
    assert served.get(SUN, f"/v1/disputes/{case}?known_at=2026-05-01T00:00:00").status_code == 422


@pytest.mark.parametrize("unit", ["milliseconds", "seconds"])
def test_a_time_of_recording_that_was_cut_includes_what_was_recorded_then(served: Served, unit: str) -> None:
    case = accepted_case(served)
    last = datetime.fromisoformat(str(events_of(served, case)[-1]["recorded_at"]))
    moment = last.isoformat(timespec=unit)
    assert served.ask(SUN, f"/v1/disputes/{case}", {"known_at": moment}).json()["version"] == 2
    changes = served.ask(SUN, f"/v1/disputes/{case}/diff", {"from": "1", "to": moment}).json()
    assert changes["to_version"] == 2


# --- retries -----------------------------------------------------------------------------------------------------


def sent(served: Served, path: str, text: str, key: str) -> httpx.Response:
    return raw(served, text.encode(), path, **{"Idempotency-Key": key})


def test_a_retry_that_was_written_anew_gets_the_stored_reply(served: Served) -> None:
    case, key = accepted_case(served), uuid4().hex
    path, body = f"/v1/disputes/{case}/sessions", session()
    first = sent(served, path, json.dumps(body), key)
    assert first.status_code == 200, first.text
    backwards = dict(reversed(body.items()))
    for again in (
        json.dumps(backwards, indent=2),
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        json.dumps({**body, "held_at": "2026-03-06T06:00:00Z"}),
        json.dumps({**body, "place": None}),
        json.dumps({**body, "minutes": "  未达成一致 "}),
    ):
        assert sent(served, path, again, key).json() == first.json(), again
    assert sent(served, path.replace(case, case.upper()), json.dumps(body), key).json() == first.json()
    other = sent(served, path, json.dumps({**body, "held_at": "2026-03-06T06:00:01Z"}), key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


def test_a_filing_and_a_verdict_are_compared_by_what_they_mean(served: Served) -> None:
    key, body = uuid4().hex, filing()
    first = sent(served, "/v1/disputes", json.dumps(body), key)
    again = {**body, "occurred_at": "2026-03-02T01:00:00Z", "co_units": [], "amount_fen": None}
    assert sent(served, "/v1/disputes", json.dumps(again), key).json() == first.json()
    assert sent(served, "/v1/disputes", json.dumps({**body, "amount_fen": 1}), key).status_code == 422
    key, body = uuid4().hex, filing(amount_fen=100, people_involved=3)
    first = sent(served, "/v1/disputes", json.dumps(body), key)
    again = sent(
        served, "/v1/disputes", json.dumps({**body, "amount_fen": 100.0, "people_involved": 3.0}), key
    )
    assert (first.status_code, again.json()) == (201, first.json())


def test_what_an_amendment_leaves_out_is_not_what_it_removes(served: Served) -> None:
    case, key = accepted_case(served), uuid4().hex
    path = f"/v1/disputes/{case}/parties/p1"
    body = {"name": "甲二", "reason": "误登", "occurred_at": "2026-03-04T09:00:00+08:00"}
    assert sent(served, path, json.dumps(body), key).status_code == 200
    assert sent(served, path, json.dumps({**body, "phone": None}), key).status_code == 422
    assert sent(served, path, json.dumps(body), key).status_code == 200


def test_a_form_with_another_boundary_is_the_same_form(served: Served) -> None:
    case, key = accepted_case(served), uuid4().hex
    fields = {"kind": "evidence", "title": "照片", "occurred_at": "2026-03-07T09:00:00+08:00"}
    given = headers_of(served, **{"Idempotency-Key": key, "If-Match": "*"})
    given["Authorization"] = f"Bearer {served.token(SUN)}"
    replies = [
        served.client.post(
            f"/v1/disputes/{case}/attachments",
            data={**fields, "occurred_at": moment},
            files={"file": ("a.jpg", b"abc", "image/jpeg")},
            headers=given,
        )
        for moment in (fields["occurred_at"], "2026-03-07T01:00:00Z")
    ]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json() == replies[1].json()


def test_an_unknown_unit_is_refused_in_every_query(served: Served) -> None:
    for path in ("disputes", "indicators", "deadlines", "ledger"):
        reply = served.get(AUDITOR, f"/v1/{path}?unit=dongguang.c77")
        assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "unit"), path
    for path in ("units", "platforms"):
        assert served.get(ADMIN, f"/v1/{path}?unit=dongguang.c77").status_code == 422
