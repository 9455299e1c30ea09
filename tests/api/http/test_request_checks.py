"""The manners of every request, over real HTTP: the order of checks, keys, versions, bodies that cannot be read."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.http.request_checks import BODY_LIMIT
from domain.events.streams import unit_stream
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, ZHAO, acceptance, filing, session

PROBLEM = "application/problem+json"


def file_case(served: Served, **changes: object) -> str:
    reply = served.post(SUN, "/v1/disputes", filing(**changes))
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def accepted_case(served: Served) -> str:
    case = file_case(served)
    assert served.post(SUN, f"/v1/disputes/{case}/acceptance", acceptance()).status_code == 200
    return case


def events_of(served: Served, case: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"]
    return items


def raw(served: Served, content: bytes, path: str = "/v1/disputes", **headers: str) -> httpx.Response:
    given = {"Authorization": f"Bearer {served.token(SUN)}", "Idempotency-Key": uuid4().hex, "If-Match": "*"}
    given |= {"Content-Type": "application/json", "Accept-Language": "en"} | headers
    return served.client.post(path, content=content, headers=given)


def test_a_reply_says_where_the_case_stands(served: Served) -> None:
    reply = served.post(SUN, "/v1/disputes", filing())
    body = reply.json()
    assert reply.headers["location"] == f"/v1/disputes/{body['id']}"
    assert reply.headers["etag"] == '"1"'
    assert body == {
        "id": body["id"],
        "version": 1,
        "position": body["position"],
        "status": "filed",
        "tier": "community",
        "events": ["dispute.filed.v1"],
    }


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 400, "not-json"),
        (b"{", 400, "not-json"),
        (b"[" * 400_000, 400, "not-json"),
        (b'{"title": "\xff"}', 400, "not-json"),
        (b'{"title": "\x00"}', 400, "not-json"),
        (b'{"title": "a\\u0000b"}', 400, "not-json"),
        (b'{"amount_fen": ' + b"9" * 5000 + b"}", 400, "not-json"),
        (b"x" * 10_000_000, 413, "body-too-large"),
        (b'"text"', 422, "invalid-fields"),
        (b"[]", 422, "invalid-fields"),
        (b"null", 422, "invalid-fields"),
        (b'{"\\ud800": 1}', 422, "invalid-fields"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else str(value),
)
def test_a_body_that_cannot_be_read_is_refused(
    served: Served, content: bytes, status: int, kind: str
) -> None:
    reply = raw(served, content)
    assert (reply.status_code, reply.headers["content-type"]) == (status, PROBLEM)
    assert reply.json()["type"] == f"/problems/{kind}"


def test_the_limit_of_a_body_is_exact(served: Served) -> None:
    largest = b'"' + b"x" * (BODY_LIMIT - 2) + b'"'
    assert raw(served, largest).status_code == 422
    assert raw(served, largest + b" ").status_code == 413


def test_a_body_sent_in_pieces_is_limited_too(served: Served) -> None:
    def pieces() -> object:
        for _ in range(200):
            yield b"x" * 50_000

    given = {"Authorization": f"Bearer {served.token(SUN)}", "Idempotency-Key": "k", "If-Match": "*"}
    assert served.client.post("/v1/disputes", content=pieces(), headers=given).status_code == 413


def test_an_escaped_backslash_before_u0000_is_ordinary_text(served: Served) -> None:
    content = json.dumps(filing(facts="\\u0000")).encode()
    assert b"\\\\u0000" in content
    assert raw(served, content).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fee_fen": 1}, "fee_fen"),
        ({"amount_fen": -1}, "amount_fen"),
        ({"amount_fen": 1.5}, "amount_fen"),
        ({"amount_fen": 10**18}, "amount_fen"),
        ({"amount_fen": True}, "amount_fen"),
        ({"category": "weather"}, "category"),
        ({"unit": "dongguang.c77"}, "unit"),
        ({"unit": "Dongguang C01"}, "unit"),
        ({"procedure": "no-such"}, "procedure"),
        ({"tier": "attic"}, "tier"),
        ({"title": "   "}, "title"),
        ({"title": "字" * 201}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"facts": None}, "facts"),
        ({"parties": []}, "parties"),
        ({"co_units": ["dongguang.c99"]}, "co_units.0"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "occurred_at"),
        ({"occurred_at": "2026-03-02T09:00:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"people_involved": 0}, "people_involved"),
    ],
    ids=str,
)
def test_a_field_that_is_wrong_is_named(served: Served, changes: dict[str, object], field: str) -> None:
    reply = raw(served, json.dumps(filing(**changes)).encode())
    assert reply.status_code == 422, reply.text
    assert [item["field"] for item in reply.json()["errors"]] == [field]


def test_what_was_sent_is_not_repeated_in_a_refusal(served: Served) -> None:
    reply = served.post(SUN, "/v1/disputes", filing(amount_fen="13912345678", phone="13912345678"))
    assert reply.status_code == 422
    assert "13912345678" not in reply.text


def test_a_refusal_speaks_the_language_asked_for(served: Served) -> None:
    english = served.post(SUN, "/v1/disputes", {}, Accept_Language="en")
    chinese = served.post(SUN, "/v1/disputes", {}, Accept_Language="zh-CN,en;q=0.5")
    assert english.headers["content-language"] == "en"
    assert english.json()["detail"] == "category: is required"
    assert chinese.headers["content-language"] == "zh-CN"
    assert chinese.json()["detail"].startswith("纠纷类别：")
    assert "required" not in chinese.text


class TestOrderOfChecks:
    """Each check comes before the dearer ones, whatever else is wrong."""

    def test_the_token_comes_first(self, served: Served) -> None:
        for header in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic abc"}):
            reply = served.client.post("/v1/disputes", content=b"\xff", headers=header)
            assert reply.status_code == 401
            assert reply.headers["www-authenticate"] == "Bearer"

    def test_then_whether_the_body_can_be_read_and_has_a_key(self, served: Served) -> None:
        case = uuid4()
        assert raw(served, b"{", f"/v1/disputes/{case}/sessions").status_code == 400
        reply = served.client.post(
            f"/v1/disputes/{case}/sessions",
            json={"nonsense": 1},
            headers={"Authorization": f"Bearer {served.token(ANALYST)}"},
        )
        assert (reply.status_code, reply.json()["type"]) == (400, "/problems/key-missing")

    def test_then_the_fields_even_of_a_case_that_is_missing(self, served: Served) -> None:
        path = f"/v1/disputes/{uuid4()}/acceptance"
        assert served.post(ANALYST, path, {}).status_code == 422
        assert served.post(ANALYST, path, acceptance(mediators=["nobody"])).status_code == 422
        late = acceptance(occurred_at="2099-01-01T00:00:00+08:00")
        assert served.post(ANALYST, path, late).status_code == 422

    def test_then_whether_the_case_exists(self, served: Served) -> None:
        assert served.post(ANALYST, f"/v1/disputes/{uuid4()}/acceptance", acceptance()).status_code == 404
        assert served.post(SUN, "/v1/disputes/not-a-uuid/acceptance", acceptance()).status_code == 404

    def test_a_stream_of_something_else_is_no_case(self, served: Served) -> None:
        unit = unit_stream("dongguang.c01")
        assert served.post(SUN, f"/v1/disputes/{unit}/acceptance", acceptance()).status_code == 404
        assert served.get(SUN, f"/v1/disputes/{unit}").status_code == 404

    def test_then_the_role(self, served: Served) -> None:
        case = file_case(served)
        refusal = {"party": "p99", "occurred_at": "2026-03-04T09:00:00+08:00"}
        assert served.post(AUDITOR, f"/v1/disputes/{case}/refusal", refusal).status_code == 403

    def test_then_whether_the_party_is_of_this_case(self, served: Served) -> None:
        case = file_case(served)
        refusal = {"party": "p99", "occurred_at": "2026-03-04T09:00:00+08:00"}
        reply = served.post(SUN, f"/v1/disputes/{case}/refusal", refusal, If_Match='"77"')
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/unknown-party")

    def test_then_the_version(self, served: Served) -> None:
        case = accepted_case(served)
        path, body = f"/v1/disputes/{case}/acceptance", acceptance()
        headers = {"Authorization": f"Bearer {served.token(SUN)}", "Idempotency-Key": uuid4().hex}
        assert served.client.post(path, json=body, headers=headers).status_code == 428
        assert served.post(SUN, path, body, If_Match='"1"').status_code == 412
        assert served.post(SUN, path, body, If_Match="3").status_code == 400

    def test_last_the_rules(self, served: Served) -> None:
        case = accepted_case(served)
        reply = served.post(SUN, f"/v1/disputes/{case}/acceptance", acceptance(), If_Match='"2"')
        assert (reply.status_code, reply.json()["type"]) == (409, "/problems/not-awaiting-acceptance")

    def test_nothing_of_all_this_was_recorded(self, served: Served) -> None:
        case = accepted_case(served)
        for changes in ({"held_at": "2026-03-01T09:00:00+08:00"}, {"minutes": ""}, {"outcome": "won"}):
            reply = served.post(SUN, f"/v1/disputes/{case}/sessions", session(**changes))
            assert reply.status_code in {409, 422}
        assert [event["type"] for event in events_of(served, case)] == [
            "dispute.filed.v1",
            "dispute.accepted.v1",
        ]


class TestIdempotency:
    """The same key, the same request: one effect, one reply."""

    def test_a_command_sent_again_answers_the_same(self, served: Served) -> None:
        case = accepted_case(served)
        path, key = f"/v1/disputes/{case}/sessions", uuid4().hex
        first = served.post(SUN, path, session(), Idempotency_Key=key, If_Match='"2"')
        again = served.post(SUN, path, session(), Idempotency_Key=key, If_Match='"2"')
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        assert first.headers["etag"] == again.headers["etag"] == '"3"'
        assert len(events_of(served, case)) == 3

    def test_a_key_belongs_to_one_request(self, served: Served) -> None:
        case = accepted_case(served)
        path, key = f"/v1/disputes/{case}/sessions", uuid4().hex
        served.post(SUN, path, session(), Idempotency_Key=key)
        reply = served.post(SUN, path, session(outcome="agreed"), Idempotency_Key=key)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/key-reused")

    def test_a_key_is_the_senders_own(self, served: Served) -> None:
        key = uuid4().hex
        first = served.post(SUN, "/v1/disputes", filing(), Idempotency_Key=key)
        other = served.post(ZHAO, "/v1/disputes", filing(), Idempotency_Key=key)
        assert first.json()["id"] != other.json()["id"]

    def test_a_refusal_is_computed_again(self, served: Served) -> None:
        case, key = file_case(served), uuid4().hex
        path = f"/v1/disputes/{case}/sessions"
        assert served.post(SUN, path, session(), Idempotency_Key=key).status_code == 409
        served.post(SUN, f"/v1/disputes/{case}/acceptance", acceptance())
        assert served.post(SUN, path, session(), Idempotency_Key=key).status_code == 200

    def test_fifty_twins_at_once_have_one_effect(self, served: Served) -> None:
        case, key = accepted_case(served), uuid4().hex
        path = f"/v1/disputes/{case}/sessions"
        with ThreadPoolExecutor(16) as pool:
            replies = list(
                pool.map(
                    lambda _: served.post(SUN, path, session(), Idempotency_Key=key, If_Match='"2"'),
                    range(50),
                )
            )
        assert {reply.status_code for reply in replies} == {200}
        assert len({reply.text for reply in replies}) == 1
        assert len(events_of(served, case)) == 3

    def test_fifty_writers_of_one_version_leave_one_winner(self, served: Served) -> None:
        case = accepted_case(served)
        path = f"/v1/disputes/{case}/sessions"
        with ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(lambda _: served.post(SUN, path, session(), If_Match='"2"'), range(50)))
        assert sorted(reply.status_code for reply in replies) == [200] + [412] * 49

    def test_any_version_will_do_for_a_star(self, served: Served) -> None:
        case = accepted_case(served)
        path = f"/v1/disputes/{case}/sessions"
        with ThreadPoolExecutor(8) as pool:
            replies = list(
                pool.map(lambda _: served.post(SUN, path, session(outcome="adjourned")), range(30))
            )
        assert {reply.status_code for reply in replies} == {200}
        assert sorted(reply.json()["version"] for reply in replies) == list(range(3, 33))


def test_a_dry_run_says_what_would_happen_and_records_nothing(served: Served) -> None:
    case = accepted_case(served)
    path = f"/v1/disputes/{case}/sessions"
    for _ in range(4):
        served.post(SUN, path, session())
    reply = served.post(SUN, f"{path}?dry_run=true", session(), If_Match='"6"').json()
    (consequence,) = reply["consequences"]
    (warning,) = reply["warnings"]
    assert {name: reply[name] for name in ("id", "version", "status", "tier", "events")} == {
        "id": case,
        "version": 8,
        "status": "escalated",
        "tier": "street",
        "events": ["dispute.session_recorded.v1", "dispute.escalated.v1"],
    }
    assert consequence["rule"] == "failed_sessions"
    assert "5" in consequence["text"]["zh"]
    assert consequence["text"]["en"].endswith("moves the case on after 5")
    assert (warning["kind"], warning["taken"], warning["need"]) == ("seats_missing", 0, 5)
    assert len(events_of(served, case)) == 6
    real = served.post(SUN, f"{path}?dry_run=false", session(), If_Match='"6"').json()
    del real["position"]
    assert real == reply


def test_putting_the_same_again_records_nothing(served: Served) -> None:
    unit = f"dongguang.t{uuid4().hex[:8]}"
    body = {"title": "试验院", "kind": "compound"}
    assert served.put(ADMIN, f"/v1/units/{unit}", body).status_code == 201
    again = served.put(ADMIN, f"/v1/units/{unit}", body)
    assert (again.status_code, again.json()["events"]) == (200, [])
    renamed = served.put(ADMIN, f"/v1/units/{unit}", body | {"title": "试验二院"}, If_Match='"1"')
    assert (renamed.status_code, renamed.json()["version"]) == (200, 2)
    assert served.put(ADMIN, f"/v1/units/{unit}", body, If_Match='"1"').status_code == 412


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/units/dongguang.c09.y01", {"title": "悬空", "kind": "compound"}),
        ("/v1/units/dongguang.c05", {"title": "五", "kind": "community", "parent": "dongguang.c01"}),
        (
            "/v1/platforms/dongguang.c88",
            {"tier": "community", "title": "无", "convener": "x", "mediators": []},
        ),
    ],
)
def test_a_place_that_hangs_in_the_air_is_refused(served: Served, path: str, body: dict[str, object]) -> None:
    assert served.put(ADMIN, path, body).status_code == 422
    assert served.put(SUN, "/v1/units/dongguang", {"title": "x", "kind": "street"}).status_code == 403


def test_a_term_of_four_years_is_refused(served: Served) -> None:
    term = {
        "id": "x",
        "name": "某",
        "kind": "lawyer",
        "appointed_on": "2025-01-01",
        "term_ends_on": "2028-01-02",
    }
    body = {"tier": "compound", "title": "试", "convener": "x", "mediators": [term]}
    reply = served.put(ADMIN, "/v1/platforms/dongguang.c02.y01", body, Accept_Language="en")
    assert reply.status_code == 422
    assert "three years" in reply.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/disputes/x/y/z", "/nothing"])
def test_an_address_without_anything_is_a_problem_too(served: Served, path: str) -> None:
    reply = served.get(SUN, path)
    assert (reply.status_code, reply.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "cursor=x", "colour=red", "status=odd", "unit=%00"]
)
def test_a_query_that_makes_no_sense_is_refused(served: Served, query: str) -> None:
    assert served.get(SUN, f"/v1/disputes?{query}").status_code == 422


def test_every_reply_keeps_to_the_security_headers(served: Served) -> None:
    for reply in (served.client.get("/"), served.client.get("/docs"), served.get(SUN, "/v1/units")):
        assert reply.status_code == 200
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in reply.headers["content-security-policy"]


ASKED: list[tuple[str, Callable[[Served], httpx.Response]]] = [
    ("/healthz", lambda served: served.client.get("/healthz")),
    ("/readyz", lambda served: served.client.get("/readyz")),
    ("/metrics", lambda served: served.client.get("/metrics")),
    ("/openapi.json", lambda served: served.client.get("/openapi.json")),
]


@pytest.mark.parametrize(("path", "ask"), ASKED, ids=[path for path, _ in ASKED])
def test_what_operators_ask_needs_no_token(
    served: Served, path: str, ask: Callable[[Served], httpx.Response]
) -> None:
    assert ask(served).status_code == 200


def test_a_repeated_session_answers_with_the_same_warnings_and_reasons(served: Served) -> None:
    case = accepted_case(served)
    path = f"/v1/disputes/{case}/sessions"
    for _ in range(4):
        served.post(SUN, path, session())
    key = uuid4().hex
    first = served.post(SUN, path, session(), Idempotency_Key=key).json()
    again = served.post(SUN, path, session(), Idempotency_Key=key).json()
    assert first == again
    assert (first["warnings"][0]["kind"], first["consequences"][0]["rule"]) == (
        "seats_missing",
        "failed_sessions",
    )


def test_each_measurement_is_told_once(served: Served) -> None:
    text = served.client.get("/metrics").text
    names = [family.name for family in text_string_to_metric_families(text)]
    assert len(names) == len(set(names))
    assert {"tiaochu_time_limits_waiting", "tiaochu_projection_lag_events"} <= set(names)
